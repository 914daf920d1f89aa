"""Every panel has its place at every size; keys and fingers reach everything."""

import pytest
from playwright.async_api import expect

from tests.browser.city import SPOTS
from tests.browser.conftest import OpenVisitor
from tests.browser.picture import View
from tests.browser.server import Server
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")

OVERVIEW = View(44.05, 125.65, 11)
DESKTOP, SCREEN, TABLET = (
    {"width": 1280, "height": 720},
    {"width": 1920, "height": 1080},
    {"width": 1024, "height": 768},
)

# Boxes of what is laid over the map or beside it; of the rail and of the drawer only what is seen of them.
BOXES = """() => Object.fromEntries(
  ['header', '.rail', '.fold', '.legend', '.readout', '.panel.zoom', '.notices', '.drawer'].flatMap((each) => {
    const element = [...document.querySelectorAll(each)].find((one) => one.checkVisibility())
    const box = element?.getBoundingClientRect()
    return box && box.width * box.height > 0 ? [[each, [box.left, box.top, box.right, box.bottom]]] : []
  }))"""
# Texts cut off without an ellipsis, and panels that scroll sideways.
CUT = """() => [...document.querySelectorAll('.frame *')].filter((element) => {
  const style = getComputedStyle(element)
  return element.checkVisibility() && element.clientWidth > 1 && element.scrollWidth > element.clientWidth + 1
    && style.overflowX !== 'visible' && style.textOverflow !== 'ellipsis' && !element.closest('.map, .unseen')
}).map((element) => `${element.tagName}.${element.className}: ${element.textContent.trim().slice(0, 40)}`)"""


async def assert_in_order(visitor: Visitor, size: dict[str, int], expected: set[str]) -> None:
    """All in the window, none over another, nothing to scroll sideways."""
    boxes: dict[str, list[float]] = await visitor.page.evaluate(BOXES)
    assert expected <= set(boxes)
    for name, (left, top, right, bottom) in boxes.items():
        assert left >= -0.5, name
        assert top >= -0.5, name
        assert right <= size["width"] + 0.5, name
        assert bottom <= size["height"] + 0.5, name
    over = [
        (one, other)
        for i, (one, a) in enumerate(boxes.items())
        for other, b in list(boxes.items())[:i]
        if a[0] < b[2] - 0.5 and b[0] < a[2] - 0.5 and a[1] < b[3] - 0.5 and b[1] < a[3] - 0.5
    ]
    assert over == []
    widths = await visitor.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert widths[0] <= widths[1]
    assert await visitor.page.evaluate(CUT) == []


@pytest.mark.parametrize("size", [DESKTOP, SCREEN, TABLET], ids=["1280x720", "1920x1080", "1024x768"])
async def test_panels_do_not_meet_in_either_language(
    open_visitor: OpenVisitor, city_server: Server, size: dict[str, int]
) -> None:
    visitor = await open_visitor(city_server, viewport=size, has_touch=size is TABLET)
    # The longest legend is that of streets.
    lon, lat = SPOTS["major"].at(0.5, 0.5)
    await visitor.open(View(round(lat, 5), round(lon, 5), 16), view="managed")
    always = {"header", ".fold", ".legend", ".readout", ".panel.zoom"}
    await visitor.map.hover(position={"x": 500, "y": 100})
    await assert_in_order(visitor, size, always)
    await visitor.click_at(lon, lat)
    await expect(visitor.drawer.locator("[data-card]")).to_be_visible()
    await assert_in_order(visitor, size, always | {".drawer"})
    await visitor.page.locator(".language").click()
    await expect(visitor.page.locator("html")).to_have_attribute("lang", "en")
    await assert_in_order(visitor, size, always | {".drawer"})
    await visitor.drawer.locator(".tools button").last.click()
    await expect(visitor.drawer).to_have_count(0)
    await assert_in_order(visitor, size, always)


async def test_the_rail_folds_and_gives_its_room_to_the_map(visitor: Visitor) -> None:
    await visitor.open(OVERVIEW)
    before = await visitor.map.bounding_box()
    await visitor.page.locator(".fold").click()
    await expect(visitor.page.locator(".rail")).to_be_hidden()
    await visitor.rest()
    after = await visitor.map.bounding_box()
    assert before
    assert after
    assert after["width"] > before["width"] + 200


async def test_the_open_rail_of_a_tablet_cuts_nothing_in_two(
    open_visitor: OpenVisitor, city_server: Server
) -> None:
    """Where the rail lies over the map, legend and scale move aside or go; half of one is none."""
    visitor = await open_visitor(city_server, viewport=TABLET, has_touch=True)
    await visitor.open(OVERVIEW)
    for expected in ({".rail"}, {".rail", ".drawer"}):
        if ".drawer" in expected:
            await visitor.page.locator("header .here").tap()
            await expect(visitor.card("territory")).to_be_visible()
        if not await visitor.page.locator(".rail").is_visible():
            await visitor.page.locator(".fold").tap()
        await expect(visitor.page.locator(".rail")).to_be_visible()
        await assert_in_order(visitor, TABLET, expected | {"header", ".fold", ".panel.zoom"})


# What a finger may aim at and is smaller than 44 pixels; a hidden input is hit through its label, and a link is as
# wide as its words.
SMALL = """() => [...document.querySelectorAll('a[href], button, select, input, summary, [role=switch]')]
  .map((element) => element.closest('label') ?? element)
  .filter((element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
  .map((element) => [element, element.getBoundingClientRect()])
  .filter(([element, box]) => box.width > 0 && (box.height < 43.5 || (box.width < 43.5 && !element.matches('a, .link'))))
  .map(([element, box]) =>
    `${element.textContent.trim().slice(0, 30)} .${element.className}: ${Math.round(box.width)} x ${Math.round(box.height)}`)"""


async def test_fingers_find_targets_of_44_pixels(open_visitor: OpenVisitor, city_server: Server) -> None:
    visitor = await open_visitor(city_server, viewport=TABLET, has_touch=True)
    lon, lat = SPOTS["inherited"].at(0.5, 0.5)
    await visitor.open(View(round(lat, 5), round(lon, 5), 16))
    assert await visitor.page.evaluate("matchMedia('(pointer: coarse)').matches")
    await visitor.tap_at(lon, lat)
    small: dict[str, list[str]] = {}
    for kind, way_on in (
        ("stack", visitor.card("stack").get_by_text("办公楼", exact=True)),
        ("risk-point", visitor.card("risk-point").locator("dl button.link.number")),
        ("cell", visitor.page.locator("header .here")),
        ("territory", visitor.page.locator(".fold")),
    ):
        await expect(visitor.card(kind)).to_be_visible()
        small[kind] = await visitor.page.evaluate(SMALL)
        await way_on.tap()
    await expect(visitor.page.locator(".rail")).to_be_visible()
    small["rail"] = await visitor.page.evaluate(SMALL)
    assert small == {each: [] for each in small}


async def test_the_keyboard_reaches_the_filters_and_the_map(visitor: Visitor) -> None:
    lon, lat = SPOTS["major"].at(0.5, 0.5, level=4)
    await visitor.open(View(round(lat, 5), round(lon, 5), 11))
    keyboard = visitor.page.keyboard

    async def tab_to(selector: str) -> None:
        for _ in range(40):
            await keyboard.press("Tab")
            if await visitor.page.evaluate(f"document.activeElement.matches({selector!r})"):
                return
        pytest.fail(f"Tab does not reach {selector}")

    await tab_to(".row[data-grade='low']")
    await keyboard.press("Space")
    await visitor.page.wait_for_url("**grade=major,large,general,unassessed**")
    # The focus can be seen.
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert await visitor.page.evaluate(outline) == "solid"
    await tab_to(".map")
    await keyboard.press("Enter")
    await expect(visitor.card("cell").locator("[data-count='major']")).to_have_text("1")
    await keyboard.press("Escape")
    await expect(visitor.drawer).to_have_count(0)
    assert await visitor.page.evaluate("document.activeElement.matches('.map')")
    await keyboard.press("Equal")
    await visitor.page.wait_for_url("**,12&**")


async def test_escape_closes_the_drawer_from_anywhere(visitor: Visitor) -> None:
    await visitor.open(OVERVIEW)
    for place in (".drawer [data-card] button", ".rail .row", ".language"):
        await visitor.page.locator("header .here").click()
        await expect(visitor.card("territory")).to_be_visible()
        await visitor.page.locator(place).first.focus()
        await visitor.page.keyboard.press("Escape")
        await expect(visitor.drawer).to_have_count(0)
        assert "show" not in visitor.query
