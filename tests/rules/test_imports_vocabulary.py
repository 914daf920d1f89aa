"""Words of a register: code lists, accidents of two editions, measures with their kinds, grades."""

from datetime import date

import pytest

from service.base.sheets import Value
from service.grading.rules.grades import Grade
from service.imports.rules.cells import ERASED
from service.imports.rules.vocabulary import (
    GivenMeasure,
    read_accidents,
    read_code,
    read_codes,
    read_grade,
    read_measures,
    shown_measures,
)
from tests.rules.imports_rows import TODAY, errors, reader, vocabulary, warnings

WORDS = vocabulary()


@pytest.mark.parametrize(
    "cell", ["冶金；有色", "metallurgy;nonferrous", "冶金\n有色；冶金", "冶金、有色", "冶 金, 有色"]
)
def test_industries_by_name_or_code(cell: str) -> None:
    row = reader({"industries": cell})
    assert read_codes(row, "industries", WORDS.industries) == ("metallurgy", "nonferrous")
    assert row.problems == []


def test_every_unknown_word_is_named_with_what_would_do() -> None:
    row = reader({"industries": "冶金；造船；航天"})
    assert read_codes(row, "industries", WORDS.industries) == ("metallurgy",)
    assert errors(row) == ["unknown_word", "unknown_word"]
    assert "造船" in row.problems[0].zh
    assert "危险化学品" in row.problems[0].zh


def test_a_control_level() -> None:
    assert read_code(reader({"control_level": "车间"}), "control_level", WORDS.control_levels) == "workshop"
    row = reader({"control_level": "集团"})
    assert read_code(row, "control_level", WORDS.control_levels) is None
    assert errors(row) == ["unknown_word"]


def test_accidents_are_read_in_the_edition_of_their_day() -> None:
    now = reader({"accident_categories": "火灾；触电"})
    assert read_accidents(now, WORDS, TODAY) == ("GB 6441-2025", ("9", "6"))
    then = reader({"accident_categories": "火灾；触电"})
    assert read_accidents(then, WORDS, date(2025, 1, 1)) == ("GB 6441-1986", ("08", "05"))
    assert now.problems == then.problems == []


def test_words_of_the_old_edition_keep_it_and_say_so() -> None:
    row = reader({"accident_categories": "机械伤害；火灾"})
    assert read_accidents(row, WORDS, TODAY) == ("GB 6441-1986", ("03", "08"))
    assert warnings(row) == ["other_edition"]


def test_words_of_no_edition_are_refused() -> None:
    row = reader({"accident_categories": "机械伤害；飞来横祸"})
    assert read_accidents(row, WORDS, TODAY) is None
    assert "unknown_word" in errors(row)


def test_measures_may_carry_their_kind() -> None:
    row = reader({"measures": "【工程技术】设防护墙\n个体防护：戴安全帽；注意：每班检查\n培训教育:上岗培训"})
    assert read_measures(row, WORDS.measure_kinds) == (
        GivenMeasure("engineering", "设防护墙"),
        GivenMeasure("protection", "戴安全帽"),
        GivenMeasure(None, "注意：每班检查"),
        GivenMeasure("training", "上岗培训"),
    )
    assert row.problems == []


def test_a_marked_kind_that_is_none_is_refused() -> None:
    row = reader({"measures": "【祈祷】每日三次"})
    read_measures(row, WORDS.measure_kinds)
    assert errors(row) == ["unknown_word"]


def test_measures_read_back_as_they_are_shown() -> None:
    shown = "【工程技术】设防护墙；注意：每班检查"
    given = read_measures(reader({"measures": shown}), WORDS.measure_kinds)
    assert isinstance(given, tuple)
    assert shown_measures(given, WORDS.measure_kinds) == shown


def test_lists_can_be_erased() -> None:
    assert read_measures(reader({"measures": "清空"}), WORDS.measure_kinds) is ERASED
    assert read_codes(reader({"industries": "清空"}), "industries", WORDS.industries) is ERASED


@pytest.mark.parametrize(
    ("cell", "grade"),
    [
        ("重大", Grade.MAJOR),
        ("重大风险", Grade.MAJOR),
        ("红色", Grade.MAJOR),
        ("较大风险（橙色）", Grade.LARGE),
        ("yellow", Grade.GENERAL),
        ("LOW", Grade.LOW),
        ("蓝", Grade.LOW),
    ],
)
def test_grades_by_word_or_colour(cell: str, grade: Grade) -> None:
    assert read_grade(reader({"grade": cell}), "grade") is grade


@pytest.mark.parametrize("cell", ["1", 1.0, "Ⅰ级", "绿", "A级"])
def test_a_number_is_no_grade(cell: Value) -> None:
    row = reader({"grade": cell})
    assert read_grade(row, "grade") is None
    assert errors(row) == ["unknown_grade"]
