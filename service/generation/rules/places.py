"""Where an invented city stands: centres with their spread, by setting."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot

Position = tuple[float, float]

ROAD, MIXED = "road", "mixed"
SETTINGS = ("centre", "town", "park", "works", "rural", ROAD)
# Metres in a degree at 44° N; a generated city needs the right look, not a survey.
METRES_PER_DEGREE = (80_300.0, 111_100.0)
_ROADSIDE_KM = 0.12  # what stands along a road stands this near
_STEP_KM = 0.6  # a road is a string of places, this far apart
# Beyond the middle a road carries less, the further the less.
_THINNING_KM = 12.0


@dataclass(frozen=True, slots=True)
class Place:
    """A centre of something: spread_km is about one standard deviation, weight its share within the setting."""

    setting: str
    lon: float
    lat: float
    spread_km: float
    weight: float


def parse_places(text: str) -> list[Place]:
    """The places of a city that has been described: settlements by setting, and roads."""
    document = tomllib.loads(text)
    roads = document.pop("roads")
    found = [
        Place(setting, one["lon"], one["lat"], one["spread_km"], one["weight"])
        for setting, settlements in document.items()
        for one in settlements
    ]
    return sorted([*found, *_mixed(found), *(place for road in roads for place in _along(road))], key=_order)


def scattered_places(leaves: Mapping[str, Sequence[Position]]) -> list[Place]:
    """Places of a city nobody has described: some positions in each leaf territory, the first of them its town."""
    found: list[Place] = []
    for positions in leaves.values():
        for number, (lon, lat) in enumerate(positions):
            for setting, spread_km in (
                ("centre", 1.6),
                ("town", 1.2),
                ("park", 1.5),
                ("works", 2.0),
                ("rural", 6.0),
            ):
                weight = 8.0 if number == 0 and setting in ("centre", "town") else 2.0
                found.append(Place(setting, lon, lat, spread_km, weight))
            found.append(Place(ROAD, lon, lat, 2.5, 1.0))
    return sorted([*found, *_mixed(found)], key=_order)


def _order(place: Place) -> tuple[str, float, float]:
    return place.setting, place.lon, place.lat


def _mixed(places: Sequence[Place]) -> Iterator[Place]:
    """What is found in the middle as well as in the towns."""
    for setting, share in (("centre", 0.7), ("town", 0.3)):
        members = [place for place in places if place.setting == setting]
        whole = sum(place.weight for place in members)
        for place in members:
            yield Place(MIXED, place.lon, place.lat, place.spread_km, share * place.weight / whole)


def _along(road: Sequence[Sequence[float]]) -> Iterator[Place]:
    """Places along a road, the more weight the nearer its beginning."""
    gone_km = 0.0
    for (lon, lat), (to_lon, to_lat) in pairwise(road):
        length_km = hypot((to_lon - lon) * METRES_PER_DEGREE[0], (to_lat - lat) * METRES_PER_DEGREE[1]) / 1000
        steps = max(1, round(length_km / _STEP_KM))
        for step in range(steps):
            share = step / steps
            away_km = gone_km + share * length_km
            weight = 1 / (1 + away_km / _THINNING_KM)
            yield Place(
                ROAD, lon + share * (to_lon - lon), lat + share * (to_lat - lat), _ROADSIDE_KM, weight
            )
        gone_km += length_km
