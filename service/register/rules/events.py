"""The events of a point with their measures, as a form gives them: by the vocabulary of the import."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from service.imports.rules.cells import RowReader
from service.imports.rules.fields import Kind
from service.imports.rules.vocabulary import Vocabulary, read_accidents, read_code
from service.register.rules.rows import FieldProblem, form_row, in_words, problems_of, refusal
from service.risk_points.rules import EventRecord, EventWriting, MeasureRecord

# Beyond what a person can hold in view a point is several points.
MOST_EVENTS, MOST_MEASURES = 50, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureForm:
    """One measure as given. kind, control_level: codes or names."""

    kind: str | None
    text: str | None
    control_level: str | None
    unit: str | None
    person: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventForm:
    """One event as given. id: of the event that it was, None for a new one. edition: of the accident categories."""

    id: int | None
    name: str | None
    edition: str | None
    accident_categories: Sequence[str]
    consequence: str | None
    measures: Sequence[MeasureForm]


@dataclass(frozen=True, slots=True)
class ReadEvents:
    """Events as they are to stand; edition and accident_categories: what the point itself is known by."""

    events: tuple[EventWriting, ...]
    edition: str | None
    accident_categories: tuple[str, ...]


def read_events(forms: Sequence[EventForm], vocabulary: Vocabulary) -> tuple[ReadEvents, list[FieldProblem]]:
    """Read events; what is wrong with them is in the list beside."""
    problems: list[FieldProblem] = []
    events = [
        _read_event(form, vocabulary, at=f"events.{place}.", problems=problems)
        for place, form in enumerate(forms)
    ]
    ids = [form.id for form in forms if form.id is not None]
    if len(ids) != len(set(ids)):
        problems.append(
            refusal("events", "duplicate_row", "同一风险事件出现了两次", "An event stands in the list twice")
        )
    # One row has one edition. Where events were recorded in several, the youngest counts.
    used = [
        one.name for one in vocabulary.accidents if any(e.event.accident_edition == one.name for e in events)
    ]
    edition = used[0] if used else None
    codes = (
        code
        for each in events
        if each.event.accident_edition == edition
        for code in each.event.accident_categories
    )
    return ReadEvents(tuple(events), edition, tuple(dict.fromkeys(codes)) if edition else ()), problems


def _read_event(
    form: EventForm, vocabulary: Vocabulary, *, at: str, problems: list[FieldProblem]
) -> EventWriting:
    row = form_row(
        {
            "event": form.name,
            "accident_categories": in_words(form.accident_categories) or None,
            "consequence": form.consequence,
        },
        Kind.RISK_POINTS,
    )
    # An event must have a name; the import makes one up only because many workbooks have no column for it.
    name = row.text("event")
    if row.cell("event") is None:
        row.error("event", "missing", "缺少“风险事件”，请补填", "event is missing; fill it in")
    accidents = _accidents(row, form, vocabulary)
    consequence = row.text("consequence", lines=True)
    problems += problems_of(row.problems, at=at, names={"event": "name"})
    measures = tuple(
        _read_measure(measure, vocabulary, at=f"{at}measures.{place}.", problems=problems)
        for place, measure in enumerate(form.measures)
    )
    return EventWriting(
        id=form.id,
        event=EventRecord(
            name=name if isinstance(name, str) else "",
            accident_edition=accidents[0] if accidents else None,
            accident_categories=accidents[1] if accidents else (),
            consequence=consequence if isinstance(consequence, str) else "",
        ),
        measures=measures,
    )


def _accidents(row: RowReader, form: EventForm, vocabulary: Vocabulary) -> tuple[str, tuple[str, ...]] | None:
    """The edition and codes. A form says which edition its codes are of: both have a code 8, and it is not the same."""
    words = vocabulary
    if form.edition is not None:
        words = replace(
            vocabulary, accidents=[one for one in vocabulary.accidents if one.name == form.edition]
        )
        if not words.accidents:
            row.error(
                "accident_categories",
                "unknown_edition",
                f"没有事故类别标准“{form.edition}”，可用：{'、'.join(one.name for one in vocabulary.accidents)}",
                f"There is no edition '{form.edition}' of accident categories",
            )
            return None
    found = read_accidents(row, words, vocabulary.today)
    return found if isinstance(found, tuple) else None


def _read_measure(
    form: MeasureForm, vocabulary: Vocabulary, *, at: str, problems: list[FieldProblem]
) -> MeasureRecord:
    kind_row = form_row({"measures": form.kind}, Kind.RISK_POINTS)
    kind = read_code(kind_row, "measures", vocabulary.measure_kinds)
    row = form_row(
        {
            "measures": form.text,
            "control_level": form.control_level,
            "responsible_unit": form.unit,
            "responsible_person": form.person,
        },
        Kind.RISK_POINTS,
    )
    text = row.text("measures", lines=True)
    if row.cell("measures") is None:
        row.error(
            "measures", "missing", "缺少“管控措施”的内容，请补填", "The measure has no text; fill it in"
        )
    level = read_code(row, "control_level", vocabulary.control_levels)
    unit, person = row.text("responsible_unit"), row.text("responsible_person")
    problems += problems_of(kind_row.problems, at=at, names={"measures": "kind"})
    names = {"measures": "text", "responsible_unit": "unit", "responsible_person": "person"}
    problems += problems_of(row.problems, at=at, names=names)
    return MeasureRecord(
        kind=kind if isinstance(kind, str) else None,
        description=text if isinstance(text, str) else "",
        control_level=level if isinstance(level, str) else None,
        unit=unit if isinstance(unit, str) else "",
        person=person if isinstance(person, str) else "",
    )
