"""Every read of the register of risk points. Row security shows only the viewer's rows: nothing is filtered here."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import ARRAY, Text, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from service.base.statements import Connection, read, statement, stream
from service.risk_points.models import Aggravation, Measure, RiskEvent

# How the database ranks a mark: 1 重大 … 4 低 as stored, 5 not assessed; the worst comes first.
UNASSESSED_RANK = 5
Row = dict[str, Any]

# What a filter may ask without asking for points of a kind: a firm without any is then shown too.
SITES_ANSWER = frozenset({"today", "basis", "view", "area", "managing", "enterprise", "narrow", "firms"})


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
    None filters nothing. narrow, firms: how to look, not what for: words and accidents are met by few; the viewer sees these
    enterprises and nothing else, which the policy says too, but in a form that no index serves.
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
    firms: tuple[int, ...] | None = None

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


Sort = Literal["grade", "name", "number", "enterprise", "assessed_on", "next_review", "recorded_from"]
Key = int | str | date | datetime
# Which column of a list's row holds what it is sorted by, and the parameter that takes the last one of the page before.
_KEYS: dict[Sort, tuple[str, str]] = {
    "grade": ("number_key", "after_number"),
    "name": ("text_key", "after_text"),
    "number": ("text_key", "after_text"),
    "enterprise": ("text_key", "after_text"),
    "assessed_on": ("day_key", "after_day"),
    "next_review": ("day_key", "after_day"),
    "recorded_from": ("moment_key", "after_moment"),
}


class Last(NamedTuple):
    """The last row of the page before in the order of a list: what it is sorted by, and its id."""

    key: Key
    id: int


@dataclass(frozen=True, kw_only=True)
class Turn:
    """Which page of a list: its order, and where it starts."""

    sort: Sort = "grade"
    descending: bool = False
    after: Last | None = None
    offset: int = 0
    limit: int = 50

    def last_of(self, row: Row) -> Last:
        """Where the page after a row starts."""
        return Last(row[_KEYS[self.sort][0]], row["id"])


async def list_points(
    connection: Connection, selection: Selection, turn: Turn
) -> tuple[list[Row], Last | None]:
    """One page of the selected points in any order, and where the next one starts (None at the end)."""
    parameters = selection.parameters() | dict.fromkeys({parameter for _, parameter in _KEYS.values()})
    parameters |= {"sort": turn.sort, "after_id": None, "offset": turn.offset, "limit": turn.limit + 1}
    if turn.after is not None:
        parameters |= {_KEYS[turn.sort][1]: turn.after.key, "after_id": turn.after.id}
    name = "list_points_back" if turn.descending else "list_points"
    rows = await read(connection, statement("risk_points", name), parameters)
    more = len(rows) > turn.limit
    return rows[: turn.limit], turn.last_of(rows[turn.limit - 1]) if more else None


async def tally_points(connection: Connection, selection: Selection) -> Row:
    """How many points are selected (`total`), and whether any is a demonstration (`demo`)."""
    return (await read(connection, statement("risk_points", "tally_points"), selection.parameters()))[0]


def stream_register(
    connection: Connection, selection: Selection, *, most: int
) -> AsyncGenerator[list[Row], None]:
    """The selected points with all that a file says of them, the worst first, some hundred at a time."""
    parameters = selection.parameters() | {"verdict_basis": selection.verdict_basis, "most": most}
    return stream(connection, statement("risk_points", "stream_register"), parameters)


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
