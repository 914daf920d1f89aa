"""The tree that the boundary package describes, its codes, and what stands where at which zoom."""

from collections import Counter

import pytest

from service.base.errors import Rejected
from service.territories.rules.tree import (
    LEVEL_TITLES,
    PARENT_LEVELS,
    Level,
    Node,
    Planned,
    branch,
    canonical_code,
    code_candidates,
    is_key,
    is_within,
    levels_at,
    plan_country,
)

PROVINCES = {
    "110000": "北京市",
    "220000": "吉林省",
    "420000": "湖北省",
    "440000": "广东省",
    "500000": "重庆市",
    "620000": "甘肃省",
    "650000": "新疆维吾尔自治区",
    "710000": "台湾省",
    "810000": "香港特别行政区",
    "820000": "澳门特别行政区",
}
CITIES = {
    "110000": "北京市",
    "220100": "长春市",
    "429004": "仙桃市",
    "441900": "东莞市",
    "500000": "重庆市",
    "620200": "嘉峪关市",
    "659001": "石河子市",
    "710000": "台湾省",
    "810000": "香港特别行政区",
    "820000": "澳门特别行政区",
}
DISTRICTS = {
    "110105": "朝阳区",
    "220105": "二道区",
    "220184": "公主岭市",
    "429004": "仙桃市",
    "441900": "东莞市",
    "500101": "万州区",
    "500229": "城口县",
    "620200": "嘉峪关市",
    "659001": "石河子市",
    "710012": "新北市",
    "810101": "中西区",
    "820000": "澳门特别行政区",
}


def planned() -> dict[str, Planned]:
    return {node.key: node for node in plan_country(provinces=PROVINCES, cities=CITIES, districts=DISTRICTS)}


@pytest.mark.parametrize(
    ("key", "path", "level"),
    [
        ("cn", "cn", "country"),
        ("220000", "cn.220000", "province"),
        ("220100", "cn.220000.220100", "city"),
        ("220105", "cn.220000.220100.220105", "district"),
        # 公主岭 was 220381 until 2020; its code says where it stands now.
        ("220184", "cn.220000.220100.220184", "district"),
        # A municipality is the city itself, its county-level units directly below.
        ("110000", "cn.110000", "city"),
        ("110105", "cn.110000.110105", "district"),
        ("500101", "cn.500000.500101", "district"),
        ("500229", "cn.500000.500229", "district"),
        # So are the special administrative regions; Macao's code stands in all three layers.
        ("810000", "cn.810000", "city"),
        ("810101", "cn.810000.810101", "district"),
        ("820000", "cn.820000", "city"),
        # A province without cities of its own stays a province.
        ("710000", "cn.710000", "province"),
        ("710012", "cn.710000.710012", "district"),
        # Cities without districts, and county-level units directly below a province, stand on the city tier.
        ("441900", "cn.440000.441900", "city"),
        ("620200", "cn.620000.620200", "city"),
        ("429004", "cn.420000.429004", "city"),
        ("659001", "cn.650000.659001", "city"),
    ],
)
def test_every_kind_of_division_has_its_place(key: str, path: str, level: str) -> None:
    node = planned()[key]
    assert (node.path, node.level) == (path, level)


def test_a_code_in_several_layers_is_one_node() -> None:
    tree = plan_country(provinces=PROVINCES, cities=CITIES, districts=DISTRICTS)
    codes = {*PROVINCES, *CITIES, *DISTRICTS}
    assert Counter(node.code for node in tree) == Counter([None, *codes])


def test_parents_come_first_and_have_the_right_level() -> None:
    seen: dict[str | None, Planned] = {}
    for node in plan_country(provinces=PROVINCES, cities=CITIES, districts=DISTRICTS):
        if node.parent_key is not None:
            parent = seen[node.parent_key]
            assert node.path == f"{parent.path}.{node.key}"
            assert parent.level in PARENT_LEVELS[node.level]
        seen[node.key] = node


def test_divisions_without_a_parent_are_all_named() -> None:
    with pytest.raises(Rejected) as refusal:
        plan_country(
            provinces={"220000": "吉林省"}, cities={"330100": "杭州市"}, districts={"440103": "荔湾区"}
        )
    assert refusal.value.details == {"codes": ["330100", "440103"]}


def test_a_branch_is_what_lies_above_and_below() -> None:
    tree = tuple(planned().values())
    assert [node.key for node in branch(tree, "220100")] == ["cn", "220000", "220100", "220105", "220184"]
    assert [node.key for node in branch(tree, "220105")] == ["cn", "220000", "220100", "220105"]
    assert [node.key for node in branch(tree, "110000")] == ["cn", "110000", "110105"]
    assert branch(tree, "cn") == tree
    assert branch(tree, "999999") == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("220105", "220105"),
        ("220105000", "220105"),
        ("220105000000", "220105"),
        ("220105001000", "220105001"),
        ("220105001002", "220105001002"),
        ("100000", "100000"),
        ("22010", None),
        ("2201050", None),
        ("22010a", None),
        ("２２０１０５", None),
        ("", None),
        ("220105\n", None),
    ],
)
def test_a_code_loses_only_the_zeros_that_fill_it_up(text: str, code: str | None) -> None:
    assert canonical_code(text) == code


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("220105", ("220105",)),
        ("220105001", ("220105001", "220105")),
        ("220105001002", ("220105001002", "220105001", "220105")),
        ("220105000000", ("220105",)),
        # 市辖区 and 县 of a municipality are no place; of a city they might be a mistyped district.
        ("110100", ("110100", "110000")),
        ("500200", ("500200", "500000")),
        ("220200", ("220200",)),
        ("长春市", ()),
    ],
)
def test_a_code_may_mean_the_district_above_it_but_never_the_city(
    text: str, candidates: tuple[str, ...]
) -> None:
    assert code_candidates(text) == candidates


def test_a_path_is_within_itself_and_not_within_a_longer_word() -> None:
    assert is_within("cn.220000.220100", "cn.220000")
    assert is_within("cn.220000", "cn.220000")
    assert not is_within("cn.220000", "cn.220000.220100")
    assert not is_within("cn.2200001", "cn.220000")


@pytest.mark.parametrize("key", ["z_jk", "220105", "a", "z" * 40])
def test_keys_that_ltree_takes(key: str) -> None:
    assert is_key(key)


@pytest.mark.parametrize("key", ["", "Z_jk", "z-jk", "经开", "z.jk", "z" * 41, "z_jk\n", " z"])
def test_keys_that_would_break_a_path(key: str) -> None:
    assert not is_key(key)


def test_zones_are_not_statutory_and_everything_else_is() -> None:
    statutory = {level for level in Level if Node(1, "cn", "cn", None, level, "").statutory}
    assert set(Level) - statutory == {Level.FUNCTIONAL_ZONE, Level.ZONE_TOWN}


def test_every_level_has_titles_parents_and_a_zoom() -> None:
    assert set(LEVEL_TITLES) == set(PARENT_LEVELS) == set(Level)
    drawn = {level for zoom in range(23) for level in levels_at(zoom)}
    assert drawn == set(Level) - {Level.COUNTRY}  # the country has no boundary


def test_a_city_window_shows_districts_and_zones_and_no_province() -> None:
    assert levels_at(9) == (Level.CITY, Level.DISTRICT, Level.FUNCTIONAL_ZONE)
    assert levels_at(4) == (Level.PROVINCE,)
    assert Level.ZONE_TOWN in levels_at(12)
