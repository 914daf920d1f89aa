"""One box that finds, by hand and by key; a result is a place on the map with its card open."""

import re

import pytest
from playwright.async_api import Locator, expect

from tests.browser import city
from tests.browser.city import SPOTS
from tests.browser.picture import View
from tests.browser.register import asked
from tests.browser.visitor import Visitor
from tests.conftest import Database

pytestmark = pytest.mark.asyncio(loop_scope="session")

OVERVIEW = View(44.05, 125.65, 11)


def box(visitor: Visitor) -> Locator:
    return visitor.page.locator("[data-search]")


async def look_for(visitor: Visitor, words: str) -> Locator:
    """Ask as a person does: the key, the words; the options of the answer."""
    await visitor.page.keyboard.press("/")
    await expect(box(visitor)).to_be_focused()
    await box(visitor).fill(words)
    await expect(visitor.page.locator(".found")).to_have_attribute("aria-busy", "false")
    return visitor.page.locator("[data-found]")


async def test_an_enterprise_is_found_by_name_and_by_code(visitor: Visitor, city_database: Database) -> None:
    ((firm, uscc),) = asked(city_database, "SELECT id, uscc FROM enterprise WHERE name = %s", city.FIRM)
    lon, lat = SPOTS["inherited"].at(0.5, 0.5)
    for words in ("吉顺化工", uscc, uscc[:10]):
        await visitor.open(OVERVIEW)
        options = await look_for(visitor, words)
        await expect(options.first).to_contain_text(city.FIRM)
        await visitor.page.keyboard.press("Enter")
        await expect(visitor.card("enterprise").locator("h2")).to_contain_text(city.FIRM)
        assert visitor.query["show"] == f"enterprise:{firm}"
        # The map shows the site.
        assert visitor.view.lat == pytest.approx(lat, abs=0.02)
        assert visitor.view.lon == pytest.approx(lon, abs=0.03)


async def test_arrows_choose_enter_goes_escape_gives_up(visitor: Visitor) -> None:
    await visitor.open(OVERVIEW)
    options = await look_for(visitor, "general")
    assert await options.count() > 2
    chosen = visitor.page.locator("[data-found][aria-selected='true'] b")
    await expect(options.first).to_have_attribute("aria-selected", "true")
    for key, index in (("ArrowDown", 1), ("ArrowDown", 2), ("ArrowUp", 1)):
        await visitor.page.keyboard.press(key)
        await expect(options.nth(index)).to_have_attribute("aria-selected", "true")
    name = await chosen.inner_text()
    await visitor.page.keyboard.press("Enter")
    await expect(visitor.card("risk-point").locator("h2")).to_contain_text(name)
    await expect(visitor.page.locator(".found")).to_have_count(0)
    # Esc closes the answers first, then leaves the box; the card stays.
    await look_for(visitor, "general")
    await visitor.page.keyboard.press("Escape")
    await expect(visitor.page.locator(".found")).to_have_count(0)
    await expect(box(visitor)).to_be_focused()
    await visitor.page.keyboard.press("Escape")
    await expect(box(visitor)).not_to_be_focused()
    await expect(visitor.card("risk-point")).to_be_visible()


async def test_a_coordinate_asks_for_its_datum_and_a_code_does_not(visitor: Visitor) -> None:
    lon, lat = SPOTS["major"].at(0.5, 0.5)
    await visitor.open(OVERVIEW)
    options = await look_for(visitor, f"{lon:.6f}, {lat:.6f}")
    await expect(options.first).to_have_attribute("data-found", "position")
    before = await options.first.locator("b").inner_text()
    await visitor.page.locator("[data-datum]").select_option("GCJ02")
    await expect(options.first.locator("b")).not_to_have_text(before)
    shifted = [float(part) for part in (await options.first.locator("b").inner_text()).split(",")]
    # GCJ-02 lies some hundred metres beside: nearer is no conversion, farther another datum.
    assert 0.002 < abs(shifted[0] - lon) + abs(shifted[1] - lat) < 0.02
    await visitor.page.locator("[data-datum]").select_option("CGCS2000")
    await expect(options.first.locator("b")).to_have_text(before)
    await options.first.click()
    await expect(visitor.card("cell").locator("[data-count='major']")).to_have_text("1")

    code = visitor.query["show"].removeprefix("cell:")
    await visitor.open(OVERVIEW)
    options = await look_for(visitor, code.lower())
    await expect(options.first).to_have_attribute("data-found", "cell")
    await expect(visitor.page.locator("[data-datum]")).to_have_count(0)
    await visitor.page.keyboard.press("Enter")
    await expect(visitor.card("cell").locator("h2 .number")).to_have_text(code)


async def test_a_district_is_framed_and_the_filter_stays(visitor: Visitor) -> None:
    await visitor.open(OVERVIEW, grade="major", show="point:1")
    options = await look_for(visitor, "二道区")
    await expect(options.first).to_have_attribute("data-found", "territory")
    await visitor.page.keyboard.press("Enter")
    await expect(visitor.card("territory").locator("h2")).to_contain_text("二道区")
    assert visitor.query["grade"] == "major"
    assert visitor.view.zoom >= 9
    await visitor.page.go_back()
    await visitor.page.wait_for_url(re.compile("show=point"))
    assert visitor.view == OVERVIEW


async def test_nothing_found_says_what_could_be_typed(visitor: Visitor) -> None:
    await visitor.open(OVERVIEW)
    await look_for(visitor, "zzzzqq")
    await expect(visitor.page.locator(".nothing")).to_contain_text("没有找到“zzzzqq”")
    await visitor.page.keyboard.press("Enter")
    assert "show" not in visitor.query


async def test_the_box_is_there_on_other_pages_and_leads_to_the_map(visitor: Visitor) -> None:
    await visitor.go(path="/imports")
    await expect(box(visitor)).to_be_visible()
    await visitor.page.locator("h1, h2").first.click()
    await look_for(visitor, city.TANK)
    await visitor.page.keyboard.press("Enter")
    await expect(visitor.card("risk-point").locator("h2")).to_contain_text(city.TANK)
    await visitor.rest()
