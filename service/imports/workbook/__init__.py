"""A file as a register: which sheet, which row of headings, which kind, which column is which field."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import Any

from geo.crs import Datum
from service.base.errors import Rejected, TooLarge, Unreadable
from service.base.sheets import SheetRow, Workbook, open_workbook, text_of
from service.imports.rules.cells import glimpse
from service.imports.rules.fields import FIELD_BY_KEY, FIELDS, POSITION_KEYS, Kind
from service.imports.rules.headings import (
    DEEPEST_HEADING,
    Heading,
    Layout,
    detect_kind,
    find_heading,
    match_columns,
)
from service.imports.rules.problems import Note, visible
from service.imports.rules.risk_point_outcomes import Double, Sighting, find_doubles
from service.imports.rules.row_roles import Beside, RowRole, notes_of, row_role

# More rows than any city's register of one enterprise group; a larger one is sent in parts.
MOST_ROWS = 200_000
_SAMPLES = 3
_LONGEST_SAMPLE = 60


class State(StrEnum):
    """How far an upload has come."""

    CHECKING = "checking"
    WRITING = "writing"
    NEEDS_KIND = "needs_kind"
    NEEDS_DATUM = "needs_datum"
    NEEDS_MAPPING = "needs_mapping"
    PREVIEWED = "previewed"
    COMMITTED = "committed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What a person said about a file; None leaves it to the file. mapping: corrections, field -> column or None."""

    kind: Kind | None = None
    datum: Datum | None = None
    sheet: str | None = None
    mapping: Mapping[str, int | None] = field(default_factory=dict)


@dataclass
class Survey:
    """What one look at all rows tells. positions: whether any is filled. doubles: risk points that stand there twice."""

    positions: bool = False
    row_count: int = 0
    seen: Beside = field(default_factory=Beside)
    doubles: Mapping[int, Double] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Outline:
    """A file as far as it is understood. layout: None until the kind is known."""

    book: Workbook = field(repr=False)
    sheet: str
    heading: Heading
    kind: Kind | None
    datum: Datum | None
    layout: Layout | None
    samples: Mapping[int, tuple[str, ...]]
    survey: "Survey"

    @property
    def state(self) -> State:
        """What is still to be said before rows can be checked."""
        if self.layout is None:
            return State.NEEDS_KIND
        if self.layout.missing():
            return State.NEEDS_MAPPING
        if self.survey.positions and self.datum is None:
            return State.NEEDS_DATUM
        return State.PREVIEWED

    def rows(self) -> Iterator[SheetRow]:
        """The rows below the headings that are a record of their own."""
        return (
            row
            for row in self.book.rows(self.sheet)
            if row.number > self.heading.number and row_role(row.cells) is RowRole.RECORD
        )

    def notes(self) -> list[Note]:
        """What the file holds beside its records."""
        return notes_of(self.survey.seen, self.book.hidden)

    def to_wire(self) -> dict[str, Any]:
        """Sheets, columns and fields as they are stored and sent."""
        fields = {} if self.layout is None else {column: key for key, column in self.layout.columns.items()}
        return {
            "sheets": [visible(sheet) for sheet in self.book.sheets],
            "columns": [
                {
                    "index": index,
                    "heading": visible(text),
                    "samples": [
                        visible(sample, longest=_LONGEST_SAMPLE) for sample in self.samples.get(index, ())
                    ],
                    "field": fields.get(index),
                }
                for index, text in enumerate(self.heading.texts)
            ],
            "fields": [] if self.kind is None else [one.to_wire() for one in FIELDS[self.kind]],
        }


def read_outline(content: bytes, filename: str, choice: Choice) -> Outline:
    """Understand a file as far as it and the person say.

    Raises:
        Unreadable: the file cannot be read, or the sheet holds nothing.
        TooLarge: it has more rows than are taken at once.
        Rejected: the choice names a sheet, field or column that is not there.
    """
    book = open_workbook(content, filename=filename)
    sheet, heading = _find_sheet(book, choice)
    kind = choice.kind or detect_kind(heading)
    samples = _sample(book, sheet, heading)
    layout = None
    survey = Survey()
    if kind is not None:
        layout = Layout(sheet, kind, heading, _columns(heading, kind, choice.mapping))
        survey = _survey(book, layout)
    return Outline(book, sheet, heading, kind, choice.datum, layout, samples, survey)


def _find_sheet(book: Workbook, choice: Choice) -> tuple[str, Heading]:
    """The sheet chosen, else the first whose headings are a register's, else the first that holds anything."""
    if choice.sheet is not None and choice.sheet not in book.sheets:
        raise Rejected(
            f"文件里没有名为“{choice.sheet}”的工作表。", f"The file has no sheet '{choice.sheet}'."
        )
    fallback: tuple[str, Heading] | None = None
    for sheet in book.sheets if choice.sheet is None else (choice.sheet,):
        top = [
            (row.number, [text_of(cell).strip() for cell in row.cells])
            for row in islice(book.rows(sheet), DEEPEST_HEADING)
        ]
        heading = find_heading(top)
        if heading is None:
            continue
        found = detect_kind(heading)
        if found is not None and choice.kind in (None, found):
            return sheet, heading
        fallback = fallback or (sheet, heading)
    if fallback is None:
        raise Unreadable("工作表里没有任何内容。", "The sheet holds nothing.")
    return fallback


def _sample(book: Workbook, sheet: str, heading: Heading) -> dict[int, tuple[str, ...]]:
    """The first filled cells of each column, for a person to see what it holds."""
    samples: dict[int, tuple[str, ...]] = {}
    for row in islice(book.rows(sheet), DEEPEST_HEADING + 50):
        if row.number <= heading.number:
            continue
        for column, cell in enumerate(row.cells[: len(heading.texts)]):
            text = text_of(cell).strip()
            if text and len(samples.get(column, ())) < _SAMPLES:
                samples[column] = (*samples.get(column, ()), text)
    return samples


def _columns(heading: Heading, kind: Kind, corrections: Mapping[str, int | None]) -> dict[str, int]:
    """The columns by field: known headings, then what the person corrected."""
    columns = match_columns(heading, kind)
    for key, column in corrections.items():
        if key not in FIELD_BY_KEY[kind]:
            raise Rejected(f"没有字段“{key}”。", f"There is no field '{key}'.")
        if column is not None and not 0 <= column < len(heading.texts):
            raise Rejected(f"文件没有第 {column + 1} 列。", f"The file has no column {column + 1}.")
    taken = {column for column in corrections.values() if column is not None}
    kept = {key: column for key, column in columns.items() if key not in corrections and column not in taken}
    chosen = {key: column for key, column in corrections.items() if column is not None}
    if len(set(chosen.values())) < len(chosen):
        raise Rejected("两个字段不能取自同一列。", "Two fields cannot come from one column.")
    return kept | chosen


def _survey(book: Workbook, layout: Layout) -> Survey:
    """One look at all rows."""
    placed = [layout.columns[key] for key in POSITION_KEYS if key in layout.columns]
    survey = Survey()

    def rows() -> Iterator[Sighting]:
        for row in book.rows(layout.sheet):
            if row.number <= layout.heading.number or not survey.seen.takes(row.number, row_role(row.cells)):
                continue
            survey.row_count += 1
            survey.seen.merged += bool(row.merged)
            if survey.row_count > MOST_ROWS:
                raise TooLarge(
                    f"行数超过 {MOST_ROWS}，请拆分后分次上传。",
                    f"There are more than {MOST_ROWS} rows; split the file.",
                )
            survey.positions = survey.positions or any(
                column < len(row.cells) and row.cells[column] is not None for column in placed
            )
            owner = glimpse(row, layout, "uscc") or glimpse(row, layout, "enterprise")
            yield Sighting(row.number, owner, glimpse(row, layout, "number"), hash(tuple(row.cells)))

    if layout.kind is Kind.RISK_POINTS:
        survey.doubles = find_doubles(rows())
    else:
        for _ in rows():
            pass
    return survey
