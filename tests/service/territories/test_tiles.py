"""The territories layer: whole polygons that keep their shared borders, for those who may see them."""

import itertools
import math
from typing import Any

import mapbox_vector_tile
import psycopg
import pytest
import shapely
from shapely import affinity
from shapely.geometry import shape
from sqlalchemy.ext.asyncio import AsyncEngine

from geo.tiles import TileAddress
from service.base.database import scoped_reading
from service.base.viewer import Viewer
from service.territories import queries
from service.territories.layers import TERRITORIES

CITY = "cn.220000.220100"
ALL = Viewer(person="a", name="全市", areas=(CITY,))
SPOT = (125.396, 43.859)


def tile_at(lon: float, lat: float, zoom: int) -> TileAddress:
    """The tile of a position."""
    across = (lon + 180) / 360
    down = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return TileAddress(zoom, int(across * 2**zoom), int(down * 2**zoom))


async def draw(app: AsyncEngine, tile: TileAddress, viewer: Viewer = ALL) -> bytes:
    async with scoped_reading(app, viewer) as connection:
        return await queries.draw_tile(connection, tile)


async def token(app: AsyncEngine, tile: TileAddress, viewer: Viewer = ALL) -> tuple[int, int]:
    async with scoped_reading(app, viewer) as connection:
        return await queries.change_token(connection, tile)


def features(content: bytes) -> dict[str, dict[str, Any]]:
    if not content:
        return {}
    decoded = mapbox_vector_tile.decode(content, default_options={"y_coord_down": True})
    assert decoded["territories"]["extent"] == 4096
    return {one["properties"]["key"]: one for one in decoded["territories"]["features"]}


async def test_a_feature_carries_what_the_layer_declares(app: AsyncEngine) -> None:
    found = features(await draw(app, tile_at(*SPOT, 10)))
    assert found["220105"]["properties"] == {
        **{"key": "220105", "code": "220105", "name": "二道区", "level": "district", "indicative": True},
    }
    assert found["z_jk"]["properties"] == {
        **{"key": "z_jk", "name": "长春经济技术开发区", "level": "functional_zone", "indicative": True},
    }
    declared = {field.name for field in TERRITORIES.fields}
    assert {name for one in found.values() for name in one["properties"]} <= declared


@pytest.mark.parametrize("zoom", [7, 8, 9, 10])
async def test_shared_borders_are_not_torn(app: AsyncEngine, zoom: int) -> None:
    """The districts fill the city without a hole and without an overlap, in whole units of the tile."""
    tile = tile_at(*SPOT, zoom)
    beside = TileAddress(tile.z, tile.x + (-1 if tile.x % 2 else 1), tile.y)
    districts: dict[str, Any] = {}
    for one, moved in ((tile, 0), (beside, 4096 * (beside.x - tile.x))):
        for key, drawn in features(await draw(app, one)).items():
            districts[key] = affinity.translate(shape(drawn["geometry"]), xoff=moved)
    city = districts.pop("220100")
    districts = {key: area for key, area in districts.items() if key.startswith("2201")}
    assert len(districts) > 5
    for one_area, other_area in itertools.combinations(districts.values(), 2):
        assert one_area.intersection(other_area).area == 0
    whole = shapely.union_all(list(districts.values()))
    assert isinstance(whole, shapely.Polygon)
    assert list(whole.interiors) == []
    assert (len(districts) == 11) == whole.equals(city)


async def test_the_towns_of_a_zone_fill_it_exactly(app: AsyncEngine) -> None:
    found = features(await draw(app, tile_at(*SPOT, 11)))
    towns = [shape(one["geometry"]) for one in found.values() if one["properties"]["level"] == "zone_town"]
    assert len(towns) == 5
    assert shapely.union_all(towns).equals(shape(found["z_jk"]["geometry"]))
    assert sum(town.area for town in towns) == shape(found["z_jk"]["geometry"]).area


@pytest.mark.parametrize("zoom", [9, 12, 16, 22])
async def test_polygons_are_whole_in_every_tile_they_meet(app: AsyncEngine, zoom: int) -> None:
    """The same polygon from two tiles differs only by the tiles' distance."""
    tile = tile_at(*SPOT, zoom)
    beside = TileAddress(tile.z, tile.x + 1, tile.y)
    here = features(await draw(app, tile))["220100"]
    there = features(await draw(app, beside))["220100"]
    shifted = affinity.translate(shape(there["geometry"]), xoff=4096)
    assert shape(here["geometry"]).equals_exact(shifted, tolerance=0)
    west, south, east, north = shape(here["geometry"]).bounds
    assert min(west, south) < -256 or max(east, north) > 4096 + 256  # beyond any buffer


async def test_zooms_show_their_levels(app: AsyncEngine) -> None:
    def levels(zoom_features: dict[str, dict[str, Any]]) -> set[str]:
        return {one["properties"]["level"] for one in zoom_features.values()}

    assert levels(features(await draw(app, tile_at(*SPOT, 4)))) == {"province"}
    assert levels(features(await draw(app, tile_at(*SPOT, 6)))) == {"province", "city"}
    assert levels(features(await draw(app, tile_at(*SPOT, 9)))) == {"city", "district", "functional_zone"}
    assert "zone_town" in levels(features(await draw(app, tile_at(*SPOT, 12))))


async def test_a_viewer_is_drawn_what_is_theirs_and_what_lies_above(app: AsyncEngine) -> None:
    tile = tile_at(*SPOT, 9)
    district = Viewer(person="b", name="二道区", areas=(f"{CITY}.220105",))
    assert set(features(await draw(app, tile, district))) == {"220100", "220105"}
    assert await draw(app, tile, Viewer(person="c", name="无")) == b""


async def test_an_empty_tile_is_empty(app: AsyncEngine) -> None:
    assert await draw(app, TileAddress(9, 0, 0)) == b""
    assert await token(app, TileAddress(9, 0, 0)) == (0, 0)


async def test_bytes_are_stable(app: AsyncEngine, rows: psycopg.Connection) -> None:
    tile = tile_at(*SPOT, 10)
    before = await draw(app, tile)
    # A row that was rewritten lies elsewhere in the table; its order in the tile must not follow.
    rows.execute("UPDATE territory SET name = name WHERE key = '220102'")
    rows.execute("VACUUM FULL territory")
    assert await draw(app, tile) == before


async def test_the_token_changes_with_what_the_tile_may_show_and_with_nothing_else(
    app: AsyncEngine, rows: psycopg.Connection
) -> None:
    near, far = tile_at(*SPOT, 12), tile_at(126.9, 45.1, 12)
    before = await token(app, near), await token(app, far)
    assert (await token(app, near), await token(app, far)) == before
    rows.execute("UPDATE territory SET name = '临河' WHERE key = 'z_jk_lh'")
    renamed = await token(app, near)
    assert renamed != before[0]
    assert await token(app, far) == before[1]
    rows.execute("UPDATE territory SET valid_to = '2026-11-23' WHERE key = 'z_jk_lh'")
    assert await token(app, near) != renamed
    # Moved away: the place it left must notice.
    rows.execute("UPDATE territory SET valid_to = NULL WHERE key = 'z_jk_lh'")
    there = await token(app, near)
    rows.execute("UPDATE territory SET boundary = ST_Translate(boundary, 1.2, 1) WHERE key = 'z_jk_lh'")
    assert await token(app, near) != there


async def test_zones_out_of_force_are_not_drawn(app: AsyncEngine, rows: psycopg.Connection) -> None:
    rows.execute("UPDATE territory SET valid_to = '2026-11-23' WHERE key = 'z_jk'")
    assert "z_jk" not in features(await draw(app, tile_at(*SPOT, 10)))
