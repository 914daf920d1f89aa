"""Take a workbook in, correct what is said about it, write its good rows, or leave without a trace in the register.

A file of ordinary size is worked on while its request waits. A large one is only put down here, in a state that says
what is to be done; work.py does it.
"""

import asyncio
import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime

import psycopg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from geo.crs import Datum
from service.base.clock import day_of
from service.base.errors import Conflict, ServiceError, Unreadable, WrongState
from service.base.sheets import open_workbook
from service.base.statements import driver_of
from service.base.viewer import Viewer
from service.enterprises import actions as enterprise_actions
from service.imports import queries
from service.imports.actions import kept
from service.imports.actions.checks import Matter, check
from service.imports.models import ImportUpload
from service.imports.rules.fields import Kind
from service.imports.rules.findings import pack, unpack
from service.imports.rules.outcome import Tally
from service.imports.rules.problems import visible
from service.imports.rules.progress import Progress
from service.imports.workbook import Choice, Outline, State, read_outline
from service.imports.workbook.report import build_report
from service.imports.workbook.template import build_template
from service.risk_points import actions as risk_point_actions
from service.territories.rules.tree import Level

# A workbook of about 10,000 rows: a person waits some seconds for it. Larger ones are worked on in the background.
LARGE = 1 << 20
# Writing 100,000 points and all that hangs on them; the limit of ordinary statements is not meant for it.
_WRITING_TIME = "900s"
# Foreign keys are checked by a prepared statement a row. The doors plan every statement for its values; planning these
# anew for each of a million rows takes longer than writing the rows.
_BULK = text(
    "SELECT set_config('statement_timeout', :time, true), set_config('plan_cache_mode', 'auto', true)"
)
_LONGEST_FILENAME = 255
# Integrity, row security, deadlock, and our own RM… codes: what two writers or an unseen row can cause after a check.
_REFUSALS = ("23", "42501", "40", "RM")
# What the template offers as a place; whole provinces and cities are no place of a risk point.
_STATED_LEVELS = frozenset({Level.DISTRICT, Level.TOWN, Level.FUNCTIONAL_ZONE, Level.ZONE_TOWN})
# Somebody works on it; nobody else may touch it but to stop it.
WORKING = (State.CHECKING, State.WRITING)


@dataclass(frozen=True)
class Written:
    """What came of a wish to write. stale: nothing was written, the upload holds a new preview."""

    upload: ImportUpload
    stale: bool


@dataclass(frozen=True, kw_only=True)
class Manner:
    """How an upload is worked on. aside: a large file is put down for work.py, and the request does not wait for it."""

    now: datetime
    demo: bool = False
    aside: bool = False
    progress: Progress | None = None


async def upload(
    session: AsyncSession, viewer: Viewer, *, file: tuple[str, bytes], choice: Choice, manner: Manner
) -> ImportUpload:
    """Keep a file (name, content) whole and check it. Nothing but the upload itself is written.

    Raises Unreadable, TooLarge, Rejected; then nothing is kept.
    """
    filename, content = file
    row = ImportUpload(
        id=uuid.uuid4(),
        person=viewer.person,
        filename=visible(filename, longest=_LONGEST_FILENAME) or "upload",
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        demo=manner.demo,
        uploaded_at=manner.now,
        committed_at=None,
        wish=None,
        result={},
    )
    _keep_choice(row, choice)
    row.state = State.CHECKING
    aside = manner.aside and len(content) > LARGE
    if aside:
        await asyncio.to_thread(open_workbook, content, filename=filename)
    session.add(row)
    await session.flush()
    if not aside:
        await _check(session, viewer, row, content=content, manner=manner)
        await session.flush()
    return row


async def correct(
    session: AsyncSession, viewer: Viewer, upload_id: uuid.UUID, *, changes: Choice, manner: Manner
) -> ImportUpload:
    """Say more about a file and check it again. What `changes` leaves None stays; another kind or sheet drops the mapping.

    Raises NotFound, WrongState once it is written or cancelled or while it is worked on, and what `upload` raises.
    """
    if (await queries.upload_of(session, upload_id)).state in WORKING:
        raise _busy()
    row = await queries.upload_of(session, upload_id, lock=True)
    if row.state in (State.COMMITTED, State.CANCELLED):
        raise _closed(row)
    old = _choice_of(row)
    moved = (changes.kind or old.kind, changes.sheet or old.sheet) != (old.kind, old.sheet)
    choice = Choice(
        kind=changes.kind or old.kind,
        datum=changes.datum or old.datum,
        sheet=changes.sheet or old.sheet,
        mapping={**({} if moved else old.mapping), **changes.mapping},
    )
    _keep_choice(row, choice)
    content = await queries.content_of(session, row)
    if manner.aside and len(content) > LARGE:
        row.state = State.CHECKING
    else:
        await _check(session, viewer, row, content=content, manner=manner)
    await session.flush()
    return row


async def ask_to_write(session: AsyncSession, upload_id: uuid.UUID, *, digest: str) -> ImportUpload | None:
    """Put a large upload down to be written; None for one that is small enough to be written at once.

    Asking twice is asking once. Raises NotFound, WrongState where there is nothing to write.
    """
    row = await queries.upload_of(session, upload_id)
    if row.state in (State.WRITING, State.COMMITTED) and row.wish == digest:
        return row
    if row.state in WORKING:
        raise _busy()
    row = await queries.upload_of(session, upload_id, lock=True)
    if row.state != State.PREVIEWED or await queries.size_of(session, row) <= LARGE:
        return row if row.state in (State.WRITING, State.COMMITTED) and row.wish == digest else None
    if not row.result["preview"]["good"]:
        raise _nothing_good()
    row.state, row.wish = State.WRITING, digest
    await session.flush()
    return row


async def go_on(session: AsyncSession, viewer: Viewer, upload_id: uuid.UUID, *, manner: Manner) -> None:
    """Do what an upload waits for; nothing where somebody else does it or it has been done. Raises what it raises."""
    row = await queries.waiting_upload(session, upload_id)
    if row is None:
        return
    if row.state == State.CHECKING:
        content = await queries.content_of(session, row)
        await _check(session, viewer, row, content=content, manner=manner)
        await session.flush()
    elif row.state == State.WRITING and row.wish is not None:
        written = await write(session, viewer, upload_id, digest=row.wish, manner=manner)
        if written.stale:
            row.result = {**row.result, "stale": True}


async def refuse(session: AsyncSession, upload_id: uuid.UUID, error: ServiceError) -> None:
    """Tell the person why the work on an upload ended: a file that cannot be read is given up, another may be tried again."""
    row = await queries.waiting_upload(session, upload_id)
    if row is None or row.state not in WORKING:
        return
    if row.state == State.CHECKING:
        row.state, row.content, row.findings = State.CANCELLED, b"", None
        await kept.drop(await driver_of(session), row)
    else:
        row.state = State.PREVIEWED
    row.wish = None
    row.result = {**row.result, "failure": error.wire()}
    await session.flush()


async def write(
    session: AsyncSession, viewer: Viewer, upload_id: uuid.UUID, *, digest: str, manner: Manner
) -> Written:
    """Write the good rows of an upload in this transaction, provided that they do what the person saw.

    Under the locks of its rows it is looked whether all that the check saw is as it was; else the stored file is read
    and checked again. Writing twice is writing once. Where the outcome differs from `digest` nothing is written and the
    upload holds the new preview.

    Raises NotFound, WrongState where there is nothing to write, Conflict while another import is being written or where
    a number is taken out of sight.
    """
    # In a statement of its own: the wait for a lock that stands beside it would still have the old limit.
    await session.execute(_BULK, {"time": _WRITING_TIME})
    row = await queries.upload_of(session, upload_id, lock=True)
    if row.state == State.COMMITTED:
        return Written(row, stale=False)
    if row.state not in (State.PREVIEWED, State.WRITING):
        raise _closed(row)
    await _take_turn(session, patient=row.state == State.WRITING)
    content = await queries.content_of(session, row)
    if hashlib.sha256(content).hexdigest() != row.sha256:
        raise Unreadable("存储的文件已损坏，请重新上传。", "The stored file is damaged; upload it again.")
    progress = manner.progress or Progress()
    connection = await driver_of(session)
    stands = row.result["preview"]["digest"] == digest and await kept.stage(
        connection, viewer, row, now=manner.now, progress=progress
    )
    if not stands:
        await _check(session, viewer, row, content=content, manner=manner, writing=True)
        if row.state != State.PREVIEWED or row.result["preview"]["digest"] != digest:
            await session.flush()
            return Written(row, stale=True)
    good = row.result["preview"]["good"]
    if not good:
        raise _nothing_good()
    await _write_staged(session, row.kind, good, progress)
    await kept.drop(connection, row)
    row.state = State.COMMITTED
    row.committed_at = manner.now
    row.wish = digest
    await session.flush()
    return Written(row, stale=False)


async def _take_turn(session: AsyncSession, *, patient: bool) -> None:
    """One import is written at a time. Whoever asked by a request is told so at once; work in the background waits."""
    if patient:
        await session.execute(text("SELECT pg_advisory_xact_lock(hashtext('riskmap.import'))"))
    elif not await session.scalar(text("SELECT pg_try_advisory_xact_lock(hashtext('riskmap.import'))")):
        raise Conflict(
            "另一个导入正在写入，请稍后再试。", "Another import is being written; try again shortly."
        )


async def _write_staged(session: AsyncSession, kind: str | None, good: int, progress: Progress) -> None:
    connection = await driver_of(session)

    def count(done: int, steps: int) -> None:
        progress.written = good * done // steps
        progress.go_on()

    try:
        if kind == Kind.ENTERPRISES:
            await enterprise_actions.write_staged(connection, after_step=count)
        else:
            await risk_point_actions.write_staged(connection, after_step=count)
    except psycopg.DatabaseError as error:
        if not (error.sqlstate or "").startswith(_REFUSALS):
            raise
        raise Conflict(
            "登记库拒绝写入：有编号、信用代码或名称已被登记（可能在您的管辖范围之外），或登记库刚被他人修改。"
            "没有写入任何内容，请重新检查文件。",
            "The register refused: a number, credit code or name is taken, perhaps beyond your area, or somebody "
            "changed the register just now. Nothing was written; check the file again.",
        ) from error


async def report(session: AsyncSession, upload_id: uuid.UUID) -> bytes:
    """The report of a checked upload as a workbook. Raises NotFound, WrongState while there is none."""
    row = await queries.upload_of(session, upload_id)
    if row.state not in (State.PREVIEWED, State.COMMITTED):
        raise WrongState(
            "这次导入还没有检查结果，或已经取消。", "This import has no result yet, or it is cancelled."
        )
    content = await queries.content_of(session, row)
    findings = unpack(await queries.findings_of(session, row))

    def build() -> bytes:
        outline = read_outline(content, row.filename, _choice_of(row))
        return build_report(outline, findings, row.result)

    return await asyncio.to_thread(build)


async def template(session: AsyncSession, viewer: Viewer, kind: Kind, *, now: datetime) -> bytes:
    """The template workbook of a register, with the lists in force and the viewer's territories."""
    vocabulary = await queries.vocabulary(session, today=day_of(now))
    atlas = await queries.atlas(session, await driver_of(session), viewer)
    names = [
        node.name for node in atlas.nodes.values() if atlas.allows(node.id) and node.level in _STATED_LEVELS
    ]
    return await asyncio.to_thread(build_template, kind, vocabulary, names)


async def cancel(session: AsyncSession, upload_id: uuid.UUID) -> None:
    """Give an upload up, once whoever works on it has let go. Giving up twice is giving up once.

    Raises NotFound, WrongState once it is written.
    """
    row = await queries.upload_of(session, upload_id, lock=True)
    if row.state == State.COMMITTED:
        raise _closed(row)
    row.state = State.CANCELLED
    row.content, row.findings = b"", None  # nobody can decide on it any more
    await kept.drop(await driver_of(session), row)
    row.wish = None
    await session.flush()


def _busy() -> WrongState:
    return WrongState(
        "这次导入还在处理中，请等待或取消。",
        "This import is still being worked on; wait for it or cancel it.",
        details={"state": "working"},
    )


def _nothing_good() -> WrongState:
    return WrongState("没有可以写入的行。", "There is no good row to write.")


def _closed(row: ImportUpload) -> WrongState:
    zh, en = {
        State.COMMITTED: ("已经写入，不能再更改或取消", "is written and cannot be changed or cancelled"),
        State.CANCELLED: ("已经取消", "is cancelled"),
    }.get(
        State(row.state), ("还有需要确认的内容，不能写入", "still needs an answer before it can be written")
    )
    return WrongState(f"这次导入{zh}。", f"This import {en}.", details={"state": row.state})


def _choice_of(row: ImportUpload) -> Choice:
    return Choice(
        kind=None if row.kind is None else Kind(row.kind),
        datum=None if row.datum is None else Datum(row.datum),
        sheet=row.sheet,
        mapping=row.mapping or {},
    )


def _keep_choice(row: ImportUpload, choice: Choice) -> None:
    row.kind = choice.kind
    row.datum = choice.datum
    row.sheet = choice.sheet
    row.mapping = dict(choice.mapping)


async def _check(
    session: AsyncSession,
    viewer: Viewer,
    row: ImportUpload,
    *,
    content: bytes,
    manner: Manner,
    writing: bool = False,
) -> tuple[Outline, Tally | None]:
    """Check an upload and keep what came of it. What the file said of itself is kept as if it had been chosen."""
    progress = manner.progress or Progress()
    matter = Matter(row, content, _choice_of(row), manner.now, progress, writing)
    outline, tally = await check(session, viewer, matter)
    row.kind, row.sheet, row.state = outline.kind, outline.sheet, outline.state
    row.result = outline.to_wire() | ({} if tally is None else tally.to_wire())
    row.findings = None if tally is None else await asyncio.to_thread(pack, tally.findings)
    return outline, tally
