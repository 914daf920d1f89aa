"""Single cells: what is cleaned, what is read, what is refused, and that nothing is erased by being empty."""

from datetime import date, datetime

import pytest

from geo.crs import Datum
from service.base.sheets import Value
from service.imports.rules.cells import ERASED, split_words
from service.imports.rules.enterprise_rows import read_enterprise, read_uscc
from service.imports.rules.fields import Kind
from service.imports.rules.problems import Problem, Severity, visible
from tests.rules.imports_rows import errors, reader, vocabulary

DAY = date(2026, 10, 8)


@pytest.mark.parametrize(
    "cell",
    [
        "2026-10-08",
        "2026/10/8",
        "2026.10.8",
        "2026年10月8日",
        "２０２６年１０月８日",
        "20261008",
        " 2026-10-08 00:00:00 ",
        DAY,
        datetime.combine(DAY, datetime.min.time()),
    ],
)
def test_dates_in_every_usual_form(cell: Value) -> None:
    row = reader({"assessed_on": cell})
    assert row.day("assessed_on") == DAY
    assert row.problems == []


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("2017年11月31日", "impossible_date"),
        ("2025-02-29", "impossible_date"),
        ("20261301", "impossible_date"),
        ("去年十月", "unreadable_date"),
        ("08/10/2026", "unreadable_date"),
        ("1026-10-08", "unreadable_date"),
        ("2026-10-08 13:30", "unreadable_date"),
        (46303.0, "unreadable_date"),
    ],
)
def test_days_that_do_not_exist_or_cannot_be_read(cell: Value, code: str) -> None:
    row = reader({"assessed_on": cell})
    assert row.day("assessed_on") is None
    assert errors(row) == [code]


def test_the_report_names_the_row_the_heading_and_the_cell_as_it_was_given() -> None:
    row = reader({"exposed_workers": "约１００人"}, number=37)
    assert row.count("exposed_workers") is None
    (problem,) = row.problems
    assert (problem.row, problem.column, problem.value) == (37, "暴露人数", "约１００人")
    assert "约１００人" in problem.zh
    assert "约１００人" in problem.en


@pytest.mark.parametrize(
    ("cell", "count"), [("12", 12), ("１２", 12), (12.0, 12), ("12.0", 12), ("0", 0), ("-0", 0)]
)
def test_counts(cell: Value, count: int) -> None:
    assert reader({"exposed_workers": cell}).count("exposed_workers") == count


@pytest.mark.parametrize(
    ("cell", "code"), [("-3", "negative"), ("3.5", "not_a_count"), ("三", "not_a_count")]
)
def test_what_is_no_count(cell: Value, code: str) -> None:
    row = reader({"exposed_workers": cell})
    assert row.count("exposed_workers") is None
    assert errors(row) == [code]


def test_texts_lose_what_nobody_meant() -> None:
    row = reader({"name": "\u3000熔炼炉\u200b  一号\r\n ", "measures": "a \r\n b\u00a0c"})
    assert row.text("name") == "熔炼炉 一号"
    assert row.text("measures", lines=True) == "a \n b c"


@pytest.mark.parametrize("hidden", ["\x00", "\x07", "\x1b", "\u202e", "\x85"])
def test_control_characters_are_refused_and_shown(hidden: str) -> None:
    row = reader({"name": f"炉{hidden}子"})
    assert row.required("name") == ""
    assert errors(row) == ["control_character"]
    assert f"U+{ord(hidden):04X}" in row.problems[0].zh


def test_a_report_line_holds_no_control_character_and_no_novel() -> None:
    line = Problem(2, "名称", "a\x00b" + "c" * 500, Severity.ERROR, "x", "坏\x00", "bad").to_wire("表")
    assert "\x00" not in repr(line)
    assert visible("a\x00b") == "a\\u0000b"
    assert len(str(line["value"])) == 200


def test_a_required_cell_that_is_empty_is_said_once() -> None:
    row = reader({"number": None})
    assert (row.required("number"), row.required("name")) == ("", "")
    assert errors(row) == ["missing", "missing"]
    assert [problem.column for problem in row.problems] == ["风险点编号", "风险点名称"]


def test_a_text_beyond_its_length_is_refused_not_cut() -> None:
    row = reader({"name": "炉" * 121})
    assert row.text("name") is None
    assert errors(row) == ["too_long"]


@pytest.mark.parametrize("word", ["清空", "CLEAR", " clear "])
def test_only_the_word_erases(word: str) -> None:
    assert reader({"place": word}).text("place") is ERASED
    assert reader({"place": ""}).text("place") is None
    row = reader({"name": word})
    assert row.text("name") is None
    assert errors(row) == ["not_erasable"]


def test_lists_are_split_at_semicolons_and_lines() -> None:
    assert split_words("a；b;c\nb；；") == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("cell", "code", "found"),
    [
        ("9111 0000 6000 37341L", None, "91110000600037341L"),
        ("９１１１００００６０００３７３４１l", None, "91110000600037341L"),
        ("91110000600037341M", "uscc_check_character", None),
        (914403001922038216.0, "uscc_as_number", None),
    ],
)
def test_credit_codes_in_cells(cell: Value, code: str | None, found: str | None) -> None:
    row = reader({"uscc": cell}, kind=Kind.ENTERPRISES)
    assert read_uscc(row) == found
    assert errors(row) == ([code] if code else [])


@pytest.mark.parametrize(
    ("cell", "kept"), [("C3041", "C3041"), ("c3041 水泥制造", "C3041"), ("３０４１", "3041"), ("C", "C")]
)
def test_economic_activities(cell: str, kept: str) -> None:
    row = reader({"name": "一厂", "economy_code": cell}, kind=Kind.ENTERPRISES)
    assert read_enterprise(row, vocabulary(), Datum.WGS84).economy_code == kept
    assert errors(row) == []


def test_what_is_no_economic_activity() -> None:
    row = reader({"name": "一厂", "economy_code": "水泥制造"}, kind=Kind.ENTERPRISES)
    assert read_enterprise(row, vocabulary(), Datum.WGS84).economy_code is None
    assert errors(row) == ["economy_code_form"]
