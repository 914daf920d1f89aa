"""All that was found in a file, kept beside the preview, which shows only the first of it."""

import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from service.imports.rules.problems import Problem, visible

# A report of more than this nobody works through; errors are kept before warnings.
MOST_FINDINGS = 20_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem as a report marks it: in which row (as the spreadsheet counts), under which heading, in both languages."""

    row: int
    column: str | None
    severity: str
    zh: str
    en: str


def pack(problems: Iterable[Problem]) -> bytes:
    """Findings as they are stored."""
    lines = [
        {
            "row": one.row,
            "column": one.column,
            "severity": one.severity.value,
            "zh": visible(one.zh, longest=None),
            "en": visible(one.en, longest=None),
        }
        for one in problems
    ]
    return zlib.compress(json.dumps(lines, ensure_ascii=False).encode(), 6)


def unpack(stored: bytes | None) -> Sequence[Finding]:
    """Stored findings; none where nothing was checked."""
    return [] if not stored else [Finding(**line) for line in json.loads(zlib.decompress(stored))]
