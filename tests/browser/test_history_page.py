"""The history of a risk point: who changed what from what to what, read by eye and by keyboard."""

import asyncio
import re

import pytest
from playwright.async_api import Route, expect

from tests.browser.conftest import OpenVisitor
from tests.browser.forms import send
from tests.browser.server import Server

pytestmark = pytest.mark.asyncio(loop_scope="session")

MOMENTS = 24  # more than one page of the history


def point(server: Server, number: str) -> int:
    """A point of the region with one event."""
    events = [{"name": "垮塌", "measures": [{"text": "每日巡查"}]}]
    form = {"number": number, "name": "演示老桥", "territory": "220105", "events": events}
    return int(send(server, "POST", "/api/risk-points", form)["id"])


def change(server: Server, number: int, body: dict[str, object]) -> None:
    version = send(server, "GET", f"/api/risk-points/{number}/form")["version"]
    send(server, "PATCH", f"/api/risk-points/{number}", body, {"If-Match": str(version)})


async def test_what_was_changed_is_shown_from_what_to_what(office: Server, open_visitor: OpenVisitor) -> None:
    number = point(office, "LS-1")
    change(office, number, {"name": "演示新桥", "exposed_workers": "7"})
    grading = {
        "method": "lec_fold_a",
        "inputs": {"L": "3", "E": "6", "C": "40"},
        "assessor": "演示评价人",
        "assessed_on": "2026-10-08",
    }
    send(office, "POST", f"/api/risk-points/{number}/assessments", grading)
    visitor = await open_visitor(office)
    page = visitor.page
    await visitor.go(path="/", show=f"point:{number}")
    await visitor.card("risk-point").locator("[data-history]").click()
    moments = page.locator("[data-moment]")
    await expect(moments.first).to_be_visible()
    changed = page.locator("[data-moment='changed']").filter(has=page.locator("[data-change='point.name']"))
    await expect(changed).to_have_count(1)
    cells = changed.locator("[data-change='point.name'] td")
    assert await cells.all_inner_texts() == ["演示老桥", "演示新桥"]
    await expect(changed.locator("[data-change='point.exposed_workers'] td").last).to_have_text("7")
    await expect(page.locator("[data-change^='assessed.']").first).to_be_visible()
    # The latest first, the registration last, with what it began with and no column of nothing before it.
    kinds = [await one.get_attribute("data-moment") for one in await moments.all()]
    assert kinds[-1] == "created"
    created = page.locator("[data-moment='created']")
    await expect(created.locator("[data-change='point.name']")).to_contain_text("演示老桥")
    await expect(created.locator("td.old")).to_have_count(0)
    await page.locator(".language").click()
    await expect(page.locator("h1")).not_to_have_text(re.compile("[\u4e00-\u9fff]"))
    await expect(changed.locator("tbody th").first).not_to_have_text(re.compile("[\u4e00-\u9fff]"))
    await page.locator(".language").click()


async def test_a_page_on_its_way_arrives_while_the_map_still_moves(
    office: Server, open_visitor: OpenVisitor
) -> None:
    """What the map remembers of itself in the address must not call off the page that was asked for."""
    number = point(office, "LS-3")
    visitor = await open_visitor(office)
    page = visitor.page
    await visitor.open(path="/", show=f"point:{number}")
    asked, may_come = asyncio.Event(), asyncio.Event()

    async def hold(route: Route) -> None:
        asked.set()
        await may_come.wait()
        await route.continue_()

    await page.route("**/history-page-*.js", hold)
    await visitor.card("risk-point").locator("[data-history]").click()
    await asked.wait()
    await page.locator(".zoom button").first.click()
    await visitor.rest()
    may_come.set()
    await expect(page.locator("[data-moment]").first).to_be_visible()
    await expect(page).to_have_url(re.compile(f"/risk-points/{number}/history"))


async def test_older_moments_are_asked_for_by_keyboard(office: Server, open_visitor: OpenVisitor) -> None:
    number = int(
        send(
            office,
            "POST",
            "/api/risk-points",
            {"number": "LS-2", "name": "演示多改桥", "territory": "220105"},
        )["id"]
    )
    for place in range(MOMENTS):
        change(office, number, {"place": f"第 {place} 处"})
    visitor = await open_visitor(office)
    page = visitor.page
    await visitor.go(path=f"/risk-points/{number}/history")
    more = page.locator("[data-more]")
    await expect(more).to_be_visible()
    before = await page.locator("[data-moment]").count()
    await more.focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-moment]")).not_to_have_count(before)
    # Whoever reads on by keyboard goes on at the first of the older ones, not at the top of the page.
    await expect(page.locator("[data-moment]").nth(before)).to_be_focused()
    await expect(page.locator("[data-moment='created']")).to_have_count(1)
    await page.get_by_role("link", name="回到风险点").focus()
    await page.keyboard.press("Enter")
    await expect(visitor.card("risk-point")).to_contain_text("演示多改桥")


async def test_a_point_that_is_not_there_says_so(office: Server, open_visitor: OpenVisitor) -> None:
    visitor = await open_visitor(office)
    visitor.forgiven.append("404")
    await visitor.go(path="/risk-points/999999/history")
    await expect(visitor.page.get_by_role("alert")).to_contain_text("没有找到，或不在可见范围内")
