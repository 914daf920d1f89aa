"""Work that goes on when its request is answered: large files are checked and written in tasks of this process.

Whoever works holds the upload's row in the transaction of the work. When a process is killed its connection ends, the
database rolls back and lets go of the row; the state still says what is to be done, and the next look at the upload,
in whatever process, takes it up again (docs/decisions/0012-imports-at-full-width.md).
"""

import asyncio
import uuid
from contextlib import suppress
from dataclasses import dataclass, field

import psycopg
import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from service.base.clock import now
from service.base.database import scoped_session
from service.base.errors import ServiceError
from service.base.viewer import Viewer
from service.imports.actions import uploads
from service.imports.actions.uploads import Manner
from service.imports.rules.progress import Progress, Stopped

# How often a page hears how far the work has come; a wish to stop is heard as soon.
SECONDS_BETWEEN_WORDS = 0.5
# A parsed workbook of 100,000 rows is some hundred MB: one after the other keeps the process within bounds.
_AT_ONCE = 1

log = structlog.get_logger()


@dataclass
class Works:
    """The uploads that this process works on."""

    engine: AsyncEngine
    _tasks: dict[uuid.UUID, asyncio.Task[None]] = field(default_factory=dict)
    _gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))

    def take_up(self, viewer: Viewer, upload_id: uuid.UUID) -> None:
        """See to it that an upload is worked on; it may be already, here or elsewhere."""
        if upload_id not in self._tasks:
            task = asyncio.create_task(self._work(viewer, upload_id))
            self._tasks[upload_id] = task
            task.add_done_callback(lambda _: self._tasks.pop(upload_id, None))

    async def stop(self, viewer: Viewer, upload_id: uuid.UUID) -> None:
        """Ask whoever works on an upload to let go of it, here or in another process. What was done is undone."""
        async with scoped_session(self.engine, viewer) as session:
            await session.execute(_STOP, {"id": upload_id, "person": viewer.person})
        if (task := self._tasks.get(upload_id)) is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def close(self) -> None:
        """Let go of everything; what is not done is taken up again by the next process."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _work(self, viewer: Viewer, upload_id: uuid.UUID) -> None:
        progress = Progress()
        # The first word refers to the upload's row and would have to wait for the work, which holds it.
        await self._say(viewer, upload_id, progress)
        words = asyncio.create_task(self._keep_saying(viewer, upload_id, progress))
        try:
            async with self._gate:
                await self._do(viewer, upload_id, progress)
            await self._say(viewer, upload_id, progress)
        except asyncio.CancelledError:
            progress.stopped = True  # a thread that is reading rows hears it too
            raise
        finally:
            words.cancel()
            with suppress(asyncio.CancelledError):
                await words

    async def _do(self, viewer: Viewer, upload_id: uuid.UUID, progress: Progress) -> None:
        try:
            async with scoped_session(self.engine, viewer) as session:
                manner = Manner(now=now(), progress=progress)
                await uploads.go_on(session, viewer, upload_id, manner=manner)
        except Stopped:
            log.info("import_stopped")
        except ServiceError as error:
            async with scoped_session(self.engine, viewer) as session:
                await uploads.refuse(session, upload_id, error)
        except (SQLAlchemyError, psycopg.Error, OSError) as error:
            # The state stays as it is: the next look at the upload tries again.
            log.warning("import_interrupted", reason=type(error).__name__)

    async def _keep_saying(self, viewer: Viewer, upload_id: uuid.UUID, progress: Progress) -> None:
        """Write down how far the work has come, and hear whether it is to stop."""
        while True:
            await self._say(viewer, upload_id, progress)
            await asyncio.sleep(SECONDS_BETWEEN_WORDS)

    async def _say(self, viewer: Viewer, upload_id: uuid.UUID, progress: Progress) -> None:
        counts = {
            "id": upload_id,
            "person": viewer.person,
            "row_count": progress.row_count,
            "read": progress.read,
            "checked": progress.checked,
            "written": progress.written,
        }
        try:
            async with scoped_session(self.engine, viewer) as session:
                progress.stopped = bool(await session.scalar(_SAY, counts)) or progress.stopped
        except (SQLAlchemyError, OSError) as error:
            log.warning("import_progress_unsaid", reason=type(error).__name__)


_SAY = text("""
    INSERT INTO import_progress AS known (upload_id, person, row_count, rows_read, rows_checked, rows_written)
    VALUES (:id, :person, :row_count, :read, :checked, :written)
    ON CONFLICT (upload_id) DO UPDATE SET row_count = excluded.row_count, rows_read = excluded.rows_read,
        rows_checked = excluded.rows_checked, rows_written = excluded.rows_written
    RETURNING known.stop
""")
_STOP = text("""
    INSERT INTO import_progress (upload_id, person, stop)
    SELECT id, person, true FROM import_upload WHERE id = :id AND person = :person
    ON CONFLICT (upload_id) DO UPDATE SET stop = true
""")
