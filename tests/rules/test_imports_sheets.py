"""Files as rows: what is read, with which row numbers, and what is refused before it can do harm."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time

import pytest
import xlsxwriter

from service.base.errors import TooLarge, Unreadable
from service.base.sheets import SheetRow, open_workbook, text_of

TABLE = "名称,经度\n一厂,125.3\n"


def rows_of(content: bytes, *, name: str = "表.csv", sheet: int = 0) -> list[tuple[int, list[object]]]:
    book = open_workbook(content, filename=name)
    return [(row.number, list(row.cells)) for row in book.rows(book.sheets[sheet])]


def workbook(write: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        write(book)
    return content.getvalue()


def one_cell(book: xlsxwriter.Workbook) -> None:
    book.add_worksheet("表").write(0, 0, "x")


def edited(content: bytes, old: bytes, new: bytes) -> bytes:
    """A workbook whose first sheet's XML was changed by hand."""
    source, target = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in source.infolist():
            part = source.read(member)
            if member.filename.endswith("sheet1.xml"):
                assert old in part
                part = part.replace(old, new)
            archive.writestr(member.filename, part)
    return target.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_in_every_usual_encoding(encoding: str) -> None:
    assert rows_of(TABLE.encode(encoding)) == [(1, ["名称", "经度"]), (2, ["一厂", "125.3"])]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_with_every_usual_delimiter(delimiter: str) -> None:
    text = f"登记表\n名称{delimiter}行业\n一厂{delimiter}冶金\n"
    assert rows_of(text.encode())[1:] == [(2, ["名称", "行业"]), (3, ["一厂", "冶金"])]


def test_a_semicolon_in_a_cell_does_not_make_it_the_delimiter() -> None:
    assert rows_of("名称,行业\n一厂,冶金;有色\n".encode())[1] == (2, ["一厂", "冶金;有色"])


def test_rows_are_counted_as_the_spreadsheet_counts_them() -> None:
    text = 'a,b\n\n"一\n行",2\n,\n3,4\n'
    assert rows_of(text.encode()) == [(1, ["a", "b"]), (3, ["一\n行", "2"]), (5, ["3", "4"])]


def test_the_sheet_of_a_csv_has_the_name_of_the_file() -> None:
    assert open_workbook(TABLE.encode(), filename="dir/企业 2026.csv").sheets == ("企业 2026",)


@pytest.mark.parametrize(
    "text", ['a,b\n1,2\n"3,4\n5,6\n', 'a,b\n1,2\n"3"x,4\n', "a,b\n1,2\n" + "x" * 3_000_000]
)
def test_a_csv_that_cannot_be_split_is_refused_where_it_breaks(text: str) -> None:
    with pytest.raises(Unreadable) as refused:
        rows_of(text.encode())
    assert refused.value.details == {"row": 3}


def test_reading_a_csv_leaves_other_readers_alone() -> None:
    rows_of(TABLE.encode())
    assert next(csv.reader(["a;b"], delimiter=";")) == ["a", "b"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" \n \n",
        b"%PDF-1.7 ...",
        b"\x89PNG\r\n\x1a\n....",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        b"PK\x03\x04 no archive",
        b"Rar!....",
        bytes(range(256)) * 20,
        b"\xff\xfea",
        b"\x81",
    ],
)
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        open_workbook(content, filename="表.xlsx")
    assert refused.value.zh
    assert refused.value.en


def test_an_archive_of_something_else_is_refused() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(Unreadable):
        open_workbook(content.getvalue())


def test_a_truncated_workbook_is_refused() -> None:
    with pytest.raises(Unreadable):
        open_workbook(workbook(one_cell)[:-400])


def test_cells_of_a_workbook_have_their_types_and_rows_their_numbers() -> None:
    def write(book: xlsxwriter.Workbook) -> None:
        page = book.add_worksheet("表")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        page.write_row(2, 1, ["a", 3, 0.5, True])
        page.write_datetime(4, 1, datetime(2026, 10, 8), day)  # noqa: DTZ001 - a spreadsheet has no time zone
        page.write_formula(4, 2, "=1+1", value=2)
        page.write_formula(4, 3, "=NA()", value="#N/A")
        page.write_blank(500_000, 0, None, day)

    assert rows_of(workbook(write), name="表.xlsx") == [
        (3, ["a", 3.0, 0.5, True]),
        (5, [date(2026, 10, 8), 2.0, None, None]),
    ]


def test_hidden_sheets_are_not_seen() -> None:
    def write(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("一").write(0, 0, "x")
        book.add_worksheet("二").hide()

    assert open_workbook(workbook(write)).sheets == ("一",)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (3.0, "3"),
        (0.1 + 0.2, "0.3"),
        (13900000000.0, "13900000000"),
        (125.32451, "125.32451"),
        (1e15, "1000000000000000"),
        (True, "TRUE"),
        (date(2026, 10, 8), "2026-10-08"),
        (datetime.combine(date(2026, 10, 8), time()), "2026-10-08"),
    ],
)
def test_cells_read_as_a_person_reads_them(value: float | date | None, text: str) -> None:
    assert text_of(value) == text


FAR = b'<c r="XFD1048576"><v>1</v></c>'


@pytest.mark.parametrize(
    "cells",
    [
        FAR,
        b"<c r='XFD1048576'><v>1</v></c>",
        b'<c t="n" r = "XFD1048576"><v>1</v></c>',
        b'<c x="/>" r="XFD1048576"><v>1</v></c>',
        b'<c r="XFD1048576" x="/>"><v>1</v></c>',
        b'<x:c r="xfd1048576"><v>1</v></x:c>',
        b'<c r="XFD1"><v>1</v></c></row><row r="1048576"><c><v>1</v></c>',
    ],
)
def test_a_stray_cell_in_the_far_corner_does_not_take_the_process_down(cells: bytes) -> None:
    """calamine would ask for 550 GB and abort."""
    content = edited(workbook(one_cell), b'<c r="A1"', cells + b'<c r="A1"')
    with pytest.raises(TooLarge):
        open_workbook(content)


def test_a_far_cell_that_is_only_coloured_takes_no_room() -> None:
    content = edited(workbook(one_cell), b'<c r="A1"', b'<c r="XFD1048576" s="1"/><c r="A1"')
    assert len(rows_of(content)) == 1


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    content = edited(workbook(one_cell), b"<sheetData>", b" " * (513 << 20) + b"<sheetData>")
    assert len(content) < 1 << 20
    with pytest.raises(TooLarge):
        open_workbook(content)


def test_a_length_that_is_a_lie_does_not_hide_a_bomb() -> None:
    content = bytearray(edited(workbook(one_cell), b"<sheetData>", b" " * (513 << 20) + b"<sheetData>"))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        true = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    lie = (100).to_bytes(4, "little")
    for found in list(re.finditer(re.escape(true.to_bytes(4, "little")), bytes(content))):
        content[found.start() : found.end()] = lie
    with pytest.raises((TooLarge, Unreadable)):
        open_workbook(bytes(content))


def test_rows_can_be_read_twice() -> None:
    book = open_workbook(workbook(one_cell))
    assert list(book.rows("表")) == list(book.rows("表")) == [SheetRow(1, ["x"])]
