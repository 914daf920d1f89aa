"""Work for a client that may hang up, or stop reading: whoever no longer listens is not worked for."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import suppress
from typing import Any, TypeVar, cast

import anyio
import structlog
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send

# Seconds in which a client takes nothing; as long as nginx waits for one (send_timeout).
LONGEST_PAUSE = 60.0
log = structlog.get_logger()
Answer = TypeVar("Answer")


class ClientGone(Exception):
    """The client hung up before it was answered."""


class _StoppedReading(Exception):
    """The client took nothing for too long."""


class Flow(StreamingResponse):
    """A stream whose source is closed with it: a client that leaves between two pieces would else hold its connection to the
    database until memory is tidied up, and one that stops reading for as long as it likes. content is an async generator."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""

        async def send_soon(message: Message) -> None:
            try:
                async with asyncio.timeout(LONGEST_PAUSE):
                    await send(message)
            except TimeoutError as error:
                raise _StoppedReading from error

        try:
            await super().__call__(scope, receive, send_soon)
        except _StoppedReading:
            # The server closes the connection in the middle of the body, so that nobody takes it for whole.
            log.info("client_stopped_reading")
        finally:
            with anyio.CancelScope(shield=True):
                await cast("AsyncGenerator[str, None]", self.body_iterator).aclose()


async def while_connected(request: Request, work: Coroutine[Any, Any, Answer]) -> Answer:
    """Do the work, unless the client hangs up first: then its statement is cancelled in the database.

    The driver cancels the statement that a cancelled task waits for, and closes a connection on which that takes longer
    than five seconds. Raises ClientGone.
    """
    working = asyncio.ensure_future(work)
    listening = asyncio.ensure_future(_hung_up(request))
    try:
        await asyncio.wait({working, listening}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientGone
        return working.result()
    finally:
        for task in (listening, working):
            if not task.done():
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task


async def _hung_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
