"""What an import would do: row by row, in totals, and as a digest that is equal only when all of it is equal."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from service.imports.rules.fields import FIELD_BY_KEY, Kind
from service.imports.rules.findings import MOST_FINDINGS
from service.imports.rules.problems import Note, Problem, Severity, visible

# A person reads these; the totals beside them count all. Errors are kept before warnings.
MOST_KEPT = 1000

# Differences that are more than one column of the sheet.
_TITLES = {
    "position": ("坐标位置", "position"),
    "inputs": ("评价输入", "inputs"),
    "managed_by": ("管理单位区划", "managed by"),
}


class Action(StrEnum):
    """What happens to a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of an existing row before and after; None is empty."""

    key: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What one row does. number, name: what a person knows it by.

    written: the records it leaves, for the digest; None where those are mixed in as they will be copied.
    """

    row: int
    number: str
    name: str
    action: Action
    differences: tuple[Difference, ...]
    problems: tuple[Problem, ...]
    written: object


def difference(key: str, old: str | None, new: str | None) -> list[Difference]:
    """The difference of two texts as a list of one or none; empty and None are the same."""
    return [] if (old or "") == (new or "") else [Difference(key, old or None, new or None)]


class Tally:
    """Adds up rows in their order; keeps the first of what a person reads."""

    def __init__(self, kind: Kind, sheet: str, seed: object) -> None:
        """`seed`: everything beside the rows that the outcome depends on, such as the file's hash and the datum."""
        self._kind = kind
        self._sheet = sheet
        self._digest = hashlib.sha256(repr((kind.value, sheet, seed)).encode())
        self._actions: Counter[Action] = Counter()
        self._codes: Counter[tuple[str, str]] = Counter()
        self._errors: list[Problem] = []
        self._warnings: list[Problem] = []
        self._changes: list[RowOutcome] = []
        self.notes: list[Note] = []

    def add(self, outcome: RowOutcome) -> None:
        """Count a row in."""
        self._actions[outcome.action] += 1
        for problem in outcome.problems:
            self._codes[(problem.code, problem.severity.value)] += 1
            kept = self._errors if problem.severity is Severity.ERROR else self._warnings
            if len(kept) < MOST_FINDINGS:
                kept.append(problem)
        if outcome.differences and outcome.action is Action.CHANGED and len(self._changes) < MOST_KEPT:
            self._changes.append(outcome)
        # The same as the outcome's own repr, but for enumerations by their value: that of an Enum is slow.
        problems = [(one.column, one.value, one.severity.value, one.code, one.zh) for one in outcome.problems]
        told = (
            outcome.row,
            outcome.number,
            outcome.name,
            outcome.action.value,
            outcome.differences,
            problems,
        )
        self.mix((*told, outcome.written))

    def mix(self, value: object) -> None:
        """Let something take part in the digest."""
        self._digest.update(repr(value).encode())

    def mix_bytes(self, content: bytes) -> None:
        """Let what will be written take part in the digest."""
        self._digest.update(content)

    @property
    def good(self) -> int:
        """How many rows would stand in the register afterwards."""
        return sum(self._actions[action] for action in (Action.NEW, Action.CHANGED, Action.UNCHANGED))

    @property
    def findings(self) -> list[Problem]:
        """The problems that are kept, errors before warnings."""
        return [*self._errors, *self._warnings][:MOST_FINDINGS]

    def to_wire(self) -> dict[str, object]:
        """The preview, the report lines and the differences as they are stored and sent."""
        severities: Counter[str] = Counter()
        for (_, severity), count in self._codes.items():
            severities[severity] += count
        kept = self.findings[:MOST_KEPT]
        return {
            "preview": {
                "digest": self._digest.hexdigest(),
                "rows": self._actions.total(),
                "good": self.good,
                "bad": self._actions[Action.BAD],
                "new": self._actions[Action.NEW],
                "changed": self._actions[Action.CHANGED],
                "unchanged": self._actions[Action.UNCHANGED],
                "warnings": severities[Severity.WARNING.value],
            },
            "problems": [problem.to_wire(self._sheet) for problem in sorted(kept, key=lambda one: one.row)],
            "problems_total": self._codes.total(),
            "problem_counts": [
                {"code": code, "severity": severity, "count": count}
                for (code, severity), count in sorted(
                    self._codes.items(), key=lambda item: (-item[1], item[0])
                )
            ],
            "changes": [self._change_to_wire(outcome) for outcome in self._changes],
            "notes": [note.to_wire() for note in self.notes],
            "changes_total": self._actions[Action.CHANGED],
        }

    def _change_to_wire(self, outcome: RowOutcome) -> dict[str, object]:
        return {
            "row": outcome.row,
            "number": visible(outcome.number),
            "name": visible(outcome.name),
            "differences": list(self._differences_to_wire(outcome.differences)),
        }

    def _differences_to_wire(self, differences: Iterable[Difference]) -> Iterable[dict[str, object]]:
        fields = FIELD_BY_KEY[self._kind]
        for one in differences:
            zh, en = _TITLES.get(one.key) or (fields[one.key].zh, fields[one.key].en)
            yield {
                "field": one.key,
                "title": {"zh": zh, "en": en},
                "old": None if one.old is None else visible(one.old),
                "new": None if one.new is None else visible(one.new),
            }
