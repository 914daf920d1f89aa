"""A GeoJSON FeatureCollection as rows: properties are columns, the geometry is the position."""

import json
from collections.abc import Mapping
from typing import Any

import shapely

from service.base.errors import TooLarge, Unreadable
from service.base.zipped import MOST_CELLS

Record = list[str | float | bool | None]

# Parsed, a text of coordinates takes about thirty times its length.
LONGEST_TEXT = 16 << 20
# The position comes first: of two columns with one meaning the left one is read.
POSITION_HEADINGS = ("longitude", "latitude", "geometry")


def read_features(text: str) -> tuple[list[str], list[Record]]:
    """The headings and one record a feature. Points are longitude and latitude, other shapes WKT.

    Raises Unreadable for JSON that is no FeatureCollection, TooLarge for one that would not fit into memory.
    """
    if len(text) > LONGEST_TEXT:
        raise TooLarge(
            f"GeoJSON 超过 {LONGEST_TEXT >> 20} MiB。请拆分后分次上传，或改用工作簿。",
            f"The GeoJSON exceeds {LONGEST_TEXT >> 20} MiB. Split it, or use a workbook.",
        )
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable("这个 JSON 文件已损坏，无法读取。", "This JSON file is damaged.") from error
    features = found.get("features") if isinstance(found, Mapping) else None
    if not isinstance(features, list) or found.get("type") != "FeatureCollection":
        raise Unreadable(
            "JSON 文件应为 GeoJSON 的 FeatureCollection。",
            "A JSON file should be a GeoJSON FeatureCollection.",
        )
    names: dict[str, None] = {}
    for feature in features:
        names.update(dict.fromkeys(map(str, _properties(feature))))
    if len(names) * len(features) > MOST_CELLS:
        raise TooLarge(
            "GeoJSON 的属性过多，请拆分后分次上传。", "The GeoJSON has too many properties; split it."
        )
    return [*POSITION_HEADINGS, *names], [_record(feature, list(names)) for feature in features]


def _properties(feature: Any) -> Mapping[str, Any]:
    properties = feature.get("properties") if isinstance(feature, Mapping) else None
    return properties if isinstance(properties, Mapping) else {}


def _record(feature: Any, names: list[str]) -> Record:
    properties = _properties(feature)
    geometry = feature.get("geometry") if isinstance(feature, Mapping) else None
    return [*_position(geometry), *(_value(properties.get(name)) for name in names)]


def _position(geometry: Any) -> Record:
    if not isinstance(geometry, Mapping):
        return [None, None, None]
    if geometry.get("type") == "Point":
        match geometry.get("coordinates"):
            case [int() | float() as lon, int() | float() as lat, *_]:
                return [float(lon), float(lat), None]
    text = json.dumps(geometry)
    try:
        shape = shapely.from_geojson(text)
    except (shapely.errors.GEOSException, TypeError, ValueError):
        return [None, None, text]  # refused with its row, as any other cell that cannot be read
    return [None, None, shapely.to_wkt(shape, rounding_precision=-1)]


def _value(value: Any) -> str | float | bool | None:
    match value:
        case None | "":
            return None
        case bool() | str() | float():
            return value
        case int():
            return float(value) if abs(value) < 10**15 else str(value)
    return json.dumps(value, ensure_ascii=False)
