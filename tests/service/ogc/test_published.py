"""What a deployment publishes: those collections with those fields, to whoever asks, and nothing beside them."""

import zlib

import httpx
import mapbox_vector_tile
import psycopg
import pytest

from service.accounts.routes.door import COOKIE
from service.base.answers import COMPRESSION
from service.base.errors import Rejected
from service.features import layers
from service.ogc.layers import COLLECTIONS as KNOWN
from service.ogc.rules.publishing import published
from tests.accounts import Role, add_person, session_of
from tests.conftest import Database, open_service
from tests.service.ogc.asking import ask
from tests.world import CITY_PATH

PUBLISHED = "cells_4: grade, total; territories:name,level; risk_points:grade"
CELLS = "/ogc/collections/cells_4/tiles/WebMercatorQuad/9/186/434"


async def test_without_a_setting_nobody_is_shown_anything(demo_database: Database) -> None:
    async with open_service(demo_database) as client:
        for path in ("/ogc", "/ogc/collections", "/ogc/collections/cells_4/items", CELLS):
            assert (await client.get(path)).status_code == 401


async def test_whoever_asks_sees_what_is_published_and_nothing_else(demo_database: Database) -> None:
    with psycopg.connect(demo_database.superuser_url) as connection:
        row = connection.execute("SELECT count(*) FROM risk_point").fetchone()
    assert row
    async with open_service(demo_database, publish=PUBLISHED) as client:
        told = await ask(client, "/ogc/collections")
        assert [one["id"] for one in told["collections"]] == ["cells_4", "territories", "risk_points"]
        points = await ask(client, "/ogc/collections/risk_points/items", limit=1000)
        assert points["numberMatched"] == row[0]
        assert {frozenset(one["properties"]) for one in points["features"]} == {frozenset({"grade"})}
        schema = await ask(client, "/ogc/collections/risk_points/queryables")
        assert set(schema["properties"]) == {"geometry", "grade"}
        for path in (
            "/ogc/collections/enterprises",
            "/ogc/collections/cells_5/items",
            "/ogc/collections/sites/items",
        ):
            assert (await client.get(path)).status_code == 404
        for path in (
            "/api/risk-points",
            "/tiles/cells/9/434/186.mvt",
            "/api/session",
            "/api/risk-points.xlsx",
        ):
            assert (await client.get(path)).status_code == 401


@pytest.mark.parametrize(
    "query",
    [
        {"filter": "name LIKE '%炉%'"},
        {"name": "锅炉"},
        {"sortby": "exposed_workers"},
        {"properties": "enterprise"},
        {"f": "ndjson"},
        {"filter": "enterprise_id = 1"},
    ],
)
async def test_what_is_not_published_is_not_told_by_a_filter(
    demo_database: Database, query: dict[str, str]
) -> None:
    async with open_service(demo_database, publish=PUBLISHED) as client:
        answer = await client.get("/ogc/collections/risk_points/items", params=query)
        assert answer.status_code in {400, 403}, answer.text


async def test_the_past_is_not_published(database: Database) -> None:
    with psycopg.connect(database.owner_url) as connection:
        connection.execute(
            "INSERT INTO risk_point (owner_kind, number, name, located_in_id, located_stated)"
            " SELECT 'region', 'R1', 'x', id, true FROM territory WHERE key = '220105'"
        )
    async with open_service(database, publish="risk_points:number") as client:
        address = "/ogc/collections/risk_points/items"
        assert (await ask(client, address))["numberMatched"] == 1
        with psycopg.connect(database.owner_url) as connection:
            connection.execute("DELETE FROM risk_point")
        assert (await ask(client, address, datetime="2026-01-01T00:00:00Z"))["numberMatched"] == 0


async def test_a_tile_holds_the_fields_that_are_published(demo_database: Database) -> None:
    async with open_service(demo_database, publish=PUBLISHED) as client:
        tile = await client.get(CELLS)
        (layer, held), *others = mapbox_vector_tile.decode(tile.content).items()
        assert (layer, others) == ("cells_4", [])
        assert {frozenset(one["properties"]) for one in held["features"]} == {frozenset({"grade", "total"})}
        with psycopg.connect(demo_database.superuser_url) as connection:
            row = connection.execute("SELECT count(*) FROM risk_point WHERE anchor IS NOT NULL").fetchone()
        whole = await client.get("/ogc/collections/cells_4/tiles/WebMercatorQuad/6/23/54")
        told = mapbox_vector_tile.decode(whole.content)["cells_4"]["features"]
        assert row
        assert sum(one["properties"]["total"] for one in told) == row[0]
        # A filter by what is not published would tell it.
        assert (await client.get(CELLS, params={"text": "锅炉"})).status_code == 400
        described = await ask(client, "/ogc/collections/cells_4/tiles/WebMercatorQuad", f="tilejson")
        assert set(described["vector_layers"][0]["fields"]) == {"grade", "total"}
        for name, path in (("risk_points", "9/186/434"), ("territories", "9/186/434")):
            answer = await client.get(f"/ogc/collections/{name}/tiles/WebMercatorQuad/{path}")
            fields = {
                one
                for each in mapbox_vector_tile.decode(answer.content)[name]["features"]
                for one in each["properties"]
            }
            assert fields <= {"grade", "name", "level"}


async def test_a_tile_with_too_much_says_that_it_was_cut(
    demo_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the one limit of all tiles (features/layers.py)."""
    monkeypatch.setattr(layers, "MOST_BYTES", 2_000)
    async with open_service(demo_database, publish="risk_points:name,place") as client:
        tile = await client.get("/ogc/collections/risk_points/tiles/WebMercatorQuad/9/186/434")
        told = mapbox_vector_tile.decode(tile.content)["risk_points"]["features"]
        # Of so many it was drawn; those whose cut shape is nothing are not in it.
        assert 0 < len(told) <= int(tile.headers["X-Riskmap-Truncated"])
        assert len(zlib.compress(tile.content, COMPRESSION)) <= 2_000


async def test_caches_may_keep_it_for_a_minute_and_ask_again(demo_database: Database) -> None:
    async with open_service(demo_database, publish=PUBLISHED) as client:
        tile = await client.get(CELLS)
        assert tile.headers["Cache-Control"] == "public, max-age=60"
        assert tile.headers["Access-Control-Allow-Origin"] == "*"
        again = await client.get(CELLS, headers={"If-None-Match": tile.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        page = await client.get("/ogc/collections/cells_4/items")
        assert page.headers["Cache-Control"] == "public, max-age=60"


async def test_whoever_signs_in_sees_their_own_and_nobody_elses_cache_keeps_it(
    demo_database: Database,
) -> None:
    token = session_of(
        demo_database, add_person(demo_database, "east", Role("analyst", area=f"{CITY_PATH}.220105"))
    )
    async with open_service(demo_database, publish=PUBLISHED) as client:
        public = await client.get(CELLS)
        signed_in = httpx.Cookies({COOKIE: token})
        client.cookies = signed_in
        own = await client.get(CELLS, headers={"If-None-Match": public.headers["ETag"]})
        assert (own.status_code, own.headers["Cache-Control"]) == (200, "private, no-cache")
        assert "Access-Control-Allow-Origin" not in own.headers
        assert own.headers["ETag"] != public.headers["ETag"]
        told = await ask(client, "/ogc/collections")
        assert len(told["collections"]) == len(KNOWN)
        client.cookies.clear()
        answer = await client.get(CELLS, headers={"Authorization": "Bearer rm_unknown"})
        assert answer.status_code == 401


@pytest.mark.parametrize(
    "text", ["points", "cells_4:grades", "cells_4:grade;cells_4:total", ":name", "risk_points:phone"]
)
def test_a_setting_that_means_something_else_is_refused(text: str) -> None:
    with pytest.raises(Rejected, match="RISKMAP_PUBLISH"):
        published(text, KNOWN)


@pytest.mark.parametrize("text", [None, "", " ; "])
def test_nothing_is_published_by_default(text: str | None) -> None:
    assert published(text, KNOWN) == {}


def test_without_fields_only_shapes_are_published() -> None:
    (collection,) = published("cells_5", KNOWN).values()
    assert (collection.columns, collection.rows_at) == ((), None)
