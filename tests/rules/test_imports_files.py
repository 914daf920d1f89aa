"""Every kind of file that is taken, and what beside its records it tells."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from service.base.errors import TooLarge, Unreadable
from service.base.feature_rows import read_features
from service.base.sheets import open_workbook, text_of
from service.enterprises.rules import find_uscc_fault
from service.imports.rules.cells import RowReader
from service.imports.rules.fields import Kind
from service.imports.rules.guidance import EXAMPLES
from service.imports.workbook import Choice, Outline, read_outline
from service.imports.workbook.template import build_template
from tests.rules.imports_rows import errors, vocabulary
from tests.rules.old_workbooks import ODS_MIME, ods_of, xls_of

HEADINGS = ["企业名称", "经度", "纬度"]
ROWS = [HEADINGS, ["演示一厂", "125.3", "43.8"], ["演示二厂", "", ""]]


def outline_of(content: bytes, name: str = "表.bin") -> Outline:
    return read_outline(content, name, Choice())


def records(content: bytes, name: str = "表.bin") -> list[list[str]]:
    return [[text_of(cell) for cell in row.cells] for row in outline_of(content, name).rows()]


def xlsx(write: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        write(book)
    return content.getvalue()


def write_rows(page: Worksheet) -> None:
    for number, row in enumerate(ROWS):
        page.write_row(number, 0, row)


def csv(rows: list[list[str]], encoding: str) -> bytes:
    return "\n".join(",".join(row) for row in rows).encode(encoding)


@pytest.mark.parametrize(
    "content",
    [
        xls_of(ROWS),
        ods_of(ROWS),
        *(csv(ROWS, encoding) for encoding in ("utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16")),
        xlsx(lambda book: write_rows(book.add_worksheet())),
    ],
    ids=["xls", "ods", "utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "xlsx"],
)
def test_a_file_is_told_by_its_content(content: bytes) -> None:
    for name in ("表.xlsx", "表.csv", "表"):
        found = outline_of(content, name)
        assert (found.kind, found.heading.number) == (Kind.ENTERPRISES, 1)
        assert records(content, name) == [["演示一厂", "125.3", "43.8"], ["演示二厂", "", ""]]


def collection(*features: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()


def feature(geometry: object, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def test_features_are_rows_and_their_geometry_is_the_position() -> None:
    content = collection(
        feature(
            {"type": "Point", "coordinates": [125.3, 43.8]}, 风险点编号="P-1", 风险点名称="炉", 暴露人数=3
        ),
        feature(
            {"type": "LineString", "coordinates": [[125, 43], [125.5, 43.5]]},
            风险点编号="P-2",
            风险点名称="管",
        ),
        feature(None, 风险点编号="P-3", 风险点名称="井", 经度=1),
    )
    found = outline_of(content)
    assert (found.kind, found.survey.positions) == (Kind.RISK_POINTS, True)
    assert found.layout is not None
    keys = {key: found.layout.columns[key] for key in ("lon", "lat", "geometry", "number")}
    rows = [{key: text_of(row.cells[column]) for key, column in keys.items()} for row in found.rows()]
    assert rows == [
        {"lon": "125.3", "lat": "43.8", "geometry": "", "number": "P-1"},
        {"lon": "", "lat": "", "geometry": "LINESTRING (125 43, 125.5 43.5)", "number": "P-2"},
        {"lon": "", "lat": "", "geometry": "", "number": "P-3"},
    ]


@pytest.mark.parametrize(
    "text", ['{"type": "Feature"}', "{", '{"type": "FeatureCollection", "features": 3}', "{" * 99999]
)
def test_other_json_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        open_workbook(text.encode())


def test_a_geojson_that_would_not_fit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.base.feature_rows.LONGEST_TEXT", 50)
    with pytest.raises(TooLarge):
        read_features("{" + " " * 60)


def test_a_cell_merged_downwards_stands_in_every_row() -> None:
    def write(book: xlsxwriter.Workbook) -> None:
        page = book.add_worksheet()
        page.merge_range(0, 0, 0, 2, "2026 年企业台账")
        page.merge_range(1, 0, 2, 0, "企业名称")
        page.merge_range(1, 1, 1, 2, "位置")
        page.write_row(2, 1, ["经度", "纬度"])
        page.merge_range(3, 0, 5, 0, "演示一厂")
        for row in (3, 4, 5):
            page.write_row(row, 1, [125.3, 43.8 + row / 100])
        page.write_row(6, 0, ["演示二厂", 125.4, 43.9])

    found = outline_of(xlsx(write))
    assert found.heading.number == 3
    rows = records(xlsx(write))
    assert [row[0] for row in rows] == ["演示一厂"] * 3 + ["演示二厂"]
    (note,) = found.notes()
    assert (note.code, note.evidence) == ("merged_cells", {"rows": 2})


def test_totals_and_empty_rows_are_no_records() -> None:
    content = csv(
        [*ROWS[:2], ["", "", ""], ["合 计：2", "", ""], ["总计", "9", "9"], ["合计机械厂", "", ""]], "utf-8"
    )
    found = outline_of(content)
    assert records(content) == [["演示一厂", "125.3", "43.8"], ["合计机械厂", "", ""]]
    assert found.survey.row_count == 2
    (note,) = found.notes()
    assert (note.code, note.evidence) == ("totals_left_out", {"rows": 2})
    assert "4、5" in note.zh


def test_hidden_sheets_are_named_and_not_read() -> None:
    def write(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("台账").write_row(0, 0, HEADINGS)
        page = book.add_worksheet("旧台账")
        page.write_row(0, 0, HEADINGS)
        page.hide()

    found = outline_of(xlsx(write))
    assert found.book.sheets == ("台账",)
    assert [note.code for note in found.notes()] == ["hidden_sheets"]
    assert "旧台账" in found.notes()[0].zh


def without_values(content: bytes) -> bytes:
    """A workbook as a program writes it that does not calculate: formulas without their values."""
    source, target = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for member in source.infolist():
            part = source.read(member)
            if "worksheets" in member.filename:
                part = part.replace(b"<v>42</v>", b"")
            archive.writestr(member.filename, part)
    return target.getvalue()


def test_a_formula_gives_its_value_and_none_is_a_mistake() -> None:
    def write(book: xlsxwriter.Workbook) -> None:
        page = book.add_worksheet()
        page.write_row(0, 0, [*HEADINGS, "从业人数"])
        page.write_row(1, 0, ["演示一厂", 125.3, 43.8])
        page.write_formula(1, 3, "=6*7", None, 42)
        page.write_string(2, 0, "=演示()")

    content = xlsx(write)
    assert records(content)[0][3] == "42"
    assert records(content)[1][0] == "=演示()", "text that looks like a formula is text"
    found = outline_of(without_values(content))
    assert found.layout is not None
    first, second = (RowReader(row, found.layout) for row in found.rows())
    assert errors(first) == ["formula_without_value"]
    assert first.problems[0].column == "从业人数"
    assert errors(second) == []


@pytest.mark.parametrize(
    "repeats", ['table:number-columns-repeated="16000"', 'table:number-rows-repeated="900000"']
)
def test_an_ods_that_unfolds_in_memory_is_refused(repeats: str) -> None:
    content = ods_of([["甲"] * 40] * 900)
    assert records(content)
    source, target = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", ODS_MIME)
        tag = "table:table-row" if "rows" in repeats else "table:table-cell"
        xml = source.read("content.xml").decode().replace(f"<{tag}", f"<{tag} {repeats}")
        archive.writestr("content.xml", xml)
    with pytest.raises(TooLarge):
        open_workbook(target.getvalue())


def test_an_encrypted_workbook_is_refused() -> None:
    with pytest.raises(Unreadable):
        open_workbook(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))


@pytest.mark.parametrize("kind", Kind)
def test_the_template_needs_no_mapping_and_its_example_is_left_out(kind: Kind) -> None:
    content = build_template(kind, vocabulary(), ["南关区", "经开区"])
    found = outline_of(content)
    assert found.kind is kind
    assert found.layout is not None
    assert found.layout.missing() == ()
    assert records(content) == []
    assert [note.code for note in found.notes()] == ["example_left_out"]


def test_the_credit_code_of_the_example_is_a_good_one() -> None:
    assert find_uscc_fault(str(EXAMPLES[Kind.ENTERPRISES]["uscc"])) is None


def test_the_template_holds_the_lists_and_the_methods_in_force() -> None:
    book = open_workbook(build_template(Kind.RISK_POINTS, vocabulary(), ["南关区"]))
    lists = {row.number: row.cells for row in book.rows("代码表")}
    assert "南关区" in lists[2]
    assert "火灾" in {cell for cells in lists.values() for cell in cells}
    assert "评价方法" in book.sheets
    methods = [text_of(cell) for row in book.rows("评价方法") for cell in row.cells]
    assert {"lec_fold_a", "L", "E", "C", "重大"} <= set(methods)


def test_dates_of_old_files_are_dates() -> None:
    content = xls_of([["企业名称", "日期"], ["演示厂", date(2026, 10, 8)]])
    assert records(content)[0][1] == "2026-10-08"
