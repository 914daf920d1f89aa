"""tipg, the tile server we compare with: in an environment of its own, pointed at the same points."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import httpx
import psycopg

PINNED = ("tipg==1.6.1", "uvicorn==0.54.0")
MOST_FEATURES = 10_000_000  # tipg's own limit would stop at 10,000 of a million
# What a map needs of a point, and nothing that tipg would carry for nothing.
VIEW = """
    -- One processor for either side: parallel workers end before anybody can count what they took.
    DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET max_parallel_workers_per_gather = 0', current_database()); END $$;
    CREATE SCHEMA IF NOT EXISTS bench;
    CREATE OR REPLACE VIEW bench.points AS SELECT id, number, name, grade_assessed, anchor FROM risk_point;
"""


def install(folder: Path) -> Path:
    """The environment's python, made once."""
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PINNED], check=True)
    return python


@dataclass(frozen=True)
class Tipg:
    """tipg while it runs; process: its number."""

    client: httpx.AsyncClient
    process: int


@asynccontextmanager
async def serving(folder: Path, owner_url: str) -> AsyncIterator[Tipg]:
    """tipg on the points of a database, as the owner: it pays nothing for row security."""
    with psycopg.connect(owner_url) as connection:
        connection.execute(VIEW)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "DATABASE_URL": _with_a_host(owner_url),
        "TIPG_DB_SCHEMAS": '["bench"]',
        "TIPG_MAX_FEATURES_PER_TILE": str(MOST_FEATURES),
        "TIPG_CATALOG_TTL": "100000",
    }
    command = [
        str(install(folder)),
        "-m",
        "uvicorn",
        "tipg.main:app",
        "--port",
        str(port),
        "--log-level",
        "warning",
    ]
    process = subprocess.Popen(command, env=os.environ | settings)  # noqa: ASYNC220 - nothing else runs yet
    try:
        plain = {"Accept-Encoding": "identity"}
        address = f"http://127.0.0.1:{port}"
        async with httpx.AsyncClient(base_url=address, timeout=600, headers=plain) as client:
            await _wait(client, process)
            yield Tipg(client, process.pid)
    finally:
        process.kill()  # it holds nothing worth an orderly end, and would draw its last tile first
        process.wait()


def _with_a_host(url: str) -> str:
    """The address with its socket folder where tipg wants a host."""
    parts = psycopg.conninfo.conninfo_to_dict(url)
    return (
        f"postgresql://{parts['user']}@{quote(str(parts['host']), safe='')}:{parts['port']}/{parts['dbname']}"
    )


async def _wait(client: httpx.AsyncClient, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if process.poll() is not None:
            break
        try:
            if (await client.get("/healthz")).is_success:
                return
        except httpx.TransportError:
            pass
        await asyncio.sleep(0.2)
    raise RuntimeError("tipg does not answer")


def tile_path(z: int, x: int, y: int) -> str:
    """The address of a tile of the points."""
    return f"/collections/bench.points/tiles/WebMercatorQuad/{z}/{x}/{y}"
