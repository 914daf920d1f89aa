"""The list of risk points: it obeys the filter, in every order, and its pages are the whole, also while rows change."""

from typing import Any

import httpx
import psycopg
import pytest

from tests.conftest import Database, Postgis, serving
from tests.service.cells.test_filter import FILTERS
from tests.service.lists.reading import follow, serving_as
from tests.world import CITY_PATH, enter

SORTS = ("grade", "name", "number", "enterprise", "assessed_on", "next_review", "recorded_from")


@pytest.mark.parametrize("query", FILTERS)
async def test_it_obeys_every_filter(
    city: httpx.AsyncClient, rows: psycopg.Connection[Any], query: str
) -> None:
    expected = {row[0] for row in rows.execute(f"SELECT id FROM risk_point WHERE {FILTERS[query]}")}
    answer = (await city.get(f"/api/risk-points?{query}&limit=200")).json()
    assert answer["total"] == len(expected)
    found = await follow(city, f"/api/risk-points?{query}&limit=200")
    assert {item["id"] for item in found} == expected
    assert len(found) == len(expected)


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("sort", SORTS)
async def test_pages_are_the_whole_in_every_order(
    city: httpx.AsyncClient, rows: psycopg.Connection[Any], sort: str, order: str
) -> None:
    total = rows.execute("SELECT count(*) FROM risk_point").fetchone()
    items = await follow(city, f"/api/risk-points?sort={sort}&order={order}&limit=97")
    assert total == (len(items),)
    assert len({item["id"] for item in items}) == len(items)
    keys = [key_of(item, sort) for item in items]
    assert keys == sorted(keys, reverse=order == "desc")


def key_of(item: dict[str, Any], sort: str) -> tuple[Any, int]:
    grades = ("major", "large", "general", "low", "unassessed")
    value: Any = item.get(sort)
    if sort == "grade":
        value = grades.index(value)
    elif sort == "enterprise":
        value = value["name"] if value else "\U0010ffff"
    elif sort in {"assessed_on", "next_review"}:
        value = value or "9999-12-31"
    return value, item["id"]


async def test_an_offset_leads_where_the_pages_lead(city: httpx.AsyncClient) -> None:
    first = (await city.get("/api/risk-points?limit=60")).json()["items"]
    second = (await city.get("/api/risk-points?limit=30&offset=30")).json()["items"]
    assert [item["id"] for item in first[30:]] == [item["id"] for item in second]


async def test_rows_that_stay_are_listed_once_while_others_change(demo_database: Database) -> None:
    async with serving(demo_database) as client:
        query = "/api/risk-points?sort=name&limit=50"
        before = {item["id"]: item["name"] for item in await follow(client, query)}
        seen: list[int] = []
        address, step = query, 0
        gone: set[int] = set()
        while True:
            page = (await client.get(address)).json()
            seen += [item["id"] for item in page["items"]]
            if page["next"] is None:
                break
            with psycopg.connect(demo_database.app_url) as connection:
                enter(connection, areas="{" + CITY_PATH + "}")
                # One row of a page that was shown and one of a page to come go away, among them the cursor's own.
                for victim in (page["items"][-1]["id"], max(set(before) - set(seen) - gone, default=None)):
                    if victim is not None:
                        connection.execute("DELETE FROM risk_point WHERE id = %s", (victim,))
                        gone.add(victim)
            step += 1
            address = f"{query}&cursor={page['next']}"
        assert step > 5
        assert len(seen) == len(set(seen))
        assert set(before) - gone <= set(seen)


async def test_a_row_says_what_a_table_shows(city: httpx.AsyncClient, rows: psycopg.Connection[Any]) -> None:
    item = (await city.get("/api/risk-points?owner=enterprise&accident=9&control=company&limit=1")).json()[
        "items"
    ][0]
    row = rows.execute(
        "SELECT p.number, p.name, e.name, s.number, p.industries, p.control_level, t.key, p.accident_categories,"
        " p.accident_edition FROM risk_point p JOIN enterprise e ON e.id = p.enterprise_id"
        " JOIN site s ON s.id = p.site_id JOIN territory t ON t.id = p.managed_by_id WHERE p.id = %s",
        (item["id"],),
    ).fetchone()
    assert row is not None
    assert (item["number"], item["name"], item["enterprise"]["name"], item["site"]["number"]) == row[:4]
    assert [one["code"] for one in item["industries"]] == row[4]
    assert all(one["name"]["zh"] and one["name"]["en"] for one in item["industries"])
    assert item["control_level"] == {
        "code": row[5],
        "name": {"zh": "公司", "en": item["control_level"]["name"]["en"]},
    }
    assert item["managed_by"]["key"] == row[6]
    assert [(one["code"], one["edition"]) for one in item["accident_categories"]] == [
        (code, row[8]) for code in row[7]
    ]
    assert all(one["name"] for one in item["accident_categories"])


@pytest.mark.parametrize(
    "query",
    [
        "sort=colour",
        "order=up",
        "limit=0",
        "limit=201",
        "offset=-1",
        "offset=10001",
        "cursor=abc",
        "cursor=%00",
        "cursor=W10",
        "sort=name&cursor=WyJncmFkZSIsZmFsc2UsMSwxXQ",
        "cursor=WyJncmFkZSIsZmFsc2UsOTk5OTk5OTk5OTk5OTk5OTk5OTk5OTksMV0",
        "sort=next_review&cursor=WyJuZXh0X3JldmlldyIsZmFsc2UsInllc3RlcmRheSIsMV0",
        "grade=purple",
    ],
)
async def test_what_is_no_page_is_refused(city: httpx.AsyncClient, query: str) -> None:
    answer = await city.get(f"/api/risk-points?{query}")
    assert answer.status_code == 422
    assert set(answer.json()) == {"error", "message", "message_en", "details"}


async def test_another_viewer_lists_only_what_is_theirs(
    postgis: Postgis, demonstrated: str, rows: psycopg.Connection[Any]
) -> None:
    async with serving_as(postgis.database(demonstrated), areas=(f"{CITY_PATH}.220105",)) as client:
        answer = (await client.get("/api/risk-points?limit=200")).json()
        items = await follow(client, "/api/risk-points?limit=200")
    expected = {
        row[0]
        for row in rows.execute(
            "SELECT id FROM risk_point WHERE located_in_path <@ %(a)s::ltree OR managed_by_path <@ %(a)s::ltree",
            {"a": f"{CITY_PATH}.220105"},
        )
    }
    assert expected
    assert answer["total"] == len(expected)
    assert {item["id"] for item in items} == expected
