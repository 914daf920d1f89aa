"""The form of a risk point: placed by a click, assessed red, seen red on the map; edited, conflicting, by keyboard."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.city import Spot
from tests.browser.conftest import OpenVisitor
from tests.browser.forms import fill, send
from tests.browser.picture import FULL, View
from tests.browser.server import Server
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")

# Nothing is registered there before.
NEW = Spot(7539, 2643)
READY = "[data-ready]"


def bridge(server: Server, number: str) -> int:
    """A point of the region with one event."""
    lon, lat = NEW.at(0.5, 0.5)
    position = {"lon": f"{lon:.6f}", "lat": f"{lat:.6f}", "datum": "CGCS2000"}
    events = [{"name": "垮塌", "measures": [{"text": "每日巡查"}]}]
    form = {"number": number, "name": "演示桥", "position": position, "events": events}
    return int(send(server, "POST", "/api/risk-points", form)["id"])


async def assess_red(page: Page) -> None:
    """L 3, E 6, C 40 by fold A."""
    await page.locator("[data-wanted]").check()
    await page.locator("[data-method]").select_option("lec_fold_a")
    for axis, value in (("L", "3"), ("E", "6"), ("C", "40")):
        await page.locator(f"[data-axis={axis}] input[value='{value}']").check()


async def test_a_point_is_clicked_assessed_red_and_seen_red(
    office: Server, open_visitor: OpenVisitor
) -> None:
    visitor = await open_visitor(office)
    visitor.forgiven.append("422")
    page = visitor.page
    lon, lat = NEW.at(0.5, 0.5)
    await visitor.go(path="/risk-points/new", at=View(round(lat, 6), round(lon, 6), 16))
    await page.locator(READY).wait_for()
    # Placed by the address first; a click a little beside it places it anew.
    place = page.locator(".place-map .map")
    await place.scroll_into_view_if_needed()
    box = await place.bounding_box()
    assert box
    await page.mouse.click(box["x"] + box["width"] / 2 + 12, box["y"] + box["height"] / 2 - 12)
    typed = page.locator("[data-field='position.lon'] input")
    await expect(typed).not_to_have_value(f"{lon:.6f}")
    assert abs(float(await typed.input_value()) - lon) < 0.001

    await fill(page, "number", "YS-1")
    await assess_red(page)
    await expect(page.locator("[data-formula]")).to_have_text("L 3 × E 6 × C 40 = 720 > 320")
    await page.locator("[data-save]").click()
    await expect(page.locator("[data-field='name'] [role=alert]")).to_have_text("缺少“风险点名称”，请补填")
    await page.locator(".language").click()
    await expect(page.locator("[data-field='name'] [role=alert]")).to_have_text("name is missing; fill it in")
    await expect(page.locator("h1")).not_to_have_text(re.compile("[\u4e00-\u9fff]"))
    await page.locator(".language").click()
    await fill(page, "name", "演示跨线桥")
    await page.locator("[data-save]").click()

    card = visitor.card("risk-point")
    await expect(card).to_contain_text("演示跨线桥")
    await expect(card.locator("[data-verdict='assessed'] [data-formula]")).to_have_text(
        "L 3 × E 6 × C 40 = 720 > 320"
    )
    await visitor.open(View(round(lat, 5), round(lon, 5), 14))
    assert (await visitor.look()).fill(NEW, 5) == FULL["major"]


async def test_events_are_edited_and_an_unfinished_form_is_not_lost(
    office: Server, open_visitor: OpenVisitor
) -> None:
    number = bridge(office, "YS-2")
    visitor = await open_visitor(office)
    page = visitor.page
    await visitor.go(path="/", show=f"point:{number}")
    await visitor.card("risk-point").locator("[data-edit]").click()
    await expect(page.locator("[data-field='events.0.name'] input")).to_have_value("垮塌")
    await page.locator("[data-add-event]").click()
    await fill(page, "events.1.name", "坠落")
    await fill(page, "events.1.measures.0.text", "设护栏")
    # Leaving asks first, and a reload brings everything back.
    page.once("dialog", lambda dialog: dialog.dismiss())
    await page.locator(".tabs a").first.click()
    await expect(page.locator("[data-field='events.1.name'] input")).to_have_value("坠落")
    page.on("dialog", lambda dialog: dialog.accept())
    await page.reload()
    await expect(page.locator("[data-restored]")).to_be_visible()
    await expect(page.locator("[data-field='events.1.measures.0.text'] textarea")).to_have_value("设护栏")
    await page.locator("[data-save]").click()
    await expect(visitor.card("risk-point")).to_contain_text("坠落")
    await expect(visitor.card("risk-point")).to_contain_text("设护栏")
    shown = send(office, "GET", f"/api/risk-points/{number}/form")
    assert [one["name"] for one in shown["events"]] == ["垮塌", "坠落"]


async def test_of_two_versions_a_person_chooses_field_by_field(
    office: Server, open_visitor: OpenVisitor
) -> None:
    number = bridge(office, "YS-3")
    visitor = await open_visitor(office)
    visitor.forgiven.append("409")
    page = visitor.page
    await visitor.go(path=f"/risk-points/{number}/edit")
    await fill(page, "name", "我改的桥")
    await fill(page, "place", "桥头")
    version = send(office, "GET", f"/api/risk-points/{number}/form")["version"]
    other = {"name": "他改的桥", "exposed_workers": "7"}
    send(office, "PATCH", f"/api/risk-points/{number}", other, {"If-Match": str(version)})
    await page.locator("[data-save]").click()
    conflict = page.locator("[data-conflict]")
    await expect(conflict).to_contain_text("我改的桥")
    await expect(conflict).to_contain_text("他改的桥")
    assert send(office, "GET", f"/api/risk-points/{number}/form")["place"] == ""
    # What only they changed is theirs already, what I changed is mine; the name goes to them.
    await expect(conflict.locator("[data-differs='exposed_workers'] input[value='theirs']")).to_be_checked()
    await expect(conflict.locator("[data-differs='place'] input[value='mine']")).to_be_checked()
    await conflict.locator("[data-differs='name'] input[value='theirs']").check()
    await conflict.locator("[data-settle]").click()
    await page.locator("[data-save]").click()
    await expect(visitor.card("risk-point")).to_contain_text("他改的桥")
    shown = send(office, "GET", f"/api/risk-points/{number}/form")
    assert (shown["name"], shown["place"], shown["exposed_workers"]) == ("他改的桥", "桥头", 7)


async def test_a_point_is_placed_by_keyboard(office: Server, open_visitor: OpenVisitor) -> None:
    visitor = await open_visitor(office)
    page = visitor.page
    await visitor.go(path="/risk-points/new")
    await page.locator(READY).wait_for()
    await page.locator(".tools input[type=radio]").first.focus()
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.matches('.place-map .map')")
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-field='position.lon'] input")).to_have_value(
        re.compile(r"^12[4-7]\.\d+$")
    )
    await expect(page.locator(".pin")).to_have_count(1)


async def test_a_line_is_drawn(office: Server, open_visitor: OpenVisitor) -> None:
    visitor: Visitor = await open_visitor(office)
    page = visitor.page
    lon, lat = Spot(7537, 2643).at(0.5, 0.5)
    await visitor.go(path="/risk-points/new", at=View(round(lat, 6), round(lon, 6), 16))
    await page.locator(READY).wait_for()
    await fill(page, "number", "YS-4")
    await fill(page, "name", "演示燃气管线")
    await page.locator(".tools label").filter(has_text="线").click()
    place = page.locator(".place-map .map")
    await place.scroll_into_view_if_needed()
    box = await place.bounding_box()
    assert box
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    for dx, dy in ((-120, 0), (-20, 40), (90, 10), (90, 10)):
        await page.mouse.move(middle[0] + dx, middle[1] + dy)
        await page.mouse.click(middle[0] + dx, middle[1] + dy)
    await expect(page.locator("[data-typed]")).to_contain_text("已画：线")
    await page.locator("[data-save]").click()
    await expect(visitor.card("risk-point")).to_contain_text("演示燃气管线")
    number = visitor.query["show"].partition(":")[2]
    shown = send(office, "GET", f"/api/risk-points/{number}/form")
    assert shown["position"]["geometry"]["type"] == "LineString"
    assert len(shown["position"]["geometry"]["coordinates"]) == 3
