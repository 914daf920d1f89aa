"""The enterprises layer: where sites stand, how bad their points are under the filter, who has no register."""

from typing import Any

import httpx
import pytest

from tests.conftest import Database
from tests.service.features.test_tiles import LAT, LON, features, tile_at, url, write

pytestmark = pytest.mark.usefixtures("firms")

FIRM = (
    "INSERT INTO enterprise (name, industries, home_territory_id, demo)"
    " SELECT %s, '{gas}', id, true FROM territory WHERE key = '220100'"
)
SITES = (
    "INSERT INTO site (enterprise_id, number, geom, source_datum, demo)"
    " SELECT id, number, ST_SetSRID(ST_Point(lon, %s), 4490), 'WGS84', true"
    " FROM enterprise, (VALUES ('1', %s::float8), ('2', %s::float8)) AS place (number, lon) WHERE enterprise.name = %s"
)
POINT = (
    "INSERT INTO risk_point (owner_kind, enterprise_id, site_id, number, name, control_level)"
    " SELECT 'enterprise', enterprise_id, site.id, %s, '锅炉', %s FROM site JOIN enterprise ON enterprise.id = enterprise_id"
    " WHERE enterprise.name = %s AND site.number = '1'"
)
MARK = (
    "INSERT INTO assessment (risk_point_id, basis, method_id, method_version, inputs, grade, reasons, assessed_on)"
    " SELECT id, 'assessed', 'stated', '1', '{}', %s, '[]', '2026-01-01' FROM risk_point WHERE number = %s"
)


@pytest.fixture
def firms(database: Database) -> Database:
    """甲 with two sites and two points, 乙 without any point."""
    for name, east in (("甲（演示）", 0.0), ("乙（演示）", 0.002)):
        write(database, FIRM, name)
        write(database, SITES, LAT, LON + east, LON + east - 0.005, name)
    write(database, POINT, "A1", "company", "甲（演示）")
    write(database, POINT, "A2", "post", "甲（演示）")
    write(database, MARK, 2, "A1")
    return database


async def drawn(client: httpx.AsyncClient, z: int = 14, **filters: str) -> dict[str, list[dict[str, Any]]]:
    answer = await client.get(url("enterprises", tile_at(LON, LAT, z)), params=filters)
    found: dict[str, list[dict[str, Any]]] = {}
    for feature in features(answer, "enterprises"):
        found.setdefault(feature["properties"].get("name", "-"), []).append(feature["properties"])
    return found


async def test_every_site_wears_the_worst_grade_of_its_firm(client: httpx.AsyncClient) -> None:
    found = await drawn(client)
    assert [(p["grade"], p["points"], p["no_register"], p["demo"]) for p in found["甲（演示）"]] == [
        ("large", 2, False, True)
    ] * 2
    assert [(p.get("grade"), p["points"], p["no_register"]) for p in found["乙（演示）"]] == [
        (None, 0, True)
    ] * 2


@pytest.mark.parametrize(
    ("filters", "seen"),
    [
        ({"grade": "unassessed"}, ("unassessed", 1)),
        ({"control": "company"}, ("large", 1)),
        ({"text": "锅炉"}, ("large", 2)),
        ({"basis": "inherent"}, ("unassessed", 2)),
        ({"view": "managed", "managing": "z_jk"}, ("large", 2)),
        ({"text": "没有"}, None),
        ({"owner": "region"}, None),
        ({"territory": "220182"}, None),
    ],
)
async def test_it_obeys_the_one_filter(
    client: httpx.AsyncClient, filters: dict[str, str], seen: tuple[str, int] | None
) -> None:
    found = await drawn(client, 14, **filters)
    assert {(p["grade"], p["points"]) for p in found.get("甲（演示）", [])} == ({seen} if seen else set())


async def test_a_filter_of_points_leaves_those_without_out(client: httpx.AsyncClient) -> None:
    assert "乙（演示）" not in await drawn(client, control="company")
    assert "乙（演示）" in await drawn(client, territory="220100")


async def test_names_are_left_out_where_they_cannot_be_read(client: httpx.AsyncClient) -> None:
    assert set(await drawn(client, 12)) == {"-"}


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE enterprise SET name = '丙' WHERE left(name, 1) = '甲'",
        "UPDATE site SET geom = ST_Translate(geom, 0, 0.0001)",
        # A point far away changes the grade of the firm here.
        "INSERT INTO risk_point (owner_kind, enterprise_id, number, name, geom, source_datum) SELECT 'enterprise', id, 'far',"
        " '远', ST_SetSRID(ST_Point(125.0, 43.9), 4490), 'WGS84' FROM enterprise WHERE left(name, 1) = '甲'",
        "DELETE FROM risk_point WHERE number = 'A2'",
    ],
)
async def test_a_change_is_seen_at_once(client: httpx.AsyncClient, firms: Database, change: str) -> None:
    address = url("enterprises", tile_at(LON, LAT, 14))
    before = await client.get(address)
    assert (await client.get(address, headers={"If-None-Match": before.headers["etag"]})).status_code == 304
    write(firms, change)
    after = await client.get(address, headers={"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200
    assert after.content != before.content


async def test_layers_come_together(client: httpx.AsyncClient) -> None:
    tile = tile_at(LON, LAT, 14)
    answer = await client.get(url("cells,enterprises,risk_points", tile))
    assert [len(features(answer, layer)) > 0 for layer in ("cells", "enterprises", "risk_points")] == [
        True
    ] * 3
