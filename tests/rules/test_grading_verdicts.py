"""What a verdict says: reasons on the wire, refusals with the allowed values, overrides, direct decisions."""

from dataclasses import replace
from datetime import date
from importlib.resources import files
from typing import Any

import pytest

from service.codes.rules.strict_yaml import parse_yaml
from service.grading.rules.definitions import parse_method
from service.grading.rules.grades import Grade, wire_word
from service.grading.rules.methods import Method, called, in_force
from service.grading.rules.verdicts import AssessmentRejected, Verdict, assess, assess_directly, override


def shipped(name: str) -> Method:
    file = files("service.grading") / "definitions" / f"{name}.yaml"
    return parse_method(parse_yaml(file.read_text(encoding="utf-8")))


LEC = shipped("lec_fold_a")
DIRECT = shipped("direct_decision")

# A matrix no product can express: rare catastrophes are graded above frequent trifles.
MATRIX = parse_method(
    parse_yaml(
        """
        id: matrix
        version: 2
        kind: table
        title: {zh: 矩阵, en: matrix}
        valid_from: 2026-01-01
        sources: [{text: here, evidence: primary}]
        symbol: G
        axes:
          - code: P
            title: {zh: 可能, en: chance}
            values: [{value: often, text: {zh: 常, en: often}}, {value: rare, text: {zh: 少, en: rare}}]
          - code: S
            title: {zh: 后果, en: harm}
            values: [{value: death, text: {zh: 死, en: death}}, {value: scratch, text: {zh: 伤, en: scratch}}]
        table: [[often, death, 4], [often, scratch, 1.5], [rare, death, 3], [rare, scratch, 1]]
        bands: [{grade: major, from: 4}, {grade: large, from: 3, below: 4}, {grade: low, below: 3}]
        """
    )
)


def refusals(method: Method, inputs: dict[str, str]) -> dict[str, tuple[str, str]]:
    with pytest.raises(AssessmentRejected) as refused:
        assess(method, inputs)
    return {problem.path: (problem.message.zh, problem.message.en) for problem in refused.value.problems}


def test_a_verdict_on_the_wire() -> None:
    wire = assess(LEC, {"L": "3", "E": " 6.0 ", "C": "40"}).to_wire()
    reasons = wire.pop("reasons")
    assert wire == {
        "grade": "major",
        "method": {
            "id": "lec_fold_a",
            "version": "1",
            "title": {"zh": "LEC 法（折算 A）", "en": "LEC (fold A)"},
        },
        "score": "720",
        "override": None,
    }
    assert isinstance(reasons, list)
    inputs, combine, band = reasons
    assert inputs["rule"] == "inputs"
    assert [(axis["axis"], axis["value"]) for axis in inputs["axes"]] == [("L", "3"), ("E", "6"), ("C", "40")]
    assert inputs["axes"][0] == {
        "axis": "L",
        "title": {"zh": "事故发生的可能性", "en": "likelihood of an accident"},
        "value": "3",
        "text": {"zh": "可能发生，但不经常", "en": "possible, though not usual"},
    }
    assert combine == {"rule": "combine", "expression": "3 × 6 × 40 = 720", "score": "720"}
    assert band == {
        "rule": "band",
        "grade": "major",
        "low": "320",
        "low_closed": False,
        "high": None,
        "high_closed": False,
        "text": "> 320",
    }


@pytest.mark.parametrize(
    ("inputs", "text"),
    [
        ({"L": "10", "E": "10", "C": "3"}, "160 ≤ D ≤ 320"),
        ({"L": "10", "E": "1", "C": "7"}, "70 ≤ D < 160"),
        ({"L": "0.1", "E": "0.5", "C": "1"}, "< 70"),
    ],
)
def test_a_band_is_written_as_people_write_it(inputs: dict[str, str], text: str) -> None:
    assert assess(LEC, inputs).reasons_to_wire()[2]["text"] == text


def test_a_table_method_reads_its_score_from_the_matrix() -> None:
    verdict = assess(MATRIX, {"P": "rare", "S": "death"})
    assert verdict.grade is Grade.LARGE
    assert verdict.reasons_to_wire()[1] == {
        "rule": "combine",
        "expression": "P=rare, S=death → 3",
        "score": "3",
    }
    assert assess(MATRIX, {"P": "often", "S": "scratch"}).to_wire()["score"] == "1.5"


def test_inputs_are_kept_in_canonical_form_and_give_the_same_verdict_again() -> None:
    verdict = assess(LEC, {"L": "0.50", "E": "6.0", "C": "040"})
    assert dict(verdict.inputs) == {"L": "0.5", "E": "6", "C": "40"}
    assert assess(LEC, verdict.inputs) == verdict


def test_an_unknown_value_is_answered_with_the_allowed_ones() -> None:
    zh, en = refusals(LEC, {"L": "4", "E": "6", "C": "40"})["L"]
    assert zh == "事故发生的可能性“4”不符合要求；允许值：10、6、3、1、0.5、0.2、0.1"
    assert en == "likelihood of an accident cannot be '4'; allowed values: 10, 6, 3, 1, 0.5, 0.2, 0.1"


def test_every_wrong_input_is_named_at_once() -> None:
    found = refusals(LEC, {"L": "", "E": "x" * 1000, "c": "40"})
    assert set(found) == {"L", "E", "C", "c"}
    assert "is missing" in found["L"][1]
    assert "is missing" in found["C"][1]
    assert "known: L, E, C" in found["c"][1]
    assert len(found["E"][1]) < 200


@pytest.mark.parametrize(
    "odd", ["-3", "+3", "3e0", "1_0", "NaN", "Infinity", "3,0", "0x3", "3\x00", "9" * 5000]
)
def test_only_plain_numbers_are_numbers(odd: str) -> None:
    assert set(refusals(LEC, {"L": odd, "E": "6", "C": "40"})) == {"L"}


def test_a_direct_method_has_no_score_and_a_scoring_method_no_rules() -> None:
    assert "method" in refusals(DIRECT, {})
    with pytest.raises(AssessmentRejected, match="no direct rules"):
        assess_directly(LEC, "law_violation", {})


def test_a_direct_decision_names_its_rule_and_its_facts() -> None:
    verdict = assess_directly(DIRECT, "crowded_hazardous_place", {"hazard": "fire", "workers": "12"})
    assert verdict.grade is Grade.MAJOR
    assert verdict.to_wire()["score"] is None
    facts, rule = verdict.reasons_to_wire()
    assert facts["axes"] == [
        {
            "axis": "hazard",
            "title": {"zh": "场所的危险", "en": "hazard of the place"},
            "value": "fire",
            "text": {"zh": "火灾", "en": "fire"},
        },
        {
            "axis": "workers",
            "title": {"zh": "场所内作业人员", "en": "people working in the place"},
            "value": "12",
            "text": {"zh": "不少于 10 人", "en": "at least 10 people"},
        },
    ]
    assert rule["rule"] == "direct"
    assert rule["code"] == "crowded_hazardous_place"
    assert rule["clause"] == "DB37/T 2882-2016（条号未核对）"


@pytest.mark.parametrize(
    ("rule", "facts"),
    [
        ("law_violation", {"violated": "mandatory_clause"}),
        ("past_accident", {"happened": "repeated_minor_injuries", "conditions_remain": "yes"}),
        ("major_hazard_source", {"major_hazard_level": "4"}),
        ("crowded_hazardous_place", {"hazard": "explosion", "workers": "10"}),
        ("highest_by_method", {"assessed_grade": "major"}),
    ],
)
def test_the_five_direct_rules_are_major(rule: str, facts: dict[str, str]) -> None:
    assert assess_directly(DIRECT, rule, facts).grade is Grade.MAJOR


@pytest.mark.parametrize(
    ("rule", "facts", "path"),
    [
        ("crowded_hazardous_place", {"hazard": "fire", "workers": "9"}, "workers"),
        ("crowded_hazardous_place", {"hazard": "fire", "workers": "9.999"}, "workers"),
        ("crowded_hazardous_place", {"workers": "12"}, "hazard"),
        ("past_accident", {"happened": "death", "conditions_remain": "no"}, "conditions_remain"),
        ("highest_by_method", {"assessed_grade": "large"}, "assessed_grade"),
        ("environment", {}, "rule"),
    ],
)
def test_a_direct_rule_that_does_not_apply_gives_no_verdict(
    rule: str, facts: dict[str, str], path: str
) -> None:
    with pytest.raises(AssessmentRejected) as refused:
        assess_directly(DIRECT, rule, facts)
    assert [problem.path for problem in refused.value.problems] == [path]


@pytest.mark.parametrize("grade", list(Grade))
def test_a_stated_grade_says_that_it_was_only_stated(grade: Grade) -> None:
    verdict = assess_directly(shipped("stated"), grade.word, {})
    assert verdict.grade is grade
    (reason,) = verdict.reasons_to_wire()
    assert reason["text"] == {
        "zh": f"登记表载明为{grade.text.zh}风险",
        "en": f"the register states {grade.word} risk",
    }


@pytest.mark.parametrize(
    ("word", "ids"),
    [
        ("LEC", ["lec_fold_a"]),
        (" ｌｅｃ 法", ["lec_fold_a"]),
        ("LEC 法（折算 B）", ["lec_fold_b"]),
        ("lec (FOLD b)", ["lec_fold_b"]),
        ("ls_v2", ["ls_v2"]),
        ("风险矩阵", ["ls_v1"]),
        ("直接判定", ["direct_decision"]),
        ("HAZOP", []),
        ("", []),
    ],
)
def test_a_word_of_a_register_names_a_method(word: str, ids: list[str]) -> None:
    methods = [shipped(name) for name in ("lec_fold_a", "lec_fold_b", "ls_v1", "ls_v2", "direct_decision")]
    assert [method.id for method in called(methods, word, on=date(2026, 1, 1))] == ids
    assert called(methods, word, on=date(2015, 12, 31)) == []


def test_the_version_in_force_is_the_latest_begun_and_not_ended() -> None:
    first = replace(LEC, valid_to=date(2027, 1, 1))
    second = replace(LEC, version="2", valid_from=date(2026, 7, 1))
    days = {date(2026, 6, 30): ["1"], date(2026, 7, 1): ["2"], date(2027, 1, 1): ["2"], date(2015, 1, 1): []}
    for day, versions in days.items():
        assert [method.version for method in in_force([second, first], on=day)] == versions
    assert [method.version for method in in_force([first], on=date(2026, 12, 31))] == ["1"]
    assert in_force([first], on=date(2027, 1, 1)) == []


def overridden(**changes: Any) -> Verdict:
    fields: dict[str, Any] = {"grade": Grade.MAJOR, "reason": "邻近幼儿园", "person": "张三"} | changes
    return override(assess(LEC, {"L": "10", "E": "10", "C": "3"}), **fields)


def test_an_override_keeps_what_the_method_said() -> None:
    before = assess(LEC, {"L": "10", "E": "10", "C": "3"})
    after = overridden(reason="  邻近幼儿园 ")
    assert (before.grade, after.grade) == (Grade.LARGE, Grade.MAJOR)
    assert after.score == before.score
    assert after.reasons[:3] == before.reasons
    change = {"from": "large", "to": "major", "reason": "邻近幼儿园", "person": "张三"}
    assert after.reasons_to_wire()[3] == {"rule": "override", **change}
    assert after.to_wire()["override"] == change
    assert after.to_wire()["grade"] == "major"


def test_a_second_override_keeps_the_first() -> None:
    twice = override(overridden(), grade=Grade.GENERAL, reason="已搬迁", person="李四")
    assert [reason["rule"] for reason in twice.reasons_to_wire()] == [
        "inputs",
        "combine",
        "band",
        "override",
        "override",
    ]
    assert twice.to_wire()["override"] == {
        "from": "major",
        "to": "general",
        "reason": "已搬迁",
        "person": "李四",
    }


@pytest.mark.parametrize(
    ("changes", "paths"),
    [
        ({"reason": ""}, ["reason"]),
        ({"reason": " \n", "person": " "}, ["reason", "person"]),
        ({"grade": Grade.LARGE}, ["grade"]),
    ],
)
def test_an_override_without_reason_person_or_change_is_refused(
    changes: dict[str, Any], paths: list[str]
) -> None:
    with pytest.raises(AssessmentRejected) as refused:
        overridden(**changes)
    assert [problem.path for problem in refused.value.problems] == paths


def test_the_words_and_numbers_of_the_grades() -> None:
    assert [(grade.value, grade.word, grade.text.zh, grade.colour) for grade in Grade] == [
        (1, "major", "重大", "red"),
        (2, "large", "较大", "orange"),
        (3, "general", "一般", "yellow"),
        (4, "low", "低", "blue"),
    ]
    assert min(Grade) is Grade.MAJOR
    assert [Grade.of_word(grade.word) for grade in Grade] == list(Grade)
    assert wire_word(None) == "unassessed"
    assert wire_word(Grade.LOW) == "low"
    with pytest.raises(KeyError):
        Grade.of_word("unassessed")
