"""The extent that a request asks for: the parameter bbox, in any of the known reference systems."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pyproj import Transformer

from geo.cells import LEVEL_UNITS, UNITS_PER_DEGREE
from service.base.errors import Rejected
from service.ogc.rules.crs import STORED_SRID, Crs

Box = tuple[float, float, float, float]
# Edges of a projected box are bent in degrees: with so many points a side of 1,000 km is true within a few metres.
_POINTS_A_SIDE = 24
# Shapes that stay in the 1' cell of their anchor are found by it: an extent is widened to whole 1' cells.
_LEVEL = 4
# Metres: more than once round the earth, and than an easting that begins with its zone's number.
_FARTHEST = 5e7
# More than any column or row of the grid.
_BEYOND = 2_000_000


@dataclass(frozen=True, slots=True)
class Extent:
    """boxes: west, south, east, north in degrees of CGCS2000; two where it crosses the antimeridian.

    wkt: the same as a polygon, its edges bent where they were straight in another projection.
    """

    boxes: tuple[Box, ...]
    wkt: str


def extent_of(text: str, crs: Crs) -> Extent:
    """The extent that `bbox` says: four numbers, or six with heights, which say nothing of flat shapes. Raises Rejected."""
    numbers = _numbers(text)
    if len(numbers) == 6:
        numbers = [*numbers[:2], *numbers[3:5]]
    if len(numbers) != 4:
        raise Rejected("bbox 应为 4 个或 6 个数。", "bbox is four numbers, or six.")
    first, second, third, fourth = numbers
    west, south, east, north = (second, first, fourth, third) if crs.north_first else numbers
    if south > north or (crs.projected and west > east):
        raise Rejected("bbox 的下限大于上限。", "A lower bound of bbox is above its upper bound.")
    if crs.projected:
        return _bent((west, south, east, north), crs)
    if not (-180 <= west <= 180 and -180 <= east <= 180 and south >= -90 and north <= 90):
        raise Rejected("bbox 超出经纬度范围。", "bbox is beyond longitude and latitude.")
    if west <= east:
        boxes: tuple[Box, ...] = ((west, south, east, north),)
    else:
        boxes = ((west, south, 180.0, north), (-180.0, south, east, north))
    return Extent(boxes, f"MULTIPOLYGON({','.join(_ring(_corners(box)) for box in boxes)})")


def _numbers(text: str) -> list[float]:
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if not numbers or not all(map(math.isfinite, numbers)):
        raise Rejected("bbox 应为逗号分隔的数。", "bbox is numbers, separated by commas.")
    return numbers


def _bent(box: Box, crs: Crs) -> Extent:
    west, south, east, north = box
    if max(map(abs, box)) > _FARTHEST:
        raise _beyond()
    steps = [number / _POINTS_A_SIDE for number in range(_POINTS_A_SIDE)]
    line = [
        *((west + (east - west) * step, south) for step in steps),
        *((east, south + (north - south) * step) for step in steps),
        *((east - (east - west) * step, north) for step in steps),
        *((west, north - (north - south) * step) for step in steps),
    ]
    lons, lats = to_stored(crs.srid).transform([x for x, _ in line], [y for _, y in line])
    corners = list(zip(lons, lats, strict=True))
    if not all(
        abs(lon) <= 180 and abs(lat) <= 90 for lon, lat in corners
    ):  # infinite where there is no answer
        raise _beyond()
    reach = (min(lons), min(lats), max(lons), max(lats))
    return Extent((reach,), f"MULTIPOLYGON({_ring(corners)})")


def _beyond() -> Rejected:
    return Rejected("bbox 超出该坐标系的适用范围。", "bbox is beyond what its reference system can describe.")


@lru_cache
def to_stored(srid: int) -> Transformer:
    """From a projected system, x eastward first, to degrees of CGCS2000."""
    return Transformer.from_crs(srid, STORED_SRID, always_xy=True)


def _corners(box: Box) -> list[tuple[float, float]]:
    west, south, east, north = box
    return [(west, south), (east, south), (east, north), (west, north)]


def _ring(corners: list[tuple[float, float]]) -> str:
    return f"(({','.join(f'{x!r} {y!r}' for x, y in [*corners, corners[0]])}))"


def cells_of(boxes: Sequence[Box]) -> tuple[int, int, int, int]:
    """First column, first row, last column, last row of the 4″ cells that shapes within boxes may be anchored in."""
    width, height = LEVEL_UNITS[_LEVEL]
    fine_width, fine_height = LEVEL_UNITS[5]
    wests, souths, easts, norths = zip(*boxes, strict=True)
    # A shape on the very edge belongs to both sides, and stored doubles are off by less than a unit (1/2048″).
    return (
        _whole(min(wests), -1, width) * (width // fine_width),
        _whole(min(souths), -1, height) * (height // fine_height),
        (_whole(max(easts), 1, width) + 1) * (width // fine_width) - 1,
        (_whole(max(norths), 1, height) + 1) * (height // fine_height) - 1,
    )


def _whole(degrees: float, slack: int, size: int) -> int:
    """The column or row of the 1' grid that holds an edge, moved outwards by `slack` units."""
    return max(-_BEYOND, min(_BEYOND, math.floor((degrees * UNITS_PER_DEGREE + slack) / size)))
