"""Geometries in filters: GeoJSON or a bbox, in the filter's reference system, as shapes of the datum of record."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import shapely

from geo import shapes
from service.base.errors import Rejected
from service.ogc.rules.crs import Crs
from service.ogc.rules.extents import Box, extent_of, to_stored


@dataclass(frozen=True, slots=True)
class Shape:
    """wkt: in degrees of CGCS2000. box: its bounds."""

    wkt: str
    box: Box


def shape_of(literal: Mapping[str, Any], crs: Crs) -> Shape:
    """The shape of a literal. Raises Rejected, or the GeoError that says what is wrong with a geometry."""
    if "bbox" in literal:
        numbers = literal["bbox"]
        if not isinstance(numbers, list) or not all(_is_number(each) for each in numbers):
            raise Rejected("filter 中的 bbox 应为数。", "A bbox in a filter is numbers.")
        extent = extent_of(",".join(map(repr, numbers)), crs)
        west, south, east, north = (list(side) for side in zip(*extent.boxes, strict=True))
        return Shape(extent.wkt, (min(west), min(south), max(east), max(north)))
    moved = {**literal, "coordinates": _moved(literal.get("coordinates"), crs, 0)}
    geometry = shapes.read_geojson(moved)
    return Shape(shapely.to_wkt(geometry, rounding_precision=-1), shapes.bounds(geometry))


# A MultiPolygon's positions lie in three lists.
_DEEPEST = 4


def _moved(coordinates: Any, crs: Crs, depth: int) -> Any:
    """Coordinates as longitude and latitude of CGCS2000. What is no coordinate stays, and is refused by who reads it."""
    if not isinstance(coordinates, list) or depth > _DEEPEST:
        return coordinates
    if len(coordinates) >= 2 and all(_is_number(each) for each in coordinates):
        first, second, *rest = coordinates
        x, y = (second, first) if crs.north_first else (first, second)
        if crs.projected:
            x, y = to_stored(crs.srid).transform(x, y)
        return [x, y, *rest]
    return [_moved(part, crs, depth + 1) for part in coordinates]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
