"""The map as one file: what goes in obeys the filter and the viewer, nothing points outside, nothing is read as markup."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import httpx
import psycopg
import pytest
from typer.testing import CliRunner

from service.base.database import make_engine, scoped_session
from service.base.settings import Settings
from service.base.viewer import Viewer
from service.cli import app
from service.documents.schemas import contents
from service.documents.schemas.contents import MapRequest, gather
from service.risk_points.schemas.selection import Filter, select_by
from tests.conftest import Database, Postgis, serving
from tests.service.documents.unpacking import unpack
from tests.world import CITY_PATH, add_region_point, enter

NASTY = "</script><img src=x onerror=alert(1)>{{ 7*7 }}{% raw %}\u2028<!--"


@pytest.fixture
async def city(postgis: Postgis, demonstrated: str) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(postgis.database(demonstrated)) as client:
        yield client


def register(database: Database, *names: str) -> None:
    """Points of the region in the middle of 二道区, each in a cell of its own, all but the first assessed low."""
    with psycopg.connect(database.app_url) as connection:
        enter(connection, areas="{" + CITY_PATH + "}")
        for i, name in enumerate(names):
            point = add_region_point(connection, f"R{i}", 125.45 + i / 40, 43.86)
            connection.execute("UPDATE risk_point SET name = %s WHERE id = %s", (name, point))
            if i:
                connection.execute(
                    "INSERT INTO assessment (risk_point_id, basis, method_id, method_version, inputs, grade, reasons, assessed_on)"
                    " VALUES (%s, 'assessed', 'lec_fold_a', '1', '{}', 4, '[]', '2026-01-01')",
                    (point,),
                )


@pytest.mark.parametrize(
    "query",
    ["", "territory=220105", "grade=major,large", "territory=z_jk&view=managed", "industry=gas", "text=锅炉"],
)
async def test_the_file_holds_what_the_summary_counts(city: httpx.AsyncClient, query: str) -> None:
    key = re.search(r"territory=(\w+)", query)
    summary = (await city.get(f"/api/territories/{key[1] if key else '220100'}/summary?{query}")).json()
    answer = await city.get(f"/api/maps.html?{query}")
    content = unpack(answer.text)
    assert content["imprint"]["counts"] == summary["counts"]
    placed = summary["counts"]["total"] - summary["positions"]["none"]
    assert len(content["points"]) == placed
    assert content["left_out"] == {"points": 0, "cell_levels": []}
    for cells in content["cells"].values():
        assert sum(sum(cell[1:6]) for cell in cells) == placed
    methods = content["imprint"]["methods"]
    assert (
        sum(use["points"] for use in methods) == summary["counts"]["total"] - summary["counts"]["unassessed"]
    )


async def test_every_coloured_point_carries_its_reasons(city: httpx.AsyncClient) -> None:
    content = unpack((await city.get("/api/maps.html?territory=220105")).text)
    for point in content["points"]:
        if point["grade"] == "unassessed":
            assert point["verdict"] is None
            continue
        verdict = content["verdicts"][point["verdict"]]
        assert verdict["grade"] == point["grade"]
        assert verdict["method"]["version"]
        assert point["assessor"]
    assert len(content["verdicts"]) < len(content["points"])


async def test_it_is_a_download_and_points_nowhere(city: httpx.AsyncClient) -> None:
    answer = await city.get("/api/maps.html?territory=220105&language=en")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.text
    addresses = re.findall(r"""(?:src|href)\s*=\s*["']([^"']+)""", answer.text)
    assert len(addresses) == 2
    assert all(address.startswith("data:text/") for address in addresses)
    assert "://" not in re.sub(r"data:[^\"]+", "", answer.text)
    assert "<title>Four-colour safety-risk map of 二道区</title>" in answer.text


async def test_what_a_register_holds_is_never_markup(database: Database) -> None:
    register(database, "unassessed", NASTY)
    with psycopg.connect(database.owner_url) as connection:
        connection.execute("UPDATE territory SET name = %s WHERE key = '220105'", (NASTY,))
    async with serving(database) as client:
        answer = await client.get("/api/maps.html?territory=220105")
    assert answer.status_code == 200
    title = f"<title>{escape(f'{NASTY}安全风险四色图')}</title>"
    assert answer.text.count(title) == 1
    rest = answer.text.replace(title, "")
    for piece in ("onerror", "<img", "7*7", "{%", "\u2028", "<!--"):
        assert piece not in rest
    assert NASTY not in answer.headers["Content-Disposition"]
    content = unpack(answer.text)
    assert NASTY in [point["name"] for point in content["points"]]
    assert content["imprint"]["territory"]["name"] == NASTY


async def test_beyond_its_bounds_it_keeps_the_worst_and_says_so(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(database, "one", "two", "three", "four")
    monkeypatch.setattr(contents, "MOST_POINTS", 2)
    monkeypatch.setattr(contents, "MOST_CELLS", 2)
    async with serving(database) as client:
        content = unpack((await client.get("/api/maps.html")).text)
    assert [point["grade"] for point in content["points"]] == ["low", "low"]
    assert content["left_out"] == {"points": 2, "cell_levels": [4, 5]}
    assert content["imprint"]["counts"]["total"] == 4


async def test_row_security_decides_what_goes_in(postgis: Postgis, demonstrated: str) -> None:
    database = postgis.database(demonstrated)
    engine = make_engine(database.app_url, Settings())
    moment = datetime.now(UTC)
    whole = Viewer(person="city", name="长春市", areas=(CITY_PATH,))
    district = replace(whole, person="district", areas=(f"{CITY_PATH}.220105",))
    found = []
    try:
        for viewer in (whole, district):
            async with scoped_session(engine, viewer) as session:
                wanted = Filter.model_validate({})
                request = MapRequest(
                    viewer=viewer,
                    wanted=wanted,
                    selection=await select_by(session, wanted, moment, viewer),
                    settings=Settings(),
                    now=moment,
                )
                found.append(await gather(session, request, "zh"))
    finally:
        await engine.dispose()
    everything, own = found
    assert {point.territory.key for point in own.points} == {"220105"}
    assert 0 < len(own.points) < len(everything.points)
    assert own.imprint.counts.total < everything.imprint.counts.total
    assert len(own.cells[5]) < len(everything.cells[5])


@pytest.mark.parametrize(
    ("query", "status"),
    [("territory=999999", 404), ("territory=..", 422), ("grade=red", 422), ("language=fr", 422)],
)
async def test_what_cannot_be_drawn_is_refused(city: httpx.AsyncClient, query: str, status: int) -> None:
    for door in ("maps.html", "maps/imprint"):
        if door == "maps.html" or "language" not in query:
            answer = await city.get(f"/api/{door}?{query}")
            assert answer.status_code == status
            assert answer.json()["message"]


async def test_the_imprint_says_what_was_asked(city: httpx.AsyncClient) -> None:
    answer = await city.get(
        "/api/maps/imprint?grade=low,major&industry=gas&owner=region&overdue=true&text=管&managing=z_jk&position=own"
    )
    told = {one["name"]["en"]: one["value"]["zh"] for one in answer.json()["conditions"]}
    assert told == {
        "Grade": "低、重大",
        "Industry": "城镇燃气",
        "Owner": "区域",
        "Review": "已逾期",
        "Words": "“管”",
        "Managed by": "长春经济技术开发区",
        "Position": "有坐标",
    }
    assert answer.json()["grades"] == ["major", "low"]


async def test_an_enterprise_is_shown_where_it_is(city: httpx.AsyncClient) -> None:
    points = unpack((await city.get("/api/maps.html?owner=enterprise&position=own")).text)["points"]
    enterprise = points[0]["enterprise"]["id"]
    content = unpack((await city.get(f"/api/maps.html?enterprise={enterprise}")).text)
    west, south, east, north = content["imprint"]["bounds"]
    assert {point["enterprise"]["id"] for point in content["points"]} == {enterprise}
    for point in content["points"]:
        lon, lat = point["anchor"]
        assert west <= lon <= east
        assert south <= lat <= north
    assert (await city.get("/api/maps.html?enterprise=999999999")).status_code == 422


async def test_approval_and_demonstration_are_told(database: Database) -> None:
    async with serving(database, map_approval="演示 GS(2026)0000号", demo=True) as client:
        imprint = (await client.get("/api/maps/imprint")).json()
    assert imprint["approval"] == "演示 GS(2026)0000号"
    assert imprint["demo"] is True


def test_the_command_writes_the_same_map(
    postgis: Postgis, demonstrated: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = postgis.database(demonstrated)
    monkeypatch.setenv("RISKMAP_DATABASE_URL", database.app_url)
    monkeypatch.setenv("RISKMAP_OWNER_DATABASE_URL", database.owner_url)
    out = tmp_path / "map.html"
    asked = [
        "map",
        "--territory",
        "220105",
        "--filter",
        "?grade=major,large&at=43.8,125.3,11",
        "--out",
        str(out),
    ]
    result = CliRunner().invoke(app, asked)
    assert result.exit_code == 0, result.output
    content = unpack(out.read_text(encoding="utf-8"))
    assert content["imprint"]["territory"]["key"] == "220105"
    assert {point["grade"] for point in content["points"]} == {"major", "large"}
    refused = CliRunner().invoke(app, ["map", "--filter", "basis=red", "--out", str(out)])
    assert refused.exit_code == 2
