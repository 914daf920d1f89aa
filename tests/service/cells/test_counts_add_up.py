"""Whatever is written, in whatever order and by whichever door: every view of the counts sums to the table."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.conftest import Database, Postgis, clone
from tests.counting import as_role, check, check_stored_counts
from tests.world import CITY_PATH, EAST_PATH, ZONE_PATH, add_firm, add_region_point, assess, enter, lay_out

longitudes = st.integers(125_001_000, 125_999_000).map(lambda micro: micro / 1e6) | st.sampled_from(
    [125.4, 125.395555555555555, 125.38, 125.5, 125.3960]
)
latitudes = st.integers(43_001_000, 44_499_000).map(lambda micro: micro / 1e6) | st.sampled_from(
    [43.859, 43.8, 43.9, 44.0]
)
positions = st.tuples(longitudes, latitudes)
picks = st.integers(0, 30)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("add"), positions),
        st.tuples(st.just("add_line"), st.lists(positions, min_size=2, max_size=3, unique=True)),
        st.tuples(st.just("add_firm"), positions),
        st.tuples(st.just("add_inherited"), picks),
        st.tuples(
            st.just("assess"), st.tuples(picks, st.integers(1, 4), st.sampled_from(["inherent", "assessed"]))
        ),
        st.tuples(st.just("aggravate"), st.tuples(picks, st.integers(1, 4))),
        st.tuples(st.just("move"), st.tuples(picks, positions)),
        st.tuples(st.just("move_site"), st.tuples(picks, positions)),
        st.tuples(st.just("lose_site_position"), picks),
        st.tuples(st.just("delete"), picks),
        st.tuples(
            st.just("change_industry"), st.tuples(picks, st.sampled_from(["gas", "hazchem", "mining"]))
        ),
        st.tuples(st.just("psql_regrade"), st.tuples(picks, st.sampled_from([None, 1, 2, 3, 4]))),
        st.tuples(
            st.just("categorise"),
            st.tuples(
                picks, st.sampled_from([("GB 6441-2025", ["9", "10"]), ("GB 6441-1986", ["08"]), (None, [])])
            ),
        ),
        st.tuples(st.just("psql_invent"), st.tuples(picks, st.booleans())),
        st.tuples(st.just("psql_move"), st.tuples(picks, positions)),
        st.tuples(st.just("fold"), st.none()),
    ),
    min_size=3,
    max_size=14,
)


class Writer:
    """Applies steps through the app role, or through psql as the owner where a step says so."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection
        self.serial = 0

    def apply(self, kind: str, with_: Any) -> None:
        with as_role(self.connection, "riskmap_owner" if kind.startswith("psql") else "riskmap_app"):
            getattr(self, kind)(with_)

    def nth(self, table: str, pick: int) -> int | None:
        ids = [row[0] for row in self.connection.execute(f"SELECT id FROM {table} ORDER BY id")]
        return ids[pick % len(ids)] if ids else None

    def number(self) -> str:
        self.serial += 1
        return f"P{self.serial}"

    def add(self, position: tuple[float, float]) -> None:
        add_region_point(self.connection, self.number(), *position)

    def add_line(self, vertices: list[tuple[float, float]]) -> None:
        text = ", ".join(f"{x} {y}" for x, y in vertices)
        self.connection.execute(
            "INSERT INTO risk_point (owner_kind, number, name, geom, source_datum, own_industries)"
            " VALUES ('region', %s, '管线', ST_GeomFromText(%s, 4490), 'WGS84', '{gas}')",
            (self.number(), f"LINESTRING({text})"),
        )

    def add_firm(self, position: tuple[float, float]) -> None:
        add_firm(self.connection, self.number(), *position)

    def add_inherited(self, pick: int) -> None:
        self.connection.execute(
            "INSERT INTO risk_point (owner_kind, enterprise_id, site_id, number, name)"
            " SELECT 'enterprise', enterprise_id, id, %s, '设备' FROM site WHERE id = %s",
            (self.number(), self.nth("site", pick)),
        )

    def assess(self, choice: tuple[int, int, str]) -> None:
        pick, grade, basis = choice
        if (point := self.nth("risk_point", pick)) is not None:
            assess(self.connection, point, grade, basis=basis)

    def aggravate(self, choice: tuple[int, int]) -> None:
        self.connection.execute(
            "INSERT INTO aggravation (risk_point_id, source, grade, count, reasons)"
            " SELECT id, 'hazards', %s, 1, '[]' FROM risk_point WHERE id = %s"
            " ON CONFLICT (risk_point_id, source) DO UPDATE SET grade = excluded.grade",
            (choice[1], self.nth("risk_point", choice[0])),
        )

    def move(self, choice: tuple[int, tuple[float, float]]) -> None:
        self.connection.execute(
            "UPDATE risk_point SET geom = ST_SetSRID(ST_Point(%s, %s), 4490), source_datum = 'WGS84' WHERE id = %s",
            (*choice[1], self.nth("risk_point", choice[0])),
        )

    psql_move = move

    def move_site(self, choice: tuple[int, tuple[float, float]]) -> None:
        self.connection.execute(
            "UPDATE site SET geom = ST_SetSRID(ST_Point(%s, %s), 4490), source_datum = 'WGS84' WHERE id = %s",
            (*choice[1], self.nth("site", choice[0])),
        )

    def lose_site_position(self, pick: int) -> None:
        self.connection.execute(
            "UPDATE site SET geom = NULL, source_datum = NULL WHERE id = %s", (self.nth("site", pick),)
        )

    def delete(self, pick: int) -> None:
        self.connection.execute("DELETE FROM risk_point WHERE id = %s", (self.nth("risk_point", pick),))

    def change_industry(self, choice: tuple[int, str]) -> None:
        self.connection.execute(
            "UPDATE enterprise SET industries = ARRAY[%s] WHERE id = %s",
            (choice[1], self.nth("enterprise", choice[0])),
        )

    def psql_regrade(self, choice: tuple[int, int | None]) -> None:
        self.connection.execute(
            "UPDATE risk_point SET grade_assessed = %s WHERE id = %s",
            (choice[1], self.nth("risk_point", choice[0])),
        )

    def categorise(self, choice: tuple[int, tuple[str | None, list[str]]]) -> None:
        self.connection.execute(
            "UPDATE risk_point SET accident_edition = %s, accident_categories = %s WHERE id = %s",
            (*choice[1], self.nth("risk_point", choice[0])),
        )

    def psql_invent(self, choice: tuple[int, bool]) -> None:
        self.connection.execute(
            "UPDATE risk_point SET demo = %s WHERE id = %s", (choice[1], self.nth("risk_point", choice[0]))
        )

    def fold(self, _: None) -> None:
        self.connection.execute("SELECT cell_stat_fold()")


@pytest.fixture(scope="module")
def world(postgis: Postgis, migrated: str) -> Iterator[Database]:
    with clone(postgis, migrated) as database:
        lay_out(database.owner_url)
        yield database


# Every step is a round trip: shrinking a failure would take longer than reading its fourteen steps.
@settings(
    max_examples=25,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow],
)
@given(steps=steps)
def test_every_view_of_the_counts_sums_to_the_table(world: Database, steps: list[tuple[str, Any]]) -> None:
    with psycopg.connect(world.superuser_url) as connection:
        enter(connection, areas="{" + CITY_PATH + "}")
        writer = Writer(connection)
        for kind, with_ in steps:
            writer.apply(kind, with_)
        with as_role(connection, "riskmap_app"):
            check(connection, areas=(EAST_PATH, ZONE_PATH))
        connection.rollback()


def test_the_check_sees_a_lost_count(world: Database) -> None:
    with psycopg.connect(world.superuser_url) as connection:
        enter(connection, areas="{" + CITY_PATH + "}")
        Writer(connection).apply("add", (125.2, 43.9))
        connection.execute("DELETE FROM cell_stat_delta")
        with pytest.raises(AssertionError):
            check_stored_counts(connection)
        connection.rollback()
