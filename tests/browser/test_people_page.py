"""Keeping accounts: made, appointed by list and by map, signed in with, ended."""

import pytest
from playwright.async_api import Locator, Page, expect

from tests.accounts import Role, add_person
from tests.browser import city
from tests.browser.conftest import OpenVisitor
from tests.browser.register import asked
from tests.browser.server import Server
from tests.browser.strangers import open_as, open_stranger, sign_in
from tests.browser.visitor import Visitor
from tests.world import CITY_PATH

pytestmark = pytest.mark.asyncio(loop_scope="session")

EAST = f"{CITY_PATH}.220105"
CITY_ADMIN = Role("administrator", area=CITY_PATH)


async def open_people(
    open_visitor: OpenVisitor, server: Server, login: str, *roles: Role, unit: str
) -> Visitor:
    visitor = await open_as(open_visitor, server, login, *roles, unit=unit)
    await visitor.go(path="/people")
    await expect(visitor.page.locator("[data-search]")).to_be_visible()
    visitor.page.on("dialog", lambda dialog: dialog.accept())
    return visitor


async def make(page: Page, login: str, name: str) -> tuple[Locator, str]:
    """An account of 二道区 by the form: its line, and its first password as it is shown."""
    await page.locator("[data-new-person]").click()
    form = page.locator("[data-person-form]")
    await form.locator("[data-input='login']").fill(login)
    await form.locator("[data-input='name']").fill(name)
    await form.locator("[data-input='area']").select_option("220105")
    await form.locator("[data-make]").click()
    line = page.locator(f"[data-person='{login}']")
    return line, await line.locator("[data-secret]").input_value()


async def test_an_account_is_made_appointed_and_signs_in(open_visitor: OpenVisitor, office: Server) -> None:
    visitor = await open_people(open_visitor, office, "admin-makes", CITY_ADMIN, unit=CITY_PATH)
    line, password = await make(visitor.page, "zhang.san", "张三")
    await line.locator("[data-appoint]").click()
    form = line.locator("[data-appoint-form]")
    await form.locator("[data-input='role']").select_option("department")
    await expect(form.locator("[data-send]")).to_be_disabled()
    await form.locator("[data-input='industry']").select_option("gas")
    await form.locator("[data-input='area']").select_option("220105")
    await form.locator("[data-send]").click()
    await expect(line.locator("[data-appointment='department']")).to_contain_text(
        "行业主管 · 二道区 · 城镇燃气"
    )
    await visitor.page.reload()
    await expect(line.locator("[data-appointment]")).to_have_count(1)
    await expect(visitor.page.locator("[data-secret]")).to_have_count(0)

    newcomer = await open_stranger(open_visitor, office)
    await newcomer.go(path="/sign-in")
    await sign_in(newcomer.page, "zhang.san", password)
    await newcomer.page.locator("[data-input='next']").fill("quiet-river-stone")
    await newcomer.page.locator("[data-input='again']").fill("quiet-river-stone")
    await newcomer.page.locator("[data-change]").click()
    await newcomer.rest()
    await expect(newcomer.page.locator("[data-scope]")).to_have_text("仅可见：二道区 · 城镇燃气")

    await line.locator("[data-end]").click()
    await expect(line.locator("[data-end]")).to_have_count(0)
    await expect(line.locator("[data-appointment]")).to_contain_text("admin-makes 于")
    await newcomer.go()
    await expect(newcomer.page.locator("[data-barrier='nothing']")).to_be_visible()
    await line.locator("[data-close]").click()
    await expect(line.locator("[data-closed]")).to_be_visible()
    await newcomer.go()
    await newcomer.page.wait_for_url("**/sign-in**")
    await line.locator("[data-reopen]").click()
    await line.locator("[data-new-password]").click()
    another = await line.locator("[data-secret]").input_value()
    assert another != password
    await sign_in(newcomer.page, "zhang.san", another)
    await expect(newcomer.page.locator("[data-must-change]")).to_be_visible()


async def test_an_area_is_chosen_on_the_map(open_visitor: OpenVisitor, office: Server) -> None:
    visitor = await open_people(open_visitor, office, "admin-maps", CITY_ADMIN, unit=CITY_PATH)
    await visitor.page.locator("[data-new-person]").click()
    form = visitor.page.locator("[data-person-form]")
    await visitor.page.wait_for_function("() => document.querySelectorAll('.leaflet-tile-loaded').length > 0")
    await visitor.rest()
    box = await form.locator(".map").bounding_box()
    assert box
    chosen = set()
    for across in (0.42, 0.55, 0.63):
        await visitor.page.mouse.click(box["x"] + box["width"] * across, box["y"] + box["height"] / 2)
        chosen.add(await form.locator("[data-input='area']").input_value())
    keys = {
        key
        for (key,) in asked(office.database, "SELECT key FROM territory WHERE path <@ %s::ltree", CITY_PATH)
    }
    assert chosen - {""} <= keys
    assert len(chosen - {""}) >= 2


async def test_an_enterprise_is_found_by_its_words(open_visitor: OpenVisitor, office: Server) -> None:
    ((firm,),) = asked(office.database, "SELECT id FROM enterprise WHERE name = %s", city.FIRM)
    visitor = await open_people(open_visitor, office, "admin-firms", CITY_ADMIN, unit=CITY_PATH)
    line, _ = await make(visitor.page, "li.officer", "李四")
    await line.locator("[data-appoint]").click()
    form = line.locator("[data-appoint-form]")
    await form.locator("[data-input='role']").select_option("officer")
    await form.locator("[data-input='enterprise']").fill("没有这样一家")
    await expect(form.locator("[data-none]")).to_be_visible()
    await expect(form.locator("[data-send]")).to_be_disabled()
    await form.locator("[data-input='enterprise']").fill(city.FIRM[1:4])
    await form.locator(".found button", has_text=city.FIRM).click()
    await expect(form.locator("[data-chosen]")).to_contain_text(city.FIRM)
    await form.locator("[data-send]").click()
    await expect(line.locator("[data-appointment='officer']")).to_contain_text(f"企业 {firm}")


async def test_one_keeps_only_ones_own_area_and_never_oneself(
    open_visitor: OpenVisitor, office: Server
) -> None:
    add_person(office.database, "west-wang", unit=f"{CITY_PATH}.220104")
    add_person(office.database, "east-wang", unit=EAST)
    visitor = await open_people(
        open_visitor, office, "admin-east", Role("administrator", area=EAST), unit=EAST
    )
    page = visitor.page
    await expect(page.locator("[data-person='east-wang']")).to_be_visible()
    await expect(page.locator("[data-person='west-wang']")).to_have_count(0)
    await page.locator("[data-person='admin-east'] .head").click()
    own = page.locator("[data-person='admin-east'] [data-person-panel]")
    await expect(own).to_contain_text("您自己的账号")
    await expect(own.locator("button")).to_have_count(0)
    await page.locator("[data-new-person]").click()
    offered = await page.locator(
        "[data-person-form] [data-input='area'] option:not([disabled])"
    ).all_inner_texts()
    assert offered[0] == "二道区"
    assert "长春市" not in [name.strip() for name in offered]


async def test_a_taken_login_is_said_and_nothing_typed_is_lost(
    open_visitor: OpenVisitor, office: Server
) -> None:
    add_person(office.database, "taken")
    visitor = await open_people(open_visitor, office, "admin-taken", CITY_ADMIN, unit=CITY_PATH)
    visitor.forgiven.append("status of 409")
    await visitor.page.locator("[data-new-person]").click()
    form = visitor.page.locator("[data-person-form]")
    await form.locator("[data-input='login']").fill("taken")
    await form.locator("[data-input='name']").fill("王五")
    await form.locator("[data-input='area']").select_option("220105")
    await form.locator("[data-make]").click()
    await expect(form.locator("[data-refused]")).to_contain_text("已被使用")
    await expect(form.locator("[data-input='name']")).to_have_value("王五")


async def test_people_are_found_by_word_and_state(open_visitor: OpenVisitor, office: Server) -> None:
    add_person(office.database, "found.one", Role("auditor", area=EAST), unit=EAST)
    visitor = await open_people(open_visitor, office, "admin-finds", CITY_ADMIN, unit=CITY_PATH)
    people = visitor.page.locator("[data-person]")
    await visitor.page.locator("[data-search]").fill("审计员 · 二道区")
    await expect(people).to_have_count(1)
    await expect(people).to_contain_text("found.one")
    await visitor.page.locator("[data-standing]").select_option("closed")
    await expect(people).to_have_count(0)
