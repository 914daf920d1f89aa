"""Large files: work that outlives its request, is seen, is stopped, and is taken up again after a kill."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from psycopg import sql

from tests.browser.server import Server
from tests.conftest import Database, serving
from tests.service.imports.register import csv_of, rows_of

HEADINGS = ("企业名称", "经度", "纬度", "地址")
PATIENCE_SECONDS = 240.0
# Long addresses make a file of the size that is worked on in the background; a MiB of short ones takes longer to check.
ROWS = 2500
BUSINESS = ("enterprise", "site", "site_contact", "risk_point")


def large(rows: int = ROWS) -> bytes:
    """A register of more than 1 MiB."""
    content = csv_of(
        HEADINGS,
        *(
            (f"演示{n}厂", f"{125.3 + n % 100 / 1000:.4f}", f"{43.85 + n / 100000:.5f}", "演示路" * 60)
            for n in range(rows)
        ),
    )
    assert len(content) > 1 << 20
    return content


def written(database: Database) -> int:
    """How many business rows there are."""
    return sum(rows_of(database, f"SELECT count(*) FROM {table}")[0][0] for table in BUSINESS)


async def hand_in(client: httpx.AsyncClient) -> dict[str, Any]:
    answer = await client.post("/api/imports", files={"file": ("大表.csv", large())}, data={"datum": "WGS84"})
    assert answer.status_code == 201, answer.text
    seen: dict[str, Any] = answer.json()
    return seen


async def settled(client: httpx.AsyncClient, upload: dict[str, Any]) -> dict[str, Any]:
    """Ask until nobody works on it any more."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        seen: dict[str, Any] = (await client.get(f"/api/imports/{upload['id']}")).json()
        if seen["state"] not in ("checking", "writing"):
            return seen
        await asyncio.sleep(0.1)
    raise AssertionError("it is still being worked on")


async def said(client: httpx.AsyncClient, upload: dict[str, Any]) -> dict[str, Any]:
    """How far the work has come, once all rows are said to be checked."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        progress: dict[str, Any] = (await client.get(f"/api/imports/{upload['id']}")).json()["progress"]
        if progress["checked"] == ROWS:
            return progress
        await asyncio.sleep(0.1)
    raise AssertionError("nobody says how far it has come")


async def wish(client: httpx.AsyncClient, seen: dict[str, Any]) -> httpx.Response:
    return await client.post(f"/api/imports/{seen['id']}/commit", json={"digest": seen["preview"]["digest"]})


@contextmanager
def held_up(database: Database, table: str = "site") -> Any:
    """Whoever wants to add rows has to wait; a function that waits until somebody does, and gives its process id."""
    holder, watcher = (psycopg.connect(database.superuser_url, autocommit=own) for own in (False, True))
    with closing(holder), closing(watcher):
        holder.execute(sql.SQL("LOCK TABLE {} IN SHARE MODE").format(sql.Identifier(table)))

        async def waiting() -> int:
            deadline = time.monotonic() + PATIENCE_SECONDS
            while time.monotonic() < deadline:
                row = watcher.execute(
                    "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                    " AND wait_event_type = 'Lock' AND wait_event = 'relation'"
                ).fetchone()
                if row:
                    return int(row[0])
                await asyncio.sleep(0.05)
            raise AssertionError("nobody waits")

        yield waiting


async def test_a_large_file_is_checked_and_written_beside_its_requests(
    client: httpx.AsyncClient, database: Database
) -> None:
    seen = await hand_in(client)
    assert (seen["state"], seen["preview"]) == ("checking", None)
    assert set(seen["progress"]) == {"rows", "read", "checked", "written"}
    url = f"/api/imports/{seen['id']}"
    assert (await client.patch(url, json={"datum": "GCJ02"})).json()["error"] == "wrong_state"
    ready = await settled(client, seen)
    assert (ready["state"], ready["preview"]["good"], ready["progress"]) == ("previewed", ROWS, None)
    assert written(database) == 0
    first, second = await asyncio.gather(wish(client, ready), wish(client, ready))
    assert (first.status_code, second.status_code) == (200, 200)
    done = await settled(client, ready)
    assert done["state"] == "committed"
    assert (await wish(client, done)).json()["state"] == "committed"
    assert rows_of(database, "SELECT count(*), min(version), max(version) FROM site") == [(ROWS, 1, 1)]
    said = "SELECT row_count, rows_read, rows_checked, rows_written FROM import_progress"
    for _ in range(100):  # the last word is said right after the work is done
        if rows_of(database, said) == [(ROWS,) * 4]:
            break
        await asyncio.sleep(0.1)
    assert rows_of(database, said) == [(ROWS,) * 4]


async def test_cancelling_while_it_is_written_leaves_nothing(
    client: httpx.AsyncClient, database: Database
) -> None:
    ready = await settled(client, await hand_in(client))
    with held_up(database) as waiting:
        assert (await wish(client, ready)).json()["state"] == "writing"
        await waiting()
        progress = await said(client, ready)
        assert (await client.delete(f"/api/imports/{ready['id']}")).status_code == 204
    assert (progress["rows"], progress["checked"], progress["written"] < ROWS) == (ROWS, ROWS, True)
    assert (await settled(client, ready))["state"] == "cancelled"
    assert written(database) == 0
    assert (await client.delete(f"/api/imports/{ready['id']}")).status_code == 204


async def test_cancelling_while_it_is_checked_leaves_nothing(
    client: httpx.AsyncClient, database: Database
) -> None:
    seen = await hand_in(client)
    assert (await client.delete(f"/api/imports/{seen['id']}")).status_code == 204
    assert (await settled(client, seen))["state"] == "cancelled"
    assert written(database) == 0


async def test_a_killed_database_connection_is_no_end(client: httpx.AsyncClient, database: Database) -> None:
    ready = await settled(client, await hand_in(client))
    with held_up(database) as waiting, psycopg.connect(database.superuser_url, autocommit=True) as killer:
        await wish(client, ready)
        killer.execute("SELECT pg_terminate_backend(%s)", (await waiting(),))
        assert written(database) == 0
    # The next look takes the work up again.
    assert (await settled(client, ready))["state"] == "committed"
    assert rows_of(database, "SELECT count(*) FROM site") == [(ROWS,)]


async def test_a_register_that_moved_on_is_said_when_the_work_is_over(
    client: httpx.AsyncClient, database: Database
) -> None:
    ready = await settled(client, await hand_in(client))
    other = csv_of(HEADINGS, ("演示7厂", "125.31", "43.86", "别处"))
    small = (
        await client.post("/api/imports", files={"file": ("x.csv", other)}, data={"datum": "WGS84"})
    ).json()
    assert (await wish(client, small)).json()["state"] == "committed"
    await wish(client, ready)
    again = await settled(client, ready)
    assert (again["state"], again["stale"]) == ("previewed", True)
    assert again["preview"]["digest"] != ready["preview"]["digest"]
    assert rows_of(database, "SELECT count(*) FROM enterprise") == [(1,)]


@pytest.fixture
async def office(database: Database, tmp_path: Path) -> AsyncIterator[Server]:
    """The service as a process of its own."""
    server = Server(database, tmp_path / "server.log")
    await asyncio.to_thread(server.start)
    try:
        yield server
    finally:
        server.stop()


async def test_a_killed_server_leaves_nothing_half_and_loses_nothing(
    office: Server, database: Database
) -> None:
    async with office.signed_in(timeout=PATIENCE_SECONDS) as client:
        ready = await settled(client, await hand_in(client))
        with held_up(database) as waiting:
            assert (await wish(client, ready)).json()["state"] == "writing"
            await waiting()
            office.stop()
            assert written(database) == 0
        await asyncio.to_thread(office.start)
        assert (await settled(client, ready))["state"] == "committed"
    assert rows_of(database, "SELECT count(*), count(DISTINCT enterprise_id) FROM site") == [(ROWS, ROWS)]


async def test_a_service_that_ends_in_good_order_hands_its_work_on(database: Database) -> None:
    async with serving(database) as client:
        seen = await hand_in(client)
    async with serving(database) as client:
        assert (await settled(client, seen))["state"] == "previewed"
