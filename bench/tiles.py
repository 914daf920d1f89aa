"""The city tile in all its variants, ours beside tipg's, in one run."""

import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx
import psycopg

from bench import tipg
from geo.tiles import TileAddress
from service.app import create_app
from service.base.database import make_engine, scoped_reading
from service.base.settings import Settings
from service.base.viewer import Viewer
from service.cells import queries as cell_queries
from service.cells.layers import level_at

CITY = "cn.220000.220100"
RUNS, TIPG_RUNS = 9, 3
WHOLE_CITY = Viewer(person="bench", name="bench", areas=(CITY,))
DISTRICT = Viewer(person="bench", name="bench", areas=(f"{CITY}.220104",))
# An industry department sees one industry of the city: stored counts cannot serve it.
OFFICER = Viewer(person="bench", name="bench", pairs=(f"gas.{CITY}",))


@dataclass(frozen=True)
class Variant:
    """One way of asking for the city tile; budget: the largest share of tipg's time."""

    name: str
    viewer: Viewer
    query: str
    budget: float


VARIANTS = (
    Variant("no filter", WHOLE_CITY, "", 1 / 300),
    Variant("text", WHOLE_CITY, "text=锅炉", 1 / 60),
    Variant("accident category", WHOLE_CITY, "accident=9", 1 / 60),
    Variant("a district's scope", DISTRICT, "", 1 / 60),
    Variant("a district's scope, text", DISTRICT, "text=锅炉", 1 / 60),
    Variant("an officer's scope (one industry)", OFFICER, "", 1 / 60),
)


@dataclass(frozen=True)
class Row:
    """One line of the report; ratio None: nothing to compare with. unit of ours and limit: milliseconds or times."""

    work: str
    ours: str
    theirs: str
    budget: str
    met: bool


def fullest_tile(owner_url: str, z: int) -> tuple[TileAddress, int]:
    """The tile of a zoom that holds most points, and how many."""
    with psycopg.connect(owner_url) as connection:
        found = connection.execute(
            """SELECT floor((ST_X(anchor) + 180) / 360 * 2 ^ %(z)s)::int AS x,
                floor((1 - asinh(tan(radians(ST_Y(anchor)))) / pi()) / 2 * 2 ^ %(z)s)::int AS y, count(*) AS n
            FROM risk_point WHERE anchor IS NOT NULL GROUP BY 1, 2 ORDER BY n DESC LIMIT 1""",
            {"z": z},
        ).fetchone()
    assert found
    return TileAddress(z, found[0], found[1]), found[2]


async def timed(runs: int, work: Callable[[], Awaitable[object]]) -> float:
    """Milliseconds, the median; the first run only warms."""
    await work()
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        await work()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


async def measure(owner_url: str, app_url: str, theirs: httpx.Client) -> list[Row]:
    """Every variant at zoom 9 and 10, and what an unchanged tile costs."""
    app = create_app(Settings(), database_url=app_url)
    transport = httpx.ASGITransport(app)
    rows: list[Row] = []
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=transport, base_url="http://map", headers={"Accept-Encoding": "identity"}
        ) as client,
    ):
        for z in (9, 10):
            tile, points = fullest_tile(owner_url, z)
            reference = _their_time(theirs, tile)
            for variant in VARIANTS:
                app.state.viewer = variant.viewer
                address = f"/tiles/cells/{tile.z}/{tile.x}/{tile.y}.mvt?{variant.query}"

                async def get(address: str = address) -> None:
                    (await client.get(address)).raise_for_status()

                ours = await timed(RUNS, get)
                rows.append(
                    _row(
                        f"city tile z{z}, {points:,} points, {variant.name}", ours, reference, variant.budget
                    )
                )
            app.state.viewer = WHOLE_CITY
            rows += await _unchanged(client, app_url, tile)
    return rows


def _row(work: str, ours: float, theirs: float, budget: float) -> Row:
    share = f"1/{theirs / ours:.0f} of tipg (budget 1/{1 / budget:.0f})"
    return Row(work, f"{ours:.1f} ms", f"{theirs:.0f} ms", share, ours <= theirs * budget)


def _their_time(theirs: httpx.Client, tile: TileAddress) -> float:
    times = []
    for _ in range(TIPG_RUNS):
        started = time.perf_counter()
        theirs.get(
            tipg.tile_path(tile.z, tile.x, tile.y), headers={"Accept-Encoding": "identity"}
        ).raise_for_status()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


async def _unchanged(client: httpx.AsyncClient, app_url: str, tile: TileAddress) -> list[Row]:
    address = f"/tiles/cells/{tile.z}/{tile.x}/{tile.y}.mvt"
    tag = (await client.get(address)).headers["ETag"]

    async def ask() -> None:
        answer = await client.get(address, headers={"If-None-Match": tag})
        assert answer.status_code == 304

    whole = await timed(50, ask)
    level = level_at(tile.z)
    cells = cell_queries.fine_range(tile.cell_range(level, 16), level)
    engine = make_engine(app_url, Settings())
    async with scoped_reading(engine, WHOLE_CITY) as connection:
        database = await timed(50, lambda: cell_queries.change_token(connection, cells))
    await engine.dispose()
    return [
        Row(
            f"304 of the z{tile.z} tile, in the database",
            f"{database:.2f} ms",
            "-",
            f"<= 2 ms (whole answer {whole:.1f} ms)",
            database <= 2,
        )
    ]
