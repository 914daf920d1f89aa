"""One's own account: who one is, a new password, keys that are made, used and revoked."""

import json
import urllib.error
import urllib.request

import pytest
from playwright.async_api import Dialog, Page, expect

from tests.accounts import PASSWORD, Role
from tests.browser.conftest import OpenVisitor
from tests.browser.server import Server
from tests.browser.strangers import open_as, open_stranger, sign_in
from tests.world import CITY_PATH

pytestmark = pytest.mark.asyncio(loop_scope="session")

REGULATOR = Role("regulator", area=CITY_PATH)
NEW_PASSWORD = "quiet-river-stone"


def read_with(server: Server, path: str, **headers: str) -> int:
    """The status of an answer, and what it says has to be JSON where it is 200."""
    try:
        with urllib.request.urlopen(
            urllib.request.Request(server.url + path, headers=headers), timeout=20
        ) as answer:
            json.load(answer)
            return int(answer.status)
    except urllib.error.HTTPError as refusal:
        return refusal.code


async def make_key(page: Page, name: str) -> str:
    """A key by the form; its secret as it is shown."""
    await page.locator("[data-input='key-name']").fill(name)
    await page.locator("[data-make-key]").click()
    await expect(page.locator(f"[data-key='{name}']")).to_be_visible()
    return await page.locator("[data-secret]").input_value()


async def test_it_says_who_one_is_and_what_one_sees(open_visitor: OpenVisitor, office: Server) -> None:
    visitor = await open_as(
        open_visitor,
        office,
        "many",
        Role("regulator", area=f"{CITY_PATH}.220105"),
        Role("analyst", area=f"{CITY_PATH}.220112"),
    )
    await visitor.go(path="/account")
    who = visitor.page.locator("[data-block='who']")
    await expect(who.locator("[data-role]")).to_have_count(2)
    await expect(who.locator("[data-role]").first).to_contain_text("属地监管 · 二道区")
    await expect(who.locator("[data-sees]")).to_have_text("二道区、双阳区")
    await expect(who).to_contain_text("many")


async def test_a_new_password_ends_the_other_sessions(open_visitor: OpenVisitor, office: Server) -> None:
    visitor = await open_as(open_visitor, office, "changer", REGULATOR)
    other = await open_stranger(open_visitor, office)
    await other.go(path="/sign-in", next="/account")
    await sign_in(other.page, "changer")
    await expect(other.page.locator("[data-page='account'] [data-block='who']")).to_be_visible()
    await visitor.go(path="/account")
    visitor.forgiven.append("status of 403")
    form = visitor.page.locator("[data-password-form]")
    for old, answer in (("not-the-password", "原密码不正确"), (PASSWORD, None)):
        await form.locator("[data-input='old']").fill(old)
        await form.locator("[data-input='next']").fill(NEW_PASSWORD)
        await form.locator("[data-input='again']").fill(NEW_PASSWORD)
        await form.locator("[data-change]").click()
        if answer:
            await expect(form.locator("[data-refused]")).to_contain_text(answer)
    await expect(visitor.page.locator("[data-said]")).to_have_text("密码已修改，其他 1 个会话已结束。")
    await other.page.reload()
    await other.page.wait_for_url("**/sign-in?next=/account")
    await visitor.page.reload()
    await expect(visitor.page.locator("[data-block='who']")).to_be_visible()


async def test_a_key_is_shown_once_reads_and_ends(open_visitor: OpenVisitor, office: Server) -> None:
    visitor = await open_as(open_visitor, office, "keyholder", REGULATOR)
    page = visitor.page
    await visitor.go(path="/account")
    await page.locator("[data-input='key-area']").select_option(label="　二道区")
    await page.locator("[data-input='key-writes']").check()
    secret = await make_key(page, "办公室 QGIS")
    row = page.locator("[data-key='办公室 QGIS']")
    await expect(row).to_contain_text("二道区")
    await expect(row.locator("[data-writes]")).to_be_visible()
    await expect(page.locator("[data-input='key-writes']")).not_to_be_checked()
    await expect(row.locator("[data-state='good']")).to_have_text("有效")
    curl = await page.locator("[data-key-line='curl']").inner_text()
    assert f"'Authorization: Bearer {secret}'" in curl
    address = curl.split("'")[-2].removeprefix(office.url)
    assert read_with(office, address, Authorization=f"Bearer {secret}") == 200
    by_path = (await page.locator("[data-key-line='path']").inner_text()).removeprefix(office.url)
    assert by_path.startswith(f"/k/{secret}/tiles/")
    assert read_with(office, f"/k/{secret}/api/risk-points") == 200
    for way, headers in (("ogc", {"Authorization": f"Bearer {secret}"}), ("ogcPath", {})):
        told = await page.locator(f"[data-key-line='{way}']").inner_text()
        assert read_with(office, told.removeprefix(office.url), **headers) == 200
    assert read_with(office, "/api/risk-points") == 401
    await page.reload()
    await expect(row).to_be_visible()
    await expect(page.locator("[data-secret]")).to_have_count(0)
    assert secret not in await page.content()

    async def answer(dialog: Dialog) -> None:
        assert "办公室 QGIS" in dialog.message
        await dialog.accept()

    page.on("dialog", answer)
    await row.locator("[data-revoke]").click()
    await expect(row.locator("[data-state='revoked']")).to_have_text("已撤销")
    await expect(row.locator("[data-revoke]")).to_have_count(0)
    assert read_with(office, "/api/risk-points", Authorization=f"Bearer {secret}") == 401


async def test_who_may_have_no_keys_sees_none(open_visitor: OpenVisitor, office: Server) -> None:
    visitor = await open_as(open_visitor, office, "keyless", Role("inspector", area=CITY_PATH))
    await visitor.go(path="/account")
    await expect(visitor.page.locator("[data-block='password']")).to_be_visible()
    await expect(visitor.page.locator("[data-block='keys']")).to_have_count(0)


async def test_a_link_is_shown_once_opens_its_address_and_ends(
    open_visitor: OpenVisitor, office: Server
) -> None:
    visitor = await open_as(open_visitor, office, "linkmaker", REGULATOR)
    page = visitor.page
    await visitor.go(path="/account")
    links = page.locator("[data-block='links']")
    visitor.forgiven.append("status of 422")
    await page.locator("[data-input='link-name']").fill("指挥中心大屏")
    await page.locator("[data-input='link-address']").fill("/metrics")
    await page.locator("[data-make-link]").click()
    await expect(links.locator("[data-refused]")).to_contain_text("链接只能指向本服务的数据地址")
    await page.locator("[data-input='link-address']").fill("/ogc/collections/territories/items?limit=1")
    await page.locator("[data-input='link-hours']").select_option("168")
    await page.locator("[data-make-link]").click()
    address = (await links.locator("[data-secret]").input_value()).removeprefix(office.url)
    assert read_with(office, address) == 200
    assert read_with(office, address.replace("territories", "sites")) == 403
    row = page.locator("[data-link='指挥中心大屏']")
    await expect(row).to_contain_text("/ogc/collections/territories/items")

    async def answer(dialog: Dialog) -> None:
        assert "指挥中心大屏" in dialog.message
        await dialog.accept()

    page.on("dialog", answer)
    await row.locator("[data-revoke]").click()
    await expect(row.locator("[data-state='revoked']")).to_have_text("已撤销")
    assert read_with(office, address) == 401
