"""The door that every request passes: it finds out whose it is, and puts their Viewer into the request.

Nothing is remembered between requests: a role that ended, a key that was revoked, a session that was closed are at an end
with the next one.
"""

import base64
import binascii
from datetime import timedelta
from http.cookies import CookieError, SimpleCookie
from typing import cast
from urllib.parse import urlsplit

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from service.accounts import queries
from service.accounts.actions import digest
from service.accounts.queries import SignedIn
from service.accounts.rules.addresses import opens
from service.base.answers import DATABASE_AWAY, answer_away, shaped, speaks_problems
from service.base.errors import NotAllowed, NotSignedIn, ServiceError, status_of
from service.base.settings import Settings
from service.base.viewer import NOBODY, Viewer

COOKIE = "riskmap_session"
# Sent by a page that nobody has touched for a while: it asks for news, and its session is not used by that.
UNATTENDED = "x-unattended"
# What rows stand behind. Everything else is the page's own files and the health of the process.
GUARDED = ("/api/", "/tiles/")
# Of those, what somebody needs who has not signed in yet.
OPEN = frozenset({"/api/sign-in", "/api/openapi.json", "/api/docs"})
# And all that a first password is good for.
FIRST_STEPS = frozenset({"/api/account", "/api/account/password", "/api/sign-out"})
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Door:
    """Asks who it is: a session's cookie, or a key as bearer, as password of HTTP basic, or as /k/{key}/ before a path."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection; anything but HTTP passes through."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state |= {
            "viewer": NOBODY,
            "person_id": None,
            "session_token": None,
            "session_started_at": None,
            "prefix": "",
        }
        try:
            await self._enter(scope)
        except ServiceError as error:
            await shaped(scope["path"], error.wire(), status_of(error))(scope, receive, send)
            return
        except DATABASE_AWAY as error:
            # The application's own answers to errors lie behind this door.
            await answer_away(error, scope["path"])(scope, receive, send)
            return
        viewer = cast("Viewer", state["viewer"])
        # What the viewer may see explains a slow statement; who the viewer is does not.
        sees = [*viewer.areas, *viewer.pairs, *(f"enterprise {one}" for one in viewer.enterprises)]
        structlog.contextvars.bind_contextvars(scope=sees)
        await self.app(scope, receive, send)

    async def _enter(self, scope: Scope) -> None:
        state, app = scope["state"], scope["app"]
        if app.state.viewer is not None:
            state["viewer"] = app.state.viewer
            return
        key, by_path = _key_of(scope)
        path = scope["path"]
        if not path.startswith(GUARDED) and not speaks_problems(path) and key is None:
            return
        found: SignedIn | None = None
        if key is not None:
            found = await self._by_key(app.state.engine, key, writing=speaks_problems(path))
        elif token := _token_of(scope):
            refuse_foreign(scope)
            used = Headers(scope=scope).get(UNATTENDED) is None
            found = await self._by_session(app.state.engine, token, app.state.settings, used=used)
            state["session_token"] = token if found else None
        if found is not None:
            state |= {
                "viewer": found.viewer,
                "person_id": found.person_id,
                "session_started_at": found.started_at,
            }
        if found is None and key is None and app.state.public is not None and speaks_problems(path):
            # Its collections and fields are those that the deployment publishes (service/ogc).
            state["viewer"] = app.state.public
            return
        if found is None and (path not in OPEN or by_path):
            raise NotSignedIn(
                "请先登录。" if key is None else "密钥无效、已过期或已撤销。",
                "Sign in first." if key is None else "The key is unknown, expired or revoked.",
            )
        if found is not None and found.address is not None:
            if not opens(found.address, path):
                raise NotAllowed("这个链接不能用于此地址。", "This link is good for another address.")
            if scope["method"] not in SAFE:
                raise NotAllowed("链接只能读取。", "A link only reads.")
        if found is not None and found.viewer.must_change and path not in FIRST_STEPS | OPEN:
            raise PasswordMustChange("请先修改初始密码。", "Change the first password before anything else.")

    async def _by_session(
        self, engine: AsyncEngine, token: str, settings: Settings, *, used: bool
    ) -> SignedIn | None:
        idle = timedelta(minutes=settings.session_idle_minutes)
        async with engine.begin() as connection:
            return await queries.by_session(connection, digest(token), idle=idle, used=used)

    async def _by_key(self, engine: AsyncEngine, key: str, *, writing: bool) -> SignedIn | None:
        async with engine.begin() as connection:
            return await queries.by_key(connection, digest(key), writing=writing)


class PasswordMustChange(NotAllowed):
    """Signed in with a first password, which is good for being changed."""

    code = "password_must_change"


def person_of(scope: Scope) -> str | None:
    """Whose a request is, once it came through the door; None for nobody's."""
    viewer: Viewer = scope["state"]["viewer"]
    return viewer.person or None


def refuse_foreign(scope: Scope) -> None:
    """Refuse to change anything on the word of another site's page: its browser sends our cookie, and says whose page it is.

    Raises NotAllowed.
    """
    if scope["method"] in SAFE:
        return
    headers = Headers(scope=scope)
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    foreign = origin is not None and urlsplit(origin).netloc != headers.get("host")
    if foreign or site in {"cross-site", "same-site"}:
        raise NotAllowed("请求来自其他网站，已拒绝。", "The request came from another site and was refused.")


def _token_of(scope: Scope) -> str | None:
    cookies: SimpleCookie = SimpleCookie()
    try:
        cookies.load(Headers(scope=scope).get("cookie", ""))
    except CookieError:
        return None
    morsel = cookies.get(COOKIE)
    return morsel.value if morsel is not None and morsel.value else None


def _key_of(scope: Scope) -> tuple[str | None, bool]:
    """The key that a request shows, and whether it stood in the path, which is then taken from there."""
    path = scope["path"]
    if path.startswith("/k/"):
        key, _, rest = path[3:].partition("/")
        # Without a slash at its end: the router's redirect away from one would leave the key behind.
        scope["path"] = f"/{rest.rstrip('/')}"
        scope["raw_path"] = scope["path"].encode()
        # Links in the answer go on with the key, or a client could not follow them.
        scope["state"]["prefix"] = f"/k/{key}"
        return key, True
    kind, _, value = Headers(scope=scope).get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return value.strip(), False
    if kind.lower() == "basic":
        try:
            _, _, password = base64.b64decode(value, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return "", False
        return password, False
    return None, False
