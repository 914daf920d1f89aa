"""What an import settles by sets is what the register's own triggers settle row by row."""

import psycopg
import pytest
from psycopg import sql

from tests.conftest import Database
from tests.world import CITY_PATH, enter

# What tells one version of a row from the next.
PASSING = {"version", "recorded_from", "changed_by", "search"}
TABLES = {
    "risk_point": PASSING - {"search"},
    "risk_event": PASSING,
    "measure": PASSING,
    "assessment": PASSING,
}


def rows(connection: psycopg.Connection, table: str) -> list[dict[str, object]]:
    with connection.cursor(row_factory=psycopg.rows.dict_row) as cursor:
        cursor.execute(sql.SQL("SELECT * FROM {} ORDER BY id").format(sql.Identifier(table)))
        return [
            {name: value for name, value in row.items() if name not in TABLES[table]}
            for row in cursor.fetchall()
        ]


# Everything that the triggers work out is spoiled behind their back, so that they have to find it again.
SPOIL = """
    ALTER TABLE risk_point DISABLE TRIGGER USER;
    UPDATE risk_point SET industries = '{spoiled}', industry_scopes = '{}', located_in_path = 'x', managed_by_path = 'x',
        city_code = '0', search = '', anchor = CASE WHEN geom IS NULL THEN anchor ELSE ST_Translate(anchor, 0.0001, 0) END;
    ALTER TABLE risk_point ENABLE TRIGGER USER
"""
TOUCH = {
    "risk_point": "UPDATE risk_point SET place = place, anchor = CASE WHEN GeometryType(geom) IN ('POINT') THEN anchor"
    " WHEN geom IS NULL THEN anchor END",
    "risk_event": "UPDATE risk_event SET sort = sort",
    "measure": "UPDATE measure SET sort = sort",
}


def test_the_triggers_find_the_same_as_the_import(demo_database: Database) -> None:
    with psycopg.connect(demo_database.superuser_url) as connection:
        before = {table: rows(connection, table) for table in TABLES}
        connection.execute(SPOIL)
        for touch in TOUCH.values():
            connection.execute(touch.encode())
        for table, known in before.items():
            assert known
            assert rows(connection, table) == known, table


def test_marks_are_those_of_the_latest_assessments(demo_database: Database) -> None:
    with psycopg.connect(demo_database.superuser_url) as connection:
        wrong = connection.execute(
            """SELECT point.number FROM risk_point AS point
            LEFT JOIN LATERAL (SELECT grade, assessed_on, next_review FROM assessment
                WHERE risk_point_id = point.id AND basis = 'assessed' ORDER BY assessed_on DESC, id DESC LIMIT 1
            ) AS latest ON true
            LEFT JOIN LATERAL (SELECT grade FROM assessment
                WHERE risk_point_id = point.id AND basis = 'inherent' ORDER BY assessed_on DESC, id DESC LIMIT 1
            ) AS inherent ON true
            WHERE (point.grade_assessed, point.assessed_on, point.next_review, point.grade_inherent)
                IS DISTINCT FROM (latest.grade, latest.assessed_on, latest.next_review, inherent.grade)"""
        ).fetchall()
    assert wrong == []


def test_the_app_role_cannot_pass_by_the_triggers(demo_database: Database) -> None:
    """The setting alone does nothing: whoever signed in is still bound."""
    with psycopg.connect(demo_database.app_url) as connection:
        enter(connection, areas="{" + CITY_PATH + "}")
        connection.execute("SELECT set_config('riskmap.settled', 'on', true)")
        row = connection.execute(
            "INSERT INTO risk_event (risk_point_id, sort, name, located_in_path, managed_by_path)"
            " SELECT id, 99, '演示', 'cn', 'cn' FROM risk_point ORDER BY id LIMIT 1"
            " RETURNING located_in_path::text"
        ).fetchone()
    assert row is not None
    assert row[0].startswith(CITY_PATH)


@pytest.mark.parametrize(
    "step", ["risk_points_insert_settled", "risk_events_insert_staged", "measures_insert_staged"]
)
def test_a_staging_of_somebody_elses_making_is_refused(demo_database: Database, step: str) -> None:
    """What runs as the owner must not read tables whose columns, defaults or rules the app role could shape."""
    with psycopg.connect(demo_database.app_url) as connection:
        enter(connection, areas="{" + CITY_PATH + "}")
        for table in ("staged_risk_point", "staged_event", "staged_measure", "staged_assessment"):
            connection.execute(
                sql.SQL("CREATE TEMPORARY TABLE {} (item integer)").format(sql.Identifier(table))
            )
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(sql.SQL("SELECT {}()").format(sql.Identifier(step)))


def test_points_beyond_the_viewers_area_are_refused(demo_database: Database) -> None:
    with psycopg.connect(demo_database.app_url) as connection:
        enter(connection, areas="{" + CITY_PATH + ".220102}")
        connection.execute("SELECT risk_points_stage()")
        connection.execute(
            "INSERT INTO staged_risk_point (item, changed, number, name, place, located_in_id, located_stated,"
            " managed_by_id, accident_categories, demo)"
            " SELECT 1, true, 'X-1', '演示', '', id, true, id, '{}', true FROM territory WHERE key = '220105'"
        )
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT risk_points_insert_settled()")


def test_a_site_of_another_enterprise_is_refused(demo_database: Database) -> None:
    with psycopg.connect(demo_database.app_url) as connection:
        enter(connection, areas="{" + CITY_PATH + "}")
        connection.execute("SELECT risk_points_stage()")
        connection.execute(
            "INSERT INTO staged_risk_point (item, changed, enterprise_id, site_id, number, name, place, located_in_id,"
            " located_stated, managed_by_id, accident_categories, demo)"
            " SELECT 1, true, firm.id, site.id, 'X-1', '演示', '', located_in_id, true, managed_by_id, '{}', true"
            " FROM site JOIN enterprise AS firm ON firm.id <> site.enterprise_id LIMIT 1"
        )
        with pytest.raises(psycopg.DatabaseError) as refused:
            connection.execute("SELECT risk_points_insert_settled()")
        assert refused.value.sqlstate == "RM003"
