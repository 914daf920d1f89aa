"""A client that hangs up is not worked for: its query is cancelled in the database."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
import pytest
import uvicorn

from service.app import create_app
from service.base.settings import Settings
from service.territories.queries import whole_territory
from tests.conftest import Database

SOON = 5.0  # seconds
WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'riskmap_app'"
    " AND state = 'active' AND wait_event_type = 'Lock'"
)
BUSY = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'riskmap_app'"
    " AND state <> 'idle'"
)


@asynccontextmanager
async def listening(database: Database, *, sign_in: bool = False, **settings: object) -> AsyncIterator[int]:
    """The service behind a real socket; its port. sign_in: everybody has to, else all have the operator's eyes."""
    app = create_app(Settings.model_validate(settings), database_url=database.app_url)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn tells it by a plain flag
        await asyncio.sleep(0.02)
    if not sign_in:
        app.state.viewer = await whole_territory(app.state.engine, app.state.settings.territory)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await serving


async def until(watcher: psycopg.AsyncConnection, question: str, answer: int) -> None:
    """Until a count is so; bounded."""
    async with asyncio.timeout(SOON):
        while True:
            row = await (await watcher.execute(question)).fetchone()
            if row == (answer,):
                return
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("layers", ["cells", "risk_points", "enterprises,cells"])
async def test_the_query_of_a_client_that_hangs_up_ends(database: Database, layers: str) -> None:
    async with (
        listening(database) as port,
        await psycopg.AsyncConnection.connect(database.owner_url) as owner,
        await psycopg.AsyncConnection.connect(database.superuser_url, autocommit=True) as watcher,
    ):
        # Whoever draws a tile now waits for as long as this test likes.
        await owner.execute("LOCK TABLE risk_point, cell_stat IN ACCESS EXCLUSIVE MODE")
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET /tiles/{layers}/9/434/186.mvt HTTP/1.1\r\nHost: map\r\n\r\n".encode())
        await until(watcher, WAITING, 1)
        writer.close()
        await until(watcher, BUSY, 0)
        await owner.rollback()


async def test_a_client_that_waits_is_answered(database: Database) -> None:
    async with (
        listening(database) as port,
        await psycopg.AsyncConnection.connect(database.owner_url) as owner,
        await psycopg.AsyncConnection.connect(database.superuser_url, autocommit=True) as watcher,
    ):
        await owner.execute("LOCK TABLE risk_point, cell_stat IN ACCESS EXCLUSIVE MODE")
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /tiles/cells/9/434/186.mvt HTTP/1.1\r\nHost: map\r\n\r\n")
        await until(watcher, WAITING, 1)
        await owner.rollback()
        assert (await asyncio.wait_for(reader.readline(), SOON)).startswith(b"HTTP/1.1 200")
        writer.close()
