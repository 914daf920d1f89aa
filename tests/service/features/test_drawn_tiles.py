"""Tiles that were drawn before: given again while nothing changed, never after, and within the memory they are given."""

from typing import Any

import httpx
import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.features import layers, routes
from service.features.layers import ENTRY_BYTES, Drawn, DrawnTiles
from tests.conftest import Database, serving

TILE = "/tiles/cells/9/434/186.mvt"


@pytest.fixture
def drawings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A line for every tile that is really drawn."""
    drawn: list[str] = []
    plain = layers.draw

    async def counting(connection: Any, sources: Any, request: Any) -> Drawn:
        drawn.append(str(request.address))
        return await plain(connection, sources, request)

    monkeypatch.setattr(routes, "draw", counting)
    return drawn


def add_point(database: Database, number: str) -> None:
    with psycopg.connect(database.owner_url) as connection:
        connection.execute(
            "INSERT INTO risk_point (owner_kind, number, name, geom, source_datum)"
            " VALUES ('region', %s, %s, ST_SetSRID(ST_Point(125.32, 43.88), 4490), 'CGCS2000')",
            (number, number),
        )


async def ask(client: httpx.AsyncClient, query: str = "") -> bytes:
    answer = await client.get(f"{TILE}{query}")
    assert answer.status_code == 200
    return answer.content


async def test_a_tile_is_drawn_once_until_something_changes_under_it(
    database: Database, drawings: list[str]
) -> None:
    add_point(database, "A")
    async with serving(database) as client:
        first = await ask(client)
        assert await ask(client) == first
        assert len(drawings) == 1
        assert await ask(client, "?grade=major") == b""
        assert len(drawings) == 2
        add_point(database, "B")
        second = await ask(client)
        assert second != first
        assert len(drawings) == 3


async def test_without_room_each_is_drawn_anew(database: Database, drawings: list[str]) -> None:
    add_point(database, "A")
    async with serving(database, tile_cache_mb=0) as client:
        assert await ask(client) == await ask(client)
    assert len(drawings) == 2


async def test_what_changed_while_it_was_drawn_is_not_kept(
    database: Database, drawings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its validator is the older one: kept, the newer picture would be given for a state that has no such point."""
    add_point(database, "A")
    counting = getattr(routes, "draw")  # noqa: B009 - the one that counts

    async def writing(connection: Any, sources: Any, request: Any) -> Drawn:
        if not drawings:
            add_point(database, "B")
        drawn: Drawn = await counting(connection, sources, request)
        return drawn

    monkeypatch.setattr(routes, "draw", writing)
    async with serving(database) as client:
        await ask(client)
        await ask(client)
        await ask(client)
    assert len(drawings) == 2


@given(st.integers(0, 5_000), st.lists(st.tuples(st.integers(0, 9), st.integers(0, 2_000)), max_size=60))
def test_memory_stays_within_its_bound(most: int, wanted: list[tuple[int, int]]) -> None:
    tiles = DrawnTiles(most)
    kept: dict[str, int] = {}
    for tag, length in wanted:
        if tiles.get(str(tag)) is None:
            tiles.keep(str(tag), Drawn(b"x" * length))
            kept[str(tag)] = length
        assert tiles.size <= most
        held = {tag: found for tag in kept if (found := tiles.get(tag)) is not None}
        assert tiles.size == sum(len(one.content) + ENTRY_BYTES for one in held.values())
        assert all(len(one.content) == kept[tag] for tag, one in held.items())
