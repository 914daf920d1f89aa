"""Positions of rows: what is taken, in which datum, and how each slip is named."""

import pytest
import shapely

from geo.crs import Datum, to_cgcs2000
from service.base.sheets import Value
from service.imports.rules.cells import ERASED
from service.imports.rules.fields import Kind
from service.imports.rules.positions import GivenPosition, point_ewkb, read_position
from tests.rules.imports_rows import errors, reader

LINE = "LINESTRING(125.31 43.87, 125.36 43.87)"


def position(datum: Datum = Datum.WGS84, **cells: Value) -> tuple[object, list[str]]:
    row = reader(dict(cells))
    return read_position(row, datum, Kind.RISK_POINTS), errors(row)


def test_the_words_of_the_register_are_kept_beside_the_position() -> None:
    found, problems = position(Datum.GCJ02, lon="１２５.３２４５°E ", lat="43.8868")
    assert problems == []
    assert isinstance(found, GivenPosition)
    assert (found.datum, found.x, found.y) == ("GCJ02", "１２５.３２４５°E", "43.8868")
    point = shapely.from_wkb(bytes.fromhex(found.geom))
    assert isinstance(point, shapely.Point)
    assert shapely.get_srid(point) == 4490
    assert (point.x, point.y) == to_cgcs2000(125.3245, 43.8868, Datum.GCJ02)
    assert (point.x, point.y) != (125.3245, 43.8868)


def test_a_point_is_written_as_the_database_writes_it() -> None:
    ours = point_ewkb(125.3, 43.8)
    theirs = shapely.to_wkb(
        shapely.set_srid(shapely.Point(125.3, 43.8), 4490), hex=True, include_srid=True, byte_order=1
    )
    assert ours == theirs


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        ("43.88", "125.32", "coordinates_swapped"),
        ("39.9", "75.9", "coordinates_swapped"),
        ("125.3", "", "position_half"),
        ("", "43.8", "position_half"),
        ("125度61分", "43.8", "not_a_number"),
        ("北纬125°19′", "43.8", "not_a_number"),
        ("125°19′28″N", "43.8", "not_a_number"),
        ("125,3", "43.8", "not_a_number"),
        ("125.3N", "43.8", "not_a_number"),
        ("nan", "43.8", "not_a_number"),
        ("225.3", "43.8", "longitude_out_of_range"),
        ("125.3", "-93.8", "latitude_out_of_range"),
        ("0", "0", "outside_china"),
        ("2.35", "48.85", "outside_china"),
        ("125.3", "清空", "not_a_number"),
    ],
)
def test_each_slip_has_its_name(lon: str, lat: str, code: str) -> None:
    found, problems = position(lon=lon, lat=lat)
    assert found is None
    assert problems == [code]


def test_projected_metres_are_recognised() -> None:
    row = reader({"lon": "42598123.2", "lat": "4862345.1"})
    assert read_position(row, Datum.WGS84, Kind.RISK_POINTS) is None
    assert errors(row) == ["longitude_out_of_range", "latitude_out_of_range"]
    assert "投影" in row.problems[0].zh


def test_no_position_is_no_mistake() -> None:
    assert position(lon="", lat=None) == (None, [])


def test_a_position_is_erased_by_both_words() -> None:
    assert position(lon="清空", lat="清空") == (ERASED, [])
    assert position(geometry="CLEAR") == (ERASED, [])


def test_a_line_is_kept_whole() -> None:
    found, problems = position(Datum.CGCS2000, geometry=LINE)
    assert problems == []
    assert isinstance(found, GivenPosition)
    assert (found.x, found.y) == (LINE, None)
    assert shapely.from_wkb(bytes.fromhex(found.geom)).geom_type == "LineString"


@pytest.mark.parametrize(
    ("wkt", "code"),
    [
        ("LINESTRING(125.3 43.8)", "unreadable_shape"),
        ("POLYGON((125 43, 126 44, 126 43, 125 44, 125 43))", "invalid_shape"),
        ("LINESTRING(43.8 125.3, 43.9 125.3)", "coordinates_swapped"),
        ("LINESTRING(2 48, 3 48)", "outside_china"),
        ("MULTIPOINT((125.3 43.8), (125.4 43.8))", "shape_not_kept"),
        ("POINT Z (125.3 43.8 1)", "not_flat"),
        ("CIRCLE(1 2)", "unsupported_shape"),
        ("LINESTRING(1e999 43, 125 43)", "not_on_earth"),
    ],
)
def test_geometries_that_are_not_taken(wkt: str, code: str) -> None:
    found, problems = position(geometry=wkt)
    assert found is None
    assert problems == [code]


def test_a_geometry_and_a_point_are_one_too_many() -> None:
    assert position(geometry=LINE, lon="125.3", lat="43.8")[1] == ["position_twice"]


@pytest.mark.parametrize(
    ("lat", "degrees"),
    [
        ("43°51′32.4″", 43.859),
        ("43-51-32.4", 43.859),
        ("43度51分32.4秒", 43.859),
        ("43°51'32.4\"N", 43.859),
        ("北纬43°51′32.4″", 43.859),
        ("４３°５１′３２．４″", 43.859),
        ("43° 51′ 32.4″", 43.859),
        ("43度51分", 43.85),
        ("N43°30′", 43.5),
    ],
)
def test_degrees_minutes_and_seconds_are_read(lat: str, degrees: float) -> None:
    found, problems = position(Datum.CGCS2000, lon="东经125°19′28.2″", lat=lat)
    assert problems == []
    assert isinstance(found, GivenPosition)
    point = shapely.from_wkb(bytes.fromhex(found.geom))
    assert isinstance(point, shapely.Point)
    assert (round(point.x, 9), round(point.y, 9)) == (125.3245, degrees)
    assert found.y == lat.replace("  ", " ")
