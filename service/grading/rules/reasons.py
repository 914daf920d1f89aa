"""Why a verdict is what it is: a list of small facts that the page renders in the reader's language.

Each item knows its form on the wire; the same form is stored with an assessment, so that a colour can be
explained years later from what was recorded, not from what the rules have become.
"""

from dataclasses import dataclass
from decimal import Decimal

from service.codes.rules.documents import Text, plain
from service.grading.rules.grades import Grade
from service.grading.rules.methods import Band

Wire = dict[str, object]


@dataclass(frozen=True, slots=True)
class ChosenValue:
    """One answered axis or fact."""

    axis: str
    title: Text
    value: str
    text: Text

    def to_wire(self) -> Wire:
        return {
            "axis": self.axis,
            "title": self.title.to_wire(),
            "value": self.value,
            "text": self.text.to_wire(),
        }


@dataclass(frozen=True, slots=True)
class InputsReason:
    """What was put in."""

    axes: tuple[ChosenValue, ...]

    def to_wire(self) -> Wire:
        return {"rule": "inputs", "axes": [chosen.to_wire() for chosen in self.axes]}


@dataclass(frozen=True, slots=True)
class CombineReason:
    """How the inputs became a score."""

    expression: str
    score: Decimal

    def to_wire(self) -> Wire:
        return {"rule": "combine", "expression": self.expression, "score": plain(self.score)}


@dataclass(frozen=True, slots=True)
class BandReason:
    """In which band the score fell."""

    band: Band
    symbol: str

    def to_wire(self) -> Wire:
        return {"rule": "band", **self.band.to_wire(self.symbol)}


@dataclass(frozen=True, slots=True)
class DirectReason:
    """Which rule decided by itself."""

    code: str
    text: Text
    clause: str

    def to_wire(self) -> Wire:
        return {"rule": "direct", "code": self.code, "text": self.text.to_wire(), "clause": self.clause}


@dataclass(frozen=True, slots=True)
class OverrideReason:
    """Who set another grade than the one before, and why."""

    from_grade: Grade
    to_grade: Grade
    reason: str
    person: str

    def to_wire(self) -> Wire:
        return {"rule": "override", **self.change_to_wire()}

    def change_to_wire(self) -> Wire:
        """The change alone, as it stands in a verdict's `override`."""
        return {
            "from": self.from_grade.word,
            "to": self.to_grade.word,
            "reason": self.reason,
            "person": self.person,
        }


ReasonItem = InputsReason | CombineReason | BandReason | DirectReason | OverrideReason
