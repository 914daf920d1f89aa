"""SQL as source code: named files beside their owner, bound parameters only."""

import asyncio
import re
import time
from collections.abc import AsyncGenerator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, LiteralString, Self, cast

import anyio
import psycopg
import structlog
from psycopg.rows import AsyncRowFactory, dict_row
from sqlalchemy.ext.asyncio import AsyncSession

from service.base.metrics import STATEMENT_SECONDS

Connection = psycopg.AsyncConnection[Any]
log = structlog.get_logger()

# The texts of our files by name: a log line and a metric name the file instead of repeating it.
_NAMES: dict[str, str] = {}
_LONGEST_SHOWN = 160
# Composed ones differ with what is asked of them; a few are remembered for as long as they run.
_COMPOSED: dict[str, str] = {}
_MOST_COMPOSED = 500


# Where several statements share an expression it stands once, in sql/shared/ of its floor.
_SHARED = re.compile(r"/\* include (\w+)/(\w+) \*/")


@cache
def statement(floor: str, name: str) -> LiteralString:
    """The text of `service/<floor>/sql/<name>.sql`, what it includes filled in. It holds no caller's text."""
    text = (files(f"service.{floor}") / "sql" / f"{name}.sql").read_text(encoding="utf-8")
    whole = _SHARED.sub(lambda found: "\n" + statement(found[1], f"shared/{found[2]}"), text)
    _NAMES[whole] = f"{floor}/{name}"
    return whole


def named(name: str, text: str) -> LiteralString:
    """A statement that was composed of our own texts and of declared names, under a name for log lines and metrics."""
    _COMPOSED[text] = name
    while len(_COMPOSED) > _MOST_COMPOSED:
        del _COMPOSED[next(iter(_COMPOSED))]
    return cast("LiteralString", text)  # type: ignore[redundant-cast] # a text that is ours, whatever it was made of


def timed_cursor(slow_ms: int) -> type[psycopg.AsyncCursor[Any]]:
    """A cursor that measures its statements and logs the slow ones: the text or its name, never a bound value.

    The log line carries the request's id and the viewer's scope from the context (service/base/access.py).
    """

    class TimedCursor(psycopg.AsyncCursor[Any]):
        async def execute(self, query: Any, *args: Any, **kwargs: Any) -> Self:
            started = time.perf_counter()
            try:
                return await super().execute(query, *args, **kwargs)
            finally:
                seconds = time.perf_counter() - started
                name = (_NAMES.get(query) or _COMPOSED.get(query)) if isinstance(query, str) else None
                STATEMENT_SECONDS.labels(name or "other").observe(seconds)
                if seconds * 1000 >= slow_ms:
                    shown = name or " ".join(str(query).split())[:_LONGEST_SHOWN]
                    log.warning("slow_statement", statement=shown, ms=round(seconds * 1000, 1))

    return TimedCursor


async def driver_of(session: AsyncSession) -> Connection:
    """The driver's own connection under a session, in the session's transaction."""
    raw = await (await session.connection()).get_raw_connection()
    return cast("Connection", raw.driver_connection)


async def read(
    connection: Connection, text: LiteralString, parameters: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Run a statement and give its rows as dictionaries."""
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(text, parameters)
        return await cursor.fetchall()


async def stream(
    connection: Connection,
    text: LiteralString,
    parameters: Mapping[str, Any],
    *,
    rows: int = 500,
    made: AsyncRowFactory[Any] = dict_row,
) -> AsyncGenerator[list[Any], None]:
    """Run a statement and give its rows, so many at a time: memory stays flat whatever their number.

    made: of each row, a dictionary where nothing else is said. PostgreSQL works on the next ones while their predecessors are
    sent. Whoever stops early closes the generator.
    """
    cursor = connection.cursor(name="stream", row_factory=made)
    fetching: asyncio.Future[list[Any]] | None = None
    try:
        await cursor.execute(text, parameters)
        fetching = asyncio.ensure_future(cursor.fetchmany(rows))
        while part := await fetching:
            fetching = asyncio.ensure_future(cursor.fetchmany(rows))
            await asyncio.sleep(0)  # so that it is asked for now, and not when these are gone
            yield part
    finally:
        with anyio.CancelScope(shield=True):
            if fetching is not None:
                # Given up, the driver cancels the statement.
                fetching.cancel()
                await asyncio.wait([fetching])
            await cursor.close()
