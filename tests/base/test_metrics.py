"""What an operator sees: requests by route, statements by name, slow ones in the log, and nothing of anybody's rows."""

import json

import httpx
import pytest
from structlog.testing import capture_logs

from tests.conftest import Database, serving
from tests.world import CITY_PATH


async def lines(client: httpx.AsyncClient) -> dict[str, float]:
    answer = await client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    rows = (line.rsplit(" ", 1) for line in answer.text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, value in rows}


async def test_requests_are_counted_by_route_and_not_by_address(client: httpx.AsyncClient) -> None:
    counted = 'riskmap_requests_total{route="/api/cells/{code}",status="2xx"}'
    before = await lines(client)
    for code in ("N51KA7581", "N51KA7582"):
        assert (await client.get(f"/api/cells/{code}", params={"text": "张三"})).status_code == 200
    await client.get("/nobody/knows/this/address")
    after = await lines(client)
    assert after[counted] - before.get(counted, 0) == 2
    assert after['riskmap_statement_seconds_count{statement="cells/count_cell"}'] >= 2
    text = (await client.get("/metrics")).text
    assert "N51KA758" not in text
    assert "nobody" not in text
    assert "张三" not in text


@pytest.mark.parametrize(("limit", "logged"), [(1, True), (600_000, False)])
async def test_a_slow_statement_is_logged_with_the_scope_and_without_values(
    database: Database, monkeypatch: pytest.MonkeyPatch, limit: int, logged: bool
) -> None:
    clock = iter(range(1_000_000))
    monkeypatch.setattr("service.base.statements.time.perf_counter", lambda: float(next(clock)))
    async with serving(database, slow_statement_ms=limit) as client:
        with capture_logs() as seen:
            await client.get("/api/territories/220100/summary", params={"text": "李四"})
    slow = [entry for entry in seen if entry["event"] == "slow_statement"]
    assert ("cells/count_territories" in [entry["statement"] for entry in slow]) is logged
    assert "李四" not in json.dumps(seen, ensure_ascii=False, default=str)


async def test_a_log_line_knows_the_request_and_what_its_viewer_may_see(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[dict[str, object]] = []
    monkeypatch.setattr(
        "service.base.access.structlog.contextvars.bind_contextvars", lambda **values: seen.append(values)
    )
    answer = await client.get("/api/session")
    assert seen == [{"request_id": answer.headers["x-request-id"]}, {"scope": [CITY_PATH]}]
