"""Risk points by form over HTTP: created, changed, moved, sent twice, stale, out of sight, and nothing half-written."""

import asyncio
from typing import Any

import httpx
import psycopg
import pytest

from tests import counting
from tests.conftest import Database, serving
from tests.service.imports.register import NANGUAN, rows_of
from tests.service.register.forms import (
    AREA,
    ERDAO,
    LEC_RED,
    LINE,
    at,
    bridge,
    create,
    plant,
    problems,
    seen,
    show,
    tables,
)


def whole(enterprise_id: int, site_id: int) -> dict[str, object]:
    """A form with everything in it."""
    return {
        "enterprise_id": enterprise_id, "site_id": site_id, "number": "F-1", "name": "熔炼炉", "place": "铸造车间",
        "position": at(("125.3501", "43.8602")), "control_level": "车间", "exposed_workers": "12",
        "events": [
            {"name": "铁水喷溅", "accident_categories": ["灼烫", "火灾"], "consequence": "人员灼烫", "measures": [
                {"kind": "engineering", "text": "设防护墙", "control_level": "workshop", "unit": "生产部", "person": "张某"},
                {"text": "每班检查"}]},
            {"name": "坠落"},
        ],
        "assessments": [LEC_RED | {"next_review": "2027-10-08"}, {"basis": "inherent"} | LEC_RED],
    }  # fmt: skip


@pytest.fixture
async def works(client: httpx.AsyncClient, database: Database) -> tuple[httpx.AsyncClient, int, int, int]:
    """A client of a register with 演示一厂: its id and those of its sites 1 and 2."""
    await plant(client)
    (row,) = rows_of(
        database,
        "SELECT enterprise.id, min(site.id), max(site.id) FROM enterprise JOIN site ON enterprise_id = enterprise.id"
        " WHERE enterprise.name = '演示一厂' GROUP BY 1",
    )
    return client, *row


async def test_the_whole_form_arrives(
    works: tuple[httpx.AsyncClient, int, int, int], database: Database
) -> None:
    client, firm, site, _ = works
    written = await create(client, whole(firm, site))
    assert written["warnings"] == []
    assert rows_of(
        database,
        "SELECT id, number, name, place, position, grade_inherent, grade_assessed, next_review::text, accident_edition,"
        " accident_categories, control_level, exposed_workers, industries, source_x, located_in_path::text, changed_by"
        " FROM risk_point",
    ) == [
        (
            written["id"], "F-1", "熔炼炉", "铸造车间", "own", 1, 1, "2027-10-08", "GB 6441-2025", ["8", "9"], "workshop",
            12, ["metallurgy"], "125.3501", "cn.220000.220100.220102", "operator",
        )
    ]  # fmt: skip
    assert rows_of(database, "SELECT sort, name, accident_categories FROM risk_event ORDER BY sort") == [
        (1, "铁水喷溅", ["8", "9"]),
        (2, "坠落", []),
    ]
    assert rows_of(
        database, "SELECT sort, kind, description, control_level, unit, person FROM measure ORDER BY sort"
    ) == [(1, "engineering", "设防护墙", "workshop", "生产部", "张某"), (2, None, "每班检查", None, "", "")]
    assert rows_of(
        database, "SELECT basis, method_id, score::int, grade, assessor FROM assessment ORDER BY basis"
    ) == [("assessed", "lec_fold_a", 720, 1, "演示评价人"), ("inherent", "lec_fold_a", 720, 1, "演示评价人")]
    shown = await client.get(f"/api/risk-points/{written['id']}")
    assert shown.json()["verdicts"]["assessed"]["reasons"][1]["expression"] == "3 × 6 × 40 = 720"
    with psycopg.connect(database.superuser_url) as connection:
        counting.check(connection, areas=["cn.220000.220100.220102"])


async def test_sent_twice_is_written_once(client: httpx.AsyncClient, database: Database) -> None:
    key = {"Idempotency-Key": "0198f3a0-7f3c-7000-8000-000000000001"}
    answers = await asyncio.gather(
        *(client.post("/api/risk-points", json=bridge(), headers=key) for _ in range(2))
    )
    assert [one.status_code for one in answers] == [201, 201]
    assert len({one.json()["id"] for one in answers}) == 1
    assert rows_of(database, "SELECT count(*) FROM risk_point") == [(1,)]
    other = await client.post("/api/risk-points", json=bridge(number="QL-2"), headers=key)
    assert (other.status_code, other.json()["error"]) == (409, "conflict")
    assert rows_of(database, "SELECT count(*) FROM risk_point") == [(1,)]


async def test_a_refused_form_does_not_use_its_key_up(client: httpx.AsyncClient) -> None:
    key = {"Idempotency-Key": "k"}
    assert problems(await client.post("/api/risk-points", json=bridge(name=""), headers=key)) == {
        "name": ["missing"]
    }
    assert (await client.post("/api/risk-points", json=bridge(), headers=key)).status_code == 201


async def test_a_number_is_one_points(works: tuple[httpx.AsyncClient, int, int, int]) -> None:
    client, firm, site, _ = works
    await create(client, bridge())
    await create(client, whole(firm, site))
    again = await client.post("/api/risk-points", json=bridge(name="演示二桥", position=at(ERDAO)))
    assert problems(again) == {"number": ["number_taken_elsewhere"]}
    again = await client.post("/api/risk-points", json=whole(firm, site))
    assert problems(again) == {"number": ["duplicate_number"]}


async def test_what_is_left_out_stays_and_what_is_empty_is_erased(
    works: tuple[httpx.AsyncClient, int, int, int],
) -> None:
    client, firm, site, other = works
    written = await create(client, whole(firm, site))
    before = await show(client, written["id"])
    answer = await client.patch(
        f"/api/risk-points/{written['id']}",
        json={"name": "熔炼炉一号", "number": "F-9", "place": None, "exposed_workers": "", "site_id": other},
        headers=seen(written["version"]),
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["version"] > written["version"]
    after = await show(client, written["id"])
    expected = {"name": "熔炼炉一号", "number": "F-9", "place": "", "exposed_workers": None, "site_id": other}
    for field in set(before) - {"version", "recorded_from"}:
        assert after[field] == expected.get(field, before[field]), field


async def test_a_point_changes_its_owner(works: tuple[httpx.AsyncClient, int, int, int]) -> None:
    client, firm, site, _ = works
    written = await create(client, bridge())
    given = await client.patch(
        f"/api/risk-points/{written['id']}",
        json={"enterprise_id": firm, "site_id": site},
        headers=seen(written["version"]),
    )
    assert given.status_code == 200, given.text
    assert (await show(client, written["id"]))["enterprise"]["name"] == "演示一厂"
    back = await client.patch(
        f"/api/risk-points/{written['id']}",
        json={"enterprise_id": None},
        headers=seen(given.json()["version"]),
    )
    assert back.status_code == 200, back.text
    shown = await show(client, written["id"])
    assert (shown["enterprise"], shown["site_id"]) == (None, None)


async def test_moved_over_a_border(client: httpx.AsyncClient, database: Database) -> None:
    written = await create(client, bridge(assessments=[LEC_RED]))
    there = f"/api/risk-points/{written['id']}/position"
    moved = await client.put(there, json=at(ERDAO, "CGCS2000"), headers=seen(written["version"]))
    assert moved.status_code == 200, moved.text
    assert (await show(client, written["id"]))["territory"]["name"] == "二道区"
    assert rows_of(database, "SELECT DISTINCT located_in_path::text FROM assessment") == [
        ("cn.220000.220100.220105",)
    ]
    stated = at(NANGUAN) | {"territory": "南关区"}
    moved = await client.put(there, json=stated, headers=seen(moved.json()["version"]))
    assert (await show(client, written["id"]))["territory_stated"] is True
    # Far beyond the border of what is stated: contradicted, unless the statement is withdrawn.
    far = at(("125.7000", "44.1500"))
    assert problems(await client.put(there, json=far, headers=seen(moved.json()["version"]))) == {
        "territory": ["territory_contradicted"]
    }
    free = await client.put(there, json=far | {"territory": None}, headers=seen(moved.json()["version"]))
    assert free.status_code == 200, free.text
    shown = await show(client, written["id"])
    assert (shown["territory"]["name"], shown["territory_stated"]) == ("九台区", False)
    with psycopg.connect(database.superuser_url) as connection:
        counting.check(connection, areas=["cn.220000.220100.220113"])


async def test_drawn_as_a_line_and_an_area_and_following_its_site(
    works: tuple[httpx.AsyncClient, int, int, int], database: Database
) -> None:
    client, firm, site, _ = works
    written = await create(client, whole(firm, site))
    there, version = f"/api/risk-points/{written['id']}/position", written["version"]
    for body, kind, position in (
        ({"geometry": LINE, "datum": "CGCS2000"}, "LINESTRING", "own"),
        ({"geometry": AREA, "datum": "WGS84"}, "POLYGON", "own"),
        ({"follow_site": True}, None, "inherited"),
    ):
        answer = await client.put(there, json=body, headers=seen(version))
        assert answer.status_code == 200, answer.text
        version = answer.json()["version"]
        assert rows_of(database, "SELECT GeometryType(geom), position FROM risk_point") == [(kind, position)]
    with psycopg.connect(database.superuser_url) as connection:
        counting.check(connection, areas=["cn.220000.220100.220102"])


async def test_events_keep_their_history_by_their_ids(
    works: tuple[httpx.AsyncClient, int, int, int], database: Database
) -> None:
    client, firm, site, _ = works
    written = await create(client, whole(firm, site))
    first, second = (await show(client, written["id"]))["events"]
    there = f"/api/risk-points/{written['id']}/events"
    changed = {
        "events": [second | {"consequence": "伤亡"}, {"name": "触电", "accident_categories": ["触电"]}, first]
    }
    answer = await client.put(there, json=without_ids(changed), headers=seen(written["version"]))
    assert answer.status_code == 200, answer.text
    events = (await show(client, written["id"]))["events"]
    assert [one["name"] for one in events] == ["坠落", "触电", "铁水喷溅"]
    assert [events[0]["id"], events[2]["id"]] == [second["id"], first["id"]]
    assert events[2] == first
    assert rows_of(database, "SELECT change, count(*) FROM risk_event_history GROUP BY 1") == [("update", 2)]
    assert rows_of(database, "SELECT count(*) FROM measure_history") == [(0,)]
    shorter = {"events": [events[2] | {"measures": first["measures"][1:]}]}
    answer = await client.put(there, json=shorter, headers=seen(answer.json()["version"]))
    assert answer.status_code == 200, answer.text
    assert rows_of(database, "SELECT sort, description FROM measure") == [(1, "每班检查")]
    assert rows_of(database, "SELECT accident_categories FROM risk_point") == [(["8", "9"],)]


def without_ids(form: dict[str, Any]) -> dict[str, Any]:
    """The same; events that never had an id say nothing of one."""
    return {
        "events": [
            {key: value for key, value in event.items() if value is not None} for event in form["events"]
        ]
    }


async def test_an_event_of_another_point_is_not_taken(client: httpx.AsyncClient) -> None:
    one = await create(client, bridge(events=[{"name": "垮塌"}]))
    other = await create(client, bridge(number="QL-2"))
    stolen = (await show(client, one["id"]))["events"][0]["id"]
    answer = await client.put(
        f"/api/risk-points/{other['id']}/events",
        json={"events": [{"id": stolen, "name": "垮塌"}]},
        headers=seen(other["version"]),
    )
    assert problems(answer) == {"events.0.id": ["no_such_event"]}


async def test_a_stale_form_writes_nothing_and_sees_both_versions(
    client: httpx.AsyncClient, database: Database
) -> None:
    written = await create(client, bridge(events=[{"name": "垮塌"}]))
    there, old = f"/api/risk-points/{written['id']}", seen(written["version"])
    changed = await client.put(f"{there}/events", json={"events": []}, headers=old)
    assert changed.status_code == 200, changed.text
    before = tables(database)
    for answer in (
        await client.patch(there, json={"name": "演示二桥"}, headers=old),
        await client.put(f"{there}/position", json=at(ERDAO), headers=old),
        await client.put(f"{there}/events", json={"events": [{"name": "坠落"}]}, headers=old),
        await client.delete(there, headers=old),
    ):
        assert (answer.status_code, answer.json()["error"]) == (409, "stale_version")
        details = answer.json()["details"]
        assert (details["seen"], details["version"]) == (written["version"], changed.json()["version"])
        assert (details["current"]["name"], details["current"]["events"]) == ("演示一桥", [])
    assert tables(database) == before
    missing = await client.patch(there, json={"name": "演示二桥"})
    assert (missing.status_code, missing.json()["error"]) == (422, "malformed")


async def test_removed_it_leaves_its_assessments(client: httpx.AsyncClient, database: Database) -> None:
    written = await create(client, bridge(events=[{"name": "垮塌"}], assessments=[LEC_RED]))
    there = f"/api/risk-points/{written['id']}"
    assert (await client.delete(there, headers=seen(written["version"]))).status_code == 204
    assert (await client.get(there)).status_code == 404
    assert rows_of(
        database,
        "SELECT (SELECT count(*) FROM risk_point), (SELECT count(*) FROM risk_event), (SELECT count(*) FROM assessment)",
    ) == [(0, 0, 1)]
    with psycopg.connect(database.superuser_url) as connection:
        counting.check(connection, areas=["cn.220000.220100.220102"])


async def test_out_of_sight_is_not_there(client: httpx.AsyncClient, database: Database) -> None:
    written = await create(client, bridge())
    async with serving(database, territory="220105") as neighbour:
        for number in (written["id"], 999_999):
            there = f"/api/risk-points/{number}"
            for answer in (
                await neighbour.get(f"{there}/form"),
                await neighbour.patch(there, json={"name": "他"}, headers=seen(written["version"])),
                await neighbour.put(f"{there}/position", json=at(ERDAO), headers=seen(written["version"])),
                await neighbour.put(f"{there}/events", json={"events": []}, headers=seen(written["version"])),
                await neighbour.post(f"{there}/assessments", json=LEC_RED),
                await neighbour.delete(there, headers=seen(written["version"])),
            ):
                assert (answer.status_code, answer.json()["error"]) == (404, "not_found"), answer.text
        outside = await neighbour.post("/api/risk-points", json=bridge(number="QL-9"))
        assert problems(outside) == {"position.lon": ["outside_territory"]}
        # The number is taken where the neighbour cannot see it.
        taken = await neighbour.post("/api/risk-points", json=bridge(position=at(("125.4000", "43.8700"))))
        assert (taken.status_code, taken.json()["error"]) == (409, "conflict"), taken.text
        assert "unique" not in taken.text


async def test_bad_input_leaves_nothing(
    works: tuple[httpx.AsyncClient, int, int, int], database: Database
) -> None:
    client, firm, site, _ = works
    before = tables(database)
    bad = whole(firm, site) | {
        "position": at(("43.86", "125.35")),
        "exposed_workers": "-3",
        "industries": ["没有的行业"],
        "events": [
            {"name": "", "accident_categories": ["没有的类别"], "measures": [{"kind": "?", "text": "", "control_level": "!"}]},
            {"name": "触电", "accident_edition": "GB 1", "accident_categories": ["8"]},
        ],
        "assessments": [LEC_RED | {"inputs": {"L": "3", "E": "5"}, "assessed_on": "2026-11-31"}],
    }  # fmt: skip
    answer = await client.post("/api/risk-points", json=bad, headers={"Idempotency-Key": "bad"})
    assert problems(answer) == {
        "position.lon": ["coordinates_swapped"],
        "exposed_workers": ["negative"],
        "industries": ["unknown_word"],
        "events.0.name": ["missing"],
        "events.0.accident_categories": ["unknown_word"],
        "events.0.measures.0.kind": ["unknown_word"],
        "events.0.measures.0.text": ["missing"],
        "events.0.measures.0.control_level": ["unknown_word"],
        "events.1.accident_categories": ["unknown_edition"],
        "assessments.0.assessed_on": ["impossible_date"],
        "assessments.0.inputs.E": ["input_refused"],
        "assessments.0.inputs.C": ["input_missing"],
    }
    assert tables(database) == before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("position", {"geometry": {"type": "Point", "coordinates": ["a", 1]}, "datum": "WGS84"}),
        ("position", {"geometry": {"type": "LineString", "coordinates": [125, 43]}, "datum": "WGS84"}),
        ("position", {"lon": "1", "lat": "2", "datum": "北京54"}),
        ("enterprise_id", 2**63),
        ("nmae", "misspelt"),
        ("events", [{"name": "x"}] * 51),
    ],
)
async def test_a_form_of_another_shape_is_malformed(
    client: httpx.AsyncClient, field: str, value: object
) -> None:
    answer = await client.post("/api/risk-points", json=bridge(**{field: value}))
    assert (answer.status_code, answer.json()["error"]) == (422, "malformed"), answer.text


async def test_numbers_without_a_datum_are_no_position(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/risk-points", json=bridge(position={"lon": "125.35", "lat": "43.86"}))
    assert problems(answer) == {"position.datum": ["datum_missing"]}
