"""One box that finds: enterprises, risk points, territories, BeiDou cells, positions."""

from typing import Annotated

from fastapi import APIRouter, Query

from geo import cells as beidou
from geo.crs import Datum, in_china_box
from service.base.clock import NowDep, day_of
from service.base.database import SessionDep, ViewerDep
from service.base.statements import Connection, driver_of
from service.cells import queries as cell_queries
from service.cells.schemas import counts
from service.risk_points.queries import Selection
from service.risk_points.schemas.points import GradeWord
from service.risk_points.schemas.selection import read_words
from service.search import queries
from service.search.rules import FoundCell, cell_of, read_cell, read_place
from service.search.schemas import (
    Found,
    FoundList,
    found_cell,
    found_enterprise,
    found_point,
    found_position,
    found_territory,
)

router = APIRouter(prefix="/api", tags=["search"])

# Cells coarser than this hold half a city: their worst grade says nothing.
COARSEST_GRADED = 4


@router.get("/search", summary="Find an enterprise, risk point, territory, cell or position")
async def search(
    q: Annotated[
        str,
        Query(
            min_length=1,
            max_length=100,
            description="Words of a name, pinyin initials, a credit code or its beginning, a risk point's number, a "
            "territory, a BeiDou code, or a position in any usual writing",
        ),
    ],
    session: SessionDep,
    viewer: ViewerDep,
    now: NowDep,
    datum: Annotated[Datum, Query(description="What a position in the text refers to")] = Datum.CGCS2000,
    limit: Annotated[int, Query(ge=1, le=20)] = 10,
) -> FoundList:
    """A code or a position in China is all; else territories, enterprises and risk points, each with its surest first."""
    connection = await driver_of(session)
    if cell := read_cell(q):
        return FoundList(
            items=[found_cell(cell, await _grade(connection, cell, Selection(today=day_of(now))))]
        )
    items: list[Found] = []
    if place := read_place(q, datum):
        home = await queries.find_home(connection, *place)
        items.append(found_position(place, cell_of(*place), home))
    words = read_words(q)
    if words is None or (place and in_china_box(*place)):
        return FoundList(items=items)
    for node in await queries.find_territories(session, viewer, q, limit=limit):
        items.append(found_territory(node, *await queries.outline(session, node.id)))
    firms = await queries.find_enterprises(connection, q, words, limit=limit)
    points = await queries.find_points(connection, q, words, limit=limit)
    rest = max(limit - len(items), 0)
    # Neither kind crowds the other out: each is sure of half of what is left.
    shown = firms[: max(rest - rest // 2, rest - len(points))]
    items.extend(map(found_enterprise, shown))
    items.extend(map(found_point, points[: max(rest - len(shown), 0)]))
    return FoundList(items=items[:limit])


@router.get("/search/enterprises", summary="Find an enterprise, as the owner of a form is chosen")
async def search_enterprises(
    q: Annotated[str, Query(min_length=1, max_length=100, description="As of /api/search")],
    session: SessionDep,
    limit: Annotated[int, Query(ge=1, le=20)] = 20,
) -> FoundList:
    """What /api/search finds of enterprises, and nothing else."""
    words = read_words(q)
    if words is None:
        return FoundList(items=[])
    found = await queries.find_enterprises(await driver_of(session), q, words, limit=limit)
    return FoundList(items=list(map(found_enterprise, found)))


async def _grade(connection: Connection, cell: FoundCell, selection: Selection) -> GradeWord | None:
    """The worst assessed grade counted in a cell; None where nothing is, or the cell is too coarse or too fine."""
    if not COARSEST_GRADED <= cell.level <= max(cell_queries.FACTORS):
        return None
    x, y = beidou.index_of(cell.code)
    cells = cell_queries.fine_range((x, y, x, y), cell.level)
    return counts(await cell_queries.count_cell(connection, selection, cells)).grade
