"""Code lists in the database and over HTTP."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from service.base.answers import answer_errors
from service.base.database import make_engine, owner_session, scoped_session
from service.base.errors import Conflict, NotFound
from service.base.settings import Settings
from service.base.viewer import Viewer
from service.codes import actions, queries, routes
from service.codes.rules.documents import Text
from service.codes.rules.lists import Certainty, CodeList, Edition, Entry, Step
from tests.conftest import Database

NOBODY = Viewer(person="nobody", name="nobody")  # code lists are the same for everybody


@pytest.fixture
async def owner(bare_database: Database) -> AsyncIterator[AsyncEngine]:
    engine = make_engine(bare_database.owner_url, Settings())
    yield engine
    await engine.dispose()


@pytest.fixture
async def reader(bare_database: Database) -> AsyncIterator[AsyncEngine]:
    engine = make_engine(bare_database.app_url, Settings())
    yield engine
    await engine.dispose()


async def load_shipped(owner: AsyncEngine) -> list[actions.LoadedList]:
    async with owner_session(owner) as session:
        return await actions.load_definitions(session)


@pytest.fixture
async def loaded(owner: AsyncEngine) -> AsyncEngine:
    """The owner's engine on a database that holds the shipped lists."""
    await load_shipped(owner)
    return owner


@pytest.fixture
async def client(owner: AsyncEngine, reader: AsyncEngine) -> AsyncIterator[httpx.AsyncClient]:
    """Speaks to the routes alone, as the app role, with the shipped lists loaded."""
    await load_shipped(owner)
    app = FastAPI()
    app.include_router(routes.router)
    answer_errors(app)
    app.state.engine = reader

    @app.middleware("http")
    async def arrive(request, call_next):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        request.state.viewer = NOBODY
        return await call_next(request)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as speaker:
        yield speaker


def small(**names: str) -> CodeList:
    """Two editions of a list with codes 1, 2 and the child 21; names by code change the wording."""

    def edition(name: str, begins: date) -> Edition:
        codes = (("1", None), ("2", None), ("21", "2"))
        entries = tuple(
            Entry(code, parent, Text(names.get(f"c{code}", f"名{code}"), f"name {code}"), sort)
            for sort, (code, parent) in enumerate(codes, start=1)
        )
        return Edition(name, "here", begins, None, entries)

    steps = tuple(Step("old", code, "new", code, Certainty.EXACT, "") for code in ("1", "21"))
    return CodeList("small", (edition("old", date(2020, 1, 1)), edition("new", date(2026, 1, 1))), steps)


async def load(engine: AsyncEngine, code_list: CodeList) -> tuple[int, int, int]:
    async with owner_session(engine) as session:
        loaded = await actions.load_list(session, code_list)
    return loaded.added, loaded.changed, loaded.unchanged


async def test_loading_twice_changes_nothing(owner: AsyncEngine) -> None:
    first = await load_shipped(owner)
    second = await load_shipped(owner)
    assert [loaded.list_id for loaded in first] == [loaded.list_id for loaded in second]
    assert len(first) == 8
    assert all(loaded.added > 0 and loaded.changed == 0 for loaded in first)
    assert all((loaded.added, loaded.changed) == (0, 0) for loaded in second)
    assert [loaded.unchanged for loaded in second] == [loaded.added for loaded in first]


async def test_wording_is_mended_and_steps_follow_the_definition(owner: AsyncEngine) -> None:
    assert await load(owner, small()) == (6, 0, 0)
    unsure = Step("old", "1", "new", "2", Certainty.NEEDS_CONFIRMATION, "asked")
    assert await load(owner, replace(small(c1="改"), steps=(unsure,))) == (0, 2, 4)
    async with owner_session(owner) as session:
        names = await queries.names_by_code(session, "small", edition="old")
        assert names == {"1": Text("改", "name 1"), "2": Text("名2", "name 2"), "21": Text("名21", "name 21")}
        change = await queries.change_of(session, "small", "1", from_edition="old", to_edition="new")
        assert (change.certainty, change.candidates) == (Certainty.NEEDS_CONFIRMATION, ("2",))
        (step,) = await queries.mappings(session, "small")
        assert step.note == "asked"


@pytest.mark.parametrize("upheaval", ["code", "edition", "parent"])
async def test_what_rows_may_point_at_does_not_vanish_or_move(owner: AsyncEngine, upheaval: str) -> None:
    sound = small()
    await load(owner, sound)
    old, new = sound.editions
    changed = {
        "code": replace(sound, editions=(old, replace(new, entries=new.entries[:1])), steps=sound.steps[:1]),
        "edition": replace(sound, editions=(new,), steps=()),
        "parent": replace(
            sound,
            editions=(
                old,
                replace(new, entries=(*new.entries[:2], replace(new.entries[2], parent_code="1"))),
            ),
        ),
    }[upheaval]
    with pytest.raises(Conflict) as refused:
        await load(owner, changed)
    assert refused.value.details["list"] == "small"
    assert await load(owner, sound) == (0, 0, 6), "nothing of the refused definition was kept"


async def test_the_app_role_reads_and_never_writes(
    bare_database: Database, owner: AsyncEngine, reader: AsyncEngine
) -> None:
    await load(owner, small())
    async with scoped_session(reader, NOBODY) as session:
        assert len(await queries.entries(session, "small")) == 6
        assert len(await queries.entries(session, "small", edition="new")) == 3
    with (
        psycopg.connect(bare_database.app_url) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("UPDATE code_entry SET name_zh = 'x'")


async def test_the_edition_in_force_is_the_latest_begun_and_not_ended(loaded: AsyncEngine) -> None:
    async with owner_session(loaded) as session:
        on = {
            date(2026, 6, 30): "GB 6441-1986",
            date(2026, 7, 1): "GB 6441-2025",
        }
        for day, edition in on.items():
            assert await queries.edition_in_force(session, "accident_category", on=day) == edition
        assert await queries.edition_in_force(session, "measure_kind", on=date(2026, 7, 1)) == "canonical-1"
        with pytest.raises(NotFound, match="no edition in force on 1986-01-01"):
            await queries.edition_in_force(session, "accident_category", on=date(1986, 1, 1))


async def test_a_code_changes_edition_or_asks(loaded: AsyncEngine) -> None:
    async with owner_session(loaded) as session:

        async def change(code: str, to_edition: str) -> tuple[Certainty, tuple[str, ...]]:
            found = await queries.change_of(
                session, "accident_category", code, from_edition="GB 6441-1986", to_edition=to_edition
            )
            return found.certainty, found.candidates

        assert await change("16", "GB 6441-2025") == (Certainty.EXACT, ("14",))
        assert await change("19", "GB 6441-2025") == (Certainty.NEEDS_CONFIRMATION, ("23", "24"))
        assert await change("16", "GB 6441-1986") == (Certainty.EXACT, ("16",))
        assert await change("16", "GB 6441-2099") == (Certainty.NEEDS_CONFIRMATION, ())
        with pytest.raises(NotFound, match="has no code 99"):
            await change("99", "GB 6441-2025")


async def test_industry_paths_lead_from_the_top_and_fit_the_scope_function(
    loaded: AsyncEngine, bare_database: Database
) -> None:
    async with owner_session(loaded) as session:
        paths = await queries.paths_by_code(session, "regulatory_industry", edition="1")
    assert paths["gas"] == "gas"
    assert paths["gas_pipelines"] == "gas.gas_pipelines"
    with psycopg.connect(bare_database.owner_url) as connection:
        row = connection.execute(
            "SELECT industry_scopes_of(ARRAY['gas_pipelines'], 'cn.220000'::ltree)::text[]"
        ).fetchone()
        assert row is not None
        assert sorted(row[0]) == ["gas.cn.220000", "gas_pipelines.cn.220000"]
        for path in paths.values():
            connection.execute("SELECT %s::ltree", (path,))


async def test_names_of_some_codes(loaded: AsyncEngine) -> None:
    async with owner_session(loaded) as session:
        find = queries.names_of
        assert await find(session, "accident_category", ["12", "99"], edition="GB 6441-1986") == {
            "12": Text("透水", "water inrush")
        }
        assert await find(session, "accident_category", ["12"], edition=None) == {
            "12": Text("坍塌", "collapse")
        }
        assert await find(session, "accident_category", [], edition=None) == {}


async def test_a_list_over_http(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/codes/accident_category", params={"edition": "GB 6441-1986"})
    assert answer.status_code == 200
    body = answer.json()
    assert body["list"] == "accident_category"
    assert body["edition"] == "GB 6441-1986"
    assert body["editions"] == [
        {"edition": "GB 6441-1986", "valid_from": "1987-02-01", "valid_to": "2026-07-01"},
        {"edition": "GB 6441-2025", "valid_from": "2026-07-01", "valid_to": None},
    ]
    assert body["entries"][0] == {
        "code": "01",
        "parent_code": None,
        "name": {"zh": "物体打击", "en": "struck by object"},
        "sort": 1,
    }
    industries = (await client.get("/api/codes/regulatory_industry")).json()
    pipelines = next(entry for entry in industries["entries"] if entry["code"] == "gas_pipelines")
    assert pipelines["parent_code"] == "gas"


@pytest.mark.parametrize(
    ("path", "status", "error"),
    [
        ("/api/codes/nothing", 404, "not_found"),
        ("/api/codes/accident_category?edition=GB%206441-1900", 404, "not_found"),
        ("/api/codes/Nothing", 422, "malformed"),
        ("/api/codes/a%00b", 422, "malformed"),
        ("/api/codes/accident_category?edition=%00", 422, "malformed"),
        (f"/api/codes/accident_category?edition={'x' * 100}", 422, "malformed"),
    ],
)
async def test_what_is_not_there_or_not_a_list(
    client: httpx.AsyncClient, path: str, status: int, error: str
) -> None:
    answer = await client.get(path)
    assert answer.status_code == status
    body = answer.json()
    assert body["error"] == error
    assert set(body) == {"error", "message", "message_en", "details"}
