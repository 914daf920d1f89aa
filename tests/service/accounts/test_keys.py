"""Keys for programs: shown once, in three ways, reading a part of what their person sees."""

import base64
from collections.abc import AsyncIterator

import httpx
import psycopg
import pytest

from service.accounts.routes.door import COOKIE
from tests.accounts import Role, add_person, session_of
from tests.conftest import Database, open_service
from tests.world import CITY_PATH

ANALYST = Role("analyst", area=CITY_PATH)


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    with psycopg.connect(database.owner_url) as connection:
        for number, area in (("EAST", "220105"), ("WEST", "220104")):
            connection.execute(
                "INSERT INTO risk_point (owner_kind, number, name, located_in_id, located_stated)"
                " SELECT 'region', %s, %s, id, true FROM territory WHERE key = %s",
                (number, number, area),
            )
    async with open_service(database) as found:
        found.cookies.set(COOKIE, session_of(database, add_person(database, "analyst", ANALYST)))
        yield found


async def make(client: httpx.AsyncClient, **wanted: object) -> dict[str, object]:
    answer = await client.post("/api/account/keys", json={"name": "QGIS", **wanted})
    assert answer.status_code == 201, answer.text
    made: dict[str, object] = answer.json()
    return made


async def numbers(client: httpx.AsyncClient, secret: object, way: str) -> list[str] | int:
    """What a key shows when it is given one way, without any cookie."""
    client.cookies.clear()
    path, headers = "/api/risk-points", {}
    if way == "bearer":
        headers = {"Authorization": f"Bearer {secret}"}
    elif way == "basic":
        headers = {"Authorization": "Basic " + base64.b64encode(f"any:{secret}".encode()).decode()}
    else:
        path = f"/k/{secret}{path}"
    answer = await client.get(path, headers=headers)
    if answer.status_code != 200:
        return answer.status_code
    return sorted(row["number"] for row in answer.json()["items"])


@pytest.mark.parametrize("way", ["bearer", "basic", "path"])
async def test_a_key_reads_what_its_person_sees(client: httpx.AsyncClient, way: str) -> None:
    made = await make(client)
    assert await numbers(client, made["secret"], way) == ["EAST", "WEST"]
    assert await numbers(client, "rm_something-else", way) == 401


@pytest.mark.parametrize(
    "path", ["/ogc/", "/ogc/collections/", "/ogc/collections/risk_points/items/?limit=1"]
)
async def test_a_slash_too_many_does_not_lose_the_key(client: httpx.AsyncClient, path: str) -> None:
    secret = (await make(client))["secret"]
    client.cookies.clear()
    answer = await client.get(f"/k/{secret}{path}", headers={"Accept": "application/json"})
    assert answer.status_code == 200, answer.headers.get("location")
    hrefs = [link["href"] for link in answer.json()["links"]]
    assert hrefs
    assert all(f"/k/{secret}/" in href for href in hrefs if "/ogc" in href)


async def test_a_key_with_an_area_shows_no_more_than_lies_in_it(client: httpx.AsyncClient) -> None:
    made = await make(client, area="220105")
    assert await numbers(client, made["secret"], "bearer") == ["EAST"]


async def test_a_key_is_shown_once_and_stored_as_a_digest(
    client: httpx.AsyncClient, database: Database
) -> None:
    secret = str((await make(client))["secret"])
    listed = (await client.get("/api/account/keys")).json()["items"]
    assert secret not in str(listed)
    assert secret.startswith(listed[0]["prefix"])
    assert listed[0]["state"] == "good"
    with psycopg.connect(database.owner_url) as connection:
        assert secret not in str(connection.execute("SELECT * FROM api_key").fetchall())


async def test_a_key_writes_nothing_and_makes_no_keys(client: httpx.AsyncClient) -> None:
    secret = (await make(client))["secret"]
    client.cookies.clear()
    headers = {"Authorization": f"Bearer {secret}"}
    assert (await client.post("/api/account/keys", json={"name": "x"}, headers=headers)).status_code == 403
    assert (await client.get("/api/account/keys", headers=headers)).status_code == 403


@pytest.mark.parametrize(
    "end",
    [
        "UPDATE api_key SET expires_at = now()",
        "UPDATE person SET closed_at = now()",
        "UPDATE api_key SET revoked_at = now()",
    ],
)
async def test_a_key_at_its_end_opens_nothing(
    client: httpx.AsyncClient, database: Database, end: str
) -> None:
    secret = (await make(client))["secret"]
    with psycopg.connect(database.owner_url) as connection:
        connection.execute(end)
    assert await numbers(client, secret, "bearer") == 401


async def test_revoking_is_for_ones_own_keys(client: httpx.AsyncClient, database: Database) -> None:
    made = await make(client)
    mine = dict(client.cookies)
    client.cookies.set(COOKIE, session_of(database, add_person(database, "stranger", ANALYST)))
    assert (await client.delete(f"/api/account/keys/{made['id']}")).status_code == 404
    client.cookies.update(mine)
    for _ in range(2):
        assert (await client.delete(f"/api/account/keys/{made['id']}")).status_code == 200
    assert await numbers(client, made["secret"], "bearer") == 401


async def test_when_the_person_loses_the_role_the_key_shows_nothing(
    client: httpx.AsyncClient, database: Database
) -> None:
    secret = (await make(client))["secret"]
    with psycopg.connect(database.owner_url) as connection:
        connection.execute("UPDATE appointment SET ended_at = now(), ended_by = 'admin'")
    assert await numbers(client, secret, "bearer") == []


@pytest.mark.parametrize(
    ("wanted", "status"),
    [({"writes": True}, 200), ({"writes": True, "area": "220104"}, 404), ({}, 403)],
    ids=["may write", "may write elsewhere", "reads"],
)
async def test_a_key_writes_where_it_was_made_to(
    client: httpx.AsyncClient, database: Database, wanted: dict[str, object], status: int
) -> None:
    regulator = add_person(database, "regulator", Role("regulator", area=CITY_PATH))
    client.cookies.set(COOKIE, session_of(database, regulator))
    secret = (await make(client, **wanted))["secret"]
    client.cookies.clear()
    with psycopg.connect(database.superuser_url) as connection:
        row = connection.execute("SELECT id, version FROM risk_point WHERE number = 'EAST'").fetchone()
    assert row
    headers = {"Authorization": f"Bearer {secret}", "If-Match": f'"{row[1]}"'}
    answer = await client.patch(
        f"/ogc/collections/risk_points/items/{row[0]}", json={"properties": {"name": "改名"}}, headers=headers
    )
    assert answer.status_code == status, answer.text
    # Where forms are filled in, people are named and a key does not write.
    for form in (f"/api/risk-points/{row[0]}/form", "/api/enterprises/1/form"):
        assert (await client.get(form, headers=headers)).status_code == 403
    # No key brings workbooks or makes keys.
    assert (await client.post("/api/account/keys", json={"name": "x"}, headers=headers)).status_code == 403
    workbook = {"file": ("register.csv", b"a")}
    assert (await client.post("/api/imports", files=workbook, headers=headers)).status_code == 403


async def test_who_does_not_write_makes_no_key_that_does(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/account/keys", json={"name": "QGIS", "writes": True})
    assert (answer.status_code, answer.json()["details"]["field"]) == (422, "writes")
