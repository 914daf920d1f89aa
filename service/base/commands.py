"""What the commands of every floor stand on: the database in use, its two roles, and the commands that keep it."""

import asyncio
import dataclasses
import os
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from service.base import local_postgis, schema
from service.base.database import make_engine, owner_session
from service.base.settings import Settings

CHECKOUT = Path(__file__).resolve().parents[2]

db = typer.Typer(no_args_is_help=True, help="The database: the private cluster, or one's own.")


@dataclass(frozen=True)
class Addresses:
    """The database in use, as its two roles see it."""

    owner_url: str
    app_url: str

    @property
    def app_role(self) -> str:
        """The name of the app role: the user of its address."""
        return urlsplit(self.app_url).username or os.environ.get("PGUSER", "riskmap_app")


def say(sentence: str) -> None:
    """One line of progress."""
    print(f"  {sentence}", flush=True)


@contextmanager
def database(settings: Settings) -> Iterator[Addresses]:
    """The database for a while: one's own when both addresses are set, else the private cluster."""
    if settings.database_url or settings.owner_database_url:
        if not (settings.database_url and settings.owner_database_url):
            raise typer.BadParameter("RISKMAP_DATABASE_URL and RISKMAP_OWNER_DATABASE_URL go together")
        yield Addresses(settings.owner_database_url, settings.database_url)
        return
    with local_postgis.running(data_dir(settings), progress=say) as cluster:
        yield Addresses(cluster.owner_url, cluster.app_url)


def data_dir(settings: Settings) -> Path:
    """Where the private cluster lives."""
    return settings.data_dir or local_postgis.default_data_dir(CHECKOUT)


def migrate(addresses: Addresses) -> None:
    """Bring the database to this release."""
    schema.upgrade(owner_url=addresses.owner_url, app_role=addresses.app_role)


def wait(work: Coroutine[Any, Any, Any]) -> Any:
    """Run asynchronous work from a command."""
    return asyncio.run(work)


@asynccontextmanager
async def as_owner(settings: Settings, addresses: Addresses) -> AsyncIterator[AsyncSession]:
    """One transaction of the owner role."""
    engine = make_engine(addresses.owner_url, settings)
    try:
        async with owner_session(engine) as session:
            yield session
    finally:
        await engine.dispose()


def on_database(work: Callable[[Settings, Addresses], Coroutine[Any, Any, Any]]) -> Any:
    settings = Settings()
    with database(settings) as addresses:
        return wait(work(settings, addresses))


def describe(result: Any) -> None:
    """A result as lines: its fields by name, without the empty ones."""
    for name, value in dataclasses.asdict(result).items():
        if value not in ((), "", None):
            say(f"{name}: {', '.join(map(str, value)) if isinstance(value, tuple) else value}")


@db.command("start")
def db_start() -> None:
    """Start the private cluster and leave it running."""
    print(local_postgis.start(data_dir(Settings()), progress=say).app_url)


@db.command("stop")
def db_stop() -> None:
    """Stop the private cluster, whoever uses it."""
    folder = data_dir(Settings())
    if local_postgis.is_running(folder):
        local_postgis.stop(local_postgis.start(folder, progress=say))
    else:
        say("数据库没有在运行 · the database is not running")


@db.command("url")
def db_url() -> None:
    """Print the addresses in use, as the app role and as the owner."""
    settings = Settings()
    with database(settings) as addresses:
        print(addresses.app_url)
        print(addresses.owner_url)


@db.command("migrate")
def db_migrate() -> None:
    """Bring the database to the schema of this release."""
    with database(Settings()) as addresses:
        migrate(addresses)
