"""Publishing methods: once, for ever, and a new fold without a line of code."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from importlib.resources import files

import psycopg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from service.base.database import make_engine, owner_session
from service.base.errors import Conflict, NotFound
from service.base.settings import Settings
from service.codes.rules.documents import DefinitionRejected
from service.grading import actions, queries
from service.grading.actions import Outcome
from service.grading.rules.grades import Grade
from service.grading.rules.methods import Method
from service.grading.rules.verdicts import Verdict, assess
from tests.conftest import Database

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
FOLD_A = (files("service.grading") / "definitions" / "lec_fold_a.yaml").read_text(encoding="utf-8")

# What a city would write to move the boundary between yellow and orange from 160 down to 100 next year.
NEW_FOLD = (
    FOLD_A.replace("version: 1\n", "version: 2027\n")
    .replace("valid_from: 2016-01-01\n", "valid_from: 2027-01-01\n")
    .replace("from: 160, to: 320", "from: 100, to: 320")
    .replace("from: 70, below: 160", "from: 70, below: 100")
)
INPUTS = {"L": "10", "E": "1", "C": "15"}  # D = 150


@pytest.fixture
async def owner(bare_database: Database) -> AsyncIterator[AsyncEngine]:
    engine = make_engine(bare_database.owner_url, Settings())
    yield engine
    await engine.dispose()


async def publish(engine: AsyncEngine, yaml_text: str) -> Outcome:
    async with owner_session(engine) as session:
        return (await actions.publish_text(session, yaml_text, now=NOW)).outcome


async def assess_on(engine: AsyncEngine, day: date) -> Verdict:
    """A new assessment as the register makes it: with the version in force on its day."""
    async with owner_session(engine) as session:
        return assess(await queries.method_in_force(session, "lec_fold_a", on=day), INPUTS)


async def test_old_results_keep_their_fold_and_new_ones_take_the_new(owner: AsyncEngine) -> None:
    await publish(owner, FOLD_A)
    before = await assess_on(owner, date(2026, 12, 31))
    assert (before.grade, before.method.version) == (Grade.GENERAL, "1")

    assert await publish(owner, NEW_FOLD) is Outcome.PUBLISHED

    after = await assess_on(owner, date(2027, 1, 1))
    assert (after.grade, after.method.version) == (Grade.LARGE, "2027")
    assert after.reasons_to_wire()[2]["text"] == "100 ≤ D ≤ 320"
    assert await assess_on(owner, date(2026, 12, 31)) == before, (
        "a late entry of an old date keeps its day's fold"
    )
    async with owner_session(owner) as session:
        kept = await queries.method_version(session, before.method.id, version=before.method.version)
    assert assess(kept, before.inputs) == before, "the recorded version explains the recorded result"


async def test_publishing_twice_changes_nothing(owner: AsyncEngine) -> None:
    assert await publish(owner, FOLD_A) is Outcome.PUBLISHED
    relaid = "# another comment\n" + FOLD_A.replace("value: 10\n", "value: 10.0\n")
    assert relaid != FOLD_A
    assert await publish(owner, relaid) is Outcome.UNCHANGED
    async with owner_session(owner) as session:
        (row,) = await queries.rows(session)
    assert row.published_at == NOW
    assert len(row.digest) == 64


async def test_a_published_version_never_takes_other_content(owner: AsyncEngine) -> None:
    await publish(owner, FOLD_A)
    with pytest.raises(Conflict, match="never changes") as refused:
        await publish(owner, FOLD_A.replace("below: 160", "below: 161").replace("from: 160", "from: 161"))
    assert refused.value.details == {"method": "lec_fold_a", "version": "1"}
    async with owner_session(owner) as session:
        (method,) = await queries.published(session)
    assert assess(method, INPUTS).grade is Grade.GENERAL


async def test_two_versions_do_not_begin_on_one_day(owner: AsyncEngine) -> None:
    await publish(owner, FOLD_A)
    with pytest.raises(Conflict, match="choose another day"):
        await publish(owner, FOLD_A.replace("version: 1\n", "version: 2\n"))


async def test_an_end_date_may_be_set_later_and_is_not_lost_by_publishing_again(owner: AsyncEngine) -> None:
    await publish(owner, FOLD_A)
    ended = FOLD_A.replace("valid_from: 2016-01-01\n", "valid_from: 2016-01-01\nvalid_to: 2026-12-01\n")
    assert await publish(owner, ended) is Outcome.END_SET
    assert await publish(owner, ended) is Outcome.UNCHANGED
    assert await publish(owner, FOLD_A) is Outcome.UNCHANGED
    assert (await assess_on(owner, date(2026, 11, 30))).method.version == "1"
    with pytest.raises(NotFound, match="no version in force on 2026-12-01"):
        await assess_on(owner, date(2026, 12, 1))


async def test_a_refused_definition_leaves_nothing(owner: AsyncEngine) -> None:
    with pytest.raises(DefinitionRejected):
        await publish(owner, FOLD_A.replace("from: 160", "from: 150"))
    async with owner_session(owner) as session:
        assert await queries.rows(session) == []


async def test_all_shipped_methods_are_published_and_come_back_equal(owner: AsyncEngine) -> None:
    async with owner_session(owner) as session:
        first = await actions.load_definitions(session, now=NOW)
    async with owner_session(owner) as session:
        again = await actions.load_definitions(session, now=NOW)
        stored: dict[str, Method] = {method.id: method for method in await queries.published(session)}
    assert {publication.outcome for publication in first} == {Outcome.PUBLISHED}
    assert {publication.outcome for publication in again} == {Outcome.UNCHANGED}
    assert stored == {publication.method.id: publication.method for publication in first}
    assert len(stored) == 8


async def test_what_is_not_published_is_not_found(owner: AsyncEngine) -> None:
    await publish(owner, FOLD_A)
    async with owner_session(owner) as session:
        with pytest.raises(NotFound, match="no version 9"):
            await queries.method_version(session, "lec_fold_a", version="9")
        with pytest.raises(NotFound):
            await queries.method_in_force(session, "lec_fold_a", on=date(2015, 12, 31))
        with pytest.raises(NotFound):
            await queries.method_in_force(session, "hazop", on=date(2026, 1, 1))


async def test_the_database_itself_keeps_what_was_published(
    owner: AsyncEngine, bare_database: Database
) -> None:
    await publish(owner, FOLD_A)
    for statement in (
        "UPDATE grading_method SET definition = '{}'",
        "UPDATE grading_method SET valid_from = '2015-01-01'",
        "DELETE FROM grading_method",
    ):
        with (
            psycopg.connect(bare_database.owner_url) as connection,
            pytest.raises(psycopg.Error, match="never changed"),
        ):
            connection.execute(statement)
    with (
        psycopg.connect(bare_database.app_url) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("UPDATE grading_method SET valid_to = '2030-01-01'")
