"""Folding the count deltas, every few seconds, in every process: whoever holds the lock folds, the others skip."""

import asyncio

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from service.base.database import scoped_session
from service.base.viewer import Viewer

SECONDS_BETWEEN_FOLDS = 5.0
NOBODY = Viewer(person="fold", name="fold")
log = structlog.get_logger()


async def fold(engine: AsyncEngine) -> None:
    """Sum the committed deltas into the stored counts, in one short transaction."""
    async with scoped_session(engine, NOBODY) as session:
        await session.execute(text("SELECT cell_stat_fold()"))


async def keep_folding(engine: AsyncEngine) -> None:
    """Fold until cancelled. Counts are whole without it; it only keeps the delta tables short."""
    while True:
        await asyncio.sleep(SECONDS_BETWEEN_FOLDS)
        try:
            await fold(engine)
        except (SQLAlchemyError, OSError) as error:
            log.warning("fold_failed", reason=type(error).__name__)
