"""Methods and the calculation for forms over HTTP."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import psycopg
import pytest
from fastapi import FastAPI

from service.base.answers import answer_errors
from service.base.clock import now
from service.base.database import make_engine, owner_session
from service.base.settings import Settings
from service.base.viewer import Viewer
from service.grading import actions, routes
from tests.conftest import Database

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.fixture
async def client(bare_database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """Speaks to the routes alone, as the app role, with the shipped methods published."""
    owner = make_engine(bare_database.owner_url, Settings())
    async with owner_session(owner) as session:
        await actions.load_definitions(session, now=NOW)
    await owner.dispose()
    app = FastAPI()
    app.include_router(routes.router)
    answer_errors(app)
    app.state.engine = make_engine(bare_database.app_url, Settings())
    app.dependency_overrides[now] = lambda: NOW

    @app.middleware("http")
    async def arrive(request, call_next):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        request.state.viewer = Viewer(person="nobody", name="nobody")
        return await call_next(request)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as speaker:
        yield speaker
    await app.state.engine.dispose()


async def post(client: httpx.AsyncClient, **body: Any) -> httpx.Response:
    return await client.post("/api/grading/assess", json=body)


async def test_the_list_of_methods(client: httpx.AsyncClient) -> None:
    items = (await client.get("/api/grading/methods")).json()["items"]
    assert len(items) == 8
    lec = next(item for item in items if item["id"] == "lec_fold_a")
    assert lec == {
        "id": "lec_fold_a",
        "version": "1",
        "kind": "product",
        "title": {"zh": "LEC 法（折算 A）", "en": "LEC (fold A)"},
        "valid_from": "2016-01-01",
        "valid_to": None,
        "in_force": True,
    }


async def test_an_ended_method_is_listed_and_not_in_force(
    client: httpx.AsyncClient, bare_database: Database
) -> None:
    with psycopg.connect(bare_database.owner_url) as connection:
        connection.execute("UPDATE grading_method SET valid_to = '2026-11-23' WHERE method_id = 'ls_v2'")
    items = (await client.get("/api/grading/methods")).json()["items"]
    assert [item["id"] for item in items if not item["in_force"]] == ["ls_v2"]


async def test_a_scoring_method_whole(client: httpx.AsyncClient) -> None:
    method = (await client.get("/api/grading/methods/lec_fold_a/1")).json()
    assert method["symbol"] == "D"
    assert [(axis["code"], len(axis["values"])) for axis in method["axes"]] == [("L", 7), ("E", 6), ("C", 6)]
    assert [(band["grade"], band["text"]) for band in method["bands"]] == [
        ("major", "> 320"),
        ("large", "160 ≤ D ≤ 320"),
        ("general", "70 ≤ D < 160"),
        ("low", "< 70"),
    ]
    assert method["rules"] == []
    assert {source["evidence"] for source in method["sources"]} <= {"secondary", "implemented"}


async def test_direct_rules_say_how_well_they_are_known(client: httpx.AsyncClient) -> None:
    method = (await client.get("/api/grading/methods/direct_decision/1")).json()
    assert (method["symbol"], method["axes"], method["bands"]) == (None, [], [])
    evidence = {rule["code"]: rule["source"]["evidence"] for rule in method["rules"]}
    assert evidence == {
        "law_violation": "secondary",
        "past_accident": "memory",
        "major_hazard_source": "memory",
        "crowded_hazardous_place": "secondary",
        "highest_by_method": "memory",
    }
    crowded = next(rule for rule in method["rules"] if rule["code"] == "crowded_hazardous_place")
    workers = crowded["facts"][1]
    assert (workers["minimum"], workers["unit"], workers["values"]) == (
        "10",
        {"zh": "人", "en": "people"},
        [],
    )


async def test_a_form_is_graded(client: httpx.AsyncClient) -> None:
    answer = await post(client, method="lec_fold_a", version="1", inputs={"L": "3", "E": "6", "C": "40"})
    assert answer.status_code == 200
    verdict = answer.json()
    assert set(verdict) == {
        "basis", "grade", "method", "score", "reasons", "assessor", "assessed_on", "next_review", "override",
    }  # fmt: skip
    assert (verdict["grade"], verdict["score"], verdict["basis"]) == ("major", "720", None)
    assert [reason["rule"] for reason in verdict["reasons"]] == ["inputs", "combine", "band"]
    assert verdict["reasons"][2]["text"] == "> 320"


async def test_a_direct_rule_is_applied(client: httpx.AsyncClient) -> None:
    answer = await post(
        client,
        method="direct_decision",
        version="1",
        rule="crowded_hazardous_place",
        inputs={"hazard": "fire", "workers": "10"},
    )
    verdict = answer.json()
    assert (answer.status_code, verdict["grade"], verdict["score"]) == (200, "major", None)
    assert [reason["rule"] for reason in verdict["reasons"]] == ["inputs", "direct"]


async def test_wrong_inputs_are_answered_with_the_allowed_ones(client: httpx.AsyncClient) -> None:
    answer = await post(client, method="lec_fold_a", version="1", inputs={"L": "4", "E": "6"})
    assert answer.status_code == 422
    body = answer.json()
    assert set(body) == {"error", "message", "message_en", "details"}
    assert body["error"] == "rejected"
    assert [problem["path"] for problem in body["details"]["problems"]] == ["L", "C"]
    assert "允许值：10、6、3、1、0.5、0.2、0.1" in body["message"]
    assert "allowed values: 10, 6, 3, 1, 0.5, 0.2, 0.1" in body["message_en"]


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ({"method": "lec_fold_a", "version": "9", "inputs": {}}, 404, "not_found"),
        ({"method": "hazop", "version": "1", "inputs": {}}, 404, "not_found"),
        ({"method": "direct_decision", "version": "1", "inputs": {}}, 422, "rejected"),
        ({"method": "lec_fold_a", "version": "1", "rule": "law_violation", "inputs": {}}, 422, "rejected"),
        ({"method": "lec\x00", "version": "1", "inputs": {}}, 422, "malformed"),
        ({"method": "lec_fold_a", "version": "1", "inputs": {"L": 3}}, 422, "malformed"),
        ({"method": "lec_fold_a", "version": "1", "inputs": {"L": "9" * 65}}, 422, "malformed"),
        (
            {"method": "lec_fold_a", "version": "1", "inputs": {f"A{i}": "1" for i in range(17)}},
            422,
            "malformed",
        ),
        ({"method": "lec_fold_a"}, 422, "malformed"),
        ([], 422, "malformed"),
    ],
)
async def test_requests_that_are_refused(
    client: httpx.AsyncClient, body: object, status: int, error: str
) -> None:
    answer = await client.post("/api/grading/assess", json=body)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


@pytest.mark.parametrize(
    ("path", "status"), [("lec_fold_a/9", 404), ("hazop/1", 404), ("LEC/1", 422), ("lec_fold_a/%00", 422)]
)
async def test_methods_that_are_not_there(client: httpx.AsyncClient, path: str, status: int) -> None:
    assert (await client.get(f"/api/grading/methods/{path}")).status_code == status
