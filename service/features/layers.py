"""The registry of map layers: what the floors below declare, and how a tile of each is drawn."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from geo.tiles import Layer, TileAddress
from service.base.statements import Connection
from service.cells import queries as cell_queries
from service.cells.layers import CELLS, level_at
from service.risk_points import queries as risk_point_queries
from service.risk_points.layers import MOST_FEATURES, RISK_POINTS
from service.risk_points.queries import CellRange, Selection
from service.territories import queries as territory_queries
from service.territories.layers import TERRITORIES

# Raise it when the bytes of a tile change for the same rows: old copies in browsers stop matching.
DRAWING_VERSION = 1

# How far beyond its edge a tile looks for features, in CSS pixels: the widest symbol plus its outline.
BUFFER_PIXELS = 16


@dataclass(frozen=True)
class TileRequest:
    """One tile as one viewer asks for it."""

    address: TileAddress
    selection: Selection


@dataclass(frozen=True)
class Drawn:
    """The bytes of one layer of a tile. most: the feature limit that cut it, None when nothing was left out."""

    content: bytes
    most: int | None = None


@dataclass(frozen=True)
class TileSource:
    """A layer, how it is drawn, and a token that is equal only while nothing under the tile changed."""

    layer: Layer
    draw: Callable[[Connection, TileRequest], Awaitable[Drawn]]
    token: Callable[[Connection, TileRequest], Awaitable[object]]


async def _draw_cells(connection: Connection, request: TileRequest) -> Drawn:
    level = level_at(request.address.z)
    across, up = cell_queries.FACTORS[level]
    cells = cell_queries.fine_range(request.address.cell_range(level), level)
    parameters = _parameters(request, cells) | {"level": level, "fx": across, "fy": up}
    return Drawn(await cell_queries.draw_tile(connection, parameters))


async def _draw_risk_points(connection: Connection, request: TileRequest) -> Drawn:
    parameters = _parameters(request, _reach(request)) | {"most": MOST_FEATURES}
    content, cut = await risk_point_queries.draw_tile(connection, parameters)
    return Drawn(content, MOST_FEATURES if cut else None)


async def _draw_territories(connection: Connection, request: TileRequest) -> Drawn:
    return Drawn(await territory_queries.draw_tile(connection, request.address))


async def _cells_token(connection: Connection, request: TileRequest) -> object:
    """Covers every cell that the cells layer draws whole, and the buffer of the points layer."""
    level = level_at(request.address.z)
    whole = cell_queries.fine_range(request.address.cell_range(level, BUFFER_PIXELS), level)
    return await cell_queries.change_token(connection, whole)


async def _territories_token(connection: Connection, request: TileRequest) -> object:
    return await territory_queries.change_token(connection, request.address)


def _reach(request: TileRequest) -> CellRange:
    return CellRange(*request.address.cell_range(5, BUFFER_PIXELS))


def _parameters(request: TileRequest, cells: CellRange) -> dict[str, object]:
    address = request.address
    return request.selection.parameters() | cells._asdict() | {"z": address.z, "x": address.x, "y": address.y}


SOURCES: dict[str, TileSource] = {
    source.layer.id: source
    for source in (
        TileSource(TERRITORIES, _draw_territories, _territories_token),
        TileSource(CELLS, _draw_cells, _cells_token),
        TileSource(RISK_POINTS, _draw_risk_points, _cells_token),
    )
}


async def etag(connection: Connection, sources: list[TileSource], request: TileRequest, *, scope: str) -> str:
    """A validator of a tile: what changed under it, for whom, in which light, on which day (a review falls due)."""
    tokens = [await source.token(connection, request) for source in sources]
    selection = request.selection
    seen = (
        DRAWING_VERSION,
        scope,
        request.address,
        [source.layer.id for source in sources],
        tokens,
        sorted(selection.parameters().items()),
    )
    return f'W/"{hashlib.sha256(repr(seen).encode()).hexdigest()[:24]}"'
