"""What every answer carries, and what is refused before a route sees it."""

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest
from structlog.testing import capture_logs

from service import app
from service.base.hardening import MOST_BODY_BYTES, content_policy
from tests.accounts import Role, add_person, session_of
from tests.conftest import Database, open_service, serving
from tests.world import CITY_PATH


@pytest.mark.parametrize(
    "path", ["/healthz", "/api/session", "/api/no-such-address", "/api/risk-points?grade=x"]
)
async def test_every_answer_tells_the_browser_what_it_is_good_for(database: Database, path: str) -> None:
    async with serving(database) as client:
        headers = (await client.get(path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert "unsafe" not in headers["content-security-policy"]
    assert "strict-transport-security" not in headers
    if path.startswith("/api/"):
        assert "no-store" in headers["cache-control"]


async def test_behind_tls_browsers_are_told_to_stay_there(database: Database) -> None:
    async with serving(database) as client:
        answer = await client.get("https://map/healthz")
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize(
    ("addresses", "pictures"),
    [
        ((), "img-src 'self' data: blob:"),
        (("https://t{s}.example.cn/{z}/{x}/{y}",), "img-src 'self' data: blob: https://*.example.cn"),
        (
            ("https://tiles.example.cn:8443/{z}/{x}/{y}.png",),
            "img-src 'self' data: blob: https://tiles.example.cn:8443",
        ),
        (("/own/{z}/{x}/{y}.png",), "img-src 'self' data: blob:"),
    ],
)
def test_pictures_come_from_us_and_from_the_basemap_configured(
    addresses: tuple[str, ...], pictures: str
) -> None:
    parts = content_policy(addresses).split("; ")
    assert pictures in parts
    assert "script-src 'self'" in parts
    assert "style-src 'self'" in parts


async def test_a_body_is_no_larger_than_a_form(database: Database) -> None:
    async with serving(database) as client:
        stated = await client.post("/api/grading/assess", content=b"x" * (MOST_BODY_BYTES + 1))

        async def pieces() -> AsyncIterator[bytes]:
            for _ in range(MOST_BODY_BYTES // 65_536 + 2):
                yield b"x" * 65_536

        unstated = await client.post("/api/grading/assess", content=pieces())
        for answer in (stated, unstated):
            assert (answer.status_code, answer.json()["error"]) == (413, "too_large")


async def test_who_asks_too_often_waits_and_nobody_else(database: Database) -> None:
    """Persons are counted apart, also behind one address; the answer says how many are left."""
    persons = [add_person(database, login, Role("regulator", area=CITY_PATH)) for login in ("one", "two")]
    first, second = ({"Cookie": f"riskmap_session={session_of(database, person)}"} for person in persons)
    async with open_service(database, requests_per_minute=10) as client:
        left = []
        for _ in range(10):
            answer = await client.get("/api/codes/accident_category", headers=first)
            assert answer.status_code == 200
            left.append(int(answer.headers["ratelimit-remaining"]))
        assert left == list(range(9, -1, -1))
        refused = await client.get("/api/codes/accident_category", headers=first)
        assert (refused.status_code, refused.json()["error"]) == (429, "too_many")
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert (await client.get("/api/codes/accident_category", headers=second)).status_code == 200


async def test_a_key_in_a_path_is_never_written_down(database: Database) -> None:
    async with open_service(database) as client:
        with capture_logs() as seen:
            answer = await client.get("/k/rm_a-secret-of-somebody/api/risk-points")
    assert answer.status_code == 401
    assert "rm_a-secret-of-somebody" not in answer.text
    assert "rm_a-secret-of-somebody" not in str(seen)
    assert [entry["path"] for entry in seen if entry["event"] == "request"] == ["/k/…/api/risk-points"]


@pytest.mark.parametrize(
    "cookie",
    [
        "riskmap_session=",
        'riskmap_session="',
        "x=y; riskmap_session=%00",
        "=;;=,",
        "riskmap_session=" + "a" * 4000,
    ],
)
async def test_a_broken_cookie_is_nobody(database: Database, cookie: str) -> None:
    async with open_service(database) as client:
        answer = await client.get("/api/session", headers={"Cookie": cookie})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "value", ["Basic !!!", "Basic", "Bearer", "Bearer  ", "Basic " + "QQ==", "Digest x", "Bearer \x7f"]
)
async def test_a_broken_authorization_is_nobody(database: Database, value: str) -> None:
    async with open_service(database) as client:
        answer = await client.get("/api/session", headers={"Authorization": value})
    assert answer.status_code == 401


async def test_a_queue_that_would_only_grow_is_refused(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those before it are answered, and so is whoever asks whether the process lives."""
    monkeypatch.setattr(app, "REQUESTS_A_CONNECTION", 4)
    async with (
        serving(database, pool_size=2) as client,
        await psycopg.AsyncConnection.connect(database.owner_url) as owner,
    ):
        await owner.execute("LOCK TABLE cell_stat, risk_point IN ACCESS EXCLUSIVE MODE")
        waiting = [asyncio.create_task(client.get("/tiles/cells/9/434/186.mvt")) for _ in range(12)]
        refused = []
        for answer in asyncio.as_completed(waiting):
            refused.append(await answer)
            if len(refused) == 4:
                break
        assert (await client.get("/healthz")).status_code == 200
        await owner.rollback()
        answers = await asyncio.gather(*waiting)
    assert sorted(answer.status_code for answer in answers) == [200] * 8 + [503] * 4
    assert {(answer.status_code, answer.headers["Retry-After"]) for answer in refused} == {(503, "5")}
