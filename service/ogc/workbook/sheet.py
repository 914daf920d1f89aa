"""A collection as an Excel workbook: titles and words instead of names and codes, and a sheet that says what it is."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import shapely
import xlsxwriter

from service.base.clock import CHINA
from service.base.collections import Column
from service.lists.workbook import LONGEST_CELL
from service.ogc.rules.words import Words, told
from service.ogc.workbook.tables import Rows, Table

# Excel's own limit, less the line of titles.
MOST_ROWS = 1_048_575


def write(
    path: Path, table: Table, parts: Iterator[Rows], *, words: Words, about: list[tuple[str, str]]
) -> None:
    """words: of codes. about: lines of the sheet that says where the rows come from."""
    zh = table.zh
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "default_date_format": "yyyy-mm-dd",
    }
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet(table.title[:31])
        bold = book.add_format({"bold": True, "bg_color": "#F0F2F5"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        of_shape = (
            ["经度或横坐标", "纬度或纵坐标", "图形"] if zh else ["Longitude or x", "Latitude or y", "Shape"]
        )
        titles = ["标识" if zh else "Id", *(_title(column, zh=zh) for column in table.columns), *of_shape]
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(titles) - 1, 16)
        for place, title in enumerate(titles):
            sheet.write_string(0, place, title, bold)
        line = 0
        for part in parts:
            for row, position in zip(part, _places([row[0] for row in part]), strict=True):
                line += 1
                values = [
                    row[1],
                    *(
                        told(one, column, words, zh=zh)
                        for one, column in zip(row[2:], table.columns, strict=True)
                    ),
                ]
                for number, value in enumerate([*values, *position]):
                    _write(sheet, line, number, value, moment)
        _write_about(book.add_worksheet("说明" if zh else "About"), table, about, bold)


def _title(column: Column, *, zh: bool) -> str:
    return column.title_zh if zh else column.title_en


def _places(shapes: list[bytes | None]) -> list[tuple[float | None, float | None, str | None]]:
    """A position on each shape, and of which kind it is."""
    found = shapely.from_wkb(shapes)
    on = shapely.point_on_surface(found)
    kinds = (None if one is None else one.geom_type for one in found)
    return [
        (None, None, None) if kind is None else (x, y, kind)
        for x, y, kind in zip(shapely.get_x(on).tolist(), shapely.get_y(on).tolist(), kinds, strict=True)
    ]


def _write(sheet: Any, line: int, place: int, value: Any, moment: Any) -> None:
    """Texts stay texts, whatever they begin with."""
    match value:
        case None:
            return
        case datetime():
            sheet.write_datetime(
                line, place, value.astimezone(UTC).astimezone(CHINA).replace(tzinfo=None), moment
            )
        case date():
            sheet.write_datetime(line, place, value)
        case int() | float():
            sheet.write_number(line, place, value)
        case _:
            sheet.write_string(line, place, str(value)[:LONGEST_CELL])


def _write_about(sheet: Any, table: Table, about: list[tuple[str, str]], bold: Any) -> None:
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 2, 44)
    for line, (name, text) in enumerate(about):
        sheet.write_string(line, 0, name, bold)
        sheet.write_string(line, 1, text[:LONGEST_CELL])
    for line, column in enumerate(table.columns, len(about) + 1):
        sheet.write_string(line, 0, _title(column, zh=table.zh))
        sheet.write_string(line, 1, column.name)
        sheet.write_string(line, 2, column.description or "")
