"""Whose eyes see which outlines: by area, industry or enterprise, and who keeps accounts or reads the audit."""

from collections.abc import AsyncIterator

import httpx
import mapbox_vector_tile
import psycopg
import pytest

from service.accounts.routes.door import COOKIE
from tests.accounts import Role, add_person, session_of
from tests.conftest import Database, open_service
from tests.world import CITY_PATH

EAST = f"{CITY_PATH}.220105"
# The tile of zoom 9 that holds 二道区 (125.4-125.7 E, 43.8-44.0 N) and parts of its neighbours.
TILE = "/tiles/territories/9/434/186.mvt"


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with open_service(database) as found:
        yield found


def firm_in(database: Database, key: str) -> int:
    """An enterprise without sites that is registered in a territory."""
    with psycopg.connect(database.owner_url) as connection:
        row = connection.execute(
            "INSERT INTO enterprise (name, home_territory_id) SELECT '东厂', id FROM territory WHERE key = %s RETURNING id",
            (key,),
        ).fetchone()
    assert row
    return int(row[0])


async def outlines(client: httpx.AsyncClient) -> set[str]:
    answer = await client.get(TILE)
    assert answer.status_code == 200, answer.text
    layer = mapbox_vector_tile.decode(answer.content).get("territories", {"features": []})
    return {feature["properties"]["name"] for feature in layer["features"]}


@pytest.mark.parametrize(
    "role",
    [
        Role("regulator", area=EAST),
        Role("department", area=EAST, industry="gas"),
        Role("administrator", area=EAST),
        Role("auditor", area=EAST),
    ],
    ids=lambda role: role.role,
)
async def test_the_outlines_are_those_of_ones_own_place(
    client: httpx.AsyncClient, database: Database, role: Role
) -> None:
    client.cookies.set(COOKIE, session_of(database, add_person(database, "one", role)))
    seen = await outlines(client)
    assert {"二道区", "长春市"} <= seen
    assert "宽城区" not in seen


async def test_an_officer_sees_the_outline_that_the_firm_lies_in_and_its_counts(
    client: httpx.AsyncClient, database: Database
) -> None:
    officer = Role("officer", enterprise=firm_in(database, "220105"))
    client.cookies.set(COOKIE, session_of(database, add_person(database, "officer", officer)))
    seen = await outlines(client)
    assert {"二道区", "长春市"} <= seen
    assert "宽城区" not in seen
    for key, status in (("220105", 200), ("220100", 200), ("220103", 404)):
        assert (await client.get(f"/api/territories/{key}/summary")).status_code == status, key


async def test_nobody_is_told_that_anothers_outlines_are_theirs(
    client: httpx.AsyncClient, database: Database
) -> None:
    """Both see no rows, and one browser asks for both."""
    east, west = Role("administrator", area=EAST), Role("administrator", area=f"{CITY_PATH}.220103")
    client.cookies.set(COOKIE, session_of(database, add_person(database, "east", east)))
    tag = (await client.get(TILE)).headers["ETag"]
    client.cookies.set(COOKIE, session_of(database, add_person(database, "west", west)))
    assert (await client.get(TILE, headers={"If-None-Match": tag})).status_code == 200
    assert "二道区" not in await outlines(client)
