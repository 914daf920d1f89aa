"""The riskmap command: runs the service, keeps its database, loads reference rows, imports workbooks."""

import asyncio
import dataclasses
import json
import os
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer
import uvicorn
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from geo.crs import Datum
from geo.errors import GeoError
from service.app import create_app, whole_territory
from service.base import local_postgis, schema
from service.base.clock import now
from service.base.database import make_engine, owner_session, scoped_session
from service.base.errors import Rejected, ServiceError, StalePreview
from service.base.logging import configure_logging
from service.base.postgres_server import LocalPostgisError
from service.base.settings import Settings
from service.base.viewer import Viewer
from service.codes import actions as code_actions
from service.grading import actions as grading_actions
from service.imports import actions as import_actions
from service.imports.models import ImportUpload
from service.imports.rules.fields import Kind
from service.imports.workbook import Choice, State
from service.territories import actions as territory_actions

CHECKOUT = Path(__file__).resolve().parents[1]
SEEDS = CHECKOUT / "seed_data"
DEMO_FILES = (
    ("enterprises.csv", Datum.WGS84),
    ("risk_points.csv", Datum.WGS84),
    ("nasty_enterprises.csv", Datum.WGS84),
    ("nasty_risk_points.csv", Datum.WGS84),
    ("nasty_gcj02.csv", Datum.GCJ02),
)
# What a terminal shows of a report; the import page shows it whole.
MOST_LINES = 50

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
        if settings.demo:
            wait(load_demo(settings, addresses))
        say(f"打开 · open  http://{settings.host}:{settings.port}/")
        _serve(settings, addresses.app_url)


async def prepare(settings: Settings, addresses: Addresses) -> None:
    """Reference rows for the deployment's territory. Every part may be repeated and changes nothing then."""
    async with as_owner(settings, addresses) as session:
        say("载入区划边界、代码表和评价方法 · loading territories, code lists and grading methods")
        await territory_actions.load(session, root=settings.territory)
        zone = SEEDS / f"zone_{settings.territory}.geojson"
        if zone.exists():
            await territory_actions.draw(session, zone)
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
    if settings.database_url:
        # The owner's address is for migrations: whoever only serves need not know it.
        _serve(settings, settings.database_url)
        return
    with database(settings) as addresses:
        _serve(settings, addresses.app_url)


def _serve(settings: Settings, app_url: str) -> None:
    configure_logging(settings.log_level)
    with suppress(
        KeyboardInterrupt
    ):  # Ctrl-C is how a person ends it; uvicorn has stopped in good order by then
        uvicorn.run(
            create_app(settings, database_url=app_url),
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

    _describe(_on_database(load))


@territories.command("replace")
def territories_replace(file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)]) -> None:
    """Put better boundaries in the place of stored ones, or draw functional zones; the register finds its new home."""

    async def replace(settings: Settings, addresses: Addresses) -> object:
        async with as_owner(settings, addresses) as session:
            return await territory_actions.replace(session, file)

    _describe(_on_database(replace))


@methods.command("publish")
def methods_publish(file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)]) -> None:
    """Check a method's YAML and publish it. What was graded before keeps its version."""

    async def publish(settings: Settings, addresses: Addresses) -> grading_actions.Publication:
        async with as_owner(settings, addresses) as session:
            return await grading_actions.publish_text(session, file.read_text(encoding="utf-8"), now=now())

    publication = _on_database(publish)
    say(f"{publication.method.id} {publication.method.version}: {publication.outcome}")


def _describe(result: Any) -> None:
    """A result as lines: its fields by name, without the empty ones."""
    for name, value in dataclasses.asdict(result).items():
        if value not in ((), "", None):
            say(f"{name}: {', '.join(map(str, value)) if isinstance(value, tuple) else value}")


def _on_database(work: Callable[[Settings, Addresses], Coroutine[Any, Any, Any]]) -> Any:
    settings = Settings()
    with database(settings) as addresses:
        return wait(work(settings, addresses))


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    datum: Annotated[
        Datum | None, typer.Option(help="What the coordinates refer to; positions are refused without.")
    ] = None,
    kind: Annotated[
        Kind | None, typer.Option(help="What the rows are, where the headings leave it open.")
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="The sheet to read, where there are several.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Write the good rows without asking.")] = False,
) -> None:
    """Check a workbook or CSV, say what is wrong with it, and write its good rows when a person says so."""

    async def check(settings: Settings, addresses: Addresses) -> None:
        async with importing(settings, addresses) as importer:
            upload = await importer.check(file, Choice(kind=kind, datum=datum, sheet=sheet))
            report(upload)
            good = (upload.result.get("preview") or {}).get("good", 0)
            if upload.state != State.PREVIEWED or not good:
                raise typer.Exit(1)
            if yes or typer.confirm(f"写入 {good} 条合格行？ Write the {good} good rows?"):
                await importer.write(upload)
                say(f"已写入 {good} 行 · {good} rows written")
            else:
                await importer.cancel(upload)
                say("什么都没有写入 · nothing was written")

    _on_database(check)


@dataclass(frozen=True)
class Importer:
    """The steps of an import from the command line, a transaction each, as the viewer of the whole territory."""

    engine: AsyncEngine
    viewer: Viewer

    async def check(self, file: Path, choice: Choice, *, demo: bool = False) -> ImportUpload:
        """Keep the file and check it."""
        content = await asyncio.to_thread(file.read_bytes)
        async with scoped_session(self.engine, self.viewer) as session:
            return await import_actions.upload(
                session, self.viewer, file=(file.name, content), choice=choice, now=now(), demo=demo
            )

    async def write(self, upload: ImportUpload) -> None:
        """Write what the preview promised. Raises Conflict when the register has changed since."""
        digest = upload.result["preview"]["digest"]
        async with scoped_session(self.engine, self.viewer) as session:
            written = await import_actions.write(session, self.viewer, upload.id, digest=digest, now=now())
        if written.stale:
            raise StalePreview(
                "台账在检查之后有变化，请重新检查。", "The register changed since the check; check again."
            )

    async def cancel(self, upload: ImportUpload) -> None:
        """Give the upload up."""
        async with scoped_session(self.engine, self.viewer) as session:
            await import_actions.cancel(session, upload.id)


@asynccontextmanager
async def importing(settings: Settings, addresses: Addresses) -> AsyncIterator[Importer]:
    """An importer on the database, as the app role: row security holds for the command line too."""
    engine = make_engine(addresses.app_url, settings)
    try:
        yield Importer(engine, await whole_territory(engine, settings.territory))
    finally:
        await engine.dispose()


def report(upload: ImportUpload) -> None:
    """What the check found, as lines for a person."""
    wanted = {
        State.NEEDS_DATUM: "请用 --datum 说明坐标基准 · state the datum: " + ", ".join(Datum),
        State.NEEDS_KIND: "请用 --kind 说明内容 · state what the rows are: " + ", ".join(Kind),
        State.NEEDS_MAPPING: "列标题不能识别，请在导入页面对应各列 · map the columns on the import page",
    }
    if (sentence := wanted.get(State(upload.state))) is not None:
        say(sentence)
        return
    # Errors line by line, warnings by their number: a register of 1,000 firms without credit codes says so once.
    faults = [problem for problem in upload.result["problems"] if problem["severity"] == "error"]
    for problem in faults[:MOST_LINES]:
        where = (
            f"{problem['sheet']} 第 {problem['row']} 行 {problem['column'] or ''} “{problem['value'] or ''}”"
        )
        say(f"{where} {problem['message']['zh']} {problem['message']['en']}")
    for kind in upload.result["problem_counts"]:
        say(f"{kind['severity']} {kind['code']}: {kind['count']}")
    counts = ", ".join(
        f"{name} {count}" for name, count in upload.result["preview"].items() if name != "digest"
    )
    say(counts)


@demo.command("load")
def demo_load() -> None:
    """Load the demonstration city through the import; what is there already is left as it is."""
    _on_database(load_demo)


async def load_demo(settings: Settings, addresses: Addresses) -> None:
    """The files of seed_data, in the order in which they need each other. Every row must be good."""
    async with importing(settings, addresses) as importer:
        for name, datum in DEMO_FILES:
            upload = await importer.check(SEEDS / name, Choice(datum=datum), demo=True)
            preview = upload.result["preview"]
            if preview["bad"]:
                report(upload)
                raise Rejected(
                    f"演示文件 {name} 有不合格的行。", f"The demonstration file {name} has bad rows."
                )
            if preview["new"] or preview["changed"]:
                say(f"载入演示城市 · loading the demonstration city: {name}, {preview['good']}")
                await importer.write(upload)
            else:
                await importer.cancel(upload)


@app.command()
def openapi(file: Path) -> None:
    """Write the OpenAPI document, from which the page's types are generated."""
    document = create_app(Settings(), database_url="postgresql://nobody@/nothing").openapi()
    file.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """The entry point: a refusal is two sentences and exit code 1, never a stack trace."""
    try:
        app()
    except (ServiceError, GeoError, LocalPostgisError) as error:
        print(f"{error.zh}\n{error.en}", file=sys.stderr)
        for problem in getattr(error, "details", {}).get("problems", []):
            print(f"  {json.dumps(problem, ensure_ascii=False)}", file=sys.stderr)
        sys.exit(1)
