"""Work for a client that may hang up: whoever no longer listens is not worked for."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from starlette.requests import Request

Answer = TypeVar("Answer")


class ClientGone(Exception):
    """The client hung up before it was answered."""


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
