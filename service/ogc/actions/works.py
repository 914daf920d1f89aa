"""Files that are made while their client is elsewhere: tasks of this process, each with a process of its own for the work.

A task says that it lives, its process how far the file is. A task that is silent was killed, and the next look at the download
takes it up again, in whatever process.
"""

import asyncio
import json
import os
import shutil
import stat
import tempfile
import uuid
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import structlog
from anyio import BrokenWorkerProcess, CapacityLimiter, to_process
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from service.base.database import scoped_session
from service.base.errors import ServiceError, Unavailable
from service.base.viewer import Viewer
from service.ogc.actions.writing import ready, write_file
from service.ogc.rules.formats import FILES
from service.ogc.rules.orders import Order, Stopped

# Of two processors one is left for everybody else.
_AT_ONCE = 1
SECONDS_BETWEEN_SIGNS = 5.0
log = structlog.get_logger()

Row = dict[str, Any]
# What a download's row asks for, as an order for its viewer.
Ordered = Callable[[Viewer, Row, Path], Awaitable[Order]]


def folder_of(setting: Path | None) -> Path:
    """Where files lie: a folder of our own within the one configured, or among the temporary ones. Nobody else reads it.

    Raises PermissionError where it is not ours, or open to others: somebody may have made it before us.
    """
    parent = setting or Path(tempfile.gettempdir())
    folder = parent / f"riskmap-downloads-{os.getuid()}"
    parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise PermissionError(f"{folder} is not a folder of this user alone")
    return folder


@dataclass
class Works:
    """The files that this process makes."""

    engine: AsyncEngine
    folder: Path
    ordered: Ordered
    _tasks: dict[uuid.UUID, asyncio.Task[None]] = field(default_factory=dict)
    _warming: asyncio.Task[None] | None = None
    _limiter: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(_AT_ONCE))

    def path_of(self, row: Row) -> Path:
        """Where the file of a download lies once it is done."""
        return self.folder / f"{row['id']}.{FILES[row['format']].extension}"

    def own_folder(self) -> Path:
        """An empty folder for one file and all that is written beside it on the way; to be removed whole."""
        made = self.folder / f"work-{uuid.uuid4().hex}"
        made.mkdir(mode=0o700)
        return made

    def take_up(self, viewer: Viewer, download: uuid.UUID) -> None:
        """See to it that a file is made; it may be already, here or elsewhere."""
        if download not in self._tasks:
            task = asyncio.create_task(self._work(viewer, download))
            self._tasks[download] = task
            task.add_done_callback(lambda _: self._tasks.pop(download, None))

    def warm(self) -> None:
        """Have the process begun that the next file is written in."""
        if self._warming is None or self._warming.done():
            self._warming = asyncio.create_task(_begin())

    async def stop(self, viewer: Viewer, download: uuid.UUID) -> None:
        """Give a file up, whoever works on it."""
        async with scoped_session(self.engine, viewer) as session:
            await session.execute(
                text(
                    "UPDATE download SET state = 'stopped' WHERE id = :id AND state IN ('waiting', 'working')"
                ),
                {"id": download},
            )
        if (task := self._tasks.get(download)) is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def close(self) -> None:
        """Let go of everything; what is not done is taken up again by the next process."""
        tasks = [*self._tasks.values(), *([self._warming] if self._warming else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _work(self, viewer: Viewer, download: uuid.UUID) -> None:
        async with self._limiter:
            row = await self._claim(viewer, download)
            if row is None:
                return
            folder = self.own_folder()
            made = folder / self.path_of(row).name
            living = asyncio.create_task(self._keep_saying(viewer, download))
            try:
                order = await self.ordered(viewer, row, made)
                count = await run(order)
                size = made.stat().st_size
                made.rename(self.path_of(row))
                if not await self._end(viewer, download, "done", done=count, size=size):
                    # Given up at the last moment, or forgotten.
                    self.path_of(row).unlink(missing_ok=True)
            except Stopped:
                log.info("download_stopped")
            except ServiceError as error:
                await self._fail(viewer, download, error)
            except (SQLAlchemyError, psycopg.OperationalError) as error:
                # The state stays as it is: once this was silent for a while the next look tries again.
                log.warning("download_interrupted", reason=type(error).__name__)
            except Exception as error:
                # A full disk, a shape that no format takes: it would be so again.
                log.exception("download_failed", reason=type(error).__name__)
                await self._fail(
                    viewer, download, ServiceError("未能生成文件。", "The file could not be made.")
                )
            finally:
                living.cancel()
                with suppress(asyncio.CancelledError):
                    await living
                shutil.rmtree(folder, ignore_errors=True)

    async def _keep_saying(self, viewer: Viewer, download: uuid.UUID) -> None:
        """Say that somebody works on a download, also while a file says nothing: rows are sorted, an index is made."""
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_SIGNS)
            with suppress(SQLAlchemyError, OSError):
                async with scoped_session(self.engine, viewer) as session:
                    await session.execute(_LIVES, {"id": download})

    async def _claim(self, viewer: Viewer, download: uuid.UUID) -> Row | None:
        async with scoped_session(self.engine, viewer) as session:
            found = (await session.execute(_CLAIM, {"id": download, "scope": viewer.scope})).one_or_none()
        return None if found is None else dict(found._mapping)

    async def _fail(self, viewer: Viewer, download: uuid.UUID, error: ServiceError) -> None:
        await self._end(viewer, download, "failed", problem=json.dumps(error.wire(), ensure_ascii=False))

    async def _end(self, viewer: Viewer, download: uuid.UUID, state: str, **told: Any) -> bool:
        """Say how it ended; whether anybody still waits for it, or another process has said so before."""
        values = {"id": download, "state": state, "done": None, "size": None, "problem": None} | told
        async with scoped_session(self.engine, viewer) as session:
            await session.execute(_END, values)
            stands = await session.scalar(text("SELECT state FROM download WHERE id = :id"), {"id": download})
        return bool(stands == state)


async def _begin() -> None:
    with suppress(BrokenWorkerProcess):
        await to_process.run_sync(ready)


async def run(order: Order) -> int:
    """Write a file in a process of its own, which ends when the caller is cancelled. Raises what write_file raises.

    One that waited for work may have been killed since, and nobody heard of it yet: its work is begun anew in another, once.
    """
    try:
        return await to_process.run_sync(write_file, order, cancellable=True)
    except BrokenWorkerProcess as error:
        log.warning("file_process_died", reason=repr(error.__cause__))
    _clear(order.path.parent)
    try:
        return await to_process.run_sync(write_file, order, cancellable=True)
    except BrokenWorkerProcess as error:
        raise Unavailable(
            "生成文件的进程意外结束，请再试一次。", "The process that made the file ended; try again."
        ) from error


def _clear(folder: Path) -> None:
    """Take away what lies in a file's own folder: formats that hold several layers would add theirs to it."""
    shutil.rmtree(folder)
    folder.mkdir(mode=0o700)


_LIVES = text("UPDATE download SET said_at = now() WHERE id = :id AND state = 'working'")
# A working one that was silent for four signs lost its process.
_CLAIM = text("""
    UPDATE download SET state = 'working', done = 0, said_at = now()
    WHERE id = :id AND scope = :scope
      AND (state = 'waiting' OR state = 'working' AND said_at < now() - interval '20 seconds')
    RETURNING id, collection, format, asked
""")
_END = text("""
    UPDATE download SET state = :state, done = COALESCE(:done, done), size = :size, problem = CAST(:problem AS jsonb),
        said_at = now()
    WHERE id = :id AND state = 'working'
""")
