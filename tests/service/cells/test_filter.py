"""The one filter: a summary and a tile hold exactly the points that the table says it selects."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import mapbox_vector_tile
import psycopg
import pytest

from service.base.clock import day_of
from tests.conftest import Postgis, serving
from tests.counting import GRADES, WHOLE

TODAY = day_of(datetime.now(UTC))
FILTERS = {
    "grade=major,unassessed": "COALESCE(grade_assessed, 5) IN (1, 5)",
    "grade=low&basis=inherent": "grade_inherent = 4",
    "territory=220105": "located_in_path <@ (SELECT path FROM territory WHERE key = '220105')",
    "territory=z_jk&view=managed": "managed_by_path <@ (SELECT path FROM territory WHERE key = 'z_jk')",
    "managing=z_jk": "managed_by_path <@ (SELECT path FROM territory WHERE key = 'z_jk')",
    "industry=gas": "industries && ARRAY(SELECT code FROM code_entry WHERE list_id = 'regulatory_industry'"
    " AND 'gas' IN (code, parent_code))",
    "accident=9": "(accident_edition, '9') IN (SELECT 'GB 6441-2025', unnest(accident_categories))"
    " OR (accident_edition, '08') IN (SELECT 'GB 6441-1986', unnest(accident_categories))",
    "control=company,post": "control_level IN ('company', 'post')",
    "owner=region": "owner_kind = 'region'",
    "position=inherited,none": "position IN ('inherited', 'none')",
    "overdue=true": f"next_review < '{TODAY}'",
    "overdue=false": f"COALESCE(next_review >= '{TODAY}', true)",
    "text=锅炉": "number || name || place || (SELECT COALESCE(min(name), '') FROM enterprise"
    " WHERE id = enterprise_id) LIKE '%锅炉%'",
    "text=演示 ＦＸ": "search LIKE '%演示%' AND search LIKE '%fx%'",
    "text=100%25": "false",
    "owner=enterprise&position=own&grade=large": "owner_kind = 'enterprise' AND position = 'own' AND grade_assessed = 2",
}


@pytest.fixture
async def city(postgis: Postgis, demonstrated: str) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(postgis.database(demonstrated)) as client:
        yield client


def table_counts(url: str, where: str, basis: str) -> dict[str, int]:
    with psycopg.connect(url) as connection:
        found: dict[int, int] = dict(
            connection.execute(
                f"SELECT COALESCE(grade_{basis}, 5), count(*) FROM risk_point WHERE {where} GROUP BY 1"
            ).fetchall()
        )
    counts = {grade: found.get(rank, 0) for rank, grade in enumerate(GRADES, 1)}
    return counts | {"total": sum(counts.values())}


@pytest.mark.parametrize("query", FILTERS)
async def test_every_view_obeys_it(
    city: httpx.AsyncClient, postgis: Postgis, demonstrated: str, query: str
) -> None:
    url = postgis.database(demonstrated).superuser_url
    basis = "inherent" if "inherent" in query and "position" not in query else "assessed"
    where = FILTERS[query]
    expected = table_counts(url, f"({where})", basis)
    answer = await city.get(f"/api/territories/220100/summary?{query}")
    assert answer.json()["counts"] == expected

    placed = table_counts(url, f"({where}) AND anchor IS NOT NULL", basis)
    tile = await city.get(f"/tiles/cells/{WHOLE.z}/{WHOLE.x}/{WHOLE.y}.mvt?{query}")
    features = mapbox_vector_tile.decode(tile.content)["cells"]["features"] if tile.content else []
    for grade in GRADES:
        assert sum(feature["properties"][grade] for feature in features) == placed[grade]


async def test_the_filters_of_this_test_select_something(postgis: Postgis, demonstrated: str) -> None:
    url = postgis.database(demonstrated).superuser_url
    selected = {
        query: table_counts(url, f"({where})", "assessed")["total"] for query, where in FILTERS.items()
    }
    assert {query for query, count in selected.items() if not count} == {"text=100%25"}


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("industry=nothing", 422),
        ("accident=99", 422),
        ("control=boss", 422),
        ("position=moon", 422),
        ("owner=me", 422),
        ("overdue=perhaps", 422),
        ("managing=nowhere", 404),
        ("industry=%27;drop", 422),
        ("text=" + "x" * 61, 422),
        ("enterprise=0", 422),
        ("enterprise=99999999999999999999", 422),
    ],
)
async def test_what_is_no_filter_is_refused(client: httpx.AsyncClient, query: str, status: int) -> None:
    answer = await client.get(f"/api/territories/220100/summary?{query}")
    assert answer.status_code == status
    assert set(answer.json()) == {"error", "message", "message_en", "details"}


async def test_a_nul_among_the_words_finds_nothing_else(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/territories/220100/summary", params={"text": "a\0b"})
    assert answer.status_code == 200
