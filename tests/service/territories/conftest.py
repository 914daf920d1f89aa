"""Engines and connections on 长春, and the whole country's tree."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from service.base.database import make_engine, owner_session
from service.base.settings import Settings
from service.territories import actions
from tests.conftest import Database, Postgis, clone, only_one


async def load_country(url: str) -> None:
    """Load every division of the package, as the owner role."""
    engine = make_engine(url, Settings())
    async with owner_session(engine) as session:
        await actions.load(session, root="cn")
    await engine.dispose()


@pytest.fixture(scope="session")
def country_template(postgis: Postgis, migrated: str, shared_folder: Path) -> str:
    """The name of a template with every division of the package."""
    name = f"{migrated}_country"
    with only_one(shared_folder / "country.lock"):
        done = shared_folder / "country.done"
        if not done.exists():
            database = postgis.create(name, template=migrated)
            asyncio.run(load_country(database.owner_url))
            done.touch()
    return name


@pytest.fixture
def country(postgis: Postgis, country_template: str) -> Iterator[Database]:
    """A fresh database of the whole country without business rows."""
    with clone(postgis, country_template) as database:
        yield database


@pytest.fixture
async def owner(database: Database) -> AsyncIterator[AsyncEngine]:
    """An engine of the owner role on 长春."""
    engine = make_engine(database.owner_url, Settings())
    yield engine
    await engine.dispose()


@pytest.fixture
async def app(database: Database) -> AsyncIterator[AsyncEngine]:
    """An engine of the app role on 长春."""
    engine = make_engine(database.app_url, Settings())
    yield engine
    await engine.dispose()


@pytest.fixture
def rows(database: Database) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A connection of the owner role on 长春, which sees every row."""
    with psycopg.connect(database.owner_url, autocommit=True) as connection:
        yield connection
