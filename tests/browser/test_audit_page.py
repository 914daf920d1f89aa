"""Reading the audit: who did what, what it changed, how it is sealed, page by page."""

import pytest
from playwright.async_api import expect

from tests.accounts import Role
from tests.browser import city
from tests.browser.conftest import OpenVisitor
from tests.browser.forms import send
from tests.browser.register import asked
from tests.browser.server import Server
from tests.browser.strangers import change, open_as
from tests.browser.test_point_form import bridge
from tests.browser.visitor import Visitor
from tests.world import CITY_PATH

pytestmark = pytest.mark.asyncio(loop_scope="session")

MANY = """INSERT INTO audit_record (person, action, subject, areas)
    SELECT 'many-' || n, 'export', 'points.xlsx', ARRAY[%s::ltree] FROM generate_series(1, 70) AS n"""

CONTACT = (
    "INSERT INTO site_contact (site_id, role, name, phone) VALUES (%s, '安全负责人', '赵安全', '13800001234')"
)


async def open_audit(open_visitor: OpenVisitor, server: Server, login: str) -> Visitor:
    visitor = await open_as(open_visitor, server, login, Role("auditor", area=CITY_PATH))
    await visitor.go(path="/audit")
    return visitor


async def test_a_change_is_told_with_its_differences(open_visitor: OpenVisitor, office: Server) -> None:
    number = bridge(office, "SJ-1")
    stored = send(office, "GET", f"/api/risk-points/{number}/form")
    headers = {"If-Match": str(stored["version"])}
    send(office, "PATCH", f"/api/risk-points/{number}", {"name": "改了名的桥"}, headers)
    visitor = await open_audit(open_visitor, office, "auditor-reads")
    await visitor.page.locator("[data-filter='subject']").select_option("risk_point")
    await visitor.page.locator("[data-filter='action']").select_option("update")
    record = visitor.page.locator("[data-record]").first
    await expect(record).to_contain_text("browser")
    await expect(record).to_contain_text(f"风险点 {number}")
    await record.locator("[data-unfold]").click()
    name = visitor.page.locator("[data-changes] [data-change='name']")
    await expect(name.locator("td").first).to_have_text(stored["name"])
    await expect(name.locator("td").last).to_have_text("改了名的桥")
    await expect(name.locator("th")).to_have_text("名称")
    # What stayed as it was is not told.
    await expect(visitor.page.locator("[data-changes] [data-change='number']")).to_have_count(0)


async def test_records_are_sealed_within_seconds(open_visitor: OpenVisitor, office: Server) -> None:
    visitor = await open_audit(open_visitor, office, "auditor-seals")
    first = visitor.page.locator("[data-record]").first

    async def is_sealed() -> bool:
        await visitor.page.locator("[data-refresh]").click()
        return await first.locator("[data-sealed]").count() == 1

    await expect(first).to_be_visible()
    await visitor.eventually(is_sealed, "the newest record is sealed")


async def test_a_long_audit_is_read_page_by_page_and_filtered(
    open_visitor: OpenVisitor, office: Server
) -> None:
    change(office.database, MANY, CITY_PATH)
    visitor = await open_audit(open_visitor, office, "auditor-pages")
    records = visitor.page.locator("[data-record]")
    await visitor.page.locator("[data-filter='action']").select_option("export")
    await expect(records.first).to_contain_text("many-70")
    await expect(records).to_have_count(50)
    await visitor.page.locator("[data-more]").click()
    await expect(records).to_have_count(70)
    await expect(records.last).to_contain_text("many-1")
    await expect(visitor.page.locator("[data-more]")).to_have_count(0)
    person = visitor.page.locator("[data-filter='person']")
    await person.fill("many-7")
    await person.press("Enter")
    await expect(records).to_have_count(1)
    assert visitor.query == {"person": "many-7", "action": "export"}
    await visitor.page.reload()
    await expect(records).to_have_count(1)
    await visitor.page.locator("[data-filter='until']").fill("2020-01-01")
    await expect(records).to_have_count(0)
    await expect(visitor.page.get_by_text("没有符合的记录")).to_be_visible()
    await visitor.page.locator("[data-clear]").click()
    await expect(records).to_have_count(50)


async def test_a_look_at_contacts_is_recorded(open_visitor: OpenVisitor, office: Server) -> None:
    ((firm, site),) = asked(
        office.database,
        "SELECT enterprise.id, site.id FROM enterprise JOIN site ON enterprise_id = enterprise.id WHERE enterprise.name = %s LIMIT 1",
        city.FIRM,
    )
    change(office.database, "DELETE FROM site_contact WHERE site_id = %s", site)
    change(office.database, CONTACT, site)
    viewer = await open_as(open_visitor, office, "caller", Role("regulator", area=CITY_PATH))
    await viewer.go(path=f"/enterprises/{firm}")
    contact = viewer.page.locator("[data-contact]").filter(has_text="赵")
    await expect(contact).not_to_contain_text("13800001234")
    await expect(viewer.page.get_by_text("每次查看都会记入审计")).to_be_visible()
    await viewer.page.locator("[data-show-contacts]").click()
    await expect(contact).to_contain_text("赵安全")
    await expect(contact).to_contain_text("13800001234")
    worker = await open_as(open_visitor, office, "looker", Role("inspector", area=CITY_PATH))
    await worker.go(path=f"/enterprises/{firm}")
    await expect(worker.page.locator("[data-contact]").filter(has_text="赵")).to_be_visible()
    await expect(worker.page.locator("[data-show-contacts]")).to_have_count(0)
    auditor = await open_audit(open_visitor, office, "auditor-contacts")
    await auditor.page.locator("[data-filter='action']").select_option("read_contacts")
    await expect(auditor.page.locator("[data-record]")).to_have_count(1)
    await expect(auditor.page.locator("[data-record]")).to_contain_text("caller")
    await expect(auditor.page.locator("[data-record]")).to_contain_text(f"企业 {firm}")
