"""Rows that repeat each other are read once, and what is remembered of one is never said of a row that differs."""

import pytest

from service.base.sheets import Value
from service.imports.rules.assessments import Assessor
from service.imports.rules.fields import FIELD_BY_KEY, Kind
from service.imports.rules.vocabulary import read_accidents
from tests.rules.imports_rows import TODAY, reader, vocabulary

LEC: dict[str, Value] = {"method": "LEC", "l": "3", "e": "6", "c": "3", "assessed_on": "2026-10-08"}


def said(assessor: Assessor, cells: dict[str, Value]) -> tuple[object, ...]:
    row = reader(cells)
    given = assessor.read(row, workers=None)
    told = [(one.basis, one.verdict, one.assessor, one.assessed_on, one.next_review) for one in given]
    return told, [(problem.code, problem.value, problem.zh) for problem in row.problems]


def test_equal_rows_share_their_gradings() -> None:
    assessor = Assessor(vocabulary())
    first, second = (assessor.read(reader(dict(LEC)), workers=None) for _ in range(2))
    assert first
    assert first is second


@pytest.mark.parametrize("key", FIELD_BY_KEY[Kind.RISK_POINTS])
@pytest.mark.parametrize("value", ["1", True, 1.0, "较大", "2026-10-09", "P=3"])
def test_a_row_that_differs_in_any_cell_is_read_by_itself(key: str, value: Value) -> None:
    assessor = Assessor(vocabulary())
    said(assessor, dict(LEC))
    said(assessor, LEC | {key: "1"})
    cells = LEC | {key: value}
    assert said(assessor, cells) == said(Assessor(vocabulary()), cells)


def test_a_repeated_word_is_warned_of_in_each_row_as_it_stands_there() -> None:
    words = vocabulary()
    older = next(edition for edition in words.accidents if not edition.covers(TODAY))
    current = next(edition for edition in words.accidents if edition.covers(TODAY))
    word = next(name for name in older.names.values() if not current.find(name))
    rows = [reader({"accident_categories": text}, number=at) for at, text in ((2, word), (3, f" {word} "))]
    found = [read_accidents(row, words, TODAY) for row in rows]
    assert found[0] == found[1]
    assert [(row.problems[0].row, row.problems[0].value) for row in rows] == [(2, word), (3, f" {word} ")]
    assert rows[0].problems[0].zh == rows[1].problems[0].zh
