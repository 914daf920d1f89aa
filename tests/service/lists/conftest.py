"""A city to read, its rows as the database has them, and the pages of a list."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import psycopg
import pytest

from tests.conftest import Postgis, serving


@pytest.fixture
async def city(postgis: Postgis, demonstrated: str) -> AsyncIterator[httpx.AsyncClient]:
    """The service on the demonstration city, which nobody changes."""
    async with serving(postgis.database(demonstrated)) as client:
        yield client


@pytest.fixture
def rows(postgis: Postgis, demonstrated: str) -> Iterator[psycopg.Connection[Any]]:
    """The rows of the demonstration city, all of them."""
    with psycopg.connect(postgis.database(demonstrated).superuser_url, autocommit=True) as connection:
        yield connection
