"""When the service is gone, or nothing is registered, the page says so; it is never a blank map."""

import pytest
from playwright.async_api import expect

from tests.browser.city import SPOTS
from tests.browser.conftest import OpenVisitor
from tests.browser.picture import FULL, LAND, View, is_near
from tests.browser.server import Server
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")

OVERVIEW = View(44.05, 125.65, 11)


async def test_a_stopped_service_is_admitted_and_forgotten_when_it_is_back(
    own_server: Server, open_visitor: OpenVisitor
) -> None:
    visitor = await open_visitor(own_server)
    visitor.forgiven.append("ERR_CONNECTION_REFUSED")
    await visitor.open(OVERVIEW)
    notice = visitor.page.locator(".notice.alert")
    await expect(notice).to_have_count(0)
    own_server.stop()

    await visitor.click_at(*SPOTS["major"].at(0.5, 0.86, level=4))
    alert = visitor.drawer.get_by_role("alert")
    await expect(alert).to_contain_text("连接不上服务")
    await visitor.page.locator(".panel.zoom button").first.click()
    await expect(notice).to_be_visible()
    await visitor.rest()
    # What did not arrive is hatched: the place of a red cell is neither blank nor red.
    picture = await visitor.look()
    left, top, right, bottom = picture.box(SPOTS["large"], 4)
    colours = picture.colours((left - 10, top - 10, right + 10, bottom + 10))
    assert len(colours) >= 2
    assert not any(is_near(colour, FULL["large"], 40) for colour in colours)

    own_server.start()
    await alert.get_by_role("button").click()
    await expect(visitor.card("cell").locator("[data-count='major']")).to_have_text("1")
    await notice.get_by_role("button").click()
    await expect(notice).to_have_count(0)
    await visitor.rest()
    assert (await visitor.look()).fill(SPOTS["large"], 4) == FULL["large"]


async def test_a_service_that_cannot_answer_the_first_question_is_no_blank_page(visitor: Visitor) -> None:
    """The page itself arrives, the session does not."""
    visitor.forgiven.append("503")
    await visitor.page.route("**/api/session", lambda route: route.fulfill(status=503, body=REFUSAL))
    await visitor.go()
    alert = visitor.page.locator(".window").get_by_role("alert")
    await expect(alert).to_contain_text("数据库暂时不可用")
    await visitor.page.unroute_all()
    await alert.get_by_role("button").click()
    await visitor.rest()
    await expect(alert).to_have_count(0)


REFUSAL = '{"error": "unavailable", "message": "数据库暂时不可用", "message_en": "The database is away", "details": {}}'


async def test_a_territory_without_rows_says_so_and_offers_the_import(
    empty_server: Server, open_visitor: OpenVisitor
) -> None:
    visitor = await open_visitor(empty_server)
    await visitor.open(OVERVIEW)
    empty = visitor.page.locator(".notices .empty")
    await expect(empty).to_contain_text("当前范围还没有登记风险点")
    await expect(visitor.page.locator("[data-total]")).to_have_text("0 个风险点")
    picture = await visitor.look()
    assert picture.share([FULL["major"], FULL["large"], FULL["low"]]) == 0
    assert picture.share([LAND]) > 100_000
    await empty.get_by_role("link").click()
    await expect(visitor.page).to_have_url(f"{empty_server.url}/imports")


async def test_a_district_without_rows_says_so(visitor: Visitor) -> None:
    await visitor.open(View(44.89, 126.5, 9), show="territory:220182")
    card = visitor.card("territory")
    await expect(card.get_by_role("status")).to_contain_text("此处没有登记风险点")
    assert set((await visitor.counts(card)).values()) == {"0"}
    await expect(card.locator("h2 .badge")).to_have_count(0)


async def test_a_filter_that_leaves_nothing_says_so_and_can_be_cleared(
    empty_server: Server, open_visitor: OpenVisitor
) -> None:
    visitor = await open_visitor(empty_server)
    await visitor.open(OVERVIEW, grade="major")
    notice = visitor.page.locator(".notices .notice")
    await expect(notice).to_contain_text("没有符合筛选条件的风险点")
    await notice.get_by_role("button").click()
    await expect(visitor.page.locator(".notices .empty")).to_be_visible()
