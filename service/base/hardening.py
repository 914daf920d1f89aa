"""What every answer carries and no request may do: headers for browsers, a limit of bytes, a limit of requests."""

import math
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from urllib.parse import urlsplit

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.base.answers import AGAIN, shaped
from service.base.errors import TooLarge, TooMany, Unavailable, status_of

# A form with every measure of a risk point is some 100 kB; workbooks have a limit of their own (RISKMAP_UPLOAD_LIMIT_MB).
MOST_BODY_BYTES = 2 * 2**20
# One address may stand for an office: as many people as this share its limit.
PEOPLE_AN_ADDRESS = 5
A_YEAR = 31_536_000
# Requests in hand for each connection to the database: at 20 ms each the last of them waits for less than a second.
REQUESTS_A_CONNECTION = 32
_ALWAYS_ANSWERED = {"/healthz", "/readyz", "/metrics"}
_OTHERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), microphone=(), payment=(), usb=(), geolocation=(self)",
}


def content_policy(picture_addresses: Sequence[str]) -> str:
    """The Content-Security-Policy of the page: nothing but our own files, and the pictures of the basemap configured.

    picture_addresses: its tile addresses with {s} filled in or not.
    """
    hosts = {
        f"{parts.scheme}://{parts.netloc.replace('{s}', '*')}"
        for parts in map(urlsplit, picture_addresses)
        if parts.netloc
    }
    # A wildcard stands for a whole label: t{s}.example becomes *.example.
    pictures = sorted(_whole_label(host) for host in hosts)
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            " ".join(("img-src 'self' data: blob:", *pictures)),
            "font-src 'self'",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "manifest-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def _whole_label(host: str) -> str:
    scheme, _, netloc = host.partition("://")
    label, dot, rest = netloc.partition(".")
    return f"{scheme}://*{dot}{rest}" if "*" in label else host


class BrowserHeaders:
    """Tells browsers what our answers are good for. HSTS only over TLS: without it, it would be ignored anyway."""

    def __init__(self, app: ASGIApp, policy: str) -> None:
        self.app = app
        self.policy = policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection; anything but HTTP passes through."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _OTHERS.items():
                    headers.setdefault(name, value)
                # A map as a file brings a policy of its own: it is opened from disk, where no header goes with it.
                if "attachment" not in headers.get("content-disposition", ""):
                    headers.setdefault("Content-Security-Policy", self.policy)
                if scope.get("scheme") == "https":
                    headers.setdefault("Strict-Transport-Security", f"max-age={A_YEAR}")
                if scope["path"].startswith("/api/"):
                    headers.setdefault("Cache-Control", "private, no-store")
            await send(message)

        await self.app(scope, receive, send_with_headers)


class BodyLimit:
    """Refuses a body of more bytes than its route takes, by what it says it has and by what comes."""

    def __init__(self, app: ASGIApp, limit_of: Callable[[str], int | None]) -> None:
        self.app = app
        self.limit_of = limit_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection; anything but HTTP passes through."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self.limit_of(scope["path"])
        if limit is None:
            await self.app(scope, receive, send)
            return
        stated = Headers(scope=scope).get("content-length", "")
        if stated.isdecimal() and (len(stated) > 18 or int(stated) > limit):
            await _refuse(scope["path"], limit)(scope, receive, send)
            return
        came = 0
        answered = False

        async def receive_limited() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > limit:
                raise _Overflow
            return message

        async def send_within(message: Message) -> None:
            # Whoever reads the body turns every failure of it into an answer of its own.
            nonlocal answered
            if came <= limit:
                answered = True
                await send(message)

        with suppress(_Overflow):
            await self.app(scope, receive_limited, send_within)
        if came > limit and not answered:
            await _refuse(scope["path"], limit)(scope, receive, send)


class QueueLimit:
    """Refuses what would only wait: a client that asks again later is served sooner than one in a queue that grows."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self.app = app
        self.most = most
        self.now = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection; anything but HTTP passes through, and what tells whether the process lives."""
        if scope["type"] != "http" or scope["path"] in _ALWAYS_ANSWERED:
            await self.app(scope, receive, send)
            return
        if self.now >= self.most:
            error = Unavailable(
                "请求太多，请稍后再试。", "Too many requests wait at the moment; try again shortly."
            )
            await shaped(scope["path"], error.wire(), status_of(error), AGAIN)(scope, receive, send)
            return
        self.now += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self.now -= 1


class _Overflow(Exception):
    """More came than was said."""


def _refuse(path: str, limit: int) -> JSONResponse:
    error = TooLarge(
        f"请求内容超过 {limit // 2**20} MiB。", f"The request's body is larger than {limit // 2**20} MiB."
    )
    return shaped(path, error.wire(), status_of(error), {"Connection": "close"})


class RequestLimit:
    """So many requests a minute for each person and each address, counted in this process, and said in every answer.

    person_of: who a request is of, once the door has let it in; None for nobody.
    """

    def __init__(self, app: ASGIApp, per_minute: int, person_of: Callable[[Scope], str | None]) -> None:
        self.app = app
        self.person_of = person_of
        self.limiter = MovingWindowRateLimiter(MemoryStorage())
        self.person_limit = RateLimitItemPerMinute(per_minute)
        self.address_limit = RateLimitItemPerMinute(per_minute * PEOPLE_AN_ADDRESS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection; anything but HTTP passes through."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        person = self.person_of(scope)
        client = scope.get("client")
        limit, name = (
            (self.person_limit, person) if person else (self.address_limit, client[0] if client else "")
        )
        kind = "person" if person else "address"
        fine = self.limiter.hit(limit, kind, name)
        window = self.limiter.get_window_stats(limit, kind, name)
        seconds = max(0, math.ceil(window.reset_time - time.time()))
        # draft-ietf-httpapi-ratelimit-headers: the names that clients know.
        shown = {
            "RateLimit-Limit": str(limit.amount),
            "RateLimit-Remaining": str(max(0, window.remaining)),
            "RateLimit-Reset": str(seconds),
        }
        if not fine:
            error = TooMany(
                f"请求过于频繁，请 {seconds} 秒后再试。",
                f"Too many requests; wait {seconds} seconds.",
                details={"seconds": seconds},
            )
            headers = {"Retry-After": str(max(1, seconds)), **shown}
            await shaped(scope["path"], error.wire(), status_of(error), headers)(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for header, value in shown.items():
                    headers[header] = value
            await send(message)

        await self.app(scope, receive, send_with_headers)
