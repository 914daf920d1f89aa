"""A list as an xlsx file: bilingual headings, real dates and numbers, coloured and worded grades, and a sheet that says
what it is. Rows are written as they come and lie in a temporary file, so memory stays flat whatever their number.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from math import ceil
from pathlib import Path
from typing import Any, Literal

import xlsxwriter
from xlsxwriter.format import Format

from service.base.clock import CHINA
from service.codes.rules.documents import Text
from service.grading.rules.grades import UNASSESSED, UNASSESSED_TEXT, Grade

# The most rows of a file; what is cut is said in its title and in its last row.
MOST_ROWS = 100_000
# Excel holds 32,767 characters in a cell; a longer text is cut and says so.
LONGEST_CELL = 32_000
# What a spreadsheet program could take for a formula when the cell is edited or saved as CSV.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# Fill and ink of each grade, as web/palette.json has them (a test compares).
PALETTE = {
    "major": ("#D3302F", "#FFFFFF"),
    "large": ("#EF8A1D", "#231400"),
    "general": ("#F4CC2F", "#231C00"),
    "low": ("#3371CC", "#FFFFFF"),
    UNASSESSED: ("#B4BAC2", "#20262D"),
}
NAMES = {grade.word: grade.text for grade in Grade} | {UNASSESSED: UNASSESSED_TEXT}

Kind = Literal["text", "number", "date", "moment", "grade"]
Value = str | int | float | date | datetime | None
Row = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """One column. value: what it says of a row; for a grade, its word. width: in characters."""

    title: Text
    value: Callable[[Row], Value]
    kind: Kind = "text"
    width: int = 14


@dataclass
class Sheet:
    """What is known of a list before its rows: its columns, how many rows it will have, of how many."""

    title: Text
    columns: Sequence[Column]
    total: int
    made_at: datetime
    demo: bool
    # Columns that held something in some row; the others are said to be empty.
    filled: set[int] = field(default_factory=set)
    written: int = 0

    @property
    def cut(self) -> bool:
        """Whether rows are left out."""
        return self.total > MOST_ROWS

    @property
    def empty(self) -> list[Text]:
        """The titles of the columns that no row fills."""
        return [column.title for place, column in enumerate(self.columns) if place not in self.filled]


# Characters over a landscape A3 page at about three quarters of their size.
_READABLE_WIDTH = 260


class ListWorkbook:
    """Writes one list into a file, which is whole once it is closed."""

    def __init__(self, file: Path, sheet: Sheet) -> None:
        self._book = xlsxwriter.Workbook(
            str(file),
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "tmpdir": str(file.parent),
            },
        )
        self._sheet = sheet
        self._page = self._book.add_worksheet("清单 List")
        formats = self._book.add_format
        top = {"valign": "top", "text_wrap": True}
        self._formats: dict[Kind, Format] = {
            "text": formats(top),
            "number": formats(top),
            "date": formats({"valign": "top", "num_format": "yyyy-mm-dd"}),
            "moment": formats({"valign": "top", "num_format": "yyyy-mm-dd hh:mm"}),
        }
        self._quoted = formats(top | {"quote_prefix": True})
        self._grades = {
            word: formats(
                {"bg_color": fill, "font_color": ink, "align": "center", "valign": "top", "bold": True}
            )
            for word, (fill, ink) in PALETTE.items()
        }
        self._bold = formats({"bold": True, "font_size": 13})
        self._heading = formats(
            {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#E9EDF0", "bottom": 1}
        )
        self._line = 2
        self._begin()

    def _begin(self) -> None:
        page, sheet = self._page, self._sheet
        for place, column in enumerate(sheet.columns):
            page.set_column(place, place, column.width)
        page.freeze_panes(2, 2)
        page.repeat_rows(0, 1)
        page.set_landscape()
        page.set_paper(8)  # A3
        # What the columns need beside each other in letters that can be read; every page says whose row it is.
        width = sum(column.width for column in sheet.columns)
        page.fit_to_pages(ceil(width / _READABLE_WIDTH), 0)
        page.repeat_columns(0, 1)
        page.set_footer(f"&L{_DEMO.zh if sheet.demo else ''}&C&P / &N&R&D")
        page.set_row(0, 22)
        page.write_string(0, 0, self._headline(), self._bold)
        page.set_row(1, 32)
        for place, column in enumerate(sheet.columns):
            page.write_string(1, place, f"{column.title.zh}\n{column.title.en}", self._heading)
        last = 1 + min(sheet.total, MOST_ROWS)
        page.autofilter(1, 0, last, len(sheet.columns) - 1)

    def _headline(self) -> str:
        sheet = self._sheet
        parts = [f"{sheet.title.zh} {sheet.title.en}", f"{sheet.made_at.astimezone(CHINA):%Y-%m-%d %H:%M}"]
        if sheet.demo:
            parts.append(f"{_DEMO.zh} {_DEMO.en}")
        parts.append(
            f"共 {sheet.total} 行，只列前 {MOST_ROWS} 行 · only the first {MOST_ROWS} of {sheet.total} rows"
            if sheet.cut
            else f"共 {sheet.total} 行 · {sheet.total} rows"
        )
        return " · ".join(parts)

    def write(self, rows: Sequence[Row]) -> None:
        """The next rows, in their order."""
        for row in rows:
            for place, column in enumerate(self._sheet.columns):
                value = column.value(row)
                if value is not None and value != "":
                    self._sheet.filled.add(place)
                    self._write_cell(place, column.kind, value)
            self._line += 1
            self._sheet.written += 1

    def _write_cell(self, place: int, kind: Kind, value: Value) -> None:
        page, line = self._page, self._line
        if kind == "grade":
            word = str(value)
            page.write_string(line, place, f"{NAMES[word].zh} {NAMES[word].en}", self._grades[word])
        elif isinstance(value, datetime):
            # Excel knows no time zones: the times of a Chinese register are China's.
            local = value.astimezone(CHINA).replace(tzinfo=None)
            page.write_datetime(line, place, local, self._formats["moment"])
        elif isinstance(value, date):
            page.write_datetime(line, place, value, self._formats["date"])
        elif isinstance(value, (int, float)):
            page.write_number(line, place, value, self._formats["number"])
        else:
            text = str(value)
            if len(text) > LONGEST_CELL:
                text = f"{text[:LONGEST_CELL]}……（过长，已截断 cut）"
            risky = text.startswith(_FORMULA)
            page.write_string(line, place, text, self._quoted if risky else self._formats["text"])

    def finish(self, about: Sequence[tuple[Text, Sequence[str]]]) -> None:
        """The last row where rows were left out, and the sheet that says what this is."""
        if self._sheet.cut:
            left = self._sheet.total - self._sheet.written
            self._page.write_string(
                self._line,
                0,
                f"此处截断：还有 {left} 行未列出，请缩小筛选范围。 Cut here: {left} more rows; narrow the filter.",
                self._bold,
            )
        page = self._book.add_worksheet("说明 About")
        page.set_column(0, 0, 34)
        page.set_column(1, 1, 90)
        line = 0
        for title, texts in about:
            page.write_string(line, 0, f"{title.zh} {title.en}", self._heading)
            for text in texts or ["—"]:
                page.write_string(
                    line, 1, text, self._quoted if text.startswith(_FORMULA) else self._formats["text"]
                )
                line += 1

    def close(self) -> None:
        """Put the file together."""
        self._book.close()


_DEMO = Text("演示数据，均为虚构", "demonstration, all invented")
