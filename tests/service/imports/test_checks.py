"""Every check of an import in one table, as a person meets it: what a register holds, and what the preview says of it."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import shapely
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from geo.crs import Datum, from_cgcs2000
from tests.conftest import Database
from tests.rules.test_imports_files import without_values
from tests.service.imports.points import LEC, USCC, own, point, register
from tests.service.imports.register import NANGUAN, bring_in, csv_of, rows_of, upload

# 演示一厂 in 南关区, less than 3 km from 二道区 and tens of kilometres from 农安县; one point of it, one of the region, and
# twelve firms whose sites are known.
FIRMS = csv_of(
    ("统一社会信用代码", "企业名称", "经度", "纬度"),
    (USCC, "演示一厂", *NANGUAN),
    *(("", f"演示甲{n}厂", f"{125.30 + n / 100:.6f}", f"{43.85 + n / 200:.6f}") for n in range(12)),
)
POINTS = register(own(number="D-1"), point(number="R-1", name="演示桥", lon=NANGUAN[0], lat=NANGUAN[1]))
LON, LAT = NANGUAN


@dataclass(frozen=True)
class Case:
    """A file and what is found in it. found: codes by row, as the spreadsheet counts; notes: of the whole file."""

    content: bytes
    found: dict[int, list[str]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    totals: dict[str, int] = field(default_factory=dict)
    datum: str = "WGS84"


def workbook(write: Callable[[Worksheet], None]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        write(book.add_worksheet("台账"))
    return content.getvalue()


def merged(page: Worksheet) -> None:
    """A title, headings over two rows, and a firm that stands once for three points."""
    page.merge_range(0, 0, 0, 3, "2026 年风险点台账")
    page.merge_range(1, 0, 2, 0, "企业名称")
    page.merge_range(1, 1, 2, 1, "风险点编号")
    page.merge_range(1, 2, 2, 2, "风险点名称")
    page.merge_range(3, 0, 5, 0, "演示一厂")
    for row in (3, 4, 5):
        page.write_row(row, 1, [f"M-{row}", "冲压机"])


def calculated(page: Worksheet) -> None:
    page.write_row(0, 0, ["企业名称", "风险点编号", "风险点名称", "暴露人数"])
    page.write_row(1, 0, ["演示一厂", "F-1", "冲压机"])
    page.write_formula(1, 3, "=6*7", None, 42)


def gapped(page: Worksheet) -> None:
    page.write_row(0, 0, ["企业名称", "风险点编号", "风险点名称"])
    page.write_row(3, 0, ["演示一厂", "E-1", "冲压机"])
    page.write_row(7, 0, ["演示一厂", "E-2", ""])
    page.write_row(9, 0, [" ", "　", ""])


def shifted(lon: float, lat: float) -> tuple[str, str]:
    """A position as a map of GCJ-02 shows it."""
    x, y = from_cgcs2000(lon, lat, Datum.GCJ02)
    return f"{x:.7f}", f"{y:.7f}"


# Known sites, as they are read off a map of GCJ-02.
BY_SITES = register(
    *(
        point(number=f"G-{n}", enterprise=f"演示甲{n}厂", lon=lon, lat=lat)
        for n in range(12)
        for lon, lat in [shifted(125.30 + n / 100, 43.85 + n / 200)]
    )
)

ONE_ROW: dict[str, tuple[dict[str, object], list[str]]] = {
    "swapped": (own(lon=LAT, lat=LON), ["coordinates_swapped"]),
    "out of China": (own(lon="2.35", lat="48.85"), ["outside_china"]),
    "metres": (own(lon="21525000", lat="4862000"), ["longitude_out_of_range", "latitude_out_of_range"]),
    "half a position": (own(lon=LON), ["position_half"]),
    "beyond every territory": (own(lon="121.4700", lat="31.2300"), ["outside_territory"]),
    "another district": (own(lon=LON, lat=LAT, territory="农安县"), ["territory_contradicted"]),
    "a district near by": (own(lon=LON, lat=LAT, territory="二道区"), ["territory_doubtful"]),
    "a district of the site": (own(territory="农安县"), ["territory_contradicts_site"]),
    "no such territory": (own(lon=LON, lat=LAT, territory="演示区"), ["unknown_territory"]),
    "degrees, minutes, seconds": (own(lon="东经125°21′00″", lat="43°51′36″N"), []),
    "full-width digits": (own(number="Ｐ－１", lon="１２５．３５", lat="４３．８６", workers="３"), []),
    "a check character": (point(uscc=USCC[:-1] + "M"), ["uscc_check_character"]),
    "a credit code too short": (point(uscc=USCC[:-1]), ["uscc_length"]),
    "no such firm": (point(enterprise="演示九厂"), ["enterprise_not_found"]),
    "no such site": (own(site="9"), ["site_not_found"]),
    "an unknown code": (own(industries="火星采矿"), ["unknown_word"]),
    "an unknown grade": (own(grade="3", on="2026-10-08"), ["unknown_grade", "nothing_assessed"]),
    "an input of no table": (own(**LEC | {"l": 4}), ["input_refused"]),
    "a day that never was": (own(**LEC | {"on": "2017-11-31"}), ["impossible_date"]),
    "no day": (own(**LEC | {"on": ""}), ["assessment_undated"]),
    "no number": (own(number=""), ["missing"]),
    "a number of another's": (
        point(number="R-1", name="演示塔", lon="125.1800", lat="44.4300"),
        ["number_taken_elsewhere"],
    ),
}

CASES = {name: Case(register(row), {2: codes} if codes else {}) for name, (row, codes) in ONE_ROW.items()} | {
    "the same row twice": Case(register(own(), own()), {3: ["duplicate_row"]}, totals={"new": 1, "bad": 1}),
    "one number for two": Case(
        register(own(), own(name="冲压机")),
        {2: ["duplicate_number"], 3: ["duplicate_number"]},
        totals={"new": 0, "bad": 2},
    ),
    "one number for two, by code and by name": Case(
        register(own(), point(uscc=USCC, name="冲压机")),
        {3: ["duplicate_number"]},
        totals={"new": 1, "bad": 1},
    ),
    "registered and the same": Case(
        register(own(number="D-1")), totals={"new": 0, "changed": 0, "unchanged": 1}
    ),
    "registered and another": Case(
        register(own(number="D-1", name="冲压机")), totals={"new": 0, "changed": 1, "unchanged": 0}
    ),
    "merged cells": Case(workbook(merged), notes=("merged_cells",), totals={"rows": 3, "new": 3}),
    "a formula": Case(workbook(calculated), totals={"new": 1}),
    "a formula without its value": Case(
        without_values(workbook(calculated)), {2: ["formula_without_value"]}, totals={"bad": 1}
    ),
    "empty rows": Case(workbook(gapped), {8: ["missing"]}, totals={"rows": 2, "new": 1, "bad": 1}),
    "GCJ-02 called WGS 84, by known sites": Case(BY_SITES, notes=("datum_doubtful",), totals={"new": 12}),
    "GCJ-02 called so": Case(BY_SITES, datum="GCJ02", totals={"new": 12}),
}


@pytest.fixture
async def registered(client: httpx.AsyncClient) -> httpx.AsyncClient:
    await bring_in(client, FIRMS)
    await bring_in(client, POINTS)
    return client


def found(seen: dict[str, Any]) -> dict[int, list[str]]:
    """The codes of the report by row."""
    by_row: dict[int, list[str]] = {}
    for problem in seen["problems"]:
        by_row.setdefault(problem["row"], []).append(problem["code"])
    return by_row


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
async def test_each_check_says_what_it_finds(registered: httpx.AsyncClient, case: Case) -> None:
    name = "台账.xlsx" if case.content.startswith(b"PK") else "台账.csv"
    seen = await upload(registered, case.content, name=name, datum=case.datum)
    assert (found(seen), tuple(note["code"] for note in seen["notes"])) == (case.found, case.notes)
    assert {total: seen["preview"][total] for total in case.totals} == case.totals


async def test_a_datum_is_doubted_by_the_districts_that_rows_state(
    registered: httpx.AsyncClient, database: Database
) -> None:
    """Points just within 南关区, whose numbers in GCJ-02 lie beyond its border where they are taken for WGS 84."""
    ((hexed,),) = rows_of(
        database, "SELECT ST_AsHEXEWKB(boundary) FROM territory WHERE name = '南关区' AND valid_to IS NULL"
    )
    district = shapely.from_wkb(hexed)
    line = district.exterior if district.geom_type == "Polygon" else district.geoms[0].exterior
    places: list[tuple[str, str]] = []
    for step in range(2000):
        on = line.interpolate(step / 2000, normalized=True)
        for east, north in ((0.002, 0), (-0.002, 0), (0, 0.002), (0, -0.002)):
            inside = shapely.Point(on.x + east, on.y + north)
            lon, lat = shifted(inside.x, inside.y)
            if district.contains(inside) and not district.contains(shapely.Point(float(lon), float(lat))):
                places.append((lon, lat))
                break
        if len(places) == 12:
            break
    assert len(places) == 12
    rows = [own(number=f"S-{n}", lon=lon, lat=lat, territory="南关区") for n, (lon, lat) in enumerate(places)]
    (note,) = (await upload(registered, register(*rows)))["notes"]
    assert (note["code"], note["evidence"]["likely"]) == ("datum_doubtful", "GCJ02")
    assert (await upload(registered, register(*rows), datum="GCJ02"))["notes"] == []
