"""The riskmap command: what the floors offer on the command line, and what runs them all together."""

import gc
import json
import os
import sys
from contextlib import suppress
from pathlib import Path

import typer
import uvicorn

from geo.errors import GeoError
from service.accounts.commands import load_demo_accounts, people
from service.app import create_app
from service.audit.commands import audit
from service.base.clock import now
from service.base.commands import CHECKOUT, Addresses, as_owner, database, db, migrate, say, wait
from service.base.errors import ServiceError
from service.base.logging import configure_logging
from service.base.postgres_server import LocalPostgisError
from service.base.settings import Settings
from service.base.statements import driver_of
from service.cells.commands import grid
from service.codes import actions as code_actions
from service.documents.commands import write_map_file
from service.enterprises import actions as enterprise_actions
from service.generation.commands import generate
from service.grading import actions as grading_actions
from service.grading.commands import methods
from service.imports.commands import demo, import_file, load_demo
from service.territories import actions as territory_actions
from service.territories.commands import territories

SEEDS = CHECKOUT / "seed_data"

app = typer.Typer(
    no_args_is_help=True, help="安全风险四色图 · the four-colour safety-risk map", add_completion=False
)
for name, part in (
    ("db", db),
    ("territories", territories),
    ("methods", methods),
    ("grid", grid),
    ("demo", demo),
    ("people", people),
    ("audit", audit),
):
    app.add_typer(part, name=name)
app.command("import")(import_file)
app.command()(generate)
app.command("map")(write_map_file)


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
            wait(load_demo_accounts(settings, addresses))
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
        await enterprise_actions.fill_initials(await driver_of(session))


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
    several = settings.workers > 1
    if several:
        # Each process makes the service anew, from its environment.
        os.environ["RISKMAP_DATABASE_URL"] = app_url
    with suppress(
        KeyboardInterrupt
    ):  # Ctrl-C is how a person ends it; uvicorn has stopped in good order by then
        uvicorn.run(
            "service.app:of_environment" if several else create_app(settings, database_url=app_url),
            factory=several,
            workers=settings.workers,
            host=settings.host,
            port=settings.port,
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=5,
            server_header=False,
        )


@app.command()
def openapi(file: Path) -> None:
    """Write the OpenAPI document, from which the page's types are generated."""
    document = create_app(Settings(), database_url="postgresql://nobody@/nothing").openapi()
    file.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _collect_rarely() -> None:
    """Look for cycles among objects less often: 10,000 rows of a workbook are a million objects without any.

    By Python's own threshold (700) that search is a fifth of what an import takes. What is loaded by now stays.
    """
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)


def main() -> None:
    """The entry point: a refusal is two sentences and exit code 1, never a stack trace."""
    configure_logging("ERROR")  # a person at a terminal reads sentences; the service says more once it serves
    _collect_rarely()
    try:
        app()
    except (ServiceError, GeoError, LocalPostgisError) as error:
        print(f"{error.zh}\n{error.en}", file=sys.stderr)
        for problem in getattr(error, "details", {}).get("problems", []):
            print(f"  {json.dumps(problem, ensure_ascii=False)}", file=sys.stderr)
        sys.exit(1)
