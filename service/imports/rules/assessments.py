"""What a row says about its risk: method and inputs, a direct rule, a stated grade; and the verdict that follows."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from service.grading.rules.grades import Grade
from service.grading.rules.methods import (
    DirectMethod,
    Method,
    ScoringMethod,
    called,
    in_force,
)
from service.grading.rules.verdicts import AssessmentRejected, Verdict, assess, assess_directly, override
from service.imports.rules.cells import RowReader
from service.imports.rules.direct_rules import facts_of, match_rule
from service.imports.rules.vocabulary import Vocabulary, read_grade

INHERENT, ASSESSED = "inherent", "assessed"
STATED = "stated"
AXIS_KEYS = ("l", "e", "c", "s")
_OTHER_AXIS = re.compile(r"\s*([A-Za-z][A-Za-z0-9_]*)\s*[=＝:：]\s*(\S.*?)\s*")
_BETWEEN_AXES = re.compile(r"[;；\n]")
# The cells that a grading is read from.
_CELLS = (
    *AXIS_KEYS,
    *("inputs", "method", "direct_rule", "inherent_grade", "grade", "override_reason"),
    *("assessed_on", "next_review", "assessor"),
)
_REMEMBERED = 1 << 14


@dataclass(frozen=True, slots=True, eq=False)
class GivenAssessment:
    """One grading that a row asks to be recorded. assessor '' and next_review None: not given.

    Rows that say the same share one, and it is known by itself: comparing all that defends a verdict takes too long.
    """

    basis: str
    verdict: Verdict
    assessor: str
    assessed_on: date
    next_review: date | None

    @property
    def override_reason(self) -> str | None:
        """Why a person set another grade; None where nobody did."""
        return None if self.verdict.override is None else self.verdict.override.reason


@dataclass(frozen=True, slots=True)
class Recorded:
    """The latest assessment of a basis in the register, as far as it is compared."""

    method_id: str
    method_version: str
    inputs: Mapping[str, str]
    grade: int
    override_reason: str | None
    assessor: str
    assessed_on: date
    next_review: date | None

    def says(self, given: GivenAssessment) -> bool:
        """Whether the row only repeats it; what the row leaves empty is not compared."""
        verdict = given.verdict
        return (
            (self.method_id, self.method_version) == (verdict.method.id, verdict.method.version)
            and dict(self.inputs) == dict(verdict.inputs)
            and (self.grade, self.override_reason) == (int(verdict.grade), given.override_reason)
            and self.assessed_on == given.assessed_on
            and given.assessor in ("", self.assessor)
            and given.next_review in (None, self.next_review)
        )


@dataclass
class Assessor:
    """Grades rows; remembers what it has worked out, for a register repeats the same inputs by the thousand."""

    vocabulary: Vocabulary
    _called: dict[tuple[str, date], list[Method]] = field(default_factory=dict)
    _in_force: dict[date, dict[str, Method]] = field(default_factory=dict)
    _verdicts: dict[tuple[str, str, tuple[tuple[str, str], ...]], Verdict] = field(default_factory=dict)
    _read: dict[tuple[object, ...], tuple[GivenAssessment, ...]] = field(default_factory=dict)

    def read(self, row: RowReader, *, workers: int | None) -> tuple[GivenAssessment, ...]:
        """The gradings a row asks for, the inherent one first. workers: the exposed workers, a fact of some rules."""
        cells = tuple(map(row.cell, _CELLS))
        # With their types: TRUE and 1 are equal, and are not read as the same.
        key = (cells, tuple(map(type, cells)), None if row.cell("direct_rule") is None else workers)
        known = self._read.get(key)
        if known is None:
            known = self._gradings(row, workers)
            # A mistake is to be said of each row that has it; a row with any is not remembered.
            if not row.problems and len(self._read) < _REMEMBERED:
                self._read[key] = known
        return known

    def _gradings(self, row: RowReader, workers: int | None) -> tuple[GivenAssessment, ...]:
        inherent = read_grade(row, "inherent_grade")
        stated = read_grade(row, "grade")
        inputs = {key: text for key in AXIS_KEYS if isinstance(text := row.compact(key), str)}
        inputs |= self._other_axes(row) if row.cell("inputs") is not None else {}
        asked = bool(inputs) or any(row.cell(key) is not None for key in ("method", "direct_rule", "inputs"))
        if not asked and inherent is None and stated is None:
            self._mention_idle(row)
            return ()
        dated, next_review = self._dates(row)
        # Without a readable date the row is left out; what else is wrong with it is said all the same.
        assessed_on = dated or self.vocabulary.today
        person = row.words("assessor") or ""
        given: list[GivenAssessment] = []
        if inherent is not None:
            verdict = self._stated(row, "inherent_grade", inherent, assessed_on)
            given += [GivenAssessment(INHERENT, verdict, person, assessed_on, next_review)] if verdict else []
        if asked or stated is not None:
            computed = self._computed(row, inputs, assessed_on, workers) if asked else None
            if asked and computed is None:
                return ()
            verdict = self._settle(row, computed, stated, assessed_on)
            given += [GivenAssessment(ASSESSED, verdict, person, assessed_on, next_review)] if verdict else []
        return tuple(given)

    def _other_axes(self, row: RowReader) -> dict[str, str]:
        """Axes that have no column of their own, `P=3；V=2`, by their code in small letters."""
        found: dict[str, str] = {}
        for part in filter(str.strip, _BETWEEN_AXES.split(row.words("inputs") or "")):
            axis = _OTHER_AXIS.fullmatch(part)
            if axis is None or axis[1].casefold() in found:
                row.error(
                    "inputs",
                    "inputs_unreadable",
                    f"“{part.strip()}”应写作“维度代号=取值”，每个维度一次，用；分开，如 P=3；V=2",
                    f"'{part.strip()}' is not written as axis=value, each axis once, separated by ；, such as P=3；V=2",
                )
            else:
                found[axis[1].casefold()] = axis[2]
        return found

    def _dates(self, row: RowReader) -> tuple[date | None, date | None]:
        assessed_on, next_review = row.day("assessed_on"), row.day("next_review")
        if row.cell("assessed_on") is None:
            row.error(
                "assessed_on",
                "assessment_undated",
                "填了等级或评价输入但没有“评价日期”，请补填评价日期",
                "It states a grade or inputs but not the day of the assessment; fill in the date",
            )
        if assessed_on is not None and assessed_on > self.vocabulary.today:
            row.error(
                "assessed_on",
                "assessed_in_future",
                f"评价日期 {assessed_on} 晚于今天（{self.vocabulary.today}），请更正",
                f"The assessment is dated {assessed_on}, after today ({self.vocabulary.today}); correct it",
            )
        if assessed_on is not None and next_review is not None and next_review <= assessed_on:
            row.error(
                "next_review",
                "review_not_later",
                f"复评日期 {next_review} 应晚于评价日期 {assessed_on}",
                f"The next review on {next_review} should come after the assessment on {assessed_on}",
            )
        return assessed_on, next_review

    def _mention_idle(self, row: RowReader) -> None:
        for key in ("assessed_on", "next_review", "override_reason"):
            if row.cell(key) is not None:
                row.warn(
                    key,
                    "nothing_assessed",
                    "没有等级也没有评价输入，这一格未使用；该风险点显示为未评价",
                    "There is neither a grade nor inputs, so this cell is not used; the point stays unassessed",
                )

    def _stated(self, row: RowReader, key: str, grade: Grade, day: date) -> Verdict | None:
        method = self._methods_on(day).get(STATED)
        if method is None:
            row.error(
                key,
                "method_not_in_force",
                f"{day} 没有可用于“登记载明”的方法版本，请核对评价日期",
                f"No version of the method for stated grades is in force on {day}; check the date",
            )
            return None
        same = (method.id, method.version, (("grade", grade.word),))
        if same not in self._verdicts:
            self._verdicts[same] = assess_directly(method, grade.word, {})
        return self._verdicts[same]

    def _computed(
        self, row: RowReader, inputs: Mapping[str, str], day: date, workers: int | None
    ) -> Verdict | None:
        """The verdict of the method or the direct rule; None with the mistakes noted."""
        rule_given = row.cell("direct_rule") is not None
        scored: Verdict | None = None
        if inputs or (row.cell("method") is not None and not rule_given):
            method = self._method(row, day)
            if method is None:
                return None
            if isinstance(method, DirectMethod) and rule_given and not inputs:
                return self._direct(row, day, None, workers)
            scored = self._scored(row, method, inputs)
            if scored is None:
                return None
        if not rule_given:
            return scored
        direct = self._direct(row, day, scored, workers)
        if direct is None or scored is None or direct.grade <= scored.grade:
            if direct is not None and scored is not None:
                row.warn(
                    "direct_rule",
                    "direct_rule_decides",
                    "直接判定优先，评价输入只用于核对，不保存",
                    "The direct rule decides; the inputs were only checked and are not kept",
                )
            return direct
        return scored

    def _method(self, row: RowReader, day: date) -> Method | None:
        word = row.words("method")
        if word is None:
            if row.cell("method") is None:
                row.error(
                    "method",
                    "method_missing",
                    "填了评价输入但没有“评价方法”，请填写方法（如 LEC、LS）",
                    "There are inputs but no method; name the method, such as LEC or LS",
                )
            return None
        key = (word, day)
        if key not in self._called:
            self._called[key] = called(self.vocabulary.methods, word, on=day)
        found = self._called[key]
        if len(found) == 1:
            return found[0]
        names = "、".join(sorted(method.id for method in found or self._methods_on(day).values()))
        if found:
            row.error(
                "method",
                "ambiguous_method",
                f"“{word}”可指多个评价方法，请填方法代号：{names}",
                f"'{word}' means several methods; write one of {names}",
            )
        else:
            row.error(
                "method",
                "unknown_method",
                f"{day} 没有名为“{word}”的评价方法，可用：{names}",
                f"There is no method '{word}' in force on {day}; known are {names}",
            )
        return None

    def _scored(self, row: RowReader, method: Method, inputs: Mapping[str, str]) -> Verdict | None:
        axes = (
            {axis.code.casefold(): axis.code for axis in method.axes}
            if isinstance(method, ScoringMethod)
            else {}
        )
        given = {axes.get(key, key.upper()): text for key, text in inputs.items()}
        key = (method.id, method.version, tuple(sorted(given.items())))
        known = self._verdicts.get(key)
        if known is None:
            try:
                known = self._verdicts[key] = assess(method, given)
            except AssessmentRejected as rejected:
                self._refuse_inputs(row, rejected, given)
        return known

    def _direct(
        self, row: RowReader, day: date, scored: Verdict | None, workers: int | None
    ) -> Verdict | None:
        text = row.words("direct_rule")
        if text is None:
            return None
        rules = [
            (method, rule)
            for method in self._methods_on(day).values()
            if isinstance(method, DirectMethod) and method.id != STATED
            for rule in method.rules
        ]
        found = match_rule(text, rules)
        if found is None:
            names = "、".join(f"{rule.code}（{rule.text.zh}）" for _, rule in rules)
            row.error(
                "direct_rule",
                "unknown_rule",
                f"没有直接判定规则“{text}”，可用：{names}",
                f"There is no direct rule '{text}'; known are {', '.join(rule.code for _, rule in rules)}",
            )
            return None
        method, rule, answers = found
        facts = facts_of(rule, answers, scored=scored, workers=workers)
        try:
            return assess_directly(method, rule.code, facts)
        except AssessmentRejected as rejected:
            for problem in rejected.problems:
                row.error("direct_rule", "input_refused", problem.message.zh, problem.message.en)
            return None

    def _settle(
        self, row: RowReader, computed: Verdict | None, stated: Grade | None, day: date
    ) -> Verdict | None:
        """Hold a stated grade against the computed one: equal, overridden with a reason, or a contradiction."""
        reason = row.words("override_reason")
        if computed is None:
            assert stated is not None
            row.warn(
                "grade",
                "grade_only_stated",
                f"只填了等级“{stated.text.zh}”而没有评价输入，按“登记载明”保存，请补充评价方法和输入",
                f"The grade {stated.word} stands without inputs and is kept as stated; add method and inputs",
            )
            return self._stated(row, "grade", stated, day)
        if stated is None or stated is computed.grade:
            if reason is not None:
                row.warn(
                    "override_reason",
                    "override_unused",
                    "填写的等级与计算结果一致，调整理由未使用",
                    "The stated grade equals the computed one, so the reason is not used",
                )
            return computed
        if reason is None:
            score = "" if computed.score is None else f"（{_expression(computed)}）"
            row.error(
                "grade",
                "grade_contradicts",
                f"填写的等级“{stated.text.zh}”与计算结果“{computed.grade.text.zh}”{score}不一致；"
                "请更正，或填写“人工调整理由”",
                f"The stated grade {stated.word} contradicts the computed {computed.grade.word}{score}; "
                "correct it or give a reason of override",
            )
            return None
        person = row.words("assessor")
        if person is None:
            row.error(
                "assessor",
                "override_unsigned",
                "人工调整等级必须填写评价人",
                "A grade set by a person needs the assessor's name",
            )
            return None
        return override(computed, grade=stated, reason=reason, person=person)

    def _methods_on(self, day: date) -> dict[str, Method]:
        if day not in self._in_force:
            self._in_force[day] = {method.id: method for method in in_force(self.vocabulary.methods, on=day)}
        return self._in_force[day]

    @staticmethod
    def _refuse_inputs(row: RowReader, rejected: AssessmentRejected, given: Mapping[str, str]) -> None:
        for problem in rejected.problems:
            axis, message = problem.path, problem.message
            code = "input_refused" if axis in given else "input_missing"
            if axis == "" or axis.casefold() in AXIS_KEYS:
                row.error(axis.casefold() or "method", code, message.zh, message.en)
            else:
                part = f"{axis}={given[axis]}" if axis in given else axis
                row.error("inputs", code, message.zh, message.en, part=part)


def _expression(verdict: Verdict) -> str:
    combine = next((item for item in verdict.reasons_to_wire() if item["rule"] == "combine"), None)
    return "" if combine is None else str(combine["expression"])
