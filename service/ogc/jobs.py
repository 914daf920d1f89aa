"""Forgetting downloads that are old, with their files, in every process."""

import asyncio
import shutil
import time
import uuid
from collections.abc import Sequence
from contextlib import suppress
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
                gone = (await session.scalars(text("SELECT download_expire(:age)"), {"age": KEPT})).all()
            await asyncio.to_thread(_sweep, folder, gone)
        except (SQLAlchemyError, OSError) as error:
            log.warning("downloads_not_expired", reason=type(error).__name__)
        await asyncio.sleep(SECONDS_BETWEEN_EXPIRIES)


def _sweep(folder: Path, gone: Sequence[uuid.UUID]) -> None:
    """Remove the files of downloads that are forgotten, and what is older than any may be: a killed process left it."""
    names = {str(one) for one in gone}
    oldest = time.time() - 2 * KEPT.total_seconds()
    for one in folder.iterdir():
        with suppress(FileNotFoundError):  # another process was faster
            if one.name.partition(".")[0] not in names and one.stat().st_mtime >= oldest:
                continue
            if one.is_dir():
                shutil.rmtree(one, ignore_errors=True)
            else:
                one.unlink()
