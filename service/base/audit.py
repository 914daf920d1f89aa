"""What is written down of a request: where it comes from, and what it did that is no change of a row.

Changes of rows are recorded by triggers of the database (migrations, 40_audit.sql), whichever door they came through.
"""

import json
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession


@dataclass(frozen=True)
class Source:
    """Which request, from where. body: whether it wants one; HEAD asks only how it would be answered."""

    request_id: str = ""
    address: str = ""
    body: bool = True


NOWHERE = Source()
# Of the request that is being served; the scoped door (service/base/database.py) tells the database.
SOURCE: ContextVar[Source] = ContextVar("source", default=NOWHERE)


async def note(
    session: AsyncSession,
    action: str,
    *,
    subject: str | None = None,
    ids: Sequence[int] = (),
    details: Mapping[str, Any] | None = None,
    areas: Sequence[str] = (),
) -> None:
    """Record what a person did, in the caller's transaction: what is rolled back was not done.

    action: sign_in, export, read_contacts, …; subject: a table or a file; areas: territory paths it belongs to, the
    person's own unit where none is given. Whoever asks by HEAD takes nothing away, and no export is recorded.
    """
    if action == "export" and not SOURCE.get().body:
        return
    await session.execute(
        text("SELECT audit_note(:action, :subject, :ids, CAST(:details AS jsonb), CAST(:areas AS ltree[]))"),
        {
            "action": action,
            "subject": subject,
            "ids": list(ids),
            "details": None if details is None else json.dumps(details, ensure_ascii=False),
            "areas": "{" + ",".join(areas) + "}",
        },
    )
