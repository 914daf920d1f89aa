"""One log line and one count a request, with an id that the answer carries too. No query values, no personal fields."""

import time
import uuid

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.base.audit import SOURCE, Source
from service.base.metrics import note_request

log = structlog.get_logger()


def masked(path: str) -> str:
    """A path as it may be written down: a key in it (`/k/{key}/...`) stays out."""
    if not path.startswith("/k/"):
        return path
    _, slash, rest = path[3:].partition("/")
    return f"/k/…{slash}{rest}"


class AccessLog:
    """Gives each request an id, and logs how it ended."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection; anything but HTTP passes through."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = uuid.uuid4().hex
        state = scope.setdefault("state", {})
        state["request_id"] = request_id
        path = masked(scope["path"])
        client = scope.get("client")
        SOURCE.set(Source(request_id, client[0] if client else "", body=scope["method"] != "HEAD"))
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started = time.perf_counter()
        status = 500

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode())]
            await send(message)

        try:
            await self.app(scope, receive, send_with_id)
        except Exception:
            log.exception("request_failed", method=scope["method"], path=path)
            raise
        finally:
            seconds = time.perf_counter() - started
            route = getattr(scope.get("route"), "path", None)
            note_request(route, status, seconds)
            ms = round(seconds * 1000, 1)
            log.info("request", method=scope["method"], path=path, status=status, ms=ms)
            structlog.contextvars.unbind_contextvars("request_id", "scope")
