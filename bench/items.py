"""The register as GeoJSON: a stream beside tipg and beside what psql gives, a far page beside the first, and row security."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import httpx
import psycopg

from bench import tipg
from bench.clocks import Clock, Time
from bench.tiles import DISTRICT, WHOLE_CITY, Row
from service.app import create_app
from service.base.clock import day_of, now
from service.base.commands import Addresses
from service.base.database import make_engine, scoped_reading
from service.base.settings import Settings
from service.base.viewer import Permission
from service.ogc.queries import features
from service.ogc.rules.asking import Asked
from service.ogc.rules.paging import FIRST, Place
from service.risk_points.layers import ITEMS

FEATURES = 100_000
# tipg gives 10,000 features a page; it is given one page, and its time for FEATURES is ten of them.
TIPG_PAGE = 10_000
PAGE, FAR = 100, 1000
RUNS = 5
# Budgets of the plan: at least 20 times tipg's features a second, 0.7 of what COPY gives; a far page within 1.3 of the first.
OF_TIPG, OF_COPY, OF_FIRST, OF_NO_POLICY = 1 / 20, 1 / 0.7, 1.3, 1.25
PROPERTIES = "number,name,place,grade,position"
COPYING = """COPY (SELECT ST_AsGeoJSON(feature, 'geom', 8) FROM (
    SELECT id, COALESCE(geom, anchor) AS geom, number, name, place, grade_assessed AS grade, position FROM risk_point
    WHERE id <= %d ORDER BY id) AS feature) TO STDOUT"""


async def measure(addresses: Addresses, theirs: tipg.Tipg) -> list[Row]:
    """All rows of the report about items."""
    rows = await _streams(addresses, theirs)
    return rows + await _pages(addresses) + await _policies(addresses)


async def _streams(addresses: Addresses, theirs: tipg.Tipg) -> list[Row]:
    app = create_app(Settings(statement_seconds=600), database_url=addresses.app_url)
    with psycopg.connect(addresses.owner_url, autocommit=True) as watch:
        last = _last_of(watch, FEATURES)
        async with app.router.lifespan_context(app):
            app.state.viewer = replace(WHOLE_CITY, may=frozenset({Permission.EXPORT}))
            query = {"f": "ndjson", "properties": PROPERTIES, "limit": str(FEATURES)}

            async def stream() -> None:
                """The application itself: a client within the process would gather the whole answer first."""
                sent = await _sent(app, "/ogc/collections/risk_points/items", query)
                assert sent == FEATURES, sent

            ours = await Clock(watch, os.getpid()).median(3, stream)
        # Open all the while: what a session took that has ended is not counted.
        with psycopg.connect(addresses.owner_url, autocommit=True) as copier:
            copied = await Clock(watch, 0).median(3, lambda: asyncio.to_thread(_copy, copier, last))

        async def their_page() -> None:
            answer = await theirs.client.get(
                "/collections/bench.points/items", params={"limit": TIPG_PAGE, "f": "geojson"}
            )
            answer.raise_for_status()

        page = await Clock(watch, theirs.process).median(2, their_page)
    tipg_time = Time(page.wall * FEATURES / TIPG_PAGE, page.processor * FEATURES / TIPG_PAGE)
    work = f"{FEATURES:,} features as GeoJSON, streamed"
    return [
        _row(f"{work}, beside tipg (ten times its page of {TIPG_PAGE:,})", ours, tipg_time, OF_TIPG),
        _row(f"{work}, beside COPY of ST_AsGeoJSON with the same properties", ours, copied, OF_COPY),
    ]


async def _sent(app: Any, path: str, query: dict[str, str]) -> int:
    """How many lines an answer has, taken as a server takes them: piece by piece, none of them kept."""
    lines = 0
    finished = asyncio.Event()

    async def receive() -> dict[str, object]:
        await finished.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        nonlocal lines
        if message["type"] == "http.response.start":
            assert message["status"] == 200, message
        lines += message.get("body", b"").count(b"\n")

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": str(httpx.QueryParams(query)).encode(),
        "headers": [(b"host", b"map")],
        "server": ("map", 80),
        "client": ("127.0.0.1", 1),
        "root_path": "",
    }
    await app(scope, receive, send)
    finished.set()
    return lines


def _last_of(watch: psycopg.Connection, count: int) -> int:
    row = watch.execute("SELECT id FROM risk_point ORDER BY id OFFSET %s LIMIT 1", (count - 1,)).fetchone()
    assert row
    return int(row[0])


def _copy(connection: psycopg.Connection, last: int) -> None:
    with connection.cursor().copy(COPYING % last) as copying:
        assert sum(bytes(block).count(b"\n") for block in copying) == FEATURES


async def _pages(addresses: Addresses) -> list[Row]:
    """Page 1,000 beside page 1, in the whole city and in a district's scope; neither counts what there is."""
    engine = make_engine(addresses.app_url, Settings())
    rows = []
    with psycopg.connect(addresses.owner_url, autocommit=True) as watch:
        clock = Clock(watch, os.getpid())
        # A district has some 70,000 points: its thousandth page is one of fewer.
        for name, viewer, size in (
            ("the whole city", WHOLE_CITY, PAGE),
            ("a district's scope", DISTRICT, PAGE // 2),
        ):
            async with scoped_reading(engine, viewer) as connection:
                asked = Asked(collection=ITEMS, columns=ITEMS.columns, today=day_of(now()))
                skipped = await features.page(connection, asked, limit=1, offset=size * (FAR - 1))
                assert skipped.last is not None
                first = await clock.median(30, _page(connection, asked, FIRST, size))
                far = await clock.median(30, _page(connection, asked, skipped.last, size))
            rows.append(_row(f"page {FAR:,} beside page 1 of {size} points, {name}", far, first, OF_FIRST))
    await engine.dispose()
    return rows


async def _policies(addresses: Addresses) -> list[Row]:
    """The same statements for the app role with its policies, and for the owner without."""
    rows = []
    with psycopg.connect(addresses.owner_url, autocommit=True) as watch:
        clock = Clock(watch, os.getpid())
        for name, limit in (("a page of 100 points", PAGE), ("a page of 10,000 points", 10_000)):
            times = []
            for url in (addresses.app_url, addresses.owner_url):
                engine = make_engine(url, Settings())
                async with scoped_reading(engine, WHOLE_CITY) as connection:
                    asked = Asked(collection=ITEMS, columns=ITEMS.columns, today=day_of(now()))
                    times.append(await clock.median(RUNS, _page(connection, asked, FIRST, limit)))
                await engine.dispose()
            rows.append(_row(f"row security: {name}, beside the same without policies", *times, OF_NO_POLICY))
    return rows


def _page(connection: Any, asked: Asked, place: Place, limit: int = PAGE) -> Callable[[], Awaitable[object]]:
    async def get() -> None:
        found = await features.page(connection, asked, limit=limit, place=place)
        assert found.count == limit

    return get


def _row(work: str, ours: Time, theirs: Time, budget: float) -> Row:
    share = ours.share(theirs)
    return Row(work, str(ours), str(theirs), f"{share:.2f} times (budget {budget:.2f})", share <= budget)
