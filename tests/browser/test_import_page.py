"""The import page: a workbook is handed in, looked at, and written only when a person says so."""

import asyncio
import io
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
import xlsxwriter
from playwright.async_api import FilePayload, Locator, expect

from geo.crs import Datum, from_cgcs2000
from tests.browser.city import ASSESSOR, SPOTS, Spot
from tests.browser.conftest import OpenVisitor
from tests.browser.picture import FULL, LAND, View, is_near
from tests.browser.server import Server
from tests.browser.visitor import Visitor
from tests.conftest import Database
from tests.world import CITY_PATH, enter

pytestmark = pytest.mark.asyncio(loop_scope="session")

# Nothing is registered there before.
NEW = Spot(7539, 2643)
HEADINGS = ("风险点编号", "风险点名称", "经度", "纬度", "评价方法", "L值", "E值", "C值", "评价人", "评价日期")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def row(number: str, name: str, spot: Spot, inputs: tuple[str, str, str]) -> tuple[str, ...]:
    """A row of a region-owned risk point whose position was picked from a map of GCJ-02."""
    lon, lat = from_cgcs2000(*spot.at(0.5, 0.4), Datum.GCJ02)
    return (number, name, f"{lon:.7f}", f"{lat:.7f}", "LEC", *inputs, ASSESSOR, "2026-10-08")


def workbook() -> FilePayload:
    """One row that is new and red, one of a method's value that is not in its table, one that renames a point."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("风险点")
        for i, line in enumerate(
            [
                HEADINGS,
                row("R-1", "氯气钢瓶间", NEW, ("3", "6", "40")),
                row("R-2", "配电室", NEW, ("3", "5", "40")),
                row("N-low 1 1", "改名的井", SPOTS["low 1"], ("1", "6", "7")),
            ]
        ):
            sheet.write_row(i, 0, line)
    return {"name": "台账.xlsx", "mimeType": XLSX, "buffer": content.getvalue()}


def registered(database: Database) -> list[tuple[str, str]]:
    """Numbers and names of all risk points, by the app role."""
    with psycopg.connect(database.app_url) as connection:
        enter(connection, areas="{" + CITY_PATH + "}")
        return connection.execute("SELECT number, name FROM risk_point ORDER BY id").fetchall()


async def hand_in(visitor: Visitor, file: FilePayload) -> Locator:
    """Choose a file on the import page and return the button that writes."""
    await visitor.go(path="/imports")
    await visitor.page.locator("input[type=file]").set_input_files(file)
    await expect(visitor.page.locator("h2").first).to_have_text(file["name"])
    return visitor.page.locator("[data-write]")


async def test_a_person_may_write_nothing(office: Server, open_visitor: OpenVisitor) -> None:
    visitor = await open_visitor(office)
    before = registered(office.database)
    await hand_in(visitor, workbook())
    await visitor.page.get_by_role("radio", name="GCJ-02").check()
    await expect(visitor.page.locator("[data-figure='good']")).to_have_text("2")
    # What was chosen outlives a reload.
    await visitor.page.reload()
    await expect(visitor.page.locator("[data-figure='good']")).to_have_text("2")
    await visitor.page.locator("[data-write-nothing]").click()
    await expect(visitor.page.locator("[data-outcome='nothing']")).to_contain_text("什么都没有写入")
    assert registered(office.database) == before
    lon, lat = NEW.at(0.5, 0.5)
    await visitor.open(View(round(lat, 5), round(lon, 5), 14))
    left, top, right, bottom = (picture := await visitor.look()).box(NEW, 5)
    colours = picture.colours((left + 1, top + 1, right - 1, bottom - 1))
    assert all(is_near(colour, LAND, 24) for colour in colours)


async def test_a_workbook_is_previewed_and_written_when_a_person_says_so(
    office: Server, open_visitor: OpenVisitor
) -> None:
    visitor = await open_visitor(office)
    page, database = visitor.page, office.database
    before = registered(database)
    write = await hand_in(visitor, workbook())
    # No datum, no preview, nothing to press.
    await expect(write).to_be_disabled()
    await expect(page.locator("footer.decision")).to_contain_text("未声明坐标系之前不能写入")
    await expect(page.locator("[data-figure]")).to_have_count(0)
    assert await page.get_by_role("radio", name="GCJ-02").is_checked() is False

    await page.get_by_role("radio", name="GCJ-02").check()
    await expect(page.locator("[data-figure='good']")).to_have_text("2")
    figures = {name: await page.locator(f"[data-figure='{name}']").inner_text() for name in FIGURES}
    assert figures == FIGURES
    problem = page.locator("[data-problems] .el-table__row").filter(has_text="E值")
    await expect(problem).to_have_count(1)
    chinese = await problem.locator("td").all_inner_texts()
    await page.locator(".language").click()
    await expect(page.locator("h1")).not_to_have_text(re.compile("[\u4e00-\u9fff]"))
    english = await problem.locator("td").all_inner_texts()
    assert [text.strip() for text in chinese[:1] + chinese[2:4]] == ["3", "E值", "5"]
    assert english[2:4] == chinese[2:4]
    assert re.search("[\u4e00-\u9fff]", chinese[-1])
    assert re.search("[a-z]{4}", english[-1])
    assert not re.search("[\u4e00-\u9fff]", english[-1].replace("E值", ""))
    await page.locator(".language").click()
    await expect(page.locator("[data-changes]")).to_contain_text("改名的井")
    assert registered(database) == before, "a preview writes nothing"

    await expect(write).to_be_enabled()
    await write.click()
    outcome = page.locator("[data-outcome='written']")
    await expect(outcome).to_contain_text("已写入 2 条合格行")
    after = registered(database)
    assert set(after) - set(before) == {("R-1", "氯气钢瓶间"), ("N-low 1 1", "改名的井")}
    assert len(after) == len(before) + 1

    await outcome.get_by_role("link", name="在地图上查看").click()
    await visitor.rest()
    lon, lat = NEW.at(0.5, 0.5)
    await visitor.open(View(round(lat, 5), round(lon, 5), 14))
    assert (await visitor.look()).fill(NEW, 5) == FULL["major"]
    await visitor.click_at(lon, lat)
    reason = visitor.card("cell").locator("[data-reason]")
    await expect(reason).to_contain_text("氯气钢瓶间")
    await expect(reason).to_contain_text("L 3 × E 6 × C 40 = 720 > 320")


FIGURES = {
    "rows": "3",
    "good": "2",
    "bad": "1",
    "new": "1",
    "changed": "1",
    "unchanged": "0",
}


# With a long address each, more than is worked on while the sender waits.
MANY = 2_500
PATIENCE_SECONDS = 60.0


@contextmanager
def held_up(database: Database) -> Iterator[None]:
    """Hold up whoever writes risk points, as a long transaction of another person would."""
    with psycopg.connect(database.superuser_url) as other:
        other.execute("LOCK TABLE risk_point IN SHARE ROW EXCLUSIVE MODE")
        yield


def wait_for_a_writer(database: Database) -> None:
    """Until somebody stands before the lock."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    with psycopg.connect(database.superuser_url, autocommit=True) as looking:
        asked = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        while looking.execute(asked).fetchone() == (0,):
            assert time.monotonic() < deadline, "nobody came to write"
            time.sleep(0.05)


async def test_cancelled_while_it_is_written_nothing_is_left(
    office: Server, open_visitor: OpenVisitor
) -> None:
    where = "演示大道与演示支路交叉口东北角" * 10
    lines: list[tuple[str, ...]] = [(*HEADINGS, "具体位置")]
    lines += [(*row(f"M-{i}", "井盖", NEW, ("1", "6", "7")), where) for i in range(1, MANY + 1)]
    content = "\n".join(",".join(line) for line in lines).encode()
    visitor = await open_visitor(office)
    page = visitor.page
    before = registered(office.database)
    file: FilePayload = {"name": "大台账.csv", "mimeType": "text/csv", "buffer": content}
    await visitor.go(path="/imports")
    await page.locator("input[type=file]").set_input_files(file)
    await page.get_by_role("radio", name="GCJ-02").check()
    write = page.locator("[data-write]")
    await expect(write).to_be_enabled(timeout=PATIENCE_SECONDS * 1000)
    with held_up(office.database):
        await write.click()
        await expect(page.locator("[data-work='writing']")).to_be_visible()
        await asyncio.to_thread(wait_for_a_writer, office.database)
        await page.locator("[data-stop]").click()
        await expect(page.locator("[data-outcome='nothing']")).to_contain_text("什么都没有写入")
    assert registered(office.database) == before
    # The file may be handed in again.
    await hand_in(visitor, workbook())


async def test_a_file_that_is_no_workbook_is_refused_in_words(
    office: Server, open_visitor: OpenVisitor
) -> None:
    visitor = await open_visitor(office)
    visitor.forgiven.append("415")
    await visitor.go(path="/imports")
    file: FilePayload = {"name": "照片.xlsx", "mimeType": XLSX, "buffer": b"\x89PNG\r\n\x1a\n" + bytes(100)}
    await visitor.page.locator("input[type=file]").set_input_files(file)
    alert = visitor.page.get_by_role("alert")
    await expect(alert).to_contain_text("这个文件读不出来")
    assert "Traceback" not in await alert.inner_text()
    await expect(visitor.page.get_by_role("button", name="选择文件")).to_be_enabled()
