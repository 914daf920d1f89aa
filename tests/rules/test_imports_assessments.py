"""What a row says about its risk, and the verdict that follows or the reason why none does."""

from datetime import date
from decimal import Decimal

import pytest

from service.base.sheets import Value
from service.grading.rules.grades import Grade
from service.imports.rules.assessments import Assessor, GivenAssessment, Recorded
from tests.rules.imports_rows import errors, reader, vocabulary, warnings

DAY = "2026-10-08"
LEC: dict[str, Value] = {"method": "LEC", "l": "3", "e": "6", "c": "40", "assessed_on": DAY}
ASSESSOR = Assessor(vocabulary())


def graded(
    workers: int | None = None, /, **cells: Value
) -> tuple[tuple[GivenAssessment, ...], list[str], list[str]]:
    row = reader(dict(cells))
    return ASSESSOR.read(row, workers=workers), errors(row), warnings(row)


def test_inputs_become_a_verdict_with_its_reasons() -> None:
    given, problems, remarks = graded(**LEC, next_review="2027-10-08", assessor="李某")
    assert (problems, remarks) == ([], [])
    (one,) = given
    assert (one.basis, one.verdict.grade, one.verdict.score) == ("assessed", Grade.MAJOR, Decimal(720))
    assert (one.assessor, one.assessed_on, one.next_review) == ("李某", date(2026, 10, 8), date(2027, 10, 8))
    assert [reason["rule"] for reason in one.verdict.reasons_to_wire()] == ["inputs", "combine", "band"]


def test_full_width_and_number_cells_are_inputs_too() -> None:
    given, problems, _ = graded(**LEC | {"l": "３", "e": 6.0, "c": "40.0"})
    assert problems == []
    assert given[0].verdict.inputs == {"L": "3", "E": "6", "C": "40"}


def test_nothing_said_is_not_assessed() -> None:
    assert graded(name="炉") == ((), [], [])


def test_a_date_alone_grades_nothing() -> None:
    assert graded(assessed_on=DAY) == ((), [], ["nothing_assessed"])


@pytest.mark.parametrize(
    ("cells", "problems"),
    [
        (LEC | {"c": None}, ["input_missing"]),
        (LEC | {"c": "41"}, ["input_refused"]),
        (LEC | {"l": "很高", "e": None}, ["input_refused", "input_missing"]),
        (LEC | {"s": "3"}, ["input_refused"]),
        (LEC | {"method": None}, ["method_missing"]),
        (LEC | {"method": "占卜法"}, ["unknown_method"]),
        (LEC | {"assessed_on": None}, ["assessment_undated"]),
        (LEC | {"assessed_on": "2026-12-01"}, ["assessed_in_future"]),
        (LEC | {"assessed_on": "2017年11月31日"}, ["impossible_date"]),
        (LEC | {"assessed_on": "2017年11月31日", "c": "41"}, ["impossible_date", "input_refused"]),
        (LEC | {"next_review": DAY}, ["review_not_later"]),
        (LEC | {"grade": "一般"}, ["grade_contradicts"]),
        (LEC | {"grade": "一般", "override_reason": "已改造"}, ["override_unsigned"]),
        (LEC | {"grade": "3"}, ["unknown_grade"]),
        ({"method": "LEC", "assessed_on": DAY}, ["input_missing", "input_missing", "input_missing"]),
        ({"direct_rule": "看着危险", "assessed_on": DAY}, ["unknown_rule"]),
        ({"direct_rule": "major_hazard_source", "assessed_on": DAY}, ["input_refused"]),
        ({"direct_rule": "构成危险化学品重大危险源：五级", "assessed_on": DAY}, ["input_refused"]),
        ({"grade": "重大", "assessed_on": "1999-01-01"}, ["method_not_in_force"]),
    ],
)
def test_each_mistake_has_its_name(cells: dict[str, Value], problems: list[str]) -> None:
    given, found, _ = graded(**cells)
    assert list(dict.fromkeys(found)) == list(dict.fromkeys(problems))
    assert given == () or found


def test_the_contradiction_shows_the_calculation() -> None:
    row = reader(LEC | {"grade": "一般"})
    ASSESSOR.read(row, workers=None)
    assert "3 × 6 × 40 = 720" in row.problems[0].zh
    assert row.problems[0].column == "评定风险等级"


def test_an_override_keeps_the_computed_grade_beside_it() -> None:
    given, problems, _ = graded(**LEC, grade="较大", override_reason="已改造", assessor="李某")
    assert problems == []
    verdict = given[0].verdict
    assert verdict.grade is Grade.LARGE
    assert verdict.override is not None
    assert verdict.override.from_grade is Grade.MAJOR
    assert given[0].override_reason == "已改造"


def test_a_reason_for_nothing_is_said_to_be_unused() -> None:
    assert graded(**LEC, grade="重大", override_reason="x")[2] == ["override_unused"]


def test_a_grade_alone_is_kept_as_stated() -> None:
    given, problems, remarks = graded(grade="较大", assessed_on=DAY)
    assert (problems, remarks) == ([], ["grade_only_stated"])
    assert (given[0].verdict.method.id, given[0].verdict.grade) == ("stated", Grade.LARGE)


def test_the_inherent_grade_stands_beside_the_assessed_one() -> None:
    given, problems, _ = graded(**LEC, inherent_grade="重大")
    assert problems == []
    assert [(one.basis, one.verdict.method.id) for one in given] == [
        ("inherent", "stated"),
        ("assessed", "lec_fold_a"),
    ]


@pytest.mark.parametrize(
    ("cell", "workers", "inputs"),
    [
        ("构成危险化学品重大危险源：三级", None, {"major_hazard_level": "3"}),
        ("major_hazard_source: 3", None, {"major_hazard_level": "3"}),
        ("crowded_hazardous_place：爆炸", 12, {"hazard": "explosion", "workers": "12"}),
        ("crowded_hazardous_place：爆炸、15人", 12, {"hazard": "explosion", "workers": "15"}),
        ("past_accident（死亡）", None, {"happened": "death", "conditions_remain": "yes"}),
    ],
)
def test_direct_rules_with_their_answers(cell: str, workers: int | None, inputs: dict[str, str]) -> None:
    given, problems, _ = graded(workers, direct_rule=cell, assessed_on=DAY)
    assert problems == []
    assert given[0].verdict.method.id == "direct_decision"
    assert dict(given[0].verdict.inputs) == inputs


def test_too_few_workers_do_not_make_the_rule_apply() -> None:
    assert graded(9, direct_rule="crowded_hazardous_place：爆炸", assessed_on=DAY)[1] == ["input_refused"]


def test_a_direct_rule_beats_the_score() -> None:
    given, problems, remarks = graded(**LEC | {"c": "1"}, direct_rule="major_hazard_source: 1")
    assert (problems, remarks) == ([], ["direct_rule_decides"])
    assert given[0].verdict.grade is Grade.MAJOR


def test_the_highest_by_method_must_be_the_highest() -> None:
    assert graded(**LEC, direct_rule="highest_by_method")[1] == []
    assert graded(**LEC | {"c": "1"}, direct_rule="highest_by_method")[1] == ["input_refused"]


def test_a_repetition_is_recognised_and_an_empty_cell_is_not_compared() -> None:
    recorded = Recorded(
        method_id="lec_fold_a",
        method_version="1",
        inputs={"C": "40", "L": "3", "E": "6"},
        grade=1,
        override_reason=None,
        assessor="李某",
        assessed_on=date(2026, 10, 8),
        next_review=date(2027, 10, 8),
    )
    assert recorded.says(graded(**LEC)[0][0])
    assert recorded.says(graded(**LEC, assessor="李某", next_review="2027-10-08")[0][0])
    assert not recorded.says(graded(**LEC, assessor="王某")[0][0])
    assert not recorded.says(graded(**LEC | {"c": "15"})[0][0])
    assert not recorded.says(graded(**LEC, next_review="2028-10-08")[0][0])
