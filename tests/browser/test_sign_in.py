"""Signing in and out: in by the right password only, back to where one was, first passwords changed first."""

import pytest
from playwright.async_api import Route, expect

from service.accounts.actions import HASHING
from service.accounts.rules.demo import DEMO_PASSWORD
from service.accounts.rules.passwords import FREE_TRIES
from tests.accounts import PASSWORD, Role, add_person
from tests.browser import city
from tests.browser.conftest import OpenVisitor
from tests.browser.picture import View
from tests.browser.register import asked
from tests.browser.server import Server
from tests.browser.strangers import change, open_as, open_stranger, sign_in
from tests.world import CITY_PATH

pytestmark = pytest.mark.asyncio(loop_scope="session")

REGULATOR = Role("regulator", area=CITY_PATH)
ENDED = "DELETE FROM sign_in_session WHERE person_id = (SELECT id FROM person WHERE login = %s)"
NEAR = View(44.05, 125.65, 12)


async def test_whoever_comes_signs_in_and_lands_where_they_were_going(
    open_visitor: OpenVisitor, office: Server
) -> None:
    add_person(office.database, "comer", REGULATOR)
    visitor = await open_stranger(open_visitor, office)
    await visitor.go(NEAR, grade="major", fill="worst")
    await visitor.page.wait_for_url("**/sign-in?next=**")
    await expect(visitor.page.locator(".door")).to_contain_text("长春市")
    # Nothing of the register is named to strangers.
    await expect(visitor.page.locator("header .tabs, header .scope, [data-account]")).to_have_count(0)
    await sign_in(visitor.page, "Comer", "not-the-password")
    await expect(visitor.page.locator("[data-refused]")).to_have_text("登录名或密码不正确。")
    await sign_in(visitor.page, "Comer")
    await visitor.rest()
    assert visitor.view == NEAR
    assert (visitor.query["grade"], visitor.query["fill"]) == ("major", "worst")
    await expect(visitor.page.locator("[data-scope]")).to_have_text("仅可见：长春市")


async def test_too_many_tries_are_waited_for_by_the_clock(open_visitor: OpenVisitor, office: Server) -> None:
    add_person(office.database, "guessed", REGULATOR)
    visitor = await open_stranger(open_visitor, office)
    await visitor.go(path="/sign-in")
    refused, waiting = visitor.page.locator("[data-refused]"), visitor.page.locator("[data-wait]")
    for number in range(FREE_TRIES):
        async with visitor.page.expect_response("**/api/sign-in"):
            await sign_in(visitor.page, "guessed", f"guess-number-{number}")
        await expect(refused).to_be_visible()
    await sign_in(visitor.page, "guessed", PASSWORD)
    await expect(waiting).to_contain_text("秒后再试")
    await expect(visitor.page.locator("[data-sign-in] button[type='submit']")).to_be_disabled()
    await expect(waiting).to_have_count(0)
    await sign_in(visitor.page, "guessed")
    await visitor.rest()


async def test_a_first_password_is_changed_before_anything_else(
    open_visitor: OpenVisitor, office: Server
) -> None:
    add_person(office.database, "newcomer", REGULATOR, must_change=True)
    visitor = await open_stranger(open_visitor, office)
    await visitor.go(path="/account")
    await sign_in(visitor.page, "newcomer")
    form = visitor.page.locator("[data-must-change] [data-password-form]")
    await expect(form.locator("[data-input='old']")).to_have_value(PASSWORD)
    # Reloaded or opened anywhere, it is the same question.
    await visitor.go()
    await visitor.page.wait_for_url("**/sign-in?step=password")
    await form.locator("[data-input='old']").fill(PASSWORD)
    kept = form.locator("[data-kept]")
    button = form.locator("[data-change]")
    for typed, again, rules in (
        ("short", "short", ["variety", "login", "again"]),
        ("11111111111", "11111111111", ["length", "login", "again"]),
        ("i-am-newcomer-1", "i-am-newcomer-1", ["length", "variety", "again"]),
        ("quiet-river-stone", "quiet-river", ["length", "variety", "login"]),
    ):
        await form.locator("[data-input='next']").fill(typed)
        await form.locator("[data-input='again']").fill(again)
        assert await kept.evaluate_all("all => all.map((each) => each.dataset.rule)") == rules
        await expect(button).to_be_disabled()
    await form.locator("[data-input='next']").fill("1234567890")
    await form.locator("[data-input='again']").fill("1234567890")
    await button.click()
    await expect(form.locator("[data-refused]")).to_contain_text("太容易被猜到")
    await form.locator("[data-input='next']").fill("quiet-river-stone")
    await form.locator("[data-input='again']").fill("quiet-river-stone")
    await button.click()
    await visitor.rest()
    await visitor.page.locator("[data-account]").click()
    await visitor.page.locator("[data-sign-out]").click()
    await sign_in(visitor.page, "newcomer", PASSWORD)
    await expect(visitor.page.locator("[data-refused]")).to_be_visible()
    await sign_in(visitor.page, "newcomer", "quiet-river-stone")
    await visitor.rest()


async def test_a_demonstration_shows_its_accounts_and_one_click_signs_in(
    open_visitor: OpenVisitor, office: Server
) -> None:
    person = add_person(office.database, "jingkai", Role("regulator", area=f"{CITY_PATH}.z_jk"))
    change(
        office.database,
        "UPDATE credential SET password_hash = %s WHERE person_id = %s",
        HASHING.hash(DEMO_PASSWORD),
        person,
    )
    visitor = await open_stranger(open_visitor, office)
    await visitor.go(path="/sign-in")
    accounts = visitor.page.locator("[data-demo-account]")
    await expect(accounts).to_have_count(10)
    await expect(accounts.filter(has_text="经开区安监局")).to_contain_text("属地监管")
    await visitor.page.locator("[data-demo-account='jingkai']").click()
    await visitor.rest()
    await expect(visitor.page.locator("[data-scope]")).to_have_text("仅可见：长春经济技术开发区")


@pytest.mark.parametrize(
    "trap", ["//evil.example/", "https://evil.example/", "/\\evil.example", "/no-such-page"]
)
async def test_an_address_leads_nobody_elsewhere(
    open_visitor: OpenVisitor, office: Server, trap: str
) -> None:
    login = f"led{abs(hash(trap))}"[:20]
    add_person(office.database, login, REGULATOR)
    visitor = await open_stranger(open_visitor, office)
    await visitor.go(path="/sign-in", next=trap)
    await sign_in(visitor.page, login)
    await visitor.rest()
    assert visitor.page.url.startswith(f"{office.url}/?at=")


async def test_a_session_that_ends_over_a_form_loses_nothing(
    open_visitor: OpenVisitor, office: Server
) -> None:
    visitor = await open_as(open_visitor, office, "writer", REGULATOR)
    visitor.forgiven.append("status of 401")
    await visitor.go(path="/risk-points/new")
    name = visitor.page.locator("[data-field='name'] input")
    await name.fill("写了一半的风险点")
    # What the form still asks by itself would also find the session ended, before anybody saves.
    await visitor.page.wait_for_load_state("networkidle")
    change(office.database, ENDED, "writer")
    await visitor.page.locator("[data-save]").click()
    await visitor.page.wait_for_url("**/sign-in?next=**")
    await sign_in(visitor.page, "writer")
    await visitor.page.wait_for_url("**/risk-points/new")
    await expect(visitor.page.locator("[data-restored]")).to_be_visible()
    await expect(name).to_have_value("写了一半的风险点")
    # Whoever else sits down at this machine does not read it.
    await visitor.page.locator("[data-account]").click()
    await visitor.page.locator("[data-sign-out]").click()
    await visitor.page.wait_for_url("**/sign-in")
    add_person(office.database, "other-writer", REGULATOR)
    await sign_in(visitor.page, "other-writer")
    await visitor.rest()
    await visitor.go(path="/risk-points/new")
    await expect(name).to_have_value("")
    await expect(visitor.page.locator("[data-restored]")).to_have_count(0)


async def test_a_file_is_not_fetched_by_a_session_that_ended(
    open_visitor: OpenVisitor, office: Server
) -> None:
    """The browser would name the refusal after the file and call it a failed download."""
    visitor = await open_as(open_visitor, office, "taker", REGULATOR)
    visitor.forgiven.append("status of 401")
    await visitor.go(NEAR, list="points")
    async with visitor.page.expect_download():
        await visitor.page.locator("[data-export]").click()

    async def end_it_first(route: Route) -> None:
        change(office.database, ENDED, "taker")
        await route.continue_()

    # Before the link asks, and not earlier: whatever else the page asks would find out before the link does.
    await visitor.page.route("**/api/session", end_it_first)
    fetched: list[str] = []
    visitor.page.on("download", lambda download: fetched.append(download.url))
    await visitor.page.locator("[data-export]").click()
    await visitor.page.wait_for_url("**/sign-in?next=**")
    assert fetched == []


async def test_a_screen_that_nobody_touches_asks_without_using_the_session(
    open_visitor: OpenVisitor, office: Server
) -> None:
    visitor = await open_as(open_visitor, office, "watcher", REGULATOR)
    await visitor.page.clock.install()
    await visitor.go(NEAR)
    await visitor.page.mouse.move(400, 400)
    async with visitor.page.expect_request("**/tiles/**") as touched:
        await visitor.page.mouse.wheel(0, -200)
    assert "x-unattended" not in (await touched.value).headers
    await visitor.rest()
    async with visitor.page.expect_request(lambda one: one.headers.get("x-unattended") == "1"):
        await visitor.page.clock.run_for(125_000)


async def test_signing_out_everywhere_ends_every_window(open_visitor: OpenVisitor, office: Server) -> None:
    add_person(office.database, "doubled", REGULATOR)
    windows = [await open_stranger(open_visitor, office) for _ in range(2)]
    for one in windows:
        await one.go(path="/sign-in")
        await sign_in(one.page, "doubled")
        await one.rest()
    await windows[0].page.locator("[data-account]").click()
    await windows[0].page.locator("[data-sign-out-everywhere]").click()
    await windows[0].page.wait_for_url("**/sign-in")
    await windows[1].page.reload()
    await windows[1].page.wait_for_url("**/sign-in?next=**")


@pytest.mark.parametrize(
    ("role", "scope", "tabs", "page"),
    [
        (Role("regulator", area=f"{CITY_PATH}.220105"), "仅可见：二道区", ["地图", "导入台账"], "/"),
        (
            Role("department", area=CITY_PATH, industry="gas"),
            "仅可见：长春市 · 城镇燃气",
            ["地图", "导入台账"],
            "/",
        ),
        (Role("inspector", area=f"{CITY_PATH}.220112"), "仅可见：双阳区", ["地图"], "/"),
        (Role("administrator", area=CITY_PATH), "看不到台账", ["账号"], "/people"),
        (Role("auditor", area=CITY_PATH), "看不到台账", ["审计"], "/audit"),
    ],
    ids=["district", "gas", "inspector", "administrator", "auditor"],
)
async def test_the_header_says_what_one_sees_and_shows_what_one_may(
    open_visitor: OpenVisitor, office: Server, role: Role, scope: str, tabs: list[str], page: str
) -> None:
    visitor = await open_as(open_visitor, office, f"header-{role.role}", role)
    await visitor.go()
    chip = visitor.page.locator("[data-scope]")
    await expect(chip).to_contain_text(scope)
    await expect(visitor.page.locator("header .tabs a")).to_have_text(tabs)
    await visitor.page.wait_for_url(f"{office.url}{page}*")
    if page == "/":
        await visitor.rest()
    may_export = role.role in {"regulator", "department"}
    await expect(visitor.page.locator("[data-print]")).to_have_count(1 if may_export and page == "/" else 0)
    await chip.click()
    await expect(visitor.page.locator("[data-page='account'] [data-role]")).to_have_count(1)


async def test_an_officer_sees_the_firm_by_its_name(open_visitor: OpenVisitor, office: Server) -> None:
    ((firm,),) = asked(office.database, "SELECT id FROM enterprise WHERE name = %s", city.FIRM)
    visitor = await open_as(open_visitor, office, "officer", Role("officer", enterprise=firm))
    await visitor.open()
    await expect(visitor.page.locator("[data-scope]")).to_have_text(f"仅可见：{city.FIRM}")
    ((points,),) = asked(office.database, "SELECT count(*) FROM risk_point WHERE enterprise_id = %s", firm)
    await expect(visitor.page.locator("[data-total]")).to_contain_text(f"{points} 个风险点")


@pytest.mark.parametrize(
    "path", ["/imports", "/risk-points/new", "/enterprises/new", "/print", "/people", "/audit"]
)
async def test_a_page_without_permission_says_so(
    open_visitor: OpenVisitor, office: Server, path: str
) -> None:
    visitor = await open_as(
        open_visitor, office, f"worker{path.replace('/', '-')}", Role("inspector", area=CITY_PATH)
    )
    await visitor.go(path=path)
    await expect(visitor.page.locator("[data-barrier='permission']")).to_contain_text("没有这个页面的权限")
    await expect(visitor.page.locator("form, [data-form]")).to_have_count(0)


async def test_without_any_role_one_is_told_whom_to_ask(open_visitor: OpenVisitor, office: Server) -> None:
    visitor = await open_as(open_visitor, office, "roleless")
    await visitor.go()
    await expect(visitor.page.locator("[data-barrier='nothing']")).to_contain_text("账号管理员")


@pytest.mark.parametrize("width", [1024, 1280])
async def test_the_header_has_room_for_whoever_does_everything(
    open_visitor: OpenVisitor, office: Server, width: int
) -> None:
    roles = [Role(role, area=CITY_PATH) for role in ("regulator", "administrator", "auditor")]
    size = {"width": width, "height": 768}
    visitor = await open_as(open_visitor, office, f"busy{width}", *roles, viewport=size)
    await visitor.go(path="/account")
    header = visitor.page.locator("header").first
    for language in ("zh-CN", "en"):
        await expect(visitor.page.locator("html")).to_have_attribute("lang", language)
        await expect(header.locator(".tabs a")).to_have_count(4)
        assert await header.evaluate("(all) => all.scrollWidth <= all.clientWidth")
        whole = "(one) => one.scrollWidth <= one.clientWidth"
        assert await header.locator("[data-scope]").evaluate(whole) or language == "en"
        await visitor.page.locator(".language").click()
