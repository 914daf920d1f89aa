"""A grading of a form: read as the columns of a workbook are, for either basis, with any number of direct rules ticked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from service.grading.rules.definitions import AXIS_CODE
from service.grading.rules.reasons import DirectReason
from service.imports.rules.assessments import AXIS_KEYS, Assessor, GivenAssessment
from service.imports.rules.fields import Kind
from service.register.rules.rows import FieldProblem, form_row, is_refused, problems_of, refusal

_NAMES = {"direct_rule": "direct_rules"} | {key: f"inputs.{key.upper()}" for key in AXIS_KEYS}


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectForm:
    """A ticked rule of direct decision with the answers it asks for, by fact."""

    code: str
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentForm:
    """A grading as given. grade: a word that a person sets; dates as typed, so that an impossible one is named."""

    basis: str
    method: str | None
    inputs: Mapping[str, str]
    direct_rules: Sequence[DirectForm]
    grade: str | None
    override_reason: str | None
    assessor: str | None
    assessed_on: str | None
    next_review: str | None


def read_assessment(
    form: AssessmentForm, assessor: Assessor, *, workers: int | None, at: str = ""
) -> tuple[GivenAssessment | None, list[FieldProblem]]:
    """The grading that a form asks for, with its reasons; None with what is wrong with it.

    Each ticked rule is judged by itself; the worst grade decides, and every rule that gives it is among the reasons.
    """
    strange = [code for code in form.inputs if not AXIS_CODE.fullmatch(code)]
    if strange:
        said = [
            refusal(
                f"{at}inputs.{code}", "input_refused", f"没有评价输入“{code}”", f"There is no input '{code}'"
            )
            for code in strange
        ]
        return None, said
    problems: list[FieldProblem] = []
    group = f"{at}inputs"
    found: list[GivenAssessment] = []
    for rule in form.direct_rules or (None,):
        row = form_row(_cells(form, rule), Kind.RISK_POINTS)
        given = assessor.read(row, workers=workers)
        said = [
            # An axis without a column of its own is named by the part of the cell that the problem is about.
            replace(one, field=f"{group}.{one.value.partition('=')[0]}")
            if one.field == group and one.value
            else one
            for one in problems_of(row.problems, at=at, names=_NAMES)
        ]
        problems += [one for one in said if one not in problems]
        found += given
    if is_refused(problems):
        return None, problems
    if not found:
        empty = refusal(
            at.rstrip(".") or None,
            "nothing_assessed",
            "没有等级也没有评价输入，请选择方法和取值、勾选直接判定或填写等级",
            "There is neither a grade nor inputs: choose a method with its values, tick a rule, or state a grade",
        )
        return None, [empty]
    return _worst(found, form.basis), problems


def _cells(form: AssessmentForm, rule: DirectForm | None) -> dict[str, str | None]:
    columns = {code.casefold(): value for code, value in form.inputs.items() if code.casefold() in AXIS_KEYS}
    others = (f"{code}={value}" for code, value in form.inputs.items() if code.casefold() not in AXIS_KEYS)
    answered = None
    if rule is not None:
        answered = "：".join([rule.code, "；".join(rule.facts.values())]).rstrip("：")
    return {
        "method": form.method,
        **columns,
        "inputs": "；".join(others) or None,
        "direct_rule": answered,
        "grade": form.grade,
        "override_reason": form.override_reason,
        "assessor": form.assessor,
        "assessed_on": form.assessed_on,
        "next_review": form.next_review,
    }


def _worst(found: Sequence[GivenAssessment], basis: str) -> GivenAssessment:
    decisive = min(found, key=lambda one: one.verdict.grade)
    verdict = decisive.verdict
    more = tuple(
        reason
        for other in found
        if other is not decisive and other.verdict.grade == verdict.grade
        for reason in other.verdict.reasons
        if isinstance(reason, DirectReason) and reason not in verdict.reasons
    )
    return replace(decisive, basis=basis, verdict=replace(verdict, reasons=verdict.reasons + more))
