"""Every input of every shipped scoring method against tables written down independently of the code."""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest

from service.codes.rules.strict_yaml import parse_yaml
from service.grading.rules.definitions import parse_method
from service.grading.rules.grades import Grade
from service.grading.rules.methods import ScoringMethod
from service.grading.rules.verdicts import assess

DEFINITIONS = files("service.grading") / "definitions"
TABLES = Path(__file__).parent / "tables"
LETTERS = {"R": Grade.MAJOR, "O": Grade.LARGE, "Y": Grade.GENERAL, "B": Grade.LOW}


@cache
def method_named(name: str) -> ScoringMethod:
    method = parse_method(parse_yaml((DEFINITIONS / f"{name}.yaml").read_text(encoding="utf-8")))
    assert isinstance(method, ScoringMethod)
    return method


def rows_of(name: str) -> list[list[str]]:
    lines = (TABLES / name).read_text(encoding="utf-8").splitlines()
    return [line.split() for line in lines if line and not line.startswith("#")]


def check(method: ScoringMethod, row: list[str], *, colour: int) -> None:
    width = len(method.axes)
    inputs = dict(zip([axis.code for axis in method.axes], row[:width], strict=True))
    verdict = assess(method, inputs)
    assert verdict.score == Decimal(row[width]), row
    assert verdict.grade is LETTERS[row[colour]], row


@pytest.mark.parametrize(("name", "colour"), [("lec_fold_a", 4), ("lec_fold_b", 5)])
def test_all_252_lec_inputs(name: str, colour: int) -> None:
    rows = rows_of("lec.txt")
    assert len({tuple(row[:3]) for row in rows}) == len(rows) == 252
    for row in rows:
        check(method_named(name), row, colour=colour)


def test_the_consequence_two_edition_differs_in_that_row_only() -> None:
    rows = [row for row in rows_of("lec.txt") if row[2] != "3"] + rows_of("lec_c2.txt")
    assert len({tuple(row[:3]) for row in rows}) == len(rows) == 252
    method = method_named("lec_fold_a_c2")
    for row in rows:
        check(method, row, colour=4)


@pytest.mark.parametrize(("name", "colour"), [("ls_v1", 3), ("ls_v2", 4)])
def test_all_25_ls_inputs(name: str, colour: int) -> None:
    rows = rows_of("ls.txt")
    assert len({tuple(row[:2]) for row in rows}) == len(rows) == 25
    for row in rows:
        check(method_named(name), row, colour=colour)


def test_all_16_inputs_of_the_enterprise_matrix() -> None:
    rows = rows_of("enterprise_4x4.txt")
    assert len({tuple(row[:2]) for row in rows}) == len(rows) == 16
    for row in rows:
        check(method_named("enterprise_4x4"), row, colour=3)


def test_the_tables_agree_with_the_published_counts() -> None:
    """Facts counted by others: folds A and B differ for 94 inputs, and 7 more lie on D = 70 and D = 20."""
    lec = rows_of("lec.txt")
    differing = [row for row in lec if row[4] != row[5]]
    boundary = [row for row in lec if row[3] in ("70", "20")]
    assert len([row for row in differing if row not in boundary]) == 94
    assert [row[:3] for row in boundary if row[3] == "70"] == [["10", "1", "7"], ["1", "10", "7"]]
    assert len(boundary) == 7
    assert all(row in differing for row in boundary), "70 and 20 go upward in both folds"
    assert not [row for row in lec if row[3] in ("160", "320")]
    ls = rows_of("ls.txt")
    assert counts(row[3] for row in ls) == (3, 3, 5, 14)
    assert counts(row[4] for row in ls) == (3, 8, 9, 5)
    assert counts(row[3] for row in rows_of("enterprise_4x4.txt")) == (3, 3, 5, 5)


def counts(letters: Iterable[str]) -> tuple[int, ...]:
    counted = Counter(letters)
    return tuple(counted[letter] for letter in "ROYB")


def test_the_boundary_values_name_their_side() -> None:
    assert assess(method_named("lec_fold_a"), {"L": "10", "E": "1", "C": "7"}).grade is Grade.GENERAL
    assert assess(method_named("lec_fold_b"), {"L": "10", "E": "1", "C": "7"}).grade is Grade.LARGE
    assert assess(method_named("lec_fold_b"), {"L": "10", "E": "2", "C": "1"}).grade is Grade.GENERAL


def test_scores_are_exact_where_binary_doubles_are_not() -> None:
    assert 0.2 * 6 * 100 != 120
    assert assess(method_named("lec_fold_a"), {"L": "0.2", "E": "6", "C": "100"}).score == Decimal(120)
