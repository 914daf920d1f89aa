"""Cells and territory summaries over HTTP."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Path, Query
from sqlalchemy.ext.asyncio import AsyncSession

from geo import cells as beidou
from geo.errors import NotACell
from service.base.database import SessionDep, ViewerDep
from service.base.errors import NotFound, Rejected
from service.base.statements import Connection, driver_of
from service.cells import queries
from service.cells.schemas import (
    Bounds,
    CellOut,
    ChildCounts,
    Counts,
    Crossing,
    CrossingPoint,
    Encoded,
    Freshness,
    Positions,
    Summary,
    TerritoryOut,
    counts,
)
from service.risk_points import queries as risk_point_queries
from service.risk_points.queries import CellRange, Place, Row, Selection
from service.risk_points.schemas.points import (
    WORD_OF_RANK,
    PointPage,
    Reason,
    point_row,
    read_cursor,
    verdict,
    write_cursor,
)
from service.risk_points.schemas.selection import KEY, SelectionDep
from service.territories import queries as territory_queries

router = APIRouter(prefix="/api", tags=["cells and territories"])

MOST_REASONS = 20
PAGE = 50
# The most lines and areas listed as crossing one cell; the count beside them is whole.
MOST_CROSSING = 50
# Cells are counted from level 5 upwards; finer ones are encoded but carry no counts.
FINEST_COUNTED = 5


@router.get("/grid/encode", summary="The BeiDou cell of a position")
async def encode(
    lon: Annotated[str, Query(max_length=40, description="Longitude in degrees, CGCS2000")],
    lat: Annotated[str, Query(max_length=40, description="Latitude in degrees, CGCS2000")],
    level: Annotated[int, Query(ge=1, le=10)] = 5,
) -> Encoded:
    """The code and bounds of the cell; the numbers are taken as decimals, exactly as written."""
    code = beidou.encode(lon, lat, level)
    return Encoded(code=code, level=level, bounds=list(_bounds(code)))


@router.get("/cells/{code}", summary="One cell: counts, colour, the points that made it")
async def show_cell(
    code: str, session: SessionDep, selection: SelectionDep, cursor: Annotated[str | None, Query()] = None
) -> CellOut:
    """A cell of level 1 to 5. 404 for a code that is no cell."""
    cells, level = _cells_of(code)
    connection = await driver_of(session)
    row = await queries.count_cell(connection, selection, cells)
    page = await risk_point_queries.page_points(
        connection, selection, Place(cells=cells), after=read_cursor(cursor), limit=PAGE
    )
    total = counts(row)
    return CellOut(
        code=code,
        level=level,
        bounds=_bounds(code),
        basis=selection.basis,  # type: ignore[arg-type]
        view=selection.view,  # type: ignore[arg-type]
        counts=total,
        grade=total.grade,
        crossing=await _crossing(connection, selection, cells, level),
        reasons=await _reasons(connection, selection, Place(cells=cells), total),
        reasons_total=_worst_count(total),
        points=PointPage(items=[point_row(item) for item in page.rows], next=write_cursor(page.next)),
        freshness=Freshness(last_recorded_at=row["last_recorded_at"], overdue=row["overdue"]),
    )


@router.get("/territories/{key}/summary", summary="A territory: counts, colour, reasons, its parts")
async def summarise_territory(
    key: Annotated[str, Path(pattern=KEY)], session: SessionDep, viewer: ViewerDep, selection: SelectionDep
) -> Summary:
    """Live counts of a territory and the nodes below it, in one view of responsibility."""
    territory = await territory_queries.seen_by_key(session, viewer, key)
    connection = await driver_of(session)
    # The filter's territory narrows the summary; one that lies elsewhere leaves nothing of it.
    narrower = selection.area is not None and f"{selection.area}.".startswith(f"{territory.path}.")
    wider = selection.area is None or f"{territory.path}.".startswith(f"{selection.area}.")
    area = territory.path if wider else selection.area if narrower else None
    rows, overdue = [], 0
    if area is not None:
        rows = await queries.count_territories(connection, selection, area, viewer=viewer)
        overdue = await queries.count_overdue(connection, selection, area)
    total, positions, elsewhere, by_child = _roll_up(rows, territory.path)
    selection = replace(selection, area=area)
    return Summary(
        territory=TerritoryOut(
            key=territory.key,
            code=territory.code,
            name=territory.name,
            level=territory.level,
            bounds=await territory_queries.bounds(session, territory.id),
        ),
        basis=selection.basis,  # type: ignore[arg-type]
        view=selection.view,  # type: ignore[arg-type]
        counts=total,
        grade=total.grade,
        positions=positions,
        children=await _children(session, territory.id, selection.view, by_child),
        elsewhere=elsewhere,
        reasons=await _reasons(connection, selection, Place(), total),
        reasons_total=_worst_count(total),
        freshness=Freshness(
            last_recorded_at=max((row["last_recorded_at"] for row in rows), default=None),
            overdue=overdue,
        ),
    )


def _cells_of(code: str) -> tuple[CellRange, int]:
    try:
        level = beidou.level_of(code)
    except NotACell as error:
        raise NotFound(error.zh, error.en) from error
    if not 1 <= level <= FINEST_COUNTED:
        raise Rejected(
            "只统计 1 至 5 级网格单元。", "Cells are counted on levels 1 to 5.", details={"level": level}
        )
    x, y = beidou.index_of(code)
    return queries.fine_range((x, y, x, y), level), level


def _bounds(code: str) -> Bounds:
    west, south, east, north = beidou.bounds(code)
    return (float(west), float(south), float(east), float(north))


def _worst_count(total: Counts) -> int:
    return 0 if total.grade is None else int(getattr(total, total.grade))


async def _reasons(connection: Connection, selection: Selection, place: Place, total: Counts) -> list[Reason]:
    """The worst points and their verdicts: they are why the place has its colour."""
    if total.grade in {None, "unassessed"}:
        return []
    page = await risk_point_queries.page_points(connection, selection, place, limit=MOST_REASONS)
    worst = [row for row in page.rows if WORD_OF_RANK[row["rank"]] == total.grade]
    verdicts = await risk_point_queries.latest_verdicts(
        connection, [row["id"] for row in worst], basis=selection.verdict_basis
    )
    return [
        Reason(
            grade=WORD_OF_RANK[row["rank"]],
            risk_point=point_row(row),
            verdict=verdict(verdicts.get(row["id"])),
        )
        for row in worst
    ]


async def _crossing(connection: Connection, selection: Selection, cells: CellRange, level: int) -> Crossing:
    ids = await queries.crossing_ids(connection, cells)
    page = await risk_point_queries.page_points(connection, selection, Place(ids=ids), limit=max(len(ids), 1))
    across, up = queries.FACTORS[level]
    return Crossing(
        count=len(page.rows),
        grade=WORD_OF_RANK[page.rows[0]["rank"]] if page.rows else None,
        items=[
            CrossingPoint(
                **point_row(row).model_dump(),
                counted_in=beidou.code_of_index(row["x5"] // across, row["y5"] // up, level),
            )
            for row in page.rows[:MOST_CROSSING]
        ],
    )


def _roll_up(rows: list[Row], path: str) -> tuple[Counts, Positions, Counts, dict[str, Counts]]:
    """The whole, its positions, what stands at the territory itself, and the counts by child label."""
    total, elsewhere = Counts(), Counts()
    by_child: dict[str, Counts] = {}
    for row in rows:
        part = counts(row)
        total += part
        if row["path"] == path:
            elsewhere += part
            continue
        child = row["path"].removeprefix(f"{path}.").partition(".")[0]
        by_child[child] = by_child.get(child, Counts()) + part
    positions = Positions(**{name: sum(row[name] for row in rows) for name in Positions.model_fields})
    return total, positions, elsewhere, by_child


async def _children(
    session: AsyncSession, territory_id: int, view: str, by_child: dict[str, Counts]
) -> list[ChildCounts]:
    """Statutory children always; functional zones only where responsibility is the view."""
    children = await territory_queries.children(session, territory_id)
    return [
        ChildCounts(
            key=child.key,
            code=child.code,
            name=child.name,
            level=child.level,
            label=child.label,
            counts=by_child.get(child.key, Counts()),
            grade=by_child.get(child.key, Counts()).grade,
        )
        for child in children
        if child.statutory or view == "managed" or child.key in by_child
    ]
