"""Who answers for a measure: named to whom contacts are open, and the look is recorded; to others by a first character."""

import io

import openpyxl
import psycopg
import pytest

from service.accounts.routes.door import COOKIE
from tests.accounts import Role, add_person, session_of
from tests.conftest import Database, open_service
from tests.world import CITY_PATH


@pytest.fixture
def named(demo_database: Database) -> tuple[int, str]:
    """A red point with somebody who answers for one of its measures."""
    with psycopg.connect(demo_database.owner_url) as connection:
        row = connection.execute(
            "UPDATE measure SET person = '欧阳某某' WHERE id = (SELECT min(measure.id) FROM measure"
            " JOIN risk_point AS point ON point.id = risk_point_id WHERE grade_assessed = 1 AND point.enterprise_id IS NOT NULL)"
            " RETURNING risk_point_id, person"
        ).fetchone()
    assert row
    return int(row[0]), str(row[1])


def looks(database: Database) -> list[tuple[str, list[int]]]:
    with psycopg.connect(database.superuser_url) as connection:
        return connection.execute(
            "SELECT person, subject_ids FROM audit_record WHERE action = 'read_contacts' AND subject = 'risk_point' ORDER BY id"
        ).fetchall()


@pytest.mark.parametrize(("role", "whole"), [("regulator", True), ("inspector", False), ("analyst", False)])
async def test_the_card_and_the_history(
    demo_database: Database, named: tuple[int, str], role: str, whole: bool
) -> None:
    point, person = named
    seen = person if whole else "欧**"
    token = session_of(demo_database, add_person(demo_database, "looker", Role(role, area=CITY_PATH)))
    async with open_service(demo_database) as client:
        client.cookies.set(COOKIE, token)
        card = (await client.get(f"/api/risk-points/{point}")).json()
        assert {one["person"] for event in card["events"] for one in event["measures"]} >= {seen}
        history = (await client.get(f"/api/risk-points/{point}/history")).text
        for text in (str(card), history):
            assert seen in text
            assert whole or person not in text
    assert looks(demo_database) == ([("looker", [point])] * 2 if whole else [])


async def test_the_form_names_them_and_is_recorded(demo_database: Database, named: tuple[int, str]) -> None:
    point, person = named
    token = session_of(demo_database, add_person(demo_database, "filler", Role("regulator", area=CITY_PATH)))
    async with open_service(demo_database) as client:
        client.cookies.set(COOKIE, token)
        assert person in (await client.get(f"/api/risk-points/{point}/form")).text
    assert looks(demo_database) == [("filler", [point])]


@pytest.mark.parametrize(("role", "whole"), [("regulator", True), ("analyst", False)])
async def test_the_file_of_major_risks(
    demo_database: Database, named: tuple[int, str], role: str, whole: bool
) -> None:
    _, person = named
    token = session_of(demo_database, add_person(demo_database, "taker", Role(role, area=CITY_PATH)))
    async with open_service(demo_database) as client:
        client.cookies.set(COOKIE, token)
        answer = await client.get("/api/lists/major-risks.xlsx")
    cells = [
        str(cell)
        for row in openpyxl.load_workbook(io.BytesIO(answer.content))
        .worksheets[0]
        .iter_rows(values_only=True)
        for cell in row
    ]
    assert any(person in cell for cell in cells) is whole
    assert any("欧**" in cell for cell in cells) is not whole


async def test_the_audit_names_nobody(demo_database: Database, named: tuple[int, str]) -> None:
    with psycopg.connect(demo_database.superuser_url) as connection:
        row = connection.execute(
            "SELECT after::text FROM audit_record WHERE subject = 'measure' ORDER BY id DESC LIMIT 1"
        ).fetchone()
    assert row
    assert "欧…" in row[0]
    assert named[1] not in row[0]
