"""The audit over HTTP: for auditors, of their areas."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query

from service.audit import queries
from service.audit.schemas import AuditPage, AuditRecord
from service.base.database import SessionDep
from service.base.permissions import requires
from service.base.viewer import Permission

router = APIRouter(prefix="/api/audit", tags=["audit"], dependencies=[requires(Permission.AUDIT)])

Word = Annotated[str | None, Query(max_length=60)]


@router.get("", summary="Who did what, the latest first")
async def list_records(  # noqa: PLR0913 - each is a filter of its own
    session: SessionDep,
    person: Word = None,
    action: Word = None,
    subject: Word = None,
    subject_id: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
    since: Annotated[datetime | None, Query(description="From this moment")] = None,
    until: Annotated[datetime | None, Query(description="Before this moment")] = None,
    cursor: Annotated[int | None, Query(ge=1, le=2**63 - 1, description="`next` of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> AuditPage:
    """person: a login; subject: a table; action: insert, update, delete, sign_in, export and others."""
    rows = await queries.records(
        session,
        person=person,
        action=action,
        subject=subject,
        subject_id=subject_id,
        since=since,
        until=until,
        before_id=cursor,
        limit=limit,
    )
    return AuditPage(
        items=[AuditRecord.model_validate(row) for row in rows[:limit]],
        next=rows[limit - 1]["id"] if len(rows) > limit else None,
    )
