"""Keeping what is derived true: compared with its sources, and mended from them."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from service.base.statements import driver_of, read, statement


@dataclass(frozen=True)
class Difference:
    """A part that differs from its sources: how often, and the first few numbers, names or cells."""

    part: str
    count: int
    examples: tuple[str, ...]


async def verify(session: AsyncSession) -> list[Difference]:
    """What differs from its sources, in one picture of the database. As the owner, who sees every row."""
    await session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
    await session.execute(_NO_TIMEOUT)
    return await _differences(session)


async def rebuild(session: AsyncSession) -> list[Difference]:
    """Mend what differs, in the caller's transaction, as the owner; writers wait meanwhile. Gives what differed."""
    await session.execute(_NO_TIMEOUT)
    await session.execute(text("LOCK TABLE enterprise, site, risk_point IN SHARE ROW EXCLUSIVE MODE"))
    found = await _differences(session)
    connection = await driver_of(session)
    await session.execute(
        text("UPDATE enterprise SET changed_by = changed_by WHERE search <> words_of(name, uscc)")
    )
    for trigger in SETTLING:
        await session.execute(text(f"ALTER TABLE risk_point DISABLE TRIGGER {trigger}"))
    await connection.execute(statement("cells", "mend_points"))
    for trigger in SETTLING:
        await session.execute(text(f"ALTER TABLE risk_point ENABLE TRIGGER {trigger}"))
    await session.execute(text("DELETE FROM cell_touch"))
    await connection.execute(statement("cells", "mend_touches"))
    await session.execute(text("SELECT cell_stat_rebuild()"))
    return found


# What works a point's derived columns out when it is written, and would keep the wrong ones.
SETTLING = ("settle", "settle_words")
# A city of a million points takes minutes; the statements of people are cancelled long before.
_NO_TIMEOUT = text("SET LOCAL statement_timeout = 0")


async def _differences(session: AsyncSession) -> list[Difference]:
    connection = await driver_of(session)
    return [
        Difference(row["part"], row["differences"], tuple(row["examples"]))
        for name in ("verify_points", "verify_enterprises", "verify_touches", "verify_counts")
        for row in await read(connection, statement("cells", name), {})
    ]
