"""An upload nobody decides about is given up, and nothing else is."""

import uuid
from datetime import timedelta

import httpx
import psycopg

from service.base.database import make_engine
from service.base.settings import Settings
from service.imports import jobs
from tests.conftest import Database
from tests.service.imports.register import NANGUAN, bring_in, commit, csv_of, rows_of, upload

HEADINGS = ("企业名称", "经度", "纬度")
ONE = csv_of(HEADINGS, ("演示一厂", *NANGUAN))
TWO = csv_of(HEADINGS, ("演示二厂", *NANGUAN))


def make_older(database: Database, days: float) -> None:
    with psycopg.connect(database.superuser_url) as connection:
        connection.execute("UPDATE import_upload SET uploaded_at = uploaded_at - %s", (timedelta(days=days),))


async def expire(database: Database, after_days: int) -> int:
    engine = make_engine(database.app_url, Settings())
    try:
        return await jobs.expire(engine, after_days=after_days)
    finally:
        await engine.dispose()


async def test_what_nobody_decided_about_is_given_up(client: httpx.AsyncClient, database: Database) -> None:
    kept = await bring_in(client, ONE)
    left = await upload(client, TWO)
    make_older(database, 8)
    fresh = await upload(client, TWO)
    assert await expire(database, 7) == 1
    states = dict(rows_of(database, "SELECT id, (state, length(content) > 0)::text FROM import_upload"))
    assert states == {
        uuid.UUID(kept["id"]): "(committed,t)",
        uuid.UUID(left["id"]): "(cancelled,f)",
        uuid.UUID(fresh["id"]): "(previewed,t)",
    }
    late = await commit(client, left)
    assert (late.status_code, late.json()["error"]) == (409, "wrong_state")
    assert await expire(database, 7) == 0


async def test_nobody_can_have_todays_uploads_given_up(client: httpx.AsyncClient, database: Database) -> None:
    await upload(client, ONE)
    make_older(database, 0.9)
    assert await expire(database, 0) == 0
