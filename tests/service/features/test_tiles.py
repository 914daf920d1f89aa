"""Tiles through the front door: whole features, stable bytes, honest validators, clear refusals."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import mapbox_vector_tile
import psycopg
import pytest

from geo import cells as beidou
from geo.tiles import TileAddress
from tests.conftest import Database, serving
from tests.world import CITY_PATH, add_region_point, enter

# N51KA7581B8, a level-5 cell of the drawn zone, and its middle.
LON, LAT, CELL5, CELL4 = 125.396, 43.8595, "N51KA7581B8", "N51KA7581"


def write(
    database: Database,
    statement: str = "SELECT 1",
    *parameters: Any,
    point: tuple[float, float] | None = None,
) -> None:
    """Write as the city's viewer: a statement, or one more region-owned point."""
    with psycopg.connect(database.app_url) as connection:
        enter(connection, areas="{" + CITY_PATH + "}")
        connection.execute(statement, parameters)
        if point:
            count = connection.execute("SELECT count(*) FROM risk_point").fetchone()
            add_region_point(connection, f"R{count}", *point)


def tile_at(lon: float, lat: float, z: int) -> TileAddress:
    """The tile of a position, by trying: the arithmetic under test is not used to test itself."""
    low, high = 0, 2**z - 1
    while low < high:
        middle = (low + high) // 2
        if TileAddress(z, middle, 0).lonlat_bounds()[2] <= lon:
            low = middle + 1
        else:
            high = middle
    x, low, high = low, 0, 2**z - 1
    while low < high:
        middle = (low + high) // 2
        if TileAddress(z, 0, middle).lonlat_bounds()[1] > lat:
            low = middle + 1
        else:
            high = middle
    return TileAddress(z, x, low)


def url(layers: str, tile: TileAddress) -> str:
    return f"/tiles/{layers}/{tile.z}/{tile.x}/{tile.y}.mvt"


def features(answer: httpx.Response, layer: str) -> list[dict[str, Any]]:
    decoded = mapbox_vector_tile.decode(answer.content, default_options={"y_coord_down": True})
    found: list[dict[str, Any]] = decoded.get(layer, {}).get("features", [])
    return found


@pytest.mark.parametrize(("z", "code"), [(10, CELL4), (12, CELL4), (13, CELL5), (16, CELL5)])
async def test_a_point_is_counted_in_its_cell(
    client: httpx.AsyncClient, database: Database, z: int, code: str
) -> None:
    write(database, point=(LON, LAT))
    answer = await client.get(url("cells", tile_at(LON, LAT, z)))
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    cell = {f["properties"]["code"]: f["properties"] for f in features(answer, "cells")}[code]
    assert (cell["total"], cell["unassessed"], cell["grade"]) == (1, 1, "unassessed")


@pytest.mark.parametrize("z", [11, 13, 15])
async def test_a_cell_on_a_tile_edge_is_whole_in_both_tiles(
    client: httpx.AsyncClient, database: Database, z: int
) -> None:
    """Nothing is clipped or torn: the same cell has the same corners, whichever tile it is taken from."""
    home = tile_at(LON, LAT, z)
    edge = home.lonlat_bounds()[2]
    write(database, point=(edge + 1e-7, LAT))
    corners = []
    for x in (home.x, home.x + 1):
        (cell,) = features(await client.get(url("cells", TileAddress(z, x, home.y))), "cells")
        (ring,) = cell["geometry"]["coordinates"]
        corners.append(sorted({(px + 4096 * x, py) for px, py in ring}))
        code = cell["properties"]["code"]
        west, _, east, _ = beidou.bounds(code)
        width = float(east - west) / (home.lonlat_bounds()[2] - home.lonlat_bounds()[0]) * 4096
        assert corners[-1][-1][0] - corners[-1][0][0] == pytest.approx(width, abs=1)
    assert corners[0] == corners[1]


async def test_bytes_are_stable_and_nothing_changed_is_304(
    client: httpx.AsyncClient, database: Database
) -> None:
    for step in range(40):
        write(database, point=(LON + step * 0.0007, LAT))
    address = url("cells,risk_points,territories", tile_at(LON, LAT, 14))
    first, second = await client.get(address), await client.get(address)
    assert first.content == second.content
    assert first.headers["etag"] == second.headers["etag"]
    assert "private" in first.headers["cache-control"]
    unchanged = await client.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged.headers["etag"] == first.headers["etag"]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE risk_point SET name = '改名'",
        "UPDATE risk_point SET geom = ST_Translate(geom, 0.0001, 0)",
        "DELETE FROM risk_point",
    ],
)
async def test_a_change_is_seen_at_once(client: httpx.AsyncClient, database: Database, change: str) -> None:
    write(database, point=(LON, LAT))
    address = url("risk_points", tile_at(LON, LAT, 14))
    before = await client.get(address)
    write(database, change)
    after = await client.get(address, headers={"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200
    assert after.content != before.content


async def test_a_validator_survives_folding_and_slow_commits(
    client: httpx.AsyncClient, database: Database
) -> None:
    """A slow transaction that began first and commits last must still change the validator."""
    address = url("cells", tile_at(LON, LAT, 13))
    with psycopg.connect(database.app_url) as slow:
        enter(slow, areas="{" + CITY_PATH + "}")
        add_region_point(slow, "slow", LON, LAT)
        write(database, point=(LON + 0.0007, LAT))
        early = (await client.get(address)).headers["etag"]
        slow.commit()
    late = (await client.get(address)).headers["etag"]
    assert late != early
    with psycopg.connect(database.app_url) as connection:
        connection.execute("SELECT cell_stat_fold()")
    folded = await client.get(address, headers={"If-None-Match": late})
    assert folded.status_code == 304


async def test_a_change_elsewhere_keeps_the_validator(client: httpx.AsyncClient, database: Database) -> None:
    write(database, point=(LON, LAT))
    address = url("cells", tile_at(LON, LAT, 14))
    before = (await client.get(address)).headers["etag"]
    write(database, point=(LON + 0.5, LAT))
    assert (await client.get(address)).headers["etag"] == before


async def test_filters_are_part_of_the_validator_and_of_the_answer(
    client: httpx.AsyncClient, database: Database
) -> None:
    write(database, point=(LON, LAT))
    address = url("cells", tile_at(LON, LAT, 13))
    whole = await client.get(address)
    red = await client.get(address, params={"grade": "major"})
    elsewhere = await client.get(address, params={"territory": "220102"})
    assert len({whole.headers["etag"], red.headers["etag"], elsewhere.headers["etag"]}) == 3
    assert features(whole, "cells")
    assert features(red, "cells") == []


async def test_a_line_shows_where_it_crosses_and_is_counted_once(
    client: httpx.AsyncClient, database: Database
) -> None:
    write(
        database,
        "INSERT INTO risk_point (owner_kind, number, name, geom, source_datum) VALUES"
        " ('region', 'L', '管线', ST_GeomFromText('LINESTRING(125.3952 43.8595, 125.3990 43.8595)', 4490), 'WGS84')",
    )
    cells = [
        f["properties"] for f in features(await client.get(url("cells", tile_at(LON, LAT, 14))), "cells")
    ]
    assert sum(cell["total"] for cell in cells) == 1
    assert sum(cell["crossing"] for cell in cells) == len(cells) - 1 == 3
    crossed = next(cell for cell in cells if not cell["total"])
    answer = (await client.get(f"/api/cells/{crossed['code']}")).json()
    assert (answer["counts"]["total"], answer["grade"], answer["crossing"]["count"]) == (0, None, 1)
    counted = answer["crossing"]["items"][0]["counted_in"]
    assert (await client.get(f"/api/cells/{counted}")).json()["counts"]["total"] == 1


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/tiles/cells/23/0/0.mvt", 404),
        ("/tiles/cells/-1/0/0.mvt", 404),
        ("/tiles/cells/3/8/0.mvt", 404),
        ("/tiles/cells/3/0/99999999999999999999.mvt", 404),
        ("/tiles/nothing/3/0/0.mvt", 404),
        ("/tiles/cells,nothing/3/0/0.mvt", 404),
        ("/tiles//3/0/0.mvt", 404),
        ("/tiles/cells/a/0/0.mvt", 422),
        ("/tiles/cells/3/0/1.5.mvt", 422),
        ("/tiles/cells/3/0/0.mvt?grade=purple", 422),
        ("/tiles/cells/3/0/0.mvt?basis=best", 422),
        ("/tiles/cells/3/0/0.mvt?view=%00", 422),
        ("/tiles/cells/3/0/0.mvt?territory=nowhere", 404),
        ("/tiles/cells/3/0/0.mvt?territory=%00", 422),
        ("/tiles/cells/3/0/0.mvt?territory=';drop", 422),
        ("/api/cells/N51KA7581B8?cursor=9-9", 422),
        ("/api/cells/N51KA7581B8?cursor=%00", 422),
        ("/api/cells/NOPE", 404),
        ("/api/cells/N51KA7581B9FF", 404),
        ("/api/cells/%00", 404),
        ("/api/risk-points/1", 404),
        ("/api/risk-points/0", 422),
        ("/api/risk-points/99999999999999999999", 422),
        ("/api/territories/nowhere/summary", 404),
        ("/api/territories/%00/summary", 422),
        ("/api/grid/encode?lon=abc&lat=1", 422),
        ("/api/grid/encode?lon=1&lat=89", 422),
        ("/api/grid/encode?lon=1&lat=1&level=11", 422),
        ("/api/nothing", 404),
    ],
)
async def test_bad_requests_are_refused_in_one_shape(
    city: httpx.AsyncClient, address: str, status: int
) -> None:
    answer = await city.get(address)
    assert answer.status_code == status
    assert set(answer.json()) == {"error", "message", "message_en", "details"}
    assert "Traceback" not in answer.text
    assert "psycopg" not in answer.text


@pytest.fixture
async def city(postgis: Any, referenced: str) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(postgis.database(referenced)) as client:
        yield client


async def test_the_grid_is_encoded_exactly(client: httpx.AsyncClient) -> None:
    answer = (await client.get("/api/grid/encode", params={"lon": "125.3960", "lat": "43.8590"})).json()
    assert answer["code"] == "N51KA7581B8"
    assert answer["bounds"] == pytest.approx([125.395556, 43.858889, 125.396667, 43.86], abs=1e-6)


async def test_many_tiles_at_once_do_not_wait_for_each_other(database: Database) -> None:
    """A request that took a second connection while holding one would stand still with as many others as there are."""
    tile = tile_at(LON, LAT, 12)
    async with serving(database, pool_size=2) as client, asyncio.timeout(10):
        answers = await asyncio.gather(*(client.get(url("cells,risk_points", tile)) for _ in range(12)))
    assert [answer.status_code for answer in answers] == [200] * 12
