"""What is written down, who reads it, and what the chain proves."""

import json
from collections.abc import AsyncIterator

import httpx
import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.accounts.routes.door import COOKIE
from service.audit import queries
from service.audit.jobs import seal
from service.audit.rules import Link, digest_after, walk
from service.base.database import make_engine, owner_session
from service.base.settings import Settings
from service.ogc.layers import COLLECTIONS
from tests.accounts import Role, add_person, session_of, sign_in
from tests.conftest import ROOT, Database, open_service
from tests.world import CITY_PATH

EAST = f"{CITY_PATH}.220105"


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with open_service(database) as found:
        yield found


def add_point(database: Database, number: str, area: str) -> None:
    with psycopg.connect(database.owner_url) as connection:
        connection.execute(
            "INSERT INTO risk_point (owner_kind, number, name, located_in_id, located_stated)"
            " SELECT 'region', %s, %s, id, true FROM territory WHERE key = %s",
            (number, number, area),
        )


async def read(
    client: httpx.AsyncClient, database: Database, area: str, **asked: object
) -> list[dict[str, object]]:
    """The audit as the auditor of an area reads it."""
    with psycopg.connect(database.owner_url) as connection:
        row = connection.execute(
            "SELECT id FROM person WHERE login = %s", (f"auditor-{area[-6:]}",)
        ).fetchone()
    auditor = (
        row[0] if row else add_person(database, f"auditor-{area[-6:]}", Role("auditor", area=area), unit=area)
    )
    cookies = {COOKIE: session_of(database, auditor)}
    async with httpx.AsyncClient(
        transport=client._transport, base_url="http://map", cookies=cookies
    ) as auditing:
        answer = await auditing.get("/api/audit", params={key: str(value) for key, value in asked.items()})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, object]] = answer.json()["items"]
    return items


async def test_signing_in_is_recorded_with_where_from(client: httpx.AsyncClient, database: Database) -> None:
    add_person(database, "wang", Role("regulator", area=CITY_PATH))
    await sign_in(client, "wang", "wrong")
    answer = await sign_in(client, "wang")
    (opened,) = await read(client, database, CITY_PATH, action="sign_in")
    assert (opened["person"], opened["address"]) == ("wang", "127.0.0.1")
    assert opened["request_id"] == answer.headers["x-request-id"]
    with psycopg.connect(database.owner_url) as connection:
        failed = connection.execute(
            "SELECT person, details FROM audit_record WHERE action = 'sign_in_failed'"
        ).fetchall()
    assert failed == [("", None)]


async def test_a_change_is_recorded_with_before_and_after_for_its_area(
    client: httpx.AsyncClient, database: Database
) -> None:
    add_point(database, "EAST", "220105")
    add_point(database, "WEST", "220104")
    with psycopg.connect(database.owner_url) as connection:
        connection.execute("UPDATE risk_point SET name = '改名' WHERE number = 'EAST'")
        connection.execute("DELETE FROM risk_point WHERE number = 'WEST'")
    (changed,) = await read(client, database, EAST, subject="risk_point", action="update")
    assert changed["before"][0]["name"] == "EAST"  # type: ignore[index]
    assert changed["after"][0]["name"] == "改名"  # type: ignore[index]
    assert await read(client, database, EAST, subject="risk_point", action="delete") == []
    (removed,) = await read(client, database, CITY_PATH, subject="risk_point", action="delete")
    assert removed["before"][0]["number"] == "WEST"  # type: ignore[index]
    assert removed["subject_count"] == 1


async def test_many_rows_are_one_record(client: httpx.AsyncClient, database: Database) -> None:
    with psycopg.connect(database.owner_url) as connection:
        connection.execute(
            "INSERT INTO risk_point (owner_kind, number, name, located_in_id, located_stated)"
            " SELECT 'region', 'N' || n, 'N', territory.id, true FROM territory, generate_series(1, 21) AS n WHERE key = '220105'"
        )
    (made,) = await read(client, database, EAST, subject="risk_point", action="insert")
    assert (made["subject_count"], made["after"]) == (21, None)
    assert len(made["subject_ids"]) == 21  # type: ignore[arg-type]


async def test_secrets_and_telephones_stay_out(client: httpx.AsyncClient, database: Database) -> None:
    admin = add_person(database, "admin", Role("administrator", area=CITY_PATH))
    client.cookies.set(COOKIE, session_of(database, admin))
    wanted = {
        "login": "li",
        "name": "李",
        "phone": "13900001234",
        "unit": "220105",
        "password": "first-word-2026",
    }
    assert (await client.post("/api/people", json=wanted)).status_code == 201
    with psycopg.connect(database.owner_url) as connection:
        records = str(connection.execute("SELECT before, after, details FROM audit_record").fetchall())
    assert "'login': 'li'" in records
    assert "…34" in records
    for secret in ("13900001234", "first-word-2026", "argon2"):
        assert secret not in records


@pytest.mark.parametrize("role", ["regulator", "administrator", "analyst", "inspector"])
async def test_the_audit_is_for_auditors(client: httpx.AsyncClient, database: Database, role: str) -> None:
    client.cookies.set(COOKIE, session_of(database, add_person(database, "pp", Role(role, area=CITY_PATH))))
    assert (await client.get("/api/audit")).status_code == 403
    with psycopg.connect(database.app_url) as connection:
        connection.execute("SELECT set_config('riskmap.governs', %s, true)", ("{" + CITY_PATH + "}",))
        assert connection.execute("SELECT count(*) FROM audit_record").fetchone() == (0,)


async def test_pages_follow_one_another(client: httpx.AsyncClient, database: Database) -> None:
    for number in range(5):
        add_point(database, f"P{number}", "220105")
    auditor = add_person(database, "auditor", Role("auditor", area=EAST), unit=EAST)
    client.cookies.set(COOKIE, session_of(database, auditor))
    seen: list[int] = []
    cursor: int | None = None
    while True:
        asked: dict[str, str | int] = {"limit": 2, "subject": "risk_point"}
        asked |= {"cursor": cursor} if cursor else {}
        page = (await client.get("/api/audit", params=asked)).json()
        seen += [one["id"] for one in page["items"]]
        if (cursor := page["next"]) is None:
            break
    assert len(seen) == 5
    assert seen == sorted(seen, reverse=True)


@pytest.mark.parametrize(
    ("harm", "fault"),
    [
        ("UPDATE audit_record SET person = 'somebody else' WHERE id = 2", ("changed", 2)),
        ("UPDATE audit_record SET at = at - interval '1 microsecond' WHERE id = 2", ("changed", 2)),
        ("DELETE FROM audit_record WHERE id = 2", ("removed", 2)),
        ("DELETE FROM audit_chain WHERE position = 2", ("gap", 2)),
        ("DELETE FROM audit_unsealed", ("inserted", 4)),
    ],
)
async def test_what_was_done_to_the_record_by_its_owner_is_found(
    database: Database, harm: str, fault: tuple[str, int]
) -> None:
    """The owner of the tables can put the refusing triggers aside, and not the chain."""
    for number in range(3):
        add_point(database, f"P{number}", "220105")
    engine = make_engine(database.app_url, Settings())
    owner = make_engine(database.owner_url, Settings())
    try:
        assert await seal(engine) == 3
        add_point(database, "P3", "220105")
        async with owner_session(owner) as session:
            proof = await queries.prove(session)
            assert (proof.sealed, proof.unsealed, proof.faults) == (3, 1, [])
            assert await queries.holds(session, 3, proof.head)
            assert not await queries.holds(session, 4, proof.head)
        with psycopg.connect(database.owner_url) as connection:
            with pytest.raises(psycopg.DatabaseError), connection.transaction():
                connection.execute("UPDATE audit_record SET person = ''")
            for table in ("audit_record", "audit_chain"):
                connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER refuse_change")
            connection.execute(harm)
        async with owner_session(owner) as session:
            assert fault in (await queries.prove(session)).faults
    finally:
        await engine.dispose()
        await owner.dispose()


@given(st.lists(st.text(), min_size=1, max_size=20), st.data())
def test_any_single_change_is_one_fault(texts: list[str], data: st.DataObject) -> None:
    links: list[Link] = []
    head = b""
    for position, text in enumerate(texts, start=1):
        head = digest_after(head, text)
        links.append(Link(position, position * 10, head, text))
    assert walk(links).faults == []
    at = data.draw(st.integers(0, len(links) - 1))
    one = links[at]
    assert one.text is not None
    harmed = [*links[:at], Link(one.position, one.record_id, one.digest, f"{one.text}x"), *links[at + 1 :]]
    assert walk(harmed).faults == [("changed", one.record_id)]
    assert walk([*links[:at], *links[at + 1 :]]).faults[:1] == (
        [("gap", at + 1)] if at + 1 < len(links) else []
    )


def test_the_page_has_words_for_whatever_is_taken_away() -> None:
    """Collections by their ids; files by the names that their routes record."""
    words = json.loads((ROOT / "web/src/audit/exports.json").read_text(encoding="utf-8"))
    files = {"risk-points.xlsx", "major-risks.xlsx", "enterprises.xlsx", "map.html"}
    assert set(words) == set(COLLECTIONS) | files
    assert all(len(pair) == 2 and all(pair) for pair in words.values())


def test_the_page_has_words_for_every_column_that_may_have_changed(bare_database: Database) -> None:
    with psycopg.connect(bare_database.superuser_url) as connection:
        told = {
            name
            for (name,) in connection.execute(
                "SELECT jsonb_object_keys(audit_view(jsonb_object_agg(attname, NULL))) FROM pg_attribute WHERE attnum > 0"
                " AND NOT attisdropped AND attrelid IN (SELECT tgrelid FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid"
                " WHERE proname = 'audit_change')"
            )
        }
    words = json.loads((ROOT / "web/src/audit/columns.json").read_text(encoding="utf-8"))
    assert told - set(words) == set()
    assert all(len(pair) == 2 and all(pair) for pair in words.values())
