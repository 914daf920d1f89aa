"""One log line and one count a request, with an id that the answer carries too. No query values, no personal fields."""

import time
import uuid

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.base.metrics import note_request

log = structlog.get_logger()


class AccessLog:
    """Gives each request an id and its viewer, and logs how it ended."""

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
        state["viewer"] = scope["app"].state.viewer
        viewer = state["viewer"]
        # What the viewer may see explains a slow statement; who the viewer is does not.
        sees = [*viewer.areas, *viewer.pairs, *(f"enterprise {one}" for one in viewer.enterprises)]
        structlog.contextvars.bind_contextvars(request_id=request_id, scope=sees)
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
            log.exception("request_failed", method=scope["method"], path=scope["path"])
            raise
        finally:
            seconds = time.perf_counter() - started
            route = getattr(scope.get("route"), "path", None)
            note_request(route, status, seconds)
            ms = round(seconds * 1000, 1)
            log.info("request", method=scope["method"], path=scope["path"], status=status, ms=ms)
            structlog.contextvars.unbind_contextvars("request_id", "scope")
