"""Workbooks as rows with the numbers a person sees: xlsx and CSV, told apart by content, never by name.

Formulas are not evaluated: a cell has the value that was last calculated and saved. Numbers of a workbook come
with the 15 digits that Excel shows.
"""

import csv
import io
import re
import zipfile
import zlib
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import PurePath
from typing import Protocol

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from service.base.errors import TooLarge, Unreadable

# A cell holds at most 32,767 characters in Excel; a CSV cell may hold a long geometry.
LONGEST_CELL = 2_000_000
# calamine lays a sheet out as one rectangle of 32-byte cells, so a single stray cell in the far corner of an
# otherwise empty sheet asks for 550 GB and aborts the process. 8 million cells (250 MB) hold 200,000 rows of 40.
MOST_CELLS = 8_000_000
# What a workbook may weigh unpacked; 100,000 rows of 33 columns are about 200 MB. Stops a zip bomb.
MOST_UNPACKED = 1 << 29
_CHUNK = 1 << 20

Value = str | float | bool | date | datetime | None

_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (
        b"\xd0\xcf\x11\xe0",
        "这是旧版 Excel（.xls）或加密的工作簿。请去掉密码，另存为 .xlsx 后再上传。",
        "This is an old Excel file (.xls) or an encrypted one. Remove the password and save it as .xlsx.",
    ),
    (b"%PDF", "这是 PDF 文件，请上传 .xlsx 或 CSV。", "This is a PDF; upload .xlsx or CSV."),
    (b"\x89PNG", "这是图片，请上传 .xlsx 或 CSV。", "This is a picture; upload .xlsx or CSV."),
    (b"\xff\xd8\xff", "这是图片，请上传 .xlsx 或 CSV。", "This is a picture; upload .xlsx or CSV."),
    (b"Rar!", "这是压缩包，请解压后再上传。", "This is an archive; unpack it first."),
    (b"\x1f\x8b", "这是压缩包，请解压后再上传。", "This is an archive; unpack it first."),
)
_DELIMITERS = (",", "\t", ";")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
# A text may have a broken row; a file of which more than this share is control characters is no text.
_MOST_CONTROL = 0.02
_HEAD = 1 << 16


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row. number: from 1, as the spreadsheet shows it. cells: None where empty."""

    number: int
    cells: Sequence[Value]


class Workbook(Protocol):
    """A file of sheets."""

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of the visible sheets, in order."""
        ...

    def rows(self, sheet: str) -> Iterator[SheetRow]:
        """The rows of a sheet that hold anything, from the top. Raises Unreadable where it is broken."""
        ...


def open_workbook(content: bytes, *, filename: str = "") -> Workbook:
    """Read the outline of a file. The name of a CSV becomes the name of its only sheet.

    Raises:
        Unreadable: it is neither an xlsx workbook nor text that can be decoded.
        TooLarge: unpacked, it would not fit into memory.
    """
    if not content.strip():
        raise Unreadable("文件是空的。", "The file is empty.")
    for signature, zh, en in _SIGNATURES:
        if content.startswith(signature):
            raise Unreadable(zh, en)
    if content.startswith(b"PK"):
        return _open_xlsx(content)
    return CsvText(_decode(content), name=PurePath(filename).stem or "CSV")


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
class Xlsx:
    """An xlsx workbook: its visible worksheets."""

    book: CalamineWorkbook = field(repr=False)
    sheets: tuple[str, ...]
    # A sheet is parsed whole when it is asked for, and then read more than once; one at a time stays in memory.
    _parsed: dict[str, CalamineSheet] = field(default_factory=dict, repr=False)

    def rows(self, sheet: str) -> Iterator[SheetRow]:
        if sheet not in self.sheets:
            raise KeyError(sheet)
        try:
            if sheet not in self._parsed:
                self._parsed.clear()
                self._parsed[sheet] = self.book.get_sheet_by_name(sheet)
            for number, cells in enumerate(self._parsed[sheet].iter_rows(), 1):
                row = [_value_of(cell) for cell in cells]
                if any(value is not None and value != "" for value in row):
                    yield SheetRow(number, row)
        except CalamineError as error:
            raise Unreadable(
                f"工作表“{sheet}”已损坏，无法读取。请打开并另存后再上传。",
                f"The sheet '{sheet}' is damaged. Open it, save it anew and upload that.",
            ) from error


def _value_of(cell: str | float | time | date | datetime | timedelta) -> Value:
    if isinstance(cell, str):
        return cell if cell.strip() else None
    if isinstance(cell, (time, timedelta)):
        return str(cell)
    return cell


def _open_xlsx(content: bytes) -> Xlsx:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if "xl/workbook.xml" not in archive.namelist():
                raise Unreadable(
                    "这个压缩文件不是 .xlsx 工作簿（也不支持 .xlsb、.ods）。请另存为 .xlsx 后再上传。",
                    "This archive is not an .xlsx workbook (.xlsb and .ods are not taken). Save it as .xlsx.",
                )
            _check_weight(archive)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    except PasswordError as error:
        raise Unreadable(
            "工作簿有密码。请去掉密码后再上传。", "The workbook has a password; remove it first."
        ) from error
    except (CalamineError, zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, ValueError) as error:
        raise Unreadable(
            "工作簿已损坏，无法读取。请在 Excel 或 WPS 中打开并另存后再上传。",
            "The workbook is damaged. Open it, save it anew and upload that.",
        ) from error
    names = tuple(
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    )
    if not names:
        raise Unreadable("工作簿里没有可见的工作表。", "The workbook has no visible worksheet.")
    return Xlsx(book, names)


def _check_weight(archive: zipfile.ZipFile) -> None:
    """Refuse what would not fit, by true lengths: those in the directory are only what the sender says."""
    unpacked = 0
    for member in archive.infolist():
        # zipfile stops at the length in the directory; calamine would go on.
        member.file_size = MOST_UNPACKED + 1
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise zipfile.BadZipFile("no spreadsheet program compresses like this")
        narrow = member.filename.startswith("xl/worksheets/")
        for piece in _pieces(archive, member):
            unpacked += len(piece)
            if unpacked > MOST_UNPACKED:
                raise TooLarge(
                    f"工作簿解压后超过 {MOST_UNPACKED >> 20} MiB。请拆分后分次上传。",
                    f"Unpacked, the workbook exceeds {MOST_UNPACKED >> 20} MiB. Split it.",
                )
            narrow = narrow and _is_narrow(piece)
        if member.filename.startswith("xl/worksheets/") and not narrow:
            _check_extent(_pieces(archive, member))


def _pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part of the workbook in pieces that end before a tag."""
    rest = b""
    with archive.open(member) as part:
        while chunk := part.read(_CHUNK):
            xml = rest + chunk
            cut = xml.rfind(b"<")
            if cut < 0 or len(xml) - cut > _CHUNK:
                cut = len(xml)
            yield xml[:cut]
            rest = xml[cut:]
    yield rest


# An address beyond column AZ or row 149,999: without one a sheet has at most 52 × 149,999 cells, which fit.
_FAR = re.compile(
    rb'r="(?:[A-Za-z]{3,}[0-9]|[B-Zb-z][A-Za-z][0-9]|'
    rb"[A-Za-z]{1,2}(?:[2-9][0-9]{5}|1[5-9][0-9]{4}|[0-9]{7}))"
)
_IRREGULAR = (b"<c>", b"<c\t", b"<c\n", b"<c\r", b":c")


def _is_narrow(xml: bytes) -> bool:
    """Whether a piece of a sheet has only cells written the usual way and none far out; fast."""
    usual = xml.count(b"<c ") == xml.count(b'<c r="') and not any(form in xml for form in _IRREGULAR)
    return usual and _FAR.search(xml) is None


# Where a cell stands, unless it closes itself, being empty: then it takes no room, wherever it stands.
_FILLED = re.compile(rb"""\br\s*=\s*["']([A-Za-z]+)([0-9]+)["'](?!(?:\s+[\w:]+="[^"<>]*")*\s*/>)""")
# A cell that does not say where it stands follows its neighbour in a row that may.
_UNPLACED = re.compile(rb"<(?:\w+:)?c(?:>|\s(?![^<>]*\br\s*=))")
_ROW = re.compile(rb"""\br\s*=\s*["']([0-9]+)["']""")


def _check_extent(pieces: Iterator[bytes]) -> None:
    """Refuse a sheet whose filled cells span too large a rectangle, however its XML is written; slower."""
    columns: set[bytes] = set()
    last_row = 0
    for xml in pieces:
        filled = set(_FILLED.findall(xml))
        columns.update(column for column, _ in filled)
        rows = {row for _, row in filled}
        if _UNPLACED.search(xml):
            rows.update(_ROW.findall(xml))
        last_row = max(last_row, *map(int, rows), 0)
    last_column = max(map(_column_number, columns), default=1)
    if last_row * last_column > MOST_CELLS:
        raise TooLarge(
            f"工作表占用 {last_row} 行 × {last_column} 列，超过 {MOST_CELLS} 个单元格。"
            "请删除远处多余的单元格，或拆分后分次上传。",
            f"A sheet spans {last_row} rows × {last_column} columns, more than {MOST_CELLS} cells. "
            "Delete stray cells far from the table, or split it.",
        )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


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
        "文件既不是 .xlsx 工作簿，也不是 UTF-8 或 GB18030 编码的 CSV 文本。",
        "The file is neither an .xlsx workbook nor CSV text in UTF-8 or GB18030.",
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
