"""What a risk point, its event, its measures and its gradings are to be, and how the differences read."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from service.enterprises.rules import EnterpriseRecord, SiteRecord
from service.grading.rules.grades import Grade
from service.grading.rules.reasons import ReasonItem
from service.imports.rules.assessments import INHERENT, GivenAssessment, Recorded
from service.imports.rules.cells import ERASED, RowReader
from service.imports.rules.outcome import Difference, difference
from service.imports.rules.placements import Atlas, Placement
from service.imports.rules.risk_point_register import RegisteredPoint
from service.imports.rules.risk_point_rows import RiskPointDraft
from service.imports.rules.settling import (
    placement_of,
    position_difference,
    position_fields,
    settle,
    territory_differences,
)
from service.imports.rules.vocabulary import Edition, GivenMeasure, Vocabulary, shown_measures
from service.risk_points.rules import AssessmentRecord, EventRecord, MeasureRecord, RiskPointRecord


@dataclass(frozen=True, slots=True)
class Case:
    """One row with what it means in the register."""

    row: RowReader
    draft: RiskPointDraft
    firm: EnterpriseRecord | None
    site: SiteRecord | None
    old_site: SiteRecord | None
    known: RegisteredPoint | None

    @property
    def old(self) -> RiskPointRecord | None:
        """The point as it stands."""
        return None if self.known is None else self.known.record

    @property
    def old_event(self) -> EventRecord | None:
        """Its first event as it stands."""
        return None if self.known is None else self.known.event

    @property
    def old_measures(self) -> tuple[MeasureRecord, ...]:
        """The measures of its first event as they stand."""
        return () if self.known is None else self.known.measures


def settle_point(case: Case, placement: Placement, *, demo: bool) -> RiskPointRecord:
    """The point as it is to stand."""
    draft, old = case.draft, case.old
    edition, codes = (old.accident_edition, old.accident_categories) if old else (None, ())
    if draft.accidents is not None:
        edition, codes = (None, ()) if draft.accidents is ERASED else draft.accidents
    return RiskPointRecord(
        id=None if old is None else old.id,
        enterprise_id=None if case.firm is None else case.firm.id,
        site_id=None if case.site is None else case.site.id,
        number=draft.number,
        name=draft.name,
        place=settle(draft.place, old.place if old else "", ""),
        **position_fields(draft.position, old),
        located_in_id=placement.located_in_id,
        located_stated=placement.located_stated,
        managed_by_id=placement.managed_by_id,
        managed_reason=placement.managed_reason,
        own_industries=_own_industries(case),
        control_level=settle(draft.control_level, old.control_level if old else None, None),
        accident_edition=edition,
        accident_categories=codes,
        exposed_workers=settle(draft.exposed_workers, old.exposed_workers if old else None, None),
        demo=demo if old is None else old.demo,
    )


def _own_industries(case: Case) -> tuple[str, ...] | None:
    """Its own industries; what only repeats the enterprise's goes on following the enterprise."""
    given, old = case.draft.industries, None if case.old is None else case.old.own_industries
    if given is None:
        return old
    if given is ERASED:
        return None if case.firm else ()
    if old is None and case.firm is not None and given == case.firm.industries:
        return None
    return given


def settle_event(case: Case, point: RiskPointRecord, vocabulary: Vocabulary) -> EventRecord | None:
    """The first event as it is to stand; None where nothing is said of one, or it is erased."""
    draft, old = case.draft, case.old_event
    if draft.event is ERASED:
        if isinstance(draft.measures, tuple):
            case.row.error(
                "measures",
                "measures_without_event",
                "风险事件被清空，但仍填了管控措施；措施属于事件，请保留事件或一并清空",
                "The event is erased but measures are given; they belong to it: keep it, or erase both",
            )
        return None
    said = (draft.event, draft.accidents, draft.consequence, draft.measures)
    if old is None and all(value is None or value is ERASED for value in said):
        return None
    name = settle(draft.event, old.name if old else None, None)
    if name is None:
        # A register without a column for the event still names accidents and measures; an event must have a name.
        name = vocabulary.accident_names(point.accident_edition, point.accident_categories) or point.name
    told = point if draft.accidents is not None or old is None else old
    consequence = settle(draft.consequence, old.consequence if old else "", "")
    return _event(name, told.accident_edition, told.accident_categories, consequence)


@lru_cache(maxsize=4096)
def _event(name: str, edition: str | None, categories: tuple[str, ...], consequence: str) -> EventRecord:
    """An event; a register repeats the same ones by the thousand."""
    return EventRecord(
        name=name, accident_edition=edition, accident_categories=categories, consequence=consequence
    )


def settle_measures(case: Case, event: EventRecord | None) -> tuple[MeasureRecord, ...]:
    """The measures of the first event as they are to stand."""
    draft, old = case.draft, case.old_measures
    if event is None or draft.measures is ERASED:
        measures: tuple[MeasureRecord, ...] = ()
    elif draft.measures is None:
        measures = tuple(_with_holder(draft, measure, measure) for measure in old)
    elif not old:
        held = (draft.control_level, draft.responsible_unit, draft.responsible_person)
        measures = _new_measures(draft.measures, *(settle(one, None, None) for one in held))
    else:
        by_text = {measure.description: measure for measure in old}
        measures = tuple(
            _with_holder(draft, _measure(given), by_text.get(given.text) or old[0])
            for given in draft.measures
        )
    if not measures:
        for key, value in (
            ("responsible_unit", draft.responsible_unit),
            ("responsible_person", draft.responsible_person),
        ):
            if isinstance(value, str):
                case.row.warn(
                    key,
                    "nobody_to_hold",
                    "责任单位和责任人随管控措施保存，本行没有管控措施，未保存",
                    "Unit and person are kept with a measure; the row has none, so they are not kept",
                )
    return measures


@lru_cache(maxsize=4096)
def _new_measures(
    given: tuple[GivenMeasure, ...], level: str | None, unit: str | None, person: str | None
) -> tuple[MeasureRecord, ...]:
    """Measures of which none stands yet; a register repeats the same ones by the thousand."""
    return tuple(
        MeasureRecord(
            kind=one.kind, description=one.text, control_level=level, unit=unit or "", person=person or ""
        )
        for one in given
    )


def _measure(given: GivenMeasure) -> MeasureRecord:
    return MeasureRecord(kind=given.kind, description=given.text, control_level=None, unit="", person="")


def _with_holder(draft: RiskPointDraft, measure: MeasureRecord, old: MeasureRecord | None) -> MeasureRecord:
    """A measure with its level, unit and person: as stated, else as they stand."""
    same = old is not None and old.description == measure.description
    return replace(
        measure,
        kind=measure.kind or (old.kind if old is not None and same else None),
        control_level=settle(draft.control_level, old.control_level if old else None, None),
        unit=settle(draft.responsible_unit, old.unit if old else "", ""),
        person=settle(draft.responsible_person, old.person if old else "", ""),
    )


def settle_assessments(case: Case) -> tuple[GivenAssessment, ...]:
    """The gradings of the row that the register does not hold yet."""
    return tuple(given for given in case.draft.assessments if not _is_recorded(case, given))


def _is_recorded(case: Case, given: GivenAssessment) -> bool:
    """Whether a grading repeats the latest of its basis, or one of its own day where a later one exists."""
    recorded = _recorded(case.known, given.basis)
    if not recorded:
        return False
    latest = recorded[0]
    if latest.assessed_on <= given.assessed_on:
        return latest.says(given)
    if any(one.says(given) for one in recorded):
        return True
    case.row.warn(
        "assessed_on",
        "older_assessment",
        f"已有 {latest.assessed_on} 的评定，本行 {given.assessed_on} 的评定作为历史保存，不改变颜色",
        f"There is an assessment of {latest.assessed_on}; that of {given.assessed_on} is kept as history "
        "and does not change the colour",
    )
    return False


def _recorded(known: RegisteredPoint | None, basis: str) -> Sequence[Recorded]:
    return () if known is None else known.assessments.get(basis, ())


@lru_cache(maxsize=4096)
def to_record(given: GivenAssessment) -> AssessmentRecord:
    """A grading as it is stored; rows that say the same share it."""
    verdict = given.verdict
    return AssessmentRecord(
        basis=given.basis,
        method_id=verdict.method.id,
        method_version=verdict.method.version,
        inputs=_inputs_text(tuple(verdict.inputs.items())),
        score=verdict.score,
        grade=int(verdict.grade),
        reasons=_reasons_text(verdict.reasons),
        override_from=None if verdict.override is None else int(verdict.override.from_grade),
        override_reason=given.override_reason,
        assessor=given.assessor,
        assessed_on=given.assessed_on,
        next_review=given.next_review,
    )


@lru_cache(maxsize=4096)
def _inputs_text(inputs: tuple[tuple[str, str], ...]) -> str:
    return json.dumps(dict(inputs), ensure_ascii=False)


@lru_cache(maxsize=4096)
def _reasons_text(reasons: tuple[ReasonItem, ...]) -> str:
    """The structured reasons as they are stored; a register repeats the same ones by the thousand."""
    return json.dumps([reason.to_wire() for reason in reasons], ensure_ascii=False)


def point_differences(
    case: Case, point: RiskPointRecord, vocabulary: Vocabulary, atlas: Atlas
) -> list[Difference]:
    """The differences of the point itself."""
    if case.known is None:
        return []
    old = case.known.record
    industries, levels = vocabulary.industries, vocabulary.control_levels
    firm = case.firm.industries if case.firm else ()
    return [
        *difference("name", old.name, point.name),
        *difference("place", old.place, point.place),
        *difference("site_number", _number_of(case.old_site), _number_of(case.site)),
        *position_difference(old, point, case.known.shown, case.draft.position),
        *territory_differences(placement_of(old), placement_of(point), atlas),
        *difference(
            "industries",
            industries.shown(firm if old.own_industries is None else old.own_industries),
            industries.shown(firm if point.own_industries is None else point.own_industries),
        ),
        *difference(
            "control_level", levels.shown(_one(old.control_level)), levels.shown(_one(point.control_level))
        ),
        *difference(
            "accident_categories",
            vocabulary.accident_names(old.accident_edition, old.accident_categories),
            vocabulary.accident_names(point.accident_edition, point.accident_categories),
        ),
        *difference("exposed_workers", _text(old.exposed_workers), _text(point.exposed_workers)),
    ]


def event_differences(
    case: Case, event: EventRecord | None, measures: Sequence[MeasureRecord], vocabulary: Vocabulary
) -> list[Difference]:
    """The differences of the event and its measures."""
    if case.known is None:
        return []
    names, kinds = vocabulary.accident_names, vocabulary.measure_kinds
    old, before = case.old_event, case.old_measures
    return [
        *difference("event", old.name if old else None, event.name if event else None),
        *difference(
            "accident_categories",
            names(old.accident_edition, old.accident_categories) if old else None,
            names(event.accident_edition, event.accident_categories) if event else None,
        ),
        *difference("consequence", old.consequence if old else None, event.consequence if event else None),
        *difference("measures", _shown(before, kinds), _shown(measures, kinds)),
        *difference("control_level", _levels(before, vocabulary), _levels(measures, vocabulary)),
        *difference("responsible_unit", _joined(before, "unit"), _joined(measures, "unit")),
        *difference("responsible_person", _joined(before, "person"), _joined(measures, "person")),
    ]


def assessment_differences(
    case: Case, added: Sequence[GivenAssessment], vocabulary: Vocabulary
) -> list[Difference]:
    """The differences of the gradings that are added, each against the latest of its basis."""
    found: list[Difference] = []
    if case.known is None:
        return found
    for given in added:
        recorded = _recorded(case.known, given.basis)
        old = recorded[0] if recorded else None
        verdict = given.verdict
        found += difference(
            "inherent_grade" if given.basis == INHERENT else "grade",
            None if old is None else Grade(old.grade).text.zh,
            verdict.grade.text.zh,
        )
        if given.basis == INHERENT:
            continue
        titles = {(method.id, method.version): method.title.zh for method in vocabulary.methods}
        found += [
            *difference(
                "method",
                None if old is None else _method(old.method_id, old.method_version, titles),
                _method(verdict.method.id, verdict.method.version, titles),
            ),
            *difference(
                "inputs",
                None if old is None else _inputs(old.inputs, like=verdict.inputs),
                _inputs(verdict.inputs, like=verdict.inputs),
            ),
            *difference("override_reason", old.override_reason if old else None, given.override_reason),
            *difference(
                "assessor", old.assessor if old else None, given.assessor or (old.assessor if old else "")
            ),
            *difference("assessed_on", _text(old.assessed_on) if old else None, _text(given.assessed_on)),
            *difference("next_review", _text(old.next_review) if old else None, _text(given.next_review)),
        ]
    return found


def _method(method_id: str, version: str, titles: Mapping[tuple[str, str], str]) -> str:
    return f"{titles.get((method_id, version), method_id)}（版本 {version}）"


def _inputs(inputs: Mapping[str, str], *, like: Mapping[str, str]) -> str:
    """Inputs in the order of others: the database keeps them by the length of their names."""
    order = [axis for axis in like if axis in inputs] + [axis for axis in inputs if axis not in like]
    return " ".join(f"{axis}={inputs[axis]}" for axis in order)


def _shown(measures: Sequence[MeasureRecord], kinds: Edition) -> str:
    return shown_measures([GivenMeasure(measure.kind, measure.description) for measure in measures], kinds)


def _levels(measures: Sequence[MeasureRecord], vocabulary: Vocabulary) -> str:
    codes = dict.fromkeys(measure.control_level for measure in measures if measure.control_level)
    return vocabulary.control_levels.shown(codes)


def _joined(measures: Sequence[MeasureRecord], attribute: str) -> str:
    return "；".join(dict.fromkeys(text for measure in measures if (text := getattr(measure, attribute))))


def _number_of(site: SiteRecord | None) -> str | None:
    return None if site is None else site.number


def _one(code: str | None) -> tuple[str, ...]:
    return () if code is None else (code,)


def _text(value: object) -> str | None:
    return None if value is None else str(value)
