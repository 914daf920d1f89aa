"""Take a workbook in, correct what is said about it, write its good rows, or leave without a trace in the register."""

import asyncio
import hashlib
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Generic, TypeVar

import psycopg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from geo.crs import Datum
from service.base.clock import day_of
from service.base.errors import Conflict, Unreadable, WrongState
from service.base.statements import Connection, driver_of
from service.base.viewer import Viewer
from service.enterprises import actions as enterprise_actions
from service.imports import queries
from service.imports.models import ImportUpload
from service.imports.rules.assessments import Assessor
from service.imports.rules.cells import RowReader
from service.imports.rules.enterprise_outcomes import EnterpriseJudge, FirmKey
from service.imports.rules.enterprise_rows import read_enterprise
from service.imports.rules.fields import Kind
from service.imports.rules.headings import Layout
from service.imports.rules.outcome import RowOutcome, Tally
from service.imports.rules.placements import Atlas, Home, disputed
from service.imports.rules.problems import visible
from service.imports.rules.questions import Question, ask_of_enterprise, ask_of_risk_point
from service.imports.rules.risk_point_outcomes import RiskPointJudge
from service.imports.rules.risk_point_rows import read_risk_point
from service.imports.rules.vocabulary import Vocabulary
from service.imports.workbook import Choice, Outline, State, read_outline
from service.risk_points import actions as risk_point_actions
from service.territories import queries as territory_queries
from service.territories.queries import Stated

# Rows that are asked about together: the statements are counted by slice, and the memory for it is bounded.
SLICE = 10_000
# Writing 100,000 points runs every trigger of the register; the limit of ordinary statements is not meant for it.
_WRITING_TIME = "900s"
_LONGEST_FILENAME = 255
# Integrity, row security, deadlock, and our own RM… codes: what two writers or an unseen row can cause after a check.
_REFUSALS = ("23", "42501", "40", "RM")
# Where there is no position, none is asked about; a datum is still a value.
_ANY_DATUM = Datum.CGCS2000


@dataclass(frozen=True)
class Written:
    """What came of a wish to write. stale: nothing was written, the upload holds a new preview."""

    upload: ImportUpload
    stale: bool


Draft = TypeVar("Draft")
Register = TypeVar("Register")
Writing = TypeVar("Writing")
# By row: where the boundaries put its position, and how far that is outside the territory it states.
_Answers = dict[int, tuple[Home, float | None]]


@dataclass(frozen=True)
class _Trade(Generic[Draft, Register, Writing]):
    """What is done with the rows of one kind of register, step by step."""

    read: Callable[[RowReader], Draft]
    look_up: Callable[[Sequence[Draft]], Awaitable[Register]]
    ask: Callable[[Draft, Register, Atlas], Question | None]
    judge: Callable[..., tuple[RowOutcome, Writing | None]]


@dataclass(frozen=True)
class _Ground:
    """What the rows of one check are read against."""

    connection: Connection
    viewer: Viewer
    vocabulary: Vocabulary
    atlas: Atlas
    outline: Outline
    layout: Layout
    tally: Tally
    demo: bool
    writing: bool

    @property
    def datum(self) -> Datum:
        """The datum of the file's numbers."""
        return self.outline.datum or _ANY_DATUM


async def upload(
    session: AsyncSession,
    viewer: Viewer,
    *,
    file: tuple[str, bytes],
    choice: Choice,
    now: datetime,
    demo: bool = False,
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
        demo=demo,
        uploaded_at=now,
        committed_at=None,
        result={},
    )
    _keep_choice(row, choice)
    outline, tally = await _check(session, viewer, row, content=content, now=now)
    _keep_outcome(row, outline, tally)
    session.add(row)
    await session.flush()
    return row


async def correct(
    session: AsyncSession, viewer: Viewer, upload_id: uuid.UUID, *, changes: Choice, now: datetime
) -> ImportUpload:
    """Say more about a file and check it again. What `changes` leaves None stays; another kind or sheet drops the mapping.

    Raises NotFound, WrongState once it is written or cancelled, and what `upload` raises.
    """
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
    outline, tally = await _check(session, viewer, row, content=content, now=now)
    _keep_outcome(row, outline, tally)
    await session.flush()
    return row


async def write(
    session: AsyncSession, viewer: Viewer, upload_id: uuid.UUID, *, digest: str, now: datetime
) -> Written:
    """Write the good rows of an upload in this transaction, provided that they do what the person saw.

    The stored file is read and checked again under the locks of its rows. Writing twice is writing once. Where the
    outcome differs from `digest` nothing is written and the upload holds the new preview.

    Raises NotFound, WrongState where there is nothing to write, Conflict while another import is being written or where
    a number is taken out of sight.
    """
    # In a statement of its own: the wait for a lock that stands beside it would still have the old limit.
    await session.execute(
        text("SELECT set_config('statement_timeout', :time, true)"), {"time": _WRITING_TIME}
    )
    row = await queries.upload_of(session, upload_id, lock=True)
    if row.state == State.COMMITTED:
        return Written(row, stale=False)
    if row.state != State.PREVIEWED:
        raise _closed(row)
    connection = await driver_of(session)
    # One import at a time; whoever comes second is told so at once and does not hold a connection while waiting.
    if not await session.scalar(text("SELECT pg_try_advisory_xact_lock(hashtext('riskmap.import'))")):
        raise Conflict(
            "另一个导入正在写入，请稍后再试。", "Another import is being written; try again shortly."
        )
    content = await queries.content_of(session, row)
    if hashlib.sha256(content).hexdigest() != row.sha256:
        raise Unreadable("存储的文件已损坏，请重新上传。", "The stored file is damaged; upload it again.")
    outline, tally = await _check(session, viewer, row, content=content, now=now, writing=True)
    _keep_outcome(row, outline, tally)
    if tally is None or row.result["preview"]["digest"] != digest:
        await session.flush()
        return Written(row, stale=True)
    if not tally.good:
        raise WrongState("没有可以写入的行。", "There is no good row to write.")
    try:
        if outline.kind is Kind.ENTERPRISES:
            await enterprise_actions.write_staged(connection)
        else:
            await risk_point_actions.write_staged(connection)
    except psycopg.DatabaseError as error:
        if not (error.sqlstate or "").startswith(_REFUSALS):
            raise
        raise Conflict(
            "登记库拒绝写入：有编号、信用代码或名称已被登记（可能在您的管辖范围之外），或登记库刚被他人修改。"
            "没有写入任何内容，请重新检查文件。",
            "The register refused: a number, credit code or name is taken, perhaps beyond your area, or somebody "
            "changed the register just now. Nothing was written; check the file again.",
        ) from error
    row.state = State.COMMITTED
    row.committed_at = now
    await session.flush()
    return Written(row, stale=False)


async def cancel(session: AsyncSession, upload_id: uuid.UUID) -> None:
    """Give an upload up. Raises NotFound, WrongState once it is written. Giving up twice is giving up once."""
    row = await queries.upload_of(session, upload_id, lock=True)
    if row.state == State.COMMITTED:
        raise _closed(row)
    row.state = State.CANCELLED
    row.content = b""  # nobody can decide on it any more
    await session.flush()


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


def _keep_outcome(row: ImportUpload, outline: Outline, tally: Tally | None) -> None:
    """The state and the preview. What the file said of itself is kept as if it had been chosen."""
    row.kind, row.sheet, row.state = outline.kind, outline.sheet, outline.state
    row.result = outline.to_wire() | ({} if tally is None else tally.to_wire())


async def _check(
    session: AsyncSession,
    viewer: Viewer,
    row: ImportUpload,
    *,
    content: bytes,
    now: datetime,
    writing: bool = False,
) -> tuple[Outline, Tally | None]:
    """Read a file and judge its rows; None while something is still to be said. writing: put aside what is to be written."""
    outline = await asyncio.to_thread(read_outline, content, row.filename, _choice_of(row))
    if outline.state is not State.PREVIEWED or outline.layout is None:
        return outline, None
    layout = outline.layout
    connection = await driver_of(session)
    seed = (row.sha256, outline.datum, layout.heading.number, sorted(layout.columns.items()))
    ground = _Ground(
        connection=connection,
        viewer=viewer,
        vocabulary=await queries.vocabulary(session, today=day_of(now)),
        atlas=await queries.atlas(session, connection, viewer),
        outline=outline,
        layout=layout,
        tally=Tally(layout.kind, layout.sheet, seed),
        demo=row.demo,
        writing=writing,
    )
    if layout.kind is Kind.ENTERPRISES:
        await _check_enterprises(session, ground)
    else:
        await _check_risk_points(session, ground)
    return outline, ground.tally


async def _check_enterprises(session: AsyncSession, ground: _Ground) -> None:
    judge = EnterpriseJudge(ground.vocabulary, ground.atlas, ground.demo)
    trade = _Trade(
        read=lambda row: read_enterprise(row, ground.vocabulary, ground.datum),
        look_up=lambda drafts: queries.enterprise_register(ground.connection, drafts, lock=ground.writing),
        ask=ask_of_enterprise,
        judge=judge.judge,
    )
    numbers: dict[FirmKey, int] = {}
    if ground.writing:
        await enterprise_actions.begin_staging(ground.connection)
    async for written in _judged(session, ground, trade):
        sites = [(numbers.setdefault(one.firm, len(numbers)), one.site, one.contact) for one in written]
        if ground.writing:
            await enterprise_actions.stage_sites(ground.connection, sites)
    firms = [(number, judge.firms[key].record(demo=ground.demo)) for key, number in numbers.items()]
    for firm in firms:
        ground.tally.mix(firm)
    if ground.writing:
        await enterprise_actions.stage_enterprises(ground.connection, firms)


async def _check_risk_points(session: AsyncSession, ground: _Ground) -> None:
    judge = RiskPointJudge(ground.vocabulary, ground.atlas, ground.demo, ground.outline.doubles)
    assessor = Assessor(ground.vocabulary)
    trade = _Trade(
        read=lambda row: read_risk_point(row, ground.vocabulary, assessor, ground.datum),
        look_up=lambda drafts: queries.risk_point_register(ground.connection, drafts, lock=ground.writing),
        ask=ask_of_risk_point,
        judge=judge.judge,
    )
    if ground.writing:
        await risk_point_actions.begin_staging(ground.connection)
    count = 0
    async for written in _judged(session, ground, trade):
        if ground.writing:
            await risk_point_actions.stage(ground.connection, list(enumerate(written, count)))
        count += len(written)


async def _judged(
    session: AsyncSession, ground: _Ground, trade: _Trade[Draft, Register, Writing]
) -> AsyncIterator[list[Writing]]:
    """Judge all rows slice by slice, count them in, and give what each slice writes. Python works beside the event loop."""
    rows = ground.outline.rows()

    def read() -> list[tuple[RowReader, Draft]]:
        readers = [RowReader(row, ground.layout) for row in islice(rows, SLICE)]
        return [(reader, trade.read(reader)) for reader in readers]

    while part := await asyncio.to_thread(read):
        register = await trade.look_up([draft for _, draft in part])
        asked = {
            row.number: question
            for row, draft in part
            if (question := trade.ask(draft, register, ground.atlas)) is not None
        }
        answers = await _answer(session, ground, asked)
        yield await asyncio.to_thread(_judge_part, part, register, answers, (trade, ground.tally))


def _judge_part(
    part: Sequence[tuple[RowReader, Draft]],
    register: Register,
    answers: _Answers,
    into: tuple[_Trade[Draft, Register, Writing], Tally],
) -> list[Writing]:
    trade, tally = into
    writings: list[Writing] = []
    for row, draft in part:
        home, distance_m = answers.get(row.number, (None, None))
        outcome, writing = trade.judge(row, draft, register, home=home, distance_m=distance_m)
        tally.add(outcome)
        if writing is not None:
            writings.append(writing)
    return writings


async def _answer(session: AsyncSession, ground: _Ground, asked: Mapping[int, Question]) -> _Answers:
    """Locate positions, and measure how far those lie outside that the boundaries put elsewhere than the row does."""
    positions = {row: question.geom for row, question in asked.items()}
    homes = await queries.homes(ground.connection, ground.viewer, positions)
    doubtful = [
        Stated(row, home.lon, home.lat, territory)
        for row, home in homes.items()
        if (territory := disputed(asked[row].stated, home, ground.atlas)) is not None
    ]
    found = await territory_queries.contradictions(session, doubtful) if doubtful else []
    distances = {outside.row: outside.distance_m for outside in found}
    return {row: (home, distances.get(row)) for row, home in homes.items()}
