"""Files as rows with the numbers a person sees: xlsx, xls, ods, CSV, GeoJSON, told apart by content, never by name.

Formulas are not evaluated: a cell has the value that was last calculated and saved. Numbers of a workbook come
with the 15 digits that Excel shows. A cell merged downwards stands in every row that it covers.
"""

import csv
import io
import re
import zipfile
import zlib
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import PurePath
from typing import Any, Protocol

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from service.base.errors import Unreadable
from service.base.feature_rows import read_features
from service.base.zipped import CellAddress, Parts, check_weight, sheet_paths

# A cell holds at most 32,767 characters in Excel; a CSV cell may hold a long geometry.
LONGEST_CELL = 2_000_000
Value = str | float | bool | date | datetime | None

_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "这是 PDF 文件，请上传工作簿或 CSV。", "This is a PDF; upload a workbook or CSV."),
    (b"\x89PNG", "这是图片，请上传工作簿或 CSV。", "This is a picture; upload a workbook or CSV."),
    (b"\xff\xd8\xff", "这是图片，请上传工作簿或 CSV。", "This is a picture; upload a workbook or CSV."),
    (b"Rar!", "这是压缩包，请解压后再上传。", "This is an archive; unpack it first."),
    (b"\x1f\x8b", "这是压缩包，请解压后再上传。", "This is an archive; unpack it first."),
)
_DELIMITERS = (",", "\t", ";")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
# A text may have a broken row; a file of which more than this share is control characters is no text.
_MOST_CONTROL = 0.02
_HEAD = 1 << 16


_NONE: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row. number: from 1, as the spreadsheet shows it. cells: None where empty.

    uncomputed: columns whose formula has no value. merged: columns whose value stands in a row above.
    """

    number: int
    cells: Sequence[Value]
    uncomputed: frozenset[int] = _NONE
    merged: frozenset[int] = _NONE


class Workbook(Protocol):
    """A file of sheets."""

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of the visible sheets, in order."""
        ...

    @property
    def hidden(self) -> tuple[str, ...]:
        """The names of the sheets that a person does not see; they are not read."""
        ...

    def rows(self, sheet: str) -> Iterator[SheetRow]:
        """The rows of a sheet that hold anything, from the top. Raises Unreadable where it is broken."""
        ...


def open_workbook(content: bytes, *, filename: str = "") -> Workbook:
    """Read the outline of a file. The name of a CSV becomes the name of its only sheet.

    Raises:
        Unreadable: it is neither a workbook nor text that can be decoded.
        TooLarge: unpacked, it would not fit into memory.
    """
    if not content.strip():
        raise Unreadable("文件是空的。", "The file is empty.")
    for signature, zh, en in _SIGNATURES:
        if content.startswith(signature):
            raise Unreadable(zh, en)
    if content.startswith(b"PK"):
        return _open_zipped(content)
    if content.startswith(_OLE):
        return _open_calamine(content, Parts(), {})
    text, name = _decode(content), PurePath(filename).stem
    if text.lstrip().startswith("{"):
        headings, rows = read_features(text)
        return Table(name or "GeoJSON", headings, rows)
    return CsvText(text, name=name or "CSV")


def text_of(value: Value) -> str:
    """A cell as a person reads it: 3 for 3.0, ISO for dates, TRUE and FALSE; '' for an empty one."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "TRUE" if value else "FALSE"
        case float() | int():
            return format(value, ".15g") if abs(value) < 1e15 else format(value, ".0f")
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
        case date():
            return value.isoformat()


@dataclass(frozen=True)
class CsvText:
    """A CSV as a workbook of one sheet. A row is a record: a line break inside quotes does not count."""

    text: str = field(repr=False)
    name: str

    @property
    def sheets(self) -> tuple[str, ...]:
        return (self.name,)

    @property
    def hidden(self) -> tuple[str, ...]:
        return ()

    def rows(self, sheet: str) -> Iterator[SheetRow]:
        if sheet != self.name:
            raise KeyError(sheet)
        number = 0
        try:
            for number, record in enumerate(self._records(_delimiter_of(self.text)), 1):
                if any(cell.strip() for cell in record):
                    yield SheetRow(number, [cell or None for cell in record])
        except csv.Error as error:
            raise Unreadable(
                f"CSV 第 {number + 1} 行无法拆分：引号没有成对，或单元格过长。请检查该行的双引号。",
                f"Record {number + 1} of the CSV cannot be split: quotes do not pair, or a cell is too long.",
                details={"row": number + 1},
            ) from error

    def _records(self, delimiter: str) -> Iterator[list[str]]:
        # The limit is the csv module's only one, and for the whole process; nothing else here reads CSV.
        csv.field_size_limit(LONGEST_CELL)
        # strict: otherwise a quote that nobody closed swallows the rest of the file without a word.
        return csv.reader(io.StringIO(self.text, newline=""), delimiter=delimiter, strict=True)


@dataclass(frozen=True)
class Table:
    """Rows that are at hand already, under their headings in row 1."""

    name: str
    headings: Sequence[str]
    records: Sequence[Sequence[Value]] = field(repr=False)

    @property
    def sheets(self) -> tuple[str, ...]:
        return (self.name,)

    @property
    def hidden(self) -> tuple[str, ...]:
        return ()

    def rows(self, sheet: str) -> Iterator[SheetRow]:
        if sheet != self.name:
            raise KeyError(sheet)
        yield SheetRow(1, self.headings)
        for number, record in enumerate(self.records, 2):
            if any(value is not None for value in record):
                yield SheetRow(number, record)


@dataclass(frozen=True)
class Spreadsheet:
    """An xlsx, xls or ods workbook: its visible worksheets."""

    book: CalamineWorkbook = field(repr=False)
    sheets: tuple[str, ...]
    hidden: tuple[str, ...]
    parts: Parts = field(repr=False)
    paths: Mapping[str, str] = field(repr=False)
    # A sheet is parsed whole when it is asked for, and then read more than once; one at a time stays in memory.
    _parsed: dict[str, CalamineSheet] = field(default_factory=dict, repr=False)

    def rows(self, sheet: str) -> Iterator[SheetRow]:
        if sheet not in self.sheets:
            raise KeyError(sheet)
        uncomputed: dict[int, set[int]] = {}
        for number, column in self.parts.of(self.paths.get(sheet)):
            uncomputed.setdefault(number, set()).add(column)
        try:
            if sheet not in self._parsed:
                self._parsed.clear()
                self._parsed[sheet] = self.book.get_sheet_by_name(sheet)
            page = self._parsed[sheet]
            merges = _Merges(page.merged_cell_ranges or ())
            for number, cells in enumerate(page.iter_rows(), 1):
                row = _values_of(cells)
                merged = merges.fill(number, row)
                if row.count(None) < len(row):
                    yield SheetRow(number, row, frozenset(uncomputed.get(number, ())), merged)
        except (CalamineError, OverflowError) as error:
            raise Unreadable(
                f"工作表“{sheet}”已损坏，无法读取。请打开并另存后再上传。",
                f"The sheet '{sheet}' is damaged. Open it, save it anew and upload that.",
            ) from error


class _Merges:
    """Cells that are merged downwards, filled in as the rows go by; a title merged to the right stays where it is."""

    def __init__(self, ranges: Iterable[tuple[CellAddress, CellAddress]]) -> None:
        self._begin: dict[int, list[tuple[int, int]]] = {}
        for (top, left), (bottom, _) in ranges:
            if bottom > top:
                self._begin.setdefault(top + 1, []).append((left, bottom + 1))
        self._open: dict[int, tuple[int, Value]] = {}

    def fill(self, number: int, row: list[Value]) -> frozenset[int]:
        """Put the values of open merges into a row; the columns that received one."""
        if not self._open and number not in self._begin:
            return _NONE
        self._open = {column: kept for column, kept in self._open.items() if kept[0] >= number}
        filled = [column for column in self._open if column < len(row) and row[column] is None]
        for column in filled:
            row[column] = self._open[column][1]
        for column, last in self._begin.get(number, ()):
            if column < len(row):
                self._open[column] = last, row[column]
        return frozenset(filled)


Cell = str | float | time | date | datetime | timedelta
# Most rows hold nothing that has to be turned into something else.
_PLAIN = frozenset({str, float, int, bool, date, datetime})


def _values_of(cells: Sequence[Any]) -> list[Value]:
    """The cells of a row, those without anything visible as None. Cells are of the type Cell; this runs millions of times."""
    if _PLAIN.issuperset(map(type, cells)):
        return [None if cell.__class__ is str and (not cell or cell.isspace()) else cell for cell in cells]
    return [_value_of(cell) for cell in cells]


def _value_of(cell: Cell) -> Value:
    if isinstance(cell, str):
        return cell if cell.strip() else None
    if isinstance(cell, (time, timedelta)):
        return str(cell)
    return cell


def _open_zipped(content: bytes) -> Spreadsheet:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if not _ZIPPED.intersection(archive.namelist()):
                raise Unreadable(
                    "这个压缩文件不是 .xlsx 或 .ods 工作簿（不支持 .xlsb）。请另存为 .xlsx 后再上传。",
                    "This archive is neither an .xlsx nor an .ods workbook (.xlsb is not taken). Save it as .xlsx.",
                )
            parts, paths = check_weight(archive), sheet_paths(archive)
    except _DAMAGES as error:
        raise _damaged() from error
    return _open_calamine(content, parts, paths)


_OLE = b"\xd0\xcf\x11\xe0"
_ZIPPED = frozenset({"xl/workbook.xml", "content.xml"})
_DAMAGES = (CalamineError, zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, ValueError, OverflowError)


def _damaged() -> Unreadable:
    return Unreadable(
        "工作簿已损坏，无法读取。请在 Excel 或 WPS 中打开并另存后再上传。",
        "The workbook is damaged. Open it, save it anew and upload that.",
    )


def _open_calamine(content: bytes, parts: Parts, paths: Mapping[str, str]) -> Spreadsheet:
    """A workbook that calamine reads. An .xls spans at most 65,536 × 256 cells, half a GB, by its format."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    except PasswordError as error:
        raise Unreadable(
            "工作簿有密码。请去掉密码后再上传。", "The workbook has a password; remove it first."
        ) from error
    except _DAMAGES as error:
        raise _damaged() from error
    tables = [sheet for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    seen = tuple(sheet.name for sheet in tables if sheet.visible == SheetVisibleEnum.Visible)
    if not seen:
        raise Unreadable("工作簿里没有可见的工作表。", "The workbook has no visible worksheet.")
    hidden = tuple(sheet.name for sheet in tables if sheet.visible != SheetVisibleEnum.Visible)
    return Spreadsheet(book, seen, hidden, parts, paths)


def _decode(content: bytes) -> str:
    for mark, encoding in ((BOM_UTF8, "utf-8-sig"), (BOM_UTF16_LE, "utf-16"), (BOM_UTF16_BE, "utf-16")):
        if content.startswith(mark):
            return _decoded(content, encoding) or _not_text()
    text = _decoded(content, "utf-8") or _decoded(content, "gb18030") or _not_text()
    head = text[:_HEAD]
    if len(_CONTROL.findall(head)) > len(head) * _MOST_CONTROL:
        _not_text()
    return text


def _decoded(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _not_text() -> str:
    raise Unreadable(
        "文件既不是 .xlsx、.xls、.ods 工作簿，也不是 UTF-8、UTF-16 或 GB18030 编码的文本。",
        "The file is neither an .xlsx, .xls or .ods workbook nor text in UTF-8, UTF-16 or GB18030.",
    )


def _delimiter_of(text: str) -> str:
    """The delimiter that cuts most cells out of the first line that any of them cuts; in doubt the comma."""
    for line in text[:_HEAD].splitlines():
        counts = {delimiter: _fields(line, delimiter) for delimiter in _DELIMITERS}
        best = max(_DELIMITERS, key=lambda delimiter: counts[delimiter])
        if counts[best] > 1:
            return best
    return ","


def _fields(line: str, delimiter: str) -> int:
    return len(next(csv.reader([line], delimiter=delimiter), ()))
