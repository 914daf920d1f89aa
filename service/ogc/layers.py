"""The registry of collections: what the floors below declare, by id, in the order that a client lists them."""

from collections.abc import Mapping
from typing import cast

from geo.tiles import Layer
from service.base.collections import Collection
from service.base.errors import NotFound
from service.base.statements import Connection
from service.cells.layers import ITEMS as CELLS
from service.enterprises.layers import ITEMS as ENTERPRISES
from service.enterprises.layers import SITE_ITEMS as SITES
from service.features.layers import BUFFER_PIXELS, SOURCES, Drawn, TileRequest, TileSource
from service.ogc.queries import tiles
from service.ogc.rules.asking import Asked
from service.ogc.rules.crs import DEFAULT
from service.ogc.rules.extents import extent_of
from service.risk_points.layers import ITEMS as RISK_POINTS
from service.territories.layers import ITEMS as TERRITORIES

COLLECTIONS: dict[str, Collection] = {
    one.id: one for one in (RISK_POINTS, ENTERPRISES, SITES, *CELLS, TERRITORIES)
}


def collection_of(name: str, known: Mapping[str, Collection]) -> Collection:
    """The collection of an id, of those that a viewer knows. Raises NotFound."""
    found = known.get(name)
    if found is None:
        raise NotFound(
            f"没有数据集“{name}”，可用：{'、'.join(known)}。",
            f"There is no collection {name!r}; known: {', '.join(known)}.",
        )
    return found


def source_of(collection: Collection) -> TileSource | None:
    """How the tiles of a collection are drawn: as the map draws its layer, or with the fields that are published."""
    if collection.layer is None:
        return None
    if collection is COLLECTIONS[collection.id]:
        return SOURCES[collection.layer.id]
    return _published_source(collection, SOURCES[cast("Layer", COLLECTIONS[collection.id].layer).id])


def _published_source(collection: Collection, whole: TileSource) -> TileSource:
    async def draw(connection: Connection, request: TileRequest, most: int) -> Drawn:
        box = request.address.lonlat_bounds(BUFFER_PIXELS)
        asked = Asked(
            collection=collection,
            columns=collection.columns,
            today=request.selection.today,
            extent=extent_of(",".join(map(str, box)), DEFAULT),
        )
        content, count = await tiles.draw_tile(connection, asked, request.address, most=most)
        return Drawn(content, most if count > most else None)

    async def token(connection: Connection, request: TileRequest) -> object:
        return [column.name for column in collection.columns], await whole.token(connection, request)

    return TileSource(cast("Layer", collection.layer), draw, token, can_be_cut=True)
