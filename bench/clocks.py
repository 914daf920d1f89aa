"""How long work takes: on the wall, and of the processor, which other people's work on the machine cannot lengthen."""

import os
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg

NANOSECONDS = 1e6  # in a millisecond


@dataclass(frozen=True)
class Time:
    """Milliseconds: medians of some runs."""

    wall: float
    processor: float

    def __str__(self) -> str:
        return f"{self.wall:.1f} ms, of the processor {self.processor:.1f} ms"

    def share(self, of: "Time") -> float:
        """How large a part of another time this is: by the wall, by the processor where the machine has more work than processors."""
        busy = os.getloadavg()[0] > (os.cpu_count() or 1)
        return self.processor / of.processor if busy else self.wall / of.wall


@dataclass(frozen=True)
class Clock:
    """Counts a program and the database servers that work for it. Parallel workers end uncounted: they are switched off."""

    watch: psycopg.Connection
    program: int

    def spent(self) -> float:
        """Milliseconds of the processor so far, of the program and of every other session of the database."""
        sessions = self.watch.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchall()
        return sum(_processor(pid) for pid in (self.program, *(row[0] for row in sessions)))

    async def median(self, runs: int, work: Callable[[], Awaitable[object]]) -> Time:
        """The median of some runs; one before them warms."""
        await work()
        walls, processors = [], []
        for _ in range(runs):
            spent, started = self.spent(), time.perf_counter()
            await work()
            walls.append((time.perf_counter() - started) * 1000)
            processors.append(self.spent() - spent)
        return Time(statistics.median(walls), statistics.median(processors))


def _processor(pid: int) -> float:
    """Milliseconds a process and its threads have run; 0 where it has ended."""
    total = 0
    for thread in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        try:
            total += int(thread.read_text(encoding="ascii").split()[0])
        except OSError:
            continue
    return total / NANOSECONDS
