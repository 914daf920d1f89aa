"""CQL2 filters (OGC 21-065r2; Features Part 3): what each operator leaves, against SQL written by hand."""

import json
from contextlib import suppress
from typing import Any

import cql2
import httpx
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from geo.errors import GeoError
from service.base.collections import ColumnKind
from service.base.errors import ServiceError
from service.ogc.rules.cql2 import condition_of, names_of
from service.ogc.rules.cql2_trees import Language, read
from tests.service.ogc.asking import RISK_POINTS, ask

pytestmark = pytest.mark.asyncio(loop_scope="module")

ITEMS = f"{RISK_POINTS}/items"
BOX = "ST_MakeEnvelope(125.2, 43.8, 125.5, 44.0, 4490)"
SHAPE = "COALESCE(geom, anchor)"
RING = "125.2 43.8,125.5 43.8,125.5 44.0,125.2 44.0,125.2 43.8"
# What a filter leaves, in SQL over risk_point.
MEANT = [
    ("grade = 'major'", "grade_assessed = 1"),
    ("grade <> 'major'", "grade_assessed IS DISTINCT FROM 1"),
    ("NOT grade = 'major' AND NOT grade = 'low'", "COALESCE(grade_assessed, 5) NOT IN (1, 4)"),
    ("grade = 'major' OR grade = 'large'", "grade_assessed IN (1, 2)"),
    (
        "(grade = 'major' OR grade = 'large') AND overdue",
        "grade_assessed IN (1, 2) AND next_review < (now() AT TIME ZONE 'Asia/Shanghai')::date",
    ),
    ("grade IN ('major', 'large')", "grade_assessed IN (1, 2)"),
    ("grade NOT IN ('major', 'large')", "COALESCE(grade_assessed, 5) NOT IN (1, 2)"),
    ("exposed_workers > 5", "exposed_workers > 5"),
    ("exposed_workers BETWEEN 2 AND 4", "exposed_workers BETWEEN 2 AND 4"),
    ("exposed_workers NOT BETWEEN 2 AND 4", "exposed_workers NOT BETWEEN 2 AND 4"),
    ("exposed_workers IS NULL", "exposed_workers IS NULL"),
    ("exposed_workers IS NOT NULL", "exposed_workers IS NOT NULL"),
    ("exposed_workers * 2 + 1 >= 9", "exposed_workers * 2 + 1 >= 9"),
    ("exposed_workers - 1 < 2", "exposed_workers - 1 < 2"),
    ("exposed_workers % 2 = 0", "exposed_workers % 2 = 0"),
    ("exposed_workers div 3 = 1", "exposed_workers / 3 = 1"),
    ("exposed_workers ^ 2 > 20", "exposed_workers * exposed_workers > 20"),
    ("exposed_workers / 0 > 1", "false"),
    ("-exposed_workers < -3", "exposed_workers > 3"),
    ("exposed_workers = version", "exposed_workers = version"),
    ("name LIKE '%罐%'", "name LIKE '%罐%'"),
    ("name NOT LIKE '%罐%'", "name NOT LIKE '%罐%'"),
    ("number LIKE 'FX-00_'", "number LIKE 'FX-00_'"),
    ("CASEI(number) = CASEI('fx-001')", "number = 'FX-001'"),
    ("casei(number) LIKE casei('fx-00%')", "number LIKE 'FX-00%'"),
    ("name = number", "name = number"),
    ("overdue", "next_review < (now() AT TIME ZONE 'Asia/Shanghai')::date"),
    ("overdue = false", "NOT COALESCE(next_review < (now() AT TIME ZONE 'Asia/Shanghai')::date, false)"),
    ("true", "true"),
    ("overdue AND false", "false"),
    ("assessed_on > DATE('2026-06-01')", "assessed_on > '2026-06-01'"),
    ("assessed_on > '2026-06-01'", "assessed_on > '2026-06-01'"),
    ("assessed_on = next_review", "assessed_on = next_review"),
    (
        "assessed_on BETWEEN DATE('2026-01-01') AND DATE('2026-06-30')",
        "assessed_on BETWEEN '2026-01-01' AND '2026-06-30'",
    ),
    ("recorded_from > TIMESTAMP('2020-01-01T00:00:00Z')", "true"),
    ("recorded_from < TIMESTAMP('2020-01-01T08:00:00+08:00')", "false"),
    ("recorded_from > assessed_on", "assessed_on IS NOT NULL AND recorded_from > assessed_on::timestamptz"),
    ("T_AFTER(assessed_on, DATE('2026-06-01'))", "assessed_on > '2026-06-01'"),
    ("T_BEFORE(assessed_on, DATE('2026-06-01'))", "assessed_on < '2026-06-01'"),
    (
        "T_DURING(assessed_on, INTERVAL('2026-01-01', '2026-06-30'))",
        "assessed_on > '2026-01-01' AND assessed_on < '2026-06-30'",
    ),
    ("T_INTERSECTS(assessed_on, INTERVAL('2026-01-01', '..'))", "assessed_on >= '2026-01-01'"),
    ("T_DISJOINT(assessed_on, INTERVAL('..', '2026-01-01'))", "assessed_on > '2026-01-01'"),
    ("T_EQUALS(assessed_on, DATE('2026-08-12'))", "assessed_on = '2026-08-12'"),
    ("T_STARTS(assessed_on, INTERVAL('2026-08-12', '2026-12-31'))", "assessed_on = '2026-08-12'"),
    ("T_FINISHES(assessed_on, INTERVAL('2026-01-01', '2026-08-12'))", "assessed_on = '2026-08-12'"),
    (
        "T_CONTAINS(INTERVAL('2026-01-01', '2026-06-30'), assessed_on)",
        "assessed_on > '2026-01-01' AND assessed_on < '2026-06-30'",
    ),
    ("T_STARTEDBY(INTERVAL('2026-08-12', '2026-12-31'), assessed_on)", "assessed_on = '2026-08-12'"),
    ("T_FINISHEDBY(INTERVAL('2026-01-01', '2026-08-12'), assessed_on)", "assessed_on = '2026-08-12'"),
    ("T_MEETS(INTERVAL('2026-01-01', '2026-08-12'), assessed_on)", "assessed_on = '2026-08-12'"),
    ("T_METBY(INTERVAL('2026-08-12', '2026-12-31'), assessed_on)", "assessed_on = '2026-08-12'"),
    ("T_OVERLAPS(INTERVAL('2026-01-01','2026-02-01'), INTERVAL('2026-01-15','2026-03-01'))", "true"),
    ("T_OVERLAPPEDBY(INTERVAL('2026-01-01','2026-02-01'), INTERVAL('2026-01-15','2026-03-01'))", "false"),
    ("T_AFTER(recorded_from, DATE('2020-01-01'))", "true"),
    ("A_CONTAINS(industries, ('chemicals'))", "industries @> '{chemicals}'"),
    ("A_OVERLAPS(industries, ('chemicals', 'gas'))", "industries && '{chemicals,gas}'"),
    (
        "A_CONTAINEDBY(industries, ('agriculture', 'confined_space'))",
        "industries <@ '{agriculture,confined_space}'",
    ),
    (
        "A_EQUALS(industries, ('confined_space', 'agriculture'))",
        "industries @> '{agriculture,confined_space}' AND industries <@ '{agriculture,confined_space}'",
    ),
    ("S_INTERSECTS(geometry, BBOX(125.2, 43.8, 125.5, 44.0))", f"ST_Intersects({SHAPE}, {BOX})"),
    (f"S_INTERSECTS(geometry, POLYGON(({RING})))", f"ST_Intersects({SHAPE}, {BOX})"),
    (f"S_WITHIN(geometry, POLYGON(({RING})))", f"ST_Within({SHAPE}, {BOX})"),
    (f"S_CONTAINS(POLYGON(({RING})), geometry)", f"ST_Contains({BOX}, {SHAPE})"),
    (f"S_DISJOINT(geometry, POLYGON(({RING})))", f"ST_Disjoint({SHAPE}, {BOX})"),
    (f"S_TOUCHES(geometry, POLYGON(({RING})))", f"ST_Touches({SHAPE}, {BOX})"),
    (f"S_OVERLAPS(geometry, POLYGON(({RING})))", f"ST_Overlaps({SHAPE}, {BOX})"),
    (
        "S_CROSSES(geometry, LINESTRING(125 43.8, 126 44.0))",
        f"ST_Crosses({SHAPE}, 'SRID=4490;LINESTRING(125 43.8,126 44)')",
    ),
    ("S_EQUALS(geometry, POINT(125.1 43.1))", "false"),
    ("S_INTERSECTS(geometry, geometry)", f"{SHAPE} IS NOT NULL"),
    (
        f"NOT S_INTERSECTS(geometry, POLYGON(({RING}))) AND grade = 'low'",
        f"NOT ST_Intersects({SHAPE}, {BOX}) AND grade_assessed = 4",
    ),
]


@pytest.mark.parametrize(("text", "where"), MEANT, ids=[text for text, _ in MEANT])
async def test_a_filter_leaves_what_it_means_as_text_and_as_json(
    door: httpx.AsyncClient, city: psycopg.Connection, text: str, where: str
) -> None:
    row = city.execute(f"SELECT count(*) FROM risk_point WHERE {where}").fetchone()
    assert row
    as_json = json.dumps(cql2.parse_text(text).to_json(), ensure_ascii=False)
    for query in ({"filter": text}, {"filter": as_json, "filter-lang": "cql2-json"}):
        assert (await ask(door, ITEMS, limit=1, **query))["numberMatched"] == row[0], query


async def test_filter_and_extent_and_parameters_hold_together(
    door: httpx.AsyncClient, city: psycopg.Connection
) -> None:
    row = city.execute(
        f"SELECT count(*) FROM risk_point WHERE grade_assessed = 4 AND exposed_workers > 2 AND ST_Intersects({SHAPE}, {BOX})"
    ).fetchone()
    page = await ask(
        door, ITEMS, limit=1, bbox="125.2,43.8,125.5,44.0", grade="low", filter="exposed_workers > 2"
    )
    assert row
    assert page["numberMatched"] == row[0] > 0


@pytest.mark.parametrize("code", [4326, 4490, 3857, 4530, 4551])
async def test_a_filter_in_another_reference_system(door: httpx.AsyncClient, code: int) -> None:
    """/conf/filter/filter-crs-param"""
    transform = Transformer.from_crs(4490 if code != 4326 else 4326, code)
    corners = [(125.2, 43.8), (125.5, 43.8), (125.5, 44.0), (125.2, 44.0), (125.2, 43.8)]
    ring = [list(transform.transform(lat, lon)) for lon, lat in corners]
    tree = {"op": "s_within", "args": [{"property": "geometry"}, {"type": "Polygon", "coordinates": [ring]}]}
    query = {"filter": json.dumps(tree), "filter-lang": "cql2-json"}
    crs = f"http://www.opengis.net/def/crs/EPSG/0/{code}"
    page = await ask(door, ITEMS, limit=1, **query, **{"filter-crs": crs})
    plain = await ask(door, ITEMS, limit=1, filter=f"S_WITHIN(geometry, POLYGON(({RING})))")
    assert page["numberMatched"] == plain["numberMatched"] > 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "grade",
        "grade =",
        "grade = 'major",
        "secret = 1",
        '"name""; DROP TABLE risk_point" = 1',
        "grade = 'major'; DROP TABLE risk_point",
        "name = 5",
        "overdue = 'yes'",
        "exposed_workers = 'five'",
        "exposed_workers + name > 1",
        "exposed_workers = 1e400",
        "exposed_workers = 1e200",
        "exposed_workers ^ 10000 > 1",
        "(0 - exposed_workers) ^ 0.5 > 1",
        "name LIKE 5",
        "industries = 5",
        "industries < ('a')",
        "A_CONTAINS(name, ('a'))",
        "A_CONTAINS(industries, (1, 2))",
        "assessed_on > 'soon'",
        "assessed_on > DATE('2026-02-30')",
        "assessed_on > 5",
        "T_DURING(assessed_on, INTERVAL('x', '..'))",
        "T_AFTER(name, DATE('2026-01-01'))",
        "S_INTERSECTS(name, POINT(1 1))",
        "S_INTERSECTS(geometry, POINT(181 0))",
        "S_INTERSECTS(geometry, POLYGON((0 0, 1 1, 0 1, 1 0, 0 0)))",
        "S_INTERSECTS(geometry, POLYGON((0 0, 1 1)))",
        "S_INTERSECTS(geometry, BBOX(1, 2, 3))",
        "S_INTERSECTS(geometry)",
        "geometry = geometry",
        "pg_sleep(10) = 1",
        "S_BUFFER(geometry, 5) = geometry",
        "version IN ()",
        "NOT 5",
        "grade = 'a\x00b'",
        "(" * 3000 + "overdue" + ")" * 3000,
        "NOT " * 1500 + "overdue",
        "exposed_workers = " + "+".join(["1"] * 1500),
        "x" * 9000,
        "grade = 'major' -- and so on",
    ],
    ids=lambda text: text[:60],
)
async def test_what_is_no_filter_is_refused(door: httpx.AsyncClient, text: str) -> None:
    answer = await door.get(ITEMS, params={"filter": text, "limit": 1})
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "tree",
    [
        [],
        {},
        "x",
        5,
        None,
        {"op": "="},
        {"op": "=", "args": 5},
        {"op": 5, "args": []},
        {"op": "=", "args": [1]},
        {"op": "and", "args": []},
        {"op": "not", "args": [True, True]},
        {"op": "between", "args": [1, 2]},
        {"op": "in", "args": [{"property": "grade"}, "major"]},
        {"op": "isNull", "args": []},
        {"op": "=", "args": [{"property": ["grade"]}, 1]},
        {"op": "=", "args": [{"property": "grade'; --"}, "x"]},
        {"op": "drop table", "args": [1, 2]},
        {"op": "=", "args": [{"op": "casei", "args": [5]}, "x"]},
        {
            "op": "s_intersects",
            "args": [{"property": "geometry"}, {"type": "Point", "coordinates": ["a", "b"]}],
        },
        {
            "op": "s_intersects",
            "args": [{"property": "geometry"}, {"type": "Point", "coordinates": [[[[[[1, 2]]]]]]}],
        },
        {
            "op": "s_intersects",
            "args": [{"property": "geometry"}, {"type": "Nothing", "coordinates": [1, 2]}],
        },
        {
            "op": "s_intersects",
            "args": [{"property": "geometry"}, {"type": "GeometryCollection", "geometries": []}],
        },
        {"op": "s_intersects", "args": [{"property": "geometry"}, {"bbox": [True, 1, 2, 3]}]},
        {"op": "s_intersects", "args": [{"property": "geometry"}, {"bbox": "1,2,3,4"}]},
        {"op": "t_after", "args": [{"property": "assessed_on"}, {"date": 5}]},
        {"op": "t_after", "args": [{"property": "assessed_on"}, {"interval": ["2026-01-01"]}]},
        {"op": "t_after", "args": [{"property": "assessed_on"}, {"interval": [{"property": "name"}, ".."]}]},
    ],
    ids=str,
)
async def test_what_is_no_tree_is_refused(door: httpx.AsyncClient, tree: Any) -> None:
    answer = await door.get(
        ITEMS, params={"filter": json.dumps(tree), "filter-lang": "cql2-json", "limit": 1}
    )
    assert answer.status_code == 400, answer.text


async def test_deep_json_is_refused(door: httpx.AsyncClient) -> None:
    for text in (
        "[" * 7000,
        '{"op":"not","args":[' * 300 + "true" + "]}" * 300,
        '{"a":' * 1000,
        "NaN",
        "[1e999]",
    ):
        answer = await door.get(ITEMS, params={"filter": text, "filter-lang": "cql2-json"})
        assert answer.status_code == 400, answer.text


KINDS = {
    "name": ColumnKind.TEXT,
    "workers": ColumnKind.INTEGER,
    "score": ColumnKind.NUMBER,
    "overdue": ColumnKind.BOOLEAN,
    "day": ColumnKind.DATE,
    "moment": ColumnKind.INSTANT,
    "codes": ColumnKind.TEXTS,
}
LEAVES = (
    st.sampled_from([{"property": name} for name in (*KINDS, "geometry")])
    | st.text(max_size=12)
    | st.integers(-5, 5)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.booleans()
    | st.lists(st.text(max_size=4), max_size=3)
    | st.sampled_from(
        [
            {"date": "2026-01-01"},
            {"timestamp": "2026-01-01T00:00:00Z"},
            {"interval": ["2026-01-01", ".."]},
            {"bbox": [1, 2, 3, 4]},
            {"type": "Point", "coordinates": [125.0, 43.0]},
            {"type": "LineString", "coordinates": [[125.0, 43.0], [126.0, 43.0]]},
        ]
    )
)
OPERATORS = st.sampled_from(
    [
        "and",
        "or",
        "not",
        "=",
        "<>",
        "<",
        ">=",
        "like",
        "between",
        "in",
        "isNull",
        "casei",
        "+",
        "-",
        "*",
        "/",
        "%",
        "^",
        "div",
        "s_intersects",
        "s_within",
        "s_touches",
        "t_after",
        "t_during",
        "t_meets",
        "a_contains",
        "a_equals",
        "foo",
    ]
)
TREES = st.recursive(
    LEAVES,
    lambda part: st.builds(
        lambda op, args: {"op": op, "args": args}, OPERATORS, st.lists(part, min_size=1, max_size=3)
    ),
    max_leaves=12,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=400)
@given(tree=TREES)
async def test_no_tree_is_an_error_of_the_database(city: psycopg.Connection, tree: Any) -> None:
    """Whatever is let through is a condition that PostgreSQL takes; what a caller wrote is never part of its text."""
    try:
        condition, _ = condition_of(read(json.dumps(tree), "cql2-json"), KINDS)
    except (ServiceError, GeoError):
        return
    for name in names_of(tree):
        assert name in {*KINDS, "geometry"}
    allowed = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_%()[]:.,<>=&@+-*/|' ")
    assert set(condition.text) <= allowed
    try:
        city.execute(
            f"""SELECT count(*) FROM (VALUES ('罐', 5, 2.5::float8, true, date '2026-01-01', now(), '{{a}}'::text[],
                ST_SetSRID(ST_Point(125, 43), 4490)), (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL))
                AS item (name, workers, score, overdue, day, moment, codes, shape) WHERE {condition.text}""",
            condition.parameters,
        )
    except psycopg.DataError:
        pass  # a sum that overflows, or a pattern that ends in its escape: the door says so (400)
    finally:
        city.rollback()


@given(st.text(max_size=200))
@settings(max_examples=300)
async def test_no_text_gets_past_the_reader_but_a_tree(text: str) -> None:
    languages: tuple[Language, ...] = ("cql2-text", "cql2-json")
    for language in languages:
        with suppress(ServiceError, GeoError):
            condition_of(read(text, language), KINDS)
