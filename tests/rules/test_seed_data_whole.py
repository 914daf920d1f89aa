"""The rest of the demonstration city: as large as a city, and as true to its rules as the part that tests load."""

import json
from collections import Counter
from typing import Any

import pytest
import shapely

from seed_data.demo_city import places
from service.enterprises.rules import find_uscc_fault
from service.grading.rules import grades as service_grades
from tests.rules.seed_sheets import (
    GRADE_OF_TEXT,
    ROOT,
    Row,
    district_named,
    graded,
    published_methods,
    rows_of,
    shape_of,
)


@pytest.fixture(scope="module")
def enterprises() -> list[Row]:
    return [*rows_of("enterprises.csv"), *rows_of("rest_enterprises.csv.gz")]


@pytest.fixture(scope="module")
def points() -> list[Row]:
    return [*rows_of("risk_points.csv"), *rows_of("rest_risk_points.csv.gz")]


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "expected.json").read_bytes())["whole"]
    return found


def test_it_is_as_large_as_a_city(
    enterprises: list[Row], points: list[Row], expected: dict[str, Any]
) -> None:
    firms = {row["企业名称"]: row["统一社会信用代码"] for row in enterprises}
    assert len(firms) == expected["enterprises"] > 1_950
    assert len(points) == expected["risk_points"] == 20_000
    sites = {(row["企业名称"], row["场所编号"]) for row in enterprises}
    assert len(sites) == len(enterprises) == expected["sites"]
    numbers = {(row["企业名称"], row["风险点编号"]) for row in points}
    assert len(numbers) == len(points)
    assert {(row["企业名称"], row["场所编号"]) for row in points if row["企业名称"]} <= sites
    codes = [code for code in firms.values() if code]
    assert len(set(codes)) == len(codes)
    assert [code for code in codes if find_uscc_fault(code)] == []


def test_there_are_groups_with_chains_of_shops_and_many_building_sites(enterprises: list[Row]) -> None:
    sites = Counter(row["企业名称"] for row in enterprises)
    assert [count for name, count in sites.items() if "连锁集团" in name and count >= 34]
    assert [count for name, count in sites.items() if "建工集团" in name and count >= 16]


def test_everything_invented_is_marked(enterprises: list[Row], points: list[Row]) -> None:
    assert [row for row in enterprises if not row["企业名称"].endswith("（演示）")] == []
    regional = [row for row in points if not row["企业名称"]]
    assert [row for row in regional if "演示" not in row["风险点名称"] or "演示" not in row["责任单位"]] == []
    assert [row for row in points if row["评定风险等级"] == "重大" and not row["企业名称"]] == []


def test_every_grade_follows_from_its_inputs(points: list[Row], expected: dict[str, Any]) -> None:
    methods = published_methods()
    found: Counter[str] = Counter()
    for row in points:
        if not row["评价日期"]:
            found["unassessed"] += 1
            continue
        computed = graded(row, methods)
        written = GRADE_OF_TEXT.get(row["评定风险等级"], computed)
        assert written is not None, row
        assert computed in (None, written) or row["人工调整理由"], row
        found[written.word] += 1
    assert found == {word: count for word, count in expected["assessed"].items() if word != "total" and count}


def test_the_shares_are_those_of_a_city(points: list[Row], expected: dict[str, Any]) -> None:
    shares = {word: count / len(points) for word, count in expected["assessed"].items()}
    assert 0.002 < shares["major"] < 0.005
    assert 0.03 < shares["large"] < 0.045
    assert 0.22 < shares["general"] < 0.28
    assert 0.03 < shares["unassessed"] < 0.06
    assert 0.03 < expected["overdue"] / len(points) < 0.10
    assert set(expected["assessed"]) == {*service_grades.GRADE_WORDS, "unassessed", "total"}


def test_positions_lie_in_the_stated_district_and_many_points_are_drawn(
    enterprises: list[Row], points: list[Row]
) -> None:
    drawn: Counter[int] = Counter()
    for row in [*enterprises, *points]:
        shape = shape_of(row)
        if shape is None:
            continue
        drawn[int(shapely.get_dimensions(shape))] += 1
        if row["所在区划"]:
            assert district_named(row["所在区划"]).boundary.covers(shape), row
        else:
            assert any(one.boundary.covers(shape) for one in places.districts()), row
    assert drawn[1] > 350
    assert drawn[2] > 700


@pytest.mark.parametrize("basis", ["assessed", "inherent"])
def test_every_breakdown_sums_to_the_register(expected: dict[str, Any], basis: str) -> None:
    assert sum(expected["positions"].values()) == expected["risk_points"] == expected[basis]["total"]
    for view in ("located", "managed"):
        for word, count in expected[basis].items():
            assert sum(area[basis][word] for area in expected[view].values()) == count
