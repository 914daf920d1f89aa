"""A method may have any axes: the form, the preview and the import take them all."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import Database
from tests.service.imports.register import bring_in, codes, csv_of, rows_of, upload
from tests.service.register.forms import bridge, create

METHOD = """
id: pve
version: 1
kind: product
title: {zh: 演示三因素法, en: demonstration method of three factors}
words: [三因素法]
valid_from: 2016-01-01
sources: [{text: 演示, evidence: memory}]
symbol: R
axes:
  - {code: P, title: {zh: 概率, en: probability}, values: [{value: 3, text: HIGH}, {value: 1, text: LOW}]}
  - {code: V, title: {zh: 脆弱性, en: vulnerability}, values: [{value: 2, text: HIGH}, {value: 1, text: LOW}]}
  - {code: E, title: {zh: 暴露, en: exposure}, values: [{value: 2, text: HIGH}, {value: 1, text: LOW}]}
bands:
  - {grade: major, from: 12}
  - {grade: large, from: 6, below: 12}
  - {grade: general, from: 3, below: 6}
  - {grade: low, below: 3}
""".replace("HIGH", "{zh: 高, en: high}").replace("LOW", "{zh: 低, en: low}")
DATED = {"assessor": "演示评价人", "assessed_on": "2026-11-01"}
HEADINGS = ("编号", "风险点名称", "经度", "纬度", "评价方法", "E值", "其他评价输入", "评价日期")


@pytest.fixture
def published(database: Database, tmp_path: Path) -> None:
    """The method, published by the command."""
    file = tmp_path / "pve.yaml"
    file.write_text(METHOD, encoding="utf-8")
    addresses = {
        "RISKMAP_DATABASE_URL": database.app_url,
        "RISKMAP_OWNER_DATABASE_URL": database.owner_url,
    }
    command = [str(Path(sys.executable).with_name("riskmap")), "methods", "publish", str(file)]
    subprocess.run(command, check=True, env=os.environ | addresses)


@pytest.mark.usefixtures("published")
async def test_a_form_takes_every_axis_of_the_method(client: httpx.AsyncClient, database: Database) -> None:
    grading: dict[str, Any] = DATED | {"method": "pve", "inputs": {"P": "3", "V": "2", "E": "2"}}
    seen = (await client.post("/api/grading/preview", json=grading)).json()
    assert (seen["verdict"]["grade"], seen["verdict"]["score"], seen["problems"]) == ("major", "12", [])
    await create(client, bridge(assessments=[grading]))
    assert rows_of(database, "SELECT method_id, inputs, grade FROM assessment") == [
        ("pve", {"P": "3", "V": "2", "E": "2"}, 1)
    ]
    for inputs, expected in (
        ({"P": "3", "E": "2"}, {"inputs.V": ["input_missing"]}),
        ({"P": "9", "V": "2", "E": "2"}, {"inputs.P": ["input_refused"]}),
        ({"P": "3", "V": "2", "E": "2", "Q": "1"}, {"inputs.Q": ["input_refused"]}),
        ({"P": "3", "V": "2", "E": "2", "不": "1"}, {"inputs.不": ["input_refused"]}),
    ):
        answer = await client.post("/api/grading/preview", json=grading | {"inputs": inputs})
        found: dict[str, list[str]] = {}
        for one in answer.json()["problems"]:
            found.setdefault(one["field"], []).append(one["code"])
        assert found == expected, inputs


@pytest.mark.usefixtures("published")
async def test_an_import_takes_every_axis_of_the_method(
    client: httpx.AsyncClient, database: Database
) -> None:
    row = ("QL-1", "演示一桥", "125.3500", "43.8600", "三因素法", "2", "p＝3；V：1", "2026-11-01")
    await bring_in(client, csv_of(HEADINGS, row))
    assert rows_of(database, "SELECT inputs, grade FROM assessment") == [({"P": "3", "V": "1", "E": "2"}, 2)]
    for text, expected in (
        ("3、2", ["inputs_unreadable"]),
        ("P=3；P=1", ["inputs_unreadable"]),
        ("P=3", ["input_missing"]),
    ):
        seen = await upload(client, csv_of(HEADINGS, (*row[:6], text, row[7])))
        assert codes(seen)[: len(expected)] == expected, text


@pytest.mark.parametrize(
    ("method", "inputs", "grade"),
    [
        ("lec_fold_a", {"L": "3", "E": "6", "C": "40"}, "major"),
        ("lec_fold_b", {"L": "3", "E": "6", "C": "40"}, "major"),
        ("lec_fold_a_c2", {"L": "1", "E": "1", "C": "1"}, "low"),
        ("ls_v1", {"L": "5", "S": "5"}, "major"),
        ("ls_v2", {"L": "2", "S": "2"}, "general"),
        ("enterprise_4x4", {"L": "3", "S": "3"}, "large"),
    ],
)
async def test_every_shipped_method_grades_a_form(
    client: httpx.AsyncClient, method: str, inputs: dict[str, str], grade: str
) -> None:
    seen = (
        await client.post("/api/grading/preview", json=DATED | {"method": method, "inputs": inputs})
    ).json()
    assert (seen["problems"], seen["verdict"]["grade"]) == ([], grade)
