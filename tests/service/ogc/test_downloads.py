"""Files that are made in the background: how far they are, whose they are, and what becomes of them when somebody is killed."""

import asyncio
import os
import signal
import time
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import geopandas
import httpx
import psycopg
import pytest

from service.accounts.routes.door import COOKIE
from service.ogc.actions import works
from service.ogc.actions.works import folder_of
from service.ogc.jobs import _sweep
from service.ogc.queries.counts import Matched
from service.ogc.routes import downloads, orders
from tests.accounts import Role, add_person, session_of
from tests.conftest import Database, open_service
from tests.listening import listening, until
from tests.service.ogc.asking import ask
from tests.world import CITY_PATH

POINTS = "/ogc/collections/risk_points"
WRITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'riskmap file'"
    " AND state = 'active'"
)


@pytest.fixture
async def client(demo_database: Database, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    analyst = add_person(demo_database, "analyst", Role("analyst", area=CITY_PATH))
    async with open_service(demo_database, download_dir=str(tmp_path / "files")) as found:
        found.cookies.set(COOKIE, session_of(demo_database, analyst))
        yield found


async def begin(client: httpx.AsyncClient, **query: str) -> dict[str, Any]:
    answer = await client.post(f"{POINTS}/downloads", params={"f": "parquet", **query})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    assert answer.headers["Location"].endswith(f"/ogc/downloads/{made['id']}")
    return made


async def ended(client: httpx.AsyncClient, download: str) -> dict[str, Any]:
    """A download once nobody works on it any more."""
    async with asyncio.timeout(60):
        while True:
            found = await ask(client, f"/ogc/downloads/{download}")
            if found["state"] not in {"waiting", "working"}:
                return found
            await asyncio.sleep(0.1)


async def test_a_file_is_made_looked_after_and_fetched(client: httpx.AsyncClient, tmp_path: Path) -> None:
    made = await begin(client, grade="general")
    assert (made["state"], made["collection"], made["done"]) == ("waiting", "risk_points", 0)
    done = await ended(client, made["id"])
    assert done["state"] == "done"
    address = next(link["href"] for link in done["links"] if link["rel"] == "enclosure")
    answer = await client.get(address)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="risk_points.parquet"'
    path = tmp_path / "points.parquet"
    path.write_bytes(answer.content)
    assert len(answer.content) == done["size"]
    read = geopandas.read_parquet(path)
    assert len(read) == done["done"] == done["total"] > 0
    assert set(read["grade"]) == {"general"}
    part = await client.get(address, headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.content) == (206, b"PAR1")
    listed = await ask(client, "/ogc/downloads")
    assert [one["id"] for one in listed["items"]] == [made["id"]]


async def test_it_is_nobody_elses(client: httpx.AsyncClient, demo_database: Database) -> None:
    made = await begin(client)
    await ended(client, made["id"])
    other = add_person(demo_database, "other", Role("analyst", area=CITY_PATH))
    client.cookies.set(COOKIE, session_of(demo_database, other))
    assert (await ask(client, "/ogc/downloads"))["items"] == []
    for path in (f"/ogc/downloads/{made['id']}", f"/ogc/downloads/{made['id']}/file"):
        assert (await client.get(path)).status_code == 404
    assert (await client.delete(f"/ogc/downloads/{made['id']}")).status_code == 404


async def test_whoever_sees_less_by_now_is_not_given_the_file(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    made = await begin(client)
    await ended(client, made["id"])
    with psycopg.connect(demo_database.owner_url) as connection:
        connection.execute("UPDATE appointment SET area = %s", (f"{CITY_PATH}.220105",))
    answer = await client.get(f"/ogc/downloads/{made['id']}/file")
    assert (answer.status_code, answer.json()["error"]) == (403, "not_allowed")


async def test_a_killed_process_is_followed_by_another(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    """The row of a process that said nothing for a while, as a kill leaves it."""
    made = await begin(client)
    await ended(client, made["id"])
    with psycopg.connect(demo_database.owner_url) as connection:
        connection.execute(
            "UPDATE download SET state = 'working', said_at = now() - interval '1 minute', size = NULL"
        )
    assert (await ask(client, f"/ogc/downloads/{made['id']}"))["state"] == "working"
    assert (await ended(client, made["id"]))["state"] == "done"


async def test_one_that_is_worked_on_elsewhere_is_left_to_it(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    made = await begin(client)
    await ended(client, made["id"])
    with psycopg.connect(demo_database.owner_url) as connection:
        connection.execute("UPDATE download SET state = 'working', said_at = now()")
    for _ in range(3):
        assert (await ask(client, f"/ogc/downloads/{made['id']}"))["state"] == "working"
        await asyncio.sleep(0.1)


async def nothing_left(folder: Path) -> None:
    async with asyncio.timeout(5):
        while any(folder.iterdir()):  # noqa: ASYNC110, ASYNC240 - a file's end has no event
            await asyncio.sleep(0.05)


async def test_giving_up_ends_the_query_and_leaves_no_file(
    client: httpx.AsyncClient, demo_database: Database, tmp_path: Path
) -> None:
    made = await begin(client)
    await ended(client, made["id"])
    async with (
        await psycopg.AsyncConnection.connect(demo_database.owner_url) as owner,
        await psycopg.AsyncConnection.connect(demo_database.superuser_url, autocommit=True) as watcher,
    ):
        await watcher.execute("UPDATE download SET state = 'waiting', size = NULL")
        # Whoever writes points to a file now waits for as long as this test likes.
        await owner.execute("LOCK TABLE risk_point IN ACCESS EXCLUSIVE MODE")
        await ask(client, f"/ogc/downloads/{made['id']}")
        await until(watcher, WRITING, 1)
        answer = await client.delete(f"/ogc/downloads/{made['id']}")
        assert answer.json()["state"] == "stopped"
        await owner.rollback()
        await until(watcher, WRITING, 0)
    await nothing_left(folder_of(tmp_path / "files"))


async def test_a_client_that_hangs_up_leaves_no_query_and_no_file(
    demo_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waits for a file that is made at once."""
    count = orders.counted
    async with (
        listening(demo_database, download_dir=str(tmp_path / "files")) as port,
        await psycopg.AsyncConnection.connect(demo_database.owner_url) as owner,
        await psycopg.AsyncConnection.connect(demo_database.superuser_url, autocommit=True) as watcher,
    ):

        async def count_and_lock(*args: Any, **more: Any) -> Matched:
            number = await count(*args, **more)
            await owner.execute("LOCK TABLE risk_point IN ACCESS EXCLUSIVE MODE")
            return number

        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as first:
            # The process that writes files is there from now on.
            assert (await first.get("/ogc/collections/territories/items?f=fgb")).status_code == 200
        monkeypatch.setattr(orders, "counted", count_and_lock)
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET {POINTS}/items?f=gpkg HTTP/1.1\r\nHost: map\r\n\r\n".encode())
        await until(watcher, WRITING, 1)
        writer.close()
        # The process is killed at once; PostgreSQL hears of it when the statement has rows to send.
        await nothing_left(folder_of(tmp_path / "files"))
        await owner.rollback()
        await until(watcher, WRITING, 0)


async def test_what_cannot_be_worked_out_fails_and_says_why(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row came meanwhile for which the filter has no value: when it was asked for it could still be counted."""

    async def count(*_: Any, **__: Any) -> Matched:
        return Matched(1, estimated=False)

    monkeypatch.setattr(downloads, "counted", count)
    made = await begin(client, filter="(exposed_workers + 2) ^ 5000 > 1")
    failed = await ended(client, made["id"])
    assert failed["state"] == "failed"
    assert failed["problem"]["error"] == "rejected"
    answer = await client.get(f"/ogc/downloads/{made['id']}/file")
    assert (answer.status_code, answer.json()["error"]) == (409, "wrong_state")


async def test_what_takes_longer_than_one_waits_is_pointed_to_the_background(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orders, "AT_ONCE", 100)
    answer = await client.get(f"{POINTS}/items", params={"f": "gpkg"})
    assert (answer.status_code, answer.json()["error"]) == (413, "too_large")
    assert "POST" in answer.json()["message"]
    assert (await client.get(f"{POINTS}/items", params={"f": "gpkg", "limit": "100"})).status_code == 200


@pytest.mark.parametrize("query", [{"f": "csv"}, {"f": "dwg"}, {"f": "gpkg", "nothing": "1"}, {}])
async def test_what_is_no_file(client: httpx.AsyncClient, query: dict[str, str]) -> None:
    answer = await client.post(f"{POINTS}/downloads", params=query)
    assert answer.status_code == 400


async def test_every_file_is_recorded(client: httpx.AsyncClient, demo_database: Database) -> None:
    await begin(client, grade="major")
    await client.get("/ogc/collections/territories/items", params={"f": "fgb"})
    with psycopg.connect(demo_database.superuser_url) as connection:
        noted = connection.execute(
            "SELECT subject, details ->> 'format' FROM audit_record WHERE action = 'export' ORDER BY id"
        ).fetchall()
    assert noted == [("risk_points", "parquet"), ("territories", "fgb")]


def test_old_files_are_swept(tmp_path: Path) -> None:
    old, new, left = tmp_path / "old.gpkg", tmp_path / "new.gpkg", tmp_path / "work-1"
    left.mkdir()
    (left / "half.shp").write_bytes(b"x")
    for file, age in ((old, 3 * 86_400), (new, 60), (left, 3 * 86_400)):
        if file != left:
            file.write_bytes(b"x")
        os.utime(file, (time.time() - age,) * 2)
    forgotten = uuid.uuid4()
    (tmp_path / f"{forgotten}.shp.zip").write_bytes(b"x")
    _sweep(tmp_path, [forgotten])
    assert [one.name for one in tmp_path.iterdir()] == ["new.gpkg"]


def test_files_lie_where_nobody_else_reads_and_beside_nobody_elses(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_bytes(b"x")
    folder = folder_of(tmp_path)
    assert (folder.parent, folder.stat().st_mode & 0o777) == (tmp_path, 0o700)
    assert folder_of(tmp_path) == folder
    folder.chmod(0o755)
    with pytest.raises(PermissionError):
        folder_of(tmp_path)
    folder.rmdir()
    folder.symlink_to(tmp_path)
    with pytest.raises(PermissionError):
        folder_of(tmp_path)


async def test_what_nobody_foresaw_fails_once_and_says_so(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run(_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(works, "run", run)
    made = await begin(client)
    failed = await ended(client, made["id"])
    assert (failed["state"], failed["problem"]["error"]) == ("failed", "internal")


async def test_a_file_whose_writer_was_killed_is_written_by_another(
    client: httpx.AsyncClient, demo_database: Database, tmp_path: Path
) -> None:
    """Nobody hears at once of a process that dies while it waits for work. GeoPackage would add to what was begun."""
    made = await begin(client, f="gpkg", grade="general")
    await ended(client, made["id"])
    async with (
        await psycopg.AsyncConnection.connect(demo_database.owner_url) as owner,
        await psycopg.AsyncConnection.connect(demo_database.superuser_url, autocommit=True) as watcher,
    ):
        await watcher.execute("UPDATE download SET state = 'waiting', size = NULL")
        await owner.execute("LOCK TABLE risk_point IN ACCESS EXCLUSIVE MODE")
        await ask(client, f"/ogc/downloads/{made['id']}")
        await kill_writer(watcher, leaving="risk_points.gpkg", within=tmp_path)
        await owner.rollback()
        done = await ended(client, made["id"])
    assert (done["state"], done["done"]) == ("done", done["total"])
    address = next(link["href"] for link in done["links"] if link["rel"] == "enclosure")
    path = tmp_path / "points.gpkg"
    path.write_bytes((await client.get(address)).content)
    layers = [name for name in geopandas.list_layers(path)["name"] if name != "layer_styles"]
    assert sum(len(geopandas.read_file(path, layer=name)) for name in layers) == done["total"] > 0


async def test_a_writer_that_is_killed_again_is_told_of(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    made = await begin(client)
    await ended(client, made["id"])
    async with (
        await psycopg.AsyncConnection.connect(demo_database.owner_url) as owner,
        await psycopg.AsyncConnection.connect(demo_database.superuser_url, autocommit=True) as watcher,
    ):
        await watcher.execute("UPDATE download SET state = 'waiting', size = NULL")
        await owner.execute("LOCK TABLE risk_point IN ACCESS EXCLUSIVE MODE")
        await ask(client, f"/ogc/downloads/{made['id']}")
        await kill_writer(watcher)
        await kill_writer(watcher)
        failed = await ended(client, made["id"])
        await owner.rollback()
    assert (failed["state"], failed["problem"]["error"]) == ("failed", "unavailable")


async def kill_writer(
    watcher: psycopg.AsyncConnection, *, leaving: str | None = None, within: Path | None = None
) -> None:
    """Kill the process that waits for a table to write a file of, and its session, which hears of it late.

    leaving: half a file of this name in the folder of its work.
    """
    # A new one loads GDAL and pandas first.
    await until(watcher, WRITING, 1, seconds=60)
    if within is not None and leaving is not None:
        leave_half(within, leaving)
    for writer in writers():
        os.kill(writer, signal.SIGKILL)
    await watcher.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND application_name = 'riskmap file'"
    )
    await until(watcher, WRITING, 0)


def leave_half(within: Path, name: str) -> None:
    (work,) = within.glob("files/*/work-*")
    (work / name).write_bytes(b"half a file")


def writers() -> list[int]:
    """The processes of this one that write files."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()
    return [pid for pid in map(int, children) if b"anyio" in Path(f"/proc/{pid}/cmdline").read_bytes()]


async def test_a_download_says_that_somebody_works_on_it(
    client: httpx.AsyncClient, demo_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also while no row comes: whoever looks from elsewhere would else begin anew."""
    monkeypatch.setattr(works, "SECONDS_BETWEEN_SIGNS", 0.05)
    made = await begin(client)
    await ended(client, made["id"])
    fresh = "SELECT count(*) FROM download WHERE state = 'working' AND said_at > now() - interval '1 minute'"
    async with (
        await psycopg.AsyncConnection.connect(demo_database.owner_url) as owner,
        await psycopg.AsyncConnection.connect(demo_database.superuser_url, autocommit=True) as watcher,
    ):
        await watcher.execute("UPDATE download SET state = 'waiting', size = NULL")
        await owner.execute("LOCK TABLE risk_point IN ACCESS EXCLUSIVE MODE")
        await ask(client, f"/ogc/downloads/{made['id']}")
        await until(watcher, WRITING, 1)
        await watcher.execute("UPDATE download SET said_at = now() - interval '1 hour'")
        await until(watcher, fresh, 1)
        await owner.rollback()
    assert (await ended(client, made["id"]))["state"] == "done"


async def test_a_question_may_be_as_long_as_a_filter_and_no_longer(client: httpx.AsyncClient) -> None:
    """Chinese letters, each of which an address would write as nine."""
    long = "name = '" + "长" * 7900 + "'"
    made = await begin_by_form(client, f="parquet", filter=long)
    assert made.status_code == 303, made.text
    refused = await begin_by_form(client, f="parquet", filter=long + "长" * 200)
    assert refused.status_code == 400
    assert "filter" in refused.json()["message"]
    refused = await begin_by_form(client, f="parquet", filter=long, name="长" * 15_000)
    assert (refused.status_code, "20,000" in refused.json()["message"]) == (400, True)


async def begin_by_form(client: httpx.AsyncClient, **fields: str) -> httpx.Response:
    return await client.post(f"{POINTS}/downloads", data=fields)


async def test_a_person_has_so_many_under_way(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "MOST_A_DAY", 1)
    await begin(client, grade="major")
    answer = await client.post(f"{POINTS}/downloads", params={"f": "parquet"})
    assert (answer.status_code, answer.json()["error"]) == (429, "too_many")


async def test_what_was_asked_for_in_another_scope_is_not_made(
    client: httpx.AsyncClient, demo_database: Database
) -> None:
    made = await begin(client)
    await ended(client, made["id"])
    with psycopg.connect(demo_database.owner_url) as connection:
        connection.execute("UPDATE download SET state = 'waiting'")
        connection.execute("UPDATE appointment SET area = %s", (f"{CITY_PATH}.220105",))
    assert (await ask(client, f"/ogc/downloads/{made['id']}"))["state"] == "stopped"
