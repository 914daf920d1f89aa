"""The people whose accounts a viewer keeps, and what they are appointed to."""

from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncSession

from service.accounts import actions, queries
from service.accounts.rules.roles import Appointment
from service.accounts.schemas import (
    AppointmentIn,
    Closing,
    Created,
    EnterpriseName,
    EnterpriseNames,
    FirstPassword,
    People,
    PersonIn,
    PersonOut,
    person_out,
)
from service.base.clock import NowDep
from service.base.database import SessionDep, ViewerDep
from service.base.errors import NotAllowed, NotFound, Rejected
from service.base.permissions import requires
from service.base.viewer import Permission, Viewer
from service.territories import queries as territory_queries

router = APIRouter(prefix="/api/people", tags=["accounts"], dependencies=[requires(Permission.PEOPLE)])


@router.get("", summary="The accounts that the viewer keeps")
async def list_people(session: SessionDep) -> People:
    """Open ones first; with every appointment, those that ended too."""
    rows = await queries.people(session)
    names = await queries.names_for(session, rows)
    return People(items=[person_out(names, row) for row in rows])


@router.post("", summary="Make an account", status_code=201)
async def create_person(wanted: PersonIn, session: SessionDep, viewer: ViewerDep) -> Created:
    """With a first password, to be changed at the first sign-in. 409 where the login is taken, by whomever."""
    unit = await _governed(session, viewer, wanted.unit)
    person_id = await actions.create_person(
        session,
        login=wanted.login,
        name=wanted.name,
        phone=wanted.phone or None,
        unit_path=unit,
        password=wanted.password,
    )
    return Created(id=person_id)


@router.get("/enterprises", summary="Enterprises that officers may be appointed of")
async def find_enterprises(
    session: SessionDep,
    q: Annotated[
        str, Query(min_length=1, max_length=100, description="Part of a name, of a credit code, or a number")
    ],
) -> EnterpriseNames:
    """Name and credit code of those that lie inside what the viewer governs with every place; at most ten."""
    rows = await queries.governed_enterprises(session, q.strip(), limit=10) if q.strip() else []
    return EnterpriseNames(items=[EnterpriseName.model_validate(row) for row in rows])


@router.get("/{person_id}", summary="One account")
async def show_person(person_id: int, session: SessionDep) -> PersonOut:
    """404 for one that is not there or not the viewer's to keep."""
    row = await _person(session, person_id)
    return person_out(await queries.names_for(session, [row]), row)


@router.post("/{person_id}/password", summary="Give somebody a new first password")
async def reset_password(person_id: int, wanted: FirstPassword, session: SessionDep) -> Created:
    """Their sessions end, and the password has to be changed at the next sign-in."""
    row = await _person(session, person_id)
    await actions.reset_password(session, person_id, row["login"], wanted.password)
    return Created(id=person_id)


@router.post("/{person_id}/closing", summary="Close an account, or open it again")
async def close_person(person_id: int, wanted: Closing, session: SessionDep, now: NowDep) -> Created:
    """A closed account cannot sign in, its sessions end and its keys open nothing. Its name stays in what it recorded."""
    await actions.close_person(session, person_id, now=now, closed=wanted.closed)
    return Created(id=person_id)


@router.post("/{person_id}/appointments", summary="Give somebody a role in a place", status_code=201)
async def appoint(person_id: int, wanted: AppointmentIn, session: SessionDep, viewer: ViewerDep) -> Created:
    """Only inside the area that the viewer keeps."""
    await _person(session, person_id)
    if wanted.industry is not None and not await queries.is_industry(session, wanted.industry):
        raise Rejected("没有这个监管行业。", "There is no such industry.", details={"field": "industry"})
    area = None if wanted.area is None else await _governed(session, viewer, wanted.area)
    appointment = Appointment(wanted.role, area, wanted.industry, wanted.enterprise)
    return Created(id=await actions.appoint(session, person_id, appointment))


@router.delete("/{person_id}/appointments/{appointment_id}", summary="End an appointment")
async def end_appointment(
    person_id: int, appointment_id: int, session: SessionDep, viewer: ViewerDep, now: NowDep
) -> Created:
    """It is at an end with the person's next request, and stays on record."""
    await _person(session, person_id)
    await actions.end_appointment(session, person_id, appointment_id, viewer, now=now)
    return Created(id=appointment_id)


async def _person(session: AsyncSession, person_id: int) -> queries.Row:
    row = await queries.person(session, person_id)
    if row is None:
        raise NotFound("没有这个人员。", "There is no such person.")
    return row


async def _governed(session: AsyncSession, viewer: Viewer, key: str) -> str:
    """The path of a territory inside the area that the viewer keeps. Raises NotFound, NotAllowed."""
    path = (await territory_queries.seen_by_key(session, viewer, key)).path
    if not any(f"{path}.".startswith(f"{area}.") for area in viewer.governs):
        raise NotAllowed(
            "只能在您管理的范围内设立账号和授权。",
            "Accounts and appointments can be made only inside the area you keep.",
        )
    return path
