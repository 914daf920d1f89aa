"""Risk points by form: created, changed, moved, assessed, removed, each in one transaction, whole or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from geo.crs import Datum
from service.enterprises import queries as enterprise_queries
from service.enterprises.rules import EnterpriseRecord, SiteRecord, name_key
from service.imports import queries as import_queries
from service.imports.rules.assessments import Assessor, GivenAssessment
from service.imports.rules.fields import Kind
from service.imports.rules.questions import ask_of_risk_point
from service.imports.rules.risk_point_outcomes import RiskPointJudge
from service.imports.rules.risk_point_register import RegisteredPoint, RiskPointRegister
from service.imports.rules.risk_point_rows import RiskPointDraft, read_risk_point
from service.register.actions.desk import Done, refused_in_words, require_sound, require_version
from service.register.queries import forms as queries
from service.register.queries.forms import Desk
from service.register.rules.assessments import AssessmentForm, read_assessment
from service.register.rules.events import EventForm, ReadEvents, read_events
from service.register.rules.positions import POSITION_FIELDS, check_datum
from service.register.rules.rows import Cells, FieldProblem, form_row, problems_of, refusal
from service.risk_points import actions as risk_point_actions
from service.risk_points.rules import RiskPointWriting

_NAMES = POSITION_FIELDS | {"uscc": "enterprise_id", "enterprise": "enterprise_id", "site_number": "site_id"}
# Where there is no position, none is asked about; a datum is still a value.
_ANY_DATUM = Datum.CGCS2000


@dataclass(frozen=True, kw_only=True)
class PointForm:
    """What a form says of a point; what it does not say stays as it is.

    cells: by field of the import. owner: the enterprise, None for the region; looked at where owned says so. site: its id.
    unstated: the territory is no longer stated, the position decides. alone: the one grading is the whole form.
    """

    cells: Cells = field(default_factory=dict)
    owned: bool = False
    owner: int | None = None
    site: int | None = None
    datum: Datum | None = None
    unstated: bool = False
    events: Sequence[EventForm] | None = None
    assessments: Sequence[AssessmentForm] = ()
    alone: bool = False


@dataclass(frozen=True)
class _Owner:
    """Whose point it is, with the sites it may be at."""

    firm: EnterpriseRecord | None
    sites: Sequence[SiteRecord]
    cells: Mapping[str, str]


async def create(desk: Desk, form: PointForm) -> Done:
    """Register a point with its events and gradings. Raises Rejected, Conflict."""
    events, problems = read_events(form.events or (), desk.vocabulary)
    writing, found = await _judge(desk, None, form, events)
    warnings = require_sound([*found, *problems])
    assert writing is not None
    async with refused_in_words():
        point_id = await risk_point_actions.write_point(desk.connection, writing.point)
        await risk_point_actions.write_events(desk.connection, point_id, events.events)
        await risk_point_actions.write_assessments(desk.connection, point_id, writing.assessments)
    return Done(point_id, warnings)


async def change(desk: Desk, risk_point_id: int, form: PointForm, *, seen: int | None) -> Done:
    """Bring a point to what a form says. seen: the version the person looked at; None where it does not matter.

    Raises NotFound, StaleVersion, Rejected, Conflict.
    """
    known = await _take(desk, risk_point_id, seen)
    events: ReadEvents | None = None
    problems: list[FieldProblem] = []
    if form.events is not None:
        events, problems = read_events(form.events, desk.vocabulary)
        problems += await _strangers(desk, risk_point_id, form.events)
    writing, found = await _judge(desk, known, form, events)
    warnings = require_sound([*found, *problems])
    assert writing is not None
    async with refused_in_words():
        if events is not None or writing.point != known.record:
            await risk_point_actions.write_point(desk.connection, writing.point)
        if events is not None:
            await risk_point_actions.write_events(desk.connection, risk_point_id, events.events)
        await risk_point_actions.write_assessments(desk.connection, risk_point_id, writing.assessments)
    return Done(risk_point_id, warnings)


async def remove(desk: Desk, risk_point_id: int, *, seen: int) -> None:
    """Take a point out of the register; its assessments and its history stay. Raises NotFound, StaleVersion."""
    await _take(desk, risk_point_id, seen)
    async with refused_in_words():
        await risk_point_actions.remove_point(desk.connection, risk_point_id)


def preview(
    desk: Desk, form: AssessmentForm, *, workers: int | None
) -> tuple[GivenAssessment | None, list[FieldProblem]]:
    """The grade that a form would get, with its reasons, and what is wrong with it; nothing is written."""
    return read_assessment(form, Assessor(desk.vocabulary), workers=workers)


async def _take(desk: Desk, risk_point_id: int, seen: int | None) -> RegisteredPoint:
    standing = await queries.lock_point(desk.connection, risk_point_id)
    if seen is not None and standing["version"] != seen:
        require_version(standing, seen, await queries.show_point(desk.connection, risk_point_id))
    return (await import_queries.registered_points(desk.connection, [risk_point_id], lock=True))[
        risk_point_id
    ]


async def _strangers(desk: Desk, risk_point_id: int, forms: Sequence[EventForm]) -> list[FieldProblem]:
    """Events that are no longer the point's, or never were."""
    standing = await queries.show_point(desk.connection, risk_point_id)
    own = {event["id"] for event in standing["events"]}
    return [
        refusal(
            f"events.{place}.id", "no_such_event", "该风险点没有这个风险事件", "The point has no such event"
        )
        for place, form in enumerate(forms)
        if form.id is not None and form.id not in own
    ]


async def _judge(
    desk: Desk, known: RegisteredPoint | None, form: PointForm, events: ReadEvents | None
) -> tuple[RiskPointWriting | None, list[FieldProblem]]:
    """What is to be written of a point, by the rules of the import; None with what is wrong."""
    problems = check_datum(form.cells, None if form.datum is None else form.datum.value)
    owner, strange = await _owner(desk, known, form)
    problems += strange
    if strange:
        return None, problems
    row = form_row({**_standing(known), **form.cells, **owner.cells}, Kind.RISK_POINTS)
    assessor = Assessor(desk.vocabulary)
    draft = read_risk_point(row, desk.vocabulary, assessor, form.datum or _ANY_DATUM)
    draft, wrong = _with_assessments(draft, form, assessor, known)
    problems += wrong
    if known is not None:
        known = _renamed(known, draft, unstated=form.unstated)
    firm = owner.firm
    register = RiskPointRegister(
        by_uscc={} if firm is None or firm.uscc is None else {firm.uscc: firm},
        by_name={} if firm is None else {name_key(firm.name): [firm]},
        sites={} if firm is None or firm.id is None else {firm.id: owner.sites},
        points={} if known is None else {(None if firm is None else firm.id, draft.number): known},
    )
    home, distance_m = await queries.answer(desk, ask_of_risk_point(draft, register, desk.atlas))
    judge = RiskPointJudge(desk.vocabulary, desk.atlas, desk.demo)
    _, writing = judge.judge(row, draft, register, home=home, distance_m=distance_m)
    problems += problems_of(row.problems, names=_NAMES)
    problems += await _taken(desk, owner, draft, known)
    return _completed(writing, known, events), problems


def _completed(
    writing: RiskPointWriting | None, known: RegisteredPoint | None, events: ReadEvents | None
) -> RiskPointWriting | None:
    """A form that says nothing new of the point itself still may say something of its events."""
    if writing is None and known is not None:
        writing = RiskPointWriting(
            point=known.record,
            changed=False,
            event=known.event,
            event_changed=False,
            measures=known.measures,
            measures_changed=False,
            assessments=(),
        )
    if writing is None or events is None:
        return writing
    point = replace(
        writing.point, accident_edition=events.edition, accident_categories=events.accident_categories
    )
    return replace(writing, point=point)


async def _owner(
    desk: Desk, known: RegisteredPoint | None, form: PointForm
) -> tuple[_Owner, list[FieldProblem]]:
    """The owner a form means: the one it names, else the one that stands."""
    firm_id = form.owner if form.owned or known is None else known.record.enterprise_id
    if firm_id is None:
        return _Owner(None, (), {}), [] if form.site is None else [_region_with_site()]
    firm = await enterprise_queries.enterprise_of(desk.connection, firm_id)
    if firm is None:
        missing = refusal(
            "enterprise_id",
            "enterprise_not_found",
            "没有登记这家企业，或者它不在您的可见范围内",
            "No such enterprise is registered, or it is not yours to see",
        )
        return _Owner(None, (), {}), [missing]
    sites = [site for site, _, _ in await enterprise_queries.find_sites(desk.connection, [firm_id])]
    cells = {"uscc": firm.uscc} if firm.uscc is not None else {"enterprise": firm.name}
    if form.site is not None:
        number = next((site.number for site in sites if site.id == form.site), None)
        if number is None:
            names = "、".join(site.number for site in sites) or "（无）"
            missing = refusal(
                "site_id",
                "site_not_found",
                f"“{firm.name}”没有这个场所，已登记的编号：{names}",
                f"'{firm.name}' has no such site; registered are {names}",
            )
            return _Owner(firm, sites, cells), [missing]
        cells |= {"site_number": number}
    return _Owner(firm, sites, cells), []


def _region_with_site() -> FieldProblem:
    return refusal(
        "site_id",
        "region_with_site",
        "区域风险点不能有场所，请先选择企业",
        "A point of the region has no site; choose an enterprise",
    )


def _standing(known: RegisteredPoint | None) -> dict[str, str]:
    """The cells that must be filled, as they stand."""
    return {} if known is None else {"number": known.record.number, "name": known.record.name}


def _renamed(known: RegisteredPoint, draft: RiskPointDraft, *, unstated: bool) -> RegisteredPoint:
    """The point as the import would have found it: a form knows it by its id and may correct name and number."""
    record = replace(known.record, number=draft.number, name=draft.name)
    if unstated:
        # As if it had stood nowhere: the boundaries are asked again, even about the same place.
        record = replace(
            record, located_stated=False, geom=None, source_datum=None, source_x=None, source_y=None
        )
    return replace(known, record=record)


def _with_assessments(
    draft: RiskPointDraft, form: PointForm, assessor: Assessor, known: RegisteredPoint | None
) -> tuple[RiskPointDraft, list[FieldProblem]]:
    workers = draft.exposed_workers
    if workers is None and known is not None:
        workers = known.record.exposed_workers
    count = workers if isinstance(workers, int) else None
    problems: list[FieldProblem] = []
    given: list[GivenAssessment] = []
    for place, one in enumerate(form.assessments):
        at = "" if form.alone else f"assessments.{place}."
        found, wrong = read_assessment(one, assessor, workers=count, at=at)
        problems += wrong
        given += [] if found is None else [found]
    return replace(draft, assessments=tuple(given)), problems


async def _taken(
    desk: Desk, owner: _Owner, draft: RiskPointDraft, known: RegisteredPoint | None
) -> list[FieldProblem]:
    """A number is one point's: what a workbook would take for that point, a form refuses."""
    firm_id = None if owner.firm is None else owner.firm.id
    holder = await queries.number_holder(desk.connection, firm_id, draft.number) if draft.number else None
    if holder is None or (known is not None and holder["id"] == known.record.id):
        return []
    whose = holder["territory"] if owner.firm is None else owner.firm.name
    return [
        refusal(
            "number",
            "number_taken_elsewhere" if owner.firm is None else "duplicate_number",
            f"编号“{draft.number}”已属于“{whose}”的风险点“{holder['name']}”，请另编一个号",
            f"The number {draft.number} belongs to the point '{holder['name']}' of {whose}; give this one another",
        )
    ]
