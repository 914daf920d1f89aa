"""Forgetting downloads that are old, with their files, in every process."""

import asyncio
import time
from datetime import timedelta
from pathlib import Path

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from service.base.database import scoped_session
from service.base.viewer import Viewer

# How long files are kept, and how often it is looked for older ones.
KEPT = timedelta(days=1)
SECONDS_BETWEEN_EXPIRIES = 600.0
NOBODY = Viewer(person="expiry", name="expiry")
log = structlog.get_logger()


async def keep_expiring(engine: AsyncEngine, folder: Path) -> None:
    """Forget old downloads and their files until cancelled, the first time at once."""
    while True:
        try:
            async with scoped_session(engine, NOBODY) as session:
                await session.execute(text("SELECT download_expire(:age)"), {"age": KEPT})
            await asyncio.to_thread(_sweep, folder)
        except (SQLAlchemyError, OSError) as error:
            log.warning("downloads_not_expired", reason=type(error).__name__)
        await asyncio.sleep(SECONDS_BETWEEN_EXPIRIES)


def _sweep(folder: Path) -> None:
    """Remove files that are older than any download may be, also those of processes that were killed."""
    oldest = time.time() - 2 * KEPT.total_seconds()
    for file in folder.iterdir():
        if file.is_file() and file.stat().st_mtime < oldest:
            file.unlink(missing_ok=True)
