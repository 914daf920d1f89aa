"""Rows of registers for the pure tests of the import."""

from datetime import date
from importlib.resources import files

from service.base.sheets import SheetRow, Value
from service.codes.rules.lists import parse_list
from service.codes.rules.strict_yaml import parse_yaml
from service.grading.rules.definitions import parse_method
from service.imports.rules.cells import RowReader
from service.imports.rules.fields import FIELD_BY_KEY, Kind
from service.imports.rules.headings import Heading, Layout
from service.imports.rules.problems import Severity
from service.imports.rules.vocabulary import Edition, Vocabulary

TODAY = date(2026, 11, 23)


def reader(cells: dict[str, Value], *, kind: Kind = Kind.RISK_POINTS, number: int = 37) -> RowReader:
    """A row with these cells by field, under the Chinese headings."""
    headings = tuple(FIELD_BY_KEY[kind][key].zh for key in cells)
    layout = Layout("表", kind, Heading(1, headings), {key: column for column, key in enumerate(cells)})
    return RowReader(SheetRow(number, list(cells.values())), layout)


def errors(row: RowReader) -> list[str]:
    """The codes of what leaves the row out."""
    return [problem.code for problem in row.problems if problem.severity is Severity.ERROR]


def warnings(row: RowReader) -> list[str]:
    """The codes of what only is to be seen."""
    return [problem.code for problem in row.problems if problem.severity is Severity.WARNING]


def editions(list_id: str) -> list[Edition]:
    """The shipped editions of a code list, the youngest first."""
    file = files("service.codes") / "definitions" / f"{list_id}.yaml"
    found = parse_list(parse_yaml(file.read_text(encoding="utf-8"))).editions
    made = [
        Edition.of(
            edition.edition,
            (edition.valid_from, edition.valid_to),
            ((entry.code, entry.name.zh, entry.name.en) for entry in edition.entries),
        )
        for edition in found
    ]
    return sorted(made, key=lambda edition: edition.valid_from, reverse=True)


def vocabulary() -> Vocabulary:
    """The shipped words and methods on a day of 2026."""
    folder = files("service.grading") / "definitions"
    methods = [
        parse_method(parse_yaml(file.read_text(encoding="utf-8")))
        for file in folder.iterdir()
        if file.name.endswith(".yaml")
    ]
    return Vocabulary(
        today=TODAY,
        industries=editions("regulatory_industry")[0],
        accidents=editions("accident_category"),
        measure_kinds=editions("measure_kind")[0],
        control_levels=editions("control_level")[0],
        methods=methods,
    )
