"""The imprint of a map, and everything a map in a file draws and explains."""

from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version

from sqlalchemy.ext.asyncio import AsyncSession

from service.base.errors import Rejected
from service.base.settings import Settings
from service.base.statements import Connection, driver_of
from service.base.viewer import Viewer
from service.cells.routes import summarise_territory
from service.cells.schemas import Bounds, Summary
from service.codes.schemas import CodeText
from service.documents import queries
from service.documents.rules import (
    BOUNDARY_NOTE,
    MOST_CELLS,
    MOST_POINTS,
    Sentence,
    title_of,
    without_twins,
)
from service.documents.schemas.conditions import read_conditions
from service.documents.schemas.shapes import (
    DrawnPoint,
    Imprint,
    Language,
    LeftOut,
    MapContent,
    MethodUse,
    Outline,
)
from service.risk_points import queries as risk_point_queries
from service.risk_points.queries import Place, Row, Selection
from service.risk_points.schemas.points import WORD_OF_RANK, TerritoryName, point_row, verdict
from service.risk_points.schemas.selection import Filter
from service.territories import queries as territory_queries
from service.territories.rules.tree import Node

# The levels that the page draws between the overview of districts and the plant.
CELL_LEVELS = (4, 5)
# What a verdict says of its own occasion; the rest of it is shared by every point of the same inputs.
OCCASION = ("assessor", "assessed_on", "next_review")


@dataclass(frozen=True, kw_only=True)
class MapRequest:
    """A map as somebody asks for it: whose rows, which of them (in words and as the filter), of which deployment, when."""

    viewer: Viewer
    wanted: Filter
    selection: Selection
    settings: Settings
    now: datetime


async def make_imprint(session: AsyncSession, request: MapRequest) -> Imprint:
    """What the map says of itself. Raises NotFound for a territory that is not there or not the viewer's to see."""
    scope = await queries.scope_of(session, request.selection, whole=request.settings.territory)
    return await _imprint(session, request, scope, await _summary(session, request, scope))


async def gather(session: AsyncSession, request: MapRequest, language: Language) -> MapContent:
    """All that a file draws, within its bounds. Raises NotFound as make_imprint, Rejected for a scope without boundary."""
    scope = await queries.scope_of(session, request.selection, whole=request.settings.territory)
    summary = await _summary(session, request, scope)
    imprint = await _imprint(session, request, scope, summary)
    if imprint.bounds is None:
        raise Rejected(
            f"“{scope.name}”没有边界或没有可上图的风险点，无法成图。",
            f"{scope.name} has no boundary, or nothing with a position, to draw.",
        )
    connection = await driver_of(session)
    outlines = await queries.outlines(connection, scope.path)
    cells, cut = {}, []
    for level in CELL_LEVELS:
        rows = await queries.cells(connection, request.selection, level=level, most=MOST_CELLS)
        if len(rows) > MOST_CELLS:
            cut.append(level)
        cells[level] = [_cell(row) for row in rows[:MOST_CELLS]]
    points, verdicts = await _points(connection, request.selection)
    placed = summary.counts.total - summary.positions.none
    return MapContent(
        language=language,
        imprint=imprint,
        outlines=[Outline.model_validate(row) for row in outlines],
        cells=cells,
        points=points,
        verdicts=verdicts,
        left_out=LeftOut(points=max(0, placed - len(points)), cell_levels=cut),
    )


async def _summary(session: AsyncSession, request: MapRequest, scope: Node) -> Summary:
    return await summarise_territory(scope.key, session, request.viewer, request.selection)


async def _imprint(session: AsyncSession, request: MapRequest, scope: Node, summary: Summary) -> Imprint:
    connection = await driver_of(session)
    described = await queries.describe(connection, request.selection)
    methods = await queries.methods_in_use(connection, request.selection)
    return Imprint(
        title=_text(title_of(scope.name)),
        territory=summary.territory,
        bounds=_box(described) if request.selection.enterprise else summary.territory.bounds,
        ancestors=[
            TerritoryName(key=node.key, name=node.name)
            for node in await territory_queries.nodes(session, area=scope.path)
            if scope.path.startswith(f"{node.path}.")
        ],
        basis=summary.basis,
        view=summary.view,
        grades=[
            word
            for rank, word in WORD_OF_RANK.items()
            if request.selection.grades is None or rank in request.selection.grades
        ],
        conditions=await read_conditions(session, request.wanted),
        counts=summary.counts,
        grade=summary.grade,
        districts=summary.children,
        positions=summary.positions,
        overdue=summary.freshness.overdue,
        methods=[
            MethodUse(
                id=row["method_id"],
                version=row["method_version"],
                title=CodeText(zh=row["title_zh"], en=row["title_en"]),
                points=row["points"],
            )
            for row in methods
        ],
        last_recorded_at=summary.freshness.last_recorded_at,
        made_at=request.now,
        made_by=request.viewer.name,
        demo=request.settings.demo or described["demo"],
        boundary_note=_text(BOUNDARY_NOTE),
        approval=request.settings.map_approval,
        version=version("riskmap"),
    )


async def _points(
    connection: Connection, selection: Selection
) -> tuple[list[DrawnPoint], list[dict[str, object]]]:
    """The worst points that have a place, with their shapes, and the verdicts they share."""
    page = await risk_point_queries.page_points(connection, selection, Place(), limit=MOST_POINTS)
    rows = [row for row in page.rows if row["lon"] is not None]
    ids = [row["id"] for row in rows]
    shapes = await queries.shapes(connection, ids)
    found = await risk_point_queries.latest_verdicts(connection, ids, basis=selection.verdict_basis)
    told = {
        key: one.model_dump(mode="json", by_alias=True) for key, row in found.items() if (one := verdict(row))
    }
    shared, places = without_twins(
        {name: value for name, value in told[key].items() if name not in OCCASION} if key in told else None
        for key in ids
    )
    points = [
        DrawnPoint(
            **point_row(row).model_dump(),
            geometry=shapes.get(row["id"]),
            verdict=place,
            assessor=told[row["id"]]["assessor"] if row["id"] in told else None,
        )
        for row, place in zip(rows, places, strict=True)
    ]
    return points, [dict(one) for one in shared]


def _box(described: Row) -> Bounds | None:
    if described["west"] is None:
        return None
    return (described["west"], described["south"], described["east"], described["north"])


def _cell(row: Row) -> list[str | int | None]:
    counted = [row[word] for word in WORD_OF_RANK.values()]
    return [row["code"], *counted, row["crossing"], WORD_OF_RANK.get(row["crossing_rank"])]


def _text(sentence: Sentence) -> CodeText:
    return CodeText(zh=sentence.zh, en=sentence.en)
