"""The audit over HTTP."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel


class AuditRecord(BaseModel):
    """Who did what. before, after: the rows, of up to twenty; position: in the chain, None until it is sealed."""

    id: int
    at: datetime
    person: str
    address: str | None
    request_id: str | None
    action: str
    subject: str | None
    subject_ids: list[int] | None
    subject_count: int
    before: list[dict[str, Any]] | None
    after: list[dict[str, Any]] | None
    details: dict[str, Any] | None
    areas: list[str]
    position: int | None


class AuditPage(BaseModel):
    """A page of the audit, the latest first. next: what to ask for the page after; None at the end."""

    items: list[AuditRecord]
    next: int | None
