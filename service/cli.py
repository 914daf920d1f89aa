"""The riskmap command: runs the service, keeps its database, loads reference rows, imports workbooks."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer
import uvicorn
from sqlalchemy.ext.asyncio import AsyncSession

from geo.errors import GeoError
from service.app import create_app
from service.base import local_postgis, schema
from service.base.clock import now
from service.base.database import make_engine, owner_session
from service.base.errors import ServiceError
from service.base.logging import configure_logging
from service.base.postgres_server import LocalPostgisError
from service.base.settings import Settings
from service.codes import actions as code_actions
from service.grading import actions as grading_actions
from service.territories import actions as territory_actions

CHECKOUT = Path(__file__).resolve().parents[1]
SEEDS = CHECKOUT / "seed_data"

app = typer.Typer(
    no_args_is_help=True, help="安全风险四色图 · the four-colour safety-risk map", add_completion=False
)
db = typer.Typer(no_args_is_help=True, help="The database: the private cluster, or one's own.")
territories = typer.Typer(no_args_is_help=True, help="Territories and their boundaries.")
methods = typer.Typer(no_args_is_help=True, help="Grading methods.")
demo = typer.Typer(no_args_is_help=True, help="The demonstration city.")
for name, part in (("db", db), ("territories", territories), ("methods", methods), ("demo", demo)):
    app.add_typer(part, name=name)


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


@app.command()
def run() -> None:
    """Start everything: the database, its schema, the reference rows, the demonstration city once, the service."""
    settings = Settings()
    with database(settings) as addresses:
        say("迁移数据库 · migrating the database")
        migrate(addresses)
        wait(prepare(settings, addresses))
        say(f"打开 · open  http://{settings.host}:{settings.port}/")
        _serve(settings, addresses)


async def prepare(settings: Settings, addresses: Addresses) -> None:
    """Reference rows for the deployment's territory. Every part may be repeated and changes nothing then."""
    async with as_owner(settings, addresses) as session:
        say("载入区划边界、代码表和评价方法 · loading territories, code lists and grading methods")
        await territory_actions.load(session, root=settings.territory)
        zone = SEEDS / f"zone_{settings.territory}.geojson"
        if zone.exists():
            await territory_actions.replace(session, zone)
        await code_actions.load_definitions(session)
        await grading_actions.load_definitions(session, now=now())


@asynccontextmanager
async def as_owner(settings: Settings, addresses: Addresses) -> AsyncIterator[AsyncSession]:
    """One transaction of the owner role."""
    engine = make_engine(addresses.owner_url, settings)
    try:
        async with owner_session(engine) as session:
            yield session
    finally:
        await engine.dispose()


@app.command()
def serve() -> None:
    """Serve only: the database is migrated and its territory loaded."""
    settings = Settings()
    with database(settings) as addresses:
        _serve(settings, addresses)


def _serve(settings: Settings, addresses: Addresses) -> None:
    configure_logging(settings.log_level)
    uvicorn.run(
        create_app(settings, database_url=addresses.app_url),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=5,
        server_header=False,
    )


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


@territories.command("load")
def territories_load(
    city: Annotated[
        str, typer.Option(help="A province, city or district by GB/T 2260 code, or cn for the country.")
    ],
) -> None:
    """Load a territory with all above and below it. Indicative boundaries; doing it twice changes nothing."""

    async def load(settings: Settings, addresses: Addresses) -> object:
        async with as_owner(settings, addresses) as session:
            return await territory_actions.load(session, root=city)

    say(str(_on_database(load)))


@territories.command("replace")
def territories_replace(file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)]) -> None:
    """Put better boundaries in the place of stored ones, or draw functional zones; the register finds its new home."""

    async def replace(settings: Settings, addresses: Addresses) -> object:
        async with as_owner(settings, addresses) as session:
            return await territory_actions.replace(session, file)

    say(str(_on_database(replace)))


@methods.command("publish")
def methods_publish(file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)]) -> None:
    """Check a method's YAML and publish it. What was graded before keeps its version."""

    async def publish(settings: Settings, addresses: Addresses) -> object:
        async with as_owner(settings, addresses) as session:
            return await grading_actions.publish_text(session, file.read_text(encoding="utf-8"), now=now())

    say(str(_on_database(publish)))


def _on_database(work: Callable[[Settings, Addresses], Coroutine[Any, Any, Any]]) -> Any:
    settings = Settings()
    with database(settings) as addresses:
        return wait(work(settings, addresses))


@app.command()
def openapi(file: Path) -> None:
    """Write the OpenAPI document, from which the page's types are generated."""
    document = create_app(Settings(), database_url="postgresql://nobody@/nothing").openapi()
    file.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """The entry point: a refusal is two sentences and exit code 1, never a stack trace."""
    try:
        app()
    except (ServiceError, GeoError) as error:
        print(f"{error.zh}\n{error.en}", file=sys.stderr)
        sys.exit(1)
    except LocalPostgisError as error:
        print(f"{error.message}\n{error.message_en}", file=sys.stderr)
        sys.exit(1)
