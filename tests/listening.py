"""The service behind a real socket, and a watcher of what its database works at."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
import uvicorn

from service.app import create_app
from service.base.settings import Settings
from service.territories.queries import whole_territory
from tests.conftest import Database

SOON = 5.0  # seconds
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


async def until(
    watcher: psycopg.AsyncConnection, question: str, answer: int, *, seconds: float = SOON
) -> None:
    """Until a count is so; bounded."""
    async with asyncio.timeout(seconds):
        while True:
            row = await (await watcher.execute(question)).fetchone()
            if row == (answer,):
                return
            await asyncio.sleep(0.05)
