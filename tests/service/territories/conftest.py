"""Databases with the loaded tree, and the few rows of a register that borders decide about."""

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
from tests.service.territories.drawing import ZONE


async def _load(url: str, root: str, zone: Path | None) -> None:
    engine = make_engine(url, Settings())
    async with owner_session(engine) as session:
        await actions.load(session, root=root)
    if zone:
        async with owner_session(engine) as session:
            await actions.replace(session, zone)
    await engine.dispose()


def _template(postgis: Postgis, *, migrated: str, folder: Path, root: str, zone: Path | None) -> str:
    name = f"{migrated}_{root}"
    with only_one(folder / f"{name}.lock"):
        done = folder / f"{name}.done"
        if not done.exists():
            database = postgis.create(name, template=migrated)
            asyncio.run(_load(database.owner_url, root, zone))
            done.touch()
    return name


@pytest.fixture(scope="session")
def changchun_template(postgis: Postgis, migrated: str, shared_folder: Path) -> str:
    """长春市 with its districts, and the drawn functional zone."""
    return _template(postgis, migrated=migrated, folder=shared_folder, root="220100", zone=ZONE)


@pytest.fixture(scope="session")
def country_template(postgis: Postgis, migrated: str, shared_folder: Path) -> str:
    """Every division of the package."""
    return _template(postgis, migrated=migrated, folder=shared_folder, root="cn", zone=None)


@pytest.fixture
def changchun(postgis: Postgis, changchun_template: str) -> Iterator[Database]:
    with clone(postgis, changchun_template) as database:
        yield database


@pytest.fixture
def country(postgis: Postgis, country_template: str) -> Iterator[Database]:
    with clone(postgis, country_template) as database:
        yield database


@pytest.fixture
async def owner(changchun: Database) -> AsyncIterator[AsyncEngine]:
    """An engine of the owner role on 长春."""
    engine = make_engine(changchun.owner_url, Settings())
    yield engine
    await engine.dispose()


@pytest.fixture
async def app(changchun: Database) -> AsyncIterator[AsyncEngine]:
    """An engine of the app role on 长春."""
    engine = make_engine(changchun.app_url, Settings())
    yield engine
    await engine.dispose()


@pytest.fixture
def rows(changchun: Database) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A connection of the owner role on 长春 that sees every row."""
    with psycopg.connect(changchun.owner_url, autocommit=True) as connection:
        yield connection
