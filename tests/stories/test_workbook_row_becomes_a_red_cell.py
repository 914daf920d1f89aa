"""The story of the product: a row of an Excel file becomes a red cell on the map, and the cell can say why."""

import io
import re
from typing import Any, LiteralString

import httpx
import mapbox_vector_tile
import psycopg
import xlsxwriter

from geo.cells import encode
from geo.crs import Datum, to_cgcs2000
from tests.conftest import Database
from tests.world import CITY_PATH, enter

# As a phone shows them: GCJ-02, some 500 m from where they really are.
LON, LAT = "125.402655", "43.861529"

FIRMS: list[tuple[str, ...]] = [
    ("企业名称", "行业监管分类", "场所名称", "地址", "经度", "纬度"),
    ("吉顺化工有限公司（演示）", "危险化学品", "总厂", "演示路 1 号", LON, LAT),
]
COMMON = {"企业名称": "吉顺化工有限公司（演示）", "经度": LON, "纬度": LAT, "评价方法": "LEC"}
ASSESSED = {"评价人": "王工", "评价日期": "2026-10-08", "复评日期": "2027-04-08"}
TANK = COMMON | {
    "风险点编号": "F-01",
    "风险点名称": "液氨储罐区",
    "风险事件": "液氨泄漏",
    "事故类别": "中毒",
    "管控措施": "【工程技术】安装泄漏报警",
    **{"L值": "3", "E值": "6", "C值": "40"},
}
# The table of E has no value 5.
SWITCHGEAR = TANK | {"风险点编号": "F-02", "风险点名称": "配电室", "事故类别": "触电", "E值": "5", "C值": "7"}
POINTS: list[tuple[str, ...]] = [
    tuple(TANK | ASSESSED),
    *(tuple((row | ASSESSED).values()) for row in (TANK, SWITCHGEAR)),
]


def workbook(rows: list[tuple[str, ...]], sheet: str) -> bytes:
    """The rows as a real xlsx file."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        page = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return content.getvalue()


async def hand_in(client: httpx.AsyncClient, name: str, content: bytes) -> dict[str, Any]:
    """Upload, see that a datum is wanted, and state it."""
    answer = await client.post("/api/imports", files={"file": (name, content)})
    assert answer.status_code == 201, answer.text
    upload: dict[str, Any] = answer.json()
    assert upload["state"] == "needs_datum"
    refused = await client.post(f"/api/imports/{upload['id']}/commit", json={"digest": "0" * 64})
    assert refused.status_code == 409
    answer = await client.patch(f"/api/imports/{upload['id']}", json={"datum": "GCJ02"})
    assert answer.status_code == 200, answer.text
    checked: dict[str, Any] = answer.json()
    assert checked["state"] == "previewed"
    return checked


def rows_in(database: Database, table: LiteralString) -> int:
    with psycopg.connect(database.app_url) as connection:
        enter(connection, areas="{" + CITY_PATH + "}")
        row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    assert row
    return int(row[0])


async def test_a_workbook_row_becomes_a_red_cell_that_can_say_why(
    client: httpx.AsyncClient, database: Database
) -> None:
    firms = await hand_in(client, "企业.xlsx", workbook(FIRMS, "企业"))
    assert firms["preview"]["good"] == 1
    assert rows_in(database, "enterprise") == 0, "a preview writes nothing"
    committed = await client.post(
        f"/api/imports/{firms['id']}/commit", json={"digest": firms["preview"]["digest"]}
    )
    assert committed.json()["state"] == "committed"

    points = await hand_in(client, "风险点.xlsx", workbook(POINTS, "风险点"))
    assert (points["preview"]["good"], points["preview"]["bad"]) == (1, 1)
    (bad,) = [problem for problem in points["problems"] if problem["severity"] == "error"]
    assert (bad["sheet"], bad["row"], bad["value"]) == ("风险点", 3, "5")
    assert bad["column"] == "E值"
    assert re.search("[\u4e00-\u9fff]", bad["message"]["zh"])
    assert re.search("[a-z]{3}", bad["message"]["en"])
    assert not re.search("[\u4e00-\u9fff]", bad["message"]["en"].replace("E值", ""))
    digest = {"digest": points["preview"]["digest"]}
    first = await client.post(f"/api/imports/{points['id']}/commit", json=digest)
    again = await client.post(f"/api/imports/{points['id']}/commit", json=digest)
    assert first.json() == again.json(), "sent twice is written once"
    for table in ("risk_point", "assessment", "risk_event", "measure"):
        assert rows_in(database, table) == 1, f"the bad row wrote nothing into {table}"

    lon, lat = to_cgcs2000(float(LON), float(LAT), Datum.GCJ02)
    code = encode(lon, lat, 5)
    cell = (await client.get(f"/api/cells/{code}")).json()
    assert cell["grade"] == "major"
    assert cell["counts"] == {"major": 1, "large": 0, "general": 0, "low": 0, "unassessed": 0, "total": 1}
    (reason,) = cell["reasons"]
    assert reason["risk_point"]["name"] == "液氨储罐区"
    verdict = reason["verdict"]
    assert (verdict["method"]["id"], verdict["score"], verdict["assessor"]) == ("lec_fold_a", "720", "王工")
    assert (verdict["assessed_on"], verdict["next_review"]) == ("2026-10-08", "2027-04-08")
    inputs, combined, band = verdict["reasons"]
    assert {axis["axis"]: axis["value"] for axis in inputs["axes"]} == {"L": "3", "E": "6", "C": "40"}
    assert combined["expression"] == "3 × 6 × 40 = 720"
    assert (band["text"], band["grade"]) == ("> 320", "major")

    point = (await client.get(f"/api/risk-points/{reason['risk_point']['id']}")).json()
    assert point["source"] == {"datum": "GCJ02", "x": LON, "y": LAT}
    assert point["geometry"]["coordinates"] == [round(lon, 9), round(lat, 9)]
    assert point["managed_by"]["key"].startswith("z_jk")
    assert [event["name"] for event in point["events"]] == ["液氨泄漏"]
    assert [category["name"]["zh"] for category in point["events"][0]["accident_categories"]] == ["中毒"]
    assert point["events"][0]["measures"][0]["text"] == "安装泄漏报警"

    tile = await client.get("/tiles/cells/13/6949/2983.mvt")
    drawn = mapbox_vector_tile.decode(tile.content)["cells"]["features"]
    assert [(f["properties"]["code"], f["properties"]["grade"], f["properties"]["major"]) for f in drawn] == [
        (code, "major", 1)
    ]
    summary = (await client.get("/api/territories/220100/summary")).json()
    district = next(child for child in summary["children"] if child["key"] == point["territory"]["key"])
    assert (district["grade"], district["counts"]["major"]) == ("major", 1)


async def test_a_later_workbook_changes_the_cell_and_nothing_is_forgotten(
    client: httpx.AsyncClient, database: Database
) -> None:
    """Controls make the red tank orange: the change is shown before it is written, and both verdicts stay on record."""
    better = TANK | ASSESSED | {"C值": "15", "评价日期": "2026-11-08", "复评日期": "2027-05-08"}
    mended = SWITCHGEAR | ASSESSED | {"E值": "6"}
    for name, rows in (
        ("企业", FIRMS),
        ("风险点", POINTS[:2]),
        ("风险点", [tuple(better), tuple(better.values()), tuple(mended.values())]),
    ):
        seen = await hand_in(client, f"{name}.xlsx", workbook(rows, name))
        digest = {"digest": seen["preview"]["digest"]}
        answer = await client.post(f"/api/imports/{seen['id']}/commit", json=digest)
        assert answer.status_code == 200, answer.text
    assert (seen["preview"]["new"], seen["preview"]["changed"], seen["preview"]["bad"]) == (1, 1, 0)
    (change,) = seen["changes"]
    assert (change["number"], change["name"]) == ("F-01", "液氨储罐区")
    differences = {each["title"]["zh"]: (each["old"], each["new"]) for each in change["differences"]}
    assert differences == {
        "评价输入": ("L=3 E=6 C=40", "L=3 E=6 C=15"),
        "评定风险等级": ("重大", "较大"),
        "评价日期": ("2026-10-08", "2026-11-08"),
        "复评日期": ("2027-04-08", "2027-05-08"),
    }

    lon, lat = to_cgcs2000(float(LON), float(LAT), Datum.GCJ02)
    cell = (await client.get(f"/api/cells/{encode(lon, lat, 5)}")).json()
    assert cell["counts"] == {"major": 0, "large": 1, "general": 1, "low": 0, "unassessed": 0, "total": 2}
    (reason,) = cell["reasons"]
    assert (reason["verdict"]["score"], reason["verdict"]["assessed_on"]) == ("270", "2026-11-08")
    assert kept(database, "assessment", "score") == [("720",), ("270",), ("126",)]
    # The closed version ends in the very moment the open one begins.
    ((old_grade, old_end, grade, begin),) = kept(
        database,
        "risk_point_history AS old JOIN risk_point AS now USING (id)",
        "old.grade_assessed, old.recorded_to, now.grade_assessed, now.recorded_from",
    )
    assert (old_grade, grade) == ("1", "2")
    assert old_end == begin


def kept(database: Database, table: LiteralString, columns: LiteralString) -> list[tuple[str, ...]]:
    """Columns of a table as texts, in the order of their recording."""
    with psycopg.connect(database.app_url) as connection:
        enter(connection, areas="{" + CITY_PATH + "}")
        rows = connection.execute(f"SELECT {columns} FROM {table} ORDER BY id").fetchall()
    return [tuple(str(value) for value in row) for row in rows]


async def test_cancelling_leaves_nothing(client: httpx.AsyncClient, database: Database) -> None:
    firms = await hand_in(client, "企业.xlsx", workbook(FIRMS, "企业"))
    assert (await client.delete(f"/api/imports/{firms['id']}")).status_code == 204
    digest = {"digest": firms["preview"]["digest"]}
    assert (await client.post(f"/api/imports/{firms['id']}/commit", json=digest)).status_code == 409
    assert rows_in(database, "enterprise") == 0


async def test_the_register_changing_after_the_preview_is_told_before_anything_is_written(
    client: httpx.AsyncClient, database: Database
) -> None:
    one = await hand_in(client, "企业.xlsx", workbook(FIRMS, "企业"))
    other = await hand_in(client, "企业二.xlsx", workbook(FIRMS, "企业"))
    await client.post(f"/api/imports/{one['id']}/commit", json={"digest": one["preview"]["digest"]})
    stale = await client.post(
        f"/api/imports/{other['id']}/commit", json={"digest": other["preview"]["digest"]}
    )
    assert (stale.status_code, stale.json()["error"]) == (409, "stale_preview")
    assert (await client.get(f"/api/imports/{other['id']}")).json()["preview"]["unchanged"] == 1
    assert rows_in(database, "enterprise") == 1
