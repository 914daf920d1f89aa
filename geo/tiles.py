"""Web-mercator tiles: the arithmetic of z/x/y, the grid cells a tile needs, and what a layer is.

The world is the square of EPSG:3857, ±180° and ±85.0511°, cut at zoom z into 2^z × 2^z tiles, x eastward
from 180° W, y southward from the north (OGC 17-083r4, WebMercatorQuad). CGCS2000 is projected as if it were
WGS 84, as PostGIS does (4490 → 3857 and 4326 → 3857 give the same numbers).
"""

import math
import re
from dataclasses import dataclass
from enum import StrEnum

from geo.cells import LEVEL_UNITS, UNITS_PER_DEGREE, half_extent
from geo.errors import OutOfRange

MAX_ZOOM = 22
TILE_PIXELS = 256  # the edge of a tile on the screen, in CSS pixels; buffers are counted in them
EARTH_RADIUS = 6_378_137.0  # metres, the sphere of EPSG:3857
HALF_WORLD = math.pi * EARTH_RADIUS  # metres, 20 037 508.34

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class TileAddress:
    """One tile; raises OutOfRange for a zoom beyond 0..22 or a column or row beyond 0..2^z - 1."""

    z: int
    x: int
    y: int

    def __post_init__(self) -> None:
        if not 0 <= self.z <= MAX_ZOOM:
            raise OutOfRange(
                f"缩放级别应为 0 至 {MAX_ZOOM}，而不是 {self.z}", f"zoom is 0 to {MAX_ZOOM}, not {self.z}"
            )
        last = 2**self.z - 1
        if not (0 <= self.x <= last and 0 <= self.y <= last):
            raise OutOfRange(
                f"第 {self.z} 级瓦片的行列号为 0 至 {last}，没有 ({self.x}, {self.y})",
                f"columns and rows of zoom {self.z} are 0 to {last}; there is no ({self.x}, {self.y})",
            )

    def mercator_bounds(self, buffer_px: float = 0) -> Bounds:
        """Return west, south, east, north in metres of EPSG:3857, widened by a buffer in pixels."""
        edge = 2 * HALF_WORLD / 2**self.z
        buffer = edge * buffer_px / TILE_PIXELS
        west = self.x * edge - HALF_WORLD
        north = HALF_WORLD - self.y * edge
        return west - buffer, north - edge - buffer, west + edge + buffer, north + buffer

    def lonlat_bounds(self, buffer_px: float = 0) -> Bounds:
        """Return west, south, east, north in degrees, widened by a buffer in pixels.

        A buffer over the antimeridian gives longitudes beyond ±180°.
        """
        west, south, east, north = self.mercator_bounds(buffer_px)
        return _longitude(west), _latitude(south), _longitude(east), _latitude(north)

    def cell_range(self, level: int, buffer_px: float = 0) -> tuple[int, int, int, int]:
        """Return first column, first row, last column, last row of the cells that meet tile or buffer.

        Signed indices as in geo.cells, both ends included, clamped to the grid (±180°, ±88°). A cell that
        only touches is in the range, so that none is torn between two tiles. So is one within 1/2048″:
        that is more than stored doubles and the mercator formulas can be off. Raises NotALevel.
        """
        half_columns, half_rows = half_extent(level)
        width, height = LEVEL_UNITS[level]
        west, south, east, north = (degrees * UNITS_PER_DEGREE for degrees in self.lonlat_bounds(buffer_px))
        return (
            max(math.floor((west - 1) / width), -half_columns),
            max(math.floor((south - 1) / height), -half_rows),
            min(math.floor((east + 1) / width), half_columns - 1),
            min(math.floor((north + 1) / height), half_rows - 1),
        )


class GeometryKind(StrEnum):
    """What a layer draws; `ANY` for a layer whose features differ."""

    POINT = "point"
    LINE = "line"
    AREA = "area"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Field:
    """One attribute of a layer's features: its name on the wire and its titles for people."""

    name: str
    title_zh: str
    title_en: str
    description: str = ""

    def __post_init__(self) -> None:
        _require_identifier(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """A map layer as a value: what it is called, at which zooms it is served, what its features carry."""

    id: str
    title_zh: str
    title_en: str
    min_zoom: int
    max_zoom: int
    geometry: GeometryKind
    fields: tuple[Field, ...]

    def __post_init__(self) -> None:
        _require_identifier(self.id)
        if not 0 <= self.min_zoom <= self.max_zoom <= MAX_ZOOM:
            raise ValueError(
                f"layer {self.id}: zooms {self.min_zoom}..{self.max_zoom} are not within 0..{MAX_ZOOM}"
            )
        names = [attribute.name for attribute in self.fields]
        if len(names) != len(set(names)):
            raise ValueError(f"layer {self.id}: a field is declared twice")

    def serves(self, tile: TileAddress) -> bool:
        """Tell whether the layer has anything at the zoom of a tile."""
        return self.min_zoom <= tile.z <= self.max_zoom


def _require_identifier(name: str) -> None:
    # Ids and names become parts of addresses, MVT layer names and QGIS columns.
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise ValueError(f"{name!r} is not a lower-case identifier")


def _longitude(x: float) -> float:
    """Return degrees of an EPSG:3857 easting in metres."""
    return math.degrees(x / EARTH_RADIUS)


def _latitude(y: float) -> float:
    """Return degrees of an EPSG:3857 northing in metres."""
    return math.degrees(math.atan(math.sinh(y / EARTH_RADIUS)))
