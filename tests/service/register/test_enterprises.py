"""Enterprises and their sites by form over HTTP."""

from typing import Any

import httpx
import pytest

from tests.accounts import Role, add_person
from tests.conftest import Database, serving
from tests.service.imports.register import NANGUAN, rows_of
from tests.service.register.forms import AREA, ERDAO, LINE, at, create, problems, seen, tables

# A right check character for a firm that does not exist: region 999999 is nobody's.
FIRM = "91999999MA00000A11"


def firm(**fields: object) -> dict[str, object]:
    site = {"address": "演示路 1 号", "position": at(NANGUAN), "contact": "张某", "phone": "0431-0000000"}
    return {
        "uscc": FIRM,
        "name": "演示安一化工",
        "industries": ["chemicals"],
        "employees": "120",
        "sites": [site],
    } | fields


async def register(client: httpx.AsyncClient, **fields: object) -> dict[str, Any]:
    answer = await client.post("/api/enterprises", json=firm(**fields))
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def form_of(client: httpx.AsyncClient, identity: int) -> dict[str, Any]:
    body: dict[str, Any] = (await client.get(f"/api/enterprises/{identity}/form")).json()
    return body


async def test_an_enterprise_arrives_with_its_site_and_is_found(
    client: httpx.AsyncClient, database: Database
) -> None:
    identity = (await register(client))["id"]
    assert rows_of(
        database,
        "SELECT uscc, enterprise.name, initials, industries, employees, home.key, site.number, address, ST_X(site.geom),"
        " contact.name, phone FROM enterprise JOIN site ON enterprise_id = enterprise.id"
        " JOIN site_contact AS contact ON site_id = site.id JOIN territory AS home ON home.id = home_territory_id",
    ) == [
        (FIRM, "演示安一化工", "ysayhg", ["chemicals"], 120, "220102", "1", "演示路 1 号", 125.35, "张某", "0431-0000000")
    ]  # fmt: skip
    for words in ("安一", "ysay", FIRM[:6], "演示 化工"):
        (found,) = (await client.get("/api/search/enterprises", params={"q": words})).json()["items"]
        assert (found["id"], found["title"], found["code"]) == (identity, "演示安一化工", FIRM), words
    # Nothing but enterprises, whatever else the words would find.
    for words in ("二道区", "没有", "%", "125.3, 43.8"):
        assert (await client.get("/api/search/enterprises", params={"q": words})).json()["items"] == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"uscc": FIRM[:-1] + "2"}, {"uscc": ["uscc_check_character"]}),
        ({"uscc": "123"}, {"uscc": ["uscc_length"]}),
        ({"name": ""}, {"name": ["missing"]}),
        ({"industries": ["没有的行业"]}, {"industries": ["unknown_word"]}),
        ({"economy_code": "X1"}, {"economy_code": ["economy_code_form"]}),
        ({"employees": "-1"}, {"employees": ["negative"]}),
        (
            {"sites": [{"position": at(("43.86", "125.35"))}]},
            {"sites.0.position.lon": ["coordinates_swapped"]},
        ),
        (
            {"sites": [{"position": {"lon": "125.3", "lat": "43.8"}}]},
            {"sites.0.position.datum": ["datum_missing"]},
        ),
        ({"sites": [{"territory": "没有的区"}]}, {"sites.0.territory": ["unknown_territory"]}),
        (
            {"sites": [{"position": at(NANGUAN), "area": {"geometry": LINE, "datum": "WGS84"}}]},
            {"sites.0.area.geometry": ["area_not_polygon"]},
        ),
    ],
)
async def test_what_is_wrong_stands_at_its_field_and_nothing_is_written(
    client: httpx.AsyncClient, database: Database, change: dict[str, object], expected: dict[str, list[str]]
) -> None:
    answer = await client.post("/api/enterprises", json=firm(**change))
    assert problems(answer) == expected
    assert rows_of(database, "SELECT (SELECT count(*) FROM enterprise), (SELECT count(*) FROM site)") == [
        (0, 0)
    ]


async def test_a_firm_is_registered_once(client: httpx.AsyncClient, database: Database) -> None:
    await register(client)
    again = await client.post("/api/enterprises", json=firm(name="演示另一家"))
    assert problems(again) == {"uscc": ["uscc_taken"]}
    unnamed = await client.post("/api/enterprises", json=firm(uscc=""))
    assert problems(unnamed) == {"uscc": ["uscc_needed"]}
    await register(client, uscc="", name="演示无码厂")
    assert problems(await client.post("/api/enterprises", json=firm(uscc="", name="演示无码厂"))) == {
        "name": ["name_taken"]
    }
    assert rows_of(database, "SELECT count(*) FROM enterprise") == [(2,)]


async def test_changed_with_its_version(client: httpx.AsyncClient, database: Database) -> None:
    written = await register(client)
    there = f"/api/enterprises/{written['id']}"
    answer = await client.patch(
        there, json={"name": "演示长春化工", "employees": None}, headers=seen(written["version"])
    )
    assert answer.status_code == 200, answer.text
    assert rows_of(database, "SELECT name, initials, employees, industries FROM enterprise") == [
        ("演示长春化工", "yscchg", None, ["chemicals"])
    ]
    stale = await client.patch(there, json={"name": "他"}, headers=seen(written["version"]))
    assert (stale.status_code, stale.json()["error"]) == (409, "stale_version")
    assert stale.json()["details"]["current"]["name"] == "演示长春化工"
    async with serving(database, territory="220105") as neighbour:
        for answer in (
            await neighbour.get(f"{there}/form"),
            await neighbour.patch(there, json={"name": "他"}, headers=seen(1)),
            await neighbour.post(f"{there}/sites", json={}),
        ):
            assert (answer.status_code, answer.json()["error"]) == (404, "not_found")


async def test_points_follow_their_site(client: httpx.AsyncClient, database: Database) -> None:
    identity = (await register(client))["id"]
    (site,) = (await form_of(client, identity))["sites"]
    point = {"enterprise_id": identity, "site_id": site["id"], "number": "F-1", "name": "储罐"}
    await create(client, point)
    there = f"/api/enterprises/{identity}/sites/{site['id']}"
    change = {
        "position": at(ERDAO),
        "area": {"geometry": AREA, "datum": "CGCS2000"},
        "contact": "李某",
        "phone": None,
    }
    moved = await client.patch(there, json=change, headers=seen(site["version"]))
    assert moved.status_code == 200, moved.text
    assert rows_of(database, "SELECT position, ST_X(anchor), located_in_path::text FROM risk_point") == [
        ("inherited", 125.37, "cn.220000.220100.220105")
    ]
    (after,) = (await form_of(client, identity))["sites"]
    assert (after["contact"], after["phone"], after["area"]["type"]) == ("李某", "", "MultiPolygon")
    kept = await client.patch(there, json={"address": "演示路 2 号"}, headers=seen(after["version"]))
    assert kept.status_code == 200, kept.text
    (after,) = (await form_of(client, identity))["sites"]
    assert (after["address"], after["area"] is not None) == ("演示路 2 号", True)
    gone = await client.patch(there, json={"area": None}, headers=seen(after["version"]))
    assert gone.status_code == 200, gone.text
    assert (await form_of(client, identity))["sites"][0]["area"] is None
    stale = await client.patch(there, json={"address": "x"}, headers=seen(site["version"]))
    assert (stale.status_code, stale.json()["error"]) == (409, "stale_version")


async def test_a_second_site_takes_the_next_number(client: httpx.AsyncClient) -> None:
    identity = (await register(client))["id"]
    there = f"/api/enterprises/{identity}/sites"
    answer = await client.post(there, json={"name": "演示二号厂区", "position": at(ERDAO)})
    assert answer.status_code == 201, answer.text
    assert [one["number"] for one in (await form_of(client, identity))["sites"]] == ["1", "2"]
    assert problems(await client.post(there, json={"number": "2"})) == {"number": ["duplicate_site"]}
    misplaced = await client.patch(f"{there}/999999", json={"name": "x"}, headers=seen(1))
    assert misplaced.status_code == 404


async def test_an_enterprise_arrives_with_all_its_sites_or_none(
    client: httpx.AsyncClient, database: Database
) -> None:
    wrong = [{"number": "1"}, {"position": {"lon": "125.3", "lat": "43.8"}}, {"number": "1"}]
    assert problems(await client.post("/api/enterprises", json=firm(sites=wrong))) == {
        "sites.1.position.datum": ["datum_missing"],
        "sites.2.number": ["duplicate_site"],
    }
    assert rows_of(database, "SELECT count(*) FROM enterprise") == [(0,)]
    identity = (await register(client, sites=[{"address": "一"}, {"number": "7"}, {"address": "三"}]))["id"]
    sites = (await form_of(client, identity))["sites"]
    assert [(one["number"], one["address"]) for one in sites] == [("8", "一"), ("7", ""), ("9", "三")]


async def test_enterprise_and_sites_change_in_one_sending(
    client: httpx.AsyncClient, database: Database
) -> None:
    written = await register(client)
    there = f"/api/enterprises/{written['id']}"
    (first,) = (await form_of(client, written["id"]))["sites"]
    named = {"id": first["id"], "version": first["version"]}
    wrong = {
        "name": "演示新名",
        "sites": [named | {"address": "新路 2 号"}, {"position": {"lon": "125.3", "lat": "43.8"}}],
    }
    refused = await client.patch(there, json=wrong, headers=seen(written["version"]))
    assert problems(refused) == {"sites.1.position.datum": ["datum_missing"]}
    form = await form_of(client, written["id"])
    assert (form["name"], form["sites"][0]["address"]) == ("演示安一化工", "演示路 1 号")

    right = {
        "name": "演示新名",
        "sites": [named | {"address": "新路 2 号"}, {"name": "二厂", "position": at(ERDAO)}],
    }
    once = seen(written["version"]) | {"Idempotency-Key": "one-wish"}
    first_answer = await client.patch(there, json=right, headers=once)
    assert first_answer.status_code == 200, first_answer.text
    # The answer was lost and the tablet sends again: one wish, one new site, the same answer.
    assert (await client.patch(there, json=right, headers=once)).json() == first_answer.json()
    form = await form_of(client, written["id"])
    assert (form["name"], [one["address"] for one in form["sites"]]) == ("演示新名", ["新路 2 号", ""])
    assert form["sites"][1]["number"] == "2"
    other = await client.patch(there, json=right | {"name": "另一个"}, headers=once)
    assert (other.status_code, other.json()["error"]) == (409, "conflict")
    assert other.json()["details"] == {"id": written["id"]}
    assert rows_of(database, "SELECT count(*) FROM site") == [(2,)]


async def test_a_site_that_somebody_changed_or_added_stops_the_whole_form(client: httpx.AsyncClient) -> None:
    written = await register(client)
    there = f"/api/enterprises/{written['id']}"
    (first,) = (await form_of(client, written["id"]))["sites"]
    mine = {"employees": "7", "sites": [{"id": first["id"], "version": first["version"], "phone": "110"}]}
    theirs = {"address": "他改的路"}
    changed = await client.patch(f"{there}/sites/{first['id']}", json=theirs, headers=seen(first["version"]))
    stale = await client.patch(there, json=mine, headers=seen(written["version"]))
    assert (stale.status_code, stale.json()["error"]) == (409, "stale_version")
    details = stale.json()["details"]
    assert (details["seen"], details["version"], details["changed_by"]) == (
        first["version"],
        changed.json()["version"],
        details["current"]["changed_by"],
    )
    assert details["current"]["sites"][0]["address"] == "他改的路"

    assert (await client.post(f"{there}/sites", json={"name": "他加的厂"})).status_code == 201
    mine["sites"] = [{"id": first["id"], "version": changed.json()["version"], "phone": "110"}]
    stale = await client.patch(there, json=mine, headers=seen(written["version"]))
    assert (stale.status_code, stale.json()["error"]) == (409, "stale_version")
    assert [one["name"] for one in stale.json()["details"]["current"]["sites"]] == ["", "他加的厂"]
    form = await form_of(client, written["id"])
    assert (form["employees"], form["sites"][0]["phone"]) == (120, "0431-0000000")


@pytest.mark.parametrize(
    "sites",
    [
        [{"id": 1}],
        [{"version": 1}],
        [{"id": 1, "version": 1, "number": "9"}],
        [{"id": 1, "version": 1}, {"id": 1, "version": 1}],
    ],
)
async def test_a_site_is_named_with_what_was_seen_of_it(
    client: httpx.AsyncClient, sites: list[dict[str, object]]
) -> None:
    written = await register(client)
    there = f"/api/enterprises/{written['id']}"
    answer = await client.patch(there, json={"sites": sites}, headers=seen(written["version"]))
    assert answer.status_code == 422


async def test_the_territory_of_a_site_is_withdrawn_and_the_position_decides(
    client: httpx.AsyncClient,
) -> None:
    identity = (await register(client, sites=[{"territory": "220105"}]))["id"]
    (site,) = (await form_of(client, identity))["sites"]
    assert (site["territory"]["key"], site["territory_stated"]) == ("220105", True)
    there = f"/api/enterprises/{identity}/sites/{site['id']}"
    for change, expected in (
        ({"position": at(NANGUAN), "territory": ""}, ("220102", False)),
        ({"territory": "220102"}, ("220102", True)),
        ({"territory": None}, ("220102", False)),
    ):
        answer = await client.patch(there, json=change, headers=seen(site["version"]))
        assert answer.status_code == 200, answer.text
        (site,) = (await form_of(client, identity))["sites"]
        assert (site["territory"]["key"], site["territory_stated"]) == expected
        assert site["position"] == [125.35, 43.86]


async def test_removed_it_leaves_its_history(client: httpx.AsyncClient, database: Database) -> None:
    written = await register(client)
    there = f"/api/enterprises/{written['id']}"
    named = await client.patch(there, json={"name": "演示新名"}, headers=seen(written["version"]))
    stale = await client.delete(there, headers=seen(written["version"]))
    assert (stale.status_code, stale.json()["error"]) == (409, "stale_version")
    assert stale.json()["details"]["current"]["name"] == "演示新名"
    last = seen(named.json()["version"])
    assert (await client.delete(there, headers=last)).status_code == 204
    # Sent again, because the answer was lost.
    assert (await client.delete(there, headers=last)).status_code == 404
    assert (await client.get(f"{there}/form")).status_code == 404
    assert (await client.get("/api/search/enterprises", params={"q": FIRM})).json()["items"] == []
    assert rows_of(
        database,
        "SELECT (SELECT count(*) FROM enterprise), (SELECT count(*) FROM site), (SELECT count(*) FROM site_contact)",
    ) == [(0, 0, 0)]
    assert rows_of(database, "SELECT name FROM enterprise_history ORDER BY recorded_to") == [
        ("演示安一化工",),
        ("演示新名",),
    ]
    assert rows_of(database, "SELECT address FROM site_history") == [("演示路 1 号",)]
    # Its credit code is free again.
    assert (await register(client))["id"] != written["id"]


async def test_while_anything_refers_to_it_it_stays(client: httpx.AsyncClient, database: Database) -> None:
    written = await register(
        client, sites=[{"position": at(NANGUAN)}, {"name": "二厂", "position": at(ERDAO)}]
    )
    identity, there = written["id"], f"/api/enterprises/{written['id']}"
    point = await create(client, {"number": "1", "name": "反应釜", "enterprise_id": identity})
    version = seen((await form_of(client, identity))["version"])
    held = await client.delete(there, headers=version)
    assert (held.status_code, held.json()["details"]) == (409, {"risk_points": 1})
    gone = await client.delete(f"/api/risk-points/{point['id']}", headers=seen(point["version"]))
    assert gone.status_code == 204
    before = tables(database)
    # A neighbour sees the firm by its second site, and must not take the first one with it.
    async with serving(database, territory="220105") as neighbour:
        held = await neighbour.delete(there, headers=version)
        assert (held.status_code, held.json()["error"]) == (409, "conflict")
        assert "foreign" not in held.text
    add_person(database, "officer", Role("officer", enterprise=identity))
    held = await client.delete(there, headers=version)
    assert (held.status_code, held.json()["error"]) == (409, "conflict")
    assert tables(database) == before


async def test_a_site_of_another_enterprise_is_not_found(client: httpx.AsyncClient) -> None:
    written = await register(client)
    other = await register(client, uscc="", name="演示另一家")
    (strange,) = (await form_of(client, other["id"]))["sites"]
    sites = [{"id": strange["id"], "version": strange["version"], "name": "x"}]
    answer = await client.patch(
        f"/api/enterprises/{written['id']}", json={"sites": sites}, headers=seen(written["version"])
    )
    assert (answer.status_code, answer.json()["error"]) == (404, "not_found")
