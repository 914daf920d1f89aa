"""A risk point as it is to stand in the register, with its event, its measures and new assessments."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRecord:
    """An event of a point. accident_categories: codes of accident_edition."""

    name: str
    accident_edition: str | None
    accident_categories: tuple[str, ...]
    consequence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureRecord:
    """One control measure of an event. kind, control_level: codes."""

    kind: str | None
    description: str
    control_level: str | None
    unit: str
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentRecord:
    """One grading to be added. inputs, reasons: JSON text. grade, override_from: riskClass 1..4."""

    basis: str
    method_id: str
    method_version: str
    inputs: str
    score: Decimal | None
    grade: int
    reasons: str
    override_from: int | None
    override_reason: str | None
    assessor: str
    assessed_on: date
    next_review: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskPointRecord:
    """A point as it is to stand in the register.

    id: None for a new one. enterprise_id: None for a point of the region. geom: hexadecimal EWKB, SRID 4490, its own
    position. source_x, source_y: the numbers as given in source_datum; a geometry stands whole in source_x.
    own_industries: codes, None to take those of the enterprise.
    """

    id: int | None
    enterprise_id: int | None
    site_id: int | None
    number: str
    name: str
    place: str
    geom: str | None
    source_datum: str | None
    source_x: str | None
    source_y: str | None
    located_in_id: int
    located_stated: bool
    managed_by_id: int
    managed_reason: str | None
    own_industries: tuple[str, ...] | None
    control_level: str | None
    accident_edition: str | None
    accident_categories: tuple[str, ...]
    exposed_workers: int | None
    demo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskPointWriting:
    """What is to be written of one point.

    changed: whether a registered point's own row differs. event, measures: the first event and its measures as they are
    to stand, looked at only where the flag beside them says that they differ; an event of None is removed.
    """

    point: RiskPointRecord
    changed: bool
    event: EventRecord | None
    event_changed: bool
    measures: tuple[MeasureRecord, ...]
    measures_changed: bool
    assessments: tuple[AssessmentRecord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventWriting:
    """An event as it is to stand, with all its measures in their order. id: of the registered event that it was."""

    id: int | None
    event: EventRecord
    measures: tuple[MeasureRecord, ...]
