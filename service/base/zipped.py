"""What a zipped workbook weighs and holds, read from its XML before a parser lays it out in memory."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

from service.base.errors import TooLarge

# calamine lays a sheet out as one rectangle of 32-byte cells, so a single stray cell in the far corner of an
# otherwise empty sheet asks for 550 GB and aborts the process. 8 million cells (250 MB) hold 200,000 rows of 40.
MOST_CELLS = 8_000_000
# What a workbook may weigh unpacked; 100,000 rows of 33 columns are about 200 MB. Stops a zip bomb.
MOST_UNPACKED = 1 << 29
_CHUNK = 1 << 20
# Nobody has a list of sheets that is longer.
_LONGEST_LIST = 1 << 20

CellAddress = tuple[int, int]  # row from 1, column from 0


@dataclass(frozen=True)
class Parts:
    """What the parts of an xlsx file tell. uncomputed: the cells of a part whose formula has no value."""

    uncomputed: dict[str, set[CellAddress]] = field(default_factory=dict)

    def of(self, path: str | None) -> frozenset[CellAddress]:
        """Those of one part."""
        return frozenset(self.uncomputed.get(path or "", ()))


def check_weight(archive: zipfile.ZipFile) -> Parts:
    """Refuse what would not fit, by true lengths: those in the directory are only what the sender says."""
    unpacked = 0
    parts = Parts()
    for member in archive.infolist():
        # zipfile stops at the length in the directory; calamine would go on.
        member.file_size = MOST_UNPACKED + 1
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise zipfile.BadZipFile("no spreadsheet program compresses like this")
        narrow = sheet = member.filename.startswith("xl/worksheets/")
        before = b""
        for piece in _pieces(archive, member):
            unpacked += len(piece)
            if unpacked > MOST_UNPACKED:
                raise TooLarge(
                    f"工作簿解压后超过 {MOST_UNPACKED >> 20} MiB。请拆分后分次上传。",
                    f"Unpacked, the workbook exceeds {MOST_UNPACKED >> 20} MiB. Split it.",
                )
            narrow = narrow and _is_narrow(piece)
            if sheet and b"<f" in piece:
                found = parts.uncomputed.setdefault(member.filename, set())
                found.update(_uncomputed(before[-_LONGEST_FORMULA:] + piece))
            before = piece
        if sheet and not narrow:
            _check_extent(_pieces(archive, member))
        if member.filename == "content.xml":
            _check_ods_extent(_pieces(archive, member))
    return parts


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
    placed = xml.count(b'<c r="')
    # Where nothing else begins with these letters the other forms need not be looked for.
    usual = xml.count(b"<c") == placed and b":c" not in xml
    usual = usual or (xml.count(b"<c ") == placed and not any(form in xml for form in _IRREGULAR))
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
    refuse_extent(last_row, last_column)


def refuse_extent(last_row: int, last_column: int) -> None:
    """Raise TooLarge where a sheet spans more cells than are laid out."""
    if last_row * last_column > MOST_CELLS:
        raise TooLarge(
            f"工作表占用 {last_row} 行 × {last_column} 列，超过 {MOST_CELLS} 个单元格。"
            "请删除远处多余的单元格，或拆分后分次上传。",
            f"A sheet spans {last_row} rows × {last_column} columns, more than {MOST_CELLS} cells. "
            "Delete stray cells far from the table, or split it.",
        )


# The tags of an ods table that say how far it reaches; a cell that closes itself and has no value is empty.
_ODS = re.compile(rb"<table:(table|table-row|table-cell|covered-table-cell)(?=[\s/>])([^<>]*?)(/?)>")
_COLUMNS_REPEATED = re.compile(rb'number-columns-repeated="([0-9]{1,9})"')
_ROWS_REPEATED = re.compile(rb'number-rows-repeated="([0-9]{1,9})"')


def _check_ods_extent(pieces: Iterator[bytes]) -> None:
    """Refuse an ods sheet that spans too much: a filled cell may be repeated a million times in a few bytes."""
    row = column = row_step = last_row = last_column = 0
    for xml in pieces:
        for tag, attributes, closed in _ODS.findall(xml):
            if tag == b"table":
                row = column = row_step = last_row = last_column = 0
            elif tag == b"table-row":
                row += row_step
                column, row_step = 0, _repeated(_ROWS_REPEATED, attributes)
            else:
                column += _repeated(_COLUMNS_REPEATED, attributes)
                if not closed or b"value" in attributes:
                    last_row, last_column = max(last_row, row + row_step), max(last_column, column)
                    refuse_extent(last_row, last_column)


def _repeated(pattern: re.Pattern[bytes], attributes: bytes) -> int:
    found = pattern.search(attributes)
    return int(found[1]) if found else 1


# A formula that was never calculated: a program wrote it, and no spreadsheet has opened the file since.
_UNCOMPUTED = re.compile(
    rb'<c r="([A-Z]+)([0-9]+)"[^<>]*>\s*(?:<f[^<>]*/>|<f[^<>]*>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>'
)
_LONGEST_FORMULA = 9000  # Excel takes 8,192 characters


def _uncomputed(xml: bytes) -> Iterator[CellAddress]:
    for letters, digits in _UNCOMPUTED.findall(xml):
        yield int(digits), _column_number(letters) - 1


_SHEET = re.compile(rb"<(?:\w+:)?sheet\s([^<>]*)>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s([^<>]*)>")
_ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')


def sheet_paths(archive: zipfile.ZipFile) -> dict[str, str]:
    """The part of an xlsx file that holds each sheet, by the sheet's name."""
    targets = {
        one.get("Id", ""): one.get("Target", "")
        for one in _tags(archive, "xl/_rels/workbook.xml.rels", _RELATION)
    }
    paths: dict[str, str] = {}
    for one in _tags(archive, "xl/workbook.xml", _SHEET):
        target = targets.get(one.get("r:id", ""), "")
        paths[one.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return paths


def _tags(archive: zipfile.ZipFile, path: str, pattern: re.Pattern[bytes]) -> list[dict[str, str]]:
    try:
        with archive.open(path) as part:
            xml = part.read(_LONGEST_LIST)
    except KeyError:
        return []
    return [
        {name: unescape(value) for name, value in _ATTRIBUTE.findall(found.decode("utf-8", "replace"))}
        for found in pattern.findall(xml)
    ]


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
