"""Forms as a client sends them, with invented names, over a small register brought in by the import."""

from typing import Any

import httpx

from tests.conftest import Database
from tests.service.imports.points import USCC
from tests.service.imports.register import NANGUAN, bring_in, csv_of, rows_of

ERDAO = ("125.3700", "43.8700")
LEC_RED = {
    "method": "LEC",
    "inputs": {"L": "3", "E": "6", "C": "40"},
    "assessor": "演示评价人",
    "assessed_on": "2026-10-08",
}
LINE = {"type": "LineString", "coordinates": [[125.31, 43.87], [125.36, 43.87]]}
AREA = {
    "type": "Polygon",
    "coordinates": [[[125.349, 43.859], [125.351, 43.859], [125.351, 43.861], [125.349, 43.859]]],
}


async def plant(client: httpx.AsyncClient) -> None:
    """演示一厂 in 南关区 (sites 1 and 2), and 演示二厂 in 二道区 without a position."""
    await bring_in(
        client,
        csv_of(
            ("统一社会信用代码", "企业名称", "场所编号", "经度", "纬度", "行业监管分类", "所在区划"),
            (USCC, "演示一厂", "1", *NANGUAN, "冶金", ""),
            (USCC, "演示一厂", "2", "125.3700", "43.8600", "冶金", ""),
            ("", "演示二厂", "", "", "", "", "二道区"),
        ),
    )


def at(place: tuple[str, str], datum: str = "WGS84") -> dict[str, str]:
    """A position as typed."""
    return {"lon": place[0], "lat": place[1], "datum": datum}


def bridge(**fields: object) -> dict[str, object]:
    """A new point of the region in 南关区."""
    return {"number": "QL-1", "name": "演示一桥", "position": at(NANGUAN)} | fields


async def create(client: httpx.AsyncClient, form: dict[str, object], **headers: str) -> dict[str, Any]:
    """Send a form that is good and give the answer."""
    answer = await client.post("/api/risk-points", json=form, headers=headers)
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def show(client: httpx.AsyncClient, point_id: int) -> dict[str, Any]:
    """The point as a form holds it."""
    answer = await client.get(f"/api/risk-points/{point_id}/form")
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def problems(answer: httpx.Response) -> dict[str | None, list[str]]:
    """The codes of what is wrong, by field."""
    assert answer.status_code == 422, answer.text
    assert answer.json()["error"] == "rejected", answer.text
    found: dict[str | None, list[str]] = {}
    for one in answer.json()["details"]["problems"]:
        if one["severity"] == "error":
            assert one["message"]["zh"]
            assert one["message"]["en"]
            found.setdefault(one["field"], []).append(one["code"])
    return found


def seen(version: int) -> dict[str, str]:
    """The header that says which version was looked at."""
    return {"If-Match": f'"{version}"'}


def tables(database: Database) -> list[list[tuple[Any, ...]]]:
    """Every row that a form may write."""
    names = ("risk_point", "risk_event", "measure", "assessment", "sent_once", "enterprise", "site")
    return [rows_of(database, f"SELECT * FROM {name} ORDER BY 1") for name in names]
