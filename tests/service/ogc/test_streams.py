"""Everything at once: the same features as the pages, in flat memory, recorded, and given up when nobody listens."""

import asyncio
import json

import httpx
import psycopg
import pytest
from starlette.types import Message

from service.app import create_app
from service.base import disconnects
from service.base.settings import Settings
from service.base.viewer import Permission, Viewer
from service.territories.queries import whole_territory
from tests.conftest import Database, Postgis, clone, open_service, twin
from tests.listening import BUSY, listening, until
from tests.service.ogc.asking import COLLECTIONS, RISK_POINTS, ask
from tests.world import CITY_PATH

pytestmark = pytest.mark.asyncio(loop_scope="module")


def read(kind: str, text: str) -> list[dict[str, object]]:
    if kind == "geojson":
        found: list[dict[str, object]] = json.loads(text)["features"]
        return found
    if kind == "geojsonseq":
        parts = text.split("\x1e")
        assert parts[0] == ""
        return [json.loads(part) for part in parts[1:]]
    return [json.loads(line) for line in text.split("\n") if line]


@pytest.mark.parametrize("kind", ["geojson", "geojsonseq", "ndjson"])
@pytest.mark.parametrize("name", COLLECTIONS)
async def test_a_stream_is_all_the_pages(door: httpx.AsyncClient, name: str, kind: str) -> None:
    address = f"/ogc/collections/{name}/items"
    page = await ask(door, address, limit=10_000)
    answer = await door.get(address, params={"f": kind})
    assert answer.status_code == 200
    assert read(kind, answer.text) == page["features"]
    assert f'filename="{name}.{kind}"' in answer.headers["content-disposition"]


@pytest.mark.parametrize("limit", [1, 1999, 2000, 2001, 50_000])
async def test_a_stream_ends_where_it_is_asked_to(door: httpx.AsyncClient, limit: int) -> None:
    page = await ask(door, f"{RISK_POINTS}/items", limit=10_000)
    answer = await door.get(f"{RISK_POINTS}/items", params={"f": "ndjson", "limit": limit})
    assert read("ndjson", answer.text) == page["features"][:limit]


@pytest.mark.parametrize("page", [{"offset": 1}, {"cursor": "WzFd"}])
async def test_a_stream_is_no_page(door: httpx.AsyncClient, page: dict[str, str | int]) -> None:
    answer = await door.get(f"{RISK_POINTS}/items", params={"f": "ndjson", **page})
    assert (answer.status_code, answer.json()["error"]) == (400, "rejected")


@pytest.mark.parametrize("kind", ["geojson", "geojsonseq", "ndjson"])
async def test_a_stream_of_nothing_is_still_whole(door: httpx.AsyncClient, kind: str) -> None:
    answer = await door.get(f"{RISK_POINTS}/items", params={"f": kind, "name": "没有这样的"})
    assert answer.status_code == 200
    assert read(kind, answer.text) == []


async def test_a_stream_obeys_filter_order_and_system(door: httpx.AsyncClient) -> None:
    query = {
        "grade": "general",
        "sortby": "-exposed_workers",
        "crs": "http://www.opengis.net/def/crs/EPSG/0/4530",
        "bbox": "125.2,43.8,125.5,44",
        "properties": "name",
    }
    page = await ask(door, f"{RISK_POINTS}/items", limit=10_000, **query)
    answer = await door.get(f"{RISK_POINTS}/items", params=query | {"f": "ndjson"})
    assert read("ndjson", answer.text) == page["features"]
    assert answer.headers["Content-Crs"].endswith("/4530>")


async def test_names_with_lines_and_commas_do_not_tear_a_sequence(postgis: Postgis, referenced: str) -> None:
    with clone(postgis, referenced) as database:
        with psycopg.connect(database.owner_url) as connection:
            connection.execute(
                "INSERT INTO enterprise (name, home_territory_id)"
                " SELECT given, id FROM territory, unnest(%s::text[]) AS given WHERE key = '220105'",
                (['甲},\n{"乙', "a\x1eb", 'c\\",\nd', "\u2028e"],),
            )
        async with open_service(database, viewer="operator") as client:
            page = await ask(client, "/ogc/collections/enterprises/items")
            names = {feature["properties"]["name"] for feature in page["features"]}
            assert '甲},\n{"乙' in names
            for kind in ("geojson", "geojsonseq", "ndjson"):
                answer = await client.get("/ogc/collections/enterprises/items", params={"f": kind})
                assert read(kind, answer.text) == page["features"]


async def test_who_may_not_take_files_away_gets_none_and_who_does_is_recorded(
    postgis: Postgis, demonstrated: str
) -> None:
    looks = Viewer(person="worker", name="w", areas=(CITY_PATH,))
    takes = Viewer(person="analyst", name="a", areas=(CITY_PATH,), may=frozenset({Permission.EXPORT}))
    with clone(postgis, twin(demonstrated)) as database:
        async with open_service(database, viewer=looks) as client:
            assert (await client.get(f"{RISK_POINTS}/items")).status_code == 200
            refused = await client.get(f"{RISK_POINTS}/items", params={"f": "geojson"})
            assert (refused.status_code, refused.json()["error"]) == (403, "not_allowed")
        async with open_service(database, viewer=takes) as client:
            answer = await client.get(f"{RISK_POINTS}/items", params={"f": "ndjson", "grade": "major"})
            assert answer.status_code == 200
        with psycopg.connect(database.superuser_url) as connection:
            noted = connection.execute(
                "SELECT details FROM audit_record WHERE action = 'export' AND person = 'analyst'"
            ).fetchall()
    assert [row[0]["collection"] for row in noted] == ["risk_points"]
    assert noted[0][0]["query"] == {"f": "ndjson", "grade": "major"}


@pytest.mark.parametrize("kind", ["geojson", "csv"])
async def test_a_client_that_stops_reading_is_let_go(
    demo_database: Database, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """It would else keep one of the few connections that streams may have."""
    monkeypatch.setattr(disconnects, "LONGEST_PAUSE", 0.2)
    app = create_app(Settings(), database_url=demo_database.app_url)
    taken: list[str] = []

    async def stay() -> Message:
        await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def take(message: Message) -> None:
        taken.append(message["type"])
        if message["type"] == "http.response.body":
            await asyncio.Event().wait()

    async with (
        app.router.lifespan_context(app),
        await psycopg.AsyncConnection.connect(demo_database.superuser_url, autocommit=True) as watcher,
    ):
        app.state.viewer = await whole_territory(app.state.engine, app.state.settings.territory)
        async with asyncio.timeout(20):
            await app(http_scope(f"{RISK_POINTS}/items", f"f={kind}"), stay, take)
        await until(watcher, BUSY, 0)
    assert taken == ["http.response.start", "http.response.body"]


def http_scope(path: str, query: str) -> dict[str, object]:
    """A request as a server hands it to an application (ASGI, HTTP connection scope)."""
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(b"host", b"map"), (b"accept-encoding", b"identity")],
        "server": ("map", 80),
        "client": ("127.0.0.1", 1),
        "root_path": "",
    }


async def test_an_impossible_pattern_is_said_before_the_first_byte(door: httpx.AsyncClient) -> None:
    for kind in ("geojson", "csv"):
        answer = await door.get(
            f"{RISK_POINTS}/items",
            params={"f": kind, "filter": r"name LIKE '_%\'"},
        )
        assert (answer.status_code, answer.json()["error"]) == (400, "rejected")


async def test_clients_that_hang_up_half_way_leave_no_query_running(demo_database: Database) -> None:
    """Thirty-two of them, each after the first bytes."""

    async def hang_up(port: int) -> int:
        async with (
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client,
            client.stream("GET", f"{RISK_POINTS}/items", params={"f": "geojson"}) as answer,
        ):
            async for _ in answer.aiter_raw():
                break
            return answer.status_code

    async with (
        listening(demo_database) as port,
        await psycopg.AsyncConnection.connect(demo_database.superuser_url, autocommit=True) as watcher,
    ):
        async with asyncio.timeout(60):
            assert set(await asyncio.gather(*(hang_up(port) for _ in range(32)))) == {200}
        await until(watcher, BUSY, 0)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            assert (await client.get("/readyz")).status_code == 200
