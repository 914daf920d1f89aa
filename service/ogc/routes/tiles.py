"""Vector tiles of collections in the Web Mercator quad (OGC API Tiles Part 1, 20-057), drawn as the map's own are."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header
from starlette.requests import Request
from starlette.responses import Response

from geo.errors import OutOfRange
from geo.tiles import HALF_WORLD, MAX_ZOOM, TILE_PIXELS, GeometryKind, Layer, TileAddress
from service.base.database import SessionDep, ViewerDep
from service.base.disconnects import while_connected
from service.base.errors import NotFound, Rejected
from service.base.statements import driver_of
from service.features.layers import TileRequest
from service.features.routes import answer_tile
from service.ogc.layers import collection_of, source_of
from service.ogc.routes.answers import (
    DOCUMENT,
    PAGE,
    LanguageDep,
    answer,
    caching,
    chosen,
    in_chinese,
    known,
    link_to,
    refuse_strangers,
)
from service.ogc.schemas.links import HTML, JSON, MVT, Link, alternates, root_of
from service.risk_points.queries import Selection
from service.risk_points.schemas.selection import SelectionDep

router = APIRouter(prefix="/ogc", tags=["ogc"])

QUAD = "WebMercatorQuad"
QUAD_URI = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
QUAD_CRS = "http://www.opengis.net/def/crs/EPSG/0/3857"
# 17-083r4: a pixel of a screen is 0.28 mm, by which scales are counted.
_PIXEL_METRES = 0.00028
_DIMENSIONS: Mapping[GeometryKind, int] = {GeometryKind.POINT: 0, GeometryKind.LINE: 1, GeometryKind.AREA: 2}


@router.get("/tileMatrixSets", summary="The tiling schemes", response_model=dict[str, Any], responses=PAGE)
async def list_tile_matrix_sets(request: Request, given: LanguageDep) -> Response:
    """One: the Web Mercator quad."""
    refuse_strangers(given)
    kind = chosen(request, given, DOCUMENT)
    address = f"{root_of(request)}/tileMatrixSets/{QUAD}"
    document = {
        "tileMatrixSets": [
            {
                "id": QUAD,
                "title": QUAD,
                "uri": QUAD_URI,
                "crs": QUAD_CRS,
                "links": [_wire(link_to(address, "self", JSON, QUAD))],
            }
        ],
        "links": [_wire(link) for link in alternates(request, DOCUMENT, kind)],
    }
    return answer(request, document, kind, template="tiling", zh=in_chinese(request, given))


@router.get(
    "/tileMatrixSets/WebMercatorQuad",
    summary="The Web Mercator quad",
    response_model=dict[str, Any],
    responses=PAGE,
)
async def show_tile_matrix_set(request: Request, given: LanguageDep) -> Response:
    """The definition by 17-083r4, annex D.1."""
    refuse_strangers(given)
    kind = chosen(request, given, DOCUMENT)
    edge = 2 * HALF_WORLD
    document = {
        "id": QUAD,
        "title": "Google Maps Compatible for the World",
        "uri": QUAD_URI,
        "crs": QUAD_CRS,
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "orderedAxes": ["X", "Y"],
        "tileMatrices": [
            {
                "id": str(zoom),
                "scaleDenominator": edge / 2**zoom / TILE_PIXELS / _PIXEL_METRES,
                "cellSize": edge / 2**zoom / TILE_PIXELS,
                "cornerOfOrigin": "topLeft",
                "pointOfOrigin": [-HALF_WORLD, HALF_WORLD],
                "tileWidth": TILE_PIXELS,
                "tileHeight": TILE_PIXELS,
                "matrixWidth": 2**zoom,
                "matrixHeight": 2**zoom,
            }
            for zoom in range(MAX_ZOOM + 1)
        ],
    }
    more = {"links": alternates(request, DOCUMENT, kind)}
    return answer(request, document, kind, template="tiling", zh=in_chinese(request, given), more=more)


@router.get(
    "/collections/{collection}/tiles",
    summary="The tilesets of a collection",
    response_model=dict[str, Any],
    responses=PAGE,
)
async def list_tilesets(collection: str, request: Request, given: LanguageDep) -> Response:
    """One: vector tiles in the Web Mercator quad."""
    refuse_strangers(given)
    kind, zh = chosen(request, given, DOCUMENT), in_chinese(request, given)
    layer = _layer(request, collection)
    address = f"{root_of(request)}/collections/{collection}/tiles/{QUAD}"
    document = {
        "tilesets": [_tileset(layer, [link_to(address, "self", JSON, QUAD)], zh=zh)],
        "links": [_wire(link) for link in alternates(request, DOCUMENT, kind)],
    }
    return answer(request, document, kind, template="tiling", zh=zh)


@router.get(
    "/collections/{collection}/tiles/WebMercatorQuad",
    summary="A tileset, or its TileJSON",
    response_model=dict[str, Any],
    responses=PAGE,
)
async def show_tileset(collection: str, request: Request, given: LanguageDep) -> Response:
    """The tileset's metadata; f=tilejson: TileJSON 3.0.0, which MapLibre and QGIS read."""
    refuse_strangers(given)
    types = {"json": JSON, "html": HTML, "tilejson": JSON}
    kind, zh = chosen(request, given, types), in_chinese(request, given)
    layer = _layer(request, collection)
    address = f"{root_of(request)}/collections/{collection}/tiles/{QUAD}"
    if kind == "tilejson":
        return answer(request, _tilejson(layer, address, zh=zh), kind, template="tiling", zh=zh)
    links = [
        *alternates(request, types, kind),
        Link(href=f"{address}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}", rel="item", type=MVT, templated=True),
        link_to(
            f"{root_of(request)}/tileMatrixSets/{QUAD}",
            "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme",
            JSON,
            QUAD,
        ),
    ]
    return answer(request, _tileset(layer, links, zh=zh), kind, template="tiling", zh=zh)


@router.get(
    "/collections/{collection}/tiles/WebMercatorQuad/{tile_matrix}/{tile_row}/{tile_col}",
    summary="A vector tile",
    response_class=Response,
    responses={200: {"content": {MVT: {}}}, 304: {"description": "Nothing changed"}},
)
async def show_tile(  # noqa: PLR0913 - a tile address, a filter and a validator are what a tile request is
    collection: str,
    tile_matrix: int,
    tile_row: int,
    tile_col: int,
    request: Request,
    session: SessionDep,
    viewer: ViewerDep,
    selection: SelectionDep,
    f: Literal["mvt"] | None = None,  # noqa: ARG001 - QGIS says it, and there is nothing else
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """As /tiles gives it, with the same filter: EPSG:3857, extent 4096."""
    found = collection_of(collection, known(request))
    source = source_of(found)
    if source is None:
        raise _no_tiles(request, collection)
    if viewer.public:
        # A filter by what is not published would tell it.
        if set(request.query_params) - {"f"}:
            raise Rejected("公开的瓦片没有参数。", "Published tiles take no parameters.")
        selection = Selection(today=selection.today)
    try:
        wanted = TileRequest(TileAddress(tile_matrix, tile_col, tile_row), selection, viewer)
    except OutOfRange as error:
        raise NotFound(error.zh, error.en) from error
    connection = await driver_of(session)
    return await while_connected(
        request,
        answer_tile(
            connection, [source], wanted, if_none_match, request.app.state.tiles, headers=caching(request)
        ),
    )


def _layer(request: Request, collection: str) -> Layer:
    layer = collection_of(collection, known(request)).layer
    if layer is None:
        raise _no_tiles(request, collection)
    return layer


def _no_tiles(request: Request, collection: str) -> NotFound:
    drawn = [one.id for one in known(request).values() if one.layer is not None]
    return NotFound(
        f"“{collection}”没有瓦片；有瓦片的：{'、'.join(drawn)}。",
        f"{collection} has no tiles; those that have: {', '.join(drawn)}.",
    )


def _tileset(layer: Layer, links: list[Link], *, zh: bool) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "id": layer.id,
        "title": layer.title_zh if zh else layer.title_en,
        "dataType": "vector",
    }
    if layer.geometry in _DIMENSIONS:
        shape["geometryDimension"] = _DIMENSIONS[layer.geometry]
    return {
        "title": shape["title"],
        "dataType": "vector",
        "crs": QUAD_CRS,
        "tileMatrixSetURI": QUAD_URI,
        "tileMatrixSetId": QUAD,
        "links": [_wire(link) for link in links],
        "layers": [
            shape
            | {
                "minTileMatrix": str(layer.min_zoom),
                "maxTileMatrix": str(layer.max_zoom),
                "propertiesSchema": {
                    "type": "object",
                    "properties": {
                        one.name: {"title": one.title_zh if zh else one.title_en} for one in layer.fields
                    },
                },
            }
        ],
    }


def _tilejson(layer: Layer, address: str, *, zh: bool) -> dict[str, Any]:
    """TileJSON 3.0.0 of a tileset."""
    return {
        "tilejson": "3.0.0",
        "name": layer.title_zh if zh else layer.title_en,
        "scheme": "xyz",
        "tiles": [f"{address}/{{z}}/{{y}}/{{x}}"],
        "minzoom": layer.min_zoom,
        "maxzoom": layer.max_zoom,
        "vector_layers": [
            {
                "id": layer.id,
                "fields": {one.name: one.title_zh if zh else one.title_en for one in layer.fields},
                "minzoom": layer.min_zoom,
                "maxzoom": layer.max_zoom,
            }
        ],
    }


def _wire(link: Link) -> dict[str, Any]:
    return link.model_dump(exclude_none=True)
