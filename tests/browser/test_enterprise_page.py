"""An enterprise's own page: what it says is what the register holds, and its map shows its points and nobody else's."""

import pytest
from playwright.async_api import expect

from tests.browser import city
from tests.browser.city import SPOTS
from tests.browser.conftest import OpenVisitor
from tests.browser.picture import FULL, View, is_near
from tests.browser.register import asked, counted
from tests.browser.server import Server
from tests.browser.test_map_address import CHINESE, EVERY_TEXT, names_in_the_register, without
from tests.browser.test_map_layout import CUT, SMALL, TABLET
from tests.browser.visitor import Visitor
from tests.conftest import Database

pytestmark = pytest.mark.asyncio(loop_scope="session")

OVERVIEW = View(44.05, 125.65, 11)


def the_firm(database: Database) -> int:
    ((firm,),) = asked(database, "SELECT id FROM enterprise WHERE name = %s", city.FIRM)
    return int(firm)


async def test_the_way_leads_from_the_point_to_the_enterprise_to_its_page_and_back(
    visitor: Visitor, city_database: Database
) -> None:
    firm = the_firm(city_database)
    ((tank,),) = asked(city_database, "SELECT id FROM risk_point WHERE name = %s", city.TANK)
    await visitor.open(OVERVIEW, show=f"point:{tank}")
    await visitor.card("risk-point").locator("[data-enterprise]").click()
    card = visitor.card("enterprise")
    await expect(card.locator("h2")).to_contain_text(city.FIRM)
    stored = counted(city_database, f"enterprise_id = {firm}")
    assert await visitor.counts(card) == {grade: str(number) for grade, number in stored.items()}
    # Never a level of the enterprise: the worst of its points.
    await expect(card).to_contain_text("最高风险点")
    await expect(card).to_contain_text("不是企业安全风险等级")
    await card.locator("[data-enterprise-page]").click()
    await visitor.page.wait_for_url(f"**/enterprises/{firm}**")
    await visitor.page.locator("[data-to-map]").click()
    await expect(card).to_be_visible()
    assert visitor.query["show"] == f"enterprise:{firm}"


async def test_counts_reasons_register_and_sites_are_those_of_the_table(
    visitor: Visitor, city_database: Database
) -> None:
    firm = the_firm(city_database)
    await visitor.open(path=f"/enterprises/{firm}")
    await expect(visitor.page.locator("h1")).to_contain_text(city.FIRM)
    stored = counted(city_database, f"enterprise_id = {firm}")
    side = visitor.page.locator(".side")
    assert await visitor.counts(side) == {grade: str(number) for grade, number in stored.items()}
    text = await visitor.read(side.locator("[data-reason]"))
    assert city.TANK in text
    assert "L 3 × E 6 × C 40 = 720 > 320" in text
    names = asked(
        city_database,
        "SELECT name FROM risk_point WHERE enterprise_id = %s ORDER BY coalesce(grade_assessed, 5), id",
        firm,
    )
    await expect(visitor.page.locator("tr[data-row]")).to_have_count(len(names))
    seen = await visitor.page.locator("tr[data-row] td[data-column='name']").all_inner_texts()
    assert [(name,) for name in seen] == names
    await expect(side.locator("[data-site]")).to_contain_text("厂区")
    await expect(visitor.page.locator("[data-overdue]")).to_have_text("1")


async def test_its_map_shows_its_own_points_its_site_and_nobody_elses(
    visitor: Visitor, city_database: Database
) -> None:
    firm = the_firm(city_database)
    lon, lat = SPOTS["large"].at(0.5, 0.5)
    await visitor.open(View(round(lat, 5), round(lon, 5), 13), path=f"/enterprises/{firm}")
    picture = await visitor.look()
    assert picture.fill(SPOTS["major"], 5) == FULL["major"]
    assert not is_near(picture.fill(SPOTS["large"], 5), FULL["large"], 40)
    # The edge of the site's ground, halfway down its left side.
    lon, lat = SPOTS["inherited"].at(0.5, 0.5)
    await visitor.open(View(round(lat, 5), round(lon, 5), 17), path=f"/enterprises/{firm}")
    picture = await visitor.look()
    x, y = picture.place(*SPOTS["inherited"].at(0.1, 0.3))
    accent = sum(
        number
        for colour, number in picture.colours((x - 4, y - 20, x + 4, y + 20)).items()
        if is_near(colour, (0x1F, 0x4E, 0x79), 30)
    )
    assert accent > 10


async def test_a_row_opens_its_point_beside_the_map(visitor: Visitor, city_database: Database) -> None:
    await visitor.open(path=f"/enterprises/{the_firm(city_database)}")
    await visitor.page.locator("tr[data-row]").filter(has_text=city.TANK).click()
    await expect(visitor.card("risk-point").locator("[data-formula]").first).to_contain_text("720")
    await expect(visitor.page.locator("tr[data-row].chosen")).to_contain_text(city.TANK)
    await visitor.page.keyboard.press("Escape")
    await expect(visitor.drawer).to_have_count(0)
    await visitor.page.get_by_text("固有", exact=True).click()
    await visitor.page.wait_for_url("**basis=inherent**")
    await expect(visitor.page.locator(".side [data-count='unassessed']")).to_have_text("4")


async def test_an_enterprise_that_is_not_there_says_so(visitor: Visitor) -> None:
    visitor.forgiven.append("404")
    await visitor.go(path="/enterprises/999999")
    await expect(visitor.page.get_by_role("alert")).to_contain_text("没有找到，或不在可见范围内")
    await visitor.page.get_by_text("回到地图").click()
    await visitor.rest()


async def test_english_leaves_no_chinese_but_the_data(visitor: Visitor, city_database: Database) -> None:
    known = sorted(names_in_the_register(city_database), key=len, reverse=True)
    await visitor.open(path=f"/enterprises/{the_firm(city_database)}")
    await visitor.page.locator(".language").click()
    await expect(visitor.page.locator("html")).to_have_attribute("lang", "en")
    await expect(visitor.page.locator("tr[data-row]")).to_have_count(4)
    left = [text for text in await visitor.page.evaluate(EVERY_TEXT) if CHINESE.search(without(text, known))]
    # A contact is shown by the first character of the name.
    assert sorted(text for text in left if "**" not in text) == ["中文", "切换到中文"]


async def test_a_tablet_shows_it_whole_with_targets_for_fingers(
    open_visitor: OpenVisitor, city_server: Server, city_database: Database
) -> None:
    visitor = await open_visitor(city_server, viewport=TABLET, has_touch=True)
    await visitor.open(path=f"/enterprises/{the_firm(city_database)}")
    await expect(visitor.page.locator("tr[data-row]").first).to_be_visible()
    assert await visitor.page.evaluate(SMALL) == []
    assert [cut for cut in await visitor.page.evaluate(CUT) if ".box" not in cut and "TD" not in cut] == []
    widths = await visitor.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert widths[0] <= widths[1]
