"""Eight people write in the same two cells at once, while the counts are folded: no deadlock, no lost count."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from service.risk_points.queries import Selection
from tests.conftest import Database
from tests.counting import TODAY, as_role, check_stored_counts, draw
from tests.world import CITY_PATH, add_region_point, assess, enter, lay_out

WRITERS, ROUNDS = 8, 12
# Two cells that one line crosses; half of the writers go the other way round, which upserted counts do not survive.
HERE, THERE = (125.2001, 43.9001), (125.2401, 43.9001)


@pytest.fixture
def world(bare_database: Database) -> Database:
    lay_out(bare_database.owner_url)
    return bare_database


def write(database: Database, writer: int) -> None:
    """Transactions of two statements and more: a point in each cell, a mark, a move, a line, a removal."""
    first, second = (HERE, THERE) if writer % 2 else (THERE, HERE)
    with psycopg.connect(database.app_url) as connection:
        for turn in range(ROUNDS):
            enter(connection, areas="{" + CITY_PATH + "}")
            one = add_region_point(connection, f"{writer}-{turn}-a", *first)
            two = add_region_point(connection, f"{writer}-{turn}-b", *second)
            assess(connection, one, turn % 4 + 1)
            connection.execute(
                "UPDATE risk_point SET geom = ST_GeomFromText(%s, 4490) WHERE id = %s",
                ("LINESTRING({} {}, {} {})".format(*first, *second), two),
            )
            if turn % 3 == 0:
                connection.execute("DELETE FROM risk_point WHERE id = %s", (one,))
            connection.commit()


@pytest.fixture
def folding(world: Database) -> Iterator[None]:
    """Counts are folded all the time."""
    over = threading.Event()

    def fold() -> None:
        with psycopg.connect(world.app_url, autocommit=True) as connection:
            while not over.wait(0.02):
                connection.execute("SELECT cell_stat_fold()")

    with ThreadPoolExecutor(1) as pool:
        folder = pool.submit(fold)
        yield
        over.set()
        folder.result(timeout=30)


@pytest.mark.usefixtures("folding")
def test_no_deadlock_and_no_lost_count(world: Database) -> None:
    with ThreadPoolExecutor(WRITERS) as pool:
        for writer in [pool.submit(write, world, number) for number in range(WRITERS)]:
            writer.result(timeout=120)
    kept = WRITERS * sum(1 if turn % 3 == 0 else 2 for turn in range(ROUNDS))
    with psycopg.connect(world.superuser_url) as connection:
        enter(connection, areas="{" + CITY_PATH + "}")
        with as_role(connection, "riskmap_app"):
            check_stored_counts(connection)
            counted = connection.execute(
                "SELECT sum(n) FROM (TABLE cell_stat UNION ALL TABLE cell_stat_delta) AS s WHERE basis = 'assessed' AND slice = ''"
            ).fetchone()
            assert counted == (kept,)
            asked = Selection(today=TODAY)
            assert draw(connection, asked, 4, stored=True) == draw(connection, asked, 4)


def test_stored_counts_of_all_points_are_nobodys_who_sees_a_part_by_industry_or_firm(world: Database) -> None:
    """Even asked for by mistake, they show such a viewer nothing; rows by industry are for whoever sees it or everything."""
    write(world, 1)
    with psycopg.connect(world.app_url) as connection:
        for areas, pairs, enterprises, seen in (
            ("{" + CITY_PATH + "}", "", "", True),
            ("", "{gas." + CITY_PATH + "}", "", False),
            ("", "", "{1}", False),
            ("", "", "", False),
        ):
            enter(connection, areas=areas, pairs=pairs, enterprises=enterprises)
            row = connection.execute(
                "SELECT count(*) > 0 FROM (TABLE cell_stat UNION ALL TABLE cell_stat_delta) AS s"
                " WHERE NOT slice LIKE 'industries:%gas%'"
            ).fetchone()
            assert row == (seen,)
