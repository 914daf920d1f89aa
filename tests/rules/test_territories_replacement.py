"""What a file of boundaries may say about the tree."""

from dataclasses import replace

import pytest

from service.territories.rules.replacement import Drawn, Problem, Replacement, plan_replacement
from service.territories.rules.tree import Level, Node

STORED = {
    node.key: node
    for node in (
        Node(1, "cn", "cn", None, Level.COUNTRY, "中国"),
        Node(2, "cn.220000", "220000", "220000", Level.PROVINCE, "吉林省"),
        Node(3, "cn.220000.220100", "220100", "220100", Level.CITY, "长春市"),
        Node(4, "cn.220000.220100.220105", "220105", "220105", Level.DISTRICT, "二道区"),
        Node(5, "cn.220000.220100.z_jk", "z_jk", None, Level.FUNCTIONAL_ZONE, "长春经济技术开发区"),
        Node(6, "cn.440000.441900", "441900", "441900", Level.CITY, "东莞市"),
    )
}
NOTHING = Drawn(
    feature=1, key=None, code=None, name=None, level=None, parent=None, indicative=False, shape=b""
)
ZONE = replace(NOTHING, key="z_gx", name="长春高新区", level=Level.FUNCTIONAL_ZONE, parent="220100")


def plan(*drawn: Drawn) -> tuple[tuple[Replacement, ...], tuple[Problem, ...]]:
    numbered = [replace(one, feature=number) for number, one in enumerate(drawn, start=1)]
    return plan_replacement(numbered, stored=STORED, retired=frozenset({"220181"}))


def only_problem(*drawn: Drawn) -> str:
    _, problems = plan(*drawn)
    assert len(problems) == 1, problems
    assert problems[0].zh
    assert problems[0].en
    return problems[0].code


@pytest.mark.parametrize(
    "drawn",
    [
        replace(NOTHING, key="220105"),
        replace(NOTHING, code="220105"),
        replace(NOTHING, code="220105000000"),
        replace(NOTHING, key="220105", code="220105", level=Level.DISTRICT, parent="220100"),
    ],
)
def test_an_existing_territory_is_named_by_key_or_code_and_keeps_its_place(drawn: Drawn) -> None:
    (one,), problems = plan(drawn)
    assert problems == ()
    assert (one.planned.path, one.planned.code, one.planned.level) == (
        "cn.220000.220100.220105",
        "220105",
        "district",
    )
    assert one.planned.name == "二道区"
    assert one.rivals == "220100"


def test_a_name_in_the_file_renames() -> None:
    (one,), _ = plan(replace(NOTHING, key="z_jk", name="长春经开区"))
    assert one.planned.name == "长春经开区"


def test_new_zones_and_their_towns_come_in_any_order() -> None:
    town = replace(NOTHING, key="z_gx_a", name="甲街道", level=Level.ZONE_TOWN, parent="z_gx")
    good, problems = plan(town, ZONE)
    assert problems == ()
    assert [one.planned.path for one in good] == ["cn.220000.220100.z_gx", "cn.220000.220100.z_gx.z_gx_a"]
    assert [one.planned.code for one in good] == [None, None]
    assert [one.rivals for one in good] == ["zones of 220100", "z_gx"]


def test_zones_of_one_city_are_rivals_wherever_they_hang() -> None:
    below = replace(ZONE, key="z_ed", parent="220105")
    good, _ = plan(ZONE, below)
    assert {one.rivals for one in good} == {"zones of 220100"}


def test_a_new_town_below_a_district_and_below_a_city_without_districts() -> None:
    town = replace(NOTHING, name="东盛街道", level=Level.TOWN)
    good, problems = plan(
        replace(town, code="220105001", parent="220105"),
        replace(town, key="441900003", code="441900003000", parent="441900"),
    )
    assert problems == ()
    assert [one.planned.path for one in good] == [
        "cn.220000.220100.220105.220105001",
        "cn.440000.441900.441900003",
    ]


@pytest.mark.parametrize(
    ("drawn", "code"),
    [
        (NOTHING, "key_missing"),
        (replace(NOTHING, key="220199"), "unknown_territory"),
        (replace(NOTHING, key="220199", level=Level.DISTRICT, name="新区", parent="220100"), "not_loaded"),
        (replace(NOTHING, key="220181"), "retired"),
        (replace(NOTHING, key="220105", code="220106"), "code_differs"),
        (replace(NOTHING, key="z_jk", code="220171"), "code_differs"),
        (replace(NOTHING, key="220105", level=Level.CITY), "level_differs"),
        (replace(NOTHING, key="220105", parent="220000"), "parent_differs"),
        (replace(ZONE, name=None), "name_missing"),
        (replace(ZONE, parent=None), "parent_missing"),
        (replace(ZONE, parent="z_none"), "unknown_parent"),
        (replace(ZONE, parent="220000"), "level_order"),
        (replace(ZONE, parent="z_jk"), "level_order"),
        (replace(ZONE, level=Level.ZONE_TOWN), "level_order"),
        (replace(ZONE, code="220171"), "zone_with_code"),
        (replace(ZONE, key="Z-GX"), "malformed_key"),
        (replace(ZONE, key="高新"), "malformed_key"),
        (replace(ZONE, key="220171"), "malformed_key"),
        (replace(NOTHING, key="x", name="x", level=Level.TOWN, parent="220105"), "malformed_code"),
        (replace(NOTHING, code="220106001", name="x", level=Level.TOWN, parent="220105"), "malformed_code"),
        (replace(NOTHING, code="220105", level=Level.TOWN), "level_differs"),
    ],
)
def test_a_feature_is_refused_for_one_reason(drawn: Drawn, code: str) -> None:
    assert only_problem(drawn) == code


def test_every_problem_of_a_file_is_found_and_the_rest_is_planned() -> None:
    good, problems = plan(
        replace(NOTHING, key="220105"),
        replace(ZONE, name=None),
        NOTHING,
        replace(ZONE, key="z_a", parent="z_b"),
    )
    assert [one.planned.key for one in good] == ["220105"]
    assert {problem.feature: problem.code for problem in problems} == {
        2: "name_missing",
        3: "key_missing",
        4: "unknown_parent",
    }


def test_the_same_territory_twice_is_refused_both_times() -> None:
    good, problems = plan(replace(NOTHING, key="220105"), replace(NOTHING, code="220105000"))
    assert good == ()
    assert [(problem.feature, problem.code) for problem in problems] == [(1, "duplicate"), (2, "duplicate")]


def test_a_problem_on_the_wire() -> None:
    assert Problem(3, "z_a", "overlap", "重叠", "overlaps").wire() == {
        "feature": 3,
        "key": "z_a",
        "code": "overlap",
        "message": {"zh": "重叠", "en": "overlaps"},
    }
