"""A tile stays within its bytes, or says that it was cut: the worst points stay, the others are counted in the cells."""

import zlib

import httpx
import psycopg
import pytest

from service.base.answers import COMPRESSION
from service.features import layers
from tests.conftest import Database
from tests.service.features.test_tiles import LAT, LON, features, tile_at, url, write

POINTS = 120
MANY = (
    "INSERT INTO risk_point (owner_kind, number, name, geom, source_datum)"
    " SELECT 'region', 'R' || n, md5(n::text), ST_SetSRID(ST_Point(%s + n * 0.00001, %s), 4490), 'CGCS2000'"
    " FROM generate_series(1, %s) AS n"
)
RED = "UPDATE risk_point SET grade_assessed = 1 WHERE number IN ('R7', 'R77', 'R117')"


@pytest.fixture
def crowd(database: Database) -> Database:
    """A hundred points within a few metres, three of them red."""
    write(database, MANY, LON, LAT, POINTS)
    with psycopg.connect(database.superuser_url) as connection:
        connection.execute(RED)
    return database


def compressed(answer: httpx.Response) -> int:
    return len(zlib.compress(answer.content, COMPRESSION))


@pytest.mark.usefixtures("crowd")
async def test_a_tile_with_room_holds_every_point(client: httpx.AsyncClient) -> None:
    answer = await client.get(url("risk_points", tile_at(LON, LAT, 14)))
    assert len(features(answer, "risk_points")) == POINTS
    assert "x-riskmap-truncated" not in answer.headers


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize("most_bytes", [2500, 1200, 700])
@pytest.mark.parametrize("shown", ["risk_points", "cells,risk_points", "cells,enterprises,risk_points"])
async def test_a_fuller_tile_is_cut_to_its_bytes_and_says_so(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, most_bytes: int, shown: str
) -> None:
    monkeypatch.setattr(layers, "MOST_BYTES", most_bytes)
    answer = await client.get(url(shown, tile_at(LON, LAT, 14)))
    kept = features(answer, "risk_points")
    assert compressed(answer) <= most_bytes
    assert int(answer.headers["x-riskmap-truncated"]) == len(kept) < POINTS
    grades = [point["properties"]["grade"] for point in kept]
    assert grades.count("major") == min(3, len(kept))
    assert grades == sorted(grades, reverse=True)  # unassessed first, major last: the worst lies on top


@pytest.mark.usefixtures("crowd")
async def test_more_points_than_any_tile_holds_are_cut(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layers, "MOST_FEATURES", 10)
    answer = await client.get(url("risk_points", tile_at(LON, LAT, 14)))
    assert len(features(answer, "risk_points")) == int(answer.headers["x-riskmap-truncated"]) == 10


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize("guess", [18, 250])
async def test_a_cut_tile_uses_its_room_however_large_features_were_thought(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, guess: int
) -> None:
    monkeypatch.setattr(layers, "MOST_BYTES", 2500)
    monkeypatch.setattr(layers, "NAMED_BYTES", guess)
    answer = await client.get(url("risk_points", tile_at(LON, LAT, 14)))
    assert "x-riskmap-truncated" in answer.headers
    assert 2500 * 0.7 <= compressed(answer) <= 2500


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize(("z", "named"), [(13, False), (14, True)])
async def test_names_are_sent_from_the_zoom_at_which_they_are_shown(
    client: httpx.AsyncClient, z: int, named: bool
) -> None:
    points = features(await client.get(url("risk_points", tile_at(LON, LAT, z))), "risk_points")
    assert {("name" in p["properties"], "number" in p["properties"]) for p in points} == {(named, named)}
    assert all({"grade", "position", "kind", "demo"} <= set(p["properties"]) for p in points)
