"""Risk points by form: what a form is filled with, and the doors that write."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path
from pydantic import BaseModel

from service.base.audit import note
from service.base.clock import NowDep
from service.base.database import SessionDep, SettingsDep, ViewerDep
from service.base.errors import StaleVersion
from service.base.permissions import requires
from service.base.statements import driver_of
from service.base.viewer import Permission
from service.register.actions import points as actions
from service.register.actions.desk import Done, only_once, open_desk
from service.register.queries import forms as queries
from service.register.queries.forms import Desk
from service.register.schemas.forms import (
    AssessmentIn,
    AssessmentPreview,
    EventsChange,
    PointChange,
    PointIn,
    PositionChange,
)
from service.register.schemas.shown import GradingPreview, PointFields, Written, point_fields, preview_out

router = APIRouter(tags=["register"])

# bigint's largest value: beyond it PostgreSQL would answer with an error of its own.
RiskPointId = Annotated[int, Path(ge=1, le=2**63 - 1)]
SeenVersion = Annotated[
    str,
    Header(
        alias="If-Match",
        pattern=r'^"?[0-9]{1,9}"?$',
        description="The version that was looked at; 409 stale_version where another one stands.",
    ),
]
SendingKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=128,
        pattern=r"^[!-~]+$",
        description="The client's own key, such as a UUID: what is sent twice under it is written once.",
    ),
]


async def get_desk(
    session: SessionDep,
    viewer: ViewerDep,
    settings: SettingsDep,
    now: NowDep,
    _: Annotated[None, requires(Permission.WRITE)],
) -> Desk:
    """What the forms of this request are read against. Raises NotAllowed for who writes nothing."""
    return await open_desk(session, viewer, now=now, demo=settings.demo)


DeskDep = Annotated[Desk, Depends(get_desk)]


def seen(version: str) -> int:
    """The version of an If-Match header."""
    return int(version.strip('"'))


async def once(
    desk: Desk, key: str | None, subject: str, body: BaseModel, write: Callable[[], Awaitable[Done]]
) -> Done:
    """Write what a body says, once for a key. subject: what the body is about, so that one key is one wish."""
    # What is left out and what is erased are two wishes.
    content = f"{subject} {body.model_dump_json(exclude_unset=True)}"
    return await only_once(desk.connection, key, content, write)


async def _written(desk: Desk, done: Done) -> Written:
    standing = await queries.lock_point(desk.connection, done.id)
    return Written.of(done, standing["version"])


async def _changed(desk: Desk, risk_point_id: int, form: actions.PointForm, version: str) -> Written:
    try:
        return await _written(desk, await actions.change(desk, risk_point_id, form, seen=seen(version)))
    except StaleVersion as stale:
        raise _shown(stale) from stale


def _shown(stale: StaleVersion) -> StaleVersion:
    """The refusal with the standing version as a form holds it."""
    current = point_fields(stale.details["current"]).model_dump(mode="json")
    return StaleVersion(stale.zh, stale.en, details=stale.details | {"current": current})


@router.post("/api/risk-points", status_code=201, summary="Register a risk point")
async def create_risk_point(desk: DeskDep, body: PointIn, key: SendingKey = None) -> Written:
    """Whole or not at all. 422 with every problem at its field, under the codes of the import."""
    done = await once(desk, key, "risk point", body, lambda: actions.create(desk, body.form()))
    return await _written(desk, done)


@router.get(
    "/api/risk-points/{risk_point_id}/form",
    summary="A risk point as a form holds it",
    dependencies=[requires(Permission.WRITE)],
)
async def show_form(session: SessionDep, risk_point_id: RiskPointId) -> PointFields:
    """Every field that may be edited, with codes as they are stored, and the version for If-Match.

    Who answers for a measure is named, and the look is recorded.
    """
    found = point_fields(await queries.show_point(await driver_of(session), risk_point_id))
    if any(measure.person for event in found.events for measure in event.measures):
        await note(session, "read_contacts", subject="risk_point", ids=[risk_point_id])
    return found


@router.patch("/api/risk-points/{risk_point_id}", summary="Change a risk point")
async def change_risk_point(
    desk: DeskDep, risk_point_id: RiskPointId, body: PointChange, version: SeenVersion, key: SendingKey = None
) -> Written:
    """What is left out stays; all of it is written together. 409 stale_version shows the version that stands."""
    subject = f"risk point {risk_point_id} version {seen(version)}"
    form = body.form()
    try:
        done = await once(
            desk, key, subject, body, lambda: actions.change(desk, risk_point_id, form, seen=seen(version))
        )
    except StaleVersion as stale:
        raise _shown(stale) from stale
    return await _written(desk, done)


@router.put("/api/risk-points/{risk_point_id}/position", summary="Move or draw a risk point")
async def move_risk_point(
    desk: DeskDep, risk_point_id: RiskPointId, body: PositionChange, version: SeenVersion
) -> Written:
    """A point, a line or an area in a stated datum, or where its site stands."""
    return await _changed(desk, risk_point_id, body.form(), version)


@router.put(
    "/api/risk-points/{risk_point_id}/events", summary="All events of a risk point with their measures"
)
async def put_events(
    desk: DeskDep, risk_point_id: RiskPointId, body: EventsChange, version: SeenVersion
) -> Written:
    """The whole list in its order; events keep their history by their ids."""
    form = actions.PointForm(events=[event.form() for event in body.events])
    return await _changed(desk, risk_point_id, form, version)


@router.post("/api/risk-points/{risk_point_id}/assessments", status_code=201, summary="Assess a risk point")
async def add_assessment(
    desk: DeskDep, risk_point_id: RiskPointId, body: AssessmentIn, key: SendingKey = None
) -> Written:
    """Added to the record, never in place of it. One that repeats the latest is not added again."""
    form = actions.PointForm(assessments=[body.form()], alone=True)
    subject = f"assessment of {risk_point_id}"
    done = await once(desk, key, subject, body, lambda: actions.change(desk, risk_point_id, form, seen=None))
    return await _written(desk, done)


@router.delete("/api/risk-points/{risk_point_id}", status_code=204, summary="Take a risk point out")
async def remove_risk_point(desk: DeskDep, risk_point_id: RiskPointId, version: SeenVersion) -> None:
    """Its assessments and its history stay."""
    try:
        await actions.remove(desk, risk_point_id, seen=seen(version))
    except StaleVersion as stale:
        raise _shown(stale) from stale


@router.post("/api/grading/preview", tags=["grading"], summary="Colour and reason at once, without writing")
async def preview_assessment(desk: DeskDep, body: AssessmentPreview) -> GradingPreview:
    """The grading that a form would record, by the rules that record it, or what is missing for it."""
    given, problems = actions.preview(desk, body.form(), workers=body.exposed_workers)
    return preview_out(given, problems)
