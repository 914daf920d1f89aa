"""Geometries as people send them: what is read, what is refused and why, and measures on the ellipsoid."""

import json
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from geo import cells, shapes
from geo.crs import Datum, from_cgcs2000
from geo.errors import (
    EmptyShape,
    GeoError,
    InvalidShape,
    NotFlat,
    NotOnEarth,
    OutsideChina,
    ShapeRejected,
    TooManyVertices,
    UnreadableShape,
    UnsupportedShape,
)

SQUARE: list[list[float]] = [[125, 43], [126, 43], [126, 44], [125, 44], [125, 43]]
HOLE = [[125.2, 43.2], [125.4, 43.2], [125.4, 43.4], [125.2, 43.4], [125.2, 43.2]]
FAR: list[list[float]] = [[127, 43], [128, 43], [128, 44], [127, 43]]

# The same geometry as GeoJSON and as WKT
READABLE: list[tuple[dict[str, Any], str]] = [
    ({"type": "Point", "coordinates": [125.396, 43.859]}, "POINT (125.396 43.859)"),
    ({"type": "MultiPoint", "coordinates": [[125, 43], [126, 44]]}, "MULTIPOINT ((125 43), (126 44))"),
    ({"type": "LineString", "coordinates": [[125, 43], [126, 44]]}, "LINESTRING (125 43, 126 44)"),
    (
        {"type": "MultiLineString", "coordinates": [[[125, 43], [126, 44]], [[121, 32], [123, 34]]]},
        "MULTILINESTRING ((125 43, 126 44), (121 32, 123 34))",
    ),
    (
        {"type": "Polygon", "coordinates": [SQUARE, HOLE]},
        "POLYGON ((125 43, 126 43, 126 44, 125 44, 125 43),"
        " (125.2 43.2, 125.4 43.2, 125.4 43.4, 125.2 43.4, 125.2 43.2))",
    ),
    (
        {"type": "MultiPolygon", "coordinates": [[SQUARE], [FAR]]},
        "MULTIPOLYGON (((125 43, 126 43, 126 44, 125 44, 125 43)), ((127 43, 128 43, 128 44, 127 43)))",
    ),
]


@pytest.mark.parametrize(("geojson", "wkt"), READABLE, ids=[geojson["type"] for geojson, _ in READABLE])
def test_geojson_and_wkt_give_one_geometry(geojson: dict[str, Any], wkt: str) -> None:
    expected = shapely.from_wkt(wkt)
    for geometry in (
        shapes.read_wkt(wkt),
        shapes.read_wkt("\n " + wkt.lower()),
        shapes.read_geojson(geojson),
        shapes.read_geojson(json.dumps(geojson)),
    ):
        assert geometry.geom_type == geojson["type"]
        assert geometry.equals_exact(expected, 0)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", UnreadableShape),
        ("(125 43)", UnreadableShape),
        ("POINT (125, 43)", UnreadableShape),
        ("POINT (125 43", UnreadableShape),
        ("POINT (125 43) POINT (125 43)", UnreadableShape),
        ("POLYGON ((125 43, 126 43, 126 44))", UnreadableShape),
        ("LINESTRING (125 43)", UnreadableShape),
        ("POINT (125\0 43)", UnreadableShape),
        ("GEOMETRYCOLLECTION (POINT (125 43))", UnsupportedShape),
        ("GEOMETRYCOLLECTION (" * 60_000, UnsupportedShape),  # would end the parser's stack, and the process
        ("CIRCULARSTRING (0 0, 1 1, 2 0)", UnsupportedShape),
        ("SRID=4490;POINT (125 43)", UnsupportedShape),
        ("重庆", UnsupportedShape),
        ("POINT Z (125 43 200)", NotFlat),
        ("POINT (125 43 200)", NotFlat),
        ("POINT M (125 43 1)", NotFlat),
        ("POINT EMPTY", EmptyShape),
        ("POLYGON EMPTY", EmptyShape),
        ("MULTIPOLYGON (EMPTY, ((125 43, 126 43, 126 44, 125 43)))", EmptyShape),
        ("POINT (43.859 125.396)", NotOnEarth),
        ("POINT (42451440.842 4858333.085)", NotOnEarth),
        ("POINT (NaN 43)", NotOnEarth),
        ("POINT (1e999 43)", NotOnEarth),
        ("LINESTRING (125 43, 125 43)", InvalidShape),
    ],
)
def test_wkt_refused(text: str, error: type[GeoError]) -> None:
    with pytest.raises(error) as caught:
        shapes.read_wkt(text)
    assert type(caught.value) is error
    assert caught.value.zh
    assert caught.value.en


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("", UnreadableShape),
        ("POINT (125 43)", UnreadableShape),
        ("[125, 43]", UnreadableShape),
        ("[" * 100_000, UnreadableShape),
        ({}, UnreadableShape),
        ({"type": ["Point"], "coordinates": [125, 43]}, UnreadableShape),
        ({"type": "Point"}, UnreadableShape),
        ({"type": "Point", "coordinates": [125]}, UnreadableShape),
        ({"type": "Point", "coordinates": [[125, 43]]}, UnreadableShape),
        ({"type": "Point", "coordinates": ["125", "43"]}, UnreadableShape),
        ({"type": "Point", "coordinates": [True, False]}, UnreadableShape),
        ({"type": "Point", "coordinates": [125, None]}, UnreadableShape),
        ({"type": "LineString", "coordinates": [125, 43]}, UnreadableShape),
        ({"type": "LineString", "coordinates": [[125, 43]]}, UnreadableShape),
        ({"type": "Polygon", "coordinates": [SQUARE[:-1]]}, UnreadableShape),  # not closed
        ({"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE[:-1]]]}, UnreadableShape),
        ({"type": "Feature", "geometry": None, "properties": {}}, UnsupportedShape),
        ({"type": "GeometryCollection", "geometries": []}, UnsupportedShape),
        ({"type": "Point", "coordinates": [125, 43], "crs": {"type": "name"}}, UnsupportedShape),
        ({"type": "Point", "coordinates": [125, 43, 200]}, NotFlat),
        ({"type": "Polygon", "coordinates": [[[*vertex, 0] for vertex in SQUARE]]}, NotFlat),
        ({"type": "Point", "coordinates": []}, EmptyShape),
        ({"type": "LineString", "coordinates": []}, EmptyShape),
        ({"type": "Polygon", "coordinates": []}, EmptyShape),
        ({"type": "Polygon", "coordinates": [[]]}, EmptyShape),
        ({"type": "MultiPolygon", "coordinates": [[SQUARE], []]}, EmptyShape),
        ({"type": "Polygon", "coordinates": [SQUARE, []]}, EmptyShape),
        ({"type": "Polygon", "coordinates": [[[125, 43], [126, 44], [125, 43]]]}, InvalidShape),
        ({"type": "Point", "coordinates": [43.859, 125.396]}, NotOnEarth),
        ({"type": "Point", "coordinates": [10**400, 43]}, NotOnEarth),
        ('{"type": "Point", "coordinates": [NaN, Infinity]}', NotOnEarth),
        ('{"type": "Point", "coordinates": [1e999, 43]}', NotOnEarth),
    ],
)
def test_geojson_refused(source: str | dict[str, Any], error: type[GeoError]) -> None:
    with pytest.raises(error) as caught:
        shapes.read_geojson(source)
    assert type(caught.value) is error
    assert caught.value.zh
    assert caught.value.en


@pytest.mark.parametrize(
    ("wkt", "en", "zh"),
    [
        ("POLYGON ((0 0, 1 1, 1 0, 0 1, 0 0))", "Self-intersection at (0.5, 0.5)", "自相交，位于 (0.5, 0.5)"),
        ("POLYGON ((0 0, 2 0, 1 1, 3 2, 0 2, 1 1, 0 0))", "Ring Self-intersection at (1, 1)", "环自相交"),
        ("POLYGON ((0 0, 4 0, 4 4, 0 0), (5 5, 6 5, 6 6, 5 5))", "Hole lies outside shell", "内环在外环之外"),
        (
            "POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (1 1, 5 1, 5 5, 1 5, 1 1), (2 2, 3 2, 3 3, 2 2))",
            "Holes are nested",
            "内环互相嵌套",
        ),
        (
            "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (0 2, 2 0, 4 2, 2 4, 0 2))",
            "Interior is disconnected",
            "内部不连通",
        ),
        (
            "MULTIPOLYGON (((0 0, 4 0, 4 4, 0 4, 0 0)), ((1 1, 3 1, 3 3, 1 1)))",
            "Nested shells",
            "多个面互相嵌套",
        ),
        ("LINESTRING (1 1, 1 1)", "Too few points", "不同的顶点太少"),
    ],
)
def test_invalid_geometry_says_why_and_where(wkt: str, en: str, zh: str) -> None:
    geojson = shapely.to_geojson(shapely.from_wkt(wkt))
    for read, text in ((shapes.read_wkt, wkt), (shapes.read_geojson, geojson)):
        with pytest.raises(InvalidShape) as caught:
            read(text)
        assert en in caught.value.en
        assert zh in caught.value.zh
        assert "位于 (" in caught.value.zh


def test_vertices_are_bounded() -> None:
    def line(vertices: int) -> list[list[float]]:
        return [[vertex / 1000, 43.0] for vertex in range(vertices)]

    def wkt(vertices: int) -> str:
        return f"LINESTRING ({', '.join(f'{lon} {lat}' for lon, lat in line(vertices))})"

    limit = shapes.MAX_VERTICES
    assert shapely.get_num_coordinates(shapes.read_wkt(wkt(limit))) == limit
    assert (
        shapely.get_num_coordinates(shapes.read_geojson({"type": "LineString", "coordinates": line(limit)}))
        == limit
    )
    for read, text in (
        (shapes.read_wkt, wkt(limit + 1)),
        (shapes.read_geojson, json.dumps({"type": "LineString", "coordinates": line(limit + 1)})),
        (shapes.read_wkt, " " * shapes.MAX_CHARACTERS + "POINT (1 2)"),
        (shapes.read_geojson, " " * shapes.MAX_CHARACTERS + "{}"),
    ):
        with pytest.raises(TooManyVertices, match="20000"):
            read(text)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (shapes.read_wkt, shapes.read_geojson):
        with pytest.raises(ShapeRejected):
            read(text)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=12,
)


@given(st.sampled_from([geojson["type"] for geojson, _ in READABLE]), json_values)
def test_any_coordinates_are_read_or_refused(kind: str, coordinates: Any) -> None:
    try:
        geometry = shapes.read_geojson({"type": kind, "coordinates": coordinates})
    except (ShapeRejected, NotOnEarth):
        return
    assert geometry.geom_type == kind
    assert geometry.is_valid


def rectangle(code: str) -> BaseGeometry:
    west, south, east, north = (float(edge) for edge in cells.bounds(code))
    return shapely.box(west, south, east, north)


def test_area_of_a_cell_of_level_5_at_43_86_degrees() -> None:
    """The reference has 89.3 m × 123.5 m = 11 028 m² for 4″ at this latitude."""
    cell = rectangle("N51KA7581B8")
    west, south, east, north = shapes.bounds(cell)
    assert shapes.area_m2(cell) == pytest.approx(11_028, abs=1)
    assert shapes.distance_m((west, south), (east, south)) == pytest.approx(89.3, abs=0.05)
    assert shapes.distance_m((west, south), (west, north)) == pytest.approx(123.5, abs=0.05)
    assert shapes.length_m(cell) == pytest.approx(2 * (89.3 + 123.5), abs=0.2)


def test_measures_of_the_ellipsoid() -> None:
    # GB 22021-2008: one degree of the equator is a × π / 180; the quarter meridian of GRS 80 is 10 001 965.7293 m
    assert shapes.distance_m((0, 0), (1, 0)) == pytest.approx(111_319.490793, abs=1e-5)
    assert shapes.distance_m((120, 0), (120, 90)) == pytest.approx(10_001_965.7293, abs=1e-3)
    line = shapes.read_wkt("MULTILINESTRING ((0 0, 1 0), (10 0, 10.5 0, 11 0))")
    assert shapes.length_m(line) == pytest.approx(2 * 111_319.490793, abs=1e-5)
    assert shapes.area_m2(line) == 0


def test_holes_are_taken_from_areas_and_added_to_lengths() -> None:
    def polygon(*rings: list[list[float]]) -> BaseGeometry:
        return shapes.read_geojson({"type": "Polygon", "coordinates": rings})

    shell, hole, far = polygon(SQUARE), polygon(HOLE), polygon(FAR)
    pierced = polygon(SQUARE, HOLE)
    apart = shapes.read_geojson({"type": "MultiPolygon", "coordinates": [[SQUARE, HOLE], [FAR]]})
    assert shapes.area_m2(pierced) == pytest.approx(shapes.area_m2(shell) - shapes.area_m2(hole))
    assert shapes.area_m2(pierced) == pytest.approx(shapes.area_m2(polygon(SQUARE[::-1], HOLE)))
    assert shapes.area_m2(apart) == pytest.approx(shapes.area_m2(pierced) + shapes.area_m2(far))
    assert shapes.length_m(pierced) == pytest.approx(shapes.length_m(shell) + shapes.length_m(hole))


@pytest.mark.parametrize("wkt", ["POINT (125 43)", "MULTIPOINT ((125 43), (126 44))"])
def test_points_have_no_length_and_no_area(wkt: str) -> None:
    point = shapes.read_wkt(wkt)
    assert shapes.length_m(point) == 0
    assert shapes.area_m2(point) == 0


@pytest.mark.parametrize("wkt", [wkt for _, wkt in READABLE])
@pytest.mark.parametrize("target", [Datum.GCJ02, Datum.BD09])
def test_change_of_datum_moves_every_vertex(wkt: str, target: Datum) -> None:
    geometry = shapes.read_wkt(wkt)
    moved = shapes.change_datum(geometry, source=Datum.CGCS2000, target=target)
    assert moved.geom_type == geometry.geom_type
    expected = [from_cgcs2000(lon, lat, target) for lon, lat in shapely.get_coordinates(geometry)]
    assert shapely.get_coordinates(moved).tolist() == [list(position) for position in expected]
    back = shapes.change_datum(moved, source=target, target=Datum.WGS84)
    assert back.equals_exact(geometry, 1e-9)


def test_change_of_datum_between_two_shifted_ones() -> None:
    start = shapely.Point(*from_cgcs2000(116.397389, 39.908722, Datum.GCJ02))
    moved = shapes.change_datum(start, source=Datum.GCJ02, target=Datum.BD09)
    assert shapely.get_coordinates(moved)[0] == pytest.approx((116.4100054, 39.9164651), abs=5e-8)


def test_change_of_datum_outside_china() -> None:
    with pytest.raises(OutsideChina):
        shapes.change_datum(shapely.Point(2.35, 48.85), source=Datum.GCJ02, target=Datum.CGCS2000)


def test_change_of_datum_that_breaks_a_sliver_is_refused() -> None:
    # The shift bends lines but edges stay straight: a vertex 1 cm from a long edge ends up beyond it.
    sliver = shapely.Polygon([(125, 43), (125, 42), (125.3, 43 - 1e-7), (126, 42), (126, 43), (125, 43)])
    assert sliver.is_valid
    with pytest.raises(InvalidShape):
        shapes.change_datum(sliver, source=Datum.CGCS2000, target=Datum.GCJ02)
