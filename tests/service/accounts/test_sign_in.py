"""Signing in and out through the front door."""

from collections.abc import AsyncIterator

import httpx
import psycopg
import pytest

from service.accounts.routes.door import COOKIE
from tests.accounts import PASSWORD, Role, add_person, session_of, sign_in
from tests.conftest import Database, open_service
from tests.world import CITY_PATH

CITY = Role("regulator", area=CITY_PATH)


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with open_service(database) as found:
        yield found


async def test_nothing_is_shown_before_signing_in(client: httpx.AsyncClient) -> None:
    for path in ("/api/session", "/api/risk-points", "/tiles/cells/9/434/186.mvt", "/api/account"):
        answer = await client.get(path)
        assert answer.status_code == 401, path
        assert answer.json()["error"] == "not_signed_in"
    assert (await client.get("/healthz")).status_code == 200
    page = (await client.get("/api/sign-in")).json()
    assert page == {"territory": "长春市", "demo": False, "accounts": []}


async def test_the_right_password_opens_a_session_and_signing_out_ends_it(
    client: httpx.AsyncClient, database: Database
) -> None:
    add_person(database, "wang", CITY)
    answer = await sign_in(client, "wang")
    assert answer.json() == {"login": "wang", "name": "wang（测试）", "must_change": False}
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie
    assert (await client.get("/api/session")).status_code == 200
    account = (await client.get("/api/account")).json()
    assert account["appointments"][0]["role"] == "regulator"
    assert account["appointments"][0]["area"] == {"key": "220100", "name": "长春市", "name_en": None}
    assert "write" in account["may"]
    token = client.cookies[COOKIE]
    assert (await client.post("/api/sign-out")).json() == {"sessions": 1}
    client.cookies.set(COOKIE, token)
    assert (await client.get("/api/session")).status_code == 401
    with psycopg.connect(database.owner_url) as connection:
        assert connection.execute("SELECT count(*) FROM sign_in_session").fetchone() == (0,)


async def test_behind_tls_the_cookie_never_leaves_it(database: Database) -> None:
    add_person(database, "wang", CITY)
    async with open_service(database) as client:
        answer = await client.post("https://map/api/sign-in", json={"login": "wang", "password": PASSWORD})
    assert "secure" in answer.headers["set-cookie"].lower()


@pytest.mark.parametrize(
    ("login", "password"), [("wang", "not the password"), ("nobody", PASSWORD), ("wang", "x\0")]
)
async def test_a_wrong_login_and_a_wrong_password_are_told_apart_by_nobody(
    client: httpx.AsyncClient, database: Database, login: str, password: str
) -> None:
    add_person(database, "wang", CITY)
    answer = await sign_in(client, login, password)
    assert answer.status_code == 401
    assert answer.json()["message"] == "登录名或密码不正确。"
    assert "set-cookie" not in answer.headers


async def test_who_guesses_waits_and_nobody_else(client: httpx.AsyncClient, database: Database) -> None:
    add_person(database, "wang", CITY)
    for _ in range(5):
        assert (await sign_in(client, "wang", "wrong")).status_code == 401
    # Also with the right password, or the wait would tell which it is.
    waiting = await sign_in(client, "wang")
    assert waiting.status_code == 429
    assert 1 <= waiting.json()["details"]["seconds"] <= 3
    add_person(database, "li", CITY)
    assert (await sign_in(client, "li")).status_code == 200
    elsewhere = httpx.ASGITransport(client._transport.app, client=("10.9.8.7", 5))  # type: ignore[attr-defined]
    async with httpx.AsyncClient(transport=elsewhere, base_url="http://map") as other:
        assert (await sign_in(other, "wang")).status_code == 200


async def test_a_first_password_is_good_for_being_changed(
    client: httpx.AsyncClient, database: Database
) -> None:
    add_person(database, "wang", CITY, must_change=True)
    assert (await sign_in(client, "wang")).json()["must_change"] is True
    refused = await client.get("/api/risk-points")
    assert (refused.status_code, refused.json()["error"]) == (403, "password_must_change")
    for poor in ("short", "1234567890", "aaaaaaaaaaaa", "wang-in-changchun", PASSWORD):
        answer = await client.post("/api/account/password", json={"old": PASSWORD, "password": poor})
        assert answer.status_code == 422, poor
    wrong = await client.post("/api/account/password", json={"old": "wrong", "password": "a-better-one-27"})
    assert wrong.status_code == 403
    first = client.cookies[COOKIE]
    changed = await client.post(
        "/api/account/password", json={"old": PASSWORD, "password": "a-better-one-27"}
    )
    assert changed.json() == {"sessions": 0}
    assert client.cookies[COOKIE] != first
    assert (await client.get("/api/risk-points")).status_code == 200
    client.cookies.set(COOKIE, first)
    assert (await client.get("/api/risk-points")).status_code == 401


async def test_a_role_that_ended_is_at_an_end_with_the_next_request(
    client: httpx.AsyncClient, database: Database
) -> None:
    person = add_person(database, "wang", CITY)
    client.cookies.set(COOKIE, session_of(database, person))
    assert (await client.get("/api/territories/220100/summary")).status_code == 200
    with psycopg.connect(database.owner_url) as connection:
        connection.execute("UPDATE appointment SET ended_at = now(), ended_by = 'admin'")
    assert (await client.get("/api/territories/220100/summary")).status_code == 404
    with psycopg.connect(database.owner_url) as connection:
        connection.execute("UPDATE person SET closed_at = now()")
    assert (await client.get("/api/territories/220100/summary")).status_code == 401


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE sign_in_session SET ends_at = now() - interval '1 second'",
        "UPDATE sign_in_session SET seen_at = now() - interval '61 minutes'",
    ],
)
async def test_a_session_ends_after_its_time_and_when_it_is_idle(
    client: httpx.AsyncClient, database: Database, change: str
) -> None:
    client.cookies.set(COOKIE, session_of(database, add_person(database, "wang", CITY)))
    assert (await client.get("/api/session")).status_code == 200
    with psycopg.connect(database.owner_url) as connection:
        connection.execute(change)
    assert (await client.get("/api/session")).status_code == 401


@pytest.mark.parametrize(("headers", "stays"), [({}, True), ({"X-Unattended": "1"}, False)])
async def test_news_for_a_screen_that_nobody_touches_is_no_use_of_a_session(
    client: httpx.AsyncClient, database: Database, headers: dict[str, str], stays: bool
) -> None:
    client.cookies.set(COOKIE, session_of(database, add_person(database, "wang", CITY)))
    for _ in range(3):
        with psycopg.connect(database.owner_url) as connection:
            connection.execute("UPDATE sign_in_session SET seen_at = seen_at - interval '25 minutes'")
        answer = await client.get("/api/session", headers=headers)
    assert answer.status_code == (200 if stays else 401)


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://evil"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
async def test_another_sites_page_changes_nothing(
    client: httpx.AsyncClient, database: Database, headers: dict[str, str]
) -> None:
    client.cookies.set(COOKIE, session_of(database, add_person(database, "wang", CITY)))
    refused = await client.post("/api/sign-out", headers=headers)
    assert refused.status_code == 403
    assert (await client.get("/api/session")).status_code == 200
    assert (await client.post("/api/sign-out", headers={"Origin": "http://map"})).status_code == 200


async def test_signing_out_everywhere_leaves_this_session(
    client: httpx.AsyncClient, database: Database
) -> None:
    person = add_person(database, "wang", CITY)
    other = session_of(database, person)
    await sign_in(client, "wang")
    assert (await client.post("/api/account/sessions/end")).json() == {"sessions": 1}
    assert (await client.get("/api/session")).status_code == 200
    client.cookies.set(COOKIE, other)
    assert (await client.get("/api/session")).status_code == 401


async def test_while_the_database_is_away_nobody_is_taken_for_a_stranger(
    client: httpx.AsyncClient, database: Database
) -> None:
    """The door asks the database too: its silence is a 503 to come back after, no 401 and no fault of ours."""
    client.cookies.set(COOKIE, session_of(database, add_person(database, "wang", CITY)))
    with psycopg.connect(database.superuser_url, dbname="postgres", autocommit=True) as superuser:
        name = psycopg.sql.Identifier(database.name)
        superuser.execute(psycopg.sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(name))
        superuser.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
            (database.name,),
        )
        try:
            away = await client.get("/api/session")
        finally:
            superuser.execute(psycopg.sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(name))
    assert (away.status_code, away.json()["error"]) == (503, "unavailable")
    assert away.headers["retry-after"] == "5"
    assert (await client.get("/api/session")).status_code == 200
