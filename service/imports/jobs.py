"""Giving up uploads that nobody decided about, every hour, in every process: rows another one holds are skipped."""

import asyncio
from datetime import timedelta

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from service.base.database import scoped_session
from service.base.viewer import Viewer

SECONDS_BETWEEN_EXPIRIES = 3600.0
NOBODY = Viewer(person="expiry", name="expiry")
log = structlog.get_logger()


async def expire(engine: AsyncEngine, *, after_days: int) -> int:
    """Give up the undecided uploads older than some days; how many those were."""
    async with scoped_session(engine, NOBODY) as session:
        given_up = await session.scalar(
            text("SELECT import_upload_expire(:age)"), {"age": timedelta(days=after_days)}
        )
    return int(given_up or 0)


async def keep_expiring(engine: AsyncEngine, *, after_days: int) -> None:
    """Expire until cancelled, the first time at once."""
    while True:
        try:
            if given_up := await expire(engine, after_days=after_days):
                log.info("uploads_given_up", count=given_up)
        except (SQLAlchemyError, OSError) as error:
            log.warning("expiry_failed", reason=type(error).__name__)
        await asyncio.sleep(SECONDS_BETWEEN_EXPIRIES)
