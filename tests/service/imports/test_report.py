"""The report and the template over HTTP: a person's own rows, marked where they are wrong, and taken again as they are."""

import io
from typing import Any

import httpx
import openpyxl
import pytest

from geo.crs import Datum, from_cgcs2000
from tests.conftest import Database
from tests.service.imports.register import NANGUAN, commit, csv_of, rows_of, upload, xlsx_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADINGS = ("企业名称", "经度", "纬度", "地址", "统一社会信用代码")
ROWS = (
    ("演示一厂", *NANGUAN, '=HYPERLINK("http://x")', ""),
    ("", *NANGUAN, "甲路", ""),
    ("演示二厂", "43.88", "125.32", "@乙路", "91999999MA00000A12"),
    ("演示三厂", *NANGUAN, "丙路", "91999999MA00000A11"),
)


async def report_of(client: httpx.AsyncClient, seen: dict[str, Any]) -> bytes:
    answer = await client.get(f"/api/imports/{seen['id']}/report.xlsx")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == XLSX
    assert "attachment" in answer.headers["content-disposition"]
    return answer.content


async def test_the_report_shows_the_bad_rows_first_and_says_why_where_it_is(
    client: httpx.AsyncClient,
) -> None:
    seen = await upload(client, csv_of(HEADINGS, *ROWS))
    book = openpyxl.load_workbook(io.BytesIO(await report_of(client, seen)))
    page = book.worksheets[0]
    rows = list(page.iter_rows(min_row=2))
    assert [row[0].value for row in rows] == [3, 4, 2, 5]
    assert [row[1].value.split()[-1] for row in rows] == ["error", "error", "warning", "warning"]
    missing = rows[0][2]
    assert missing.value is None
    assert "补填" in missing.comment.text
    assert "missing" in missing.comment.text
    assert missing.fill.fgColor.rgb == "FFF8D4CF"
    code = rows[1][6]
    assert code.value == "91999999MA00000A12"
    assert "校验" in code.comment.text
    assert rows[1][2].comment is None
    summary = [row[0].value for row in book.worksheets[1].iter_rows()]
    assert "error missing" in summary


async def test_nothing_in_the_report_is_a_formula(client: httpx.AsyncClient) -> None:
    seen = await upload(client, csv_of(HEADINGS, *ROWS))
    book = openpyxl.load_workbook(io.BytesIO(await report_of(client, seen)))
    cells = [cell for page in book.worksheets for row in page.iter_rows() for cell in row]
    risky = [cell for cell in cells if str(cell.value or "").startswith(("=", "@"))]
    assert {cell.value for cell in risky} == {'=HYPERLINK("http://x")', "@乙路"}
    assert {(cell.data_type, cell.quotePrefix) for cell in risky} == {("s", True)}


async def test_a_corrected_report_is_taken_as_it_is(client: httpx.AsyncClient, database: Database) -> None:
    seen = await upload(client, csv_of(HEADINGS, *ROWS))
    book = openpyxl.load_workbook(io.BytesIO(await report_of(client, seen)))
    page = book.worksheets[0]
    page["C2"] = "演示四厂"
    page["D3"], page["E3"], page["G3"] = NANGUAN[0], NANGUAN[1], None
    corrected = io.BytesIO()
    book.save(corrected)
    again = await upload(client, corrected.getvalue(), name="改正.xlsx")
    assert (again["state"], again["preview"]["bad"], again["preview"]["good"]) == ("previewed", 0, 4)
    assert (await commit(client, again)).status_code == 200
    names = rows_of(database, "SELECT name FROM enterprise ORDER BY name")
    assert names == [("演示一厂",), ("演示三厂",), ("演示二厂",), ("演示四厂",)]


async def test_there_is_no_report_before_a_check_or_after_giving_up(client: httpx.AsyncClient) -> None:
    asked = await upload(client, csv_of(HEADINGS, *ROWS), datum=None)
    url = f"/api/imports/{asked['id']}"
    assert (await client.get(f"{url}/report.xlsx")).json()["error"] == "wrong_state"
    await client.delete(url)
    assert (await client.get(f"{url}/report.xlsx")).status_code == 409


@pytest.mark.parametrize("kind", ["enterprises", "risk_points"])
async def test_what_is_filled_into_the_template_is_taken(client: httpx.AsyncClient, kind: str) -> None:
    answer = await client.get("/api/imports/template.xlsx", params={"kind": kind})
    assert (answer.status_code, answer.headers["content-type"]) == (200, XLSX)
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    page = book.worksheets[0]
    headings = [cell.value for cell in page[2]]
    left_out = {"说明", "统一社会信用代码"} | ({"企业名称", "场所编号"} if kind == "risk_points" else set())
    # The example without its mark, once its words are a person's own: there is no firm of that name yet.
    for column, cell in enumerate(page[3], 1):
        if headings[column - 1] not in left_out:
            page.cell(4, column, cell.value)
    filled = io.BytesIO()
    book.save(filled)
    seen = await upload(client, filled.getvalue(), name="模板.xlsx")
    assert (seen["state"], seen["kind"], seen["preview"]["good"]) == ("previewed", kind, 1), seen["problems"]
    assert [note["code"] for note in seen["notes"]] == ["example_left_out"]
    assert len(page.data_validations.dataValidation) > 1


async def test_the_template_names_the_territories_of_the_viewer(client: httpx.AsyncClient) -> None:
    content = (await client.get("/api/imports/template.xlsx", params={"kind": "risk_points"})).content
    names = {
        cell.value
        for row in openpyxl.load_workbook(io.BytesIO(content))["代码表"].iter_rows()
        for cell in row
    }
    assert {"南关区", "火灾", "公司"} <= names


async def test_a_template_of_nothing(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/imports/template.xlsx", params={"kind": "people"})).status_code == 422


async def test_a_sheet_in_another_datum_than_stated_is_doubted(client: httpx.AsyncClient) -> None:
    """The sites are registered; the same firms come again as they were picked from a map of GCJ-02."""
    right = [(f"演示{n}厂", 125.30 + n / 100, 43.85 + n / 200) for n in range(12)]
    first = await upload(client, xlsx_of(HEADINGS[:3], *right), name="原.xlsx")
    assert first["notes"] == []
    assert (await commit(client, first)).status_code == 200
    shifted = [(name, *from_cgcs2000(lon, lat, Datum.GCJ02)) for name, lon, lat in right]
    seen = await upload(client, xlsx_of(HEADINGS[:3], *shifted), name="新.xlsx")
    (note,) = seen["notes"]
    assert note["code"] == "datum_doubtful"
    assert (note["evidence"]["likely"], note["evidence"]["fits"]) == ("GCJ02", 12)
    assert note["evidence"]["shift_m"] > 300
    assert note["evidence"]["left_m"] < 5
    assert "12" in note["message"]["en"]
    told = await upload(client, xlsx_of(HEADINGS[:3], *shifted), name="新.xlsx", datum="GCJ02")
    assert told["notes"] == []
