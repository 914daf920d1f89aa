"""The city tile in all its variants, ours beside tipg's, in one run."""

import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx
import psycopg

from bench import tipg
from bench.clocks import Clock, Time
from geo.tiles import TileAddress
from service.app import create_app
from service.base.commands import Addresses
from service.base.database import make_engine, scoped_reading
from service.base.settings import Settings
from service.base.viewer import Viewer
from service.cells import queries as cell_queries
from service.cells.layers import level_at
from service.features.layers import DrawnTiles

CITY = "cn.220000.220100"
RUNS, TIPG_RUNS = 5, 2
LONGEST_VALIDATOR = 2.0  # milliseconds
WHOLE_CITY = Viewer(person="bench", name="bench", areas=(CITY,))
DISTRICT = Viewer(person="bench", name="bench", areas=(f"{CITY}.220104",))
# Who answers for one industry of the city, and who for one enterprise.
DEPARTMENT = Viewer(person="bench", name="bench", pairs=(f"gas.{CITY}",))
OFFICER = Viewer(person="bench", name="bench", enterprises=(17,))


@dataclass(frozen=True)
class Variant:
    """One way of asking for the city tile; budget: the largest share of tipg's time."""

    name: str
    viewer: Viewer
    query: str
    budget: float


# Of the generated points 6 % meet the words and 4 % the category; 7 % lie in the district, 6 % are of the industry.
VARIANTS = (
    Variant("no filter", WHOLE_CITY, "", 1 / 300),
    Variant("text", WHOLE_CITY, "text=叉车", 1 / 60),
    Variant("accident category", WHOLE_CITY, "accident=24", 1 / 60),
    Variant("a district's scope", DISTRICT, "", 1 / 60),
    Variant("a district's scope, text", DISTRICT, "text=叉车", 1 / 60),
    Variant("a department's scope (one industry)", DEPARTMENT, "", 1 / 60),
    Variant("an officer's scope (one enterprise)", OFFICER, "", 1 / 60),
)


@dataclass(frozen=True)
class Row:
    """One line of the report, as it is read."""

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


async def measure(addresses: Addresses, theirs: tipg.Tipg, zooms: list[int]) -> list[Row]:
    """Every variant at these zooms, and what an unchanged tile costs."""
    # Every tile drawn anew, and once as it is when somebody saw it before.
    app = create_app(Settings(statement_seconds=600, tile_cache_mb=0), database_url=addresses.app_url)
    transport = httpx.ASGITransport(app)
    rows: list[Row] = []
    plain = {"Accept-Encoding": "identity"}
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://map", headers=plain) as client,
    ):
        with psycopg.connect(addresses.owner_url, autocommit=True) as watch:
            clock = Clock(watch, os.getpid())
            for z in zooms:
                tile, points = fullest_tile(addresses.owner_url, z)
                reference = await _their_time(Clock(watch, theirs.process), theirs.client, tile)
                for variant in VARIANTS:
                    app.state.viewer = variant.viewer
                    ours = await clock.median(RUNS, _getting(client, tile, variant.query))
                    work = f"city tile z{z}, {points:,} points, {variant.name}"
                    rows.append(_row(work, ours, reference, variant.budget))
                    print(rows[-1], flush=True)
                app.state.viewer = WHOLE_CITY
                app.state.tiles = DrawnTiles(64 * 2**20)
                kept = await clock.median(RUNS, _getting(client, tile, ""))
                app.state.tiles = DrawnTiles(0)
                rows.append(
                    _row(
                        f"the same z{z} tile, no filter, seen before and unchanged", kept, reference, 1 / 300
                    )
                )
                rows.append(await _unchanged(clock, client, addresses.app_url, tile))
    return rows


def _getting(client: httpx.AsyncClient, tile: TileAddress, query: str) -> Callable[[], Awaitable[object]]:
    async def get() -> None:
        answer = await client.get(f"/tiles/cells/{tile.z}/{tile.x}/{tile.y}.mvt?{query}")
        answer.raise_for_status()

    return get


def _row(work: str, ours: Time, theirs: Time, budget: float) -> Row:
    share = ours.share(theirs)
    return Row(
        work, str(ours), str(theirs), f"1/{1 / share:.0f} (budget 1/{1 / budget:.0f})", share <= budget
    )


async def _their_time(clock: Clock, theirs: httpx.AsyncClient, tile: TileAddress) -> Time:
    async def get() -> None:
        (await theirs.get(tipg.tile_path(tile.z, tile.x, tile.y))).raise_for_status()

    return await clock.median(TIPG_RUNS, get)


async def _unchanged(clock: Clock, client: httpx.AsyncClient, app_url: str, tile: TileAddress) -> Row:
    address = f"/tiles/cells/{tile.z}/{tile.x}/{tile.y}.mvt"
    tag = (await client.get(address)).headers["ETag"]

    async def ask() -> None:
        answer = await client.get(address, headers={"If-None-Match": tag})
        assert answer.status_code == 304

    whole = await clock.median(30, ask)
    level = level_at(tile.z)
    cells = cell_queries.fine_range(tile.cell_range(level, 16), level)
    engine = make_engine(app_url, Settings())
    async with scoped_reading(engine, WHOLE_CITY) as connection:
        statement = await clock.median(30, lambda: cell_queries.change_token(connection, cells))
    await engine.dispose()
    work = f"304 of the z{tile.z} tile: its statement"
    cheap = statement.share(Time(LONGEST_VALIDATOR, LONGEST_VALIDATOR)) <= 1
    return Row(work, str(statement), f"the whole answer {whole}", f"{LONGEST_VALIDATOR} ms", cheap)
