"""Which rule of direct decision a cell invokes, and what it answers to what the rule asks."""

import re

from service.grading.rules.methods import Axis, DirectMethod, DirectRule
from service.grading.rules.verdicts import Verdict
from service.imports.rules.vocabulary import fold

_ANSWER_MARKS = re.compile(r"[:：,，、;；()（）]+")


def match_rule(
    text: str, rules: list[tuple[DirectMethod, DirectRule]]
) -> tuple[DirectMethod, DirectRule, list[str]] | None:
    """The rule a cell begins with, by code or words, and the answers that follow it."""
    folded = fold(text)
    best: tuple[int, DirectMethod, DirectRule] | None = None
    for method, rule in rules:
        for name in (rule.code, rule.text.zh, rule.text.en):
            opening = fold(name)
            rest = folded.removeprefix(opening)
            fits = folded.startswith(opening) and (not rest or _ANSWER_MARKS.match(rest) is not None)
            if fits and (best is None or len(opening) > best[0]):
                best = len(opening), method, rule
    if best is None:
        return None
    length, method, rule = best
    return method, rule, [answer for answer in _ANSWER_MARKS.split(folded[length:]) if answer]


def facts_of(
    rule: DirectRule, answers: list[str], *, scored: Verdict | None, workers: int | None
) -> dict[str, str]:
    """The facts a rule asks for: answered in the cell, known from the row, or implied by invoking the rule."""
    facts: dict[str, str] = {}
    rest = list(answers)
    for asked in rule.facts:
        if not isinstance(asked, Axis):
            number = next((answer for answer in rest if asked.find(answer.rstrip("人"))), None)
            if number is not None:
                rest.remove(number)
                facts[asked.code] = number.rstrip("人")
            elif workers is not None:
                facts[asked.code] = str(workers)
            continue
        for allowed in asked.values:
            said = next(
                (a for a in rest if a in (fold(allowed.value), fold(allowed.text.zh), fold(allowed.text.en))),
                None,
            )
            if said is not None:
                rest.remove(said)
                facts[asked.code] = allowed.value
                break
        else:
            if asked.code == "assessed_grade" and scored is not None:
                facts[asked.code] = scored.grade.word
            elif len(asked.values) == 1:
                facts[asked.code] = asked.values[0].value
    # What fits no fact is handed on as it is, so that the refusal names it.
    return facts | {answer: answer for answer in rest}
