"""The pages of the door: each opens in both languages, and what they offer to be copied does what it says."""

import asyncio
import re
import shlex
import subprocess
import sys
from html import unescape
from pathlib import Path

import geopandas
import httpx
import psycopg
import pytest

from tests.accounts import Role, add_person
from tests.conftest import Database
from tests.listening import listening
from tests.service.ogc.asking import COLLECTIONS, ask
from tests.world import CITY_PATH

pytestmark = pytest.mark.asyncio(loop_scope="module")
PLACES = (
    "/ogc", "/ogc/conformance", "/ogc/api", "/ogc/collections", "/ogc/tileMatrixSets", "/ogc/tileMatrixSets/WebMercatorQuad",
    "/ogc/downloads", "/ogc/collections/risk_points/tiles", "/ogc/collections/cells_4/tiles/WebMercatorQuad",
    *(f"/ogc/collections/{name}{below}" for name in COLLECTIONS for below in ("", "/items", "/schema", "/queryables", "/sortables")),
)  # fmt: skip


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("path", PLACES)
async def test_every_place_has_a_page(door: httpx.AsyncClient, path: str, lang: str) -> None:
    answer = await door.get(path, params={"f": "html", "lang": lang})
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Content-Language"] == lang
    assert f'<html lang="{"zh-CN" if lang == "zh" else "en"}">' in answer.text
    # The content policy lets no script or style within a page through.
    assert not re.search(r"<script(?![^>]*src=)|<style|\son\w+=|\sstyle=", answer.text)


async def test_links_of_a_page_lead_on(door: httpx.AsyncClient) -> None:
    """From the landing page, two steps far; addresses of files and of the page's own are left out."""
    seen, waiting = set[str](), ["http://map/ogc?f=html"]
    for _ in range(3):
        found: list[str] = []
        for address in waiting:
            answer = await door.get(address)
            assert answer.status_code == 200, address
            found += [unescape(one) for one in re.findall(r'href="(http://map/ogc[^"]*)"', answer.text)]
        waiting = [one for one in dict.fromkeys(found) if one not in seen and "f=html" in one][:60]
        seen.update(waiting)
    assert len(seen) > 30


async def test_a_form_asks_for_a_file_and_is_led_to_it(door: httpx.AsyncClient) -> None:
    answer = await door.post(
        "/ogc/collections/risk_points/downloads", data={"f": "gpkg", "filter": "grade = 'major'"}
    )
    assert answer.status_code == 303
    page = answer.headers["Location"]
    async with asyncio.timeout(60):
        while "data-file" not in (text := (await door.get(page)).text):
            assert 'http-equiv="refresh"' in text
            await asyncio.sleep(0.2)
    (address,) = re.findall(r'href="([^"]+/file)"', text)
    assert (await door.get(address)).content[:15] == b"SQLite format 3"
    refused = await door.post("/ogc/collections/risk_points/downloads", data={"f": "gpkg", "limit": "x"})
    assert refused.status_code == 400


async def test_the_style_is_the_four_colours(door: httpx.AsyncClient) -> None:
    for geometry, kind in (("point", "marker"), ("line", "line"), ("area", "fill")):
        answer = await door.get(
            "/ogc/collections/risk_points/style.qml", params={"geometry": geometry, "lang": "zh"}
        )
        assert f'<symbol type="{kind}"' in answer.text
        for grade, colour in (("重大风险", "211,48,47"), ("低风险", "51,113,204")):
            assert grade in answer.text
            assert colour in answer.text


async def test_what_is_to_be_copied_works(demo_database: Database, tmp_path: Path) -> None:
    """ogr2ogr, curl and geopandas as the page says, with a key in its place. R is not on the machine of the tests."""
    analyst = add_person(demo_database, "analyst", Role("analyst", area=CITY_PATH), unit=CITY_PATH)
    secret = "rm_" + "s" * 43
    with psycopg.connect(demo_database.owner_url) as connection:
        connection.execute(
            "INSERT INTO api_key (person_id, name, prefix, key_digest, expires_at)"
            " VALUES (%s, 'gis', 'rm_sss', sha256(convert_to(%s, 'UTF8')), now() + interval '1 day')",
            (analyst, secret),
        )
    async with listening(demo_database, sign_in=True) as port:
        headers = {"Authorization": f"Bearer {secret}"}
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers) as client:
            text = (await client.get("/ogc/collections/enterprises", params={"f": "html"})).text
            matched = (await ask(client, "/ogc/collections/enterprises/items", limit=1))["numberMatched"]
        told = {
            tool: unescape(body).replace("YOUR_KEY", secret)
            for tool, body in re.findall(r'<pre data-snippet="([^"]+)">(.*?)</pre>', text, re.DOTALL)
        }
        assert set(told) == {"QGIS", "ogr2ogr", "geopandas", "R", "curl"}

        def run(*command: str) -> str:
            done = subprocess.run(
                command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120
            )
            assert done.returncode == 0, done.stderr
            return done.stdout

        for tool in ("ogr2ogr", "curl"):
            (tmp_path / "enterprises.gpkg").unlink(missing_ok=True)
            await asyncio.to_thread(run, *shlex.split(told[tool]))
            assert len(geopandas.read_file(tmp_path / "enterprises.gpkg", layer="enterprises")) == matched
        printed = await asyncio.to_thread(run, sys.executable, "-W", "error", "-c", told["geopandas"])
        assert "[5 rows x 14 columns]" in printed
