"""What changed when, and who changed it."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime

from service.base.audit import note
from service.base.database import SessionDep, ViewerDep
from service.base.viewer import Permission
from service.register.queries.history import history_of
from service.register.routes.points import RiskPointId
from service.register.schemas.history import HistoryMoment, HistoryPage

router = APIRouter(tags=["register"])

Before = Annotated[AwareDatetime | None, Query(description="The cursor of the page before.")]


@router.get(
    "/api/risk-points/{risk_point_id}/history", summary="The versions of a risk point with their differences"
)
async def show_history(
    session: SessionDep,
    viewer: ViewerDep,
    risk_point_id: RiskPointId,
    cursor: Before = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> HistoryPage:
    """Point, events, measures and gradings, the latest first. A removed point still has its history."""
    before: datetime | None = cursor
    names_people = Permission.CONTACTS in viewer.may
    found, after = await history_of(
        session, risk_point_id, before=before, limit=limit, names_people=names_people
    )
    if names_people and any(change.field == "person" for one in found for change in one.changes):
        await note(session, "read_contacts", subject="risk_point", ids=[risk_point_id])
    return HistoryPage(items=[HistoryMoment.of(one) for one in found], next=after)
