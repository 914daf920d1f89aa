"""The demonstration city and its nasty set, as imported: what is on the map is what seed_data says must be there."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from geo import cells as beidou
from service.base.commands import Addresses
from service.base.settings import Settings
from service.imports.commands import DEMO_FIRST_PART, load_demo
from tests.conftest import Database, Postgis, serving
from tests.counting import GRADES, as_role, check
from tests.world import CITY_PATH, enter

ROOT = Path(__file__).resolve().parents[3]
EXPECTED: dict[str, Any] = json.loads((ROOT / "seed_data/expected.json").read_text(encoding="utf-8"))
CASES: dict[str, dict[str, Any]] = EXPECTED["nasty_cases"]
DISTRICTS = sorted(EXPECTED["main"]["located"])


@pytest.fixture
async def city(postgis: Postgis, demonstrated: str) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(postgis.database(demonstrated)) as client:
        yield client


def both(*keys: str) -> dict[str, int]:
    """What the main register and the nasty set together must count."""
    total = dict.fromkeys((*GRADES, "total"), 0)
    for part in ("main", "nasty"):
        found = EXPECTED[part]
        for key in keys:
            found = found.get(key, {})
        for grade, count in found.items():
            total[grade] += count
    return total


async def test_the_city_counts_what_the_files_hold(city: httpx.AsyncClient) -> None:
    for basis in ("assessed", "inherent"):
        summary = (await city.get("/api/territories/220100/summary", params={"basis": basis})).json()
        assert summary["counts"] == both(basis)
    for position, count in summary["positions"].items():
        assert count == EXPECTED["main"]["positions"][position] + EXPECTED["nasty"]["positions"][position]


async def test_every_district_counts_what_the_files_hold(city: httpx.AsyncClient) -> None:
    summary = (await city.get("/api/territories/220100/summary")).json()
    assert {child["key"]: child["counts"] for child in summary["children"]} == {
        key: both("located", key, "assessed") for key in DISTRICTS
    }


async def test_by_management_the_zone_takes_its_own_and_the_sum_stays(city: httpx.AsyncClient) -> None:
    located = (await city.get("/api/territories/220100/summary")).json()
    managed = (await city.get("/api/territories/220100/summary", params={"view": "managed"})).json()
    assert managed["counts"] == located["counts"]
    zone = next(child for child in managed["children"] if child["key"] == "z_jk")
    assert zone["counts"]["total"] > 0
    assert sum(child["counts"]["total"] for child in managed["children"]) == located["counts"]["total"]


@pytest.mark.parametrize("number", sorted(CASES))
async def test_a_nasty_case_stands_where_it_must(
    city: httpx.AsyncClient, postgis: Postgis, demonstrated: str, number: str
) -> None:
    case = CASES[number]
    with psycopg.connect(postgis.database(demonstrated).app_url) as connection:
        enter(connection, areas="{" + CITY_PATH + "}")
        row = connection.execute("SELECT id FROM risk_point WHERE number = %s", (number,)).fetchone()
    assert row
    point = (await city.get(f"/api/risk-points/{row[0]}")).json()
    assert point["grade"] == case["grade"]
    assert point["position"] == case["position"]
    assert point["territory"]["key"] == case["located"]
    assert point["managed_by"]["key"] == case["managed"]
    if case["anchor"] is None:
        assert point["anchor"] is None
        return
    assert point["anchor"] == pytest.approx(case["anchor"], abs=2e-6)
    assert beidou.encode(point["anchor"][0], point["anchor"][1], 5) == case["cell"]
    for code in case["touches"]:
        cell = (await city.get(f"/api/cells/{code}")).json()
        listed = [item["number"] for item in cell["points"]["items"]]
        crossing = [item["number"] for item in cell["crossing"]["items"]]
        assert (number in listed, number in crossing) == (code == case["cell"], code != case["cell"])


def test_what_has_been_loaded_is_not_checked_again(demo_database: Database) -> None:
    """Every start asks for the demonstration city; only the first may take its time."""

    def written() -> tuple[object, ...] | None:
        with psycopg.connect(demo_database.owner_url) as connection:
            return connection.execute(
                "SELECT (SELECT count(*) FROM import_upload), (SELECT max(recorded_from) FROM risk_point)"
            ).fetchone()

    before = written()
    addresses = Addresses(demo_database.owner_url, demo_database.app_url)
    asyncio.run(load_demo(Settings(), addresses, DEMO_FIRST_PART))
    assert written() == before


NASTY_STEPS = [
    "UPDATE risk_point SET geom = ST_Translate(geom, 0.01, 0.005) WHERE number LIKE 'NST-%' AND geom IS NOT NULL",
    "UPDATE site SET geom = ST_SetSRID(ST_Point(125.44, 43.86), 4490), source_datum = 'WGS84'"
    " WHERE id IN (SELECT site_id FROM risk_point WHERE number = 'NST-03')",
    "UPDATE enterprise SET industries = '{gas}' WHERE id IN (SELECT enterprise_id FROM risk_point WHERE number LIKE 'NST-%')",
    "INSERT INTO assessment (risk_point_id, basis, method_id, method_version, inputs, grade, reasons, assessed_on)"
    " SELECT id, 'assessed', 'stated', '1', '{}', 1, '[]', '2026-11-20' FROM risk_point WHERE number LIKE 'NST-%'",
    "SELECT cell_stat_fold()",
    "DELETE FROM risk_point WHERE number IN ('NST-01', 'NST-04', 'NST-05')",
]
BY_PSQL = [
    "UPDATE risk_point SET grade_assessed = 2, located_in_path = 'cn' WHERE number LIKE 'NST-0%'",
    "UPDATE risk_point SET geom = ST_SetSRID(ST_Point(125.396, 43.859), 4490), source_datum = 'WGS84'"
    " WHERE number LIKE 'NST-1%'",
    "UPDATE site SET geom = NULL, source_datum = NULL WHERE id IN (SELECT site_id FROM risk_point WHERE number LIKE 'NST-%')",
]


def test_the_counts_add_up_after_everything_that_can_happen_to_the_nasty_set(demo_database: Database) -> None:
    """Moves, deletes, re-grading, an enterprise changing industry, and edits by psql, one after another."""
    areas = (f"{CITY_PATH}.220105", f"{CITY_PATH}.z_jk")
    with psycopg.connect(demo_database.superuser_url) as connection:
        for role, steps in (("riskmap_app", NASTY_STEPS), ("riskmap_owner", BY_PSQL)):
            for step in steps:
                enter(connection, areas="{" + CITY_PATH + "}")
                with as_role(connection, role):
                    connection.execute(step)
                connection.commit()
        enter(connection, areas="{" + CITY_PATH + "}")
        with as_role(connection, "riskmap_app"):
            check(connection, areas=areas)


def test_history_holds_what_was_recorded(demo_database: Database) -> None:
    with psycopg.connect(demo_database.app_url) as connection:
        enter(connection, areas="{" + CITY_PATH + "}")
        connection.execute("UPDATE risk_point SET name = '改名（演示）' WHERE number = 'NST-03'")
        connection.commit()
        enter(connection, areas="{" + CITY_PATH + "}")
        connection.execute("DELETE FROM risk_point WHERE number = 'NST-03'")
        connection.commit()
        enter(connection, areas="{" + CITY_PATH + "}")
        past = connection.execute(
            "SELECT name, change, recorded_from < recorded_to, version FROM risk_point_history"
            " WHERE number = 'NST-03' AND recorded_to > now() - interval '1 minute' ORDER BY recorded_to DESC LIMIT 2"
        ).fetchall()
        assert [row[:3] for row in past] == [
            ("改名（演示）", "delete", True),
            (CASES["NST-03"]["name"], "update", True),
        ]
        assessments = connection.execute(
            "SELECT count(*) FROM assessment WHERE risk_point_id NOT IN (SELECT id FROM risk_point)"
        ).fetchone()
        assert assessments
        assert assessments[0] > 0
