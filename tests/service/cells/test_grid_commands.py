"""`riskmap grid verify` and `rebuild`: each thing that is derived is broken by hand, found, and mended."""

from collections.abc import Iterator

import psycopg
import pytest
from typer.testing import CliRunner, Result

from service.cli import app
from tests.conftest import Database, Postgis, clone
from tests.counting import check_rows, check_stored_counts
from tests.world import CITY_PATH, EAST_PATH, add_firm, add_region_point, assess, enter, lay_out

BEHIND_EVERY_TRIGGER = "SET LOCAL session_replication_role = replica"
BROKEN = {
    "territory": "UPDATE risk_point SET located_in_id = (SELECT id FROM territory WHERE key = '220105') WHERE number = 'R1'",
    "territory: path": f"UPDATE risk_point SET located_in_path = '{EAST_PATH}' WHERE number = 'R1'",
    "managing node": "UPDATE risk_point SET managed_by_id = (SELECT id FROM territory WHERE key = '220104') WHERE number = 'E1'",
    "anchor": "UPDATE risk_point SET anchor = ST_Translate(anchor, 0.01, 0) WHERE number IN ('R1', 'E1')",
    "industries": "UPDATE risk_point SET industries = '{mining}' WHERE number = 'R1'",
    "grades": "UPDATE risk_point SET grade_assessed = 4 WHERE number = 'R1'",
    "grades: current": "UPDATE risk_point SET grade_current = 1 WHERE number = 'E1'",
    "words": "UPDATE risk_point SET search = 'nothing' WHERE number = 'L1'",
    "words of enterprises": "UPDATE enterprise SET search = 'nothing'",
    "touches: gone": "DELETE FROM cell_touch WHERE ctid = (SELECT min(ctid) FROM cell_touch)",
    "touches: added": "INSERT INTO cell_touch SELECT risk_point_id, 1, 1, enterprise_id, located_in_path, managed_by_path,"
    " industry_scopes FROM cell_touch LIMIT 1",
    "counts": "UPDATE cell_stat SET n = n + 1 WHERE ctid = (SELECT min(ctid) FROM cell_stat)",
    "counts: crossing": "UPDATE cell_stat SET crossing = crossing + 1 WHERE ctid = (SELECT min(ctid) FROM cell_stat)",
    "counts: gone": "DELETE FROM cell_stat WHERE ctid = (SELECT min(ctid) FROM cell_stat)",
    "counts: delta": "INSERT INTO cell_stat_delta SELECT * FROM cell_stat LIMIT 1",
}


def lay_points(database: Database) -> None:
    lay_out(database.owner_url)
    with psycopg.connect(database.app_url) as connection:
        enter(connection, areas="{" + CITY_PATH + "}")
        assess(connection, add_region_point(connection, "R1", 125.2, 43.7), 2)
        site = add_firm(connection, "甲", 125.45, 43.85)
        connection.execute(
            "INSERT INTO risk_point (owner_kind, enterprise_id, site_id, number, name)"
            " SELECT 'enterprise', enterprise_id, id, 'E1', '设备' FROM site WHERE id = %s",
            (site,),
        )
        connection.execute(
            "INSERT INTO risk_point (owner_kind, number, name, geom, source_datum, own_industries) VALUES ('region', 'L1',"
            " '管线', ST_GeomFromText('LINESTRING(125.2 43.7, 125.25 43.72)', 4490), 'WGS84', '{gas}')"
        )
        connection.execute("SELECT cell_stat_fold()")


@pytest.fixture(scope="module")
def world(postgis: Postgis, migrated: str) -> Iterator[Database]:
    """One world for all: whatever a test breaks it mends, or fails."""
    with clone(postgis, migrated) as database:
        lay_points(database)
        yield database


def grid(database: Database, monkeypatch: pytest.MonkeyPatch, verb: str) -> Result:
    monkeypatch.setenv("RISKMAP_DATABASE_URL", database.app_url)
    monkeypatch.setenv("RISKMAP_OWNER_DATABASE_URL", database.owner_url)
    return CliRunner().invoke(app, ["grid", verb])


def assert_mended(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    mended = grid(database, monkeypatch, "rebuild")
    assert mended.exit_code == 0, mended.output
    sound = grid(database, monkeypatch, "verify")
    assert sound.exit_code == 0, sound.output
    with psycopg.connect(database.superuser_url) as connection:
        check_stored_counts(connection)
        check_rows(connection)


def test_a_sound_register_is_found_sound(world: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = grid(world, monkeypatch, "verify")
    assert answer.exit_code == 0, answer.output


@pytest.mark.parametrize("part", BROKEN)
def test_what_is_broken_by_hand_is_found_and_mended(
    world: Database, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    with psycopg.connect(world.superuser_url) as connection:
        connection.execute(BEHIND_EVERY_TRIGGER)
        assert connection.execute(BROKEN[part]).rowcount > 0
    broken = grid(world, monkeypatch, "verify")
    assert broken.exit_code == 1
    assert f"{part.partition(':')[0]}: " in broken.output
    assert_mended(world, monkeypatch)


def test_a_cell_from_a_wrong_formula_is_found_and_mended(
    world: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cell columns are generated: they are wrong only where the formula was, when the row was written."""
    with psycopg.connect(world.superuser_url) as connection:
        connection.execute(BEHIND_EVERY_TRIGGER)
        formula = connection.execute("SELECT pg_get_functiondef('beidou_x5'::regproc)").fetchone()
        assert formula
        connection.execute(
            "CREATE OR REPLACE FUNCTION beidou_x5(lon double precision) RETURNS integer LANGUAGE sql IMMUTABLE STRICT"
            " PARALLEL SAFE AS 'SELECT 7'"
        )
        connection.execute("UPDATE risk_point SET name = name WHERE number = 'R1'")
        connection.execute(formula[0])
    broken = grid(world, monkeypatch, "verify")
    assert broken.exit_code == 1
    assert "cell: 1  (R1)" in broken.output
    assert_mended(world, monkeypatch)


def test_mending_is_recorded_and_changes_the_validators(
    world: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tokens(connection: psycopg.Connection) -> object:
        return connection.execute(
            "SELECT sum(token) FROM (TABLE cell_version UNION ALL TABLE cell_version_delta) AS t"
        ).fetchone()

    with psycopg.connect(world.superuser_url) as connection:
        connection.execute(BEHIND_EVERY_TRIGGER)
        connection.execute(BROKEN["grades"])
        connection.commit()
        before = tokens(connection)
    assert_mended(world, monkeypatch)
    with psycopg.connect(world.superuser_url) as connection:
        assert tokens(connection) != before
        past = connection.execute(
            "SELECT grade_assessed FROM risk_point_history WHERE number = 'R1' ORDER BY recorded_to DESC LIMIT 1"
        ).fetchone()
        now = connection.execute(
            "SELECT grade_assessed, changed_by FROM risk_point WHERE number = 'R1'"
        ).fetchone()
    assert (past, now) == ((4,), (2, "grid rebuild"))
