"""Features Part 4 (OGC 20-002): adding, replacing, changing and removing, by the rules of the forms."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import psycopg
import pytest

from service.accounts.routes.door import COOKIE
from tests.accounts import Role, add_person, session_of
from tests.conftest import Database, open_service
from tests.counting import check_rows, check_stored_counts
from tests.service.ogc.asking import ask
from tests.world import CITY_PATH

POINTS, FIRMS = "/ogc/collections/risk_points/items", "/ogc/collections/enterprises/items"
BRIDGE = {
    "type": "Feature",
    "geometry": {"type": "Point", "coordinates": [125.4, 43.86]},
    "properties": {
        "number": "Q-1",
        "name": "一号桥",
        "place": "引桥",
        "industries": ["municipal"],
        "exposed_workers": 3,
    },
}


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    regulator = add_person(database, "regulator", Role("regulator", area=CITY_PATH))
    async with open_service(database) as found:
        found.cookies.set(COOKIE, session_of(database, regulator))
        yield found


async def create(
    client: httpx.AsyncClient, feature: dict[str, Any], address: str = POINTS
) -> tuple[str, str]:
    """A feature's address and its ETag."""
    answer = await client.post(address, json=feature)
    assert answer.status_code == 201, answer.text
    return answer.headers["Location"].removeprefix("http://map"), answer.headers["ETag"]


async def test_a_feature_is_added_read_changed_and_removed(
    client: httpx.AsyncClient, database: Database
) -> None:
    """/conf/create-replace-delete, /conf/update"""
    address, tag = await create(client, BRIDGE)
    read = await client.get(address)
    assert read.headers["ETag"] == tag
    feature = read.json()
    assert feature["geometry"] == BRIDGE["geometry"]
    assert {name: feature["properties"][name] for name in ("number", "name", "place", "exposed_workers")} == {
        "number": "Q-1", "name": "一号桥", "place": "引桥", "exposed_workers": 3,
    }  # fmt: skip
    changed = await client.patch(
        address,
        json={"properties": {"name": "二号桥"}},
        headers={"If-Match": tag, "Content-Type": "application/merge-patch+json"},
    )
    assert changed.status_code == 200, changed.text
    feature = await ask(client, address)
    assert (feature["properties"]["name"], feature["properties"]["place"]) == ("二号桥", "引桥")
    moved = await client.patch(
        address,
        json={"geometry": {"type": "LineString", "coordinates": [[125.4, 43.86], [125.41, 43.86]]}},
        headers={"If-Match": changed.headers["ETag"]},
    )
    assert moved.status_code == 200, moved.text
    assert (await ask(client, address))["geometry"]["type"] == "LineString"
    replaced = await client.put(
        address,
        json={**BRIDGE, "properties": {"number": "Q-1", "name": "三号桥"}},
        headers={"If-Match": moved.headers["ETag"]},
    )
    assert replaced.status_code == 200, replaced.text
    feature = await ask(client, address)
    told = feature["properties"]
    assert (told["name"], told["place"] or None, told["exposed_workers"]) == ("三号桥", None, None)
    assert feature["geometry"] == BRIDGE["geometry"]
    gone = await client.delete(address, headers={"If-Match": replaced.headers["ETag"]})
    assert (gone.status_code, gone.content) == (204, b"")
    assert (await client.get(address)).status_code == 404
    with psycopg.connect(database.superuser_url) as connection:
        check_stored_counts(connection)
        check_rows(connection)


async def test_what_is_read_can_be_sent_back(client: httpx.AsyncClient, database: Database) -> None:
    address, tag = await create(client, BRIDGE)
    whole = await ask(client, address)
    answer = await client.put(address, json=whole, headers={"If-Match": tag})
    assert answer.status_code == 200, answer.text
    assert answer.headers["ETag"] == tag
    with psycopg.connect(database.superuser_url) as connection:
        row = connection.execute("SELECT count(*) FROM risk_point_history").fetchone()
    assert row == (0,)


async def test_another_version_is_not_written_over(client: httpx.AsyncClient) -> None:
    """/conf/optimistic-locking-etags"""
    address, tag = await create(client, BRIDGE)
    for name, status in (("二号桥", 200), ("三号桥", 412)):
        answer = await client.patch(address, json={"properties": {"name": name}}, headers={"If-Match": tag})
        assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    for method in ("put", "patch"):
        assert (await getattr(client, method)(address, json=BRIDGE)).status_code == 428
    assert (await client.delete(address)).status_code == 428
    assert (await client.delete(address, headers={"If-Match": tag})).status_code == 412
    assert (await ask(client, address))["properties"]["name"] == "二号桥"


@pytest.mark.parametrize(
    "feature",
    [
        {"properties": {"nothing": 1}},
        {"properties": {"name": ""}},
        {"properties": BRIDGE["properties"], "geometry": {"type": "Point", "coordinates": [2.3, 48.9]}},
        {"properties": BRIDGE["properties"], "geometry": {"type": "Point", "coordinates": [1e9]}},
        {"properties": BRIDGE["properties"], "geometry": {"type": "GeometryCollection", "geometries": []}},
        {
            "properties": {"number": "x", "name": "x", "control_level": "nowhere"},
            "geometry": BRIDGE["geometry"],
        },
        {"type": "FeatureCollection", "features": []},
        [],
    ],
)
async def test_what_the_forms_refuse_is_refused_here(
    client: httpx.AsyncClient, database: Database, feature: Any
) -> None:
    answer = await client.post(POINTS, json=feature)
    assert answer.status_code == 400, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    with psycopg.connect(database.superuser_url) as connection:
        assert connection.execute("SELECT count(*) FROM risk_point").fetchone() == (0,)


async def test_read_only_properties_are_not_changed_in_silence(client: httpx.AsyncClient) -> None:
    address, tag = await create(client, BRIDGE)
    answer = await client.patch(address, json={"properties": {"grade": "low"}}, headers={"If-Match": tag})
    assert (answer.status_code, "grade" in answer.json()["message"]) == (400, True)


async def test_an_enterprise_comes_with_a_site_at_its_point_and_goes_with_it(
    client: httpx.AsyncClient,
) -> None:
    """/conf/create-replace-delete, /conf/update"""
    firm = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [125.45, 43.85]},
        "properties": {"name": "东方锅炉厂（测试）", "employees": 40},
    }
    address, tag = await create(client, firm, FIRMS)
    feature = await ask(client, address)
    assert feature["geometry"] == firm["geometry"]
    assert feature["properties"]["sites"] == 1
    changed = await client.patch(address, json={"properties": {"employees": 41}}, headers={"If-Match": tag})
    assert changed.status_code == 200, changed.text
    assert (await ask(client, address))["properties"]["employees"] == 41
    whole = {**firm, "properties": {"name": "东方锅炉厂（更名）"}}
    replaced = await client.put(address, json=whole, headers={"If-Match": changed.headers["ETag"]})
    assert replaced.status_code == 200, replaced.text
    told = (await ask(client, address))["properties"]
    assert (told["name"], told["employees"], told["sites"]) == ("东方锅炉厂（更名）", None, 1)
    headers = {"If-Match": replaced.headers["ETag"]}
    moved = await client.patch(
        address, json={"geometry": {"type": "Point", "coordinates": [125.46, 43.85]}}, headers=headers
    )
    assert moved.status_code == 400
    assert (await client.delete(address, headers={"If-Match": tag})).status_code == 412
    assert (await client.delete(address, headers=headers)).status_code == 204
    assert (await client.get(address)).status_code == 404


async def test_who_may_write_is_told_and_nobody_else(client: httpx.AsyncClient, database: Database) -> None:
    address, tag = await create(client, BRIDGE)
    assert "POST" in (await client.options(POINTS)).headers["Allow"]
    assert "DELETE" in (await client.options(address)).headers["Allow"]
    assert "POST" not in (await client.options("/ogc/collections/sites/items")).headers["Allow"]
    analyst = add_person(database, "analyst", Role("analyst", area=CITY_PATH))
    client.cookies.set(COOKIE, session_of(database, analyst))
    assert (await client.options(address)).headers["Allow"] == "GET, HEAD, OPTIONS"
    for answer in (
        await client.post(POINTS, json=BRIDGE),
        await client.patch(address, json={"properties": {"name": "x"}}, headers={"If-Match": tag}),
        await client.delete(address, headers={"If-Match": tag}),
    ):
        assert answer.status_code == 403


async def test_nobody_writes_beyond_their_area(client: httpx.AsyncClient, database: Database) -> None:
    """In 南关区; the other keeps 二道区."""
    address, tag = await create(
        client, {**BRIDGE, "geometry": {"type": "Point", "coordinates": [125.35, 43.86]}}
    )
    other = add_person(database, "east", Role("regulator", area=f"{CITY_PATH}.220105"))
    client.cookies.set(COOKIE, session_of(database, other))
    assert (
        await client.patch(address, json={"properties": {"name": "x"}}, headers={"If-Match": tag})
    ).status_code == 404
    outside = {**BRIDGE, "geometry": {"type": "Point", "coordinates": [125.35, 43.86]}}
    assert (await client.post(POINTS, json=outside)).status_code in {400, 403}


async def test_a_change_is_audited(client: httpx.AsyncClient, database: Database) -> None:
    address, tag = await create(client, BRIDGE)
    await client.patch(address, json={"properties": {"name": "二号桥"}}, headers={"If-Match": tag})
    with psycopg.connect(database.superuser_url) as connection:
        noted = connection.execute(
            "SELECT action, person, after -> 0 ->> 'name' FROM audit_record WHERE subject = 'risk_point' ORDER BY id"
        ).fetchall()
    assert noted == [("insert", "regulator", "一号桥"), ("update", "regulator", "二号桥")]


async def test_what_is_sent_twice_is_written_once(client: httpx.AsyncClient) -> None:
    headers = {"Idempotency-Key": "one-wish"}
    first, second = [await client.post(POINTS, json=BRIDGE, headers=headers) for _ in range(2)]
    assert first.headers["Location"] == second.headers["Location"]
    assert (await ask(client, POINTS))["numberMatched"] == 1


async def test_an_enterprise_is_replaced_where_it_stands(client: httpx.AsyncClient) -> None:
    firm = {
        "geometry": {"type": "Point", "coordinates": [125.45, 43.85]},
        "properties": {"name": "甲厂（测试）", "employees": 4},
    }
    address, tag = await create(client, firm, FIRMS)
    answer = await client.put(
        address, json={"properties": {"name": "乙厂（测试）"}}, headers={"If-Match": tag}
    )
    assert answer.status_code == 200, answer.text
    feature = await ask(client, address)
    assert feature["geometry"] == firm["geometry"]
    assert (feature["properties"]["name"], feature["properties"]["employees"]) == ("乙厂（测试）", None)


@pytest.mark.parametrize("crs", ["<http://www.opengis.net/def/crs/EPSG/0/4490>", "EPSG:4525", "nonsense"])
async def test_coordinates_in_another_system_are_not_taken_for_ours(
    client: httpx.AsyncClient, crs: str
) -> None:
    answer = await client.post(POINTS, json=BRIDGE, headers={"Content-Crs": crs})
    assert (answer.status_code, answer.json()["error"]) == (400, "rejected")
    known = "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"
    assert (await client.post(POINTS, json=BRIDGE, headers={"Content-Crs": known})).status_code == 201


async def test_a_field_that_cannot_be_is_named(client: httpx.AsyncClient) -> None:
    answer = await client.post(POINTS, json={**BRIDGE, "properties": {"name": "x", "site_id": "here"}})
    assert answer.status_code == 400
    assert "site_id" in answer.json()["message"]
