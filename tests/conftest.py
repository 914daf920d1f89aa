"""One private PostGIS for the whole suite, and a fresh clone of a template for every test that writes."""

import asyncio
import fcntl
import itertools
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import httpx
import psycopg
import pytest
from psycopg import sql

from service import cli
from service.app import create_app
from service.base import local_postgis, schema
from service.base.commands import Addresses
from service.base.local_postgis import APP_ROLE, EXTENSIONS, OWNER_ROLE, LocalCluster
from service.base.settings import Settings
from service.base.viewer import Viewer
from service.imports.commands import DEMO_FIRST_PART, load_demo
from service.territories.queries import whole_territory
from tests.promises import hold

ROOT = Path(__file__).resolve().parent.parent


# Databases carry the process id of their run: two runs on one machine do not meet, and what a killed run left is known.
RUN = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()


@dataclass(frozen=True)
class Database:
    """A database of the suite's cluster, by its three addresses."""

    name: str
    owner_url: str
    app_url: str
    superuser_url: str


@dataclass(frozen=True)
class Postgis:
    """The suite's cluster: makes databases and drops them."""

    cluster: LocalCluster

    def database(self, name: str) -> Database:
        """The addresses of a database, whether it exists or not."""
        address = self.cluster.url
        return Database(
            name,
            owner_url=address(OWNER_ROLE, database=name),
            app_url=address(APP_ROLE, database=name),
            superuser_url=address("postgres", database=name),
        )

    def create(self, name: str, *, template: str = "template1") -> Database:
        """A database made from a template; one of the same name is dropped first."""
        self.drop(name)
        with psycopg.connect(self.cluster.superuser_url, autocommit=True) as session:
            session.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY file_copy").format(
                    sql.Identifier(name), sql.Identifier(OWNER_ROLE), sql.Identifier(template)
                )
            )
        return self.database(name)

    def drop(self, name: str) -> None:
        """Drop a database, whoever is connected."""
        with psycopg.connect(self.cluster.superuser_url, autocommit=True) as session:
            session.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def sweep(self) -> None:
        """Drop what runs that are over have left behind."""
        with psycopg.connect(self.cluster.superuser_url, autocommit=True) as session:
            names = [
                row[0]
                for row in session.execute("SELECT datname FROM pg_database WHERE datname ~ '^run[0-9]+_'")
            ]
        for name in names:
            if not Path("/proc", name.removeprefix("run").partition("_")[0]).exists():
                self.drop(name)


@contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """Let one worker of the suite build what all of them use."""
    with lock.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this run see."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture(scope="session")
def postgis() -> Iterator[Postgis]:
    """The suite's private cluster, shared by its workers and stopped by the last of them."""
    home = local_postgis.default_data_dir(ROOT)
    data_dir = home.with_name(home.name + "-test")
    with local_postgis.running(data_dir, progress=lambda _: None, durable=False) as cluster:
        suite = Postgis(cluster)
        suite.sweep()
        yield suite


@pytest.fixture(scope="session")
def migrated(postgis: Postgis, shared_folder: Path) -> str:
    """The name of a template database that holds the schema and nothing else."""
    name = f"run{RUN}_migrated"
    with only_one(shared_folder / "migrated.lock"):
        done = shared_folder / "migrated.done"
        if not done.exists():
            database = postgis.create(name)
            with psycopg.connect(database.superuser_url, autocommit=True) as session:
                for extension in EXTENSIONS:
                    session.execute(sql.SQL("CREATE EXTENSION {}").format(sql.Identifier(extension)))
            schema.upgrade(owner_url=database.owner_url, app_role=APP_ROLE)
            done.touch()
    return name


_serial = itertools.count(1)


@contextmanager
def clone(postgis: Postgis, template: str) -> Iterator[Database]:
    """A database of one's own for a while."""
    name = f"run{RUN}_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}_{next(_serial)}"
    try:
        yield postgis.create(name, template=template)
    finally:
        postgis.drop(name)


@pytest.fixture
def bare_database(postgis: Postgis, migrated: str) -> Iterator[Database]:
    """A fresh database with the schema and no rows."""
    with clone(postgis, migrated) as database:
        yield database


@pytest.fixture(scope="session")
def referenced(postgis: Postgis, migrated: str, shared_folder: Path) -> str:
    """The name of a template with the territories of 长春, the zone, code lists and methods; no business rows."""
    name = f"run{RUN}_referenced"
    with only_one(shared_folder / "referenced.lock"):
        done = shared_folder / "referenced.done"
        if not done.exists():
            database = postgis.create(name, template=migrated)
            asyncio.run(cli.prepare(Settings(), Addresses(database.owner_url, database.app_url)))
            done.touch()
    return name


@pytest.fixture(scope="session")
def demonstrated(postgis: Postgis, referenced: str, shared_folder: Path) -> str:
    """The name of a database with the first part of the demonstration city, loaded as `riskmap demo load` does, to read.

    Its twin is the template of those that write: nobody may be connected to a database that is copied.
    """
    name = f"run{RUN}_demonstrated"
    with only_one(shared_folder / "demonstrated.lock"):
        done = shared_folder / "demonstrated.done"
        if not done.exists():
            database = postgis.create(twin(name), template=referenced)
            addresses = Addresses(database.owner_url, database.app_url)
            asyncio.run(load_demo(Settings(), addresses, DEMO_FIRST_PART))
            postgis.create(name, template=twin(name))
            done.touch()
    return name


def twin(demonstrated: str) -> str:
    """The name of the template beside the database that tests read."""
    return f"{demonstrated}_template"


@pytest.fixture
def demo_database(postgis: Postgis, demonstrated: str) -> Iterator[Database]:
    """A fresh clone of the demonstration city."""
    with clone(postgis, twin(demonstrated)) as database:
        yield database


@pytest.fixture
def database(postgis: Postgis, referenced: str) -> Iterator[Database]:
    """A fresh database of 长春 without business rows."""
    with clone(postgis, referenced) as database:
        yield database


@asynccontextmanager
async def open_service(
    database: Database, *, viewer: Viewer | Literal["operator"] | None = None, **settings: object
) -> AsyncIterator[httpx.AsyncClient]:
    """The service on a database, spoken to as any client does, within this process.

    viewer: whose eyes everybody has, the operator being the command line's; without one, one has to sign in.
    """
    app = create_app(Settings.model_validate(settings), database_url=database.app_url)
    # Answers of 500 are answers here: a test asks for their shape.
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=transport, base_url="http://map", event_hooks={"response": [hold]}
        ) as client,
    ):
        if viewer == "operator":
            viewer = await whole_territory(app.state.engine, app.state.settings.territory)
        app.state.viewer = viewer
        yield client


def serving(database: Database, **settings: object) -> AbstractAsyncContextManager[httpx.AsyncClient]:
    """The service for tests that are not about signing in: everybody looks with the eyes of the command line."""
    return open_service(database, viewer="operator", **settings)


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """The service on a fresh database of 长春 without business rows."""
    async with serving(database) as client:
        yield client
