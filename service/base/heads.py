"""HEAD wherever there is GET: monitors, `curl -I` and GDAL ask so whether something is there (RFC 9110, 9.1 and 9.3.2)."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Heads:
    """Answers HEAD as GET is answered, without the body: with its rights, its headers and its refusals."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection; anything but HEAD passes through."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return
        told = asyncio.Event()

        async def send_no_body(message: Message) -> None:
            if message["type"] != "http.response.body":
                await send(message)
            elif not told.is_set():
                told.set()
                await send({"type": "http.response.body", "body": b"", "more_body": False})

        async def receive_until_told() -> Message:
            """A stream of a million rows stops here: as far as it knows, its client has left."""
            listening, ended = asyncio.ensure_future(receive()), asyncio.ensure_future(told.wait())
            try:
                await asyncio.wait({listening, ended}, return_when=asyncio.FIRST_COMPLETED)
                return {"type": "http.disconnect"} if ended.done() else listening.result()
            finally:
                listening.cancel()
                ended.cancel()

        # A copy: the server, too, looks at the method, to see that no body is due.
        as_get = {**scope, "method": "GET"}
        try:
            await self.app(as_get, receive_until_told, send_no_body)
        finally:
            scope["route"] = as_get.get("route")
