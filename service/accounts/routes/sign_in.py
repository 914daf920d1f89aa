"""Signing in and out."""

from dataclasses import replace
from datetime import timedelta

from fastapi import APIRouter, Request, Response

from service.accounts import actions
from service.accounts.actions import Origin
from service.accounts.routes.door import COOKIE, refuse_foreign
from service.accounts.rules.demo import DEMO_ACCOUNTS
from service.accounts.schemas import DemoAccount, Ended, SignedInOut, SignIn, SignInPage
from service.base.audit import note
from service.base.clock import NowDep
from service.base.database import EngineDep, SessionDep, SettingsDep, scoped_session
from service.base.errors import NotSignedIn
from service.base.settings import Settings
from service.base.viewer import NOBODY
from service.territories import queries as territory_queries

router = APIRouter(prefix="/api", tags=["accounts"])


@router.get("/sign-in", summary="What the sign-in page shows")
async def show_sign_in(session: SessionDep, settings: SettingsDep) -> SignInPage:
    """Whose service it is; in a demonstration also its accounts with their passwords."""
    territory = await territory_queries.by_key(session, settings.territory)
    accounts = DEMO_ACCOUNTS if settings.demo else ()
    return SignInPage(
        territory=territory.name,
        demo=settings.demo,
        accounts=[DemoAccount.model_validate(one, from_attributes=True) for one in accounts],
    )


@router.post("/sign-in", summary="Sign in with a login and a password")
async def sign_in(
    wanted: SignIn,
    request: Request,
    response: Response,
    engine: EngineDep,
    settings: SettingsDep,
    now: NowDep,
) -> SignedInOut:
    """Sets the session's cookie. The session that the browser had before is at an end.

    401 for a wrong login or password, 429 with Retry-After for too many tries.
    """
    refuse_foreign(request.scope)
    origin = origin_of(request)
    person_id = None
    # Two transactions: a failure is remembered although the request is refused.
    async with scoped_session(engine, NOBODY) as session:
        await actions.guard_guessing(session, wanted.login, origin, now=now)
        person_id = await actions.check_password(session, wanted.login, wanted.password)
        if person_id is None:
            await actions.note_failure(session, wanted.login, origin, now=now)
            # Not what was typed: it may have been a password in the wrong field.
            await note(session, "sign_in_failed")
    if person_id is None:
        raise NotSignedIn("登录名或密码不正确。", "The login or the password is wrong.")
    async with scoped_session(engine, replace(NOBODY, person=wanted.login)) as session:
        if old := request.cookies.get(COOKIE):
            await actions.close_session(session, old)
        lasts = timedelta(hours=settings.session_hours)
        token = await actions.open_session(session, person_id, wanted.login, origin, now=now, lasts=lasts)
        found = await actions.who(session, token, idle=lasts)
        await note(session, "sign_in")
    give_cookie(response, token, request, settings)
    return SignedInOut(login=found.person, name=found.name, must_change=found.must_change)


@router.post("/sign-out", summary="End this session")
async def sign_out(request: Request, response: Response, session: SessionDep) -> Ended:
    """Takes the cookie back; without a session nothing happens."""
    token = request.state.session_token
    if token is not None:
        await actions.close_session(session, token)
        await note(session, "sign_out")
    response.delete_cookie(COOKIE, path="/")
    return Ended(sessions=int(token is not None))


@router.post("/account/sessions/end", summary="Sign out everywhere else")
async def sign_out_elsewhere(request: Request, session: SessionDep) -> Ended:
    """Ends all of one's sessions but this one."""
    if request.state.person_id is None:
        raise NotSignedIn("请先登录。", "Sign in first.")
    ended = await actions.close_other_sessions(session, request.state.person_id, request.state.session_token)
    return Ended(sessions=ended)


def origin_of(request: Request) -> Origin:
    """Where a request comes from; behind a proxy what uvicorn makes of its headers."""
    host = request.client.host if request.client else "unknown"
    return Origin(address=host, agent=request.headers.get("user-agent", ""))


def give_cookie(response: Response, token: str, request: Request, settings: Settings) -> None:
    """The session's cookie: unreadable for scripts, never sent by other sites' forms, only over TLS where there is TLS."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=settings.session_hours * 3600,
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )
