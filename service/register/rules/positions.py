"""A position of a form as cells of the import: longitude and latitude as typed, or a drawn shape as WKT."""

from collections.abc import Mapping, Sequence
from typing import Any

from service.register.rules.rows import ERASE, Cells, FieldProblem, refusal

_KEYWORDS = {
    "Point": "POINT",
    "LineString": "LINESTRING",
    "Polygon": "POLYGON",
    "MultiLineString": "MULTILINESTRING",
    "MultiPolygon": "MULTIPOLYGON",
}
_DEPTHS = {"Point": 0, "LineString": 1, "Polygon": 2, "MultiLineString": 2, "MultiPolygon": 3}
# More than any coordinate of any projection, so that infinity and NaN are no numbers here.
_ANY_NUMBER = 1e9
# Where cells of a position stand in a form.
POSITION_FIELDS = {"lon": "position.lon", "lat": "position.lat", "geometry": "position.geometry"}


def is_nested(coordinates: object, kind: str) -> bool:
    """Whether coordinates are arrays of finite numbers as deep as the kind of GeoJSON has them."""
    return _is_nested(coordinates, _DEPTHS[kind])


def _is_nested(coordinates: object, depth: int) -> bool:
    if not isinstance(coordinates, list) or not coordinates:
        return False
    if depth:
        return all(_is_nested(inner, depth - 1) for inner in coordinates)
    return all(type(number) in (int, float) and abs(number) < _ANY_NUMBER for number in coordinates)


def wkt_of(geometry: Mapping[str, Any]) -> str:
    """GeoJSON as well-known text, unchecked: what is wrong with it is found by the import's own reader of WKT."""
    return f"{_KEYWORDS[geometry['type']]} {_brackets(geometry['coordinates'])}"


def _brackets(coordinates: Sequence[Any]) -> str:
    if coordinates and not isinstance(coordinates[0], list | tuple):
        return "(" + " ".join(_plain(number) for number in coordinates) + ")"
    parts = [
        _brackets(inner)[1:-1] if inner and not isinstance(inner[0], list | tuple) else _brackets(inner)
        for inner in coordinates
    ]
    return "(" + ", ".join(parts) + ")"


def _plain(number: float) -> str:
    """A number without an exponent: twelve decimals of a degree are a ten-thousandth of a millimetre."""
    return f"{number:.12f}".rstrip("0").rstrip(".")


def position_cells(
    *, lon: str | None, lat: str | None, geometry: Mapping[str, Any] | None, follows: bool
) -> Cells:
    """The cells of a position. follows: it is to stand where its site stands."""
    if follows:
        return {"lon": ERASE, "lat": ERASE}
    if geometry is not None and geometry["type"] == "Point" and lon is None and lat is None:
        coordinates = geometry["coordinates"]
        if len(coordinates) == 2:
            return {"lon": _plain(coordinates[0]), "lat": _plain(coordinates[1])}
    return {"lon": lon, "lat": lat, "geometry": None if geometry is None else wkt_of(geometry)}


def check_datum(cells: Cells, datum: str | None) -> list[FieldProblem]:
    """Numbers without a datum are no position: the four differ by up to more than a kilometre."""
    given = [key for key in POSITION_FIELDS if cells.get(key) not in (None, ERASE)]
    if datum is not None or not given:
        return []
    return [
        refusal(
            "position.datum",
            "datum_missing",
            "请说明坐标系：WGS84、CGCS2000、GCJ02 或 BD09",
            "State the datum of the numbers: WGS84, CGCS2000, GCJ02 or BD09",
        )
    ]
