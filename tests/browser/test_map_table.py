"""The table from below: the rows of the filter, in an order, one of them chosen on the map, all of them in a file."""

from functools import partial

import pytest
from playwright.async_api import Locator, expect
from python_calamine import CalamineWorkbook

from tests.browser import city
from tests.browser.city import SPOTS
from tests.browser.conftest import OpenVisitor
from tests.browser.picture import View
from tests.browser.register import asked, counted
from tests.browser.server import Server
from tests.browser.visitor import Visitor
from tests.conftest import Database

pytestmark = pytest.mark.asyncio(loop_scope="session")

OVERVIEW = View(44.05, 125.65, 11)


def rows(visitor: Visitor) -> Locator:
    return visitor.page.locator("tr[data-row]")


async def column(visitor: Visitor, name: str) -> list[str]:
    return await visitor.page.locator(f"tr[data-row] td[data-column='{name}']").all_inner_texts()


async def test_the_table_holds_what_the_register_holds(visitor: Visitor, city_database: Database) -> None:
    await visitor.open(OVERVIEW, industry="chemicals")
    await expect(visitor.page.locator(".panel-body")).to_have_count(0)
    # The folded edge says how many enterprises the filter leaves, without the rows having been asked for.
    await expect(visitor.page.locator("[data-list='enterprises'] .number")).to_have_text("1")
    await visitor.page.locator("[data-list='points']").click()
    stored = asked(
        city_database,
        "SELECT name, number FROM risk_point WHERE industries && '{chemicals}'"
        " ORDER BY coalesce(grade_assessed, 5), id",
    )
    await expect(rows(visitor)).to_have_count(len(stored))
    assert [*zip(await column(visitor, "name"), await column(visitor, "number"), strict=True)] == stored
    await expect(visitor.page.locator("[data-progress]")).to_have_text("共 4 行")
    assert visitor.query["list"] == "points"


async def test_a_column_sorts_upwards_downwards_and_not_at_all(
    visitor: Visitor, city_database: Database
) -> None:
    await visitor.open(OVERVIEW, list="points", grade="major,large")
    names = [name for (name,) in asked(city_database, "SELECT name FROM risk_point WHERE grade_assessed < 3")]
    by_code_point = sorted(names)
    head = visitor.page.locator("[data-sort='name']")
    for address, expected in (("name", by_code_point), ("-name", by_code_point[::-1])):
        await head.click()
        await visitor.page.wait_for_url(f"**sort={address}**")
        await visitor.eventually(partial(shows, visitor, expected), f"the rows are sorted by {address}")
    await head.click()
    await visitor.eventually(lambda: has_no_sort(visitor), "the list's own order is back")


async def shows(visitor: Visitor, names: list[str]) -> bool:
    seen = await column(visitor, "name")
    return len(seen) > 2 and seen == names[: len(seen)]


async def has_no_sort(visitor: Visitor) -> bool:
    return "sort" not in visitor.query


async def test_a_row_is_chosen_on_the_map_and_marked(visitor: Visitor, city_database: Database) -> None:
    await visitor.open(OVERVIEW, list="points", industry="chemicals")
    await rows(visitor).filter(has_text=city.TANK).click()
    await expect(visitor.card("risk-point").locator("h2")).to_contain_text(city.TANK)
    await expect(visitor.page.locator("tr[data-row].chosen")).to_have_count(1)
    await expect(visitor.page.locator("tr[data-row].chosen")).to_contain_text(city.TANK)
    ((point,),) = asked(city_database, "SELECT id FROM risk_point WHERE name = %s", city.TANK)
    assert visitor.query["show"] == f"point:{point}"
    await visitor.page.reload()
    await expect(visitor.page.locator("tr[data-row].chosen")).to_contain_text(city.TANK)


async def test_the_ready_made_lists_say_how_much_they_hold(visitor: Visitor, city_database: Database) -> None:
    await visitor.open(OVERVIEW)
    expected = {
        "points": sum(counted(city_database, "true").values()),
        "major": counted(city_database, "true")["major"],
        "overdue": sum(counted(city_database, "next_review < current_date").values()),
        "unlocated": sum(counted(city_database, "position <> 'own'").values()),
        "unregistered": 0,
    }
    for name, number in expected.items():
        await expect(visitor.page.locator(f"[data-list='{name}'] .number")).to_have_text(str(number))
    await visitor.page.locator("[data-list='overdue']").click()
    await expect(rows(visitor)).to_have_count(expected["overdue"])
    await expect(rows(visitor)).to_contain_text(["办公楼"])
    await visitor.page.get_by_text("在图上只看这些").click()
    await expect(visitor.page.locator("[data-chip='overdue']")).to_be_visible()
    await visitor.page.locator("[data-list='enterprises']").click()
    await expect(rows(visitor)).to_have_count(1)
    await rows(visitor).click()
    await expect(visitor.card("enterprise").locator("h2")).to_contain_text(city.FIRM)


async def test_the_workbook_is_exactly_this(visitor: Visitor) -> None:
    await visitor.open(OVERVIEW, list="points", industry="chemicals")
    await expect(rows(visitor)).to_have_count(4)
    async with visitor.page.expect_download() as waiting:
        await visitor.page.locator("[data-export]").click()
    download = await waiting.value
    sheet = CalamineWorkbook.from_path(await download.path()).get_sheet_by_index(0)
    texts = ["|".join(str(value) for value in row) for row in sheet.to_python()]
    names = await column(visitor, "name")
    found = [name for text in texts for name in names if f"|{name}|" in f"|{text}|"]
    assert sorted(found) == sorted(names)


async def test_the_keyboard_walks_the_rows(visitor: Visitor) -> None:
    await visitor.open(OVERVIEW, list="points", industry="chemicals", sort="name")
    await expect(rows(visitor)).to_have_count(4)
    second = (await column(visitor, "name"))[1]
    await visitor.page.locator(".box").focus()
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        await visitor.page.keyboard.press(key)
    await expect(visitor.card("risk-point").locator("h2")).to_contain_text(second)
    grip = visitor.page.locator(".grip")
    before = await visitor.map.bounding_box()
    await grip.focus()
    await visitor.page.keyboard.press("ArrowUp")
    await visitor.page.keyboard.press("ArrowUp")
    after = await visitor.map.bounding_box()
    assert before
    assert after
    assert after["height"] == pytest.approx(before["height"] - 64, abs=2)


async def test_a_million_rows_weigh_no_more_than_those_in_sight(
    open_visitor: OpenVisitor, own_server: Server
) -> None:
    """Rows out of sight are no elements, and further pages come as the reader gets there."""
    asked(
        own_server.database,
        "INSERT INTO risk_point (owner_kind, number, name, geom, source_datum, demo)"
        " SELECT 'region', 'Z-' || i, '演示点 ' || i, ST_SetSRID(ST_Point(125.6, 44.06), 4490), 'CGCS2000', true"
        " FROM generate_series(1, 450) AS i RETURNING id",
    )
    visitor = await open_visitor(own_server)
    await visitor.open(OVERVIEW, list="points", sort="number", text="演示点")
    await expect(visitor.page.locator("[data-progress]")).to_contain_text("共 450 行")
    assert await rows(visitor).count() < 60
    box = visitor.page.locator(".box")
    await box.focus()
    for _ in range(8):
        await visitor.page.keyboard.press("End")
        await visitor.page.wait_for_timeout(200)
    await expect(visitor.page.locator("[data-progress]")).to_have_text("共 450 行")
    assert await rows(visitor).count() < 60
    await visitor.page.keyboard.press("End")
    await expect(rows(visitor).last).to_contain_text("演示点 99")


async def test_the_map_keeps_its_place_when_the_table_opens(visitor: Visitor) -> None:
    await visitor.open(OVERVIEW)
    await visitor.page.locator("[data-list='points']").click()
    await expect(rows(visitor).first).to_be_visible()
    await visitor.rest()
    lon, lat = SPOTS["major"].at(0.5, 0.86, level=4)
    await visitor.click_at(lon, lat)
    await expect(visitor.card("cell").locator("[data-count='major']")).to_have_text("1")
