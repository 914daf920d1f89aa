"""The files of lists, read back: they equal the tables, keep real types, neutralise formulas, and say what they are."""

import io
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import httpx
import psycopg
import pytest
from python_calamine import CalamineWorkbook

from service.codes.rules.documents import Text
from service.lists import workbook
from service.lists.actions import write_file
from service.lists.workbook import Column, Sheet
from tests.conftest import Database, Postgis
from tests.service.cells.test_filter import FILTERS
from tests.service.lists.reading import follow, serving_as
from tests.world import CITY_PATH, add_region_point, enter

Rows = psycopg.Connection[Any]
ROOT = Path(__file__).resolve().parents[3]


async def read(client: httpx.AsyncClient, address: str) -> tuple[list[dict[str, Any]], str, dict[str, str]]:
    """The rows of a file by their Chinese headings, its title, and what its second sheet says."""
    answer = await client.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/vnd.openxmlformats")
    assert "attachment" in answer.headers["content-disposition"]
    return read_content(answer.content)


def read_content(content: bytes) -> tuple[list[dict[str, Any]], str, dict[str, str]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    title, headings, *lines = book.get_sheet_by_index(0).to_python()
    keys = [str(heading).partition("\n")[0] for heading in headings]
    about: dict[str, str] = {}
    name = ""
    for line in book.get_sheet_by_index(1).to_python():
        name = str(line[0]).partition(" ")[0] or name
        about[name] = "\n".join(filter(None, (about.get(name), str(line[1]))))
    return [dict(zip(keys, line, strict=True)) for line in lines], str(title[0]), about


@pytest.mark.parametrize(
    "query", ["", "grade=major,unassessed", "owner=region", "overdue=true&view=managed", "text=锅炉"]
)
async def test_the_points_file_is_the_table(city: httpx.AsyncClient, rows: Rows, query: str) -> None:
    where = {"": "true", "overdue=true&view=managed": FILTERS["overdue=true"]}.get(query) or FILTERS[query]
    expected = rows.execute(
        f"""SELECT number, p.name, e.name, uscc, assessed_on, next_review, exposed_workers, ST_X(anchor), ST_Y(anchor)
        FROM risk_point p LEFT JOIN enterprise e ON e.id = p.enterprise_id
        WHERE p.id IN (SELECT id FROM risk_point WHERE {where})
        ORDER BY COALESCE(grade_assessed, 5), p.id"""
    ).fetchall()
    found, title, about = await read(city, f"/api/risk-points.xlsx?{query}")
    headings = (
        "风险点编号",
        "风险点名称",
        "企业名称",
        "统一社会信用代码",
        "评价日期",
        "下次复评",
        "暴露人数",
    )
    assert [tuple(None if row[name] == "" else row[name] for name in headings) for row in found] == [
        row[:7] for row in expected
    ]
    # A workbook holds 16 digits of a number.
    for name, column in (("经度（CGCS2000）", 7), ("纬度（CGCS2000）", 8)):
        assert [row[name] or None for row in found] == [
            None if row[column] is None else pytest.approx(row[column], abs=1e-12) for row in expected
        ]
    assert f"共 {len(expected)} 行" in title
    assert "演示" in title
    assert "演示" in about["数据性质"]
    assert {row["数据性质"] for row in found} <= {"演示 demonstration"}
    assert about["可见范围"] == "长春市"
    assert ("未筛选" in about["筛选条件"]) == (query == "")


async def test_the_list_of_major_risks_is_the_table(city: httpx.AsyncClient, rows: Rows) -> None:
    found, title, about = await read(city, "/api/lists/major-risks.xlsx?owner=enterprise&grade=low")
    expected = rows.execute(
        """SELECT p.number, e.name, a.score, a.method_id,
            (SELECT string_agg(DISTINCT description, '|' ORDER BY description) FROM measure m WHERE m.risk_point_id = p.id)
        FROM risk_point p JOIN enterprise e ON e.id = p.enterprise_id
        CROSS JOIN LATERAL (SELECT * FROM assessment WHERE risk_point_id = p.id AND basis = 'assessed'
                            ORDER BY assessed_on DESC, id DESC LIMIT 1) a
        WHERE grade_assessed = 1 ORDER BY p.id"""
    ).fetchall()
    assert len(found) == len(expected) > 3
    for row, (number, firm, score, method, measures) in zip(found, expected, strict=True):
        assert (row["风险点编号"], row["企业或区域"]) == (number, firm)
        assert row["风险等级"] == "重大 major"
        assert (row["评价得分"] or None) == (None if score is None else float(score))
        assert f" {method} " in row["评价方法及版本"]
        assert "|".join(sorted(row["管控措施"].split("\n"))) == (measures or "")
    assert title.startswith("重大风险清单")
    assert "风险等级 grade：重大 major" in about["筛选条件"]
    assert "lec" in about["评价方法及版本"]


async def test_the_enterprises_file_is_the_list(city: httpx.AsyncClient) -> None:
    items = await follow(city, "/api/enterprises?sort=worst&limit=200")
    found, _, _ = await read(city, "/api/enterprises.xlsx?sort=worst")
    assert [(row["企业名称"], row["合计"], row["复评逾期"], row["待定位"]) for row in found] == [
        (item["name"], item["counts"]["total"], item["overdue"], item["to_locate"]) for item in items
    ]
    none, title, about = await read(city, "/api/enterprises.xlsx?register=none")
    assert len(none) == (await city.get("/api/enterprises?register=none")).json()["total"]
    assert title.startswith("无风险登记的企业")
    assert "无 none" in about["筛选条件"]


async def test_empty_columns_are_said_to_be_empty_and_formulas_are_text(
    client: httpx.AsyncClient, database: Database
) -> None:
    evil = '=HYPERLINK("http://演示","点我")'
    with psycopg.connect(database.app_url) as connection:
        enter(connection, areas="{" + CITY_PATH + "}")
        point = add_region_point(connection, "+cmd", 125.43, 43.87)
        connection.execute("UPDATE risk_point SET name = %s, place = '@place'", (evil,))
        connection.execute(
            "INSERT INTO assessment (risk_point_id, basis, method_id, method_version, inputs, grade, reasons, assessed_on)"
            " VALUES (%s, 'assessed', 'stated', '1', '{}', 1, '[]', '2026-01-02')",
            (point,),
        )
    answer = await client.get("/api/lists/major-risks.xlsx")
    (row,), title, about = read_content(answer.content)
    assert (row["风险点编号"], row["风险点名称"], row["部位或地点"]) == ("+cmd", evil, "@place")
    assert row["评价日期"] == date(2026, 1, 2)
    with ZipFile(io.BytesIO(answer.content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert "hyperlink" not in sheet
        assert 'quotePrefix="1"' in archive.read("xl/styles.xml").decode()
        assert 'state="frozen"' in sheet
        assert "<autoFilter" in sheet
    empty = about["登记中没有内容的列"]
    for name in ("管控措施", "责任单位", "责任人", "统一社会信用代码", "可能后果", "下次复评"):
        assert name in empty
        assert row[name] == ""
    assert "评价日期" not in empty
    assert "演示" not in title
    assert "演示" not in about["数据性质"]


async def test_a_cut_file_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound itself is a number; what is said when it cuts is what is tested, on a small one."""
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    monkeypatch.setattr("service.lists.actions.MOST_ROWS", 3)

    async def parts() -> Any:
        yield [{"n": number} for number in range(2)]
        yield [{"n": number} for number in range(2, 4)]

    column = Column(Text("数", "number"), lambda row: row["n"], "number")
    sheet = Sheet(Text("甲", "a"), [column], total=5, made_at=datetime(2026, 1, 1, tzinfo=UTC), demo=False)
    with await write_file(sheet, parts(), []) as content:
        rows, title, _ = read_content(content.read())
    assert "只列前 3 行" in title
    assert "of 5 rows" in title
    assert [row["数"] for row in rows[:3]] == [0, 1, 2]
    assert "还有 2 行未列出" in rows[3]["数"]


async def test_another_viewer_files_only_what_is_theirs(postgis: Postgis, demonstrated: str) -> None:
    async with serving_as(postgis.database(demonstrated), areas=(f"{CITY_PATH}.220105",)) as client:
        total = (await client.get("/api/risk-points")).json()["total"]
        found, _, about = await read(client, "/api/risk-points.xlsx")
        assert len(found) == total
        assert "二道区" in about["可见范围"]
        major, _, _ = await read(client, "/api/lists/major-risks.xlsx")
        assert len(major) == (await client.get("/api/risk-points?grade=major")).json()["total"]
    async with serving_as(postgis.database(demonstrated)) as client:
        found, title, _ = await read(client, "/api/risk-points.xlsx")
        assert found == []
        assert "共 0 行" in title


async def test_too_many_files_at_once_are_asked_to_wait(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.lists.routes.files._making", {1, 2})
    answer = await client.get("/api/risk-points.xlsx")
    assert answer.status_code == 503
    assert answer.json()["error"] == "unavailable"
    assert (await client.get("/api/risk-points.xlsx?grade=purple")).status_code == 422


def test_grades_have_the_colours_of_the_map() -> None:
    palette = json.loads((ROOT / "web/palette.json").read_text(encoding="utf-8"))["grades"]
    assert {word: (one["fill"], one["ink"]) for word, one in palette.items()} == workbook.PALETTE
