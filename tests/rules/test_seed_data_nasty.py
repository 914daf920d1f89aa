"""The nasty set of the demonstration city: each row is what README.md says it is."""

import csv
import io
import json
from decimal import Decimal
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import Point

from geo.cells import UNITS_PER_DEGREE, decode, encode
from geo.crs import Datum, to_cgcs2000
from geo.shapes import distance_m, read_wkt
from seed_data import generate
from seed_data.demo_city import nasty, places
from seed_data.demo_city.cell_touch import LEVEL, cell_box, touched_cells

Row = dict[str, str]

ROOT = Path(generate.__file__).parent
POINTS = {point.number: point for point in (*nasty.POINTS, *nasty.GCJ02_POINTS)}


def rows_of(name: str) -> list[Row]:
    return list(csv.DictReader(io.StringIO((ROOT / name).read_text(encoding="utf-8-sig"))))


@pytest.fixture(scope="module")
def rows() -> dict[str, Row]:
    found = [*rows_of("nasty_risk_points.csv"), *rows_of("nasty_gcj02.csv")]
    return {row["风险点编号"]: row for row in found}


@pytest.fixture(scope="module")
def cases() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "expected.json").read_bytes())["nasty_cases"]
    return found


def covering(lon: float, lat: float) -> list[str]:
    return [one.code for one in places.districts() if one.boundary.covers(Point(lon, lat))]


def test_every_case_is_written_down(rows: dict[str, Row], cases: dict[str, Any]) -> None:
    assert list(rows) == list(cases) == list(POINTS)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [number for number in rows if f"| {number} |" not in readme] == []


def test_cases_lie_where_they_are_counted(cases: dict[str, Any]) -> None:
    """All but the point without a position, and the one whose stated district stands against its position."""
    for number, case in cases.items():
        if number not in ("NST-04", "NST-12"):
            assert case["located"] in covering(*case["anchor"]), number
        if case["anchor"]:
            lon, lat = case["anchor"]
            assert case["cell"] == encode(lon, lat, LEVEL), number


def test_line_over_two_districts_and_exactly_nine_cells(rows: dict[str, Row], cases: dict[str, Any]) -> None:
    line = read_wkt(rows["NST-01"]["几何(WKT)"])
    crossed = {one.code for one in places.districts() if one.boundary.intersects(line)}
    assert crossed == {"220103", "220106"}
    touched = touched_cells(line)
    assert touched == cases["NST-01"]["touches"]
    assert len(touched) == 9
    # Not a matter of edges: thinner or wider by a tenth of a cell, it is the same nine.
    assert touched_cells(line.buffer(0.0001, cap_style="flat")) == touched
    anchor = Point(cases["NST-01"]["anchor"])
    district = next(one for one in places.districts() if one.code == cases["NST-01"]["located"])
    assert district.boundary.boundary.distance(anchor) * places.METRES_PER_DEGREE_LON > 50


def test_area_of_nine_cells_with_its_anchor_in_the_middle_one(
    rows: dict[str, Row], cases: dict[str, Any]
) -> None:
    area = read_wkt(rows["NST-02"]["几何(WKT)"])
    touched = touched_cells(area)
    assert touched == cases["NST-02"]["touches"]
    assert len(touched) == 9
    assert cases["NST-02"]["cell"] == touched[4]
    assert places.whole_inside(area, next(one for one in places.districts() if one.code == "220104"))


def test_position_of_the_site_and_no_position_at_all(rows: dict[str, Row], cases: dict[str, Any]) -> None:
    firms = {row["企业名称"]: row for row in rows_of("nasty_enterprises.csv")}
    inheriting, nowhere = rows["NST-03"], rows["NST-04"]
    assert not any(row[column] for row in (inheriting, nowhere) for column in ("经度", "纬度", "几何(WKT)"))
    assert firms[inheriting["企业名称"]]["经度"]
    assert not firms[nowhere["企业名称"]]["经度"]
    assert firms[nowhere["企业名称"]]["所在区划"]
    assert cases["NST-04"]["anchor"] is None
    assert cases["NST-04"]["grade"] == "major"


@pytest.mark.parametrize(
    ("number", "seconds", "code"),
    [
        ("NST-05", ((125, 23, 44), (43, 51, 32)), "N51KA7581B8"),
        ("NST-06", ((125, 23, 40), (43, 51, 12)), "N51KA7581A3"),
    ],
)
def test_corner_in_whole_seconds_belongs_to_the_cell_north_east_of_it(
    rows: dict[str, Row], number: str, seconds: tuple[tuple[int, int, int], ...], code: str
) -> None:
    row = rows[number]
    lon, lat = (Fraction(degree) + Fraction(minute * 60 + second, 3600) for degree, minute, second in seconds)
    assert abs(Fraction(row["经度"]) - lon) < Fraction(1, 10**12)
    assert abs(Fraction(row["纬度"]) - lat) < Fraction(1, 10**12)
    cell = decode(code)
    assert (cell.west, cell.south) == (lon, lat)
    assert encode(row["经度"], row["纬度"], LEVEL) == code
    assert encode(float(row["经度"]), float(row["纬度"]), LEVEL) == code


def test_rounding_degrees_down_would_lose_the_corner(rows: dict[str, Row]) -> None:
    """NST-06 tells a system that floors unrounded units from one that rounds them; NST-05 does not."""
    lost = {
        number: floor(Decimal(rows[number]["经度"]) * UNITS_PER_DEGREE) % 8192 != 0
        for number in ("NST-05", "NST-06")
    }
    assert lost == {"NST-05": False, "NST-06": True}


def test_functional_zone_manages_its_own_and_what_was_handed_over(
    rows: dict[str, Row], cases: dict[str, Any]
) -> None:
    inside, handed = cases["NST-07"], cases["NST-13"]
    town = places.zone_of(tuple(inside["anchor"]))
    assert town is not None
    assert town.town
    assert town.key == inside["managed"]
    assert inside["located"] != inside["managed"]
    assert places.zone_of(tuple(handed["anchor"])) is None
    assert rows["NST-13"]["管理单位区划"] in {area.name for area in places.zone_areas()}
    assert rows["NST-13"]["管理变更理由"]


def test_two_plants_on_one_point(rows: dict[str, Row], cases: dict[str, Any]) -> None:
    firms = {row["企业名称"]: row for row in rows_of("nasty_enterprises.csv")}
    one, other = (firms[rows[number]["企业名称"]] for number in ("NST-08", "NST-09"))
    assert one["统一社会信用代码"] != other["统一社会信用代码"]
    assert (one["经度"], one["纬度"]) == (other["经度"], other["纬度"])
    assert cases["NST-08"]["cell"] == cases["NST-09"]["cell"]


def test_point_on_a_border_is_covered_twice(cases: dict[str, Any]) -> None:
    assert covering(*cases["NST-10"]["anchor"]) == ["220103", "220106"]


def test_unassessed_point_is_alone_in_its_cell(cases: dict[str, Any]) -> None:
    """Grey must be seen for itself, not as a corner of somebody else's colour."""
    lonely = cases["NST-11"]["cell"]
    assert cases["NST-11"]["grade"] == "unassessed"
    positions = [
        row for name in ("enterprises.csv", "risk_points.csv") for row in rows_of(name) if row["经度"]
    ]
    cells = {encode(row["经度"], row["纬度"], LEVEL) for row in positions}
    cells |= {case["cell"] for number, case in cases.items() if number != "NST-11"}
    assert lonely not in cells
    index = nasty.POINTS[10].geometry
    assert isinstance(index, tuple)
    shapes = [read_wkt(row["几何(WKT)"]) for row in rows_of("risk_points.csv") if row["几何(WKT)"]]
    box = cell_box(floor(index[0] * 900), floor(index[1] * 900))
    assert not any(shape.intersects(box) for shape in shapes)


def test_stated_district_contradicted_by_less_than_three_kilometres(rows: dict[str, Row]) -> None:
    row = rows["NST-12"]
    position = float(row["经度"]), float(row["纬度"])
    stated = next(one for one in places.districts() if one.name == row["所在区划"])
    assert covering(*position) == ["220106"]
    border = stated.boundary.boundary
    nearest = border.interpolate(border.project(Point(position)))
    assert 100 < distance_m(position, (nearest.x, nearest.y)) < 3000


@pytest.mark.parametrize("number", ["NST-16", "NST-17"])
def test_gcj02_source_lands_on_the_known_position(
    rows: dict[str, Row], cases: dict[str, Any], number: str
) -> None:
    given = float(rows[number]["经度"]), float(rows[number]["纬度"])
    anchor = tuple(cases[number]["anchor"])
    assert distance_m(to_cgcs2000(*given, Datum.GCJ02), anchor) < 0.02
    assert distance_m(given, anchor) > 300
    assert encode(*given, LEVEL) != cases[number]["cell"]


def test_gcj02_vector_of_the_literature(rows: dict[str, Row]) -> None:
    """(125.396, 43.859) is (125.4026546, 43.8615289) in GCJ-02 by every open implementation."""
    row = rows["NST-16"]
    assert float(row["经度"]) == pytest.approx(125.4026546, abs=1e-7)
    assert float(row["纬度"]) == pytest.approx(43.8615289, abs=1e-7)
