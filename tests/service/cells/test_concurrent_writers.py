"""Two people at once: the one who waits sees what the other committed, and nothing is left stale."""

import threading
from collections.abc import Callable

import psycopg
import pytest

from tests.conftest import Database
from tests.world import CITY_PATH, add_firm, add_region_point, assess, enter, lay_out

Step = Callable[[psycopg.Connection], object]


@pytest.fixture
def world(bare_database: Database) -> Database:
    lay_out(bare_database.owner_url)
    return bare_database


def scoped(database: Database) -> psycopg.Connection:
    connection = psycopg.connect(database.app_url)
    enter(connection, areas="{" + CITY_PATH + "}")
    return connection


def wait_until_blocked(database: Database) -> None:
    """Until somebody waits for a lock: the second writer has really met the first."""
    with psycopg.connect(database.superuser_url, autocommit=True) as watcher:
        for _ in range(200):
            waiting = watcher.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            ).fetchone()
            if waiting and waiting[0]:
                return
            watcher.execute("SELECT pg_sleep(0.05)")
    raise AssertionError("the second writer never waited")


def meet(database: Database, first: Step, second: Step) -> None:
    """The first writer writes and commits only when the second waits for it."""
    failures: list[BaseException] = []

    def write_second() -> None:
        try:
            with scoped(database) as connection:
                second(connection)
        except BaseException as error:
            failures.append(error)
            raise

    with scoped(database) as connection:
        first(connection)
        thread = threading.Thread(target=write_second)
        thread.start()
        wait_until_blocked(database)
        connection.commit()
    thread.join(timeout=30)
    assert not failures


def value(database: Database, statement: str) -> object:
    with scoped(database) as connection:
        row = connection.execute(statement).fetchone()
    assert row
    return row[0]


def test_the_later_assessment_gives_the_mark_whoever_commits_last(world: Database) -> None:
    with scoped(world) as connection:
        point = add_region_point(connection, "R1", 125.2, 43.9)
    meet(
        world,
        lambda connection: assess(connection, point, 1, on="2026-06-01"),
        lambda connection: assess(connection, point, 4, on="2026-01-01"),
    )
    assert value(world, "SELECT grade_assessed FROM risk_point") == 1
    assert value(world, "SELECT count(*) FROM assessment") == 2


def test_a_point_added_while_its_site_moves_stands_at_the_new_place(world: Database) -> None:
    with scoped(world) as connection:
        add_firm(connection, "甲", 125.2, 43.9)
    meet(
        world,
        lambda connection: (
            connection.execute("UPDATE site SET geom = ST_SetSRID(ST_Point(125.7, 43.9), 4490)") and None
        ),
        lambda connection: (
            connection.execute(
                "INSERT INTO risk_point (owner_kind, enterprise_id, site_id, number, name)"
                " SELECT 'enterprise', enterprise_id, id, 'P', '设备' FROM site"
            )
            and None
        ),
    )
    assert value(world, "SELECT ST_X(anchor) FROM risk_point") == 125.7
    assert str(value(world, "SELECT located_in_path::text FROM risk_point")).endswith("220105")


@pytest.mark.parametrize(
    "shape",
    [
        "POLYGON((125 43, 126 43, 126 44, 125 44, 125 43))",
        "LINESTRING(125 43, 131 43)",
        "GEOMETRYCOLLECTION(POINT(125.2 43.9))",
        "POINT(NaN 43.9)",
        "POINT EMPTY",
    ],
)
def test_a_shape_that_no_risk_point_has_is_refused(world: Database, shape: str) -> None:
    with scoped(world) as connection, pytest.raises(psycopg.Error):
        connection.execute(
            "INSERT INTO risk_point (owner_kind, number, name, geom, source_datum)"
            " VALUES ('region', 'S', '图形', ST_GeomFromText(%s, 4490), 'WGS84')",
            (shape,),
        )
