"""Every read of the register of risk points. Row security shows only the viewer's rows: nothing is filtered here."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, Text, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from service.base.statements import Connection, read, statement
from service.risk_points.models import Aggravation, Measure, RiskEvent

# How the database ranks a mark: 1 重大 … 4 低 as stored, 5 not assessed; the worst comes first.
UNASSESSED_RANK = 5
Row = dict[str, Any]

# What a filter may ask without asking for points of a kind: a firm without any is then shown too.
SITES_ANSWER = frozenset({"today", "basis", "view", "area", "managing", "enterprise", "narrow"})


class CellRange(NamedTuple):
    """Level-5 columns and rows, both ends included."""

    x0: int
    y0: int
    x1: int
    y1: int


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Which points, in which light: the one filter that every view obeys.

    basis: `inherent`, `assessed` or `current`. view: `located` (行政区划) or `managed` (管理权限). grades: ranks 1..5.
    area: a territory path, read by the view; managing: one that is read by who manages. today: the day reviews fall due
    by. industries: codes with all below them. accidents: `edition:code`. words: patterns for LIKE, all must be met.
    None filters nothing. narrow: words and accidents are met by few; it says how to look, not what for.
    """

    today: date
    basis: str = "assessed"
    view: str = "located"
    grades: tuple[int, ...] | None = None
    area: str | None = None
    managing: str | None = None
    industries: tuple[str, ...] | None = None
    accidents: tuple[str, ...] | None = None
    control_levels: tuple[str, ...] | None = None
    owner_kind: str | None = None
    positions: tuple[str, ...] | None = None
    overdue: bool | None = None
    enterprise: int | None = None
    words: tuple[str, ...] | None = None
    narrow: bool = False

    def parameters(self) -> Row:
        """The bound parameters that every statement of the register shares."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}

    @property
    def verdict_basis(self) -> str:
        """The basis whose assessment explains the colour; `current` is the assessed one plus aggravations."""
        return "inherent" if self.basis == "inherent" else "assessed"


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where to look: a cell range, named points, or (neither) the selection's whole area."""

    cells: CellRange | None = None
    ids: Sequence[int] | None = None

    def parameters(self) -> Row:
        """Bound parameters; NULL where not asked."""
        west, south, east, north = self.cells or (None, None, None, None)
        return {
            "x0": west,
            "y0": south,
            "x1": east,
            "y1": north,
            "ids": None if self.ids is None else list(self.ids),
        }


class Cursor(NamedTuple):
    """The last row of the page before: keyset paging."""

    rank: int
    id: int


@dataclass(frozen=True)
class Page:
    """Rows, the worst first, and where the next page starts (None at the end)."""

    rows: list[Row] = field(default_factory=list)
    next: Cursor | None = None


async def narrowed(session: AsyncSession, selection: Selection) -> Selection:
    """The selection, told whether so few meet its words and accidents that each is best fetched by its id."""
    if not (selection.words or selection.accidents):
        return selection
    asked = select(
        func.risk_points_few(cast(selection.words, ARRAY(Text)), cast(selection.accidents, ARRAY(Text)))
    )
    return replace(selection, narrow=bool(await session.scalar(asked)))


async def page_points(
    connection: Connection,
    selection: Selection,
    place: Place,
    *,
    after: Cursor | None = None,
    limit: int = 50,
) -> Page:
    """One page of points of a place."""
    parameters = selection.parameters() | place.parameters()
    parameters |= {"after_rank": after and after.rank, "after_id": after and after.id, "limit": limit + 1}
    rows = await read(connection, statement("risk_points", "page_points"), parameters)
    if len(rows) <= limit:
        return Page(rows)
    return Page(rows[:limit], Cursor(rows[limit - 1]["rank"], rows[limit - 1]["id"]))


async def latest_verdicts(connection: Connection, ids: Sequence[int], *, basis: str) -> dict[int, Row]:
    """The latest assessment on a basis, by point id; points never assessed are absent."""
    rows = await read(
        connection, statement("risk_points", "latest_verdicts"), {"ids": list(ids), "basis": basis}
    )
    return {row["risk_point_id"]: row for row in rows}


async def describe_point(connection: Connection, risk_point_id: int) -> Row | None:
    """What the register says of one point beyond its row: geometry, site, source, responsible node, industries."""
    rows = await read(connection, statement("risk_points", "describe_point"), {"id": risk_point_id})
    return rows[0] if rows else None


async def aggravations_of(session: AsyncSession, risk_point_id: int) -> Sequence[Aggravation]:
    """What darkens the point for the time being."""
    chosen = (
        select(Aggravation).where(Aggravation.risk_point_id == risk_point_id).order_by(Aggravation.source)
    )
    return (await session.scalars(chosen)).all()


async def events_of(session: AsyncSession, risk_point_id: int) -> Sequence[RiskEvent]:
    """The events of a point in their order."""
    chosen = select(RiskEvent).where(RiskEvent.risk_point_id == risk_point_id).order_by(RiskEvent.sort)
    return (await session.scalars(chosen)).all()


async def measures_of(session: AsyncSession, risk_point_id: int) -> Sequence[Measure]:
    """The measures of all events of a point, by event and order."""
    chosen = (
        select(Measure)
        .where(Measure.risk_point_id == risk_point_id)
        .order_by(Measure.risk_event_id, Measure.sort)
    )
    return (await session.scalars(chosen)).all()


async def draw_points(connection: Connection, parameters: Row) -> tuple[bytes, bool]:
    """The risk_points tile and whether it was cut at its limit."""
    return await _draw(connection, "tile_points", parameters)


async def draw_enterprises(
    connection: Connection, selection: Selection, parameters: Row
) -> tuple[bytes, bool]:
    """The enterprises tile and whether it was cut at its limit."""
    asked = {one.name for one in fields(selection) if getattr(selection, one.name) is not None}
    return await _draw(connection, "tile_enterprises", parameters | {"whole": asked <= SITES_ANSWER})


async def _draw(connection: Connection, name: str, parameters: Row) -> tuple[bytes, bool]:
    rows = await read(connection, statement("risk_points", name), parameters)
    return bytes(rows[0]["tile"] or b""), bool(rows[0]["cut"])
