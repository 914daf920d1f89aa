"""The form of an enterprise with its sites: one sending, two versions met, nothing lost without power or signal."""

import re
from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.conftest import OpenVisitor
from tests.browser.forms import fill, send
from tests.browser.server import Server

pytestmark = pytest.mark.asyncio(loop_scope="session")


def firm(server: Server, name: str) -> int:
    """An enterprise with one site, registered by somebody else."""
    site = {"name": "一厂", "address": "演示路 1 号", "phone": "0431-0000000"}
    return int(send(server, "POST", "/api/enterprises", {"name": name, "sites": [site]})["id"])


def form_of(server: Server, number: int) -> Any:
    return send(server, "GET", f"/api/enterprises/{number}/form")


def named(server: Server, name: str) -> list[str]:
    """The enterprises of a name."""
    return [row["name"] for row in send(server, "GET", "/api/enterprises")["items"] if row["name"] == name]


async def number_of(page: Page) -> int:
    """The enterprise whose page is open."""
    await page.wait_for_url(re.compile(r"/enterprises/\d+$"))
    return int(page.url.rpartition("/")[2])


async def test_an_enterprise_is_registered_with_two_sites_in_one_sending(
    office: Server, open_visitor: OpenVisitor
) -> None:
    visitor = await open_visitor(office)
    visitor.forgiven.append("422")
    page = visitor.page
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.method) if one.method in {"POST", "PATCH"} else None)
    await visitor.go(path="/enterprises/new")
    await fill(page, "name", "演示双厂化工")
    await fill(page, "employees", "-3")
    await fill(page, "sites.0.address", "演示路 8 号")
    await page.locator("[data-add-site]").click()
    await fill(page, "sites.1.name", "二厂")
    await fill(page, "sites.1.position.lon", "125.35")
    await fill(page, "sites.1.position.lat", "43.86")
    await page.locator("[data-save]").click()
    # Both mistakes are shown at their fields, the first of them under the keyboard; nothing is written.
    await expect(page.locator("[data-field='employees'] [role=alert]")).to_be_visible()
    await expect(page.locator("[data-field='sites.1.position.datum'] [role=alert]")).to_be_visible()
    await expect(page.locator("[data-field='employees'] input")).to_be_focused()
    assert named(office, "演示双厂化工") == []
    await fill(page, "employees", "30")
    await page.locator("[data-field='sites.1.position.datum'] select").select_option("CGCS2000")
    sent.clear()
    await page.locator("[data-save]").click()
    form = form_of(office, await number_of(page))
    assert sent == ["POST"]
    assert (form["employees"], [site["number"] for site in form["sites"]]) == (30, ["1", "2"])
    assert [site["address"] for site in form["sites"]] == ["演示路 8 号", ""]
    await expect(page.locator("h1")).to_contain_text("演示双厂化工")


async def test_enterprise_and_site_are_changed_together(office: Server, open_visitor: OpenVisitor) -> None:
    number = firm(office, "演示改名厂")
    visitor = await open_visitor(office)
    page = visitor.page
    await visitor.go(path=f"/enterprises/{number}/edit")
    await fill(page, "name", "演示改好厂")
    await fill(page, "sites.0.address", "新路 2 号")
    await page.locator("[data-add-site]").click()
    await expect(page.locator("[data-site]")).to_have_count(2)
    await page.locator("[data-drop-site]").click()
    await expect(page.locator("[data-site]")).to_have_count(1)
    await page.locator("[data-save]").click()
    await number_of(page)
    form = form_of(office, number)
    assert (form["name"], form["sites"][0]["address"], len(form["sites"])) == ("演示改好厂", "新路 2 号", 1)


async def test_of_two_versions_a_person_chooses_field_by_field(
    office: Server, open_visitor: OpenVisitor
) -> None:
    number = firm(office, "演示两人厂")
    visitor = await open_visitor(office)
    visitor.forgiven.append("409")
    page = visitor.page
    await visitor.go(path=f"/enterprises/{number}/edit")
    await fill(page, "name", "我改的厂")
    await fill(page, "sites.0.phone", "110")
    before = form_of(office, number)
    (site,) = before["sites"]
    there = f"/api/enterprises/{number}"
    theirs = {"phone": "119", "address": "他改的路"}
    send(office, "PATCH", f"{there}/sites/{site['id']}", theirs, {"If-Match": str(site["version"])})
    send(office, "POST", f"{there}/sites", {"name": "他加的厂"})
    await page.locator("[data-save]").click()
    conflict = page.locator("[data-conflict]")
    await expect(conflict).to_be_focused()
    await expect(conflict.locator("[data-added]")).to_contain_text("他加的厂")
    assert form_of(office, number) == form_of(office, number) | {"name": "演示两人厂"}
    # What only they changed is theirs already, what I changed is mine; the telephone goes to them.
    at_site = f"{site['id']}."
    address = conflict.locator(f"[data-differs='{at_site}address']")
    await expect(address.locator("input[value='theirs']")).to_be_checked()
    await expect(conflict.locator("[data-differs='name'] input[value='mine']")).to_be_checked()
    await conflict.locator(f"[data-differs='{at_site}phone'] input[value='theirs']").check()
    await conflict.locator("[data-settle]").click()
    await expect(page.locator("[data-field='sites.1.name'] input")).to_have_value("他加的厂")
    await page.locator("[data-save]").click()
    await number_of(page)
    form = form_of(office, number)
    assert form["name"] == "我改的厂"
    assert [(one["phone"], one["address"], one["name"]) for one in form["sites"]] == [
        ("119", "他改的路", "一厂"),
        ("", "", "他加的厂"),
    ]


async def test_a_draft_outlives_the_tab_and_a_lost_answer_writes_once(
    office: Server, open_visitor: OpenVisitor
) -> None:
    visitor = await open_visitor(office)
    visitor.forgiven += ["ERR_INTERNET_DISCONNECTED", "ERR_FAILED"]
    page = visitor.page
    await visitor.go(path="/enterprises/new")
    await fill(page, "name", "演示断电厂")
    await fill(page, "sites.0.address", "地下一层")
    await page.context.set_offline(True)
    await page.locator("[data-save]").click()
    await expect(page.locator(".note[role=alert]")).to_be_visible()
    await page.context.set_offline(False)
    # The battery dies: the tab is gone, and with it what a session would have kept.
    successor = await page.context.new_page()
    await page.close()
    visitor.page = page = successor
    await visitor.go(path="/enterprises/new")
    await expect(page.locator("[data-restored]")).to_be_visible()
    await expect(page.locator("[data-field='sites.0.address'] input")).to_have_value("地下一层")

    async def lose(route: Route) -> None:
        await route.fetch()
        await route.abort()

    await page.route("**/api/enterprises", lose, times=1)
    await page.locator("[data-save]").click()
    await expect(page.locator(".note[role=alert]")).to_be_visible()
    await page.locator("[data-save]").click()
    assert form_of(office, await number_of(page))["sites"][0]["address"] == "地下一层"
    assert named(office, "演示断电厂") == ["演示断电厂"]
    await visitor.go(path="/enterprises/new")
    await expect(page.locator("[data-field='name'] input")).to_have_value("")


async def test_what_was_written_without_an_answer_meets_what_was_edited_since(
    office: Server, open_visitor: OpenVisitor
) -> None:
    visitor = await open_visitor(office)
    visitor.forgiven += ["ERR_FAILED", "409"]
    page = visitor.page

    async def lose(route: Route) -> None:
        await route.fetch()
        await route.abort()

    await visitor.go(path="/enterprises/new")
    await page.route("**/api/enterprises", lose, times=1)
    await fill(page, "name", "演示失联厂")
    await page.locator("[data-save]").click()
    await expect(page.locator(".note[role=alert]")).to_be_visible()
    await fill(page, "employees", "9")
    await page.locator("[data-save]").click()
    await page.locator("[data-conflict] [data-settle]").click()
    await page.locator("[data-save]").click()
    assert form_of(office, await number_of(page))["employees"] == 9
    assert named(office, "演示失联厂") == ["演示失联厂"]


async def test_an_enterprise_is_removed_when_nothing_is_left_of_it(
    office: Server, open_visitor: OpenVisitor
) -> None:
    number = firm(office, "演示误登企业")
    body = {"number": "1", "name": "演示误登反应釜", "enterprise_id": number}
    point = int(send(office, "POST", "/api/risk-points", body)["id"])
    visitor = await open_visitor(office)
    visitor.forgiven.append("409")
    page = visitor.page
    await visitor.go(path=f"/enterprises/{number}/edit")
    await page.locator("[data-remove]").click()
    await expect(page.locator("[data-removal] [role=alertdialog]")).to_be_focused()
    await page.locator("[data-confirm]").click()
    await expect(page.locator("[data-removal] [data-refused]")).to_contain_text("1 个风险点")
    assert named(office, "演示误登企业") == ["演示误登企业"]
    # The point goes first; what was typed into its form does not ask to be kept.
    await visitor.go(path=f"/risk-points/{point}/edit")
    await fill(page, "name", "不再需要")
    await page.locator("[data-remove]").click()
    await page.locator("[data-confirm]").click()
    await page.wait_for_url(re.compile(r"/(\?.*)?$"))
    await visitor.go(path=f"/enterprises/{number}/edit")
    await page.locator("[data-remove]").click()
    await page.locator("[data-confirm]").click()
    await page.wait_for_url(re.compile(r"/(\?.*)?$"))
    assert named(office, "演示误登企业") == []
    await visitor.rest()
