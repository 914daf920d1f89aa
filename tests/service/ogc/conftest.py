"""The demonstration city behind the door, for tests that only read."""

from collections.abc import AsyncIterator, Iterator

import httpx
import psycopg
import pytest
import pytest_asyncio

from tests.conftest import Database, Postgis, serving


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def door(postgis: Postgis, demonstrated: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client with the eyes of the whole city."""
    async with serving(postgis.database(demonstrated)) as client:
        yield client


@pytest.fixture(scope="module")
def city(postgis: Postgis, demonstrated: str) -> Iterator[psycopg.Connection]:
    """The same city to an owner, who sees all rows."""
    database: Database = postgis.database(demonstrated)
    with psycopg.connect(database.superuser_url) as connection:
        yield connection
