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


def stage_on(connection: psycopg.Connection, point: int, event: int | None, *, settled: bool = False) -> None:
    """Stage an event, a measure and a grading for one registered point."""
    connection.execute("SELECT risk_points_stage()")
    connection.execute(
        "INSERT INTO staged_risk_point (item, id, event_id, settled, changed, number, name, place, located_in_id,"
        " located_stated, managed_by_id, accident_categories, demo)"
        " SELECT 1, %s, %s, %s, true, 'X-1', '演示', '', id, true, id, '{}', true FROM territory WHERE key = '220102'",
        (point, event, settled),
    )
    connection.execute("INSERT INTO staged_event VALUES (1, '演示事件', NULL, '{}', '')")
    connection.execute("INSERT INTO staged_measure VALUES (1, 99, NULL, NULL, '演示措施', NULL, '', '')")
    connection.execute(
        "INSERT INTO staged_assessment (item, basis, method_id, method_version, inputs, grade, reasons, assessor,"
        " assessed_on) SELECT 1, 'assessed', method_id, version, '{}', 1, '[]', '', '2026-01-01' FROM grading_method LIMIT 1"
    )


@pytest.mark.parametrize(
    "step", ["risk_events_insert_staged", "measures_insert_staged", "assessments_insert_staged"]
)
def test_nothing_is_hung_on_a_point_out_of_sight(demo_database: Database, step: str) -> None:
    """What is written by the owner is held against the viewer's scope, table by table."""
    with psycopg.connect(demo_database.superuser_url) as connection:
        found = connection.execute(
            "SELECT point.id, event.id FROM risk_point AS point JOIN risk_event AS event ON event.risk_point_id = point.id"
            " WHERE NOT point.located_in_path <@ %(area)s::ltree AND NOT point.managed_by_path <@ %(area)s::ltree LIMIT 1",
            {"area": CITY_PATH + ".220102"},
        ).fetchone()
    assert found is not None
    point, event = found
    with psycopg.connect(demo_database.app_url) as connection:
        enter(connection, areas="{" + CITY_PATH + ".220102}")
        stage_on(connection, point, None if step == "risk_events_insert_staged" else event)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(sql.SQL("SELECT {}()").format(sql.Identifier(step)))


def test_the_id_of_an_event_that_nobody_was_given_is_not_taken(demo_database: Database) -> None:
    with psycopg.connect(demo_database.app_url) as connection:
        enter(connection, areas="{" + CITY_PATH + "}")
        found = connection.execute(
            "SELECT id, (SELECT max(id) + 1000000 FROM risk_event) FROM risk_point LIMIT 1"
        ).fetchone()
        assert found is not None
        point, free = found
        stage_on(connection, point, free, settled=True)
        connection.execute("SELECT risk_events_insert_staged()")
        assert connection.execute("SELECT id FROM risk_event WHERE id = %s", (free,)).fetchall() == []


@pytest.mark.parametrize(
    "words",
    ["", "厂", "FX-1 熔炼炉（演示1） 1号车间", "aaa", "𠮷野家 e\u0301", "a\nb\tc", "{a,b} \"\\' NULL"],
)
def test_the_pairs_that_words_are_found_by_are_each_two_characters(
    demo_database: Database, words: str
) -> None:
    with psycopg.connect(demo_database.app_url) as connection:
        row = connection.execute(
            "SELECT bigrams(%(words)s), COALESCE((SELECT array_agg(hashtext(pair) ORDER BY place) FROM"
            " unnest(%(pairs)s::text[]) WITH ORDINALITY AS given (pair, place)), '{}')",
            {"words": words, "pairs": [words[i : i + 2] for i in range(len(words) - 1)]},
        ).fetchone()
    assert row is not None
    assert row[0] == row[1]
