"""What changed when: differences of the point, its events, measures and gradings, the latest first, in pages."""

from typing import Any

import httpx

from tests.conftest import Database, serving
from tests.service.imports.register import NANGUAN
from tests.service.register.forms import ERDAO, LEC_RED, at, bridge, create, seen, show


async def history(client: httpx.AsyncClient, point: int, **query: Any) -> dict[str, Any]:
    answer = await client.get(f"/api/risk-points/{point}/history", params=query)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def told(moment: dict[str, Any]) -> set[tuple[str, str, str | None, str | None]]:
    return {
        (
            one["subject"],
            one["field"],
            one["before"] and one["before"]["zh"],
            one["after"] and one["after"]["zh"],
        )
        for one in moment["changes"]
    }


async def live(client: httpx.AsyncClient) -> int:
    """Created, renamed and moved, events edited, assessed twice."""
    event = {
        "name": "垮塌",
        "accident_categories": ["坍塌"],
        "measures": [{"text": "甲"}, {"text": "乙", "kind": "工程技术"}],
    }
    point: int = (await create(client, bridge(events=[event])))["id"]
    there = f"/api/risk-points/{point}"
    version = (await show(client, point))["version"]
    changed = await client.patch(
        there,
        json={"name": "演示大桥", "control_level": "车间", "position": at(ERDAO)},
        headers=seen(version),
    )
    (standing,) = (await show(client, point))["events"]
    events = [standing | {"measures": [standing["measures"][0] | {"person": "张某"}]}, {"name": "坠落"}]
    moved = await client.put(
        f"{there}/events", json={"events": events}, headers=seen(changed.json()["version"])
    )
    assert moved.status_code == 200, moved.text
    for inputs in ({"L": "3", "E": "6", "C": "40"}, {"L": "1", "E": "6", "C": "40"}):
        answer = await client.post(f"{there}/assessments", json=LEC_RED | {"inputs": inputs})
        assert answer.status_code == 201, answer.text
    return point


async def test_every_change_is_told_with_before_and_after(client: httpx.AsyncClient) -> None:
    point = await live(client)
    found = (await history(client, point))["items"]
    again, first, events, facts, created = found
    assert [one["kind"] for one in found] == ["changed"] * 4 + ["created"]
    assert {one["by"] for one in found} == {"operator"}
    assert told(facts) == {
        ("point", "name", "演示一桥", "演示大桥"),
        ("point", "control_level", None, "车间"),
        ("point", "territory", "南关区", "二道区"),
        ("point", "managed_by", "南关区", "二道区"),
        ("point", "position", f"{NANGUAN[0]}, {NANGUAN[1]} · WGS84", f"{ERDAO[0]}, {ERDAO[1]} · WGS84"),
    }
    assert told(events) == {
        ("event", "event", None, "坠落"),
        ("measure", "person", None, "张某"),
        ("measure", "measure", "乙", None),
        ("measure", "kind", "工程技术", None),
    }
    assert ("assessed", "grade", None, "重大") in told(first)
    assert told(again) == {
        ("assessed", "grade", "重大", "较大"),
        ("assessed", "inputs", "C=40 E=6 L=3", "C=40 E=6 L=1"),
        ("assessed", "score", "720", "240"),
        ("point", "current", "重大", "较大"),
    }
    assert ("point", "name", None, "演示一桥") in told(created)
    assert ("event", "accident_categories", None, "坍塌") in told(created)
    english = [one["title"]["en"] for one in again["changes"]]
    assert "grade" in english


async def test_pages_tell_the_same(client: httpx.AsyncClient) -> None:
    point = await live(client)
    whole = await history(client, point)
    assert whole["next"] is None
    paged, cursor = [], None
    while True:
        page = await history(client, point, limit=1, **({} if cursor is None else {"cursor": cursor}))
        paged += page["items"]
        cursor = page["next"]
        if cursor is None:
            break
    assert paged == whole["items"]


async def test_a_removed_point_has_its_history_and_an_unseen_one_has_none(
    client: httpx.AsyncClient, database: Database
) -> None:
    point = (await create(client, bridge(assessments=[LEC_RED])))["id"]
    version = (await show(client, point))["version"]
    assert (await client.delete(f"/api/risk-points/{point}", headers=seen(version))).status_code == 204
    assert [one["kind"] for one in (await history(client, point))["items"]] == ["removed", "created"]
    async with serving(database, territory="220105") as neighbour:
        for number in (point, 999_999):
            answer = await neighbour.get(f"/api/risk-points/{number}/history")
            assert (answer.status_code, answer.json()["error"]) == (404, "not_found")
