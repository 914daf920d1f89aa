"""What people write for a territory, and the territories they mean by it."""

import pytest

from service.territories.rules.names import Gazetteer, normalise, short_name
from service.territories.rules.tree import Level, Node

ROWS = [
    ("cn", None, "country", "中国"),
    ("cn.110000", "110000", "city", "北京市"),
    ("cn.110000.110105", "110105", "district", "朝阳区"),
    ("cn.220000", "220000", "province", "吉林省"),
    ("cn.220000.220100", "220100", "city", "长春市"),
    ("cn.220000.220100.220104", "220104", "district", "朝阳区"),
    ("cn.220000.220100.220105", "220105", "district", "二道区"),
    ("cn.220000.220100.220105.220105001", "220105001", "town", "东盛街道"),
    ("cn.220000.220100.220122", "220122", "district", "农安县"),
    ("cn.220000.220100.z_jk", None, "functional_zone", "长春经济技术开发区"),
    ("cn.220000.220100.z_jk.z_jk_dfgc", None, "zone_town", "东方广场街道"),
    ("cn.220000.220200", "220200", "city", "吉林市"),
    ("cn.220000.222400", "222400", "city", "延边朝鲜族自治州"),
    ("cn.220000.220700.220721", "220721", "district", "前郭尔罗斯蒙古族自治县"),
]
NODES = [
    Node(number, path, path.rpartition(".")[2], code, Level(level), name)
    for number, (path, code, level, name) in enumerate(ROWS, start=1)
]
COUNTRY = Gazetteer(NODES, area="cn")
CHANGCHUN = Gazetteer(
    [node for node in NODES if node.path.startswith("cn.220000.220100") or node.path in {"cn", "cn.220000"}],
    area="cn.220000.220100",
)


def keys(gazetteer: Gazetteer, text: str) -> list[str]:
    return [node.key for node in gazetteer.find(text)]


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("长春市", "长春"),
        ("二道区", "二道"),
        ("农安县", "农安"),
        ("吉林省", "吉林"),
        ("内蒙古自治区", "内蒙古"),
        ("广西壮族自治区", "广西"),
        ("香港特别行政区", "香港"),
        ("恩施土家族苗族自治州", "恩施"),
        ("克孜勒苏柯尔克孜自治州", "克孜勒苏"),
        ("双江拉祜族佤族布朗族傣族自治县", "双江"),
        ("隆林各族自治县", "隆林"),
        ("鄂温克族自治旗", "鄂温克族"),
        ("神农架林区", "神农架"),
        ("浦东新区", "浦东"),
        ("东方广场街道", "东方广场"),
        ("兴隆山镇", "兴隆山"),
        # One character would say nothing, and a name without a kind has nothing to lose.
        ("赵县", "赵县"),
        ("北区", "北区"),
        ("长春", "长春"),
        ("", ""),
        # Only autonomous places carry a nationality.
        ("回族区", "回族"),
    ],
)
def test_short_names(name: str, short: str) -> None:
    assert short_name(name) == short


@pytest.mark.parametrize(
    "text",
    [
        "吉林省长春市",
        " 吉林省 长春市 ",
        "吉林省/长春市",
        "吉林省-长春市",
        "吉林省　长春市",
        "吉林省>长春市",
        "吉林省·长春市",
    ],
)
def test_separators_do_not_matter(text: str) -> None:
    assert normalise(text) == "吉林省长春市"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("220105", "220105"),
        (" ２２０１０５ ", "220105"),
        ("220105000000", "220105"),
        ("220105001", "220105001"),
        ("220105001003", "220105001"),
        ("220105999", "220105"),
        ("z_jk", "z_jk"),
        ("Z_JK", "z_jk"),
        ("二道区", "220105"),
        ("二道", "220105"),
        ("长春二道", "220105"),
        ("长春市二道区", "220105"),
        ("吉林省长春市二道区", "220105"),
        ("吉林省二道区", "220105"),
        ("中国吉林长春二道", "220105"),
        ("农安", "220122"),
        ("长春", "220100"),
        ("经开区", "z_jk"),
        ("长春经开区", "z_jk"),
        ("长春市经开区", "z_jk"),
        ("经济技术开发区", "z_jk"),
        ("长春经济技术开发区", "z_jk"),
        ("长春经开区东方广场街道", "z_jk_dfgc"),
        ("东方广场街道办事处", "z_jk_dfgc"),
        ("东方广场", "z_jk_dfgc"),
    ],
)
def test_a_city_is_understood(text: str, key: str) -> None:
    assert keys(CHANGCHUN, text) == [key]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("朝阳", ["110105", "220104"]),
        ("朝阳区", ["110105", "220104"]),
        ("北京市朝阳区", ["110105"]),
        ("北京朝阳", ["110105"]),
        ("长春市朝阳区", ["220104"]),
        ("吉林", ["220000", "220200"]),
        ("吉林市", ["220200"]),
        ("吉林省", ["220000"]),
        ("吉林吉林", ["220200"]),
        ("延边", ["222400"]),
        ("延边朝鲜族自治州", ["222400"]),
        ("前郭尔罗斯", ["220721"]),
        ("110100", ["110000"]),
    ],
)
def test_a_country_has_names_twice_and_says_so(text: str, found: list[str]) -> None:
    assert keys(COUNTRY, text) == found


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "   ",
            "某区",
            "区",
            "市",
            "道区",
            "长春市吉林省",
            "二道区长春市",
            "二道区附近",
            "北京市二道区",
            "220199",
            "22010",
        ),
        "朝阳区二道区",
    ],
)
def test_what_means_nothing_finds_nothing(text: str) -> None:
    assert keys(CHANGCHUN, text) == keys(COUNTRY, text) == []


def test_only_what_lies_in_the_area_is_found() -> None:
    assert keys(CHANGCHUN, "朝阳区") == ["220104"]
    assert keys(CHANGCHUN, "吉林市") == keys(CHANGCHUN, "110105") == keys(CHANGCHUN, "吉林省") == []


def test_a_long_text_is_answered_at_once() -> None:
    # Ancestors are tried in every combination; the text must run out before the combinations do.
    assert keys(COUNTRY, "吉林" * 2000) == []
