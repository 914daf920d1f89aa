"""SQL as source code: named files beside their owner, bound parameters only."""

import re
from collections.abc import AsyncIterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, LiteralString, cast

import psycopg
from psycopg.rows import dict_row
from sqlalchemy.ext.asyncio import AsyncSession

Connection = psycopg.AsyncConnection[Any]


# Where several statements share an expression it stands once, in sql/shared/ of its floor.
_SHARED = re.compile(r"/\* include (\w+)/(\w+) \*/")


@cache
def statement(floor: str, name: str) -> LiteralString:
    """The text of `service/<floor>/sql/<name>.sql`, what it includes filled in. It holds no caller's text."""
    text = (files(f"service.{floor}") / "sql" / f"{name}.sql").read_text(encoding="utf-8")
    return _SHARED.sub(lambda found: "\n" + statement(found[1], f"shared/{found[2]}"), text)


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
    connection: Connection, text: LiteralString, parameters: Mapping[str, Any], *, rows: int = 500
) -> AsyncIterator[list[dict[str, Any]]]:
    """Run a statement and give its rows as dictionaries, so many at a time: memory stays flat whatever their number."""
    async with connection.cursor(name="stream", row_factory=dict_row) as cursor:
        await cursor.execute(text, parameters)
        while part := await cursor.fetchmany(rows):
            yield part
