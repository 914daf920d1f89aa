"""A client that hangs up is not worked for: its query is cancelled in the database."""

import asyncio

import psycopg
import pytest

from tests.conftest import Database
from tests.listening import BUSY, SOON, listening, until

WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'riskmap_app'"
    " AND state = 'active' AND wait_event_type = 'Lock'"
)


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
