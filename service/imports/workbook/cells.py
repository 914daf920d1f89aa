"""Writing a person's words into a workbook so that no program takes them for anything else."""

from datetime import date, datetime
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from service.base.sheets import Value

# What spreadsheets take for the beginning of a formula once a cell is edited or saved as CSV.
FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")
# Excel holds no more in a cell; xlsxwriter leaves a longer text out.
LONGEST_CELL = 32_767
_DAY = "yyyy-mm-dd"
# Words stay words, whatever they begin with.
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": _DAY,
}


class Styles:
    """The looks of a workbook's cells, made once each."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def of(self, **look: Any) -> Format:
        """The format of a look, in xlsxwriter's words."""
        key = tuple(sorted(look.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({"valign": "top", **look})
        return self._made[key]


def write_value(page: Worksheet, at: tuple[int, int], value: Value, *, styles: Styles, **look: Any) -> None:
    """Put a value into a cell as what it is. A text that could be taken for a formula is marked as text."""
    match value:
        case None:
            page.write_blank(*at, None, styles.of(**look))
        case bool():
            page.write_boolean(*at, value, styles.of(**look))
        case str():
            marked = {"quote_prefix": True} if value.startswith(FORMULA_MARKS) else {}
            page.write_string(*at, value[:LONGEST_CELL], styles.of(**look, **marked))
        case datetime() | date():
            # Excel counts its days from 1900; what is earlier stays as words.
            if value.year < 1901:
                page.write_string(*at, value.isoformat(), styles.of(**look))
            else:
                naive = value.replace(tzinfo=None) if isinstance(value, datetime) else value
                page.write_datetime(*at, naive, styles.of(num_format=_DAY, **look))
        case _:
            page.write_number(*at, value, styles.of(**look))
