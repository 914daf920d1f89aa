"""One's own account: password, keys."""

from datetime import timedelta

from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from service.accounts import actions, queries
from service.accounts.routes.sign_in import give_cookie, origin_of
from service.accounts.schemas import (
    AccountOut,
    Created,
    Ended,
    KeyIn,
    KeyOut,
    Keys,
    NewKey,
    PasswordChange,
    appointment_out,
    named_area,
)
from service.base.clock import NowDep
from service.base.database import SessionDep, SettingsDep, ViewerDep
from service.base.errors import NotSignedIn
from service.base.permissions import requires
from service.base.viewer import Permission
from service.territories import queries as territory_queries

router = APIRouter(prefix="/api/account", tags=["accounts"])
KEYS = [requires(Permission.KEYS)]


@router.get("", summary="One's own account")
async def show_account(request: Request, session: SessionDep, viewer: ViewerDep) -> AccountOut:
    """Who one is, and what for."""
    person = await _self(session, request)
    names = await queries.names_for(session, [person])
    return AccountOut(
        login=person["login"],
        name=person["name"],
        phone=person["phone"],
        unit=named_area(names, person["unit_path"]),
        must_change=viewer.must_change,
        may=sorted(viewer.may),
        session_started_at=request.state.session_started_at,
        appointments=[
            appointment_out(names, one) for one in person["appointments"] if one["ended_at"] is None
        ],
    )


@router.post("/password", summary="Change one's own password")
async def change_password(  # noqa: PLR0913 - a change ends other sessions and renews this one
    wanted: PasswordChange,
    request: Request,
    response: Response,
    session: SessionDep,
    viewer: ViewerDep,
    settings: SettingsDep,
    now: NowDep,
) -> Ended:
    """All other sessions end, and this one gets a new token."""
    if request.state.session_token is None:
        raise NotSignedIn("请先登录。", "Sign in first.")
    origin = origin_of(request)
    await actions.guard_guessing(session, viewer.person, origin, now=now)
    await actions.change_password(session, viewer.person, wanted.old, wanted.password)
    ended = await actions.close_other_sessions(session, request.state.person_id, None)
    token = await actions.open_session(
        session,
        request.state.person_id,
        viewer.person,
        origin,
        now=now,
        lasts=timedelta(hours=settings.session_hours),
    )
    give_cookie(response, token, request, settings)
    return Ended(sessions=ended - 1)


@router.get("/keys", summary="One's own keys", dependencies=KEYS)
async def list_keys(session: SessionDep, viewer: ViewerDep, now: NowDep) -> Keys:
    """Never with their secrets."""
    rows = await queries.keys(session, viewer.person)
    nodes = await territory_queries.by_paths(session, {row["area"] for row in rows if row["area"]})
    return Keys(items=[KeyOut.of(row, nodes, now=now) for row in rows])


@router.post("/keys", summary="Make a key", status_code=201, dependencies=KEYS)
async def create_key(wanted: KeyIn, session: SessionDep, viewer: ViewerDep, now: NowDep) -> NewKey:
    """The secret is in this answer and nowhere else. It reads what its maker sees, in its area if it has one."""
    area = (
        None
        if wanted.area is None
        else (await territory_queries.seen_by_key(session, viewer, wanted.area)).path
    )
    expires_at = now + timedelta(days=wanted.days)
    key_id, secret = await actions.create_key(
        session, viewer, name=wanted.name, area=area, expires_at=expires_at
    )
    return NewKey(id=key_id, secret=secret, expires_at=expires_at)


@router.delete("/keys/{key_id}", summary="Revoke a key", dependencies=KEYS)
async def revoke_key(key_id: int, session: SessionDep, now: NowDep) -> Created:
    """It is good for nothing from the next request on. Repeating changes nothing."""
    await actions.revoke_key(session, key_id, now=now)
    return Created(id=key_id)


async def _self(session: AsyncSession, request: Request) -> queries.Row:
    person_id = request.state.person_id
    person = None if person_id is None else await queries.person(session, person_id)
    if person is None:
        raise NotSignedIn("请先登录。", "Sign in first.")
    return person
