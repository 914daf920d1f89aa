"""From a method and its inputs to a grade with reasons. Every colour on the map comes out of this file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from service.codes.rules.documents import Problem, ProblemsFound, Text, plain
from service.grading.rules.grades import Grade
from service.grading.rules.methods import AllowedValue, DirectMethod, DirectRule, Fact, Method, ScoringMethod
from service.grading.rules.reasons import (
    BandReason,
    ChosenValue,
    CombineReason,
    DirectReason,
    InputsReason,
    OverrideReason,
    ReasonItem,
    Wire,
)

# Enough of a wrong answer to recognise it; a message is not the place to send a page of text back.
LONGEST_QUOTE = 40


class AssessmentRejected(ProblemsFound):
    """No verdict can be given; carries every problem, its path being the axis, the fact or the field."""

    subject = Text("无法评定", "No verdict can be given")


@dataclass(frozen=True, slots=True)
class MethodReference:
    """The method as a verdict remembers it: enough to find it again, and a name for people."""

    id: str
    version: str
    title: Text

    def to_wire(self) -> Wire:
        return {"id": self.id, "version": self.version, "title": self.title.to_wire()}


@dataclass(frozen=True, slots=True)
class Verdict:
    """A grade and everything needed to defend it."""

    grade: Grade
    method: MethodReference
    inputs: Mapping[str, str]  # canonical values by axis or fact: given again, they give this verdict again
    score: Decimal | None  # None when a direct rule decided
    reasons: tuple[ReasonItem, ...]
    override: OverrideReason | None = None

    def to_wire(self) -> Wire:
        """The part of a wire Verdict that the rules know; basis, assessor and dates are added above."""
        return {
            "grade": self.grade.word,
            "method": self.method.to_wire(),
            "score": None if self.score is None else plain(self.score),
            "reasons": self.reasons_to_wire(),
            "override": None if self.override is None else self.override.change_to_wire(),
        }

    def reasons_to_wire(self) -> list[Wire]:
        """The reasons as they are stored with an assessment and sent to the page."""
        return [reason.to_wire() for reason in self.reasons]


def assess(method: Method, inputs: Mapping[str, str]) -> Verdict:
    """Grade one value per axis: combine them into a score, and find the band that holds it.

    Raises AssessmentRejected for a missing, unknown or additional input, naming the allowed values.
    """
    if not isinstance(method, ScoringMethod):
        raise _rejected(
            "method", "该方法按规则直接判定，不计算分值", "this method decides by rules and has no score"
        )
    chosen = _choose(method.axes, inputs)
    score = method.score(chosen)
    band = method.band_of(score)
    return Verdict(
        grade=band.grade,
        method=_reference(method),
        inputs=_canonical(method.axes, chosen),
        score=score,
        reasons=(
            _inputs_reason(method.axes, chosen),
            CombineReason(method.expression(chosen), score),
            BandReason(band, method.symbol),
        ),
    )


def assess_directly(method: Method, rule_code: str, facts: Mapping[str, str]) -> Verdict:
    """Grade by one direct rule, provided that all the facts it asks for are stated and hold.

    Raises AssessmentRejected for an unknown rule and for facts that are missing, unknown or do not reach it:
    a rule that does not apply says nothing, in particular not that the risk is low.
    """
    if not isinstance(method, DirectMethod):
        raise _rejected("method", "该方法没有直接判定规则", "this method has no direct rules")
    rule = _find_rule(method, rule_code)
    chosen = _choose(rule.facts, facts)
    facts_reason = (_inputs_reason(rule.facts, chosen),) if rule.facts else ()
    return Verdict(
        grade=rule.grade,
        method=_reference(method),
        inputs=_canonical(rule.facts, chosen),
        score=None,
        reasons=(*facts_reason, DirectReason(rule.code, rule.text, rule.clause)),
    )


def override(verdict: Verdict, *, grade: Grade, reason: str, person: str) -> Verdict:
    """Set another grade by a person's judgement; the method's own score and reasons stay beside it.

    Raises AssessmentRejected without a reason or a person, and when the grade is the same already.
    """
    reason, person = reason.strip(), person.strip()
    problems = []
    if not reason:
        problems.append(Problem("reason", Text("调整等级必须说明理由", "an override needs a reason")))
    if not person:
        problems.append(Problem("person", Text("调整等级必须注明责任人", "an override needs a person")))
    if grade is verdict.grade:
        same = Text(f"等级已经是{grade.text.zh}", f"the grade is {grade.word} already")
        problems.append(Problem("grade", same))
    if problems:
        raise AssessmentRejected(problems)
    change = OverrideReason(verdict.grade, grade, reason, person)
    return replace(verdict, grade=grade, reasons=(*verdict.reasons, change), override=change)


def _choose(questions: Sequence[Fact], given: Mapping[str, str]) -> list[AllowedValue]:
    """One allowed value per question, or every problem at once."""
    chosen, problems = [], []
    for question in questions:
        answer = given.get(question.code, "")
        found = question.find(answer)
        if found is not None:
            chosen.append(found)
            continue
        expected = question.expected
        shown = answer.strip()[:LONGEST_QUOTE]
        zh, en = (f"“{shown}”不符合要求", f"cannot be '{shown}'") if shown else ("未填写", "is missing")
        problems.append(
            Problem(
                question.code,
                Text(f"{question.title.zh}{zh}；{expected.zh}", f"{question.title.en} {en}; {expected.en}"),
            )
        )
    known = [question.code for question in questions]
    for code in given:
        if code not in known:
            names = ", ".join(known)
            problems.append(
                Problem(code, Text(f"没有此项；可用：{names}", f"is not asked for; known: {names}"))
            )
    if problems:
        raise AssessmentRejected(problems)
    return chosen


def _find_rule(method: DirectMethod, rule_code: str) -> DirectRule:
    for rule in method.rules:
        if rule.code == rule_code:
            return rule
    names = ", ".join(rule.code for rule in method.rules)
    raise _rejected(
        "rule", f"没有规则“{rule_code}”；可用：{names}", f"there is no rule '{rule_code}'; known: {names}"
    )


def _reference(method: Method) -> MethodReference:
    return MethodReference(method.id, method.version, method.title)


def _canonical(questions: Sequence[Fact], chosen: Sequence[AllowedValue]) -> dict[str, str]:
    return {question.code: allowed.value for question, allowed in zip(questions, chosen, strict=True)}


def _inputs_reason(questions: Sequence[Fact], chosen: Sequence[AllowedValue]) -> InputsReason:
    pairs = zip(questions, chosen, strict=True)
    return InputsReason(
        tuple(ChosenValue(q.code, q.title, allowed.value, allowed.text) for q, allowed in pairs)
    )


def _rejected(path: str, zh: str, en: str) -> AssessmentRejected:
    return AssessmentRejected([Problem(path, Text(zh, en))])
