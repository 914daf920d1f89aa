"""Where a row says that it stands: longitude and latitude, or a geometry, in a stated datum."""

import re
import struct
import unicodedata
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.crs import Datum, in_china_box, to_cgcs2000
from geo.errors import GeoError, NotOnEarth
from geo.shapes import change_datum, read_wkt
from service.imports.rules.cells import ERASED, Erasure, RowReader
from service.imports.rules.fields import Kind

SRID = 4490
_NUMBER = re.compile(r"([+-]?[0-9]{1,12}(?:\.[0-9]{0,20})?)(?:°|度)?([EN]?)", re.IGNORECASE)
# 43°51′32.4″, 43-51-32.4, 43度51分32.4秒, with or without 东经, 北纬, E, N. NFKC turns ″ into two ′.
_DEGREES_MINUTES = re.compile(
    r"(?:东经|北纬)?([EN]?)([0-9]{1,3})(?:°|度|-)([0-9]{1,2})(?:′(?!′)|'(?!')|’|分|-)"
    r"(?:([0-9]{1,2}(?:\.[0-9]{0,12})?)(?:′′|''|\"|”|秒)?)?([EN]?)",
    re.IGNORECASE,
)
# What the register keeps (and every map draws); a register of many separate points is many risk points.
_KEPT_SHAPES = frozenset({"Point", "LineString", "Polygon", "MultiLineString", "MultiPolygon"})
# EWKB: little-endian, Point with SRID flag.
_POINT = struct.Struct("<BIIdd")
_POINT_WITH_SRID = 0x20000001

# What bounds a shape in the register, as in migrations/sql/0001/40_register_rules.sql: degrees and level-5 cells.
CELL, MOST_CELLS, WIDEST = 4 / 3600, 20_000, 4.0


@dataclass(frozen=True, slots=True)
class GivenPosition:
    """A position in CGCS2000 beside the words of the register.

    geom: hexadecimal EWKB, SRID 4490. shown: for a difference. x, y: as given, in `datum`; x alone for a geometry.
    """

    geom: str
    shown: str
    datum: str
    x: str
    y: str | None


def point_ewkb(lon: float, lat: float) -> str:
    """Hexadecimal EWKB of a point, SRID 4490."""
    return _POINT.pack(1, _POINT_WITH_SRID, SRID, lon, lat).hex().upper()


def read_position(row: RowReader, datum: Datum, kind: Kind) -> GivenPosition | Erasure | None:
    """The position of a row. None: it gives none, or a wrong one, which is noted."""
    geometry = row.text("geometry", lines=True) if kind is Kind.RISK_POINTS else None
    lon, lat = row.text("lon"), row.text("lat")
    if (
        geometry is None
        and lon is None
        and lat is None
        and row.cell("lon") is None
        and row.cell("lat") is None
    ):
        return None
    if geometry is not None and (lon is not None or lat is not None):
        if geometry is ERASED:
            return _read_point(row, datum, lon, lat)
        row.error(
            "geometry",
            "position_twice",
            "几何与经纬度只能填一种，请删去其中一种",
            "Give either a geometry or longitude and latitude, not both",
        )
        return None
    if isinstance(geometry, str):
        return _read_shape(row, geometry, datum)
    return ERASED if geometry is ERASED else _read_point(row, datum, lon, lat)


def _read_point(
    row: RowReader, datum: Datum, east: str | Erasure | None, north: str | Erasure | None
) -> GivenPosition | Erasure | None:
    given = {"lon": east, "lat": north}
    if given["lon"] is ERASED and given["lat"] is ERASED:
        return ERASED
    if row.cell("lon") is None and row.cell("lat") is None:
        return None
    for key, other in (("lon", "纬度"), ("lat", "经度")):
        if row.cell(key) is None:
            row.error(
                key,
                "position_half",
                f"只填了{other}，经度和纬度要么都填，要么都不填",
                "Longitude and latitude belong together: give both or neither",
            )
    numbers = {key: _number(row, key, text) for key, text in given.items() if text is not None}
    if None in numbers.values() or len(numbers) < 2:
        return None
    lon, lat = numbers["lon"], numbers["lat"]
    assert lon is not None
    assert lat is not None
    if not _plausible(row, lon, lat):
        return None
    x, y = to_cgcs2000(lon, lat, datum)
    return GivenPosition(
        point_ewkb(x, y), shown_point(x, y), datum.value, str(given["lon"]), str(given["lat"])
    )


def shown_point(lon: float, lat: float) -> str:
    """A point as a difference shows it: seven decimals are a centimetre."""
    return f"{lon:.7f}, {lat:.7f}"


def _number(row: RowReader, key: str, text: str | Erasure) -> float | None:
    found = (
        None
        if text is ERASED
        else _NUMBER.fullmatch("".join(unicodedata.normalize("NFKC", str(text)).split()))
    )
    side = {"lon": "E", "lat": "N"}[key]
    if found is not None and found[2].upper() in ("", side):
        return float(found[1])
    degrees = None if text is ERASED else _sexagesimal(str(text), side)
    if degrees is not None:
        return degrees
    name, name_en = {"lon": ("经度", "longitude"), "lat": ("纬度", "latitude")}[key]
    row.error(
        key,
        "not_a_number",
        f"看不懂{name}“{row.shown(key)}”，请写成 {'125.3245' if key == 'lon' else '43.8868'} 这样的度数，或度分秒",
        f"'{row.shown(key)}' is no {name_en}; write degrees like "
        f"{'125.3245' if key == 'lon' else '43.8868'}, or degrees, minutes and seconds",
    )
    return None


def _sexagesimal(text: str, side: str) -> float | None:
    """Degrees of a text in degrees, minutes and perhaps seconds; None where it is none or names the other side."""
    wrong = "北纬" if side == "E" else "东经"
    found = _DEGREES_MINUTES.fullmatch("".join(unicodedata.normalize("NFKC", text).split()))
    if found is None or wrong in text or {found[1].upper(), found[5].upper()} - {"", side}:
        return None
    degrees, minutes, seconds = int(found[2]), int(found[3]), float(found[4] or 0)
    if minutes >= 60 or seconds >= 60:
        return None
    return (degrees * 3600 + minutes * 60 + seconds) / 3600


def _plausible(row: RowReader, lon: float, lat: float) -> bool:
    """Note what is wrong with degrees that cannot be a place in China."""
    if in_china_box(lon, lat):
        return True
    if in_china_box(lat, lon):
        row.error(
            "lon",
            "coordinates_swapped",
            f"经度 {lon:g} 与纬度 {lat:g} 像是填反了，请对调",
            f"Longitude {lon:g} and latitude {lat:g} seem to be swapped; exchange them",
        )
        return False
    metres = max(abs(lon), abs(lat)) > 1000
    hint = "；像是投影坐标（米），请换算成经纬度" if metres else ""
    hint_en = "; it looks like projected metres, convert them" if metres else ""
    if not -180 <= lon <= 180:
        row.error(
            "lon",
            "longitude_out_of_range",
            f"经度 {lon:.10g} 超出 -180 至 180 度{hint}",
            f"Longitude {lon:.10g} is beyond -180 to 180 degrees{hint_en}",
        )
    if not -90 <= lat <= 90:
        row.error(
            "lat",
            "latitude_out_of_range",
            f"纬度 {lat:.10g} 超出 -90 至 90 度{hint}",
            f"Latitude {lat:.10g} is beyond -90 to 90 degrees{hint_en}",
        )
    if -180 <= lon <= 180 and -90 <= lat <= 90:
        row.error(
            "lon",
            "outside_china",
            f"位置 ({lon:g}, {lat:g}) 不在中国范围内，请核对经纬度",
            f"The position ({lon:g}, {lat:g}) is not in China; check longitude and latitude",
        )
    return False


def _read_shape(row: RowReader, text: str, datum: Datum) -> GivenPosition | None:
    try:
        shape = read_wkt(text)
        if shape.geom_type not in _KEPT_SHAPES:
            row.error(
                "geometry",
                "shape_not_kept",
                f"不支持 {shape.geom_type}，请用点、线或面；多个点请拆成多个风险点",
                f"{shape.geom_type} is not kept; use a point, line or polygon, and one row a point",
            )
            return None
        if not _shape_plausible(row, shape):
            return None
        moved = change_datum(shape, source=datum, target=Datum.CGCS2000)
    except NotOnEarth as error:
        # Latitudes beyond 90 are how swapped geometries of China look; the text itself was readable.
        with np.errstate(over="ignore"):
            bounds = shapely.from_wkt(text).bounds
        if not _shape_swapped(row, bounds):
            row.error("geometry", error.code, f"{error.zh}，请更正几何", f"{error.en}; correct the geometry")
        return None
    except GeoError as error:
        row.error("geometry", error.code, f"{error.zh}，请更正几何", f"{error.en}; correct the geometry")
        return None
    if _too_large(moved):
        row.error(
            "geometry",
            "shape_too_large",
            "图形过大，不能作为一个风险点，请拆分后分别登记",
            "The shape is larger than a risk point can be; register its parts",
        )
        return None
    geom = shapely.to_wkb(shapely.set_srid(moved, SRID), hex=True, include_srid=True, byte_order=1)
    return GivenPosition(geom, shapely.to_wkt(moved, rounding_precision=7), datum.value, text, None)


def _too_large(shape: BaseGeometry) -> bool:
    """Whether the register would refuse the shape (RM007): the same bounds, in degrees."""
    west, south, east, north = shape.bounds
    return (
        shape.length > MOST_CELLS * CELL
        if shape.geom_type.endswith("LineString")
        else shape.area > MOST_CELLS * CELL * CELL
    ) or max(east - west, north - south) > WIDEST


def _shape_plausible(row: RowReader, shape: BaseGeometry) -> bool:
    west, south, east, north = shape.bounds
    if in_china_box(west, south) and in_china_box(east, north):
        return True
    if not _shape_swapped(row, shape.bounds):
        row.error(
            "geometry",
            "outside_china",
            f"几何的范围 ({west:g}, {south:g}) 至 ({east:g}, {north:g}) 不在中国范围内，请核对坐标",
            f"The geometry from ({west:g}, {south:g}) to ({east:g}, {north:g}) is not in China",
        )
    return False


def _shape_swapped(row: RowReader, bounds: tuple[float, float, float, float]) -> bool:
    west, south, east, north = bounds
    if not (in_china_box(south, west) and in_china_box(north, east)):
        return False
    row.error(
        "geometry",
        "coordinates_swapped",
        "几何的经度与纬度像是写反了，WKT 中经度在前",
        "Longitude and latitude of the geometry seem to be swapped; WKT has longitude first",
    )
    return True
