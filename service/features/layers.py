"""The registry of map layers: what the floors below declare, and how a tile of each is drawn."""

import hashlib
import zlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from geo.tiles import Layer, TileAddress
from service.base.answers import COMPRESSION
from service.base.statements import Connection
from service.base.viewer import Viewer
from service.cells import queries as cell_queries
from service.cells.layers import CELLS, level_at
from service.enterprises.layers import ENTERPRISES
from service.risk_points import queries as risk_point_queries
from service.risk_points.layers import FIRST_NAMED_ZOOM, RISK_POINTS
from service.risk_points.queries import CellRange, Selection
from service.territories import queries as territory_queries
from service.territories.layers import TERRITORIES

# Raise it when the bytes of a tile change for the same rows: old copies in browsers stop matching.
DRAWING_VERSION = 3

# How far beyond its edge a tile looks for features, in CSS pixels: the widest symbol plus its outline.
BUFFER_PIXELS = 16


# A tile of more bytes, compressed as it is sent, is cut: beyond that a map waits for one tile longer than for its page.
MOST_BYTES = 100_000
# What a kept tile takes beside its content: its validator and the two objects that hold it.
ENTRY_BYTES = 500
# Up to this zoom a tile is so much of a city that its few points of a kind are looked for by their ids.
LAST_NARROW_ZOOM = 10
# More features no eye tells apart in 256 pixels.
MOST_FEATURES = 8_000
# What a feature takes compressed, with names and without: of a generated city; so many are tried first.
NAMED_BYTES, PLAIN_BYTES = 18, 9
# A cut tile that leaves more of its room empty is drawn again with more features.
LEAST_FILLED = 0.7


@dataclass(frozen=True)
class TileRequest:
    """One tile as one viewer asks for it."""

    address: TileAddress
    selection: Selection
    viewer: Viewer


@dataclass(frozen=True)
class Drawn:
    """The bytes of one layer of a tile. most: the feature limit that cut it, None when nothing was left out."""

    content: bytes
    most: int | None = None

    @property
    def size(self) -> int:
        """Bytes on their way: compressed as app.py compresses, a little more when layers are joined."""
        return len(zlib.compress(self.content, COMPRESSION))


@dataclass(frozen=True)
class TileSource:
    """A layer, how it is drawn with at most so many features, and a token that is equal only while nothing changed."""

    layer: Layer
    draw: Callable[[Connection, TileRequest, int], Awaitable[Drawn]]
    token: Callable[[Connection, TileRequest], Awaitable[object]]
    can_be_cut: bool = False


async def _draw_cells(connection: Connection, request: TileRequest, _: int) -> Drawn:
    level = level_at(request.address.z)
    across, up = cell_queries.FACTORS[level]
    cells = cell_queries.fine_range(request.address.cell_range(level), level)
    parameters = _parameters(request, cells) | {"level": level, "fx": across, "fy": up}
    # A smaller tile has fewer points than words may be met by in the whole city.
    parameters["narrow"] = request.selection.narrow and request.address.z <= LAST_NARROW_ZOOM
    stored = cell_queries.stored_counts_serve(request.selection, request.viewer, level)
    if stored:
        parameters |= cell_queries.stored_parameters(request.selection, request.viewer)
    return Drawn(await cell_queries.draw_tile(connection, parameters, stored=stored))


async def _draw_risk_points(connection: Connection, request: TileRequest, most: int) -> Drawn:
    parameters = _parameters(request, _reach(request)) | _limits(request, most)
    content, cut = await risk_point_queries.draw_points(connection, parameters)
    return Drawn(content, most if cut else None)


async def _draw_enterprises(connection: Connection, request: TileRequest, most: int) -> Drawn:
    parameters = _parameters(request, _reach(request)) | _limits(request, most)
    content, cut = await risk_point_queries.draw_enterprises(connection, request.selection, parameters)
    return Drawn(content, most if cut else None)


async def _draw_territories(connection: Connection, request: TileRequest, _: int) -> Drawn:
    return Drawn(await territory_queries.draw_tile(connection, request.address))


class DrawnTiles:
    """Tiles of this process as they were last drawn, by their validators, the least recently wanted given up first.

    A validator is asked of the database with every request and covers the viewer's scope, so a tile from here is the one that
    would be drawn now, for this viewer. most: bytes kept in all.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.size = 0
        self._tiles: OrderedDict[str, Drawn] = OrderedDict()

    def get(self, tag: str) -> Drawn | None:
        """The tile of a validator; None where it has to be drawn."""
        drawn = self._tiles.get(tag)
        if drawn is not None:
            self._tiles.move_to_end(tag)
        return drawn

    def keep(self, tag: str, drawn: Drawn) -> None:
        """Remember a tile; one that is too large for all the room is not."""
        room = len(drawn.content) + ENTRY_BYTES
        if room > self.most or tag in self._tiles:
            return
        self._tiles[tag] = drawn
        self.size += room
        while self.size > self.most:
            _, gone = self._tiles.popitem(last=False)
            self.size -= len(gone.content) + ENTRY_BYTES


async def draw(connection: Connection, sources: list[TileSource], request: TileRequest) -> Drawn:
    """The layers of a tile, one after another, within MOST_BYTES: points and enterprises give way, the worst stay."""
    parts = [await source.draw(connection, request, 0) for source in sources if not source.can_be_cut]
    room = MOST_BYTES - sum(part.size for part in parts)
    cut = [source for source in sources if source.can_be_cut]
    for waiting, source in zip(range(len(cut), 0, -1), cut, strict=True):
        part = await _fit(connection, source, request, max(room, 0) // waiting)
        room -= part.size
        parts.append(part)
    limits = [part.most for part in parts if part.most is not None]
    return Drawn(b"".join(part.content for part in parts), min(limits, default=None))


async def _fit(connection: Connection, source: TileSource, request: TileRequest, room: int) -> Drawn:
    """One layer that can be cut, with as many features as fit: a long line takes more bytes than a point."""
    each = NAMED_BYTES if request.address.z >= FIRST_NAMED_ZOOM else PLAIN_BYTES
    most, cut_back = min(MOST_FEATURES, room // each), False
    while most > 0:
        drawn = await source.draw(connection, request, most)
        size = drawn.size
        # One step is enough where features are alike; the tenth keeps the next attempt from missing by a hair.
        fitting = most * room * 9 // (size * 10)
        if size > room:
            most, cut_back = min(most - 1, fitting) if drawn.most else most // 2, True
        elif drawn.most is None or cut_back or most == MOST_FEATURES or size >= room * LEAST_FILLED:
            return drawn
        else:
            most = min(MOST_FEATURES, fitting)
    return Drawn(b"", 0)


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


def _limits(request: TileRequest, most: int) -> dict[str, object]:
    return {"most": most, "named": request.address.z >= FIRST_NAMED_ZOOM}


SOURCES: dict[str, TileSource] = {
    source.layer.id: source
    for source in (
        TileSource(TERRITORIES, _draw_territories, _territories_token),
        TileSource(CELLS, _draw_cells, _cells_token),
        TileSource(ENTERPRISES, _draw_enterprises, _cells_token, can_be_cut=True),
        TileSource(RISK_POINTS, _draw_risk_points, _cells_token, can_be_cut=True),
    )
}


async def etag(connection: Connection, sources: list[TileSource], request: TileRequest) -> str:
    """A validator of a tile: what changed under it, for whom, in which light, on which day (a review falls due)."""
    tokens = [await source.token(connection, request) for source in sources]
    # How the points are looked for changes with the statistics of the table, and not what is found.
    selection = replace(request.selection, narrow=False)
    seen = (
        DRAWING_VERSION,
        request.viewer.scope,
        request.address,
        [source.layer.id for source in sources],
        tokens,
        sorted(selection.parameters().items()),
    )
    return f'W/"{hashlib.sha256(repr(seen).encode()).hexdigest()[:24]}"'
