"""One's own account: password, keys."""

from datetime import timedelta
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from service.accounts import actions, queries
from service.accounts.routes.sign_in import give_cookie, origin_of
from service.accounts.rules.addresses import opened_by
from service.accounts.schemas import (
    AccountOut,
    Created,
    Ended,
    KeyIn,
    KeyOut,
    Keys,
    LinkIn,
    NewKey,
    NewLink,
    PasswordChange,
    appointment_out,
    named_area,
)
from service.base.clock import NowDep
from service.base.database import SessionDep, SettingsDep, ViewerDep
from service.base.errors import NotAllowed, NotSignedIn
from service.base.permissions import requires
from service.base.viewer import Permission
from service.territories import queries as territory_queries

router = APIRouter(prefix="/api/account", tags=["accounts"])


def refuse_keys(request: Request) -> None:
    """Refuse who came with a key: it may show a part of what its person sees, and would make a link to the whole.

    Raises NotAllowed.
    """
    if request.state.session_token is None:
        raise NotAllowed("请登录后进行，不能用密钥。", "Sign in for this; a key will not do.")


KEYS = [requires(Permission.KEYS)]
# A link takes rows out of the service, as a file does.
LINKS = [requires(Permission.EXPORT), Depends(refuse_keys)]


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
    rows = await queries.keys(session, viewer.person, links=False)
    nodes = await territory_queries.by_paths(session, {row["area"] for row in rows if row["area"]})
    return Keys(items=[KeyOut.of(row, nodes, now=now) for row in rows])


@router.post("/keys", summary="Make a key", status_code=201, dependencies=KEYS)
async def create_key(wanted: KeyIn, session: SessionDep, viewer: ViewerDep, now: NowDep) -> NewKey:
    """The secret is in this answer and nowhere else. It reads what its maker sees, in its area if it has one; made to, it writes."""
    area = (
        None
        if wanted.area is None
        else (await territory_queries.seen_by_key(session, viewer, wanted.area)).path
    )
    expires_at = now + timedelta(days=wanted.days)
    key_id, secret = await actions.create_key(
        session, viewer, name=wanted.name, area=area, expires_at=expires_at, writes=wanted.writes
    )
    return NewKey(id=key_id, secret=secret, expires_at=expires_at)


@router.delete("/keys/{key_id}", summary="Revoke a key", dependencies=KEYS)
async def revoke_key(key_id: int, session: SessionDep, now: NowDep) -> Created:
    """It is good for nothing from the next request on. Repeating changes nothing."""
    await actions.revoke_key(session, key_id, link=False, now=now)
    return Created(id=key_id)


@router.get("/links", summary="One's own links", dependencies=LINKS)
async def list_links(session: SessionDep, viewer: ViewerDep, now: NowDep) -> Keys:
    """Never with their secrets."""
    rows = await queries.keys(session, viewer.person, links=True)
    return Keys(items=[KeyOut.of(row, {}, now=now) for row in rows])


@router.post("/links", summary="Make a link", status_code=201, dependencies=LINKS)
async def create_link(wanted: LinkIn, session: SessionDep, viewer: ViewerDep, now: NowDep) -> NewLink:
    """Whoever has it reads what its maker sees at that address, until it expires or is revoked."""
    expires_at = now + timedelta(hours=wanted.hours)
    opened = opened_by(wanted.address)
    link_id, secret = await actions.create_key(
        session, viewer, name=wanted.name, address=opened, expires_at=expires_at
    )
    asked = urlsplit(wanted.address)
    path = f"/k/{secret}{asked.path}" + (f"?{asked.query}" if asked.query else "")
    return NewLink(id=link_id, path=path, expires_at=expires_at)


@router.delete("/links/{link_id}", summary="Revoke a link", dependencies=LINKS)
async def revoke_link(link_id: int, session: SessionDep, now: NowDep) -> Created:
    """It opens nothing from the next request on. Repeating changes nothing."""
    await actions.revoke_key(session, link_id, link=True, now=now)
    return Created(id=link_id)


async def _self(session: AsyncSession, request: Request) -> queries.Row:
    person_id = request.state.person_id
    person = None if person_id is None else await queries.person(session, person_id)
    if person is None:
        raise NotSignedIn("请先登录。", "Sign in first.")
    return person
