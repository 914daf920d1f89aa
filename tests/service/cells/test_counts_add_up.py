"""Whatever is written, in whatever order and by whichever door: every view of the counts sums to the table."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import mapbox_vector_tile
import psycopg
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from psycopg.rows import dict_row

from geo import cells as beidou
from geo.tiles import TileAddress
from service.base.statements import statement
from service.cells.queries import FACTORS, fine_range
from service.risk_points.queries import Selection
from tests.conftest import Database, Postgis, clone
from tests.world import CITY_PATH, EAST_PATH, ZONE_PATH, add_region_point, assess, enter, lay_out

GRADES = ("major", "large", "general", "low", "unassessed")
# A tile that holds the world of three squares whole, and one inside it.
WHOLE = TileAddress(6, 54, 23)
TODAY = date(2026, 11, 23)

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
        self.connection.execute(
            """WITH firm AS (
                INSERT INTO enterprise (name, industries, home_territory_id)
                SELECT %s, '{gas}', id FROM territory WHERE key = '220100' RETURNING id)
            INSERT INTO site (enterprise_id, geom, source_datum)
            SELECT id, ST_SetSRID(ST_Point(%s, %s), 4490), 'WGS84' FROM firm""",
            (self.number(), *position),
        )

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

    def fold(self, _: None) -> None:
        self.connection.execute("SELECT cell_stat_fold()")


@contextmanager
def as_role(connection: psycopg.Connection, role: str) -> Iterator[None]:
    connection.execute(f"SET LOCAL ROLE {role}")
    yield
    connection.execute("RESET ROLE")


@pytest.fixture(scope="module")
def world(postgis: Postgis, migrated: str) -> Iterator[Database]:
    with clone(postgis, migrated) as database:
        lay_out(database.owner_url)
        yield database


def rows(
    connection: psycopg.Connection, floor: str, name: str, parameters: dict[str, Any]
) -> list[dict[str, Any]]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(statement(floor, name), parameters).fetchall()


def table_counts(connection: psycopg.Connection, basis: str, where: str = "true") -> Counter[str]:
    column = {"inherent": "grade_inherent", "assessed": "grade_assessed", "current": "grade_current"}[basis]
    found = connection.execute(
        f"SELECT COALESCE({column}, 5), count(*) FROM risk_point WHERE {where} GROUP BY 1"
    )
    return Counter({GRADES[rank - 1]: n for rank, n in found})


def tile_counts(connection: psycopg.Connection, selection: Selection, level: int) -> tuple[Counter[str], int]:
    across, up = FACTORS[level]
    cells = fine_range(WHOLE.cell_range(level), level)
    parameters = selection.parameters() | cells._asdict() | {"level": level, "fx": across, "fy": up}
    tile = rows(connection, "cells", "tile_cells", parameters | {"z": WHOLE.z, "x": WHOLE.x, "y": WHOLE.y})[
        0
    ]["tile"]
    features = mapbox_vector_tile.decode(bytes(tile))["cells"]["features"] if tile else []
    total: Counter[str] = Counter()
    for feature in features:
        properties = feature["properties"]
        total.update({grade: properties[grade] for grade in GRADES if properties[grade]})
        assert properties["total"] == sum(properties[grade] for grade in GRADES)
        assert properties.get("grade") == next((grade for grade in GRADES if properties[grade]), None)
    return total, sum(feature["properties"]["crossing"] > 0 for feature in features)


def finest_counts(connection: psycopg.Connection, selection: Selection) -> Counter[str]:
    """The counts of every level-5 cell that holds a point, as the drawer shows them."""
    total: Counter[str] = Counter()
    occupied = connection.execute("SELECT DISTINCT x5, y5 FROM risk_point WHERE x5 IS NOT NULL").fetchall()
    for x, y in occupied:
        cell = {"x0": x, "y0": y, "x1": x, "y1": y}
        row = rows(connection, "cells", "count_cell", selection.parameters() | cell)[0]
        total.update({grade: row[grade] for grade in GRADES if row[grade]})
    return total


def check(connection: psycopg.Connection) -> None:
    for basis in ("inherent", "assessed", "current"):
        whole = table_counts(connection, basis)
        placed = table_counts(connection, basis, "anchor IS NOT NULL")
        for view in ("located", "managed"):
            selection = Selection(today=TODAY, basis=basis, view=view)
            by_node = rows(
                connection, "cells", "count_territories", selection.parameters() | {"area": CITY_PATH}
            )
            assert Counter({g: sum(row[g] for row in by_node) for g in GRADES}) == whole
            for level in (3, 4):
                assert tile_counts(connection, selection, level)[0] == placed
            assert finest_counts(connection, selection) == placed
        for area in (EAST_PATH, ZONE_PATH):
            selection = Selection(today=TODAY, basis=basis, view="managed", area=area)
            inside = table_counts(connection, basis, f"managed_by_path <@ '{area}' AND anchor IS NOT NULL")
            assert tile_counts(connection, selection, 4)[0] == inside
    check_stored_counts(connection)
    check_rows(connection)


def check_stored_counts(connection: psycopg.Connection) -> None:
    """The stored counts and their deltas hold exactly what a live GROUP BY finds, in every dimension."""
    dimensions = (
        "x5, y5, located_in_id, managed_by_id, industries, owner_kind,"
        " grade_inherent, grade_assessed, grade_current"
    )
    difference = connection.execute(
        f"""WITH stored AS (
            SELECT {dimensions}, sum(n) AS n FROM (
                SELECT {dimensions}, n FROM cell_stat UNION ALL SELECT {dimensions}, n FROM cell_stat_delta) AS s
            GROUP BY {dimensions} HAVING sum(n) <> 0
        ), live AS (SELECT {dimensions}, count(*)::numeric AS n FROM risk_point GROUP BY {dimensions})
        (TABLE stored EXCEPT TABLE live) UNION ALL (TABLE live EXCEPT TABLE stored)"""
    ).fetchall()
    assert difference == []


def check_rows(connection: psycopg.Connection) -> None:
    """What triggers keep is what its sources say."""
    for lon, lat, x5, y5 in connection.execute(
        "SELECT ST_X(anchor), ST_Y(anchor), x5, y5 FROM risk_point WHERE anchor IS NOT NULL"
    ):
        assert beidou.cell_index(lon, lat, 5) == (x5, y5)
    wrong = connection.execute(
        """SELECT point.id FROM risk_point AS point
        JOIN territory AS located ON located.id = point.located_in_id
        JOIN territory AS managed ON managed.id = point.managed_by_id
        LEFT JOIN enterprise ON enterprise.id = point.enterprise_id LEFT JOIN site ON site.id = point.site_id
        WHERE located.path <> point.located_in_path OR managed.path <> point.managed_by_path
            OR point.industries <> COALESCE(point.own_industries, enterprise.industries, '{}')
            OR (position = 'inherited') <> (point.geom IS NULL AND site.geom IS NOT NULL)
            OR position = 'inherited' AND NOT ST_Equals(anchor, site.geom)
            OR grade_current IS DISTINCT FROM LEAST(grade_assessed,
                (SELECT min(grade) FROM aggravation WHERE risk_point_id = point.id))"""
    ).fetchall()
    assert wrong == []


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
            check(connection)
        connection.rollback()


def test_the_check_sees_a_lost_count(world: Database) -> None:
    with psycopg.connect(world.superuser_url) as connection:
        enter(connection, areas="{" + CITY_PATH + "}")
        Writer(connection).apply("add", (125.2, 43.9))
        connection.execute("DELETE FROM cell_stat_delta")
        with pytest.raises(AssertionError):
            check_stored_counts(connection)
        connection.rollback()
