"""A form as a row of the import: its fields as cells, and the import's problems back at the fields of the form."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from service.base.sheets import SheetRow, Value
from service.imports.rules.cells import RowReader
from service.imports.rules.fields import FIELD_BY_KEY, Kind
from service.imports.rules.headings import Heading, Layout
from service.imports.rules.problems import Problem, Severity, visible

# What an empty field of an existing row says to the import: an empty cell would keep what is there.
ERASE = "清空"
Cells = Mapping[str, Value]

_NUMBER = 1  # a form is one row


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field of a form; field None: with the form as a whole."""

    field: str | None
    severity: Severity
    code: str
    zh: str
    en: str
    value: str | None = None

    def to_wire(self) -> dict[str, object]:
        """The problem as details of an answer."""
        return {
            "field": self.field,
            "severity": self.severity.value,
            "code": self.code,
            "message": {"zh": self.zh, "en": self.en},
            "value": self.value,
        }


def form_row(cells: Cells, kind: Kind) -> RowReader:
    """A reader of the fields of a form. Every field has a column named by its key, by which problems find back."""
    keys = tuple(FIELD_BY_KEY[kind])
    layout = Layout("", kind, Heading(0, keys), {key: column for column, key in enumerate(keys)})
    return RowReader(SheetRow(_NUMBER, [cells.get(key) for key in keys]), layout)


def problems_of(
    problems: Iterable[Problem], *, at: str = "", names: Mapping[str, str] | None = None
) -> list[FieldProblem]:
    """The problems of a row at the fields of a form. names: cell -> field where they differ; at: what leads a field."""
    called = names or {}
    return [
        FieldProblem(
            at.rstrip(".") or None if one.column is None else at + called.get(one.column, one.column),
            one.severity,
            one.code,
            visible(one.zh, longest=None),
            visible(one.en, longest=None),
            None if one.value is None else visible(one.value),
        )
        for one in problems
    ]


def refusal(field: str | None, code: str, zh: str, en: str) -> FieldProblem:
    """A mistake that no cell shows."""
    return FieldProblem(field, Severity.ERROR, code, zh, en)


def is_refused(problems: Iterable[FieldProblem]) -> bool:
    """Whether something is wrong that keeps the form from being written."""
    return any(one.severity is Severity.ERROR for one in problems)


def in_words(words: Iterable[str]) -> str:
    """A list as one cell."""
    return "；".join(words)
