"""Reads of the tree: by key, by what people write, its outlines, and what a position says against a register."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Select, Text, cast, func, literal, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from geo.tiles import TileAddress
from service.base.database import Ltree
from service.base.errors import NotFound
from service.base.statements import Connection, driver_of, read, statement
from service.base.viewer import Permission, Scope, Viewer
from service.territories.models import Territory
from service.territories.rules.borders import Disagreement, Fault
from service.territories.rules.names import Gazetteer
from service.territories.rules.replacement import Replacement
from service.territories.rules.tree import Level, Node, levels_at

Bounds = tuple[float, float, float, float]
LonLat = tuple[float, float]

# A line of a border may be drawn this far outside its tile's edge and still reach into it.
TILE_BUFFER_PIXELS = 16

_NODE = (Territory.id, Territory.path, Territory.key, Territory.code, Territory.level, Territory.name)


@dataclass(frozen=True, slots=True)
class Seen(Node):
    """A territory as the tree of a viewer shows it."""

    parent_id: int | None
    indicative: bool


@dataclass(frozen=True, slots=True)
class Child(Node):
    """A territory with the place of its label; None where it has no boundary."""

    label: LonLat | None


class Stated(NamedTuple):
    """A row of a register: its number, its position in degrees (CGCS2000), the id of the territory it states."""

    row: int
    lon: float
    lat: float
    territory_id: int


class Outside(NamedTuple):
    """A row whose position lies outside the territory it states, this many metres (geodesic) from its border."""

    row: int
    distance_m: float


class Kept(NamedTuple):
    """A territory as it is stored: for comparing with what is about to be written."""

    path: str
    source: str
    current: bool


def visible(viewer: Viewer) -> Select[Territory]:
    """The current territories within or above what a viewer may see; the rest are not theirs to know by position."""
    paths = sorted({*viewer.places, *viewer.governs, *viewer.audits} - {""})
    areas = cast(literal(paths, ARRAY(Text)), ARRAY(Ltree))
    # ltree's operators on arrays: some area is an ancestor of the path (or it), some area is a descendant.
    related = areas.bool_op("@>")(Territory.path) | areas.bool_op("<@")(Territory.path)
    return select(Territory).where(Territory.valid_to.is_(None)).where(related)


async def tree(session: AsyncSession, viewer: Viewer) -> list[Seen]:
    """What a viewer may see of the tree, parents before children, siblings by code, functional zones last."""
    query = visible(viewer).with_only_columns(*_NODE, Territory.parent_id, Territory.boundary_indicative)
    rows = await session.execute(query.order_by(func.nlevel(Territory.path), Territory.code, Territory.key))
    return [
        Seen(
            row.id,
            row.path,
            row.key,
            row.code,
            Level(row.level),
            row.name,
            row.parent_id,
            row.boundary_indicative,
        )
        for row in rows
    ]


async def nodes(session: AsyncSession, *, area: str = "cn") -> list[Node]:
    """The current territories within a path and above it, in the order of their paths."""
    related = Territory.path.bool_op("<@")(area) | Territory.path.bool_op("@>")(area)
    rows = await session.execute(
        select(*_NODE).where(Territory.valid_to.is_(None)).where(related).order_by(Territory.path)
    )
    return [Node(row.id, row.path, row.key, row.code, Level(row.level), row.name) for row in rows]


async def by_key(session: AsyncSession, key: str) -> Node:
    """The current territory of a key, which is its code where it has one. Raises NotFound."""
    row = (
        await session.execute(select(*_NODE).where(Territory.valid_to.is_(None)).where(Territory.key == key))
    ).one_or_none()
    if row is None:
        raise NotFound(f"没有区划“{key}”。", f"There is no territory {key}.")
    return Node(row.id, row.path, row.key, row.code, Level(row.level), row.name)


async def by_paths(session: AsyncSession, paths: Collection[str]) -> dict[str, Node]:
    """The current territories of some paths, by path; one that is no longer there is left out."""
    rows = await session.execute(
        select(*_NODE).where(Territory.valid_to.is_(None)).where(cast(Territory.path, Text).in_(paths))
    )
    return {row.path: Node(row.id, row.path, row.key, row.code, Level(row.level), row.name) for row in rows}


async def seen_by_key(session: AsyncSession, viewer: Viewer, key: str) -> Node:
    """The current territory of a key, within or above what a viewer may see. Raises NotFound for any other."""
    row = (
        await session.execute(visible(viewer).with_only_columns(*_NODE).where(Territory.key == key))
    ).one_or_none()
    if row is None:
        raise NotFound(
            "没有这个区划，或者它不在您的可见范围内。", "No such territory, or it is not yours to see."
        )
    return Node(row.id, row.path, row.key, row.code, Level(row.level), row.name)


async def children(session: AsyncSession, territory_id: int) -> list[Child]:
    """The current territories directly below one, with their labels; statutory ones by code, then functional zones."""
    rows = (
        await session.execute(
            select(*_NODE)
            .where(Territory.parent_id == territory_id, Territory.valid_to.is_(None))
            .order_by(Territory.code, Territory.key)
        )
    ).all()
    outlines = await _outlines(session, [row.id for row in rows])
    return [
        Child(row.id, row.path, row.key, row.code, Level(row.level), row.name, _label(outlines.get(row.id)))
        for row in rows
    ]


async def bounds(session: AsyncSession, territory_id: int) -> Bounds | None:
    """West, south, east, north of a territory's boundary in degrees (CGCS2000); None where it has none."""
    row = (await _outlines(session, [territory_id])).get(territory_id)
    return None if row is None else (row["west"], row["south"], row["east"], row["north"])


async def label(session: AsyncSession, territory_id: int) -> LonLat | None:
    """Where a territory's name belongs: the middle of the largest circle within it; None where it has no boundary."""
    return _label((await _outlines(session, [territory_id])).get(territory_id))


def _label(outline: dict[str, Any] | None) -> LonLat | None:
    return None if outline is None else (outline["lon"], outline["lat"])


async def _outlines(session: AsyncSession, ids: Collection[int]) -> dict[int, dict[str, Any]]:
    connection = await driver_of(session)
    rows = await read(connection, statement("territories", "outline_territories"), {"ids": list(ids)})
    return {row["id"]: row for row in rows}


async def resolve(
    session: AsyncSession, texts: Collection[str], *, within_path: str
) -> dict[str, tuple[Node, ...]]:
    """What each text of a register means within an area: the one territory, none (unknown), or several (ambiguous).

    Understood are codes of 6, 9 and 12 digits (a town that is not loaded gives its district), keys, whole and short
    names, each also after the names of ancestors: 220105, 二道区, 二道, 长春市二道区, 吉林省/长春市/二道区, 经开区.
    One statement, whatever the number of texts.
    """
    gazetteer = Gazetteer(await nodes(session, area=within_path), area=within_path)
    return {text: gazetteer.find(text) for text in set(texts)}


async def contradictions(session: AsyncSession, rows: Sequence[Stated]) -> list[Outside]:
    """The rows whose position lies outside the territory they state, in the order of their numbers; one statement.

    Rows in their territory, on its border, or stating one without boundary are not in the answer. What a distance
    means says `rules.borders.contradiction_of`: a warning below 3 km, an error beyond.
    """
    found = await read(
        await driver_of(session),
        statement("territories", "find_contradictions"),
        {
            "rows": [row.row for row in rows],
            "lons": [row.lon for row in rows],
            "lats": [row.lat for row in rows],
            "territory_ids": [row.territory_id for row in rows],
        },
    )
    return [Outside(row["number"], row["distance_m"]) for row in found]


async def kept(session: AsyncSession) -> dict[str, Kept]:
    """The whole stored tree by key, what is out of force too."""
    rows = await session.execute(
        select(Territory.key, Territory.path, Territory.boundary_source, Territory.valid_to)
    )
    return {row.key: Kept(row.path, row.boundary_source, row.valid_to is None) for row in rows}


async def disagreements(session: AsyncSession, drawn: Sequence[Replacement]) -> list[Disagreement]:
    """Where new boundaries overlap their rivals or leave their whole, each with its extent; tolerable ones too."""
    whole = [one for one in drawn if one.drawn.shape is not None]
    rows = await read(
        await driver_of(session),
        statement("territories", "find_disagreements"),
        {
            "keys": [one.planned.key for one in whole],
            "parent_keys": [one.planned.parent_key for one in whole],
            "levels": [one.planned.level for one in whole],
            "names": [one.planned.name for one in whole],
            "rivals": [one.rivals for one in whole],
            "indicative": [one.drawn.indicative for one in whole],
            "shapes": [one.drawn.shape for one in whole],
        },
    )
    return [Disagreement(**row | {"fault": Fault(row["fault"])}) for row in rows]


async def draw_tile(connection: Connection, tile: TileAddress) -> bytes:
    """The territories tile: polygons whole, in the tile's coordinates, beyond its edge too."""
    parameters = _reach(tile) | {"z": tile.z, "x": tile.x, "y": tile.y, "levels": list(levels_at(tile.z))}
    rows = await read(connection, statement("territories", "tile_territories"), parameters)
    return bytes(rows[0]["tile"] or b"")


async def change_token(connection: Connection, tile: TileAddress) -> tuple[int, int]:
    """A number and a count that both stay the same only while no territory that a tile may show was changed."""
    rows = await read(connection, statement("territories", "version_territories"), _reach(tile))
    return rows[0]["token"], rows[0]["count"]


def _reach(tile: TileAddress) -> dict[str, Any]:
    west, south, east, north = tile.lonlat_bounds(TILE_BUFFER_PIXELS)
    return {"west": west, "south": south, "east": east, "north": north}


async def whole_territory(engine: AsyncEngine, key: str) -> Viewer:
    """The eyes of the command line, which whoever runs the server uses: all of the deployment's territory. Raises NotFound."""
    async with engine.connect() as connection:
        row = (
            await connection.execute(
                text("SELECT path::text AS path, name FROM territory WHERE key = :key AND valid_to IS NULL"),
                {"key": key},
            )
        ).one_or_none()
    if row is None:
        raise NotFound(
            f"区划 {key} 尚未载入，请先运行：riskmap territories load --city {key}",
            f"Territory {key} is not loaded; first run: riskmap territories load --city {key}",
        )
    areas = (row.path,)
    return Viewer(
        person="operator", name=row.name, areas=areas, writes=Scope(areas=areas), may=frozenset(Permission)
    )
