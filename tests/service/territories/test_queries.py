"""Reading the tree: by key, by what people write, for a viewer, and against a register's positions."""

import httpx
import psycopg
import pytest
from fastapi import FastAPI, Request
from sqlalchemy.ext.asyncio import AsyncEngine

from geo.shapes import distance_m
from service.base.database import scoped_session
from service.base.errors import NotFound
from service.base.viewer import Viewer
from service.territories import queries, routes
from service.territories.queries import Stated
from service.territories.rules.tree import Level

CITY = "cn.220000.220100"
ALL = Viewer(person="a", name="全市", areas=(CITY,))
DISTRICT = Viewer(person="b", name="二道区", areas=(f"{CITY}.220105",))
ZONE = Viewer(person="c", name="经开区", areas=(f"{CITY}.z_jk",))
GAS = Viewer(person="d", name="燃气", pairs=(f"gas.{CITY}.220102",))
NOBODY = Viewer(person="e", name="无")


async def test_by_key(app: AsyncEngine) -> None:
    async with scoped_session(app, ALL) as session:
        city = await queries.by_key(session, "220100")
        zone = await queries.by_key(session, "z_jk")
    assert (city.path, city.code, city.level, city.name, city.statutory) == (
        CITY,
        "220100",
        Level.CITY,
        "长春市",
        True,
    )
    assert (zone.path, zone.code, zone.statutory) == (f"{CITY}.z_jk", None, False)


@pytest.mark.parametrize("key", ["220199", "", "' OR true --", "长春市", "cn.220000"])
async def test_an_unknown_key_is_not_found(app: AsyncEngine, key: str) -> None:
    async with scoped_session(app, ALL) as session:
        with pytest.raises(NotFound):
            await queries.by_key(session, key)


async def test_children_carry_a_label_within_them(app: AsyncEngine, rows: psycopg.Connection) -> None:
    async with scoped_session(app, ALL) as session:
        children = await queries.children(session, (await queries.by_key(session, "220100")).id)
    assert [child.key for child in children][:2] == ["220102", "220103"]
    assert [child.key for child in children if not child.statutory] == ["z_jk"]
    for child in children:
        assert child.label is not None
        covered = rows.execute(
            "SELECT ST_Covers(boundary, ST_SetSRID(ST_Point(%s, %s), 4490)) FROM territory WHERE id = %s",
            (*child.label, child.id),
        ).fetchone()
        assert covered == (True,)


async def test_bounds_and_label_of_one_and_of_what_has_no_boundary(app: AsyncEngine) -> None:
    async with scoped_session(app, ALL) as session:
        zone = await queries.by_key(session, "z_jk")
        assert await queries.bounds(session, zone.id) == (125.3722, 43.8068, 125.506, 43.943)
        assert await queries.label(session, zone.id) is not None
        country = await queries.by_key(session, "cn")
        assert await queries.bounds(session, country.id) is None
        assert await queries.label(session, country.id) is None


async def test_many_texts_are_resolved_at_once(app: AsyncEngine) -> None:
    texts = ["220105", "二道区", "长春市经开区", "z_jk_lh", "朝阳", "某区", "", "二道区"]
    async with scoped_session(app, ALL) as session:
        found = await queries.resolve(session, texts, within_path=CITY)
        country = await queries.resolve(session, ["吉林", "朝阳区"], within_path="cn")
    assert {text: [node.key for node in nodes] for text, nodes in found.items()} == {
        "220105": ["220105"],
        "二道区": ["220105"],
        "长春市经开区": ["z_jk"],
        "z_jk_lh": ["z_jk_lh"],
        "朝阳": ["220104"],
        "某区": [],
        "": [],
    }
    assert [node.key for node in country["吉林"]] == ["220000"]
    assert [node.key for node in country["朝阳区"]] == ["220104"]


async def test_a_territory_out_of_force_is_not_found_by_name(
    app: AsyncEngine, rows: psycopg.Connection
) -> None:
    rows.execute("UPDATE territory SET valid_to = '2026-01-01' WHERE key = '220105'")
    async with scoped_session(app, ALL) as session:
        assert (await queries.resolve(session, ["二道区"], within_path=CITY))["二道区"] == ()


def ids(rows: psycopg.Connection) -> dict[str, int]:
    return dict(rows.execute("SELECT key, id FROM territory").fetchall())


async def test_positions_outside_the_stated_district_and_how_far(
    app: AsyncEngine, rows: psycopg.Connection
) -> None:
    known = ids(rows)
    # A square district, so that the distance can be worked out otherwise; so small that its edges are straight.
    rows.execute(
        "UPDATE territory SET boundary = ST_Multi(ST_MakeEnvelope(125.4, 43.4, 125.5, 43.5, 4490)) WHERE key = '220105'"
    )
    stated = [
        Stated(7, 125.45, 43.45, known["220105"]),  # within
        Stated(8, 125.4, 43.45, known["220105"]),  # on the border
        Stated(9, 125.45, 43.51, known["220105"]),  # 1.1 km north
        Stated(3, 125.55, 43.45, known["220105"]),  # 4 km east
        Stated(11, 0.0, 0.0, known["220105"]),
        Stated(12, 125.45, 43.51, known["cn"]),  # stated without boundary
        Stated(13, 125.42, 43.85, known["z_jk"]),  # within the zone
    ]
    async with scoped_session(app, ALL) as session:
        found = await queries.contradictions(session, stated)
        assert await queries.contradictions(session, []) == []
    assert [row.row for row in found] == [3, 9, 11]
    east, north, nowhere = (row.distance_m for row in found)
    assert east == pytest.approx(distance_m((125.5, 43.45), (125.55, 43.45)), rel=1e-3)
    assert north == pytest.approx(distance_m((125.45, 43.5), (125.45, 43.51)), rel=2e-3)
    assert nowhere > 1e7


async def tree(app: AsyncEngine, viewer: Viewer) -> list[str]:
    async with scoped_session(app, viewer) as session:
        return [node.key for node in await queries.tree(session, viewer)]


async def test_a_viewer_sees_what_lies_within_and_above_their_areas(app: AsyncEngine) -> None:
    assert await tree(app, DISTRICT) == ["cn", "220000", "220100", "220105"]
    assert await tree(app, GAS) == ["cn", "220000", "220100", "220102"]
    towns = ["z_jk_dfgc", "z_jk_hz", "z_jk_lh", "z_jk_sj", "z_jk_xls"]
    assert await tree(app, ZONE) == ["cn", "220000", "220100", "z_jk", *towns]
    whole = await tree(app, ALL)
    assert whole[:4] == ["cn", "220000", "220100", "220102"]
    assert len(whole) == 3 + 11 + 1 + 5
    assert await tree(app, NOBODY) == []


async def show(app: AsyncEngine, viewer: Viewer) -> httpx.Response:
    service = FastAPI()
    service.state.engine = app
    service.include_router(routes.router)

    @service.middleware("http")
    async def admit(request: Request, call_next: object) -> object:
        request.state.viewer = viewer
        return await call_next(request)  # type: ignore[operator]

    transport = httpx.ASGITransport(service)
    async with httpx.AsyncClient(transport=transport, base_url="http://map") as client:
        return await client.get("/api/territories")


async def test_the_tree_over_http(app: AsyncEngine) -> None:
    answer = await show(app, ZONE)
    assert answer.status_code == 200
    (country,) = answer.json()["territories"]
    assert country == {
        **{
            "key": "cn",
            "code": None,
            "name": "中国",
            "level": "country",
            "statutory": True,
            "indicative": True,
        },
        "children": country["children"],
    }
    city = country["children"][0]["children"][0]
    assert (city["key"], city["level"]) == ("220100", "city")
    (zone,) = city["children"]
    assert (zone["key"], zone["code"], zone["statutory"], zone["indicative"]) == ("z_jk", None, False, True)
    assert [town["name"] for town in zone["children"]] == [
        "东方广场街道",
        "会展街道",
        "临河街道",
        "世纪街道",
        "兴隆山镇",
    ]
    assert (await show(app, NOBODY)).json() == {"territories": []}
