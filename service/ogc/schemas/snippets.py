"""Lines to be copied: how QGIS, ogr2ogr, geopandas, R and curl read a collection."""

from dataclasses import dataclass

from service.base.collections import Collection
from service.ogc.rules.formats import FILES

# What a reader puts their own key in place of; a page that was asked for with a key has it already.
PLACE = "YOUR_KEY"


@dataclass(frozen=True)
class Snippet:
    """tool: what runs it. text: as it is pasted. hint: what to do with it where it is no command."""

    tool: str
    text: str
    hint: str = ""


def snippets_of(collection: Collection, root: str, *, zh: bool) -> list[Snippet]:
    """root: the address of the door, with the key of the path if there was one."""
    base, name = root.removesuffix("/ogc"), collection.id
    keyed = root if "/k/" in base else f"{base}/k/{PLACE}/ogc"
    items = f"{keyed}/collections/{name}/items"
    found = [
        Snippet(
            "QGIS",
            keyed,
            "图层 → 添加图层 → 添加 WFS / OGC API - Features 图层 → 新建，粘贴此地址"
            if zh
            else "Layer → Add Layer → Add WFS / OGC API - Features Layer → New, paste this address",
        ),
        Snippet("ogr2ogr", f'ogr2ogr -f GPKG {name}.gpkg "OAPIF:{keyed}" {name} -oo PAGE_SIZE=5000'),
        Snippet(
            "geopandas",
            f'import geopandas\n{name} = geopandas.read_file("{items}?f=fgb")\nprint({name}.head())',
        ),
        Snippet("R", f'library(sf)\n{name} <- st_read("{items}?f=fgb")'),
        Snippet("curl", f'curl --fail -o {name}.{FILES["gpkg"].extension} "{items}?f=gpkg"'),
    ]
    if collection.layer is not None:
        tiles = f"{keyed}/collections/{name}/tiles/WebMercatorQuad"
        found.append(
            Snippet(
                "QGIS",
                f"{tiles}/{{z}}/{{y}}/{{x}}",
                "图层 → 添加图层 → 添加矢量切片图层 → 新建通用连接"
                if zh
                else "Add Vector Tile Layer → New Generic Connection",
            )
        )
    return found
