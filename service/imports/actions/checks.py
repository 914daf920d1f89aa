"""Reading and judging an upload: slice by slice, so that statements and memory are counted by slice, not by row."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Generic, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from geo.crs import Datum
from service.base.clock import day_of
from service.base.statements import Connection, driver_of
from service.base.viewer import Viewer
from service.enterprises import actions as enterprise_actions
from service.imports import queries
from service.imports.actions import kept
from service.imports.models import ImportUpload
from service.imports.rules.assessments import Assessor
from service.imports.rules.cells import RowReader
from service.imports.rules.datum_doubts import MOST_ROWS, DatumDoubt
from service.imports.rules.enterprise_outcomes import EnterpriseJudge, FirmKey
from service.imports.rules.enterprise_rows import read_enterprise
from service.imports.rules.fields import Kind
from service.imports.rules.headings import Layout
from service.imports.rules.outcome import RowOutcome, Tally
from service.imports.rules.placements import Atlas, Home, disputed
from service.imports.rules.problems import Note
from service.imports.rules.progress import Progress
from service.imports.rules.questions import (
    Question,
    Testimony,
    ask_of_enterprise,
    ask_of_risk_point,
    testify_of_enterprise,
    testify_of_risk_point,
)
from service.imports.rules.risk_point_outcomes import RiskPointJudge
from service.imports.rules.risk_point_rows import read_risk_point
from service.imports.rules.vocabulary import Vocabulary
from service.imports.workbook import Choice, Outline, State, read_outline
from service.risk_points import actions as risk_point_actions
from service.territories import queries as territory_queries
from service.territories.queries import Stated

# Rows that are asked about together: the statements are counted by slice, and the memory for it is bounded (10,000 rows
# take 200 MB while they are judged, and the next slice is read meanwhile).
SLICE = 2_500
# Where there is no position, none is asked about; a datum is still a value.
_ANY_DATUM = Datum.CGCS2000

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
    witness: Callable[[Draft, Register, Atlas], Testimony]


@dataclass(frozen=True)
class _Ground:
    """What the rows of one check are read against."""

    connection: Connection
    viewer: Viewer
    upload: ImportUpload
    vocabulary: Vocabulary
    atlas: Atlas
    outline: Outline
    layout: Layout
    tally: Tally
    demo: bool
    writing: bool
    progress: Progress
    doubt: DatumDoubt

    @property
    def datum(self) -> Datum:
        """The datum of the file's numbers."""
        return self.outline.datum or _ANY_DATUM


@dataclass(frozen=True)
class _Slice(Generic[Draft, Register, Writing]):
    """Rows that were judged together, what the register answered about them, and what they write."""

    drafts: Sequence[Draft]
    register: Register
    writings: Sequence[Writing]


@dataclass(frozen=True)
class Matter:
    """What is to be checked: an upload with its file and what was said of it.

    writing: put aside what is to be written; else what a register of risk points is to write is kept with the upload.
    """

    row: ImportUpload
    content: bytes
    choice: Choice
    now: datetime
    progress: Progress
    writing: bool = False


async def check(session: AsyncSession, viewer: Viewer, matter: Matter) -> tuple[Outline, Tally | None]:
    """Read a file and judge its rows; None while something is still to be said.

    Raises what `read_outline` raises, Stopped where a person gives it up meanwhile.
    """
    row, progress = matter.row, matter.progress
    progress.read = progress.checked = progress.written = 0
    connection = await driver_of(session)
    await kept.drop(connection, row)
    outline = await asyncio.to_thread(read_outline, matter.content, row.filename, matter.choice)
    progress.row_count = outline.survey.row_count
    progress.go_on()
    if outline.state is not State.PREVIEWED or outline.layout is None:
        return outline, None
    layout = outline.layout
    if layout.kind is Kind.RISK_POINTS and not matter.writing:
        # Before anything is looked up: what changes from here on is then known to have changed.
        row.ground = await kept.ground_of(connection, viewer, now=matter.now)
    seed = (row.sha256, outline.datum, layout.heading.number, sorted(layout.columns.items()))
    ground = _Ground(
        connection=connection,
        viewer=viewer,
        upload=row,
        vocabulary=await queries.vocabulary(session, today=day_of(matter.now)),
        atlas=await queries.atlas(session, connection, viewer),
        outline=outline,
        layout=layout,
        tally=Tally(layout.kind, layout.sheet, seed),
        demo=row.demo,
        writing=matter.writing,
        progress=progress,
        doubt=DatumDoubt(outline.datum or _ANY_DATUM),
    )
    ground.tally.notes += outline.notes()
    if layout.kind is Kind.ENTERPRISES:
        await _check_enterprises(session, ground)
    else:
        await _check_risk_points(session, ground)
    ground.tally.notes += await _weigh_datum(ground)
    return outline, ground.tally


async def _weigh_datum(ground: _Ground) -> list[Note]:
    """Whether the whole file looks as if its datum were another one."""
    asked = ground.doubt.readings()
    homes = {datum: await queries.homes(ground.connection, ground.viewer, asked[datum]) for datum in asked}
    return ground.doubt.weigh(homes, ground.atlas)


async def _check_enterprises(session: AsyncSession, ground: _Ground) -> None:
    judge = EnterpriseJudge(ground.vocabulary, ground.atlas, ground.demo)
    trade = _Trade(
        read=lambda row: read_enterprise(row, ground.vocabulary, ground.datum),
        look_up=lambda drafts: queries.enterprise_register(ground.connection, drafts, lock=ground.writing),
        ask=ask_of_enterprise,
        judge=judge.judge,
        witness=testify_of_enterprise,
    )
    numbers: dict[FirmKey, int] = {}
    if ground.writing:
        await enterprise_actions.begin_staging(ground.connection)
    async with aclosing(_judged(session, ground, trade)) as parts:
        async for part in parts:
            sites = [
                (numbers.setdefault(one.firm, len(numbers)), one.site, one.contact) for one in part.writings
            ]
            if ground.writing:
                await enterprise_actions.stage_sites(ground.connection, sites)
    firms = [(number, judge.firms[key].record(demo=ground.demo)) for key, number in numbers.items()]
    for firm in firms:
        ground.tally.mix(firm)
    if ground.writing:
        await enterprise_actions.stage_enterprises(ground.connection, firms)


async def _check_risk_points(session: AsyncSession, ground: _Ground) -> None:
    judge = RiskPointJudge(ground.vocabulary, ground.atlas, ground.demo, ground.outline.survey.doubles)
    assessor = Assessor(ground.vocabulary)
    trade = _Trade(
        read=lambda row: read_risk_point(row, ground.vocabulary, assessor, ground.datum),
        look_up=lambda drafts: queries.risk_point_register(ground.connection, drafts, lock=ground.writing),
        ask=ask_of_risk_point,
        judge=judge.judge,
        witness=testify_of_risk_point,
    )
    if ground.writing:
        await risk_point_actions.begin_staging(ground.connection)
    count = number = 0
    async with aclosing(_judged(session, ground, trade)) as parts:
        async for part in parts:
            lot = await asyncio.to_thread(risk_point_actions.lot_of, part.writings, first=count)
            count += len(part.writings)
            for rows in (lot.points, lot.events, lot.measures, lot.assessments):
                ground.tally.mix_bytes(rows)
            if ground.writing:
                await risk_point_actions.stage(ground.connection, lot)
            else:
                number += 1
                put_by = await asyncio.to_thread(kept.part_of, part.drafts, part.register, lot)
                await queries.keep_part(ground.connection, ground.upload, number, put_by)


async def _judged(
    session: AsyncSession, ground: _Ground, trade: _Trade[Draft, Register, Writing]
) -> AsyncGenerator[_Slice[Draft, Register, Writing], None]:
    """Judge all rows slice by slice, count them in, and give what each slice writes.

    Python works beside the event loop, and reads the next slice while the database is asked about this one.
    """
    rows = ground.outline.rows()
    progress = ground.progress

    def read() -> list[tuple[RowReader, Draft]]:
        part: list[tuple[RowReader, Draft]] = []
        for row in islice(rows, SLICE):
            reader = RowReader(row, ground.layout)
            part.append((reader, trade.read(reader)))
            progress.read += 1
            progress.go_on()
        return part

    following = asyncio.create_task(asyncio.to_thread(read))
    try:
        while part := await following:
            following = asyncio.create_task(asyncio.to_thread(read))
            yield await _judge_slice(session, part, (trade, ground))
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)


async def _judge_slice(
    session: AsyncSession,
    part: Sequence[tuple[RowReader, Draft]],
    by: tuple[_Trade[Draft, Register, Writing], _Ground],
) -> _Slice[Draft, Register, Writing]:
    """Ask the register and the boundaries about rows, and judge them."""
    trade, ground = by
    register = await trade.look_up([draft for _, draft in part])
    for _, draft in part[:MOST_ROWS]:
        ground.doubt.hear(*trade.witness(draft, register, ground.atlas))
    asked = {
        row.number: question
        for row, draft in part
        if (question := trade.ask(draft, register, ground.atlas)) is not None
    }
    answers = await _answer(session, ground, asked)
    writings = await asyncio.to_thread(_judge_part, part, register, answers, by)
    return _Slice([draft for _, draft in part], register, writings)


def _judge_part(
    part: Sequence[tuple[RowReader, Draft]],
    register: Register,
    answers: _Answers,
    by: tuple[_Trade[Draft, Register, Writing], _Ground],
) -> list[Writing]:
    trade, ground = by
    writings: list[Writing] = []
    for row, draft in part:
        home, distance_m = answers.get(row.number, (None, None))
        outcome, writing = trade.judge(row, draft, register, home=home, distance_m=distance_m)
        ground.tally.add(outcome)
        ground.progress.checked += 1
        ground.progress.go_on()
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
