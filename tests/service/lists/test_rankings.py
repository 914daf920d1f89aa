"""Rankings: the highest grade first, then weighted exposure by area; explained, ours, and never of what is not seen."""

from typing import Any

import httpx
import psycopg
import pytest

from service.base.errors import Rejected
from service.lists.rules import explain_ranking, read_weights
from tests.conftest import Postgis
from tests.counting import GRADES
from tests.service.lists.reading import serving_as
from tests.world import CITY_PATH

Rows = psycopg.Connection[Any]
WEIGHTS = {"major": 64, "large": 16, "general": 4, "low": 1, "unassessed": 4}


@pytest.mark.parametrize("view", ["located", "managed"])
async def test_districts_are_ranked_as_the_table_says(city: httpx.AsyncClient, rows: Rows, view: str) -> None:
    answer = (await city.get(f"/api/territories/220100/ranking?view={view}")).json()
    summary = (await city.get(f"/api/territories/220100/summary?view={view}")).json()
    assert {item["key"]: item["counts"] for item in answer["items"]} == {
        child["key"]: child["counts"] for child in summary["children"]
    }
    for item in answer["items"]:
        row = rows.execute(
            f"""SELECT min(COALESCE(grade_assessed, 5)), COALESCE(sum(exposed_workers), 0),
                sum((ARRAY[64, 16, 4, 1, 4])[COALESCE(grade_assessed, 5)] * GREATEST(exposed_workers, 1)),
                (SELECT ST_Area(boundary::geography) / 1e6 FROM territory WHERE key = %(key)s)
            FROM risk_point
            WHERE {view}_{"in" if view == "located" else "by"}_path <@ (SELECT path FROM territory WHERE key = %(key)s)""",
            {"key": item["key"]},
        ).fetchone()
        assert row is not None
        assert (item["highest"], item["exposed_workers"]) == row[:2]
        assert item["weighted_exposure"] == pytest.approx(float(row[2] or 0))
        assert item["area_km2"] == pytest.approx(row[3])
        assert item["exposure_weighted_density"] == pytest.approx(float(row[2] or 0) / row[3])
    order = [
        (item["highest"] or 9, -item["exposure_weighted_density"], item["place"]) for item in answer["items"]
    ]
    assert order == sorted(order)
    assert answer["items"][0]["place"] == 1


async def test_enterprises_are_ranked_worst_first(city: httpx.AsyncClient) -> None:
    answer = (
        await city.get("/api/territories/220105/ranking?of=enterprises&limit=200&grade=large,low")
    ).json()
    listed = (
        await city.get("/api/enterprises?territory=220105&register=some&grade=large,low&limit=200")
    ).json()
    assert {item["id"]: item["counts"] for item in answer["items"]} == {
        item["id"]: item["counts"] for item in listed["items"]
    }
    order = [
        (item["highest"], -(item["exposure_weighted_density"] or 0), -item["weighted_exposure"])
        for item in answer["items"]
    ]
    assert len(order) > 3
    assert order == sorted(order)
    assert all(item["grade"] == GRADES[item["highest"] - 1] for item in answer["items"])


async def test_it_is_explained_and_not_official(city: httpx.AsyncClient) -> None:
    explanation = (await city.get("/api/territories/220100/ranking")).json()["explanation"]
    assert explanation["weights"] == WEIGHTS
    assert (explanation["version"], explanation["official"]) == ("1", False)
    assert "不是国家或行业标准" in explanation["text"]["zh"]
    assert "not an official standard" in explanation["text"]["en"]


async def test_a_filter_that_lies_elsewhere_leaves_nothing(city: httpx.AsyncClient) -> None:
    elsewhere = (await city.get("/api/territories/220105/ranking?of=enterprises&territory=220102")).json()
    assert elsewhere["items"] == []
    inside = (await city.get("/api/territories/220100/ranking?of=enterprises&territory=220105")).json()
    assert (
        inside["items"] == (await city.get("/api/territories/220105/ranking?of=enterprises")).json()["items"]
    )


async def test_another_viewer_ranks_only_what_is_theirs(postgis: Postgis, demonstrated: str) -> None:
    async with serving_as(postgis.database(demonstrated), areas=(f"{CITY_PATH}.220105",)) as client:
        assert (await client.get("/api/territories/220102/ranking")).status_code == 404
        items = (await client.get("/api/territories/220100/ranking")).json()["items"]
        assert {item["key"] for item in items if item["counts"]["total"]} == {"220105"}


async def test_weights_are_data_and_dated(demo_database: Any) -> None:
    with psycopg.connect(demo_database.owner_url) as connection:
        connection.execute(
            "INSERT INTO official_setting VALUES ('ranking_weights', '2020-01-01', %s, 'a test')",
            (
                '{"version": "2", "workers_at_least": 5, "weights": {"major": 9, "large": 3, "general": 2, "low": 1,'
                ' "unassessed": 0}}',
            ),
        )
    async with serving_as(demo_database, areas=(CITY_PATH,)) as client:
        answer = (await client.get("/api/territories/220100/ranking")).json()
    assert (answer["explanation"]["version"], answer["explanation"]["workers_at_least"]) == ("2", 5)


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"version": "1", "workers_at_least": 0, "weights": WEIGHTS},
        {"version": "1", "workers_at_least": 1, "weights": WEIGHTS | {"low": 100}},
        {"version": "1", "workers_at_least": 1, "weights": WEIGHTS | {"low": -1}},
        {"version": "1", "workers_at_least": 1, "weights": WEIGHTS | {"low": "much"}},
        {"version": "1", "workers_at_least": 1, "weights": {"major": 1}},
    ],
)
def test_weights_that_are_not_sound_are_refused(value: dict[str, Any]) -> None:
    with pytest.raises(Rejected):
        read_weights(value)


def test_the_explanation_names_every_weight() -> None:
    text = explain_ranking(read_weights({"version": "7", "workers_at_least": 3, "weights": WEIGHTS}))
    for word, weight in WEIGHTS.items():
        assert f"{word} {weight}" in text.en
    assert "3" in text.zh
    assert "7" in text.zh
