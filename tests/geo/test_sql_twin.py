"""The grid in SQL and the grid in Python are one grid, on more than a million positions.

All in bulk: Python writes its answers beside the positions, SQL names the rows with which it disagrees.
"""

import random
from collections.abc import Callable, Iterable, Iterator
from math import inf, nan, nextafter

import psycopg
import pytest

from geo import cells
from geo.errors import OutsideGrid

Answer = int | str | None

SEED = 39409
CHINA = (73.5, 135.0, 3.8, 53.6)
WORLD = (-180.0, 180.0, -87.4, 87.4)

# Where the twins might part: axes, antimeridian, polar circle, the doubles next to them, no numbers at all.
DEGREES_AT_EDGES = [
    sign * degrees
    for edge in (
        0.0,
        5e-324,
        1e-300,
        6.7e-11,
        6.9e-11,
        1e-7,
        6.0,
        30.0,
        87.0,
        88.0,
        90.0,
        179.9999999999,
        180.0,
    )
    for degrees in (edge, nextafter(edge, inf), nextafter(edge, -inf), edge + 1e-12, edge + 1e-9)
    for sign in (1, -1)
] + [inf, -inf, nan, 1e300]


def decimals(
    chance: random.Random, count: int, *, within: tuple[float, float, float, float]
) -> Iterator[tuple[float, float]]:
    """Yield coordinates as people write them, with 0 to 7 decimals."""
    west, east, south, north = within
    for _ in range(count):
        places = chance.randrange(8)
        yield round(chance.uniform(west, east), places), round(chance.uniform(south, north), places)


def whole_seconds(chance: random.Random, count: int) -> Iterator[tuple[float, float]]:
    """Yield coordinates of whole seconds; a quarter are level-5 edges, and few are exact as doubles."""
    for _ in range(count):
        yield chance.randint(-648_000, 648_000) / 3600, chance.randint(-316_799, 316_799) / 3600


def corners(chance: random.Random, count: int) -> Iterator[tuple[float, float]]:
    """Yield the south-west corners of cells of all levels."""
    for _ in range(count):
        level = chance.randint(1, 10)
        half_columns, half_rows = cells.half_extent(level)
        width, height = cells.LEVEL_UNITS[level]
        yield (
            chance.randrange(-half_columns, half_columns) * width / cells.UNITS_PER_DEGREE,
            chance.randrange(1 - half_rows, half_rows) * height / cells.UNITS_PER_DEGREE,
        )


def raw_doubles(chance: random.Random, count: int) -> Iterator[tuple[float, float]]:
    """Yield coordinates in full double precision, as a projection makes them."""
    for _ in range(count):
        yield chance.uniform(-180, 180), chance.uniform(-88, 88)


def rounding_thresholds(chance: random.Random, count: int) -> Iterator[tuple[float, float]]:
    """Yield doubles within 1e-12° of half a thousandth of a unit before a level-5 edge, where rounding decides."""
    for _ in range(count):
        lon = chance.randrange(1, 162_000) * 8192 - 0.0005
        lat = chance.randrange(1, 79_200) * 8192 - 0.0005
        yield (
            lon / cells.UNITS_PER_DEGREE + chance.uniform(-1e-12, 1e-12),
            -lat / cells.UNITS_PER_DEGREE + chance.uniform(-1e-12, 1e-12),
        )


def answer(ask: Callable[..., Answer], *arguments: object) -> Answer:
    """Return what Python says, None where it refuses, for there SQL says NULL."""
    try:
        return ask(*arguments)
    except OutsideGrid:
        return None


def column(lon: float) -> int:
    return cells.cell_index(lon, 0, 5)[0]


def row(lat: float) -> int:
    return cells.cell_index(0, lat, 5)[1]


def load(connection: psycopg.Connection, rows: Iterable[tuple[object, ...]], *, columns: str) -> None:
    connection.execute(f"CREATE TEMPORARY TABLE python ({columns}) ON COMMIT DROP")
    with connection.cursor() as cursor, cursor.copy("COPY python FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def disagreements(connection: psycopg.Connection, statement: str) -> list[tuple[object, ...]]:
    return connection.execute(f"{statement} LIMIT 5").fetchall()


def test_level_5_index_of_a_million_positions(twin_connection: psycopg.Connection) -> None:
    chance = random.Random(SEED)
    positions = [
        *decimals(chance, 470_000, within=CHINA),
        *decimals(chance, 250_000, within=WORLD),
        *whole_seconds(chance, 120_000),
        *corners(chance, 100_000),
        *raw_doubles(chance, 50_000),
        *rounding_thresholds(chance, 30_000),
    ]
    assert len(positions) >= 1_000_000
    load(
        twin_connection,
        ((lon, lat, *cells.cell_index(lon, lat, 5)) for lon, lat in positions),
        columns="lon float8, lat float8, x5 integer, y5 integer",
    )
    assert not disagreements(
        twin_connection,
        """
        SELECT lon, lat, x5, beidou_x5(lon), y5, beidou_y5(lat) FROM python
        WHERE beidou_x5(lon) IS DISTINCT FROM x5 OR beidou_y5(lat) IS DISTINCT FROM y5
        """,
    )


def test_codes_of_all_levels(twin_connection: psycopg.Connection) -> None:
    chance = random.Random(SEED + 1)
    positions = [
        *decimals(chance, 30_000, within=CHINA),
        *decimals(chance, 20_000, within=WORLD),
        *whole_seconds(chance, 10_000),
        *corners(chance, 20_000),
        *raw_doubles(chance, 20_000),
    ]
    load(
        twin_connection,
        (
            (lon, lat, level, cells.encode(lon, lat, level))
            for lon, lat in positions
            for level in (chance.randint(1, 10),)
        ),
        columns="lon float8, lat float8, level integer, code text",
    )
    assert not disagreements(
        twin_connection,
        """
        SELECT lon, lat, level, code, beidou_code(lon, lat, level) FROM python
        WHERE beidou_code(lon, lat, level) IS DISTINCT FROM code
        """,
    )


def test_both_refuse_the_same_degrees(twin_connection: psycopg.Connection) -> None:
    load(
        twin_connection,
        (
            (
                degrees,
                answer(column, degrees),
                answer(row, degrees),
                answer(cells.encode, degrees, 0, 10),
                answer(cells.encode, 0, degrees, 10),
            )
            for degrees in DEGREES_AT_EDGES
        ),
        columns="degrees float8, x5 integer, y5 integer, along text, up text",
    )
    assert not disagreements(
        twin_connection,
        """
        SELECT degrees, x5, beidou_x5(degrees), y5, beidou_y5(degrees), along, beidou_code(degrees, 0, 10),
            up, beidou_code(0, degrees, 10)
        FROM python
        WHERE (x5, y5, along, up) IS DISTINCT FROM
            (beidou_x5(degrees), beidou_y5(degrees), beidou_code(degrees, 0, 10), beidou_code(0, degrees, 10))
        """,
    )


def indices(chance: random.Random, count: int) -> Iterator[tuple[int, int, int]]:
    """Yield signed column, row and level, 1 to 5: inside the grid and on both sides of its border."""
    for level in range(1, 6):
        half_columns, half_rows = cells.half_extent(level)
        for x in (
            -half_columns - 1,
            -half_columns,
            -1,
            0,
            half_columns - 1,
            half_columns,
            2**31 - 1,
            -(2**31),
        ):
            for y in (-half_rows - 1, -half_rows, -1, 0, half_rows - 1, half_rows, 2**31 - 1, -(2**31)):
                yield x, y, level
        for _ in range(count // 5):
            yield (
                chance.randrange(-half_columns, half_columns),
                chance.randrange(-half_rows, half_rows),
                level,
            )


def test_codes_and_rectangles_of_indices(twin_connection: psycopg.Connection) -> None:
    def rows() -> Iterator[tuple[object, ...]]:
        for x, y, level in indices(random.Random(SEED + 2), 50_000):
            half_columns, half_rows = cells.half_extent(level)
            if -half_columns <= x < half_columns and -half_rows <= y < half_rows:
                edges = [float(edge) for edge in cells.bounds_of_index(x, y, level)]
                yield x, y, level, cells.code_of_index(x, y, level), edges
            else:
                yield x, y, level, None, None

    load(twin_connection, rows(), columns="x integer, y integer, level integer, code text, edges float8[]")
    assert not disagreements(
        twin_connection,
        """
        SELECT x, y, level, code, beidou_code_of_index(x, y, level), edges, ST_AsText(cell)
        FROM python CROSS JOIN LATERAL (SELECT beidou_cell(x, y, level) AS cell) AS sql
        WHERE beidou_code_of_index(x, y, level) IS DISTINCT FROM code
           OR (cell IS NULL) <> (code IS NULL)
           OR edges <> ARRAY[ST_XMin(cell), ST_YMin(cell), ST_XMax(cell), ST_YMax(cell)]
           OR ST_SRID(cell) <> 4490
        """,
    )


@pytest.mark.parametrize(
    "expression",
    [
        "beidou_units(NULL)",
        "beidou_x5(NULL)",
        "beidou_y5(NULL)",
        "beidou_code(NULL, 0, 5)",
        "beidou_code(0, 0, NULL)",
        "beidou_code(0, 0, 0)",
        "beidou_code(0, 0, 11)",
        "beidou_code_of_index(0, 0, 6)",
        "beidou_cell(0, 0, 0)",
        "beidou_cell(0, NULL, 5)",
    ],
)
def test_no_answer_is_null(twin_connection: psycopg.Connection, expression: str) -> None:
    assert twin_connection.execute(f"SELECT {expression} IS NULL").fetchone() == (True,)


def test_generated_columns_fill_without_a_search_path(twin_connection: psycopg.Connection) -> None:
    """So that pg_restore works: a function that needs a search_path fails there, when it is too late."""
    twin_connection.execute(
        """
        CREATE TEMPORARY TABLE place (
            lon float8,
            lat float8,
            x5 integer GENERATED ALWAYS AS (beidou_x5(lon)) STORED,
            y5 integer GENERATED ALWAYS AS (beidou_y5(lat)) STORED,
            code text GENERATED ALWAYS AS (beidou_code(lon, lat, 10)) STORED,
            code_5 text GENERATED ALWAYS AS (beidou_code_of_index(beidou_x5(lon), beidou_y5(lat), 5)) STORED,
            cell geometry GENERATED ALWAYS AS (beidou_cell(beidou_x5(lon), beidou_y5(lat), 5)) STORED
        ) ON COMMIT DROP
        """
    )
    twin_connection.execute("SET LOCAL search_path = ''")
    twin_connection.execute("INSERT INTO pg_temp.place (lon, lat) VALUES (125.3960, 43.8590)")
    place = twin_connection.execute(
        "SELECT x5, y5, code, code_5, public.ST_AsText(public.ST_Centroid(cell), 6) FROM pg_temp.place"
    ).fetchone()
    assert place == (
        112_856,
        39_473,
        "N51KA7581B8061341643",
        "N51KA7581B8",
        "POINT(125.396111 43.859444)",
    )


@pytest.mark.parametrize(
    "call", ["beidou_x5(lon)", "beidou_y5(lon)", "beidou_units(lon)", "beidou_cell(1, lon::int, 5)"]
)
def test_planner_inlines_the_functions_of_one_expression(
    twin_connection: psycopg.Connection, call: str
) -> None:
    """A million generated columns cost seconds only because no call is left in the plan."""
    twin_connection.execute("CREATE TEMPORARY TABLE place (lon float8) ON COMMIT DROP")
    plan = twin_connection.execute(f"EXPLAIN (VERBOSE) SELECT {call} FROM place").fetchall()
    assert "beidou" not in "\n".join(line for (line,) in plan)
