"""What is wrong with a row, in words for the person who can mend it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

# A report line shows the beginning of a long cell.
LONGEST_SHOWN = 200

_INVISIBLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


class Severity(StrEnum):
    """Whether a row with this problem is left out."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One report line. row: as the spreadsheet counts, from 1. column: its heading. value: the cell as it was given."""

    row: int
    column: str | None
    value: str | None
    severity: Severity
    code: str
    zh: str
    en: str

    def to_wire(self, sheet: str) -> dict[str, object]:
        """The line as the report holds it."""
        return {
            "sheet": visible(sheet),
            "row": self.row,
            "column": None if self.column is None else visible(self.column),
            "value": None if self.value is None else visible(self.value),
            "severity": self.severity.value,
            "code": self.code,
            "message": {"zh": visible(self.zh, longest=None), "en": visible(self.en, longest=None)},
        }


@dataclass(frozen=True, slots=True)
class Note:
    """A warning that belongs to the whole file. evidence: the numbers it rests on, by name."""

    code: str
    zh: str
    en: str
    evidence: Mapping[str, int | str]

    def to_wire(self) -> dict[str, object]:
        """The note as the report holds it."""
        message = {"zh": visible(self.zh, longest=None), "en": visible(self.en, longest=None)}
        return {"code": self.code, "message": message, "evidence": dict(self.evidence)}


def visible(text: str, *, longest: int | None = LONGEST_SHOWN) -> str:
    """A text as a report may hold it: control characters written out (jsonb takes no NUL), a long one cut."""
    shown = _INVISIBLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    if longest is not None and len(shown) > longest:
        return shown[: longest - 1] + "…"
    return shown
