"""One mistake, two doors: the row of a workbook and the form of a person are refused with the same codes."""

from typing import Any

import httpx
import pytest

from tests.service.imports.points import FIELDS, LEC, point, register
from tests.service.imports.register import NANGUAN, upload
from tests.service.register.forms import plant, problems

# Columns of the workbook -> fields of the form, where the value is the same in both.
SAME = {"number", "name", "place", "territory", "industries", "level", "workers", "managed", "managed_why"}
FORM_NAMES = {
    "level": "control_level",
    "workers": "exposed_workers",
    "managed": "managed_by",
    "managed_why": "managed_reason",
}
GOOD: dict[str, Any] = {"lon": NANGUAN[0], "lat": NANGUAN[1]} | LEC

BAD: list[dict[str, Any]] = [
    {"name": ""},
    {"number": ""},
    {"name": "长" * 121},
    {"place": "有\u0007响铃"},
    {"lon": "43.86", "lat": "125.35"},
    {"lon": "125.35", "lat": ""},
    {"lon": "十二", "lat": "43.86"},
    {"lon": "-3.7", "lat": "40.4"},
    {"lon": "425.35", "lat": "43.86"},
    {"lon": "113.26", "lat": "23.13"},
    {"wkt": "POLYGON((125.35 43.86, 125.36 43.87, 125.36 43.86, 125.35 43.87, 125.35 43.86))", "lon": "", "lat": ""},
    {"wkt": "LINESTRING(43.86 125.35, 43.87 125.36)", "lon": "", "lat": ""},
    {"territory": "农安县"},
    {"territory": "没有的区"},
    {"industries": "没有的行业"},
    {"level": "宇宙"},
    {"workers": "十二"},
    {"workers": "-1"},
    {"managed": "经开区"},
    {"managed": "没有的区", "managed_why": "协议"},
    {"l": "7"},
    {"c": ""},
    {"method": "占卜"},
    {"method": ""},
    {"on": "2017-11-31"},
    {"on": "昨天"},
    {"on": "2030-01-01"},
    {"review": "2020-01-01"},
    {"grade": "紫"},
    {"grade": "低"},
    {"grade": "低", "why": "已改造"},
    {"rule": "没有的规则"},
    {"accidents": "没有的类别"},
    {"event": "长" * 201},
    {"measures": "【没有的类型】设墙"},
]  # fmt: skip


def form_of(cells: dict[str, Any]) -> dict[str, Any]:
    """The same as a person would fill it in."""
    form: dict[str, Any] = {
        FORM_NAMES.get(key, key): str(value) for key, value in cells.items() if key in SAME and value != ""
    }
    if "industries" in form:
        form["industries"] = [form["industries"]]
    position: dict[str, Any] = {key: str(cells[key]) for key in ("lon", "lat") if cells.get(key)}
    if cells.get("wkt"):
        position["geometry"] = geometry_of(cells["wkt"])
    event: dict[str, Any] = {
        "name": cells.get("event", "喷溅"),
        "accident_categories": [cells["accidents"]] if "accidents" in cells else [],
    }
    if "measures" in cells:
        kind, _, text = cells["measures"].removeprefix("【").partition("】")
        event["measures"] = [{"kind": kind, "text": text}]
    assessment = {
        "method": cells["method"],
        "inputs": {key.upper(): str(cells[key]) for key in ("l", "e", "c")},
        "direct_rules": [{"code": cells["rule"]}] if "rule" in cells else [],
        "grade": cells.get("grade"),
        "override_reason": cells.get("why"),
        "assessed_on": cells["on"],
        "next_review": cells.get("review"),
    }
    return form | {"position": position | {"datum": "WGS84"}, "events": [event], "assessments": [assessment]}


def geometry_of(wkt: str) -> dict[str, Any]:
    pairs = [
        [float(number) for number in pair.split()] for pair in wkt.partition("(")[2].strip("()").split(",")
    ]
    kind = "Polygon" if wkt.startswith("POLYGON") else "LineString"
    return {"type": kind, "coordinates": [pairs] if kind == "Polygon" else pairs}


async def test_every_bad_row_is_refused_by_both_doors_alike(client: httpx.AsyncClient) -> None:
    await plant(client)
    rows = [point(number=f"P-{place}") | GOOD | bad for place, bad in enumerate(BAD)]
    seen = await upload(client, register(*rows))
    by_row: dict[int, set[str]] = {}
    for one in seen["problems"]:
        if one["severity"] == "error":
            by_row.setdefault(one["row"], set()).add(one["code"])
    assert len(by_row) == len(BAD)
    different = {}
    for place, row in enumerate(rows):
        answer = await client.post("/api/risk-points", json=form_of(row))
        found = {code for codes in problems(answer).values() for code in codes}
        if found != by_row[place + 2]:
            different[str(BAD[place])] = (by_row[place + 2], found)
    assert different == {}


@pytest.mark.parametrize("key", sorted(SAME))
def test_the_table_speaks_of_columns_that_there_are(key: str) -> None:
    assert key in FIELDS
