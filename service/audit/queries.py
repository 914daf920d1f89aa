"""Reads of the audit."""

from contextlib import aclosing
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from service.audit.rules import Link, Proof, walk
from service.base.statements import driver_of, read, statement, stream

Row = dict[str, Any]


async def records(  # noqa: PLR0913 - each is a filter of its own
    session: AsyncSession,
    *,
    person: str | None = None,
    action: str | None = None,
    subject: str | None = None,
    subject_id: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before_id: int | None = None,
    limit: int = 50,
) -> list[Row]:
    """Records that the viewer may read, the latest first, one more than the limit where there are more."""
    parameters = {
        "person": person,
        "action": action,
        "subject": subject,
        "subject_id": subject_id,
        "since": since,
        "until": until,
        "before_id": before_id,
        "limit": limit + 1,
    }
    return await read(await driver_of(session), statement("audit", "list_records"), parameters)


async def prove(session: AsyncSession) -> Proof:
    """Walk the chain from its first position, as the owner; memory stays flat."""
    connection = await driver_of(session)
    proof = Proof()
    async with aclosing(stream(connection, statement("audit", "stream_chain"), {}, rows=5_000)) as parts:
        async for part in parts:
            links = (
                Link(row["position"], row["record_id"], bytes(row["digest"]), row["text"]) for row in part
            )
            proof = walk(links, proof)
    for row in await read(connection, statement("audit", "list_unsealed"), {}):
        if row["waiting"]:
            proof.unsealed += 1
        else:
            proof.faults.append(("inserted", row["id"]))
    return proof


async def holds(session: AsyncSession, position: int, digest: bytes) -> bool:
    """Whether the chain still has this digest at a position; position 0 is the chain's beginning."""
    found = await session.scalar(
        text("SELECT digest FROM audit_chain WHERE position = :position"), {"position": position}
    )
    return position == 0 or (found is not None and bytes(found) == digest)
