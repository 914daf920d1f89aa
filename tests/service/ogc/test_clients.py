"""Programs of others at the door, over a real socket: ogr2ogr (GDAL's OAPIF driver) and OWSLib."""

import asyncio
import json
import os
from collections import Counter
from pathlib import Path

import psycopg
import pytest
from owslib.ogcapi.features import Features

from tests.accounts import Role, add_person
from tests.conftest import Database
from tests.listening import listening
from tests.world import CITY_PATH


async def run(*command: str, **environment: str) -> str:
    """What a program says; it must succeed."""
    running = await asyncio.create_subprocess_exec(
        *command,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=os.environ | environment,
    )
    out, err = await running.communicate()
    assert running.returncode == 0, err.decode()
    return out.decode()


async def test_ogr2ogr_pulls_every_point_and_counts_equal_sql(
    demo_database: Database, tmp_path: Path
) -> None:
    async with listening(demo_database) as port:
        address = f"OAPIF:http://127.0.0.1:{port}/ogc"
        file = tmp_path / "points.geojson"
        await run("ogr2ogr", "-f", "GeoJSON", str(file), address, "risk_points", "-oo", "PAGE_SIZE=700")
        box = tmp_path / "box.geojson"
        await run(
            *("ogr2ogr", "-f", "GeoJSON", str(box), address, "risk_points"),
            *("-spat", "125.2", "43.8", "125.5", "44.0", "-where", "grade = 'general'"),
        )
        layers = await run("ogrinfo", "-ro", "-q", address)
    with psycopg.connect(demo_database.superuser_url) as connection:
        stored = Counter(row[0] for row in connection.execute("SELECT number || name FROM risk_point"))
        within = connection.execute(
            "SELECT count(*) FROM risk_point WHERE grade_assessed = 3"
            " AND ST_Intersects(COALESCE(geom, anchor), ST_MakeEnvelope(125.2, 43.8, 125.5, 44.0, 4490))"
        ).fetchone()
    features = json.loads(file.read_text(encoding="utf-8"))["features"]
    assert (
        Counter(feature["properties"]["number"] + feature["properties"]["name"] for feature in features)
        == stored
    )
    assert within
    assert len(json.loads(box.read_text(encoding="utf-8"))["features"]) == within[0] > 0
    for name in ("risk_points", "enterprises", "sites", "cells_4", "cells_5", "territories"):
        assert name in layers


@pytest.mark.parametrize("way", ["path", "basic"])
async def test_ogr2ogr_comes_with_a_key_and_sees_what_its_person_sees(
    demo_database: Database, tmp_path: Path, way: str
) -> None:
    """The links of an answer go on with a key that stood in the path, so that pages can be followed."""
    analyst = add_person(
        demo_database, "analyst", Role("analyst", area=f"{CITY_PATH}.220105"), unit=f"{CITY_PATH}.220105"
    )
    secret = "rm_" + "k" * 43
    with psycopg.connect(demo_database.owner_url) as connection:
        connection.execute(
            "INSERT INTO api_key (person_id, name, prefix, key_digest, expires_at)"
            " VALUES (%s, 'gis', 'rm_kkk', sha256(convert_to(%s, 'UTF8')), now() + interval '1 day')",
            (analyst, secret),
        )
    async with listening(demo_database, sign_in=True) as port:
        host = f"127.0.0.1:{port}"
        address = f"OAPIF:http://{host}/k/{secret}/ogc" if way == "path" else f"OAPIF:http://{host}/ogc"
        file = tmp_path / "points.geojson"
        environment = {"GDAL_HTTP_USERPWD": f"x:{secret}"} if way == "basic" else {}
        await run(
            "ogr2ogr",
            "-f",
            "GeoJSON",
            str(file),
            address,
            "risk_points",
            "-oo",
            "PAGE_SIZE=100",
            **environment,
        )
    with psycopg.connect(demo_database.superuser_url) as connection:
        row = connection.execute(
            "SELECT count(*) FROM risk_point WHERE located_in_path <@ %(area)s OR managed_by_path <@ %(area)s",
            {"area": f"{CITY_PATH}.220105"},
        ).fetchone()
    assert row
    assert len(json.loads(file.read_text(encoding="utf-8"))["features"]) == row[0] > 100


async def test_owslib_walks_from_the_landing_page_to_the_features(demo_database: Database) -> None:
    def walk(port: int) -> tuple[list[str], int, int, set[str]]:
        door = Features(f"http://127.0.0.1:{port}/ogc/")
        assert door.links
        assert any("features-1" in name for name in door.conformance()["conformsTo"])
        paths = door.api()["paths"]
        assert "/collections/{collection}/items" in paths
        names = door.feature_collections()
        first = door.collection_items("risk_points", limit=10)
        one = door.collection_item("risk_points", first["features"][0]["id"])
        queryables = door.collection_queryables("risk_points")
        assert one["properties"] == first["features"][0]["properties"]
        box = door.collection_items("risk_points", bbox=[125.2, 43.8, 125.5, 44.0], limit=1)
        return names, first["numberMatched"], box["numberMatched"], set(queryables["properties"])

    async with listening(demo_database) as port:
        names, matched, within, queryables = await asyncio.to_thread(walk, port)
    assert {"risk_points", "enterprises", "cells_5"} <= set(names)
    assert matched > within > 0
    assert "grade" in queryables
