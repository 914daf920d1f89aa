"""Geometries: read from WKT and GeoJSON or refused with a reason, measured, moved from datum to datum.

What is taken: Point, LineString, Polygon and their Multi forms in two dimensions, longitude before latitude,
in degrees, at most MAX_VERTICES vertices, valid as simple features (OGC 06-103r4). The datum is never part of
the text; whoever hands it over states it.
"""

import json
import re
from collections.abc import Iterator, Mapping

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod
from shapely.errors import GEOSException
from shapely.geometry import Polygon
from shapely.geometry import shape as shape_of_mapping
from shapely.geometry.base import BaseGeometry

from geo.crs import Datum, Position, from_cgcs2000, require_on_earth, to_cgcs2000
from geo.errors import (
    EmptyShape,
    InvalidShape,
    NotFlat,
    TooManyVertices,
    UnreadableShape,
    UnsupportedShape,
)

MAX_VERTICES = 20_000
# A vertex in full double precision takes about 40 characters; a longer text is refused before it is parsed.
MAX_CHARACTERS = 64 * MAX_VERTICES

# GeoJSON type -> how many arrays lie round its positions (RFC 7946 §3.1)
_NESTING = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
_KINDS = ", ".join(_NESTING)
_WKT_KINDS = frozenset(kind.upper() for kind in _NESTING)

_CGCS2000_ELLIPSOID = Geod(a=6_378_137.0, rf=298.257222101)  # EPSG:1024, metres

# Why GEOS finds a geometry invalid, in Chinese
_REASONS_ZH = {
    "Self-intersection": "自相交",
    "Ring Self-intersection": "环自相交",
    "Hole lies outside shell": "内环在外环之外",
    "Holes are nested": "内环互相嵌套",
    "Nested shells": "多个面互相嵌套",
    "Interior is disconnected": "内部不连通",
    "Too few points in geometry component": "不同的顶点太少",
}
_REASON = re.compile(r"(?P<reason>[^\[]+)\[(?P<x>\S+) (?P<y>\S+)\]")


def read_wkt(text: str) -> BaseGeometry:
    """Return the geometry that a well-known text describes (OGC 06-103r4 §7), checked as above.

    Raises NotOnEarth, or the ShapeRejected that fits.
    """
    _require_short(text)
    # The kind is looked at first: nested collections recurse in GEOS until the stack ends.
    word = re.match(r"\s*(\w+)", text)
    if word is None:
        raise _unreadable("WKT", "没有几何", "there is no geometry in it")
    if word[1].upper() not in _WKT_KINDS:
        raise _unsupported(word[1])
    try:
        with np.errstate(over="ignore"):  # 1e999 becomes infinite and is refused below, with its own reason
            geometry = shapely.from_wkt(text)
    except (GEOSException, ValueError) as error:
        raise _unreadable("WKT", "文本残缺、环未闭合或顶点太少", str(error)) from error
    if geometry.has_z or geometry.has_m:
        raise _not_flat()
    _require_few(int(shapely.get_num_coordinates(geometry)))
    for lon, lat in shapely.get_coordinates(geometry):
        require_on_earth(lon, lat)
    _require_valid(geometry)
    return geometry


def read_geojson(source: str | Mapping[str, object]) -> BaseGeometry:
    """Return the geometry of a GeoJSON geometry object (RFC 7946 §3.1), text or parsed, checked as above.

    A Feature is not taken, nor is a "crs" member: it would be a second word on the datum.
    Raises NotOnEarth, or the ShapeRejected that fits.
    """
    members = _parse_json(source) if isinstance(source, str) else source
    kind = members.get("type")
    if not isinstance(kind, str):
        raise _unreadable("GeoJSON", '没有 "type"', 'it has no "type"')
    if kind not in _NESTING:
        raise _unsupported(kind)
    if "crs" in members:
        raise UnsupportedShape(
            'GeoJSON 中不得有 "crs" 成员，坐标系须另行说明',
            'GeoJSON must not have a "crs" member; the datum is stated apart',
        )
    coordinates = members.get("coordinates")
    for vertices, (lon, lat) in enumerate(_positions(coordinates, _NESTING[kind]), start=1):
        _require_few(vertices)
        require_on_earth(lon, lat)
    if kind.endswith("Polygon"):
        _require_closed_rings(coordinates, _NESTING[kind])
    try:
        geometry = shape_of_mapping({"type": kind, "coordinates": coordinates})
    except (GEOSException, ValueError) as error:
        raise _unreadable("GeoJSON", "顶点太少", str(error)) from error
    _require_valid(geometry)
    return geometry


def bounds(geometry: BaseGeometry) -> tuple[float, float, float, float]:
    """Return west, south, east, north in the degrees of the geometry."""
    west, south, east, north = geometry.bounds
    return west, south, east, north


def length_m(geometry: BaseGeometry) -> float:
    """Return the geodesic length of lines and of polygon edges, holes included, in metres (CGCS2000)."""
    return sum(_CGCS2000_ELLIPSOID.line_length(path[:, 0], path[:, 1]) for path in _paths(geometry))


def area_m2(geometry: BaseGeometry) -> float:
    """Return the geodesic area of polygons less their holes, in square metres (CGCS2000); lines have none."""
    return sum(
        _ring_area_m2(part.exterior) - sum(_ring_area_m2(hole) for hole in part.interiors)
        for part in shapely.get_parts(geometry)
        if isinstance(part, Polygon)
    )


def distance_m(start: Position, end: Position) -> float:
    """Return the geodesic distance of two positions in metres (CGCS2000)."""
    _, _, distance = _CGCS2000_ELLIPSOID.inv(*start, *end)
    return float(distance)


def change_datum(geometry: BaseGeometry, *, source: Datum, target: Datum) -> BaseGeometry:
    """Return the geometry with every vertex moved from one datum to another.

    Raises OutsideChina where GCJ-02 and BD-09 are not defined, InvalidShape if a sliver then crosses itself.
    """
    if source == target:
        return geometry

    def move(vertices: NDArray[np.float64]) -> NDArray[np.float64]:
        moved = [from_cgcs2000(*to_cgcs2000(lon, lat, source), target) for lon, lat in vertices.tolist()]
        return np.array(moved, dtype=np.float64)

    moved = shapely.transform(geometry, move)
    _require_valid(moved)
    return moved


def _paths(geometry: BaseGeometry) -> Iterator[NDArray[np.float64]]:
    """Yield the vertices (n, 2) of each line and each ring."""
    for part in shapely.get_parts(geometry):
        if isinstance(part, Polygon):
            for ring in (part.exterior, *part.interiors):
                yield shapely.get_coordinates(ring)
        elif part.geom_type == "LineString":
            yield shapely.get_coordinates(part)


def _ring_area_m2(ring: BaseGeometry) -> float:
    vertices = shapely.get_coordinates(ring)
    area, _ = _CGCS2000_ELLIPSOID.polygon_area_perimeter(vertices[:, 0], vertices[:, 1])
    return abs(float(area))  # the sign only tells which way round the ring runs


def _parse_json(text: str) -> Mapping[str, object]:
    _require_short(text)
    try:
        members = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _unreadable("GeoJSON", "不是 JSON", "it is not JSON") from error
    if not isinstance(members, dict):
        raise _unreadable("GeoJSON", "不是对象", "it is not an object")
    return members


def _positions(coordinates: object, nesting: int) -> Iterator[tuple[float, float]]:
    """Yield the (longitude, latitude) pairs of a GeoJSON coordinates array that is nested so deep.

    Raises UnreadableShape, NotFlat, and EmptyShape for an empty array wherever it stands.
    """
    if not isinstance(coordinates, list | tuple):
        raise _unreadable("GeoJSON", "坐标中缺少数组", "an array is missing among its coordinates")
    if not coordinates:
        raise _empty()
    if nesting > 0:
        for inner in coordinates:
            yield from _positions(inner, nesting - 1)
        return
    if not all(isinstance(number, int | float) and not isinstance(number, bool) for number in coordinates):
        raise _unreadable("GeoJSON", "坐标不是数", "a position is not made of numbers")
    if len(coordinates) > 2:
        raise _not_flat()
    if len(coordinates) < 2:
        raise _unreadable("GeoJSON", "坐标只有一个数", "a position has one number only")
    yield coordinates[0], coordinates[1]


def _require_closed_rings(coordinates: object, nesting: int) -> None:
    """Raise UnreadableShape for a ring that does not end where it began; shapely would close it silently."""
    assert isinstance(coordinates, list | tuple)
    if nesting > 1:
        for inner in coordinates:
            _require_closed_rings(inner, nesting - 1)
    elif list(coordinates[0]) != list(coordinates[-1]):
        raise _unreadable("GeoJSON", "环未闭合", "a ring does not end where it began")


def _require_short(text: str) -> None:
    if len(text) > MAX_CHARACTERS:
        raise _too_many_vertices()


def _require_few(vertices: int) -> None:
    if vertices > MAX_VERTICES:
        raise _too_many_vertices()


def _require_valid(geometry: BaseGeometry) -> None:
    """Raise EmptyShape or InvalidShape, with the place of the first fault."""
    if any(part.is_empty for part in shapely.get_parts(geometry)) or geometry.is_empty:
        raise _empty()
    if shapely.is_valid(geometry):
        return
    report = shapely.is_valid_reason(geometry)
    fault = _REASON.fullmatch(report)
    if fault is None:
        raise InvalidShape(f"几何无效：{report}", f"the geometry is invalid: {report}")
    reason, place = fault["reason"], f"({fault['x']}, {fault['y']})"
    raise InvalidShape(
        f"几何无效：{_REASONS_ZH.get(reason, reason)}，位于 {place}",
        f"the geometry is invalid: {reason} at {place}",
    )


def _unreadable(form: str, reason_zh: str, reason_en: str) -> UnreadableShape:
    return UnreadableShape(f"不是有效的 {form}：{reason_zh}", f"this is not {form}: {reason_en}")


def _unsupported(kind: str) -> UnsupportedShape:
    shown = kind[:40]
    return UnsupportedShape(f"不支持 {shown}，可用：{_KINDS}", f"{shown} is not taken; these are: {_KINDS}")


def _not_flat() -> NotFlat:
    return NotFlat(
        "只接受二维坐标，不接受高程或量测值", "only two dimensions are taken, no heights, no measures"
    )


def _empty() -> EmptyShape:
    return EmptyShape("几何或其中一部分没有顶点", "the geometry, or a part of it, has no vertex")


def _too_many_vertices() -> TooManyVertices:
    return TooManyVertices(
        f"几何的顶点超过 {MAX_VERTICES} 个", f"the geometry has more than {MAX_VERTICES} vertices"
    )
