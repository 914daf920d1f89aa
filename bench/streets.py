"""Single points: the street tile beside tipg's, the largest of all tiles, and how both bear 1, 8 and 32 clients at once."""

import asyncio
import gzip
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import psycopg

from bench import tipg
from bench.clocks import Clock, Time
from bench.tiles import WHOLE_CITY, Row, fullest_tile
from geo.tiles import TileAddress
from service.app import create_app
from service.base.answers import COMPRESSION
from service.base.commands import CHECKOUT, Addresses
from service.base.settings import Settings

STREET = 14
RUNS = 5
# The plan's budgets: at most half of tipg's time; at most 100 KB as it is sent, or the tile says that it was cut.
OF_TIPG, MOST_BYTES = 1 / 2, 100 * 1024
LAYERS = "risk_points,enterprises,cells,territories"
CLIENTS, SECONDS = (1, 8, 32), 4.0


async def measure(addresses: Addresses, theirs: tipg.Tipg) -> list[Row]:
    """All rows of the report about single points."""
    tile, points = fullest_tile(addresses.owner_url, STREET)
    rows = [await _street(addresses, theirs, tile, points), await _largest(addresses)]
    return rows + await _crowds(addresses, theirs, tile)


async def _street(addresses: Addresses, theirs: tipg.Tipg, tile: TileAddress, points: int) -> Row:
    app = create_app(Settings(tile_cache_mb=0), database_url=addresses.app_url)
    with psycopg.connect(addresses.owner_url, autocommit=True) as watch:
        async with app.router.lifespan_context(app), _client(app) as client:
            app.state.viewer = WHOLE_CITY
            ours = await Clock(watch, os.getpid()).median(
                RUNS, lambda: _get(client, _path("risk_points", tile))
            )
        reference = await Clock(watch, theirs.process).median(
            RUNS, lambda: _get(theirs.client, _their_path(tile))
        )
    return _row(f"street tile z{STREET}, {points:,} points, with number, name and grade", ours, reference)


async def _largest(addresses: Addresses) -> Row:
    """The fullest tile of every zoom with all layers."""
    app = create_app(Settings(statement_seconds=600), database_url=addresses.app_url)
    found: list[tuple[int, int, bool]] = []
    async with app.router.lifespan_context(app), _client(app) as client:
        app.state.viewer = WHOLE_CITY
        for z in range(18):
            answer = await client.get(_path(LAYERS, fullest_tile(addresses.owner_url, z)[0]))
            size = len(gzip.compress(answer.content, COMPRESSION))
            found.append((size, z, "X-Riskmap-Truncated" in answer.headers))
    size, z, _ = max(found)
    cut = [z for _, z, was_cut in found if was_cut]
    told = f"{size / 1024:.0f} KB gzip at z{z}; cut and saying so at z{', z'.join(map(str, cut)) or '-'}"
    return Row(f"the fullest tile of every zoom, {LAYERS}", told, "-", "100 KB", met=size <= MOST_BYTES)


async def _crowds(addresses: Addresses, theirs: tipg.Tipg, tile: TileAddress) -> list[Row]:
    """Requests a second of ours and of tipg, each a process behind a socket, asked by the same client."""
    rows = []
    async with _serving(addresses) as (client, process):
        for work, ours, reference in (
            ("street tile", _path("risk_points", tile), _their_path(tile)),
            (
                "page of 100 features",
                "/ogc/collections/risk_points/items",
                "/collections/bench.points/items?limit=100",
            ),
        ):
            for clients in CLIENTS:
                mine = await rate(client, ours, clients)
                other = await rate(theirs.client, reference, clients)
                told = [
                    f"{count:.0f} a second, slowest {worst * 1000:.0f} ms" for count, worst in (mine, other)
                ]
                # No budget stands in the plan: the row is there to be read.
                rows.append(Row(f"{work}, {clients} clients at once", told[0], told[1], "-", met=True))
                print(rows[-1], flush=True)
        peak = _peak(process)
    return [
        *rows,
        Row("memory of the server after that, at its highest", peak, "-", "-", met=True),
    ]


def _peak(process: int) -> str:
    """The most memory that a process ever had."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    return next(line.partition(":")[2].strip() for line in lines if line.startswith("VmHWM"))


async def rate(client: httpx.AsyncClient, path: str, clients: int) -> tuple[float, float]:
    """Answers a second, and the slowest one's seconds."""
    until = time.perf_counter() + SECONDS
    times: list[float] = []

    async def ask() -> None:
        while (began := time.perf_counter()) < until:
            await _get(client, path)
            times.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(ask() for _ in range(clients)))
    return len(times) / (time.perf_counter() - began), max(times)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


async def ready(client: httpx.AsyncClient) -> None:
    """Wait until a service answers."""
    for _ in range(300):
        try:
            if (await client.get("/readyz")).is_success:
                return
        except httpx.TransportError:
            pass
        await asyncio.sleep(0.2)


@asynccontextmanager
async def _serving(addresses: Addresses) -> AsyncIterator[tuple[httpx.AsyncClient, int]]:
    port = free_port()
    command = [sys.executable, "-m", "bench.server", str(port), addresses.app_url]
    process = subprocess.Popen(command, cwd=CHECKOUT)  # noqa: ASYNC220 - nothing else runs yet
    limits = httpx.Limits(max_connections=64)
    try:
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}", timeout=120, limits=limits
        ) as client:
            await ready(client)
            yield client, process.pid
    finally:
        process.terminate()
        process.wait()


def _client(app: object) -> httpx.AsyncClient:
    plain = {"Accept-Encoding": "identity"}
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://map", headers=plain)  # type: ignore[arg-type]


async def _get(client: httpx.AsyncClient, path: str) -> None:
    (await client.get(path)).raise_for_status()


def _path(layers: str, tile: TileAddress) -> str:
    return f"/tiles/{layers}/{tile.z}/{tile.x}/{tile.y}.mvt"


def _their_path(tile: TileAddress) -> str:
    return tipg.tile_path(tile.z, tile.x, tile.y)


def _row(work: str, ours: Time, reference: Time) -> Row:
    share = ours.share(reference)
    return Row(work, str(ours), f"{reference} ({share:.2f})", f"{OF_TIPG:.2f}", met=share <= OF_TIPG)
