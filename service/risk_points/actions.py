"""Writing risk points in bulk: copied beside the tables, then a few set-based statements."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from typing import LiteralString

from service.base.statements import Connection, statement
from service.risk_points.rules import AssessmentRecord, EventRecord, RiskPointRecord, RiskPointWriting

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


async def stage(connection: Connection, writings: Sequence[tuple[int, RiskPointWriting]]) -> None:
    """Put points aside, each with its number in this writing."""
    await _copy(connection, _COPY_POINTS, (_point_row(item, one) for item, one in writings))
    await _copy(
        connection, _COPY_EVENTS, (_event_row(item, one.event) for item, one in writings if one.event_changed)
    )
    await _copy(
        connection,
        _COPY_MEASURES,
        (
            (
                item,
                sort,
                measure.kind,
                measure.description,
                measure.control_level,
                measure.unit,
                measure.person,
            )
            for item, one in writings
            if one.measures_changed
            for sort, measure in enumerate(one.measures, 1)
        ),
    )
    await _copy(
        connection,
        _COPY_ASSESSMENTS,
        (
            (item, *(getattr(assessment, column) for column in _ASSESSMENT_COLUMNS))
            for item, one in writings
            for assessment in one.assessments
        ),
    )


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


async def _copy(connection: Connection, text: LiteralString, rows: Iterable[tuple[object, ...]]) -> None:
    async with connection.cursor() as cursor, cursor.copy(text) as copy:
        for row in rows:
            await copy.write_row(row)


def _point_row(item: int, writing: RiskPointWriting) -> tuple[object, ...]:
    # Where the event goes its measures go with it; nothing is left to compare.
    compared = writing.measures_changed and writing.event is not None
    measures = len(writing.measures) if compared else None
    values = (getattr(writing.point, column) for column in _POINT_COLUMNS)
    return item, writing.changed, measures, *(list(one) if isinstance(one, tuple) else one for one in values)


def _event_row(item: int, event: EventRecord | None) -> tuple[object, ...]:
    if event is None:
        return item, None, None, [], ""
    return item, event.name, event.accident_edition, list(event.accident_categories), event.consequence
