"""How many may do something costly at once, and how long the others wait before they are told to come again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from service.base.errors import Unavailable


class Gate:
    """A few at a time. The others wait in the order in which they came, without a connection to the database."""

    def __init__(self, places: int, *, waiting: int, seconds: float) -> None:
        """places: how many at once. waiting: how many may wait, each for so many seconds at most."""
        self._places = asyncio.Semaphore(places)
        self._most_waiting = waiting
        self._waiting = 0
        self._seconds = seconds

    @asynccontextmanager
    async def passed(self) -> AsyncIterator[None]:
        """Hold a place. Raises Unavailable where too many wait already, or the wait was too long."""
        if self._waiting >= self._most_waiting:
            raise _full()
        self._waiting += 1
        try:
            async with asyncio.timeout(self._seconds):
                await self._places.acquire()
        except TimeoutError as error:
            raise _full() from error
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._places.release()


def _full() -> Unavailable:
    return Unavailable(
        "正在处理的下载太多，请稍后再试。",
        "Too many downloads are under way at the moment; try again shortly.",
    )
