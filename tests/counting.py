"""Whether every view of the counts sums to the table: the checks, for any world."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import mapbox_vector_tile
import psycopg
from psycopg.rows import dict_row

from geo import cells as beidou
from geo.tiles import TileAddress
from service.base.statements import statement
from service.base.viewer import Viewer
from service.cells.queries import FACTORS, fine_range, stored_counts_serve, stored_parameters
from service.risk_points.queries import Selection
from tests.world import CITY_PATH

GRADES = ("major", "large", "general", "low", "unassessed")
# A tile that holds 长春 whole, and every world made within it.
WHOLE = TileAddress(6, 54, 23)
TODAY = date(2026, 11, 23)
EVERYBODY = Viewer(person="owner", name="owner", areas=(CITY_PATH,))


@contextmanager
def as_role(connection: psycopg.Connection, role: str) -> Iterator[None]:
    connection.execute(f"SET LOCAL ROLE {role}")
    yield
    connection.execute("RESET ROLE")


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


def draw(
    connection: psycopg.Connection,
    selection: Selection,
    level: int,
    *,
    stored: bool = False,
    viewer: Viewer = EVERYBODY,
) -> bytes:
    across, up = FACTORS[level]
    cells = fine_range(WHOLE.cell_range(level), level)
    parameters = selection.parameters() | cells._asdict() | {"level": level, "fx": across, "fy": up}
    parameters |= {"z": WHOLE.z, "x": WHOLE.x, "y": WHOLE.y}
    if stored:
        assert stored_counts_serve(selection, viewer, level)
        parameters |= stored_parameters(selection, viewer)
    name = "tile_cells_stored" if stored else "tile_cells"
    return bytes(rows(connection, "cells", name, parameters)[0]["tile"] or b"")


def tile_counts(connection: psycopg.Connection, selection: Selection, level: int) -> tuple[Counter[str], int]:
    tile = draw(connection, selection, level)
    features = mapbox_vector_tile.decode(tile)["cells"]["features"] if tile else []
    total: Counter[str] = Counter()
    for feature in features:
        properties = feature["properties"]
        total.update({grade: properties[grade] for grade in GRADES if properties[grade]})
        assert properties["total"] == sum(properties[grade] for grade in GRADES)
        assert properties.get("grade") == next((grade for grade in GRADES if properties[grade]), None)
    return total, sum(feature["properties"]["crossing"] > 0 for feature in features)


def territory_rows(
    connection: psycopg.Connection,
    selection: Selection,
    *,
    stored: bool = False,
    viewer: Viewer = EVERYBODY,
) -> list[dict[str, Any]]:
    """The counts of every node under the city. Not when they were last recorded: a point that left stays in the stored one."""
    parameters = selection.parameters() | {"area": CITY_PATH}
    if stored:
        assert stored_counts_serve(selection, viewer)
        parameters |= stored_parameters(selection, viewer)
    name = "count_territories_stored" if stored else "count_territories"
    found = rows(connection, "cells", name, parameters)
    return [{key: value for key, value in row.items() if key != "last_recorded_at"} for row in found]


def finest_counts(connection: psycopg.Connection, selection: Selection) -> Counter[str]:
    """The counts of every level-5 cell that holds a point, as the drawer shows them."""
    total: Counter[str] = Counter()
    occupied = connection.execute("SELECT DISTINCT x5, y5 FROM risk_point WHERE x5 IS NOT NULL").fetchall()
    for x, y in occupied:
        cell = {"x0": x, "y0": y, "x1": x, "y1": y}
        row = rows(connection, "cells", "count_cell", selection.parameters() | cell)[0]
        total.update({grade: row[grade] for grade in GRADES if row[grade]})
    return total


def check(connection: psycopg.Connection, *, areas: Sequence[str]) -> None:
    """Every basis, both views, levels 3 to 5, some areas, the stored counts, and what triggers keep."""
    for basis in ("inherent", "assessed", "current"):
        whole = table_counts(connection, basis)
        placed = table_counts(connection, basis, "anchor IS NOT NULL")
        for view in ("located", "managed"):
            selection = Selection(today=TODAY, basis=basis, view=view)
            by_node = territory_rows(connection, selection)
            assert by_node == territory_rows(connection, selection, stored=True)
            assert Counter({g: sum(row[g] for row in by_node) for g in GRADES}) == whole
            for level in (3, 4):
                assert tile_counts(connection, selection, level)[0] == placed
            assert finest_counts(connection, selection) == placed
        for area in areas:
            selection = Selection(today=TODAY, basis=basis, view="managed", area=area)
            inside = table_counts(connection, basis, f"managed_by_path <@ '{area}' AND anchor IS NOT NULL")
            assert tile_counts(connection, selection, 4)[0] == inside
    check_both_paths(connection, areas=areas)
    check_stored_counts(connection)
    check_rows(connection)


def check_stored_counts(connection: psycopg.Connection) -> None:
    """The stored counts and their deltas hold exactly what is counted in the register, in every dimension."""
    row = "x4, y4, slice, basis, rank, demo, located_in_path, managed_by_path"
    difference = connection.execute(
        f"""WITH stored AS (
            SELECT {row}, min(industry_scopes) AS scopes, sum(n)::bigint AS n, sum(inherited)::bigint AS inherited,
                sum(crossing)::bigint AS crossing
            FROM (TABLE cell_stat UNION ALL TABLE cell_stat_delta) AS s
            GROUP BY {row} HAVING sum(n) <> 0 OR sum(inherited) <> 0 OR sum(crossing) <> 0
        ), live AS (SELECT {row}, industry_scopes, n, inherited, crossing FROM cell_stat_live)
        (TABLE stored EXCEPT TABLE live) UNION ALL (TABLE live EXCEPT TABLE stored)"""
    ).fetchall()
    assert difference == []


def check_both_paths(connection: psycopg.Connection, *, areas: Sequence[str]) -> None:
    """A tile drawn from the stored counts is the tile counted live, byte for byte, whatever the stored ones may answer."""
    for basis, view in product(("inherent", "assessed", "current"), ("located", "managed")):
        for area, grades in product((None, *areas), (None, (1, 2), (3,), (4, 5))):
            for level in (4,) if area or grades else (4, 3):
                asked = Selection(today=TODAY, basis=basis, view=view, area=area, grades=grades)
                assert draw(connection, asked, level, stored=True) == draw(connection, asked, level), asked
        managed = Selection(today=TODAY, basis=basis, view=view, managing=areas[-1])
        assert draw(connection, managed, 4, stored=True) == draw(connection, managed, 4)
        for accidents in (("GB 6441-2025:9",), ("GB 6441-2025:10", "GB 6441-1986:08")):
            asked = Selection(today=TODAY, basis=basis, view=view, accidents=accidents)
            assert draw(connection, asked, 4, stored=True) == draw(connection, asked, 4), asked
            assert draw(connection, replace(asked, narrow=True), 4) == draw(connection, asked, 4), asked
        # As the filter asks: a code with all below it.
        for industries in (
            with_all_below(connection, "gas"),
            with_all_below(connection, "chemicals", "fire_safety"),
        ):
            asked = Selection(today=TODAY, basis=basis, view=view, industries=industries)
            assert draw(connection, asked, 4, stored=True) == draw(connection, asked, 4), asked
            assert territory_rows(connection, asked, stored=True) == territory_rows(connection, asked), asked


def with_all_below(connection: psycopg.Connection, *codes: str) -> tuple[str, ...]:
    """Codes of regulatory industries and every code below them; two levels are all there are."""
    below = connection.execute(
        "SELECT code FROM code_entry WHERE list_id = 'regulatory_industry' AND valid_to IS NULL"
        " AND (code = ANY (%(codes)s) OR parent_code = ANY (%(codes)s))",
        {"codes": list(codes)},
    )
    return tuple(row[0] for row in below)


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
