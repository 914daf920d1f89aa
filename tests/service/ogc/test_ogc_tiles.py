"""OGC API Tiles Part 1 (20-057) and TileJSON: the tiles are the map's own, under the addresses of the standard."""

import httpx
import pytest

from tests.service.ogc.asking import RISK_POINTS, ask, path_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

QUAD = f"{RISK_POINTS}/tiles/WebMercatorQuad"


async def test_a_tile_is_the_one_of_the_map(door: httpx.AsyncClient) -> None:
    """/conf/core/tc-op, tc-success, /conf/mvt/content"""
    for name, layer in (
        ("risk_points", "risk_points"),
        ("enterprises", "enterprises"),
        ("cells_4", "cells"),
        ("territories", "territories"),
    ):
        theirs = await door.get(f"/tiles/{layer}/10/868/373.mvt")
        ours = await door.get(f"/ogc/collections/{name}/tiles/WebMercatorQuad/10/373/868")
        assert ours.status_code == 200
        assert ours.content == theirs.content != b""
        assert ours.headers["content-type"] == "application/vnd.mapbox-vector-tile"
        again = await door.get(
            f"/ogc/collections/{name}/tiles/WebMercatorQuad/10/373/868",
            headers={"If-None-Match": ours.headers["etag"]},
        )
        assert again.status_code == 304


async def test_a_tile_obeys_the_filter_of_the_map(door: httpx.AsyncClient) -> None:
    plain = await door.get(f"{QUAD}/10/373/868")
    filtered = await door.get(f"{QUAD}/10/373/868", params={"grade": "major"})
    assert filtered.content == (await door.get("/tiles/risk_points/10/868/373.mvt?grade=major")).content
    assert len(filtered.content) < len(plain.content)


async def test_beyond_the_matrix_there_is_no_tile(door: httpx.AsyncClient) -> None:
    """/conf/core/tc-error"""
    for address in ("1/2/0", "1/0/2", "23/0/0", "-1/0/0"):
        assert (await door.get(f"{QUAD}/{address}")).status_code == 404
    for address in ("x/0/0", "1/0/zero", "1/0/0.5"):
        assert (await door.get(f"{QUAD}/{address}")).status_code in {400, 404}
    assert (await door.get("/ogc/collections/sites/tiles")).status_code == 404


async def test_tilesets_lead_to_tiles(door: httpx.AsyncClient) -> None:
    """/conf/tileset/desc-links, /conf/tilesets-list, /conf/geodata-tilesets"""
    collection = await ask(door, RISK_POINTS)
    relation = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"
    listed = await ask(
        door, path_of(next(one["href"] for one in collection["links"] if one["rel"] == relation))
    )
    tileset = listed["tilesets"][0]
    assert (tileset["dataType"], tileset["crs"]) == ("vector", "http://www.opengis.net/def/crs/EPSG/0/3857")
    alone = await ask(door, path_of(tileset["links"][0]["href"]))
    item = next(one for one in alone["links"] if one["rel"] == "item")
    assert item["templated"] is True
    address = item["href"].format(tileMatrix=10, tileRow=373, tileCol=868)
    assert (await door.get(path_of(address))).status_code == 200
    scheme = next(one for one in alone["links"] if one["rel"].endswith("tiling-scheme"))
    assert (await ask(door, path_of(scheme["href"])))["uri"] == alone["tileMatrixSetURI"]


async def test_tilejson_leads_to_tiles(door: httpx.AsyncClient) -> None:
    document = await ask(door, QUAD, f="tilejson")
    assert document["tilejson"] == "3.0.0"
    address = document["tiles"][0].format(z=10, x=868, y=373)
    assert (await door.get(path_of(address))).status_code == 200
    assert {layer["id"] for layer in document["vector_layers"]} == {"risk_points"}


async def test_the_quad_is_the_one_of_the_standard(door: httpx.AsyncClient) -> None:
    """17-083r4, annex D.1: scale denominators of zoom 0 and 18, the corner and the number of tiles"""
    quad = await ask(door, "/ogc/tileMatrixSets/WebMercatorQuad")
    matrices = {one["id"]: one for one in quad["tileMatrices"]}
    assert matrices["0"]["scaleDenominator"] == pytest.approx(559082264.028717, rel=1e-12)
    assert matrices["18"]["scaleDenominator"] == pytest.approx(2132.72958384977, rel=1e-12)
    assert matrices["0"]["pointOfOrigin"] == pytest.approx([-20037508.3427892, 20037508.3427892])
    assert matrices["18"]["matrixWidth"] == 262144
