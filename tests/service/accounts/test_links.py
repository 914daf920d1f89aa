"""Links for programs that cannot sign in: one address, for a while, with the eyes of whoever made it."""

from collections.abc import AsyncIterator

import httpx
import mapbox_vector_tile
import psycopg
import pytest

from service.accounts.routes.door import COOKIE
from service.accounts.rules.addresses import opened_by, opens
from service.base.errors import Rejected
from tests.accounts import Role, add_person, session_of
from tests.conftest import Database, open_service
from tests.world import CITY_PATH

TILES = "/tiles/risk_points/{z}/{x}/{y}.mvt"
TILE = ("{z}/{x}/{y}", "9/434/186")


@pytest.fixture
async def client(demo_database: Database) -> AsyncIterator[httpx.AsyncClient]:
    regulator = add_person(demo_database, "maker", Role("regulator", area=f"{CITY_PATH}.220105"))
    async with open_service(demo_database) as found:
        found.cookies.set(COOKIE, session_of(demo_database, regulator))
        yield found


async def make(client: httpx.AsyncClient, address: str, **wanted: object) -> str:
    """The link's path; the client has no cookie afterwards."""
    answer = await client.post("/api/account/links", json={"name": "大屏", "address": address, **wanted})
    assert answer.status_code == 201, answer.text
    client.cookies.clear()
    return str(answer.json()["path"])


def points(answer: httpx.Response) -> set[int]:
    assert answer.status_code == 200, answer.text
    return {one["id"] for one in mapbox_vector_tile.decode(answer.content)["risk_points"]["features"]}


async def test_a_link_shows_what_its_maker_sees_at_its_address_and_nothing_else(
    client: httpx.AsyncClient,
) -> None:
    own = points(await client.get(TILES.replace(*TILE)))
    path = await make(client, f"https://map.example{TILES}")
    secret = path.split("/")[2]
    assert points(await client.get(path.replace(*TILE))) == own
    for other in (
        "/tiles/risk_points,cells/9/434/186.mvt",
        "/tiles/risk_point/9/434/186.mvt",
        "/api/risk-points",
        "/ogc",
    ):
        answer = await client.get(f"/k/{secret}{other}")
        assert (answer.status_code, answer.json()["error"]) == (403, "not_allowed"), other
    # Nor as a bearer somewhere else, and nothing is changed by it.
    bearer = {"Authorization": f"Bearer {secret}"}
    assert (await client.get("/api/account", headers=bearer)).status_code == 403
    assert (await client.post(path.replace(*TILE), json={})).status_code == 403


async def test_a_file_is_fetched_with_its_query(client: httpx.AsyncClient) -> None:
    path = await make(client, "/api/risk-points.xlsx?grade=major", hours=1)
    answer = await client.get(path)
    assert answer.status_code == 200
    assert answer.content[:2] == b"PK"
    collection = await client.get(path.replace("/api/risk-points.xlsx", "/api/risk-points"))
    assert collection.status_code == 403


async def test_ogc_items_are_walked_through_a_link(client: httpx.AsyncClient) -> None:
    path = await make(client, "/ogc/collections/risk_points/items?grade=general&limit=50")
    page = (await client.get(path)).json()
    following = next(one["href"] for one in page["links"] if one["rel"] == "next")
    assert path.split("?")[0] in following
    assert (await client.get(following)).json()["numberReturned"] > 0


async def test_nothing_is_made_through_a_link(client: httpx.AsyncClient) -> None:
    path = await make(client, "/ogc/collections/risk_points")
    assert (await client.get(path)).status_code == 200
    for below in ("downloads?f=parquet", "items"):
        answer = await client.post(f"{path}/{below}", json={})
        assert (answer.status_code, answer.json()["error"]) == (403, "not_allowed")


@pytest.mark.parametrize(
    "end",
    [
        "UPDATE api_key SET expires_at = now()",
        "UPDATE api_key SET revoked_at = now()",
        "UPDATE person SET closed_at = now()",
    ],
)
async def test_a_link_at_its_end_opens_nothing(
    client: httpx.AsyncClient, demo_database: Database, end: str
) -> None:
    path = (await make(client, TILES)).replace(*TILE)
    seen = await client.get(path)
    with psycopg.connect(demo_database.owner_url) as connection:
        connection.execute(end)
    for headers in ({}, {"If-None-Match": seen.headers["ETag"]}):
        assert (await client.get(path, headers=headers)).status_code == 401


async def test_the_scope_is_looked_up_at_each_use(client: httpx.AsyncClient, demo_database: Database) -> None:
    path = (await make(client, TILES)).replace(*TILE)
    seen = await client.get(path)
    with psycopg.connect(demo_database.owner_url) as connection:
        connection.execute("UPDATE appointment SET ended_at = now(), ended_by = 'admin'")
    answer = await client.get(path, headers={"If-None-Match": seen.headers["ETag"]})
    assert (answer.status_code, answer.content) != (304, seen.content)
    assert answer.status_code == 200
    assert mapbox_vector_tile.decode(answer.content).get("risk_points", {"features": []})["features"] == []


async def test_links_are_listed_and_revoked_apart_from_keys(client: httpx.AsyncClient) -> None:
    cookies = dict(client.cookies)
    path = await make(client, TILES, hours=2)
    client.cookies.update(cookies)
    (listed,) = (await client.get("/api/account/links")).json()["items"]
    assert (listed["address"], listed["state"]) == ("/tiles/risk_points", "good")
    assert path.split("/")[2] not in str(listed)
    assert (await client.get("/api/account/keys")).json()["items"] == []
    assert (await client.delete(f"/api/account/keys/{listed['id']}")).status_code == 404
    for _ in range(2):
        assert (await client.delete(f"/api/account/links/{listed['id']}")).status_code == 200
    client.cookies.clear()
    assert (await client.get(path.replace(*TILE))).status_code == 401


async def test_a_key_of_one_area_makes_no_link_to_the_whole(client: httpx.AsyncClient) -> None:
    secret = (await client.post("/api/account/keys", json={"name": "k", "area": "220105"})).json()["secret"]
    client.cookies.clear()
    headers = {"Authorization": f"Bearer {secret}"}
    answer = await client.post("/api/account/links", json={"name": "l", "address": TILES}, headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("address", "opened"),
    [
        ("/tiles/cells,risk_points/{z}/{x}/{y}.mvt?grade=major", "/tiles/cells,risk_points"),
        ("http://10.0.0.1:8000/ogc/collections/cells_4/items?f=ndjson", "/ogc/collections/cells_4/items"),
        ("/api/risk-points.xlsx", "/api/risk-points.xlsx"),
    ],
)
def test_what_an_address_opens(address: str, opened: str) -> None:
    assert opened_by(address) == opened
    assert opens(opened, opened)
    assert opens(opened, f"{opened}/1/2/3.mvt")
    assert not opens(opened, f"{opened}2")


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "",
        "/tiles",
        "/tiles/",
        "/tiles/{z}",
        "/k/rm_x/tiles/cells",
        "/metrics",
        "//x/../api",
        "/api/../metrics",
        "http://[",
        "/ogc/",
    ],
)
def test_what_no_link_opens(address: str) -> None:
    with pytest.raises(Rejected):
        opened_by(address)
