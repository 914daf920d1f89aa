"""The commit comes before the answer: whoever hears 200 has it in the database."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from service.base.answers import answer_errors
from service.base.database import SessionDep, make_engine
from service.base.errors import Rejected
from service.base.settings import Settings
from service.base.viewer import Viewer
from tests.conftest import Database


@pytest.fixture
async def client(bare_database: Database) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    answer_errors(app)
    app.state.engine = make_engine(bare_database.app_url, Settings(pool_size=1))

    @app.middleware("http")
    async def look(request, call_next):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        request.state.viewer = Viewer(person="tester", name="tester")
        return await call_next(request)

    @app.post("/fails-at-commit")
    async def fails_at_commit(session: SessionDep) -> dict[str, str]:
        # A deferred constraint is looked at by the commit and not before: the route itself ends well.
        await session.execute(
            text("CREATE TEMPORARY TABLE once (a int UNIQUE DEFERRABLE INITIALLY DEFERRED)")
        )
        await session.execute(text("INSERT INTO once VALUES (1), (1)"))
        return {"saved": "yes"}

    @app.post("/refuses")
    async def refuses(session: SessionDep) -> dict[str, str]:
        await session.execute(text("INSERT INTO import_upload VALUES " + UPLOAD))
        raise Rejected("不行。", "No.")

    @app.post("/saves")
    async def saves(session: SessionDep) -> dict[str, str]:
        await session.execute(text("INSERT INTO import_upload VALUES " + UPLOAD))
        return {"saved": "yes"}

    @app.get("/count")
    async def count(session: SessionDep) -> int:
        return int(await session.scalar(text("SELECT count(*) FROM import_upload")) or 0)

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://map") as client:
        yield client
    await app.state.engine.dispose()


UPLOAD = "(gen_random_uuid(), 'tester', 'f', 's', '', NULL, NULL, NULL, NULL, 'needs_datum', '{}', false, now(), NULL)"


async def test_a_commit_that_fails_is_not_answered_as_saved(client: httpx.AsyncClient) -> None:
    answer = await client.post("/fails-at-commit")
    assert answer.status_code == 500
    assert answer.json()["error"] == "internal"
    assert "once" not in answer.text


async def test_a_refusal_leaves_nothing(client: httpx.AsyncClient) -> None:
    answer = await client.post("/refuses")
    assert (answer.status_code, answer.json()["error"]) == (422, "rejected")
    assert (await client.get("/count")).json() == 0


async def test_what_was_answered_as_saved_is_there(client: httpx.AsyncClient) -> None:
    assert (await client.post("/saves")).status_code == 200
    assert (await client.get("/count")).json() == 1
