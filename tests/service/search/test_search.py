"""One box that finds each thing by each way, and nothing that is not the viewer's."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import psycopg
import pytest

from geo import cells as beidou
from geo.crs import Datum, from_cgcs2000
from tests.conftest import Database, Postgis, serving
from tests.service.lists.reading import serving_as
from tests.world import CITY_PATH, add_firm, add_region_point, enter

# In the middle of a cell: a position carried through another datum comes back within a millimetre.
LON, LAT = 125.4303, 43.8703
USCC = "91220105MA0000001B"


@pytest.fixture
async def city(postgis: Postgis, demonstrated: str) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(postgis.database(demonstrated)) as client:
        yield client


def settle(database: Database) -> None:
    """A firm with a credit code and initials in 二道区, a region's point with a grade beside it."""
    with psycopg.connect(database.app_url) as connection:
        enter(connection, areas="{" + CITY_PATH + "}")
        add_firm(connection, "演示第一燃气站", LON, LAT)
        connection.execute("UPDATE enterprise SET uscc = %s, initials = 'ysdyrqz'", (USCC,))
        point = add_region_point(connection, "QL-007", LON, LAT)
        connection.execute(
            "UPDATE risk_point SET name = '演示跨河大桥', place = '东岸' WHERE id = %s", (point,)
        )
        connection.execute(
            "INSERT INTO assessment (risk_point_id, basis, method_id, method_version, inputs, grade, reasons, assessed_on)"
            " VALUES (%s, 'assessed', 'stated', '1', '{}', 2, '[]', '2026-01-02')",
            (point,),
        )


async def find(client: httpx.AsyncClient, text: str, **more: Any) -> list[dict[str, Any]]:
    answer = await client.get("/api/search", params={"q": text, **more})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


@pytest.mark.parametrize(
    "text",
    [
        "燃气站",
        "第一 演示",
        "ysdyrqz",
        "YSDY",
        "rqz",
        USCC,
        USCC.lower(),
        USCC[:8],
        "ＹＳＤＹ",
        "演示第一燃气站",
    ],
)
async def test_an_enterprise_is_found_by(client: httpx.AsyncClient, database: Database, text: str) -> None:
    settle(database)
    firms = [item for item in await find(client, text) if item["kind"] == "enterprise"]
    assert [item["title"] for item in firms] == ["演示第一燃气站"]
    assert firms[0]["at"] == pytest.approx([LON, LAT])
    assert USCC in firms[0]["subtitle"]["zh"]
    assert (await client.get(f"/api/enterprises/{firms[0]['id']}")).status_code == 200


@pytest.mark.parametrize("text", ["QL-007", "QL-0", "跨河大桥", "大桥 东岸", "ql-007"])
async def test_a_risk_point_is_found_by(client: httpx.AsyncClient, database: Database, text: str) -> None:
    settle(database)
    points = [item for item in await find(client, text) if item["kind"] == "risk_point"]
    assert [(item["title"], item["grade"]) for item in points] == [("演示跨河大桥", "large")]
    assert points[0]["at"] == pytest.approx([LON, LAT])


@pytest.mark.parametrize("text", ["二道", "二道区", "220105"])
async def test_a_territory_is_found_by(client: httpx.AsyncClient, text: str) -> None:
    first = (await find(client, text))[0]
    assert (first["kind"], first["key"], first["title"]) == ("territory", "220105", "二道区")
    assert first["bounds"][0] < first["at"][0] < first["bounds"][2]


@pytest.mark.parametrize("level", range(1, 11))
async def test_a_cell_of_any_level_is_found_by_its_code(
    client: httpx.AsyncClient, database: Database, level: int
) -> None:
    settle(database)
    code = beidou.encode(LON, LAT, level)
    (cell,) = [item for item in await find(client, code.lower()) if item["kind"] == "cell"]
    assert cell["code"] == code
    west, south, east, north = cell["bounds"]
    assert west <= LON < east
    assert south <= LAT < north
    assert cell["grade"] == ("large" if level in {4, 5} else None)


@pytest.mark.parametrize("datum", list(Datum))
async def test_a_position_is_found_in_its_datum(client: httpx.AsyncClient, datum: Datum) -> None:
    x, y = from_cgcs2000(LON, LAT, datum)
    (place,) = [
        item
        for item in await find(client, f"{y:.9f}, {x:.9f}", datum=datum.value)
        if item["kind"] == "position"
    ]
    assert place["at"] == pytest.approx([LON, LAT], abs=1e-7)
    assert place["code"] == beidou.encode(LON, LAT, 5)
    assert "二道区" in place["subtitle"]["zh"]


async def test_degrees_minutes_and_seconds_are_a_position(client: httpx.AsyncClient) -> None:
    (place,) = await find(client, "125°23′45.6″E 43°51′32.4″N")
    assert place["at"] == pytest.approx([125.396, 43.859])
    assert place["title"] == "125.396000, 43.859000"
    (abroad,) = await find(client, "10.5, 20.5")
    assert "不在" in abroad["subtitle"]["zh"]
    assert [item for item in await find(client, "125.396,95.1") if item["kind"] == "position"] == []


async def test_neither_kind_crowds_the_other_out(city: httpx.AsyncClient) -> None:
    items = await find(city, "演示", limit=20)
    kinds = [item["kind"] for item in items]
    assert len(items) == 20
    assert kinds.count("enterprise") == kinds.count("risk_point") == 10
    ranks = [
        ("major", "large", "general", "low", "unassessed").index(i["grade"])
        for i in items
        if i["kind"] == "risk_point"
    ]
    assert ranks == sorted(ranks)


async def test_another_viewer_finds_only_what_is_theirs(database: Database) -> None:
    settle(database)
    async with serving_as(database, areas=(f"{CITY_PATH}.220102",)) as other:
        for text in ("燃气站", "ysdyrqz", USCC, "QL-007", "大桥", "二道区", "220105"):
            assert await find(other, text) == [], text
        (cell,) = await find(other, beidou.encode(LON, LAT, 5))
        assert cell["grade"] is None
        assert [item["key"] for item in await find(other, "220102")] == ["220102"]
    async with serving_as(database) as nobody:
        assert await find(nobody, "演示") == []


@pytest.mark.parametrize(
    "text", ["%", "_", "\\", "'; DROP TABLE", "\0", "a\0b", "   ", "%%", "🧯", "°°", "1" * 100]
)
async def test_any_text_is_only_a_text(client: httpx.AsyncClient, database: Database, text: str) -> None:
    settle(database)
    assert await find(client, text) == []


@pytest.mark.parametrize(
    "query", ["", "q=", "q=" + "x" * 101, "q=a&limit=0", "q=a&limit=21", "q=a&datum=MARS"]
)
async def test_what_is_no_search_is_refused(client: httpx.AsyncClient, query: str) -> None:
    answer = await client.get(f"/api/search?{query}")
    assert answer.status_code == 422
    assert set(answer.json()) == {"error", "message", "message_en", "details"}
