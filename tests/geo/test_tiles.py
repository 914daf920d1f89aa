"""Tile arithmetic against known tiles and PROJ, and the promise that no cell is torn between two tiles."""

from dataclasses import FrozenInstanceError
from fractions import Fraction
from math import nextafter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from geo import cells
from geo.errors import NotALevel, OutOfRange
from geo.tiles import HALF_WORLD, Field, GeometryKind, Layer, TileAddress

HALF = 20037508.342789244


@st.composite
def tiles(draw: st.DrawFn) -> TileAddress:
    z = draw(st.integers(0, 22))
    return TileAddress(z, draw(st.integers(0, 2**z - 1)), draw(st.integers(0, 2**z - 1)))


@pytest.mark.parametrize(
    ("tile", "bounds"),
    [
        (TileAddress(0, 0, 0), (-HALF, -HALF, HALF, HALF)),
        (TileAddress(1, 0, 0), (-HALF, 0, 0, HALF)),
        (TileAddress(1, 1, 0), (0, 0, HALF, HALF)),
        (TileAddress(1, 0, 1), (-HALF, -HALF, 0, 0)),
        (TileAddress(2, 3, 0), (HALF / 2, HALF / 2, HALF, HALF)),
    ],
)
def test_mercator_bounds(tile: TileAddress, bounds: tuple[float, ...]) -> None:
    assert tile.mercator_bounds() == pytest.approx(bounds, rel=0, abs=1e-6)


@pytest.mark.parametrize(
    ("tile", "bounds"),
    [
        (TileAddress(0, 0, 0), (-180, -85.0511287798066, 180, 85.0511287798066)),
        (TileAddress(1, 1, 1), (0, -85.0511287798066, 180, 0)),
        (TileAddress(10, 486, 332), (-9.140625, 53.12040528310657, -8.7890625, 53.33087298301705)),
    ],
)
def test_lonlat_bounds(tile: TileAddress, bounds: tuple[float, ...]) -> None:
    assert tile.lonlat_bounds() == pytest.approx(bounds, rel=0, abs=1e-9)


@given(tiles())
def test_lonlat_bounds_agree_with_proj(tile: TileAddress) -> None:
    west, south, east, north = tile.mercator_bounds()
    lons, lats = TO_LONLAT.transform([west, east], [south, north])
    assert tile.lonlat_bounds() == pytest.approx((lons[0], lats[0], lons[1], lats[1]), rel=0, abs=1e-9)


TO_LONLAT = Transformer.from_crs(3857, 4326, always_xy=True)


@given(tiles())
def test_buffer_is_counted_in_pixels_of_a_tile_of_256(tile: TileAddress) -> None:
    west, south, east, north = tile.mercator_bounds()
    pixel = (east - west) / 256
    assert tile.mercator_bounds(8) == pytest.approx(
        (west - 8 * pixel, south - 8 * pixel, east + 8 * pixel, north + 8 * pixel), rel=0, abs=1e-6
    )


@given(tiles())
def test_neighbouring_tiles_share_an_edge(tile: TileAddress) -> None:
    _, south, east, _ = tile.mercator_bounds()
    last = 2**tile.z - 1
    if tile.x < last:
        assert TileAddress(tile.z, tile.x + 1, tile.y).mercator_bounds()[0] == pytest.approx(east, abs=1e-6)
    else:
        assert east == pytest.approx(HALF_WORLD)
    if tile.y < last:
        assert TileAddress(tile.z, tile.x, tile.y + 1).mercator_bounds()[3] == pytest.approx(south, abs=1e-6)
    else:
        assert south == pytest.approx(-HALF_WORLD)


@pytest.mark.parametrize(
    ("z", "x", "y"),
    [(-1, 0, 0), (23, 0, 0), (0, 1, 0), (0, 0, 1), (0, -1, 0), (14, 16384, 0), (14, 0, 16384)],
)
def test_no_such_tile(z: int, x: int, y: int) -> None:
    with pytest.raises(OutOfRange) as caught:
        TileAddress(z, x, y)
    assert caught.value.code == "out_of_range"


def test_last_tile_of_the_deepest_zoom() -> None:
    assert TileAddress(22, 4194303, 4194303).lonlat_bounds()[2] == pytest.approx(180)


def test_address_is_frozen() -> None:
    tile: Any = TileAddress(3, 1, 2)
    with pytest.raises(FrozenInstanceError):
        tile.z = 4


@pytest.mark.parametrize(
    ("tile", "level", "expected"),
    [
        # the whole world reaches to ±85.05°: rows 21 of 22; the grid ends at ±180°
        (TileAddress(0, 0, 0), 1, (-30, -22, 29, 21)),
        # 0°..180° E, 0°..85° N, and the cells that touch its edges on 0°
        (TileAddress(1, 1, 0), 1, (-1, -1, 29, 21)),
        # 125.15625°..126.5625° E, 43.07°..44.09° N: over the edges of 6° and 4°
        (TileAddress(8, 217, 93), 1, (20, 10, 21, 11)),
        # 125.39795°..125.41992° E, 43.96119°..43.97700° N, times 900
        (TileAddress(14, 13899, 5959), 5, (112_858, 39_565, 112_877, 39_579)),
    ],
)
def test_cell_range(tile: TileAddress, level: int, expected: tuple[int, int, int, int]) -> None:
    assert tile.cell_range(level) == expected


share = st.floats(0, 1)


@given(tiles(), st.integers(1, 10), st.sampled_from([0, 8, 64]), share, share)
def test_every_position_of_a_tile_lies_in_a_cell_of_its_range(
    tile: TileAddress, level: int, buffer_px: int, u: float, v: float
) -> None:
    west, south, east, north = tile.lonlat_bounds(buffer_px)
    lon, lat = west + u * (east - west), south + v * (north - south)
    if not (-180 < lon < 180 and -88 < lat < 88):
        return
    x, y = cells.cell_index(lon, lat, level)
    x0, y0, x1, y1 = tile.cell_range(level, buffer_px)
    assert x0 <= x <= x1
    assert y0 <= y <= y1


@given(tiles(), st.integers(1, 10), st.sampled_from([0, 8, 64]))
def test_the_outermost_cells_of_a_range_reach_the_tile(tile: TileAddress, level: int, buffer_px: int) -> None:
    west, south, east, north = tile.lonlat_bounds(buffer_px)
    x0, y0, x1, y1 = tile.cell_range(level, buffer_px)
    unit = Fraction(1, cells.UNITS_PER_DEGREE)
    first = cells.bounds_of_index(x0, y0, level)
    last = cells.bounds_of_index(x1, y1, level)
    assert first[2] >= west - 2 * unit
    assert first[3] >= south - 2 * unit
    assert last[0] <= east + 2 * unit
    assert last[1] <= north + 2 * unit


@given(tiles(), st.integers(1, 10))
def test_a_range_stays_within_the_grid(tile: TileAddress, level: int) -> None:
    x0, y0, x1, y1 = tile.cell_range(level, 64)
    assert cells.code_of_index(x0, y0, level)
    assert cells.code_of_index(x1, y1, level)
    assert x0 <= x1
    assert y0 <= y1


def test_a_position_that_rounds_over_the_edge_of_its_tile_has_its_cell_in_the_range() -> None:
    tile = TileAddress(2, 2, 1)  # 0° to 90° E
    lon = nextafter(90.0, 0.0)
    assert tile.lonlat_bounds()[2] == pytest.approx(90.0, abs=1e-12)
    x, _ = cells.cell_index(lon, 30.0, 5)
    assert x == 90 * 900
    assert x <= tile.cell_range(5)[2]


def test_the_antimeridian_lies_in_the_westernmost_tile() -> None:
    assert TileAddress(5, 0, 12).cell_range(5)[0] == cells.cell_index(180.0, 30.0, 5)[0]


def test_range_of_a_level_that_is_none() -> None:
    with pytest.raises(NotALevel):
        TileAddress(0, 0, 0).cell_range(11)


def layer(**changes: Any) -> Layer:
    declared: dict[str, Any] = {
        "id": "stations",
        "title_zh": "监测站",
        "title_en": "Stations",
        "min_zoom": 9,
        "max_zoom": 16,
        "geometry": GeometryKind.POINT,
        "fields": (Field("name", "名称", "Name"), Field("height", "高程", "Height", "metres above the sea")),
    }
    return Layer(**(declared | changes))


def test_layer_serves_its_zooms() -> None:
    assert [z for z in range(23) if layer().serves(TileAddress(z, 0, 0))] == list(range(9, 17))


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "Stations"},
        {"id": "sta-tions"},
        {"id": ""},
        {"min_zoom": -1},
        {"max_zoom": 23},
        {"min_zoom": 17},
        {"fields": (Field("name", "名称", "Name"), Field("name", "名字", "Name"))},
    ],
)
def test_layer_declared_wrongly(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"layer|identifier"):
        layer(**changes)


def test_field_declared_wrongly() -> None:
    with pytest.raises(ValueError, match="identifier"):
        Field("Name of station", "名称", "Name")
