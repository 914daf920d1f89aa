"""tipg, the tile server we compare with: in an environment of its own, pointed at the same points."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psycopg

PINNED = ("tipg==1.6.1", "uvicorn==0.54.0")
PORT = 8191
MOST_FEATURES = 10_000_000  # tipg's own limit would stop at 10,000 of a million
# What a map needs of a point, and nothing that tipg would carry for nothing.
VIEW = """
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


@contextmanager
def serving(folder: Path, owner_url: str) -> Iterator[httpx.Client]:
    """tipg on the points of a database, as the owner: it pays nothing for row security."""
    with psycopg.connect(owner_url) as connection:
        connection.execute(VIEW)
    settings = {
        "DATABASE_URL": owner_url,
        "TIPG_DB_SCHEMAS": '["bench"]',
        "TIPG_MAX_FEATURES_PER_TILE": str(MOST_FEATURES),
        "TIPG_CATALOG_TTL": "100000",
    }
    command = [
        install(folder),
        "-m",
        "uvicorn",
        "tipg.main:app",
        "--port",
        str(PORT),
        "--log-level",
        "warning",
    ]
    process = subprocess.Popen(command, env=os.environ | settings)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{PORT}", timeout=600) as client:
            _wait(client)
            yield client
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(client: httpx.Client) -> None:
    for _ in range(300):
        try:
            if client.get("/healthz").is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise RuntimeError("tipg does not answer")


def tile_path(z: int, x: int, y: int) -> str:
    """The address of a tile of the points."""
    return f"/collections/bench.points/tiles/WebMercatorQuad/{z}/{x}/{y}"
