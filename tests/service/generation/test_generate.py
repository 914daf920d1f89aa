"""`riskmap generate`: rows that the register itself would have written, counted as they are, and none of them real."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from service.base.commands import Addresses, as_owner
from service.base.errors import Rejected
from service.base.settings import Settings
from service.enterprises.rules import find_uscc_fault, initials_of
from service.generation import actions
from service.generation.commands import fill, order_for
from tests.conftest import ROOT, Database, Postgis, clone, serving
from tests.counting import check
from tests.world import CITY_PATH

POINTS = 3000

# What a writer gives; everything else of these tables is worked out.
GIVEN = {
    "enterprise": "id, uscc, name, initials, industries, economy_code, employees, home_territory_id, demo",
    "site": "id, enterprise_id, number, name, address, geom, area, source_datum, source_x, source_y, demo,"
    " CASE WHEN geom IS NULL THEN located_in_id END AS located_in_id",
    "site_contact": "id, site_id, role, name, phone",
    "risk_point": "id, owner_kind, enterprise_id, site_id, number, name, place, geom, source_datum, source_x, source_y,"
    " own_industries, control_level, accident_edition, accident_categories, exposed_workers, demo,"
    " CASE WHEN position = 'none' AND enterprise_id IS NULL THEN located_in_id END AS located_in_id",
    "risk_event": "id, risk_point_id, sort, name, accident_edition, accident_categories, consequence",
    "measure": "id, risk_point_id, risk_event_id, sort, kind, description, control_level, unit, person",
    "assessment": "id, risk_point_id, basis, method_id, method_version, inputs, score, grade, reasons, assessor,"
    " assessed_on, next_review",
}
STATE = (
    "SELECT tgrelid::regclass::text, tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2",
    "SELECT conrelid::regclass::text, conname, convalidated, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2",
    "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid), indisvalid FROM pg_index ORDER BY 1",
)
COUNTED = ("cell_touch", "cell_stat", "cell_version")
# When it was written, and how often: written one by one a row is touched again by what follows it.
PASSING = "ARRAY['recorded_from', 'recorded_at', 'last_recorded_at', 'version', 'token']"


def generate(
    database: Database, *, points: int = POINTS, seed: int = 1, territory: str = "220100"
) -> actions.Generated:
    settings = Settings()

    async def fill() -> actions.Generated:
        async with as_owner(settings, Addresses(database.owner_url, database.app_url)) as session:
            order = await order_for(session, territory, risk_points=points, seed=seed)
            return await actions.generate(session, order, tell=lambda _: None)

    return asyncio.run(fill())


@pytest.fixture(scope="module")
def generated(postgis: Postgis, referenced: str) -> Iterator[Database]:
    """A database that holds a generated city and nothing else; tests only read it."""
    with clone(postgis, referenced) as database:
        generate(database)
        yield database


@contextmanager
def owner(database: Database) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database.owner_url) as connection:
        yield connection


def content(connection: psycopg.Connection, table: str) -> set[str]:
    """Every row of a table as text, without what passes."""
    rows = connection.execute(f"SELECT (to_jsonb(kept) - {PASSING})::text FROM {table} AS kept").fetchall()
    found = {row[0] for row in rows}
    assert len(found) == len(rows) > 0
    return found


def test_what_is_loaded_at_a_stroke_is_what_the_triggers_would_have_written(
    generated: Database, database: Database
) -> None:
    with owner(generated) as source, owner(database) as target:
        for table, given in GIVEN.items():
            columns = [
                column.rpartition(" AS ")[2].strip()
                for column in given.replace("CASE WHEN geom IS", "").split(",")
            ]
            with (
                source.cursor().copy(f"COPY (SELECT {given} FROM {table} ORDER BY id) TO STDOUT") as reading,
                target.cursor().copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as writing,
            ):
                for block in reading:
                    writing.write(block)
        target.execute("SELECT cell_stat_fold()")
        for table in (*GIVEN, *COUNTED):
            assert content(source, table) == content(target, table), table


def test_firms_are_found_by_the_first_letters_of_their_names(generated: Database) -> None:
    with owner(generated) as connection:
        firms = connection.execute("SELECT name, initials FROM enterprise").fetchall()
    assert firms
    assert {name: initials_of(name) for name, _ in firms} == dict(firms)


def test_every_count_adds_up(generated: Database) -> None:
    with owner(generated) as connection:
        check(connection, areas=(f"{CITY_PATH}.220105", f"{CITY_PATH}.z_jk"))


def test_the_shares_are_those_of_a_city(generated: Database) -> None:
    with owner(generated) as connection:
        shares = dict(
            connection.execute(
                "SELECT COALESCE(grade_assessed, 5), count(*)::float / sum(count(*)) OVER () FROM risk_point GROUP BY 1"
            ).fetchall()
        )
        positions = dict(
            connection.execute("SELECT position, count(*) FROM risk_point GROUP BY 1").fetchall()
        )
        shapes = connection.execute("SELECT count(*) FROM risk_point WHERE ST_Dimension(geom) > 0").fetchone()
        overdue = connection.execute(
            "SELECT count(*) FROM risk_point WHERE next_review < CURRENT_DATE"
        ).fetchone()
    assert 0 < shares[1] < 0.01
    assert 0.02 < shares[2] < 0.06
    assert 0.2 < shares[3] < 0.32
    assert 0.02 < shares[5] < 0.1
    assert sum(positions.values()) == POINTS
    assert positions["own"] > positions["inherited"] > positions["none"] > 0
    assert shapes
    assert shapes[0] > POINTS / 50
    assert overdue
    assert 0.02 < overdue[0] / POINTS < 0.12


def test_every_row_says_that_it_is_invented(generated: Database) -> None:
    with owner(generated) as connection:
        marks = connection.execute(
            "SELECT bool_and(demo) FROM (SELECT demo FROM enterprise UNION ALL SELECT demo FROM site"
            " UNION ALL SELECT demo FROM risk_point) AS every"
        ).fetchone()
        named = connection.execute(
            "SELECT bool_and(name LIKE '%演示%') FROM (SELECT name FROM enterprise"
            " UNION ALL SELECT name FROM risk_point WHERE enterprise_id IS NULL) AS every"
        ).fetchone()
        codes = connection.execute("SELECT uscc FROM enterprise WHERE uscc IS NOT NULL").fetchall()
        reds = connection.execute(
            "SELECT count(*) FROM risk_point WHERE grade_assessed = 1 AND enterprise_id IS NULL"
        ).fetchone()
    assert (marks, named) == ((True,), (True,))
    assert [code for (code,) in codes if find_uscc_fault(code)] == []
    assert reds == (0,)


def test_the_tables_are_left_as_they_were(postgis: Postgis, referenced: str, generated: Database) -> None:
    """Triggers enabled, constraints and indexes made again, ids taken."""
    with owner(postgis.database(referenced)) as before, owner(generated) as after:
        for question in STATE:
            assert before.execute(question).fetchall() == after.execute(question).fetchall()
        for table in GIVEN:
            row = after.execute(
                f"SELECT nextval(pg_get_serial_sequence('{table}', 'id')) > max(id) FROM {table}"
            ).fetchone()
            assert row == (True,), table


def test_the_same_order_gives_the_same_city_and_another_seed_another(
    postgis: Postgis, referenced: str, generated: Database
) -> None:
    with clone(postgis, referenced) as again, clone(postgis, referenced) as other:
        generate(again)
        generate(other, seed=2)
        with owner(generated) as first, owner(again) as second, owner(other) as third:
            for table in GIVEN:
                assert content(first, table) == content(second, table), table
            assert content(first, "risk_point") != content(third, "risk_point")


def test_a_city_grows_by_a_second_order(database: Database) -> None:
    generate(database, points=200)
    generate(database, points=300)
    with owner(database) as connection:
        assert connection.execute("SELECT count(*) FROM risk_point").fetchone() == (500,)
        check(connection, areas=(f"{CITY_PATH}.220105",))


def test_whoever_orders_again_is_told_what_is_there(database: Database) -> None:
    assert not [line for line in told(database, points=20) if "库中已有" in line]
    assert [line for line in told(database, points=30) if "库中已有" in line and "风险点 20" in line]


def told(database: Database, *, points: int) -> list[str]:
    said: list[str] = []

    async def order() -> None:
        async with as_owner(Settings(), Addresses(database.owner_url, database.app_url)) as session:
            ordered = await order_for(session, "220100", risk_points=points, seed=1)
            await actions.generate(session, ordered, tell=said.append)

    asyncio.run(order())
    return said


def test_a_killed_load_leaves_nothing_and_keeps_nobody_waiting(
    postgis: Postgis, referenced: str, database: Database
) -> None:
    command = [str(Path(sys.executable).with_name("riskmap")), "generate", "--risk-points", "20000"]
    addresses = {
        "RISKMAP_DATABASE_URL": database.app_url,
        "RISKMAP_OWNER_DATABASE_URL": database.owner_url,
    }
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ | addresses, stdout=subprocess.PIPE, text=True
    ) as load:
        assert load.stdout
        assert any("assessments" in line for line in load.stdout)
        load.kill()
    assert load.returncode == -signal.SIGKILL
    with owner(postgis.database(referenced)) as before, owner(database) as after:
        after.execute("SET lock_timeout = '30s'")
        after.execute("LOCK TABLE risk_point IN ACCESS EXCLUSIVE MODE")
        for table in (*GIVEN, *COUNTED):
            assert after.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table
        for question in STATE:
            assert before.execute(question).fetchall() == after.execute(question).fetchall()


def test_the_tables_are_vacuumed_after_the_commit(database: Database) -> None:
    """Counts are index-only scans: rows not known to be visible to all would be looked up one by one."""
    asyncio.run(fill(Settings(), Addresses(database.owner_url, database.app_url), risk_points=200))
    with owner(database) as connection:
        vacuumed = connection.execute(
            "SELECT relname FROM pg_stat_user_tables WHERE last_vacuum IS NOT NULL AND last_analyze IS NOT NULL"
        ).fetchall()
    assert {name for (name,) in vacuumed} == {*GIVEN, *COUNTED, "cell_stat_delta", "cell_version_delta"}


def test_a_territory_nobody_has_described_is_filled_within_its_borders(database: Database) -> None:
    generate(database, points=500, territory="220104")
    with owner(database) as connection:
        assert connection.execute(
            "SELECT count(*), bool_and(located_in_path <@ %s::ltree) FROM risk_point",
            (f"{CITY_PATH}.220104",),
        ).fetchone() == (500, True)


def test_invented_rows_do_not_get_among_real_ones(database: Database) -> None:
    with owner(database) as connection:
        connection.execute(
            "INSERT INTO enterprise (name, home_territory_id) SELECT '实有企业', id FROM territory WHERE key = '220100'"
        )
    with pytest.raises(Rejected):
        generate(database, points=100)
    with owner(database) as connection:
        assert connection.execute("SELECT count(*) FROM risk_point").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM pg_trigger WHERE tgenabled = 'D'").fetchone() == (0,)


async def test_the_drawer_can_say_why_a_generated_point_is_yellow(generated: Database) -> None:
    with owner(generated) as connection:
        row = connection.execute(
            "SELECT id FROM risk_point WHERE grade_assessed = 3 ORDER BY id LIMIT 1"
        ).fetchone()
    assert row
    async with serving(generated) as client:
        point = (await client.get(f"/api/risk-points/{row[0]}")).json()
    assert point["grade"] == "general"
    assert point["demo"]
    verdict = point["verdicts"]["assessed"]
    assert verdict["method"]["id"] == "lec_fold_a"
    assert {reason["rule"] for reason in verdict["reasons"]} >= {"inputs", "combine", "band"}
