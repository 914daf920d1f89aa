"""Keeping accounts: only inside one's own area, never one's own, nothing of the register."""

from collections.abc import AsyncIterator

import httpx
import psycopg
import pytest

from service.accounts.routes.door import COOKIE
from tests.accounts import PASSWORD, Role, add_person, session_of, sign_in
from tests.conftest import Database, open_service
from tests.world import CITY_PATH

EAST = f"{CITY_PATH}.220105"
WEST = f"{CITY_PATH}.220104"


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """The service, looked at by the administrator of 二道区; 朝阳区 and the city have accounts of their own."""
    admin = add_person(database, "east-admin", Role("administrator", area=EAST), unit=EAST)
    add_person(database, "west-wang", Role("regulator", area=WEST), unit=WEST)
    add_person(database, "city-li", Role("regulator", area=CITY_PATH))
    async with open_service(database) as found:
        found.cookies.set(COOKIE, session_of(database, admin))
        yield found


def account(**changed: object) -> dict[str, object]:
    return {"login": "zhang", "name": "张三", "unit": "220105", "password": "first-word-2026", **changed}


async def test_an_account_is_made_appointed_and_signs_in(client: httpx.AsyncClient) -> None:
    made = await client.post("/api/people", json=account(login="Zhang.San"))
    assert made.status_code == 201, made.text
    person = made.json()["id"]
    given = await client.post(
        f"/api/people/{person}/appointments", json={"role": "department", "area": "220105", "industry": "gas"}
    )
    assert given.status_code == 201, given.text
    shown = (await client.get(f"/api/people/{person}")).json()
    assert shown["login"] == "zhang.san"
    assert shown["unit"]["name"] == "二道区"
    appointment = shown["appointments"][0]
    assert (appointment["area"]["name"], appointment["industry"]["key"]) == ("二道区", "gas")
    assert appointment["granted_by"] == "east-admin"
    assert [one["login"] for one in (await client.get("/api/people")).json()["items"]] == [
        "east-admin",
        "zhang.san",
    ]
    client.cookies.clear()
    assert (await sign_in(client, "zhang.san", "first-word-2026")).json()["must_change"] is True


async def test_an_administrator_sees_no_business_rows(client: httpx.AsyncClient, database: Database) -> None:
    with psycopg.connect(database.owner_url) as connection:
        connection.execute(
            "INSERT INTO risk_point (owner_kind, number, name, located_in_id, located_stated)"
            " SELECT 'region', 'X', 'X', id, true FROM territory WHERE key = '220105'"
        )
    assert (await client.get("/api/risk-points")).json()["items"] == []


@pytest.mark.parametrize(
    "wanted",
    [
        {"role": "regulator", "area": "220104"},
        {"role": "regulator", "area": "220100"},
        {"role": "analyst", "area": "220000"},
        {"role": "department", "area": "220104", "industry": "gas"},
        {"role": "auditor", "area": "z_jk"},
    ],
)
async def test_what_lies_outside_cannot_be_handed_out(
    client: httpx.AsyncClient, database: Database, wanted: dict[str, str]
) -> None:
    person = (await client.post("/api/people", json=account())).json()["id"]
    refused = await client.post(f"/api/people/{person}/appointments", json=wanted)
    assert refused.status_code in {403, 404}, refused.text
    with psycopg.connect(database.owner_url) as connection:
        assert connection.execute(
            "SELECT count(*) FROM appointment WHERE person_id = %s", (person,)
        ).fetchone() == (0,)


async def test_the_database_refuses_it_too(client: httpx.AsyncClient, database: Database) -> None:
    """Were a route to forget it."""
    person = (await client.post("/api/people", json=account())).json()["id"]
    with psycopg.connect(database.app_url) as connection:
        connection.execute(
            "SELECT set_config('riskmap.person', 'east-admin', true), set_config('riskmap.governs', %s, true)",
            ("{" + EAST + "}",),
        )
        for area in (WEST, CITY_PATH):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(
                    "INSERT INTO appointment (person_id, role, area) VALUES (%s, 'regulator', %s)",
                    (person, area),
                )
        with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
            connection.execute(
                "INSERT INTO appointment (person_id, role, area)"
                " SELECT id, 'regulator', %s FROM person WHERE login = 'east-admin'",
                (EAST,),
            )
        for table in ("credential", "sign_in_session", "sign_in_failure"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(f"SELECT * FROM {table}")
        with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
            connection.execute("SELECT key_digest FROM api_key")


@pytest.mark.parametrize("login", ["west-wang", "city-li"])
async def test_others_accounts_are_not_there(
    client: httpx.AsyncClient, database: Database, login: str
) -> None:
    with psycopg.connect(database.owner_url) as connection:
        row = connection.execute("SELECT id FROM person WHERE login = %s", (login,)).fetchone()
    assert row
    for method, path, body in (
        ("GET", f"/api/people/{row[0]}", None),
        ("POST", f"/api/people/{row[0]}/password", {"password": "another-first-1"}),
        ("POST", f"/api/people/{row[0]}/closing", {"closed": True}),
        ("POST", f"/api/people/{row[0]}/appointments", {"role": "regulator", "area": "220105"}),
    ):
        assert (await client.request(method, path, json=body)).status_code == 404, path
    client.cookies.clear()
    assert (await sign_in(client, login)).status_code == 200


async def test_nobody_appoints_themselves(client: httpx.AsyncClient, database: Database) -> None:
    with psycopg.connect(database.owner_url) as connection:
        row = connection.execute("SELECT id FROM person WHERE login = 'east-admin'").fetchone()
    assert row
    refused = await client.post(
        f"/api/people/{row[0]}/appointments", json={"role": "regulator", "area": "220105"}
    )
    assert refused.status_code == 403


async def test_a_login_is_one_persons_for_ever(client: httpx.AsyncClient) -> None:
    person = (await client.post("/api/people", json=account())).json()["id"]
    await client.post(f"/api/people/{person}/closing", json={"closed": True})
    taken = await client.post("/api/people", json=account(name="另一人"))
    assert (taken.status_code, taken.json()["details"]) == (409, {"field": "login"})
    elsewhere = await client.post("/api/people", json=account(login="west-wang"))
    assert elsewhere.status_code == 409


@pytest.mark.parametrize("login", ["x", "has blank", "张三", "-a", "a" * 40 + "b"])
async def test_a_login_that_cannot_be_is_refused_with_its_reason(
    client: httpx.AsyncClient, login: str
) -> None:
    refused = await client.post("/api/people", json=account(login=login))
    assert refused.status_code == 422
    if len(login) <= 40:
        assert refused.json()["details"] == {"field": "login"}
        assert "登录名" in refused.json()["message"]


async def test_closing_and_a_new_first_password_end_the_sessions(
    client: httpx.AsyncClient, database: Database
) -> None:
    person = add_person(database, "chen", Role("regulator", area=EAST), unit=EAST)
    admin = dict(client.cookies)
    for path, body in (("password", {"password": "another-first-1"}), ("closing", {"closed": True})):
        theirs = session_of(database, person)
        client.cookies.update(admin)
        assert (await client.post(f"/api/people/{person}/{path}", json=body)).status_code == 200
        client.cookies.set(COOKIE, theirs)
        assert (await client.get("/api/session")).status_code == 401
    client.cookies.clear()
    assert (await sign_in(client, "chen", "another-first-1")).status_code == 401
    assert (await sign_in(client, "chen", PASSWORD)).status_code == 401


async def test_ending_an_appointment_is_kept_on_record(client: httpx.AsyncClient) -> None:
    person = (await client.post("/api/people", json=account())).json()["id"]
    path = f"/api/people/{person}/appointments"
    wanted = {"role": "regulator", "area": "220105"}
    made = (await client.post(path, json=wanted)).json()["id"]
    assert (await client.post(path, json=wanted)).status_code == 409
    assert (await client.delete(f"{path}/{made}")).status_code == 200
    assert (await client.delete(f"{path}/{made}")).status_code == 404
    ended = (await client.get(f"/api/people/{person}")).json()["appointments"][0]
    assert ended["ended_by"] == "east-admin"
    assert (await client.post(path, json=wanted)).status_code == 201


@pytest.mark.parametrize(
    "wanted",
    [
        {"role": "officer", "area": "220105"},
        {"role": "regulator"},
        {"role": "department", "area": "220105"},
        {"role": "inspector", "area": "220105", "industry": "gas"},
        {"role": "department", "area": "220105", "industry": "no_such"},
        {"role": "king", "area": "220105"},
    ],
)
async def test_role_and_place_must_fit(client: httpx.AsyncClient, wanted: dict[str, str]) -> None:
    person = (await client.post("/api/people", json=account())).json()["id"]
    assert (await client.post(f"/api/people/{person}/appointments", json=wanted)).status_code == 422


async def test_an_enterprise_is_handed_out_where_all_its_places_are_ones_own(
    client: httpx.AsyncClient, database: Database
) -> None:
    firms = []
    with psycopg.connect(database.owner_url) as connection:
        for name, home in (("东厂", "220105"), ("西厂", "220104")):
            row = connection.execute(
                "INSERT INTO enterprise (name, industries, home_territory_id)"
                " SELECT %s, '{gas}', id FROM territory WHERE key = %s RETURNING id",
                (name, home),
            ).fetchone()
            assert row
            firms.append(row[0])
    person = (await client.post("/api/people", json=account())).json()["id"]
    path = f"/api/people/{person}/appointments"
    assert (await client.post(path, json={"role": "officer", "enterprise": firms[0]})).status_code == 201
    # 'Not yours' and 'not there' are the same answer.
    for firm in (firms[1], 10**9):
        assert (await client.post(path, json={"role": "officer", "enterprise": firm})).status_code == 403


async def test_enterprises_are_found_by_name_code_and_number_within_the_area(database: Database) -> None:
    with psycopg.connect(database.owner_url) as connection:
        firms: dict[str, int] = dict(
            connection.execute(
                "INSERT INTO enterprise (name, uscc, initials, home_territory_id)"
                " SELECT name, uscc, initials, (SELECT id FROM territory WHERE key = place) FROM (VALUES"
                " ('东方锅炉厂', '91220101MA0X0A1B2C', 'DFGLC', '220105'), ('西方锅炉厂', NULL, 'XFGLC', '220104'))"
                " AS given (name, uscc, initials, place) RETURNING name, id"
            ).fetchall()
        )
    east = add_person(database, "admin-east", Role("administrator", area=f"{CITY_PATH}.220105"))
    async with open_service(database) as client:
        client.cookies.set(COOKIE, session_of(database, east))

        async def found(words: str) -> list[str]:
            answer = await client.get("/api/people/enterprises", params={"q": words})
            assert answer.status_code == 200, answer.text
            return [one["name"] for one in answer.json()["items"]]

        for words in ("锅炉", "91220101ma", "dfgl", str(firms["东方锅炉厂"])):
            assert await found(words) == ["东方锅炉厂"], words
        for words in ("西方", str(firms["西方锅炉厂"]), "%", "_", "  ", "无"):
            assert await found(words) == [], words
