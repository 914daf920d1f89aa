"""The address is the page's state: it can be sent, reloaded and gone back from; and both languages are whole."""

import re
from typing import LiteralString

import psycopg
import pytest
from playwright.async_api import expect

from tests.browser.city import SPOTS
from tests.browser.picture import FULL, View
from tests.browser.visitor import Visitor
from tests.conftest import Database
from tests.world import CITY_PATH, enter

pytestmark = pytest.mark.asyncio(loop_scope="session")

OVERVIEW = View(44.05, 125.65, 11)
CHINESE = re.compile("[\u3400-\u9fff\uff01-\uff5e\u3000-\u303f]")


async def test_a_reload_restores_view_filter_layers_and_drawer(visitor: Visitor) -> None:
    await visitor.open(OVERVIEW)
    await visitor.page.locator(".row[data-grade='low']").click()
    await visitor.page.locator("[data-layer='territories']").click()
    await visitor.page.get_by_text("按管理权限", exact=True).click()
    await visitor.click_at(*SPOTS["large"].at(0.5, 0.86, level=4))
    await expect(visitor.card("cell")).to_be_visible()
    await visitor.page.keyboard.press("Escape")
    await visitor.page.locator(".zoom button").first.click()
    await visitor.page.wait_for_url("**,12&**")
    await visitor.rest()
    await visitor.click_at(*SPOTS["large"].at(0.5, 0.86, level=4))
    await expect(visitor.card("cell")).to_be_visible()
    await visitor.rest()
    address = visitor.page.url
    counts = await visitor.counts(visitor.card("cell"))

    await visitor.page.reload()
    await visitor.rest()
    await expect(visitor.card("cell")).to_be_visible()
    assert visitor.page.url == address
    assert await visitor.counts(visitor.card("cell")) == counts
    await expect(visitor.page.locator(".row[data-grade='low']")).to_have_attribute("aria-checked", "false")
    await expect(visitor.page.locator("[data-layer='territories']")).not_to_be_checked()
    await expect(visitor.page.get_by_label("按管理权限")).to_be_checked()
    after = await visitor.look()
    assert after.fill(SPOTS["large"], 4) == FULL["large"]


async def test_an_address_opens_exactly_where_it_says(visitor: Visitor) -> None:
    """Also when it chooses a district whose name stands elsewhere."""
    await visitor.open(View(44.07496, 125.60833, 14), show="territory:220113")
    await expect(visitor.card("territory").locator("h2")).to_contain_text("九台区")
    await visitor.rest()
    assert visitor.view == View(44.07496, 125.60833, 14)
    assert (await visitor.look()).fill(SPOTS["major"], 5) == FULL["major"]


async def test_the_back_button_takes_back_what_was_chosen(visitor: Visitor) -> None:
    await visitor.open(OVERVIEW)
    await visitor.click_at(*SPOTS["major"].at(0.5, 0.86, level=4))
    await expect(visitor.card("cell")).to_be_visible()
    await visitor.page.locator(".rail .quick").click()
    await visitor.page.wait_for_url("**grade=major**")
    await visitor.page.go_back()
    assert "grade" not in visitor.query
    assert visitor.query["show"].startswith("cell:")
    await expect(visitor.page.locator(".row[data-grade='low']")).to_have_attribute("aria-checked", "true")
    await visitor.page.go_back()
    await expect(visitor.drawer).to_have_count(0)
    assert "show" not in visitor.query
    await visitor.page.go_forward()
    await expect(visitor.card("cell")).to_be_visible()


@pytest.mark.parametrize("nonsense", ["at=1,2&show=cell:&grade=purple&basis=best&view=%00", "at=91,181,99"])
async def test_a_spoilt_address_still_opens_the_map(visitor: Visitor, nonsense: str) -> None:
    await visitor.page.goto(f"{visitor.server}/?{nonsense}")
    await visitor.rest()
    await expect(visitor.page.locator("[data-total]")).to_contain_text("个风险点")


async def test_a_place_that_is_not_there_says_so(visitor: Visitor) -> None:
    visitor.forgiven.append("404")
    await visitor.open(OVERVIEW, show="point:999999")
    await expect(visitor.drawer.get_by_role("alert")).to_contain_text("没有找到，或不在可见范围内")


def names_in_the_register(database: Database) -> set[str]:
    """Every Chinese text that is data: it stays as it was registered, whatever the language of the page."""
    statements: list[LiteralString] = [
        "SELECT name FROM territory",
        "SELECT name_zh FROM code_entry",
        "SELECT name FROM enterprise",
        "SELECT name FROM site",
        "SELECT unnest(ARRAY[name, number, COALESCE(managed_reason, name)]) FROM risk_point",
        "SELECT unnest(ARRAY[name, consequence]) FROM risk_event",
        "SELECT unnest(ARRAY[description, person]) FROM measure",
        "SELECT assessor FROM assessment",
    ]
    with psycopg.connect(database.app_url) as connection:
        enter(connection, areas="{" + CITY_PATH + "}")
        return {row[0] for statement in statements for row in connection.execute(statement)} - {""}


async def test_english_leaves_no_chinese_but_the_data(visitor: Visitor, city_database: Database) -> None:
    """On every card, from a stack of points up to the city."""
    known = sorted(names_in_the_register(city_database), key=len, reverse=True)
    lon, lat = SPOTS["inherited"].at(0.5, 0.5)
    await visitor.open(View(round(lat, 5), round(lon, 5), 16))
    await visitor.page.locator(".language").click()
    await visitor.click_at(lon, lat)

    async def assert_english(kind: str) -> None:
        await expect(visitor.card(kind)).to_be_visible()
        await expect(visitor.card(kind)).to_have_attribute("aria-busy", re.compile("false|^$"))
        texts = await visitor.page.evaluate(EVERY_TEXT)
        assert "Risk grade" in texts
        # The one word of the other language is its own name, on the switch.
        left = [text for text in texts if CHINESE.search(without(text, known))]
        assert sorted(left) == ["中文", "切换到中文"]

    await expect(visitor.page.locator("html")).to_have_attribute("lang", "en")
    await expect(visitor.card("stack")).to_be_visible()
    await visitor.card("stack").get_by_text("办公楼", exact=True).click()
    await assert_english("risk-point")
    await visitor.card("risk-point").locator("dl button.link.number").click()
    await assert_english("cell")
    await visitor.page.locator("header .here").click()
    await assert_english("territory")
    await visitor.page.reload()
    await expect(visitor.page.locator("html")).to_have_attribute("lang", "en")


def without(text: str, known: list[str]) -> str:
    for name in known:
        text = text.replace(name, "")
    return text


# Every text a person or a screen reader meets: visible text, names, hints, the title.
EVERY_TEXT = """() => {
  const found = [document.title]
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.nodeType === Node.TEXT_NODE && !node.parentElement.closest('noscript')) found.push(node.textContent.trim())
    else if (node.nodeType === Node.ELEMENT_NODE) for (const name of ['aria-label', 'title', 'placeholder', 'alt']) {
      if (node.hasAttribute(name)) found.push(node.getAttribute(name))
    }
  }
  return found.filter(Boolean)
}"""
