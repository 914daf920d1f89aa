"""The list of risk points beside the map."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from service.base.database import SessionDep
from service.base.statements import driver_of
from service.lists import queries
from service.lists.schemas.lists import LONGEST_CURSOR, PointList, listed_point, read_last, write_place
from service.risk_points import queries as risk_point_queries
from service.risk_points.queries import Sort, Turn
from service.risk_points.schemas.selection import SelectionDep

router = APIRouter(prefix="/api", tags=["lists"])

Limit = Annotated[int, Query(ge=1, le=200, description="Rows of a page")]
Offset = Annotated[int, Query(ge=0, le=10_000, description="Rows to pass over; beyond, follow `next`")]
CursorText = Annotated[str | None, Query(max_length=LONGEST_CURSOR, description="`next` of the page before")]
Order = Annotated[
    Literal["asc", "desc"] | None, Query(description="asc puts the worst grade first; absent: asc")
]


@router.get("/risk-points", summary="The risk points of a filter, in any order")
async def list_risk_points(  # noqa: PLR0913 - a filter, an order and a place are what a list asks for
    session: SessionDep,
    selection: SelectionDep,
    sort: Annotated[
        Sort, Query(description="Names and numbers by code point; what has no date last")
    ] = "grade",
    order: Order = None,
    cursor: CursorText = None,
    offset: Offset = 0,
    limit: Limit = 50,
) -> PointList:
    """A page of the register with the exact number of the selection. `next` leads on in any order at the same cost."""
    descending = order == "desc"
    after = read_last(cursor, sort=sort, descending=descending)
    connection = await driver_of(session)
    turn = Turn(sort=sort, descending=descending, after=after, offset=offset, limit=limit)
    rows, place = await risk_point_queries.list_points(connection, selection, turn)
    words = await queries.words(session)
    return PointList(
        items=[listed_point(row, words) for row in rows],
        next=write_place((sort, descending), place),
        total=(await risk_point_queries.tally_points(connection, selection))["total"],
    )
