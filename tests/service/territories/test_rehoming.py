"""When borders move, the register follows: what was worked out from them, and nothing that a person stated."""

import json
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from service.base.database import owner_session
from service.base.errors import Rejected
from service.territories import actions
from service.territories.actions import Rehomed
from tests.service.territories.drawing import ZONE, feature, square, write

Rows = psycopg.Connection[tuple[Any, ...]]

# In 二道区, outside 经开区: a new zone is laid around it.
SPOT = (125.60, 43.88)
NEW_ZONE = {
    "key": "z_new",
    "name": "新开发区",
    "level": "functional_zone",
    "parent": "220100",
    "indicative": True,
}
TOWN = {"code": "220105100", "name": "英俊镇", "level": "town", "parent": "220105"}


async def replace(engine: AsyncEngine, file: Path) -> Rehomed:
    async with owner_session(engine) as session:
        return (await actions.replace(session, file)).rehomed


def add_point(rows: Rows, number: str, spot: tuple[float, float] = SPOT, **columns: Any) -> int:
    """A region-owned risk point at a position, with more columns as wanted."""
    names = "".join(f", {name}" for name in columns)
    marks = "".join(", %s" for _ in columns)
    row = rows.execute(
        f"INSERT INTO risk_point (owner_kind, number, name, geom, source_datum{names})"
        f" VALUES ('region', %s, %s, ST_SetSRID(ST_Point(%s, %s), 4490), 'CGCS2000'{marks}) RETURNING id",
        (number, number, *spot, *columns.values()),
    ).fetchone()
    assert row
    return int(row[0])


def id_of(rows: Rows, key: str) -> int:
    (number,) = rows.execute("SELECT id FROM territory WHERE key = %s", (key,)).fetchone() or (0,)
    return int(number)


def homes(rows: Rows, table: str, number: int) -> tuple[Any, ...]:
    """Where a row is located and who manages it, as key and as the path it carries."""
    found = rows.execute(
        f"SELECT located.key, managing.key, located_in_path::text, managed_by_path::text FROM {table} AS row"
        " JOIN territory AS located ON located.id = located_in_id"
        " JOIN territory AS managing ON managing.id = managed_by_id WHERE row.id = %s",
        (number,),
    ).fetchone()
    assert found
    located, managing, located_path, managing_path = found
    assert located_path.endswith(located)
    assert managing_path.endswith(managing)
    return located, managing


async def test_a_new_zone_takes_over_what_lies_in_it_and_nothing_else(
    owner: AsyncEngine, rows: Rows, tmp_path: Path
) -> None:
    inside = add_point(rows, "inside")
    beside = add_point(rows, "beside", (125.66, 43.88))
    rehomed = await replace(owner, write(tmp_path, feature(square(125.58, 43.87, 0.03), **NEW_ZONE)))
    assert rehomed == Rehomed(sites=0, risk_points=1, following=0, outside=0)
    assert homes(rows, "risk_point", inside) == ("220105", "z_new")
    assert homes(rows, "risk_point", beside) == ("220105", "220105")


async def test_what_a_person_stated_stays(owner: AsyncEngine, rows: Rows, tmp_path: Path) -> None:
    stated = add_point(rows, "stated", located_stated=True, located_in_id=id_of(rows, "220113"))
    entrusted = add_point(rows, "entrusted", managed_reason="委托", managed_by_id=id_of(rows, "220104"))
    plain = add_point(rows, "plain")
    file = write(
        tmp_path,
        feature(square(125.58, 43.87, 0.03), **NEW_ZONE),
        feature(square(125.57, 43.86, 0.05), **TOWN),
    )
    rehomed = await replace(owner, file)
    assert rehomed.risk_points == 3
    assert homes(rows, "risk_point", stated) == ("220113", "z_new")
    assert homes(rows, "risk_point", entrusted) == ("220105100", "220104")
    assert homes(rows, "risk_point", plain) == ("220105100", "z_new")


async def test_a_zone_that_moves_away_gives_back_what_it_managed(
    owner: AsyncEngine, rows: Rows, tmp_path: Path
) -> None:
    left = add_point(rows, "left")
    await replace(owner, write(tmp_path, feature(square(125.58, 43.87, 0.03), **NEW_ZONE)))
    assert homes(rows, "risk_point", left) == ("220105", "z_new")
    rehomed = await replace(owner, write(tmp_path, feature(square(125.62, 43.87, 0.03), **NEW_ZONE)))
    assert rehomed.risk_points == 1
    assert homes(rows, "risk_point", left) == ("220105", "220105")


async def test_sites_move_and_their_points_without_a_position_follow(
    owner: AsyncEngine, rows: Rows, tmp_path: Path
) -> None:
    (firm,) = rows.execute(
        "INSERT INTO enterprise (name, home_territory_id) VALUES ('演示厂', %s) RETURNING id",
        (id_of(rows, "220102"),),
    ).fetchone() or (0,)
    site, far = (
        rows.execute(
            "INSERT INTO site (enterprise_id, number, geom, source_datum)"
            " VALUES (%s, %s, ST_SetSRID(ST_Point(%s, %s), 4490), 'CGCS2000') RETURNING id",
            (firm, number, *spot),
        ).fetchone()
        for number, spot in (("1", SPOT), ("2", (125.66, 43.88)))
    )
    point = (
        "INSERT INTO risk_point (owner_kind, enterprise_id, site_id, number, name)"
        " VALUES ('enterprise', %s, %s, %s, 'p')"
    )
    rows.execute(point, (firm, *(site or ()), "1"))
    rows.execute(point, (firm, *(site or ()), "2"))
    rows.execute(point, (firm, *(far or ()), "3"))
    rehomed = await replace(owner, write(tmp_path, feature(square(125.58, 43.87, 0.03), **NEW_ZONE)))
    assert rehomed == Rehomed(sites=1, risk_points=0, following=2, outside=0)
    managing = rows.execute(
        "SELECT number, ltree2text(subpath(managed_by_path, -1)) FROM risk_point ORDER BY number"
    ).fetchall()
    assert managing == [("1", "z_new"), ("2", "z_new"), ("3", "220105")]
    # The firm is visible where its sites are.
    paths = rows.execute("SELECT scope_paths::text[] FROM enterprise WHERE id = %s", (firm,)).fetchone()
    assert paths
    assert "cn.220000.220100.z_new" in paths[0]


async def test_a_line_goes_by_its_anchor(owner: AsyncEngine, rows: Rows, tmp_path: Path) -> None:
    (line,) = rows.execute(
        "INSERT INTO risk_point (owner_kind, number, name, geom, anchor, source_datum)"
        " VALUES ('region', 'main', 'main',"
        " ST_GeomFromText('LINESTRING(125.55 43.88, 125.66 43.88)', 4490), ST_SetSRID(ST_Point(125.56, 43.88), 4490),"
        " 'CGCS2000') RETURNING id"
    ).fetchone() or (0,)
    rehomed = await replace(owner, write(tmp_path, feature(square(125.58, 43.87, 0.03), **NEW_ZONE)))
    assert rehomed.risk_points == 0
    assert homes(rows, "risk_point", line) == ("220105", "220105")
    rehomed = await replace(owner, write(tmp_path, feature(square(125.55, 43.87, 0.03), **NEW_ZONE)))
    assert rehomed.risk_points == 1
    assert homes(rows, "risk_point", line) == ("220105", "z_new")


async def test_every_home_is_the_one_that_the_trigger_would_give(
    owner: AsyncEngine, rows: Rows, tmp_path: Path
) -> None:
    rows.execute(
        "INSERT INTO risk_point (owner_kind, number, name, geom, source_datum)"
        " SELECT 'region', format('%s-%s', x, y), 'p',"
        " ST_SetSRID(ST_Point(125.30 + x * 0.0097, 43.75 + y * 0.0093), 4490),"
        " 'CGCS2000' FROM generate_series(0, 29) AS x, generate_series(0, 24) AS y"
    )
    features = json.loads(ZONE.read_text(encoding="utf-8"))["features"]
    for one in features:
        one["geometry"]["coordinates"] = [
            [[round(lon - 0.02, 4), lat] for lon, lat in ring] for ring in one["geometry"]["coordinates"]
        ]
    rehomed = await replace(owner, write(tmp_path, *features))
    assert rehomed.risk_points > 50
    wrong = rows.execute(
        "SELECT count(*) FROM risk_point, territory_home(anchor) AS home"
        " WHERE risk_point.located_in_id <> home.located_in_id OR managed_by_id <> COALESCE(home.zone_id, home.located_in_id)"
    ).fetchone()
    assert wrong == (0,)
    # Counts, kept by triggers, moved along.
    counted = rows.execute(
        "SELECT managed_by_path, sum(n)::int FROM (SELECT * FROM cell_stat UNION ALL SELECT * FROM cell_stat_delta)"
        " AS stat WHERE basis = 'assessed' AND slice = '' GROUP BY 1 HAVING sum(n) <> 0 ORDER BY 1"
    ).fetchall()
    assert (
        counted
        == rows.execute(
            "SELECT managed_by_path, count(*)::int FROM risk_point GROUP BY 1 ORDER BY 1"
        ).fetchall()
    )


async def test_loading_more_of_the_country_homes_what_lay_in_the_province_only(
    owner: AsyncEngine, rows: Rows
) -> None:
    point = add_point(rows, "jilin", (126.55, 43.84))  # 吉林市, of which only the province is loaded
    assert homes(rows, "risk_point", point) == ("220000", "220000")
    async with owner_session(owner) as session:
        loaded = await actions.load(session, root="220200")
    assert loaded.rehomed == Rehomed(sites=0, risk_points=1, following=0, outside=0)
    located, managing = homes(rows, "risk_point", point)
    assert located == managing
    assert located.startswith("2202")


async def test_a_position_that_no_border_covers_any_more_keeps_its_home_and_is_counted(
    owner: AsyncEngine, rows: Rows, tmp_path: Path
) -> None:
    point = add_point(rows, "edge", (126.85, 44.9))  # 榆树市
    rows.execute("UPDATE territory SET boundary = NULL WHERE key IN ('220000', '220100')")
    rehomed = await replace(owner, write(tmp_path, feature(square(126.2, 44.7, 0.3), code="220182")))
    assert rehomed == Rehomed(sites=0, risk_points=0, following=0, outside=1)
    assert homes(rows, "risk_point", point) == ("220182", "220182")


async def test_a_refused_file_moves_nothing(owner: AsyncEngine, rows: Rows, tmp_path: Path) -> None:
    point = add_point(rows, "inside")
    before = rows.execute("SELECT version FROM risk_point WHERE id = %s", (point,)).fetchone()
    file = write(tmp_path, feature(square(125.58, 43.87, 0.03), **NEW_ZONE), feature(None, key="220105"))
    with pytest.raises(Rejected):
        await replace(owner, file)
    assert rows.execute("SELECT version FROM risk_point WHERE id = %s", (point,)).fetchone() == before
    assert rows.execute("SELECT count(*) FROM territory WHERE key = 'z_new'").fetchone() == (0,)
