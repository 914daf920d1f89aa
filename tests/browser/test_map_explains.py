"""A click explains a colour; every number in the drawer is the number in the database."""

from typing import Any, LiteralString

import psycopg
import pytest
from playwright.async_api import Locator, expect

from tests.browser import city
from tests.browser.city import SPOTS, ZONE_SPOT, Spot
from tests.browser.picture import FULL, LAND, STEPPED, View
from tests.browser.visitor import Visitor
from tests.conftest import Database
from tests.world import CITY_PATH, enter

pytestmark = pytest.mark.asyncio(loop_scope="session")

OVERVIEW = View(44.05, 125.65, 11)
STREETS = View(44.056, 125.635, 14)
GRADES = ("major", "large", "general", "low", "unassessed")
COUNTS: LiteralString = """SELECT
    count(*) FILTER (WHERE grade_assessed = 1) AS major, count(*) FILTER (WHERE grade_assessed = 2) AS large,
    count(*) FILTER (WHERE grade_assessed = 3) AS general, count(*) FILTER (WHERE grade_assessed = 4) AS low,
    count(*) FILTER (WHERE grade_assessed IS NULL) AS unassessed
    FROM risk_point WHERE """


def rows(database: Database, statement: LiteralString, *parameters: Any) -> list[tuple[Any, ...]]:
    """What the city's viewer reads through the app role."""
    with psycopg.connect(database.app_url) as connection:
        enter(connection, areas="{" + CITY_PATH + "}")
        return connection.execute(statement, parameters).fetchall()


def count(database: Database, where: LiteralString, *parameters: Any) -> dict[str, str]:
    (found,) = rows(database, COUNTS + where, *parameters)
    return {grade: str(n) for grade, n in zip(GRADES, found, strict=True)}


async def click_cell(visitor: Visitor, spot: Spot, level: int) -> Locator:
    lon, lat = spot.at(0.5, 0.86, level=level)
    await visitor.click_at(lon, lat)
    card = visitor.card("cell")
    await expect(card).to_be_visible()
    return card


@pytest.mark.parametrize(
    ("level", "view", "names"),
    [(4, OVERVIEW, ["major", "general 3"]), (5, STREETS, ["low 7", "large", "unassessed", "major"])],
    ids=["level 4", "level 5"],
)
async def test_a_clicked_cell_counts_what_the_table_holds(
    visitor: Visitor, city_database: Database, level: int, view: View, names: list[str]
) -> None:
    await visitor.open(view)
    for name in names:
        spot = SPOTS[name]
        ((code,),) = rows(
            city_database, "SELECT beidou_code(%s, %s, %s)", *spot.at(0.5, 0.5, level=level), level
        )
        card = await click_cell(visitor, spot, level)
        await expect(card.locator("h2 .number")).to_have_text(code)
        assert visitor.query["show"] == f"cell:{code}"
        width = 15 if level == 4 else 1
        stored = count(
            city_database,
            "beidou_code_of_index(coarser(x5, %s), coarser(y5, %s), %s) = %s",
            *(width, width, level, code),
        )
        assert await visitor.counts(card) == stored
        assert sum(map(int, stored.values())) > 0
        worst = next(grade for grade in GRADES if stored[grade] != "0")
        await expect(card.locator("h2 .badge")).to_have_class(f"badge {worst}")


async def test_the_reason_is_the_formula_the_method_the_person_and_the_dates(visitor: Visitor) -> None:
    await visitor.open(OVERVIEW)
    card = await click_cell(visitor, SPOTS["major"], 4)
    (reason,) = await card.locator("[data-reason]").all()
    text = await visitor.read(reason)
    assert f"{city.FIRM} · {city.TANK}" in text
    assert "L 3 × E 6 × C 40 = 720 > 320" in text
    assert "LEC 法（折算 A）" in text
    assert city.ASSESSOR in text
    assert city.assessed_on().isoformat() in text
    assert city.next_review().isoformat() in text


async def test_the_way_goes_from_the_cell_down_to_the_point(
    visitor: Visitor, city_database: Database
) -> None:
    await visitor.open(OVERVIEW)
    card = await click_cell(visitor, SPOTS["major"], 4)
    await card.locator("[data-reason] .name").click()
    point = visitor.card("risk-point")
    await expect(point).to_be_visible()
    ((stored_id, *stored),) = rows(
        city_database,
        "SELECT id, number, ST_X(anchor), ST_Y(anchor), beidou_code_of_index(x5, y5, 5)"
        " FROM risk_point WHERE name = %s",
        city.TANK,
    )
    assert visitor.query["show"] == f"point:{stored_id}"
    text = await visitor.read(point)
    number, lon, lat, cell = stored
    for wanted in (
        city.TANK,
        city.FIRM,
        number,
        f"{lon:.6f}°E {lat:.6f}°N",
        cell,
        "九台区",
        "危险化学品",
        "液氨泄漏",
        "人员中毒",
        "每班巡检阀门",
        "李敏",
        "L 3 可能发生，但不经常",
    ):
        assert wanted in text.replace("事故发生的可能性 ", ""), f"{wanted} is not in: {text}"
    assert await point.locator("[data-formula]").inner_text() == "L 3 × E 6 × C 40 = 720 > 320"
    # And back, step by step.
    await visitor.drawer.locator(".tools button").first.click()
    await expect(visitor.card("cell")).to_be_visible()


async def test_a_symbol_opens_its_point_and_a_stack_opens_its_list(visitor: Visitor) -> None:
    lon, lat = SPOTS["general 3"].at(0.5, 0.5)
    await visitor.open(View(round(lat, 5), round(lon, 5), 16))
    await visitor.click_at(*SPOTS["general 3"].at(0.4, 0.3))
    await expect(visitor.card("risk-point").locator("h2")).to_contain_text("general 3 2")
    lon, lat = SPOTS["inherited"].at(0.5, 0.5)
    await visitor.open(View(round(lat, 5), round(lon, 5), 16))
    await visitor.click_at(lon, lat)
    stack = visitor.card("stack")
    await expect(stack.locator("h2")).to_contain_text("此处 2 个风险点")
    assert await stack.locator(".name").all_inner_texts() == ["办公楼", "食堂"], "the worst comes first"
    await stack.get_by_text("办公楼", exact=True).click()
    card = visitor.card("risk-point")
    await expect(card.locator("h2")).to_contain_text("办公楼")
    await expect(card).to_contain_text("待定位")
    await expect(card.locator(".marks")).to_contain_text("逾期复评")


async def test_a_click_on_bare_land_explains_the_district_and_keeps_the_place_in_sight(
    visitor: Visitor,
) -> None:
    """The name of the district stands far away; the map must not go there."""
    lon, lat = Spot(7539, 2643).at(0.5, 0.5)
    await visitor.open(View(round(lat, 5), round(lon - 0.01, 5), 14))
    await visitor.click_at(lon, lat)
    await expect(visitor.card("territory").locator("h2")).to_contain_text("九台区")
    await visitor.rest()
    x, y = (picture := await visitor.look()).place(lon, lat)
    drawer = await visitor.drawer.bounding_box()
    assert drawer
    assert 0 < x < picture.image.width - drawer["width"]
    assert 0 < y < picture.image.height


async def test_what_only_crosses_says_where_it_is_counted(visitor: Visitor, city_database: Database) -> None:
    await visitor.open(OVERVIEW)
    crossed = Spot(city.MAIN_FIRST, city.MAIN_ROW)
    card = await click_cell(visitor, crossed, 4)
    assert set((await visitor.counts(card)).values()) == {"0"}
    crossing = card.locator("[data-crossing]")
    await expect(crossing).to_contain_text("gas main")
    ((counted,),) = rows(
        city_database,
        "SELECT beidou_code_of_index(coarser(x5, 15), coarser(y5, 15), 4) FROM risk_point WHERE name = 'gas main'",
    )
    assert counted != visitor.query["show"].removeprefix("cell:")
    await expect(crossing).to_contain_text(f"计入 {counted}")


async def test_a_district_counts_what_the_table_holds(visitor: Visitor, city_database: Database) -> None:
    await visitor.open(View(44.05, 125.65, 9), show="territory:220113")
    card = visitor.card("territory")
    await expect(card.locator("h2")).to_contain_text("九台区")
    stored = count(city_database, "located_in_path <@ %s::ltree", f"{CITY_PATH}.220113")
    assert await visitor.counts(card) == stored
    ((overdue, own, inherited, none),) = rows(
        city_database,
        "SELECT count(*) FILTER (WHERE next_review < current_date), count(*) FILTER (WHERE position = 'own'),"
        " count(*) FILTER (WHERE position = 'inherited'), count(*) FILTER (WHERE position = 'none')"
        " FROM risk_point WHERE located_in_path <@ %s::ltree",
        f"{CITY_PATH}.220113",
    )
    figures = await card.locator("dl.figures dd").all_inner_texts()
    assert [int(figure) for figure in figures] == [overdue, own, inherited, none]
    assert min(overdue, own, inherited, none) > 0


async def test_the_views_of_responsibility_differ_as_the_table_says_and_sum_to_the_same(
    visitor: Visitor, city_database: Database
) -> None:
    await visitor.open(View(44.05, 125.65, 9), show="territory:220100")
    table = visitor.card("territory").locator("table")
    paths: dict[str, LiteralString] = {"located": "located_in_path", "managed": "managed_by_path"}
    seen = {}
    for view, radio in (("located", "按行政区划"), ("managed", "按管理权限")):
        await visitor.page.get_by_text(radio, exact=True).click()
        zone = table.get_by_text("长春经济技术开发区")
        await expect(zone).to_have_count(1 if view == "managed" else 0)
        lines = [
            (await row.locator("th").inner_text(), *await row.locator("td").all_inner_texts())
            for row in await table.locator("tbody tr").all()
        ]
        seen[view] = {name: tuple(map(int, numbers)) for name, *numbers in lines}
        for name, key in (("二道区", "220105"), ("九台区", "220113"), ("长春经济技术开发区", "z_jk")):
            column = paths[view]
            stored = count(city_database, column + " <@ %s::ltree", f"{CITY_PATH}.{key}")
            assert seen[view].get(name, (0,) * 5) == tuple(map(int, stored.values())), (view, name)
    assert seen["located"]["二道区"] == (0, 1, 0, 2, 0)
    assert seen["managed"]["二道区"] == (0, 0, 0, 1, 0)
    assert seen["managed"]["长春经济技术开发区"] == (0, 1, 0, 2, 0)
    sums = [tuple(map(sum, zip(*lines.values(), strict=True))) for lines in seen.values()]
    total = tuple(map(int, count(city_database, "true").values()))
    assert sums == [total, total]


async def test_a_cell_of_the_zone_counts_the_same_in_both_views(visitor: Visitor) -> None:
    lon, lat = ZONE_SPOT.at(0.5, 0.5)
    await visitor.open(View(round(lat, 5), round(lon, 5), 14), view="managed")
    card = await click_cell(visitor, ZONE_SPOT, 5)
    assert await visitor.counts(card) == dict.fromkeys(GRADES, "0") | {"large": "1", "low": "2"}


async def test_only_red_leaves_only_red(visitor: Visitor, city_database: Database) -> None:
    # Grey is left to its own cell: the outlines of districts are of all greys.
    others = [FULL["large"], *STEPPED["general"], *STEPPED["low"]]
    await visitor.open(OVERVIEW, show="territory:220113")
    before = await visitor.look()
    assert before.share(others) > 1000
    await visitor.page.locator(".rail .quick").click()
    await visitor.page.wait_for_url("**grade=major**")
    await visitor.rest()
    after = await visitor.look()
    assert after.share(others) == 0
    assert after.share([FULL["major"]]) == pytest.approx(before.share([FULL["major"]]), rel=0.1)
    assert after.fill(SPOTS["major"], 4) == FULL["major"]
    assert after.fill(SPOTS["unassessed"], 4) == LAND

    every = count(city_database, "true")
    total = sum(map(int, every.values()))
    await expect(visitor.page.locator("[data-total]")).to_have_text(f"显示 {every['major']} / {total}")
    for grade in GRADES:
        pressed = "true" if grade == "major" else "false"
        await expect(visitor.page.locator(f".row[data-grade='{grade}']")).to_have_attribute(
            "aria-checked", pressed
        )
    stored = count(city_database, "located_in_path <@ %s::ltree", f"{CITY_PATH}.220113")
    dashes = dict.fromkeys(GRADES, "—") | {"major": stored["major"]}
    await expect(visitor.card("territory").locator("[data-count='low']")).to_have_text("—")
    assert await visitor.counts(visitor.card("territory")) == dashes
