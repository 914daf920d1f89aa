"""Gradings by form: by method, by direct rules, overridden; colour and reason at once are what is recorded then."""

from typing import Any

import httpx
import pytest

from tests.conftest import Database
from tests.service.imports.register import rows_of
from tests.service.register.forms import LEC_RED, bridge, create, problems

LS = {
    "method": "ls_v1",
    "inputs": {"L": "2", "S": "2"},
    "assessor": "演示评价人",
    "assessed_on": "2026-11-01",
}
VIOLATION = {"code": "law_violation", "facts": {"violated": "yes"}}


@pytest.fixture
async def point(client: httpx.AsyncClient) -> tuple[httpx.AsyncClient, int]:
    """A client of a register with one point of the region, not assessed."""
    return client, (await create(client, bridge()))["id"]


async def assess(point: tuple[httpx.AsyncClient, int], form: dict[str, Any]) -> httpx.Response:
    client, identity = point
    return await client.post(f"/api/risk-points/{identity}/assessments", json=form)


async def grade(point: tuple[httpx.AsyncClient, int]) -> dict[str, Any]:
    client, identity = point
    shown: dict[str, Any] = (await client.get(f"/api/risk-points/{identity}")).json()
    return shown


async def facts_of(client: httpx.AsyncClient, code: str) -> dict[str, str]:
    """The answers under which a rule of direct decision applies: the first of each list, or its minimum."""
    method = (await client.get("/api/grading/methods/direct_decision/1")).json()
    rule = next(one for one in method["rules"] if one["code"] == code)
    return {
        fact["code"]: fact["values"][0]["value"] if fact["values"] else fact["minimum"]
        for fact in rule["facts"]
    }


async def test_what_is_seen_at_once_is_what_is_recorded(
    point: tuple[httpx.AsyncClient, int], database: Database
) -> None:
    client, _ = point
    seen = await client.post("/api/grading/preview", json=LEC_RED | {"next_review": "2027-10-08"})
    assert seen.status_code == 200, seen.text
    verdict = seen.json()["verdict"]
    assert (verdict["grade"], verdict["score"], seen.json()["problems"]) == ("major", "720", [])
    assert rows_of(database, "SELECT count(*) FROM assessment") == [(0,)]
    assert (await assess(point, LEC_RED | {"next_review": "2027-10-08"})).status_code == 201
    recorded = (await grade(point))["verdicts"]["assessed"]
    assert {key: recorded[key] for key in verdict} == verdict


async def test_assessed_again_the_old_one_stays_evidence(
    point: tuple[httpx.AsyncClient, int], database: Database
) -> None:
    for form in (LEC_RED, LEC_RED, LS):
        assert (await assess(point, form)).status_code == 201
    assert rows_of(database, "SELECT method_id, grade FROM assessment ORDER BY id") == [
        ("lec_fold_a", 1),
        ("ls_v1", 4),
    ]
    assert (await grade(point))["grade"] == "low"
    late = await assess(point, LEC_RED | {"assessed_on": "2025-01-01"})
    assert [one["code"] for one in late.json()["warnings"]] == ["older_assessment"]
    assert (await grade(point))["grade"] == "low"


async def test_an_override_needs_a_reason_and_a_person(
    point: tuple[httpx.AsyncClient, int], database: Database
) -> None:
    form = LEC_RED | {"grade": "较大"}
    assert problems(await assess(point, form)) == {"grade": ["grade_contradicts"]}
    unsigned = form | {"override_reason": "已改造并验收", "assessor": ""}
    assert problems(await assess(point, unsigned)) == {"assessor": ["override_unsigned"]}
    assert (await assess(point, form | {"override_reason": "已改造并验收"})).status_code == 201
    assert rows_of(database, "SELECT grade, override_from, override_reason FROM assessment") == [
        (2, 1, "已改造并验收")
    ]
    assert (await grade(point))["verdicts"]["assessed"]["override"] == {
        "from": "major",
        "to": "large",
        "reason": "已改造并验收",
        "person": "演示评价人",
    }


async def test_every_ticked_rule_is_among_the_reasons(point: tuple[httpx.AsyncClient, int]) -> None:
    client, _ = point
    rules = [
        {"code": code, "facts": await facts_of(client, code)}
        for code in ("law_violation", "crowded_hazardous_place")
    ]
    form = LS | {"direct_rules": rules}
    answer = await assess(point, form)
    assert answer.status_code == 201, answer.text
    assert "direct_rule_decides" in [one["code"] for one in answer.json()["warnings"]]
    verdict = (await grade(point))["verdicts"]["assessed"]
    assert verdict["grade"] == "major"
    assert [one["code"] for one in verdict["reasons"] if one["rule"] == "direct"] == [
        "law_violation",
        "crowded_hazardous_place",
    ]


async def test_a_rule_whose_facts_do_not_hold_says_so(point: tuple[httpx.AsyncClient, int]) -> None:
    client, _ = point
    facts = await facts_of(client, "crowded_hazardous_place") | {"workers": "3"}
    form = LS | {"direct_rules": [{"code": "crowded_hazardous_place", "facts": facts}]}
    assert list(problems(await assess(point, form))) == ["direct_rules"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"inputs": {"L": "3", "E": "6"}}, {"inputs.C": ["input_missing"]}),
        ({"inputs": {"L": "3", "E": "6", "C": "41"}}, {"inputs.C": ["input_refused"]}),
        (
            {"inputs": {"L": "3", "E": "6", "C": "40", "Q": "3"}},
            {"inputs.Q": ["input_refused"]},
        ),
        ({"method": "占卜"}, {"method": ["unknown_method"]}),
        ({"assessed_on": ""}, {"assessed_on": ["assessment_undated"]}),
        ({"assessed_on": "2017-11-31"}, {"assessed_on": ["impossible_date"]}),
        ({"assessed_on": "2030-01-01"}, {"assessed_on": ["assessed_in_future"]}),
        ({"next_review": "2026-10-08"}, {"next_review": ["review_not_later"]}),
        ({"direct_rules": [{"code": "no_such_rule"}]}, {"direct_rules": ["unknown_rule"]}),
    ],
)
async def test_what_is_wrong_stands_at_its_field_and_nothing_is_written(
    point: tuple[httpx.AsyncClient, int],
    database: Database,
    change: dict[str, Any],
    expected: dict[str, list[str]],
) -> None:
    client, _ = point
    assert problems(await assess(point, LEC_RED | change)) == expected
    seen = (await client.post("/api/grading/preview", json=LEC_RED | change)).json()
    assert seen["verdict"] is None
    assert {one["field"]: [one["code"]] for one in seen["problems"] if one["severity"] == "error"} == expected
    assert rows_of(database, "SELECT count(*) FROM assessment") == [(0,)]


async def test_an_empty_grading_is_none(point: tuple[httpx.AsyncClient, int]) -> None:
    assert problems(await assess(point, {})) == {None: ["nothing_assessed"]}
