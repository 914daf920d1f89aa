"""Errors of the earth: each is a ValueError that can say what is wrong in Chinese and in English.

GeoError
├── OutsideGrid          no cell of the grid covers this position
│   └── PolarRegion      ... because |latitude| >= 88°, where the standard has another scheme
├── NotACell             this text or index is no cell of the grid
├── NotALevel            the grid has levels 1 to 10
├── NotOnEarth           not a longitude and a latitude in degrees
├── UnknownDatum         the datum is not one we can convert
├── OutsideChina         GCJ-02 and BD-09 are defined for China only
├── OutsideZone          too far from the central meridian of a Gauss-Krüger zone
├── UnknownProjection    not a CGCS2000 Gauss-Krüger projection
├── OutOfRange           no such tile
└── ShapeRejected
    ├── UnreadableShape  not WKT, not GeoJSON
    ├── UnsupportedShape a kind of geometry that is not taken
    ├── NotFlat          heights or measures
    ├── EmptyShape       nothing in it
    ├── TooManyVertices  more than the bound
    └── InvalidShape     crosses itself, holes outside, ... (OGC 06-103r4 §6.1.11)
"""

from typing import ClassVar


class GeoError(ValueError):
    """A position, code or geometry that the earth does not allow.

    `code` is for machines and never changes; `zh` and `en` are one sentence each for a person.
    """

    code: ClassVar[str] = "geo_error"

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh, en)
        self.zh = zh
        self.en = en

    def __str__(self) -> str:
        return self.en


class OutsideGrid(GeoError):
    code = "outside_grid"


class PolarRegion(OutsideGrid):
    code = "polar_region"


class NotACell(GeoError):
    code = "not_a_cell"


class NotALevel(GeoError):
    code = "not_a_level"


class NotOnEarth(GeoError):
    code = "not_on_earth"


class UnknownDatum(GeoError):
    code = "unknown_datum"


class OutsideChina(GeoError):
    code = "outside_china"


class OutsideZone(GeoError):
    code = "outside_zone"


class UnknownProjection(GeoError):
    code = "unknown_projection"


class OutOfRange(GeoError):
    code = "out_of_range"


class ShapeRejected(GeoError):
    code = "shape_rejected"


class UnreadableShape(ShapeRejected):
    code = "unreadable_shape"


class UnsupportedShape(ShapeRejected):
    code = "unsupported_shape"


class NotFlat(ShapeRejected):
    code = "not_flat"


class EmptyShape(ShapeRejected):
    code = "empty_shape"


class TooManyVertices(ShapeRejected):
    code = "too_many_vertices"


class InvalidShape(ShapeRejected):
    code = "invalid_shape"
