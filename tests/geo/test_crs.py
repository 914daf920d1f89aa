"""Datums and Gauss-Krüger zones: published vectors, round trips, and what is refused."""

from math import inf, nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS

from geo import crs
from geo.crs import Datum
from geo.errors import NotOnEarth, OutsideChina, OutsideZone, UnknownDatum, UnknownProjection

WEST, SOUTH, EAST, NORTH = crs.CHINA_BOX
shifted = st.sampled_from([Datum.GCJ02, Datum.BD09])


@pytest.mark.parametrize(
    ("lon", "lat", "datum", "expected"),
    [
        (116.397389, 39.908722, Datum.GCJ02, (116.4036326, 39.9101255)),
        (116.397389, 39.908722, Datum.BD09, (116.4100054, 39.9164651)),
        (125.396, 43.859, Datum.GCJ02, (125.4026546, 43.8615289)),
    ],
)
def test_shift_vector(lon: float, lat: float, datum: Datum, expected: tuple[float, float]) -> None:
    assert crs.from_cgcs2000(lon, lat, datum) == pytest.approx(expected, abs=5e-8)
    assert crs.to_cgcs2000(*expected, datum) == pytest.approx((lon, lat), abs=1e-7)


@given(st.floats(WEST, EAST), st.floats(SOUTH, NORTH), shifted)
def test_shift_round_trip(lon: float, lat: float, datum: Datum) -> None:
    there = crs.from_cgcs2000(lon, lat, datum)
    assert there != (lon, lat)
    assert crs.to_cgcs2000(*there, datum) == pytest.approx((lon, lat), rel=0, abs=1e-9)


@given(st.floats(WEST + 0.02, EAST - 0.02), st.floats(SOUTH + 0.02, NORTH - 0.02), shifted)
def test_shift_round_trip_from_the_other_side(lon: float, lat: float, datum: Datum) -> None:
    there = crs.to_cgcs2000(lon, lat, datum)
    assert crs.from_cgcs2000(*there, datum) == pytest.approx((lon, lat), rel=0, abs=1e-9)


@pytest.mark.parametrize("lon", [105.0, 105 + 1e-12, 105 - 1e-9, 105 + 1e-6])
def test_shift_round_trip_where_its_slope_is_infinite(lon: float) -> None:
    """The shift holds the square root of the distance from 105° E, the worst place for an iteration."""
    there = crs.from_cgcs2000(lon, 35.0, Datum.GCJ02)
    assert crs.to_cgcs2000(*there, Datum.GCJ02) == pytest.approx((lon, 35.0), rel=0, abs=1e-9)


@pytest.mark.parametrize("datum", [Datum.CGCS2000, Datum.WGS84])
@pytest.mark.parametrize("position", [(125.396, 43.859), (-74.006, 40.7128), (180.0, -90.0)])
def test_wgs84_is_taken_as_cgcs2000(datum: Datum, position: tuple[float, float]) -> None:
    assert crs.to_cgcs2000(*position, datum) == position
    assert crs.from_cgcs2000(*position, datum) == position


@pytest.mark.parametrize("datum", [Datum.GCJ02, Datum.BD09])
@pytest.mark.parametrize("position", [(43.859, 125.396 - 90), (2.35, 48.85), (0.0, 0.0), (125.396, -43.859)])
def test_shift_is_refused_outside_china(datum: Datum, position: tuple[float, float]) -> None:
    for convert in (crs.to_cgcs2000, crs.from_cgcs2000):
        with pytest.raises(OutsideChina) as caught:
            convert(*position, datum)
        assert caught.value.code == "outside_china"
        assert "中国" in caught.value.zh


@pytest.mark.parametrize("datum", list(Datum))
@pytest.mark.parametrize(
    "position", [(nan, 40.0), (120.0, nan), (inf, 40.0), (181.0, 40.0), (43.859, 125.396)]
)
def test_what_is_no_position_is_refused(datum: Datum, position: tuple[float, float]) -> None:
    for convert in (crs.to_cgcs2000, crs.from_cgcs2000):
        with pytest.raises(NotOnEarth):
            convert(*position, datum)


def test_datums_by_name() -> None:
    assert [crs.datum_of(name) for name in ("CGCS2000", "WGS84", "GCJ02", "BD09")] == list(Datum)
    for name in ("", "wgs84", "Beijing 1954", "EPSG:4490"):
        with pytest.raises(UnknownDatum, match="known are CGCS2000, WGS84, GCJ02, BD09"):
            crs.datum_of(name)


@pytest.mark.parametrize(
    ("lon", "lat", "inside"),
    [
        (125.396, 43.859, True),
        (112.3386, 16.8335, True),
        (127.0, 37.5, True),  # Seoul: the box is no border
        (-125.396, 43.859, False),
        (125.396, -43.859, False),
        (43.859, 125.396, False),  # swapped
        (0.0, 0.0, False),
        (nan, 40.0, False),
    ],
)
def test_china_box(lon: float, lat: float, inside: bool) -> None:
    assert crs.in_china_box(lon, lat) is inside


# lon, lat, EPSG code, easting, northing
PROJECTED = [
    (116.397389, 39.908722, 4548, 448472.100, 4419567.942),
    (116.397389, 39.908722, 4527, 39448472.100, 4419567.942),
    (125.396, 43.859, 4530, 42451440.842, 4858333.085),
]


@pytest.mark.parametrize(("lon", "lat", "epsg", "easting", "northing"), PROJECTED)
def test_projection_vector(lon: float, lat: float, epsg: int, easting: float, northing: float) -> None:
    assert crs.project(lon, lat, epsg) == pytest.approx((easting, northing), rel=0, abs=5e-4)
    assert crs.unproject(easting, northing, epsg) == pytest.approx((lon, lat), rel=0, abs=1e-8)


@settings(deadline=None)  # the first use of a zone loads its definition
@given(st.floats(73.5, 136.4), st.floats(3, 54), st.sampled_from([3, 6]), st.booleans())
def test_projection_round_trip(lon: float, lat: float, width: crs.ZoneWidth, prefixed: bool) -> None:
    zone = crs.gauss_kruger_zone(lon, width=width)
    epsg = crs.gauss_kruger_epsg(zone, width=width, prefixed=prefixed)
    easting, northing = crs.project(lon, lat, epsg)
    assert int(easting // 1_000_000) == (zone if prefixed else 0)
    assert crs.unproject(easting, northing, epsg) == pytest.approx((lon, lat), rel=0, abs=1e-9)


@pytest.mark.parametrize("prefixed", [True, False])
@pytest.mark.parametrize("width", [3, 6])
def test_every_zone_is_the_one_the_epsg_register_describes(width: crs.ZoneWidth, prefixed: bool) -> None:
    for lon in range(75, 136, width):
        zone = crs.gauss_kruger_zone(lon, width=width)
        described = CRS.from_epsg(crs.gauss_kruger_epsg(zone, width=width, prefixed=prefixed))
        assert described.coordinate_operation is not None
        values = {
            parameter.name: float(parameter.value) for parameter in described.coordinate_operation.params
        }
        assert values["Longitude of natural origin"] == lon
        assert values["False easting"] == 500_000 + (zone * 1_000_000 if prefixed else 0)
        assert values["Scale factor at natural origin"] == 1
        assert described.geodetic_crs is not None
        assert described.geodetic_crs.to_epsg() == 4490


@pytest.mark.parametrize(
    ("lon", "width", "zone"),
    [
        (73.5, 3, 25),
        (76.49, 3, 25),
        (76.5, 3, 26),
        (125.396, 3, 42),
        (116.397389, 3, 39),
        (136.49, 3, 45),
        (72.0, 6, 13),
        (125.396, 6, 21),
        (126.0, 6, 22),
        (137.99, 6, 23),
    ],
)
def test_zone_of_longitude(lon: float, width: crs.ZoneWidth, zone: int) -> None:
    assert crs.gauss_kruger_zone(lon, width=width) == zone


@pytest.mark.parametrize(
    ("lon", "width"), [(73.49, 3), (136.5, 3), (71.99, 6), (138.0, 6), (-125.0, 3), (nan, 3), (inf, 6)]
)
def test_longitude_without_a_zone(lon: float, width: crs.ZoneWidth) -> None:
    with pytest.raises(OutsideZone):
        crs.gauss_kruger_zone(lon, width=width)


@pytest.mark.parametrize(("zone", "width"), [(24, 3), (46, 3), (12, 6), (24, 6)])
def test_zone_that_is_not_chinas(zone: int, width: crs.ZoneWidth) -> None:
    with pytest.raises(OutsideZone):
        crs.gauss_kruger_epsg(zone, width=width)


def test_neighbouring_zone_is_taken_a_far_one_refused() -> None:
    assert crs.unproject(*crs.project(126.5, 43.859, 4531), 4531) == pytest.approx((126.5, 43.859), abs=1e-9)
    with pytest.raises(OutsideZone, match="check zone"):
        crs.project(116.397389, 39.908722, 4530)


@pytest.mark.parametrize(
    ("easting", "northing"),
    [
        (451440.842, 4858333.085),  # the zone number is missing
        (4858333.085, 42451440.842),  # swapped
        (41451440.842, 4858333.085),  # another zone's number
        (nan, 4858333.085),
        (42451440.842, inf),
    ],
)
def test_implausible_projected_coordinates_are_refused(easting: float, northing: float) -> None:
    with pytest.raises(OutsideZone) as caught:
        crs.unproject(easting, northing, 4530)
    assert caught.value.code == "outside_zone"
    assert "带号" in caught.value.zh


@pytest.mark.parametrize("epsg", [4490, 4555, 3857, 2422, 0])
def test_other_projections_are_refused(epsg: int) -> None:
    with pytest.raises(UnknownProjection):
        crs.project(125.396, 43.859, epsg)
    with pytest.raises(UnknownProjection):
        crs.unproject(42451440.842, 4858333.085, epsg)


def test_projection_needs_a_position() -> None:
    with pytest.raises(NotOnEarth):
        crs.project(126.0, 90.5, 4530)
