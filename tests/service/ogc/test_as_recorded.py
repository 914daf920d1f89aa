"""The parameter datetime: the register as it was recorded at a moment (Features Part 1, fc-time-response)."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import psycopg
import pytest

from service.base.errors import Rejected
from service.ogc.rules.moments import moment_of
from tests.conftest import Database, serving
from tests.service.ogc.asking import RISK_POINTS, ask
from tests.world import CITY_PATH, add_region_point, enter


def change(database: Database, statement: str) -> datetime:
    """Write, and say when it was so: a moment after the commit."""
    with psycopg.connect(database.app_url) as connection:
        enter(connection, areas="{" + CITY_PATH + "}")
        connection.execute(statement)
    return datetime.now(UTC)


async def told(client: httpx.AsyncClient, name: str, at: str) -> list[Any]:
    page = await ask(client, f"/ogc/collections/{name}/items", datetime=at)
    return [feature["properties"] | {"at": feature["geometry"]} for feature in page["features"]]


async def test_what_was_changed_moved_and_removed_is_as_it_was(database: Database) -> None:
    start = datetime.now(UTC)
    await asyncio.sleep(0.01)
    with psycopg.connect(database.app_url) as connection:
        enter(connection, areas="{" + CITY_PATH + "}")
        add_region_point(connection, "R1", 125.4, 43.86)
    written = datetime.now(UTC)
    renamed = change(database, "UPDATE risk_point SET name = '改名桥' WHERE number = 'R1'")
    moved = change(
        database, "UPDATE risk_point SET geom = ST_SetSRID(ST_Point(125.41, 43.86), 4490) WHERE number = 'R1'"
    )
    removed = change(database, "DELETE FROM risk_point WHERE number = 'R1'")
    async with serving(database) as client:
        assert await told(client, "risk_points", start.isoformat()) == []
        first, second, third = [
            await told(client, "risk_points", moment.isoformat()) for moment in (written, renamed, moved)
        ]
        assert (first[0]["name"], first[0]["at"]["coordinates"]) != ("改名桥", [125.41, 43.86])
        assert (second[0]["name"], second[0]["at"]["coordinates"]) == ("改名桥", [125.4, 43.86])
        assert third[0]["at"]["coordinates"] == [125.41, 43.86]
        assert await told(client, "risk_points", removed.isoformat()) == []
        # An interval is the register at its end; open towards the future it is the one there is.
        assert await told(client, "risk_points", f"../{renamed.isoformat()}") == second
        assert await told(client, "risk_points", f"{start.isoformat()}/{moved.isoformat()}") == third
        assert await told(client, "risk_points", f"{start.isoformat()}/..") == []
        # An extent is asked of the position then.
        query = {"datetime": renamed.isoformat(), "bbox": "125.395,43.855,125.405,43.865"}
        assert (await ask(client, f"{RISK_POINTS}/items", **query))["numberMatched"] == 1
        query["datetime"] = moved.isoformat()
        assert (await ask(client, f"{RISK_POINTS}/items", **query))["numberMatched"] == 0


async def test_enterprises_and_sites_as_they_were(database: Database) -> None:
    change(
        database,
        "INSERT INTO enterprise (name, home_territory_id) SELECT '旧名厂', id FROM territory WHERE key = '220105'",
    )
    made = change(
        database,
        "INSERT INTO site (enterprise_id, name, geom, source_datum)"
        " SELECT id, '旧址', ST_SetSRID(ST_Point(125.45, 43.86), 4490), 'CGCS2000' FROM enterprise",
    )
    later = change(database, "UPDATE enterprise SET name = '新名厂'")
    last = change(database, "UPDATE site SET name = '新址', geom = ST_SetSRID(ST_Point(125.46, 43.86), 4490)")
    async with serving(database) as client:
        for moment, name, lon in (
            (made, "旧名厂", 125.45),
            (later, "新名厂", 125.45),
            (last, "新名厂", 125.46),
        ):
            firm = (await told(client, "enterprises", moment.isoformat()))[0]
            assert (firm["name"], firm["at"]["coordinates"][0], firm["sites"]) == (name, lon, 1)
        assert [(await told(client, "sites", at.isoformat()))[0]["name"] for at in (made, last)] == [
            "旧址",
            "新址",
        ]
        # What is kept of no past is as it is.
        assert await told(client, "territories", made.isoformat()) == await told(
            client, "territories", "../.."
        )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-26T10:00:00Z", datetime(2026, 11, 26, 10, tzinfo=UTC)),
        ("2026-11-26T18:00:00+08:00", datetime(2026, 11, 26, 10, tzinfo=UTC)),
        ("../2026-11-26T10:00:00Z", datetime(2026, 11, 26, 10, tzinfo=UTC)),
        ("/2026-11-26T10:00:00Z", datetime(2026, 11, 26, 10, tzinfo=UTC)),
        ("2026-11-25/2026-11-26T10:00:00Z", datetime(2026, 11, 26, 10, tzinfo=UTC)),
        ("2026-11-26", datetime(2026, 11, 27, tzinfo=UTC) - timedelta(microseconds=1)),
        ("../..", None),
        ("/", None),
        ("2026-11-26/..", None),
    ],
)
def test_moments(text: str, expected: datetime | None) -> None:
    assert moment_of(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "now", "2026", "2026-11-26/2026-11-25", "2026-11-26T10:00", "1/2/3", "0001-01-01T00:00:00+14:00"],
)
def test_what_is_no_moment(text: str) -> None:
    with pytest.raises(Rejected):
        moment_of(text)
