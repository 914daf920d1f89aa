"""Which row of a sheet holds the headings, which register it is, and which column means which field."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.imports.rules.fields import FIELDS, Field, Kind

# Titles, units and dates stand above the headings of a Chinese register; nobody puts more than this.
DEEPEST_HEADING = 20

# What stands in brackets holds none: to look for the end of each of many beginnings would take their number squared.
_BRACKETS = re.compile(r"[(\[【][^(\[【)\]】]*[)\]】]")
_MARKS = re.compile(r"[\s*:_°]+")


@dataclass(frozen=True, slots=True)
class Heading:
    """The row of headings. number: as the spreadsheet counts. texts: by column, '' where empty."""

    number: int
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """How a sheet is to be read."""

    sheet: str
    kind: Kind
    heading: Heading
    columns: Mapping[str, int]  # field key -> column, from 0

    def title(self, key: str) -> str | None:
        """The heading of a field's column as the person wrote it."""
        column = self.columns.get(key)
        return None if column is None else (self.heading.texts[column] or None)

    def missing(self) -> tuple[Field, ...]:
        """The required fields without a column."""
        return tuple(field for field in FIELDS[self.kind] if field.required and field.key not in self.columns)


def find_heading(rows: Sequence[tuple[int, Sequence[str]]]) -> Heading | None:
    """The row that names the most fields among the first rows; the first row with two texts where none names any.

    Headings that are merged over two rows stand in both; records begin below the second.
    """
    best: tuple[int, Heading] | None = None
    fallback: Heading | None = None
    for number, texts in rows[:DEEPEST_HEADING]:
        heading = Heading(number, tuple(texts))
        named = max(len(match_columns(heading, kind)) for kind in Kind)
        again = best is not None and best[1] == Heading(number - 1, heading.texts)
        if named and (best is None or named > best[0] or again):
            best = named, heading
        if fallback is None and sum(1 for text in texts if text) > 1:
            fallback = heading
    if best is not None:
        return best[1]
    return fallback or (Heading(rows[0][0], tuple(rows[0][1])) if rows else None)


def detect_kind(heading: Heading) -> Kind | None:
    """The register whose required fields are all named; that of risk points first, it also names enterprises."""
    for kind in (Kind.RISK_POINTS, Kind.ENTERPRISES):
        matched = match_columns(heading, kind)
        if all(field.key in matched for field in FIELDS[kind] if field.required):
            return kind
    return None


def match_columns(heading: Heading, kind: Kind) -> dict[str, int]:
    """The column of each field whose heading is known; of two columns with one meaning the left one."""
    meanings = _MEANINGS[kind]
    matched: dict[str, int] = {}
    for column, text in enumerate(heading.texts):
        bare = _BRACKETS.sub("", unicodedata.normalize("NFKC", text))
        key = meanings.get(_normalise(text)) or meanings.get(_normalise(bare))
        if key is not None:
            matched.setdefault(key, column)
    return matched


def _normalise(text: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFKC", text).casefold())


def _meanings(fields: Sequence[Field]) -> dict[str, str]:
    """Every normalised heading with its field; a field's own names beat another's synonyms."""
    meanings: dict[str, str] = {}
    for field in fields:
        for name in (field.key, field.zh, field.en):
            meanings.setdefault(_normalise(name), field.key)
    for field in fields:
        for name in field.synonyms:
            meanings.setdefault(_normalise(name), field.key)
    meanings.pop("", None)
    return meanings


_MEANINGS = {kind: _meanings(fields) for kind, fields in FIELDS.items()}
