"""OGC API Features Part 1 (17-069r4), its abstract tests by name, against SQL."""

import itertools
import json
import re
from datetime import datetime
from typing import Any

import httpx
import psycopg
import pytest

from service.ogc.rules.crs import CRS84
from tests.service.ogc.asking import COLLECTIONS, RISK_POINTS, ask, ids, link, pages, path_of

pytestmark = pytest.mark.asyncio(loop_scope="module")


def counted(city: psycopg.Connection, table: str, where: str = "true") -> int:
    row = city.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()
    assert row
    return int(row[0])


async def test_the_landing_page_leads_to_everything(door: httpx.AsyncClient) -> None:
    """/conf/core/root-op, /conf/core/root-success"""
    landing = await ask(door, "/ogc")
    assert {"service-desc", "service-doc", "conformance", "data", "self"} <= {
        one["rel"] for one in landing["links"]
    }
    for one in landing["links"]:
        answer = await door.get(path_of(one["href"]))
        assert answer.status_code == 200, one
        assert answer.headers["content-type"].partition(";")[0] == one["type"].partition(";")[0], one


async def test_what_it_conforms_to_is_listed(door: httpx.AsyncClient) -> None:
    """/conf/core/conformance-success"""
    named = (await ask(door, "/ogc/conformance"))["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in named
    assert len(named) == len(set(named))


async def test_collections_are_those_there_are(door: httpx.AsyncClient) -> None:
    """/conf/core/fc-md-op, fc-md-links, fc-md-items, fc-md-extent, sfc-md-success"""
    listed = await ask(door, "/ogc/collections")
    assert [one["id"] for one in listed["collections"]] == list(COLLECTIONS)
    for one in listed["collections"]:
        alone = await ask(door, f"/ogc/collections/{one['id']}")
        for name in ("id", "title", "description", "extent", "crs", "storageCrs", "itemType"):
            assert alone[name] == one[name]
        west, south, east, north = one["extent"]["spatial"]["bbox"][0]
        assert west < east
        assert south < north
        items = next(each for each in one["links"] if each["rel"] == "items")
        assert items["type"] == "application/geo+json"
    assert (await door.get("/ogc/collections/nothing")).status_code == 404


@pytest.mark.parametrize("name", COLLECTIONS)
async def test_pages_together_are_the_collection(door: httpx.AsyncClient, name: str) -> None:
    """/conf/core/fc-op, fc-response, fc-numberMatched, fc-numberReturned, fc-links, fc-limit-definition"""
    address = f"/ogc/collections/{name}/items"
    seen: list[Any] = []
    matched = set()
    async for page in pages(door, address, limit=700):
        assert page["type"] == "FeatureCollection"
        assert datetime.fromisoformat(page["timeStamp"]).tzinfo is not None
        assert page["numberReturned"] == len(page["features"]) <= 700
        matched.add(page["numberMatched"])
        seen += [feature["id"] for feature in page["features"]]
    assert len(seen) == len(set(seen))
    assert matched == {len(seen)}
    assert seen == await ids(door, address, limit=10_000)


async def test_the_points_are_those_of_the_register(
    door: httpx.AsyncClient, city: psycopg.Connection
) -> None:
    found = {row[0] for row in city.execute("SELECT id FROM risk_point")}
    assert set(await ids(door, f"{RISK_POINTS}/items", limit=1000)) == found
    features = (await ask(door, f"{RISK_POINTS}/items", limit=10_000))["features"]
    stored = {
        row[0]: row[1:]
        for row in city.execute(
            "SELECT point.id, number, point.name, enterprise.name, ST_AsGeoJSON(COALESCE(geom, anchor), 8)::jsonb->'type',"
            " grade_assessed, assessed_on::text FROM risk_point AS point LEFT JOIN enterprise ON enterprise.id = enterprise_id"
        )
    }
    words = {None: "unassessed", 1: "major", 2: "large", 3: "general", 4: "low"}
    for feature in features:
        told = feature["properties"]
        number, name, firm, shape, grade, day = stored[feature["id"]]
        assert (told["number"], told["name"], told["enterprise"]) == (number, name, firm)
        assert (told["grade"], told["assessed_on"]) == (words[grade], day)
        assert (feature["geometry"] or {"type": None})["type"] == shape


async def test_cells_count_every_point_that_has_a_place(
    door: httpx.AsyncClient, city: psycopg.Connection
) -> None:
    placed = counted(city, "risk_point", "anchor IS NOT NULL")
    for name in ("cells_4", "cells_5"):
        features = (await ask(door, f"/ogc/collections/{name}/items", limit=10_000))["features"]
        assert sum(feature["properties"]["total"] for feature in features) == placed
        for feature in features:
            ring = feature["geometry"]["coordinates"][0]
            area = sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring))
            assert area > 0, "counter-clockwise, as RFC 7946 has it"


async def test_pages_lead_back_as_they_led_on(door: httpx.AsyncClient) -> None:
    forth = [page async for page in pages(door, f"{RISK_POINTS}/items", limit=600)]
    assert link(forth[0], "prev") is None
    back = [page async for page in pages(door, link(forth[-1], "prev") or "", "prev")]
    assert [page["features"] for page in reversed(back)] == [page["features"] for page in forth[:-1]]
    assert link(back[-1], "prev") is None


async def test_a_limit_is_cut_and_says_so(door: httpx.AsyncClient) -> None:
    """/conf/core/fc-limit-response-1: a server may give fewer than asked for, never an error"""
    answer = await door.get(f"{RISK_POINTS}/items", params={"limit": 1_000_000})
    assert answer.status_code == 200
    assert answer.headers["X-Riskmap-Cut"] == "10000"
    for wrong in ("0", "-1", "many", "1.5", ""):
        assert (await door.get(f"{RISK_POINTS}/items", params={"limit": wrong})).status_code == 400


async def test_an_offset_counts_as_arcgis_does(door: httpx.AsyncClient) -> None:
    whole = await ids(door, f"{RISK_POINTS}/items", limit=10_000)
    page = await ask(door, f"{RISK_POINTS}/items", limit=50, offset=125)
    assert [feature["id"] for feature in page["features"]] == whole[125:175]
    assert link(page, "prev") is not None
    beyond = await ask(door, f"{RISK_POINTS}/items", limit=50, offset=900_000)
    assert (beyond["features"], beyond["numberMatched"]) == ([], len(whole))


@pytest.mark.parametrize(
    "box",
    [(125.30, 43.85, 125.36, 43.91), (124.0, 43.0, 127.5, 45.5), (125.3161, 43.8701, 125.3162, 43.8702)],
)
@pytest.mark.parametrize("name", ["risk_points", "enterprises", "sites", "territories", "cells_4", "cells_5"])
async def test_an_extent_gives_what_meets_it(
    door: httpx.AsyncClient, city: psycopg.Connection, name: str, box: tuple[float, float, float, float]
) -> None:
    """/conf/core/fc-bbox-definition, fc-bbox-response"""
    address = f"/ogc/collections/{name}/items"
    text = ",".join(map(str, box))
    found = set(await ids(door, address, limit=10_000, bbox=text))
    everything = [
        feature async for page in pages(door, address, limit=10_000) for feature in page["features"]
    ]
    envelope = city.execute("SELECT ST_MakeEnvelope(%s, %s, %s, %s, 4326)", box).fetchone()
    assert envelope
    meets = {
        row[0]
        for row in city.execute(
            "SELECT each->>'id' FROM jsonb_array_elements(%s::jsonb) AS each"
            " WHERE ST_Intersects(ST_GeomFromGeoJSON(each->'geometry'), %s::geometry)",
            (
                json.dumps([feature for feature in everything if feature["geometry"]]),
                envelope[0],
            ),
        )
    }
    assert {str(each) for each in found} == meets
    # Six numbers: heights say nothing of flat shapes.
    west, south, east, north = box
    assert found == set(
        await ids(door, address, limit=10_000, bbox=f"{west},{south},-10,{east},{north},4000")
    )


async def test_an_extent_may_cross_the_antimeridian(door: httpx.AsyncClient) -> None:
    nothing = await ask(door, f"{RISK_POINTS}/items", bbox="170,40,-170,50")
    assert nothing["numberMatched"] == 0
    # From 130° E eastward round the world to 126° E: all but a strip that nothing lies in.
    whole = await ask(door, f"{RISK_POINTS}/items", bbox="130,-90,127.9,90")
    located = await ask(door, f"{RISK_POINTS}/items", bbox="-180,-90,180,90")
    assert whole["numberMatched"] == located["numberMatched"] > 0


@pytest.mark.parametrize(
    "query",
    [
        {"bbox": "1,2,3"},
        {"bbox": "1,2,3,4,5"},
        {"bbox": "a,b,c,d"},
        {"bbox": "125,44,126,43"},
        {"bbox": "nan,1,2,3"},
        {"bbox": "-181,0,0,1"},
        {"bbox": "0,0,0,91"},
        {"bbox": "1e400,0,0,1"},
        {"bbox": ""},
        {"bbox-crs": "EPSG:1"},
        {"crs": "http://www.opengis.net/def/crs/EPSG/0/99999"},
        {"datetime": "yesterday"},
        {"datetime": "2026-13-01"},
        {"datetime": "2026-11-26T10:00:00"},
        {"datetime": "2026-11-26/2026-11-25"},
        {"datetime": "9999-12-31T23:59:59-12:00"},
        {"sortby": "nothing"},
        {"sortby": "industries"},
        {"sortby": "name,name"},
        {"sortby": "name,number,place,grade"},
        {"properties": "name,secret"},
        {"cursor": "nonsense"},
        {"cursor": "W10"},
        {"cursor": "W1tudWxsXSwwLDEsMF0"},
        {"cursor": "W1siMSJdLDAsMSwwXQ"},
        {"offset": "-1"},
        {"f": "pdf"},
        {"lang": "fr"},
        {"nothing": "1"},
        {"enterprise_id": "x"},
        {"enterprise_id": "99999999999999999999"},
        {"overdue": "maybe"},
        {"assessed_on": "26.11.2026"},
        {"name": "a\x00b"},
    ],
    ids=lambda query: "&".join(f"{name}={value!r}" for name, value in query.items()),
)
async def test_what_cannot_be_asked_is_refused_as_a_problem(
    door: httpx.AsyncClient, query: dict[str, str]
) -> None:
    """/conf/core/query-param-unknown, query-param-invalid; RFC 9457"""
    answer = await door.get(f"{RISK_POINTS}/items", params=query)
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == 400
    assert re.search(r"[一-鿿]", problem["message"])
    assert problem["detail"] == problem["message_en"]


async def test_a_property_as_parameter_must_be_equal(
    door: httpx.AsyncClient, city: psycopg.Connection
) -> None:
    """/conf/queryables-query-parameters"""
    for query, where in (
        ({"grade": "major"}, "grade_assessed = 1"),
        ({"grade": "unassessed"}, "grade_assessed IS NULL"),
        ({"industries": "chemicals"}, "'chemicals' = ANY (industries)"),
        (
            {"overdue": "true", "owner_kind": "enterprise"},
            "next_review < (now() AT TIME ZONE 'Asia/Shanghai')::date AND enterprise_id IS NOT NULL",
        ),
        ({"territory": "220105"}, "located_in_id = (SELECT id FROM territory WHERE key = '220105')"),
        ({"name": "'; DROP TABLE risk_point; --"}, "false"),
    ):
        page = await ask(door, f"{RISK_POINTS}/items", limit=1, **query)
        assert page["numberMatched"] == counted(city, "risk_point", where), query


async def test_a_feature_by_itself(door: httpx.AsyncClient) -> None:
    """/conf/core/f-op, f-success, f-links"""
    for name in COLLECTIONS:
        page = await ask(door, f"/ogc/collections/{name}/items", limit=3)
        for feature in page["features"]:
            address = f"/ogc/collections/{name}/items/{feature['id']}"
            alone = await ask(door, address)
            assert {key: alone[key] for key in feature} == feature
            assert link(alone, "self") == address
            assert link(alone, "collection") == f"/ogc/collections/{name}"
    for wrong in ("999999999", "x", "-1", "9" * 40, "1%00"):
        answer = await door.get(f"{RISK_POINTS}/items/{wrong}")
        assert (answer.status_code, answer.json()["error"]) == (404, "not_found"), wrong


async def test_only_the_properties_asked_for(door: httpx.AsyncClient) -> None:
    page = await ask(door, f"{RISK_POINTS}/items", properties="grade,name", limit=2)
    assert [list(feature["properties"]) for feature in page["features"]] == [["name", "grade"]] * 2
    bare = await ask(door, f"{RISK_POINTS}/items", properties="", limit=2)
    assert [feature["properties"] for feature in bare["features"]] == [{}, {}]


async def test_schemas_name_what_features_hold(door: httpx.AsyncClient) -> None:
    """Features Part 3 queryables, Part 5 schemas"""
    for name in COLLECTIONS:
        schema = await ask(door, f"/ogc/collections/{name}/schema", lang="en")
        page = await ask(door, f"/ogc/collections/{name}/items", limit=1)
        told = page["features"][0]["properties"]
        assert list(schema["properties"]) == ["id", "geometry", *told]
        assert schema["properties"]["id"]["x-ogc-role"] == "id"
        queryables = await ask(door, f"/ogc/collections/{name}/queryables")
        assert list(queryables["properties"]) == ["geometry", *told]
        sortables = await ask(door, f"/ogc/collections/{name}/sortables")
        assert set(sortables["properties"]) <= set(told)
    schema = await ask(door, f"{RISK_POINTS}/schema", lang="en")
    assert schema["properties"]["grade"]["enum"] == ["major", "large", "general", "low", "unassessed"]
    assert schema["properties"]["industries"]["items"]["x-titles"]["chemicals"]
    zh = await ask(door, f"{RISK_POINTS}/schema", lang="zh")
    assert zh["properties"]["grade"]["title"] == "风险等级"


async def test_the_default_is_longitude_first(door: httpx.AsyncClient) -> None:
    answer = await door.get(f"{RISK_POINTS}/items", params={"limit": 1})
    assert answer.headers["Content-Crs"] == f"<{CRS84}>"
    lon, lat = answer.json()["features"][0]["geometry"]["coordinates"][:2]
    assert 120 < lon < 130
    assert 40 < lat < 50


@pytest.mark.parametrize(
    "address",
    [
        "/ogc",
        "/ogc/conformance",
        "/ogc/api",
        "/ogc/collections",
        "/ogc/collections/cells_4",
        f"{RISK_POINTS}/queryables",
        f"{RISK_POINTS}/items",
        f"{RISK_POINTS}/tiles",
        f"{RISK_POINTS}/tiles/WebMercatorQuad",
        "/ogc/tileMatrixSets",
        "/ogc/tileMatrixSets/WebMercatorQuad",
    ],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_people_get_a_page(door: httpx.AsyncClient, address: str, lang: str) -> None:
    """/conf/html: by f and by Accept, in the client's language, without a script within it"""
    asked = await door.get(address, headers={"Accept": "text/html", "Accept-Language": lang})
    named = await door.get(address, params={"f": "html", "lang": lang})
    for answer in (asked, named):
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/html")
        assert f'<html lang="{"zh-CN" if lang == "zh" else "en"}">' in answer.text
        assert "<script" not in answer.text.replace('<script src="/preview.js" defer></script>', "")
        assert "<style" not in answer.text


async def test_a_page_escapes_what_people_wrote(door: httpx.AsyncClient) -> None:
    answer = await door.get(f"{RISK_POINTS}/items", params={"f": "html", "name": "<script>alert(1)</script>"})
    assert answer.status_code == 200
    assert "<script>" not in answer.text
