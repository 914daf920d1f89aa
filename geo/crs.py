"""Datums and projections of Chinese maps: CGCS2000, WGS 84, GCJ-02, BD-09 and the Gauss-Krüger zones.

CGCS2000 is the datum of record. Positions are (longitude, latitude) in degrees everywhere; projected ones are
(easting, northing) in metres, whatever axis order the EPSG register gives.

GCJ-02 (Amap, Tencent) shifts a position by up to some 700 m, BD-09 (Baidu) by more than 1 km: a wrong datum
moves a point several grid cells away. Neither has a published definition; the constants are those on which
all open implementations agree. Both are inverted by iteration, since the usual one step is off by up to 5 m.

Beijing 1954 and Xian 1980 are not here: their parameters are local and often secret; to convert is to guess.
"""

import math
from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache
from typing import Literal

from pyproj import Transformer
from pyproj.exceptions import ProjError

from geo.errors import NotOnEarth, OutsideChina, OutsideZone, UnknownDatum, UnknownProjection

Position = tuple[float, float]


class Datum(StrEnum):
    """What longitude and latitude refer to."""

    CGCS2000 = "CGCS2000"  # EPSG:4490
    WGS84 = (
        "WGS84"  # EPSG:4326; equal to CGCS2000 within a metre, and taken as equal (EPSG has no better answer)
    )
    GCJ02 = "GCJ02"
    BD09 = "BD09"


# GCJ-02: the Krasovsky 1940 ellipsoid, and the point from which the shift is counted
_KRASOVSKY_A = 6_378_245.0  # metres
_KRASOVSKY_E2 = 0.00669342162296594323
_SHIFT_ORIGIN = (105.0, 35.0)
# The rectangle in which providers apply the shift: west, south, east, north. It is wider than China.
CHINA_BOX = (72.004, 0.8293, 137.8347, 55.8271)
_BOX_SLACK = 0.05  # degrees; more than GCJ-02 and BD-09 together move any point of the box

# BD-09: waves of 3000 half-turns in 180 degrees on radius and angle, then an offset in degrees
_BD_WAVE = 3000 * math.pi / 180
_BD_OFFSET = (0.0065, 0.006)

# A shift changes by less than 3 % of the way gone, so each step of the inverse gains a digit and a half.
_INVERSE_STEPS = 15
_INVERSE_CLOSE = 1e-13  # degrees, 0.01 micrometre

ZoneWidth = Literal[3, 6]

# width -> China's zones; the central meridians of both series run from 75° to 135° E
_ZONES: dict[ZoneWidth, range] = {3: range(25, 46), 6: range(13, 24)}
# (width, zone number in the easting) -> EPSG code of the first zone
_FIRST_EPSG: dict[tuple[ZoneWidth, bool], int] = {
    (6, True): 4491,
    (6, False): 4502,
    (3, True): 4513,
    (3, False): 4534,
}
# EPSG code -> (width, central meridian)
_PROJECTIONS: dict[int, tuple[ZoneWidth, int]] = {
    first + step: (width, 75 + width * step)
    for (width, _), first in _FIRST_EPSG.items()
    for step in range(len(_ZONES[width]))
}


def datum_of(name: str) -> Datum:
    """Return the datum with this name, or raise UnknownDatum."""
    try:
        return Datum(name)
    except ValueError:
        known = ", ".join(Datum)
        raise UnknownDatum(
            f"未知坐标系 {name!r}，可用：{known}", f"unknown datum {name!r}; known are {known}"
        ) from None


def to_cgcs2000(lon: float, lat: float, datum: Datum) -> Position:
    """Return a position in CGCS2000, given in degrees of a datum; exact to 1e-9°.

    Raises NotOnEarth, and OutsideChina where GCJ-02 and BD-09 are not defined.
    """
    require_on_earth(lon, lat)
    shift = _SHIFTED_FROM_CGCS2000.get(datum)
    if shift is None:
        return lon, lat
    _require_in_china(lon, lat, slack=_BOX_SLACK)
    return _invert(shift, lon, lat)


def from_cgcs2000(lon: float, lat: float, datum: Datum) -> Position:
    """Return a CGCS2000 position in degrees of another datum.

    Raises NotOnEarth, and OutsideChina where GCJ-02 and BD-09 are not defined.
    """
    require_on_earth(lon, lat)
    shift = _SHIFTED_FROM_CGCS2000.get(datum)
    if shift is None:
        return lon, lat
    _require_in_china(lon, lat, slack=0)
    return shift(lon, lat)


def require_on_earth(lon: float, lat: float) -> None:
    """Raise NotOnEarth unless the numbers are a longitude and a latitude in degrees; NaN is not."""
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise NotOnEarth(
            f"({lon}, {lat}) 不是以度为单位的经度和纬度",
            f"({lon}, {lat}) is not a longitude and a latitude in degrees",
        )


def in_china_box(lon: float, lat: float) -> bool:
    """Tell whether a position lies in the rectangle round China: a test of plausibility, never of territory.

    The rectangle also holds Seoul, Vladivostok and Hanoi. False for NaN.
    """
    west, south, east, north = CHINA_BOX
    return west <= lon <= east and south <= lat <= north


def gauss_kruger_zone(lon: float, *, width: ZoneWidth = 3) -> int:
    """Return the zone whose central meridian is nearest: 25..45 of width 3°, 13..23 of width 6°.

    The meridian between two zones belongs to the eastern one. Raises OutsideZone outside China's zones,
    73.5° to 136.5° E and 72° to 138° E.
    """
    if math.isfinite(lon):
        zone = math.floor((lon + 1.5) / 3) if width == 3 else math.floor(lon / 6) + 1
        if zone in _ZONES[width]:
            return zone
    raise OutsideZone(
        f"经度 {lon} 不在 {width} 度带 {_ZONES[width][0]} 至 {_ZONES[width][-1]} 带之内",
        f"longitude {lon} lies in none of the {width}° zones {_ZONES[width][0]} to {_ZONES[width][-1]}",
    )


def gauss_kruger_epsg(zone: int, *, width: ZoneWidth = 3, prefixed: bool = True) -> int:
    """Return the EPSG code of a CGCS2000 zone.

    A prefixed zone has its number in the false easting (zone × 1,000,000 + 500,000 m), else it is 500,000 m.
    Raises OutsideZone for a zone that is not China's.
    """
    if zone not in _ZONES[width]:
        raise OutsideZone(f"没有 {width} 度带第 {zone} 带", f"there is no {width}° zone {zone}")
    return _FIRST_EPSG[width, prefixed] + zone - _ZONES[width][0]


def project(lon: float, lat: float, epsg: int) -> Position:
    """Return (easting, northing) in metres of a CGCS2000 position in a Gauss-Krüger zone, EPSG:4491..4554.

    Raises NotOnEarth, UnknownProjection, and OutsideZone beyond one zone width from the central meridian.
    """
    require_on_earth(lon, lat)
    transformer = _transformer(epsg)
    _require_near_meridian(lon, epsg)
    easting, northing = transformer.transform(lon, lat, errcheck=True)
    return easting, northing


def unproject(easting: float, northing: float, epsg: int) -> Position:
    """Return the CGCS2000 position of (easting, northing) in metres in a Gauss-Krüger zone, EPSG:4491..4554.

    Raises UnknownProjection, and OutsideZone beyond one zone width from the central meridian: there
    an easting without zone number ends up when the projection expects one.
    """
    transformer = _transformer(epsg)
    try:
        lon, lat = transformer.transform(easting, northing, direction="INVERSE", errcheck=True)
    except ProjError:
        lon, lat = math.nan, math.nan
    _require_near_meridian(lon, epsg)
    return lon, lat


@lru_cache(maxsize=len(_PROJECTIONS))
def _transformer(epsg: int) -> Transformer:
    """Return the transformer from EPSG:4490, built once; pyproj keeps one object a thread inside it."""
    if epsg not in _PROJECTIONS:
        raise UnknownProjection(
            f"EPSG:{epsg} 不是 CGCS2000 高斯-克吕格投影（4491 至 4554）",
            f"EPSG:{epsg} is not a CGCS2000 Gauss-Krüger projection (4491 to 4554)",
        )
    return Transformer.from_crs(4490, epsg, always_xy=True)


def _require_near_meridian(lon: float, epsg: int) -> None:
    """Raise OutsideZone further than one zone width from the central meridian.

    Cities on the border of two zones work in either, so the zone's own half width would be too strict.
    """
    width, meridian = _PROJECTIONS[epsg]
    if not abs(lon - meridian) <= width:
        raise OutsideZone(
            f"位置不在 EPSG:{epsg}（中央子午线 {meridian}°）的适用范围内，请核对带号和坐标顺序",
            f"the position is beyond EPSG:{epsg} (central meridian {meridian}°); check zone and axis order",
        )


def _require_in_china(lon: float, lat: float, *, slack: float) -> None:
    west, south, east, north = CHINA_BOX
    if not (west - slack <= lon <= east + slack and south - slack <= lat <= north + slack):
        raise OutsideChina(
            f"({lon}, {lat}) 不在中国范围内，GCJ-02 和 BD-09 在此没有定义",
            f"({lon}, {lat}) is not in China, where alone GCJ-02 and BD-09 are defined",
        )


def _gcj02(lon: float, lat: float) -> Position:
    """Shift CGCS2000 to GCJ-02: a polynomial with waves gives metres, the ellipsoid makes them degrees."""
    x, y = lon - _SHIFT_ORIGIN[0], lat - _SHIFT_ORIGIN[1]
    common = 0.1 * x * y + _waves(x, (20, 6), (20, 2))
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * math.sqrt(abs(x)) + common
    east += _waves(x, (20, 1), (40, 1 / 3), (150, 1 / 12), (300, 1 / 30))
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.2 * math.sqrt(abs(x)) + common
    north += _waves(y, (20, 1), (40, 1 / 3), (160, 1 / 12), (320, 1 / 30))
    latitude = math.radians(lat)
    flattening = 1 - _KRASOVSKY_E2 * math.sin(latitude) ** 2
    prime_vertical = _KRASOVSKY_A / math.sqrt(flattening)
    meridional = prime_vertical * (1 - _KRASOVSKY_E2) / flattening
    return (
        lon + math.degrees(east / (prime_vertical * math.cos(latitude))),
        lat + math.degrees(north / meridional),
    )


def _waves(degrees: float, *waves: tuple[float, float]) -> float:
    """Sum sine waves of (amplitude, half-turns per degree), two thirds of each, in metres."""
    return sum(amplitude * math.sin(math.pi * rate * degrees) for amplitude, rate in waves) * 2 / 3


def _bd09(lon: float, lat: float) -> Position:
    """Shift CGCS2000 to BD-09: GCJ-02 in polar form, with waves on radius and angle, then offset."""
    x, y = _gcj02(lon, lat)
    radius = math.hypot(x, y) + 2e-5 * math.sin(y * _BD_WAVE)
    angle = math.atan2(y, x) + 3e-6 * math.cos(x * _BD_WAVE)
    return radius * math.cos(angle) + _BD_OFFSET[0], radius * math.sin(angle) + _BD_OFFSET[1]


def _invert(shift: Callable[[float, float], Position], lon: float, lat: float) -> Position:
    """Return the position that a shift takes to (lon, lat), by correcting a guess with what it misses."""
    guess_lon, guess_lat = lon, lat
    for _ in range(_INVERSE_STEPS):
        reached_lon, reached_lat = shift(guess_lon, guess_lat)
        guess_lon += lon - reached_lon
        guess_lat += lat - reached_lat
        if max(abs(lon - reached_lon), abs(lat - reached_lat)) < _INVERSE_CLOSE:
            break
    return guess_lon, guess_lat


_SHIFTED_FROM_CGCS2000: dict[Datum, Callable[[float, float], Position]] = {
    Datum.GCJ02: _gcj02,
    Datum.BD09: _bd09,
}
