"""Published tiles behind nginx as docs/nginx.conf has it: what is kept, what is not, and how many a second that bears."""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from bench.streets import free_port, rate, ready
from bench.tiles import Row, fullest_tile
from service.base.commands import CHECKOUT, Addresses

ZOOM = 9
CLIENTS = 32
CONFIGURATION = CHECKOUT / "docs" / "nginx.conf"


async def measure(addresses: Addresses) -> list[Row]:
    """One row; none where nginx is not installed."""
    if shutil.which("nginx") is None:
        print("nginx is not installed: published tiles are left out", flush=True)
        return []
    tile, _ = fullest_tile(addresses.owner_url, ZOOM)
    path = f"/ogc/collections/cells_4/tiles/WebMercatorQuad/{tile.z}/{tile.y}/{tile.x}"
    async with _serving(addresses) as (direct, cached):
        await _prove(cached, path)
        kept, _ = await rate(cached, path, CLIENTS)
        drawn, _ = await rate(direct, path, CLIENTS)
    told = (f"{kept:.0f} a second", f"{drawn:.0f} a second without nginx")
    return [Row(f"a published tile behind nginx, {CLIENTS} clients at once", *told, "-", met=True)]


async def _prove(cached: httpx.AsyncClient, path: str) -> None:
    """The cache keeps what is published, gives it to whoever asks, and keeps nothing of who says who they are."""
    first, second = await cached.get(path), await cached.get(path)
    assert (first.status_code, first.headers["X-Cache"]) == (200, "MISS"), first.text
    assert (second.headers["X-Cache"], second.content) == ("HIT", first.content)
    again = await cached.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    for headers in ({"Authorization": "Bearer rm_nobody"}, {"Cookie": "riskmap_session=nobody"}):
        answer = await cached.get(path, headers=headers)
        assert answer.headers["X-Cache"] == "BYPASS"
    assert (await cached.get("/api/session")).status_code == 401
    assert "X-Cache" not in (await cached.get("/ogc/collections")).headers


@asynccontextmanager
async def _serving(addresses: Addresses) -> AsyncIterator[tuple[httpx.AsyncClient, httpx.AsyncClient]]:
    """The service with a published layer, and nginx before it."""
    port, front = free_port(), free_port()
    command = [sys.executable, "-m", "bench.server", str(port), addresses.app_url, "cells_4:grade,total"]
    service = subprocess.Popen(command, cwd=CHECKOUT)  # noqa: ASYNC220 - nothing else runs yet
    with tempfile.TemporaryDirectory() as folder:
        text = CONFIGURATION.read_text(encoding="utf-8")
        text = text.replace("127.0.0.1:8000", f"127.0.0.1:{port}").replace(
            "127.0.0.1:8080", f"127.0.0.1:{front}"
        )
        file = Path(folder) / "nginx.conf"
        file.write_text(text, encoding="utf-8")
        # As root its workers would be somebody else, to whom the temporary folder is closed.
        user = " user root;" if os.geteuid() == 0 else ""
        nginx = subprocess.Popen(  # noqa: ASYNC220
            [
                "nginx",
                "-p",
                folder,
                "-c",
                str(file),
                "-e",
                "stderr",
                "-g",
                f"daemon off; pid nginx.pid; error_log stderr;{user}",
            ],
        )
        limits = httpx.Limits(max_connections=64)
        try:
            async with (
                httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60, limits=limits) as direct,
                httpx.AsyncClient(base_url=f"http://127.0.0.1:{front}", timeout=60, limits=limits) as cached,
            ):
                await ready(direct)
                await ready(cached)
                yield direct, cached
        finally:
            for process in (nginx, service):
                process.terminate()
            await asyncio.to_thread(lambda: (nginx.wait(), service.wait()))
