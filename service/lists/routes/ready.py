"""Ready-made lists, and the files of all lists."""

from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request

from service.base.clock import NowDep, day_of
from service.base.database import SessionDep
from service.base.statements import driver_of
from service.lists import queries
from service.lists.schemas.lists import READY, ReadyList, ReadyLists
from service.risk_points.schemas.selection import Filter, SelectionDep

router = APIRouter(prefix="/api", tags=["lists"])


@router.get("/lists", summary="The ready-made lists with their counts")
async def show_lists(
    request: Request, session: SessionDep, selection: SelectionDep, now: NowDep
) -> ReadyLists:
    """Major risks, overdue reviews, points to be located, enterprises with no register, each within the filter."""
    weights = await queries.weights_in_force(session, on=day_of(now))
    counts = await queries.count_lists(await driver_of(session), selection, weights)
    asked = {name: value for name, value in request.query_params.items() if name in Filter.model_fields}
    return ReadyLists(
        items=[
            ReadyList(
                id=ready.id,
                title=ready.title,
                count=counts[ready.id],
                rows=f"{ready.rows}?{urlencode(asked | ready.asks)}",
                file=f"{ready.file}?{urlencode(asked | ready.asks)}",
            )
            for ready in READY
        ]
    )
