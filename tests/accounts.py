"""People for tests: made as the owner, signed in through the front door or by a session of their own."""

import hashlib
import secrets
from dataclasses import dataclass

import httpx
import psycopg

from service.accounts.actions import HASHING
from tests.conftest import Database

# Hashing takes long on purpose, so every person of a test has this one.
PASSWORD = "long-enough-for-a-test"
HASH = HASHING.hash(PASSWORD)


@dataclass(frozen=True)
class Role:
    """What somebody is appointed to. area and industry as in appointment; enterprise: an id."""

    role: str
    area: str | None = None
    industry: str | None = None
    enterprise: int | None = None


def add_person(
    database: Database,
    login: str,
    *roles: Role,
    unit: str = "cn.220000.220100",
    must_change: bool = False,
    name: str | None = None,
) -> int:
    """An account with PASSWORD; its id."""
    with psycopg.connect(database.owner_url) as connection:
        row = connection.execute(
            "INSERT INTO person (login, name, unit_path) VALUES (%s, %s, %s) RETURNING id",
            (login, name or f"{login}（测试）", unit),
        ).fetchone()
        assert row
        connection.execute(
            "INSERT INTO credential (person_id, password_hash, must_change) VALUES (%s, %s, %s)",
            (row[0], HASH, must_change),
        )
        for one in roles:
            connection.execute(
                "INSERT INTO appointment (person_id, role, area, industry, enterprise_id) VALUES (%s, %s, %s, %s, %s)",
                (row[0], one.role, one.area, one.industry, one.enterprise),
            )
    return int(row[0])


def session_of(database: Database, person_id: int, token: str | None = None) -> str:
    """The token of a session that somebody has, for the cookie of a browser: a new one, or one that a test gives."""
    token = token or secrets.token_urlsafe(32)
    with psycopg.connect(database.owner_url) as connection:
        connection.execute(
            "INSERT INTO sign_in_session (token_digest, person_id, ends_at) VALUES (%s, %s, now() + interval '1 hour')",
            (hashlib.sha256(token.encode()).digest(), person_id),
        )
    return token


async def sign_in(client: httpx.AsyncClient, login: str, password: str = PASSWORD) -> httpx.Response:
    """Sign in; the client keeps the cookie."""
    return await client.post("/api/sign-in", json={"login": login, "password": password})
