"""Writing risk points: in bulk, copied beside the tables, then a few set-based statements; or one by one."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from operator import attrgetter
from typing import Any, LiteralString

from service.base.copies import line_of
from service.base.statements import Connection, read, statement
from service.risk_points.rules import (
    AssessmentRecord,
    EventRecord,
    EventWriting,
    MeasureRecord,
    RiskPointRecord,
    RiskPointWriting,
)

_POINT_COLUMNS = tuple(one.name for one in fields(RiskPointRecord))
_ASSESSMENT_COLUMNS = tuple(one.name for one in fields(AssessmentRecord))
_COPY_POINTS = """
    COPY staged_risk_point (item, changed, measures, id, enterprise_id, site_id, number, name, place, geom,
        source_datum, source_x, source_y, located_in_id, located_stated, managed_by_id, managed_reason,
        own_industries, control_level, accident_edition, accident_categories, exposed_workers, demo)
    FROM STDIN
"""
_COPY_EVENTS = """
    COPY staged_event (item, name, accident_edition, accident_categories, consequence) FROM STDIN
"""
_COPY_MEASURES = """
    COPY staged_measure (item, sort, kind, description, control_level, unit, person) FROM STDIN
"""
_COPY_ASSESSMENTS = """
    COPY staged_assessment (item, basis, method_id, method_version, inputs, score, grade, reasons, override_from,
        override_reason, assessor, assessed_on, next_review)
    FROM STDIN
"""
_STEPS = (
    "analyze",
    "lock_owners",
    "lock_sites",
    "find_events",
    "find_measures",
    "update_points",
    "insert_settled_points",
    "insert_points",
    "remove_events",
    "update_events",
    "insert_events",
    "update_measures",
    "remove_measures",
    "insert_measures",
    "insert_assessments",
)


async def begin_staging(connection: Connection) -> None:
    """Make room for what is to be written; it ends with the transaction."""
    await connection.execute(statement("risk_points", "import_staged/stage"))


@dataclass(frozen=True, slots=True)
class Lot:
    """Points with all that hangs on them, as COPY reads them into the staging: UTF-8, one table each."""

    points: bytes
    events: bytes
    measures: bytes
    assessments: bytes


# What a lot is copied by: a lot that was kept fits only the columns it was made for.
COPIES: Mapping[str, LiteralString] = {
    "points": _COPY_POINTS,
    "events": _COPY_EVENTS,
    "measures": _COPY_MEASURES,
    "assessments": _COPY_ASSESSMENTS,
}


def lot_of(writings: Iterable[RiskPointWriting], *, first: int) -> Lot:
    """What is to be written as it is copied; the points are numbered from `first` in this writing."""
    points: list[str] = []
    events: list[str] = []
    measures: list[str] = []
    assessments: list[str] = []
    for item, one in enumerate(writings, first):
        points.append(_point_line(item, one))
        if one.event_changed:
            events.append(f"{item}\t{_event_fields(one.event)}")
        if one.measures_changed:
            measures += [
                f"{item}\t{sort}\t{_measure_fields(measure)}" for sort, measure in enumerate(one.measures, 1)
            ]
        assessments += [f"{item}\t{_assessment_fields(assessment)}" for assessment in one.assessments]
    texts = ("".join(lines).encode() for lines in (points, events, measures, assessments))
    return Lot(*texts)


async def stage(connection: Connection, lot: Lot) -> None:
    """Put a lot aside until it is written."""
    for name, text in COPIES.items():
        async with connection.cursor() as cursor, cursor.copy(text) as copy:
            await copy.write(getattr(lot, name))


async def write_staged(
    connection: Connection, *, after_step: Callable[[int, int], None] | None = None
) -> None:
    """Write what was put aside: what is registered is changed where it differs, the rest is added.

    after_step hears how many of how many statements are done.
    """
    for done, step in enumerate(_STEPS, 1):
        await connection.execute(statement("risk_points", f"import_staged/{step}"))
        if after_step is not None:
            after_step(done, len(_STEPS))


def _point_line(item: int, writing: RiskPointWriting) -> str:
    # Where the event goes its measures go with it; nothing is left to compare.
    compared = writing.measures_changed and writing.event is not None
    measures = len(writing.measures) if compared else None
    # Whoever edits a point holds its version; a change of what hangs on it must not slip past them.
    changed = writing.changed or writing.event_changed or writing.measures_changed
    own = line_of((item, changed, measures, *_own_fields(writing.point)))
    return f"{own[:-1]}\t{_shared_line(_shared_fields(writing.point))}"


# From here on the columns of a point say what many points of a register have in common.
_SHARED_FROM = _POINT_COLUMNS.index("located_in_id")
_own_fields = attrgetter(*_POINT_COLUMNS[:_SHARED_FROM])
_shared_fields = attrgetter(*_POINT_COLUMNS[_SHARED_FROM:])
_fields_of_assessment = attrgetter(*_ASSESSMENT_COLUMNS)
# What hangs on points repeats by the thousand in a register: each is put into COPY's words once.
_REMEMBERED = 4096


@lru_cache(_REMEMBERED)
def _shared_line(values: tuple[object, ...]) -> str:
    return line_of(values)


@lru_cache(_REMEMBERED)
def _event_fields(event: EventRecord | None) -> str:
    if event is None:
        return line_of((None, None, (), ""))
    return line_of((event.name, event.accident_edition, event.accident_categories, event.consequence))


@lru_cache(_REMEMBERED)
def _measure_fields(measure: MeasureRecord) -> str:
    return line_of((measure.kind, measure.description, measure.control_level, measure.unit, measure.person))


@lru_cache(_REMEMBERED)
def _assessment_fields(assessment: AssessmentRecord) -> str:
    return line_of(_fields_of_assessment(assessment))


async def write_point(connection: Connection, record: RiskPointRecord) -> int:
    """Register one point, or bring a registered one to what it is to be; give its id."""
    name = "write_point" if record.id is None else "change_point"
    rows = await read(connection, statement("risk_points", name), _parameters(record))
    return int(rows[0]["id"])


async def remove_point(connection: Connection, risk_point_id: int) -> None:
    """Take one point out of the register. Its assessments and its history stay."""
    await connection.execute(statement("risk_points", "remove_point"), {"id": risk_point_id})


async def write_assessments(
    connection: Connection, risk_point_id: int, assessments: Iterable[AssessmentRecord]
) -> None:
    """Add gradings to one point; its marks follow."""
    for one in assessments:
        parameters = _parameters(one) | {"risk_point_id": risk_point_id}
        await connection.execute(statement("risk_points", "write_assessment"), parameters)


async def write_events(connection: Connection, risk_point_id: int, events: Sequence[EventWriting]) -> None:
    """Make these all the events of one point, in their order; what says the same already is not touched."""
    own = {"risk_point_id": risk_point_id}
    kept = [(one.id, sort) for sort, one in enumerate(events, 1) if one.id is not None]
    ids = [event_id for event_id, _ in kept]
    await connection.execute(statement("risk_points", "remove_other_events"), own | {"kept": ids})
    moved = own | {"ids": ids, "sorts": [sort for _, sort in kept]}
    await connection.execute(statement("risk_points", "set_events_aside"), moved)
    for sort, one in enumerate(events, 1):
        parameters = own | _parameters(one.event) | {"id": one.id, "sort": sort}
        event_id = one.id
        if event_id is None:
            rows = await read(connection, statement("risk_points", "write_event"), parameters)
            event_id = int(rows[0]["id"])
        else:
            await connection.execute(statement("risk_points", "change_event"), parameters)
        await _write_measures(connection, own | {"risk_event_id": event_id}, one)


async def _write_measures(connection: Connection, owner: dict[str, int], writing: EventWriting) -> None:
    parameters: dict[str, Any] = owner | {
        "kept": len(writing.measures),
        "kinds": [one.kind for one in writing.measures],
        "descriptions": [one.description for one in writing.measures],
        "control_levels": [one.control_level for one in writing.measures],
        "units": [one.unit for one in writing.measures],
        "persons": [one.person for one in writing.measures],
    }
    for step in ("remove_measures", "change_measures", "write_measures"):
        await connection.execute(statement("risk_points", step), parameters)


def _parameters(record: RiskPointRecord | EventRecord | AssessmentRecord) -> dict[str, Any]:
    """The fields of a record as bound parameters."""
    values = ((one.name, getattr(record, one.name)) for one in fields(record))
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values}
