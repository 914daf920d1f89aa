"""How many match: counted where there are few, estimated and said to be so where there are many."""

import httpx
import psycopg
import pytest

from service.base.viewer import Viewer
from service.ogc.queries import counts
from tests.conftest import Postgis, open_service
from tests.service.ogc.asking import RISK_POINTS, ask
from tests.world import CITY_PATH

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize("district", ["", ".220102", ".220105"])
@pytest.mark.parametrize(
    ("query", "condition"),
    [
        ({}, "true"),
        ({"grade": "low"}, "grade_assessed = 4"),
        ({"filter": "exposed_workers > 2"}, "exposed_workers > 2"),
    ],
)
async def test_an_estimate_is_near(
    postgis: Postgis,
    demonstrated: str,
    monkeypatch: pytest.MonkeyPatch,
    district: str,
    query: dict[str, str],
    condition: str,
) -> None:
    """Also where row security leaves a part, and where columns hang together."""
    monkeypatch.setattr(counts, "MOST_COUNTED", 20)
    monkeypatch.setattr(counts, "SAMPLE", 150)
    viewer = Viewer(person="analyst", name="a", areas=(CITY_PATH + district,))
    database = postgis.database(demonstrated)
    with psycopg.connect(database.superuser_url) as connection:
        row = connection.execute(
            f"SELECT count(*) FROM risk_point WHERE {condition}"
            " AND (located_in_path <@ %(area)s::ltree OR managed_by_path <@ %(area)s::ltree)",
            {"area": viewer.areas[0]},
        ).fetchone()
    assert row
    async with open_service(database, viewer=viewer) as client:
        page = await ask(client, f"{RISK_POINTS}/items", limit=1, **query)
        following = await client.get(next(one["href"] for one in page["links"] if one["rel"] == "next"))
    assert page["numberMatchedEstimated"] is True
    assert page["numberMatched"] == pytest.approx(row[0], rel=0.5)
    assert following.json()["numberMatched"] == page["numberMatched"]


async def test_what_can_be_counted_is(door: httpx.AsyncClient) -> None:
    page = await ask(door, f"{RISK_POINTS}/items", limit=1)
    assert "numberMatchedEstimated" not in page


@pytest.mark.parametrize("name", ["cells_5", "territories"])
async def test_what_has_no_numbers_for_ids_is_counted_however_many(
    door: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    counted = await ask(door, f"/ogc/collections/{name}/items", limit=1)
    monkeypatch.setattr(counts, "MOST_COUNTED", 1)
    assert (
        (await ask(door, f"/ogc/collections/{name}/items", limit=1))["numberMatched"]
        == counted["numberMatched"]
        > 1
    )
