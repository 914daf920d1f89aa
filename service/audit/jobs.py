"""Sealing the audit, every few seconds, in every process: whoever holds the lock seals, the others skip."""

import asyncio

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from service.base.database import scoped_session
from service.base.viewer import NOBODY

SECONDS_BETWEEN_SEALS = 5.0
MOST_AT_ONCE = 5_000
log = structlog.get_logger()


async def seal(engine: AsyncEngine) -> int:
    """Put what was committed into the chain: how many records."""
    async with scoped_session(engine, NOBODY) as session:
        return int(await session.scalar(text("SELECT audit_seal(:most)"), {"most": MOST_AT_ONCE}) or 0)


async def keep_sealing(engine: AsyncEngine) -> None:
    """Seal until cancelled."""
    while True:
        await asyncio.sleep(SECONDS_BETWEEN_SEALS)
        try:
            while await seal(engine) == MOST_AT_ONCE:
                pass
        except (SQLAlchemyError, OSError) as error:
            log.warning("seal_failed", reason=type(error).__name__)
