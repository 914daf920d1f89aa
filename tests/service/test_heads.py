"""HEAD, as monitors, `curl -I` and GDAL send it, over a real connection: the server takes part in it."""

from pathlib import Path

import httpx
import psycopg
import pytest

from tests.conftest import Database
from tests.listening import BUSY, listening, until

POINTS = "/ogc/collections/risk_points"
ADDRESSES = [
    ("/", 200),
    ("/healthz", 200),
    ("/api/session", 200),
    ("/ogc", 200),
    (f"{POINTS}/items?limit=100", 200),
    (f"{POINTS}/items?f=ndjson", 200),
    (f"{POINTS}/items?f=csv", 200),
    (f"{POINTS}/items?nonsense=1", 400),
    (f"{POINTS}/tiles/WebMercatorQuad/9/186/434", 200),
    ("/ogc/collections/nothing", 404),
]
# Of one moment each; a page tells its time, which compresses to more or less.
CHANGING = {"content-length", "date", "x-request-id", "ratelimit-remaining", "ratelimit-reset"}


@pytest.mark.parametrize(("address", "status"), ADDRESSES)
async def test_head_is_get_without_the_body(demo_database: Database, address: str, status: int) -> None:
    async with (
        listening(demo_database) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client,
    ):
        got = await client.get(address)
        told = await client.head(address)
        assert (told.status_code, got.status_code, told.content) == (status, status, b"")
        headers = [
            {name: value for name, value in answer.headers.items() if name not in CHANGING}
            for answer in (told, got)
        ]
        assert headers[0] == headers[1]
        # The connection is good for more: no body was left on it.
        assert (await client.get("/healthz")).status_code == 200


async def test_a_stream_that_nobody_will_read_is_not_worked_out(demo_database: Database) -> None:
    async with (
        listening(demo_database) as port,
        await psycopg.AsyncConnection.connect(demo_database.superuser_url, autocommit=True) as watcher,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client,
    ):
        for _ in range(40):
            assert (await client.head(f"{POINTS}/items", params={"f": "geojson"})).status_code == 200
        await until(watcher, BUSY, 0)


@pytest.mark.parametrize("kind", ["gpkg", "xlsx", "ndjson"])
async def test_nothing_is_made_or_recorded_of_what_is_only_asked_after(
    demo_database: Database, tmp_path: Path, kind: str
) -> None:
    folder = tmp_path / "files"
    async with (
        listening(demo_database, download_dir=str(folder)) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client,
    ):
        told = await client.head(f"{POINTS}/items", params={"f": kind})
    assert (told.status_code, told.content) == (200, b"")
    assert told.headers["content-disposition"] == f'attachment; filename="risk_points.{kind}"'
    assert list(folder.glob("*/*")) == []
    with psycopg.connect(demo_database.superuser_url) as connection:
        assert connection.execute("SELECT count(*) FROM audit_record WHERE action = 'export'").fetchone() == (
            0,
        )
