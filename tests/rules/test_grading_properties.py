"""Whatever definition is accepted, every input gets exactly one grade; what would not do that is refused."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, product
from math import prod
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.codes.rules.documents import DefinitionRejected, parse_number, plain
from service.grading.rules.canonical import to_document
from service.grading.rules.definitions import parse_method
from service.grading.rules.grades import GRADE_WORDS
from service.grading.rules.methods import Band, ScoringMethod
from service.grading.rules.verdicts import assess

NUMBERS = st.decimals(min_value=0, max_value=100, places=1, allow_nan=False, allow_infinity=False).map(plain)
# Whether a rule holds does not depend on how busy the machine is.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
TEXT = {"zh": "文", "en": "text"}


@st.composite
def axes(draw: st.DrawFn) -> list[dict[str, Any]]:
    scales = draw(
        st.lists(st.lists(NUMBERS, min_size=1, max_size=5, unique_by=Decimal), min_size=1, max_size=3)
    )
    return [
        {"code": f"A{index}", "title": TEXT, "values": [{"value": value, "text": TEXT} for value in scale]}
        for index, scale in enumerate(scales)
    ]


def scores_of(axes_: Sequence[dict[str, Any]]) -> list[Fraction]:
    """Every reachable score, in arithmetic of our own."""
    combinations = product(*([Fraction(value["value"]) for value in axis["values"]] for axis in axes_))
    return sorted({prod(combination, start=Fraction(1)) for combination in combinations})


@st.composite
def sound_documents(draw: st.DrawFn) -> dict[str, Any]:
    """Methods that must be accepted: the line is cut between or at reachable scores, ends on either side."""
    axes_ = draw(axes())
    scores = scores_of(axes_)
    cuts = draw(st.lists(st.integers(1, len(scores) - 1), max_size=3, unique=True)) if scores[1:] else []
    bands: list[dict[str, str]] = [{}]
    for cut in sorted(cuts, reverse=True):
        low, high = scores[cut - 1], scores[cut]
        kind = draw(st.sampled_from(["between", "at the upper score", "at the lower score"]))
        at = {"between": (low + high) / 2, "at the upper score": high, "at the lower score": low}[kind]
        upward = kind == "at the upper score" or (kind == "between" and draw(st.booleans()))
        bands[-1]["from" if upward else "above"] = exact(at)
        bands.append({"below" if upward else "to": exact(at)})
    words = sorted(
        draw(st.lists(st.sampled_from(range(4)), min_size=len(bands), max_size=len(bands), unique=True))
    )
    for band, index in zip(bands, words, strict=True):
        band["grade"] = GRADE_WORDS[index]
    return document(axes_, bands)


def exact(number: Fraction) -> str:
    """A fraction whose denominator is a product of twos and fives, as a decimal."""
    return plain(Decimal(number.numerator) / Decimal(number.denominator))


@st.composite
def disturbed_documents(draw: st.DrawFn) -> dict[str, Any]:
    """Methods close to sound ones: an end moved or turned, a value lost, a grade changed; some stay sound."""
    drawn = draw(sound_documents())
    for _ in range(draw(st.integers(1, 2))):
        band = draw(st.sampled_from(drawn["bands"]))
        values = draw(st.sampled_from(drawn["axes"]))["values"]
        change = draw(st.sampled_from(["turn", "move", "lose", "grade"]))
        ends = [end for end in band if end != "grade"]
        if change == "turn" and ends:
            end = draw(st.sampled_from(ends))
            turned = {"from": "above", "above": "from", "to": "below", "below": "to"}[end]
            band[turned] = band.pop(end)
        elif change == "move" and ends:
            band[draw(st.sampled_from(ends))] = draw(NUMBERS)
        elif change == "lose" and values[1:]:
            values.pop()
        elif change == "grade":
            band["grade"] = draw(st.sampled_from(GRADE_WORDS))
    return drawn


def document(axes_: list[dict[str, Any]], bands: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "id": "drawn",
        "version": "1",
        "kind": "product",
        "title": TEXT,
        "valid_from": "2026-01-01",
        "sources": [{"text": "drawn", "evidence": "memory"}],
        "symbol": "R",
        "axes": axes_,
        "bands": bands,
    }


def check_every_input(method: ScoringMethod) -> None:
    for combination in product(*(axis.values for axis in method.axes)):
        inputs = {axis.code: allowed.value for axis, allowed in zip(method.axes, combination, strict=True)}
        score = prod((Fraction(allowed.value) for allowed in combination), start=Fraction(1))
        holding = [band for band in method.bands if holds(band, score)]
        assert len(holding) == 1
        verdict = assess(method, inputs)
        assert verdict.grade is holding[0].grade
        assert verdict.score is not None
        assert Fraction(verdict.score) == score


def holds(band: Band, score: Fraction) -> bool:
    """Membership once more, in other words than the code under test."""
    after = (
        band.low is None or Fraction(band.low) < score or (band.low_closed and Fraction(band.low) == score)
    )
    before = (
        band.high is None
        or score < Fraction(band.high)
        or (band.high_closed and Fraction(band.high) == score)
    )
    return after and before


@patient
@given(sound_documents())
def test_a_sound_method_is_accepted_and_gives_one_grade_for_every_input(drawn: dict[str, Any]) -> None:
    method = parse_method(drawn)
    assert isinstance(method, ScoringMethod)
    check_every_input(method)
    assert parse_method(to_document(method)) == method


@patient
@given(sound_documents())
def test_a_worse_score_never_has_a_milder_grade(drawn: dict[str, Any]) -> None:
    method = parse_method(drawn)
    assert isinstance(method, ScoringMethod)
    scores = [Decimal(exact(score)) for score in scores_of(drawn["axes"])]
    grades = [method.band_of(score).grade for score in scores]
    assert all(milder >= worse for milder, worse in pairwise(grades))


@patient
@given(disturbed_documents())
def test_what_is_accepted_gives_one_grade_for_every_input(drawn: dict[str, Any]) -> None:
    try:
        method = parse_method(drawn)
    except DefinitionRejected:
        return
    assert isinstance(method, ScoringMethod)
    check_every_input(method)


KEYS = st.sampled_from(["kind", "axes", "bands", "rules", "values", "grade", "x"]) | st.integers()
RUBBISH = st.recursive(
    st.none() | st.text(max_size=5) | st.integers() | st.floats() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
)


@patient
@given(RUBBISH)
def test_rubbish_is_refused_and_never_crashes(rubbish: object) -> None:
    for kind in ("product", "table", "direct"):
        drawn = {**rubbish, "kind": kind} if isinstance(rubbish, dict) else rubbish
        with pytest.raises(DefinitionRejected) as refused:
            parse_method(drawn)
        assert refused.value.problems


@patient
@given(st.decimals(min_value=0, max_value=10**11, places=6, allow_nan=False))
def test_a_number_survives_being_written(number: Decimal) -> None:
    written = plain(number)
    assert "E" not in written
    assert parse_number(written) == number
