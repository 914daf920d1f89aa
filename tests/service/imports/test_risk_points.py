"""What rows of a register of risk points do to the register."""

from typing import Any

import httpx
import psycopg
import pytest

from tests.conftest import Database
from tests.service.imports.points import LEC, LINE, USCC, own, point, register
from tests.service.imports.register import NANGUAN, bring_in, codes, commit, csv_of, rows_of, upload


@pytest.fixture
async def plant(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """A client of a register with 演示一厂 in 南关区 (sites 1 and 2) and 演示二厂 without a position."""
    await bring_in(
        client,
        csv_of(
            ("统一社会信用代码", "企业名称", "场所编号", "经度", "纬度", "行业监管分类", "所在区划"),
            (USCC, "演示一厂", "1", *NANGUAN, "冶金", ""),
            (USCC, "演示一厂", "2", "125.3700", "43.8600", "冶金", ""),
            ("", "演示二厂", "", "", "", "", "二道区"),
        ),
    )
    return client


def differences(seen: dict[str, Any], change: int = 0) -> dict[str, tuple[str | None, str | None]]:
    return {one["field"]: (one["old"], one["new"]) for one in seen["changes"][change]["differences"]}


def errors(seen: dict[str, Any]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for problem in seen["problems"]:
        if problem["severity"] == "error":
            found.setdefault(problem["row"], []).append(problem["code"])
    return found


async def test_the_whole_row_arrives(plant: httpx.AsyncClient, database: Database) -> None:
    row = own(
        place="铸造车间", lon="125.3501", lat="43.8602", event="铁水喷溅", accidents="灼烫；火灾", consequence="人员灼烫",
        measures="【工程技术】设防护墙\n每班检查", level="车间", unit="生产部", person="张某", workers=12,
        inherent="重大", assessor="李某", review="2027-10-08", **LEC,
    )  # fmt: skip
    seen = await bring_in(plant, register(row))
    assert codes(seen) == []
    assert rows_of(
        database,
        "SELECT number, name, place, position, grade_inherent, grade_assessed, assessed_on::text, next_review::text,"
        " accident_edition, accident_categories, control_level, exposed_workers, industries, own_industries, source_x,"
        " located_in_path::text FROM risk_point",
    ) == [
        (
            "P-1", "熔炼炉", "铸造车间", "own", 1, 1, "2026-10-08", "2027-10-08", "GB 6441-2025", ["8", "9"], "workshop", 12,
            ["metallurgy"], None, "125.3501", "cn.220000.220100.220102",
        )
    ]  # fmt: skip
    assert rows_of(database, "SELECT name, accident_categories, consequence FROM risk_event") == [
        ("铁水喷溅", ["8", "9"], "人员灼烫")
    ]
    assert rows_of(
        database, "SELECT sort, kind, description, control_level, unit, person FROM measure ORDER BY sort"
    ) == [
        (1, "engineering", "设防护墙", "workshop", "生产部", "张某"),
        (2, None, "每班检查", "workshop", "生产部", "张某"),
    ]
    assert rows_of(
        database,
        "SELECT basis, method_id, method_version, inputs, score::int, grade, assessor, recorded_by,"
        " jsonb_path_query_array(reasons, '$[*].rule') FROM assessment ORDER BY basis",
    ) == [
        (
            "assessed", "lec_fold_a", "1", {"L": "3", "E": "6", "C": "40"}, 720, 1, "李某", "operator",
            ["inputs", "combine", "band"],
        ),
        ("inherent", "stated", "1", {}, None, 1, "李某", "operator", ["direct"]),
    ]  # fmt: skip


async def test_the_map_can_say_why(plant: httpx.AsyncClient, database: Database) -> None:
    await bring_in(plant, register(own(**LEC)))
    ((identity,),) = rows_of(database, "SELECT id FROM risk_point")
    shown = (await plant.get(f"/api/risk-points/{identity}")).json()
    assert shown["grade"] == "major"
    assert shown["position"] == "inherited"
    assert shown["verdicts"]["assessed"]["reasons"][1]["expression"] == "3 × 6 × 40 = 720"


async def test_importing_again_changes_nothing(plant: httpx.AsyncClient, database: Database) -> None:
    content = register(
        own(lon="125.3501", lat="43.8602", measures="a；b", event="x", inherent="重大", **LEC),
        own(number="P-2", site="2", grade="较大", on="2026-10-08"),
        point(number="Q-1", name="人民桥", wkt=LINE, territory="南关区", industries="bridges"),
        point(enterprise="演示二厂", territory="经开区"),
    )
    await bring_in(plant, content)
    tables = ("risk_point", "risk_event", "measure", "assessment")
    before = [rows_of(database, f"SELECT * FROM {table} ORDER BY id") for table in tables]
    seen = await bring_in(plant, content)
    assert (seen["preview"]["unchanged"], seen["changes"]) == (4, [])
    assert [rows_of(database, f"SELECT * FROM {table} ORDER BY id") for table in tables] == before


async def test_a_point_without_its_own_position_follows_its_site(
    plant: httpx.AsyncClient, database: Database
) -> None:
    seen = await bring_in(plant, register(own(), own(number="P-2", site="2"), point(enterprise="演示二厂")))
    assert codes(seen) == ["position_missing"]
    assert rows_of(
        database,
        "SELECT point.number, position, ST_X(anchor), site.number, point.located_in_path::text"
        " FROM risk_point AS point LEFT JOIN site ON site.id = site_id ORDER BY point.id",
    ) == [
        ("P-1", "inherited", 125.35, "1", "cn.220000.220100.220102"),
        ("P-2", "inherited", 125.37, "2", "cn.220000.220100.220102"),
        ("P-1", "none", None, "1", "cn.220000.220100.220105"),
    ]
    moved = await bring_in(plant, register(own(site="2"), own(number="P-2", lon="125.3550", lat="43.8600")))
    assert [change["number"] for change in moved["changes"]] == ["P-1", "P-2"]
    assert differences(moved, 0) == {"site_number": ("1", "2")}
    assert differences(moved, 1) == {"position": (None, "125.3550000, 43.8600000")}
    back = await bring_in(plant, register(own(number="P-2", lon="清空", lat="清空")))
    assert differences(back) == {"position": ("125.3550000, 43.8600000", None)}
    assert rows_of(database, "SELECT position, ST_X(anchor) FROM risk_point WHERE number = 'P-2'") == [
        ("inherited", 125.37)
    ]


async def test_a_line_of_the_region_crosses_cells(plant: httpx.AsyncClient, database: Database) -> None:
    seen = await bring_in(
        plant, register(point(name="燃气主管", wkt=LINE, industries="gas", territory="南关区", **LEC))
    )
    assert errors(seen) == {}
    assert rows_of(
        database,
        "SELECT owner_kind, GeometryType(geom), source_x, industries, located_stated FROM risk_point",
    ) == [("region", "LINESTRING", LINE, ["gas"], True)]
    assert rows_of(database, "SELECT count(*) > 20 FROM cell_touch") == [(True,)]


async def test_a_new_assessment_is_added_and_an_old_one_stays_evidence(
    plant: httpx.AsyncClient, database: Database
) -> None:
    await bring_in(plant, register(own(**LEC)))
    seen = await bring_in(plant, register(own(**LEC | {"l": 1, "on": "2026-11-01"}, review="2027-11-01")))
    assert differences(seen) == {
        "grade": ("重大", "较大"),
        "inputs": ("L=3 E=6 C=40", "L=1 E=6 C=40"),
        "assessed_on": ("2026-10-08", "2026-11-01"),
        "next_review": (None, "2027-11-01"),
    }
    older = await bring_in(plant, register(own(**LEC | {"l": 6, "on": "2025-01-01"})))
    assert codes(older) == ["older_assessment"]
    again = await upload(plant, register(own(**LEC | {"l": 6, "on": "2025-01-01"})))
    assert (codes(again), again["preview"]["unchanged"]) == ([], 1)
    assert rows_of(database, "SELECT grade, assessed_on::text FROM assessment ORDER BY id") == [
        (1, "2026-10-08"),
        (2, "2026-11-01"),
        (1, "2025-01-01"),
    ]
    assert rows_of(database, "SELECT grade_assessed, assessed_on::text FROM risk_point") == [
        (2, "2026-11-01")
    ]


async def test_an_override_is_written_with_its_reason(plant: httpx.AsyncClient, database: Database) -> None:
    await bring_in(plant, register(own(**LEC, grade="较大", why="已改造并验收", assessor="李某")))
    assert rows_of(database, "SELECT grade, override_from, override_reason FROM assessment") == [
        (2, 1, "已改造并验收")
    ]


async def test_a_change_of_event_and_measures_is_shown_and_kept_in_history(
    plant: httpx.AsyncClient, database: Database
) -> None:
    await bring_in(
        plant,
        register(own(event="喷溅", accidents="灼烫", measures="甲；乙；丙", unit="生产部", level="车间")),
    )
    seen = await bring_in(
        plant,
        register(
            own(
                event="爆炸",
                consequence="伤亡",
                measures="甲；丁",
                person="张某",
                level="班组",
                name="熔炼炉一号",
            )
        ),
    )
    assert differences(seen) == {
        "name": ("熔炼炉", "熔炼炉一号"),
        "event": ("喷溅", "爆炸"),
        "consequence": (None, "伤亡"),
        "measures": ("甲；乙；丙", "甲；丁"),
        "control_level": ("车间", "班组"),
        "responsible_person": (None, "张某"),
    }
    assert rows_of(
        database, "SELECT sort, description, control_level, unit, person FROM measure ORDER BY sort"
    ) == [
        (1, "甲", "team", "生产部", "张某"),
        (2, "丁", "team", "生产部", "张某"),
    ]
    assert rows_of(database, "SELECT description, change FROM measure_history ORDER BY description") == [
        ("丙", "delete"),
        ("乙", "update"),
        ("甲", "update"),
    ]
    gone = await bring_in(
        plant, register(own(event="清空", measures="清空", accidents="清空", name="熔炼炉一号"))
    )
    assert differences(gone)["event"] == ("爆炸", None)
    assert rows_of(database, "SELECT (SELECT count(*) FROM risk_event), (SELECT count(*) FROM measure)") == [
        (0, 0)
    ]


async def test_measures_without_an_event_name_one(plant: httpx.AsyncClient, database: Database) -> None:
    await bring_in(plant, register(own(measures="每班检查"), own(number="P-2", accidents="触电")))
    assert rows_of(database, "SELECT name FROM risk_event ORDER BY id") == [("熔炼炉",), ("触电",)]


async def test_other_events_of_a_point_are_left_alone(plant: httpx.AsyncClient, database: Database) -> None:
    await bring_in(plant, register(own(event="喷溅", measures="甲")))
    with psycopg.connect(database.superuser_url) as connection:
        connection.execute(
            "INSERT INTO risk_event (risk_point_id, sort, name) SELECT id, 2, '坠落' FROM risk_point"
        )
        connection.execute(
            "INSERT INTO measure (risk_point_id, risk_event_id, description)"
            " SELECT risk_point_id, id, '护栏' FROM risk_event WHERE sort = 2"
        )
    await bring_in(plant, register(own(event="喷溅", measures="乙；丙")))
    await bring_in(plant, register(own(event="清空", measures="清空")))
    assert rows_of(
        database,
        "SELECT event.name, description FROM risk_event AS event JOIN measure ON risk_event_id = event.id",
    ) == [("坠落", "护栏")]


async def test_who_manages_needs_a_reason(plant: httpx.AsyncClient, database: Database) -> None:
    seen = await upload(plant, register(own(managed="经开区")))
    assert errors(seen) == {2: ["managed_reason_missing"]}
    seen = await bring_in(plant, register(own(managed="经开区", managed_why="协议移交")))
    assert rows_of(
        database, "SELECT managed_by_path::text, managed_reason, located_in_path::text FROM risk_point"
    ) == [("cn.220000.220100.z_jk", "协议移交", "cn.220000.220100.220102")]
    assert (await upload(plant, register(own(managed="经开区"))))["preview"]["unchanged"] == 1
    assert (await upload(plant, register(own())))["preview"]["unchanged"] == 1
    await bring_in(plant, register(own(managed="清空")))
    assert rows_of(database, "SELECT managed_by_path::text, managed_reason FROM risk_point") == [
        ("cn.220000.220100.220102", None)
    ]


async def test_a_firm_is_named_by_code_or_by_an_unmistakable_name(plant: httpx.AsyncClient) -> None:
    await bring_in(plant, csv_of(("统一社会信用代码", "企业名称"), ("914403001922038216", "演示一厂")))
    seen = await upload(
        plant,
        register(
            own(),
            point(uscc=USCC, enterprise="演示壹厂", number="P-2"),
            point(uscc="91310000MA1K35UX6B", number="P-3"),
            point(enterprise="演示九厂", number="P-4"),
            point(uscc=USCC, number="P-5", site="7"),
            point(site="1", number="P-6"),
        ),
    )
    assert errors(seen) == {
        2: ["ambiguous_enterprise"],
        4: ["enterprise_not_found"],
        5: ["enterprise_not_found"],
        6: ["site_not_found"],
        7: ["region_with_site"],
    }
    assert codes(seen, 3) == ["enterprise_name_differs"]


async def test_a_number_twice_is_named_on_both_rows(plant: httpx.AsyncClient) -> None:
    seen = await upload(
        plant,
        register(
            own(),
            own(name="另一台炉"),
            own(number="P-2"),
            own(number="P-2"),
            point(uscc=USCC, number="P-2", name="以代码指同一家"),
            point(number="P-1"),
        ),
    )
    assert errors(seen) == {
        2: ["duplicate_number"],
        3: ["duplicate_number"],
        5: ["duplicate_row"],
        6: ["duplicate_number"],
    }
    for problem in seen["problems"][:2]:
        assert "2" in problem["message"]["zh"]
        assert "3" in problem["message"]["zh"]


async def test_numbers_belong_to_their_owner(plant: httpx.AsyncClient, database: Database) -> None:
    seen = await bring_in(plant, register(own(), point(enterprise="演示二厂"), point()))
    assert seen["preview"]["new"] == 3
    assert rows_of(database, "SELECT owner_kind, count(*)::int FROM risk_point GROUP BY 1 ORDER BY 1") == [
        ("enterprise", 2),
        ("region", 1),
    ]


async def test_a_territory_that_the_site_contradicts(plant: httpx.AsyncClient) -> None:
    seen = await upload(plant, register(own(territory="农安县"), own(number="P-2", territory="长春市")))
    assert errors(seen) == {2: ["territory_contradicts_site"]}


async def test_industries_that_only_repeat_the_firms_go_on_following_it(
    plant: httpx.AsyncClient, database: Database
) -> None:
    await bring_in(plant, register(own(industries="冶金"), own(number="P-2", industries="gas")))
    assert rows_of(database, "SELECT number, own_industries, industries FROM risk_point ORDER BY number") == [
        ("P-1", None, ["metallurgy"]),
        ("P-2", ["gas"], ["gas"]),
    ]
    await bring_in(plant, register(own(number="P-2", industries="清空")))
    assert rows_of(database, "SELECT industries FROM risk_point WHERE number = 'P-2'") == [(["metallurgy"],)]


async def test_a_number_taken_out_of_sight_is_a_conflict_without_database_text(
    plant: httpx.AsyncClient, database: Database
) -> None:
    """A point of another district with the same regional number exists between the check and the write."""
    seen = await upload(plant, register(point(territory="南关区")))
    with psycopg.connect(database.superuser_url) as connection:
        connection.execute(
            "INSERT INTO territory (parent_id, path, code, level, name) SELECT id, 'cn.990000', '990000', 'province', '外省'"
            " FROM territory WHERE path = 'cn'"
        )
        connection.execute(
            "INSERT INTO risk_point (owner_kind, number, name, located_in_id)"
            " SELECT 'region', 'P-1', '外省风险点', id FROM territory WHERE path = 'cn.990000'"
        )
    answer = await commit(plant, seen)
    assert (answer.status_code, answer.json()["error"]) == (409, "conflict")
    assert "unique" not in answer.text
    assert rows_of(database, "SELECT count(*) FROM risk_point") == [(1,)]
