"""What every form goes through: opening the desk, one version, once only, and refusals in words."""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from sqlalchemy.ext.asyncio import AsyncSession

from service.base.answers import REFUSALS
from service.base.clock import day_of
from service.base.errors import Conflict, Rejected, StaleVersion
from service.base.statements import Connection, driver_of, read, statement
from service.base.viewer import Viewer
from service.imports import queries as import_queries
from service.register.queries.forms import Desk, Row
from service.register.rules.rows import FieldProblem, is_refused

# Integrity, row security, deadlock: what another writer or an unseen row can cause after the check.
_TAKEN = ("23", "42501", "40")
# A tablet that was offline for a month sends again; nobody sends after that.
_REMEMBERED_DAYS = 60


@dataclass(frozen=True)
class Done:
    """What came of a form: the row, and what a person should see although it was written."""

    id: int
    warnings: Sequence[FieldProblem] = ()


async def open_desk(session: AsyncSession, viewer: Viewer, *, now: datetime, demo: bool) -> Desk:
    """The words and territories that forms of this transaction are read against."""
    connection = await driver_of(session)
    return Desk(
        session=session,
        connection=connection,
        viewer=viewer,
        vocabulary=await import_queries.vocabulary(session, today=day_of(now)),
        atlas=await import_queries.atlas(session, connection, viewer),
        demo=demo,
    )


def require_version(standing: Row, seen: int, current: Mapping[str, Any]) -> None:
    """Raise StaleVersion, with the version that stands beside the one that was seen, unless they are the same."""
    if standing["version"] == seen:
        return
    raise StaleVersion(
        f"您打开之后，{standing['changed_by'] or '他人'}已经修改过（您看到的是第 {seen} 版，现在是第 {standing['version']} 版）。"
        "没有写入任何内容，请对照后决定。",
        f"Somebody changed it after you opened it (you saw version {seen}, version {standing['version']} stands). "
        "Nothing was written; compare and decide.",
        details={
            "seen": seen,
            "version": standing["version"],
            "changed_by": standing["changed_by"],
            "current": dict(current),
        },
    )


def added_since(current: Mapping[str, Any]) -> StaleVersion:
    """Something that belongs to the row was added after it was looked at; no version of the row itself says so."""
    return StaleVersion(
        "您打开之后，他人已经增加了场所。没有写入任何内容，请对照后决定。",
        "Somebody added a site after you opened it. Nothing was written; compare and decide.",
        details={
            "seen": current["version"],
            "version": current["version"],
            "changed_by": None,
            "current": dict(current),
        },
    )


def require_sound(problems: Sequence[FieldProblem]) -> list[FieldProblem]:
    """Give the warnings; raise Rejected, with every problem at its field, where something is wrong."""
    if is_refused(problems):
        raise Rejected(
            "有内容需要更正，没有写入。请看各栏下的说明。",
            "Something needs correcting; nothing was written. See the notes at the fields.",
            details={"problems": [one.to_wire() for one in problems]},
        )
    return list(problems)


@asynccontextmanager
async def refused_in_words() -> AsyncIterator[None]:
    """Turn what the register refuses into an answer without a word of the database."""
    try:
        yield
    except psycopg.DatabaseError as error:
        state = error.sqlstate or ""
        if state in REFUSALS:
            raise Rejected(*REFUSALS[state]) from error
        if not state.startswith(_TAKEN):
            raise
        raise Conflict(
            "登记库拒绝写入：编号、信用代码或名称已被登记（可能在您的管辖范围之外），或位置不在您的管辖范围内，"
            "或刚被他人修改。没有写入任何内容。",
            "The register refused: a number, credit code or name is taken, perhaps beyond your area, or the place is "
            "not yours, or somebody changed it just now. Nothing was written.",
        ) from error


async def only_once(
    connection: Connection, key: str | None, content: str, write: Callable[[], Awaitable[Done]]
) -> Done:
    """Write, unless this key was sent before; then give what came of it. Without a key nothing is remembered.

    Raises Conflict for a key that came with other content.
    """
    if key is None:
        return await write()
    digest = hashlib.sha256(content.encode()).hexdigest()
    parameters = {"key": key, "digest": digest}
    if not await read(connection, statement("register", "remember_sent"), parameters):
        known = (await read(connection, statement("register", "recall_sent"), parameters))[0]
        if known["digest"] != digest or known["subject_id"] is None:
            raise Conflict(
                "这个 Idempotency-Key 已用于另一份内容，请换一个。",
                "This Idempotency-Key was used for other content; take another.",
                # What was written under it: the answer to it may have been lost.
                details={"id": known["subject_id"]},
            )
        return Done(known["subject_id"])
    done = await write()
    settled = parameters | {"subject_id": done.id, "days": _REMEMBERED_DAYS}
    await connection.execute(statement("register", "settle_sent"), settled)
    return done
