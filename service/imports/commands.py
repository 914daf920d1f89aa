"""Commands that bring workbooks in: a person's, and the demonstration city's."""

import asyncio
import gzip
import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncEngine

from geo.crs import Datum
from service.base.clock import now
from service.base.commands import CHECKOUT, Addresses, on_database, say
from service.base.database import make_engine, scoped_session
from service.base.errors import Rejected, StalePreview
from service.base.settings import Settings
from service.base.viewer import Viewer
from service.imports import queries as import_queries
from service.imports.actions import uploads
from service.imports.actions.uploads import Manner
from service.imports.models import ImportUpload
from service.imports.rules.fields import Kind
from service.imports.rules.progress import Progress
from service.imports.workbook import Choice, State
from service.territories.queries import whole_territory

SEEDS = CHECKOUT / "seed_data"
# A first part of the city with the nasty set, which tests load; and the rest, which makes it as large as a city is.
DEMO_FIRST_PART = (
    ("enterprises.csv", Datum.WGS84),
    ("risk_points.csv", Datum.WGS84),
    ("nasty_enterprises.csv", Datum.WGS84),
    ("nasty_risk_points.csv", Datum.WGS84),
    ("nasty_gcj02.csv", Datum.GCJ02),
)
DEMO_FILES = (
    *DEMO_FIRST_PART,
    ("rest_enterprises.csv.gz", Datum.WGS84),
    ("rest_risk_points.csv.gz", Datum.WGS84),
)
# What a terminal shows of a report; the import page shows it whole.
MOST_LINES = 50
SECONDS_BETWEEN_LINES = 2.0

demo = typer.Typer(no_args_is_help=True, help="The demonstration city.")


def import_file(  # noqa: PLR0913 - the options of a command are its arguments
    file: Annotated[Path | None, typer.Argument(exists=True, dir_okay=False)] = None,
    datum: Annotated[
        Datum | None, typer.Option(help="What the coordinates refer to; positions are refused without.")
    ] = None,
    kind: Annotated[
        Kind | None, typer.Option(help="What the rows are, where the headings leave it open.")
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="The sheet to read, where there are several.")] = None,
    report: Annotated[
        Path | None, typer.Option(help="Where to put the rows with their mistakes marked, as .xlsx.")
    ] = None,
    template: Annotated[
        Path | None, typer.Option(help="Where to put a workbook to fill in, of --kind; nothing is imported.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Write the good rows without asking.")] = False,
) -> None:
    """Check a workbook, CSV or GeoJSON, say what is wrong with it, and write its good rows when a person says so."""
    if template is not None:
        on_database(lambda settings, addresses: write_template(settings, addresses, (template, kind)))
        return
    if file is None:
        raise typer.BadParameter("a file to import, or --template FILE")

    async def check(settings: Settings, addresses: Addresses) -> None:
        async with importing(settings, addresses) as importer:
            upload = await importer.check(file, Choice(kind=kind, datum=datum, sheet=sheet))
            describe(upload)
            if report is not None and upload.state == State.PREVIEWED:
                await importer.put_report(upload, report)
            await decide(importer, upload, yes=yes)

    on_database(check)


async def decide(importer: "Importer", upload: ImportUpload, *, yes: bool) -> None:
    """Write what was checked, or nothing, as the person says. Raises typer.Exit where there is nothing to decide."""
    good = (upload.result.get("preview") or {}).get("good", 0)
    if upload.state != State.PREVIEWED or not good:
        raise typer.Exit(1)
    if yes or typer.confirm(f"写入 {good} 条合格行？ Write the {good} good rows?"):
        await importer.write(upload)
        say(f"已写入 {good} 行 · {good} rows written")
    else:
        await importer.cancel(upload)
        say("什么都没有写入 · nothing was written")


async def write_template(settings: Settings, addresses: Addresses, wanted: tuple[Path, Kind | None]) -> None:
    """Put a template where a person wants it."""
    path, kind = wanted
    async with (
        importing(settings, addresses) as importer,
        scoped_session(importer.engine, importer.viewer) as session,
    ):
        content = await uploads.template(session, importer.viewer, kind or Kind.RISK_POINTS, now=now())
    await asyncio.to_thread(path.write_bytes, content)
    say(f"模板 · template: {path}")


@dataclass(frozen=True)
class Importer:
    """The steps of an import from the command line, a transaction each, as the viewer of the whole territory."""

    engine: AsyncEngine
    viewer: Viewer
    progress: Progress = field(default_factory=Progress)

    @asynccontextmanager
    async def showing(self) -> AsyncIterator[None]:
        """Say how far the work has come while it goes on; a short one ends before there is anything to say."""
        task = asyncio.create_task(self._keep_saying())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _keep_saying(self) -> None:
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_LINES)
            rows = self.progress.row_count or "…"
            say(
                f"读取 {self.progress.read} · 检查 {self.progress.checked} · 写入 {self.progress.written} / {rows}"
                f" · read {self.progress.read}, checked {self.progress.checked}, written {self.progress.written}"
            )

    async def check(self, file: Path, choice: Choice, *, demo: bool = False) -> ImportUpload:
        """Keep the file and check it."""
        name, content = await asyncio.to_thread(_read, file)
        async with scoped_session(self.engine, self.viewer) as session:
            manner = Manner(now=now(), demo=demo, progress=self.progress)
            async with self.showing():
                return await uploads.upload(
                    session, self.viewer, file=(name, content), choice=choice, manner=manner
                )

    async def has_written(self, file: Path) -> bool:
        """Whether exactly this file has been written before."""
        _, content = await asyncio.to_thread(_read, file)
        async with scoped_session(self.engine, self.viewer) as session:
            return await import_queries.is_committed(session, hashlib.sha256(content).hexdigest())

    async def write(self, upload: ImportUpload) -> None:
        """Write what the preview promised. Raises Conflict when the register has changed since."""
        digest = upload.result["preview"]["digest"]
        async with scoped_session(self.engine, self.viewer) as session:
            manner = Manner(now=now(), progress=self.progress)
            async with self.showing():
                written = await uploads.write(session, self.viewer, upload.id, digest=digest, manner=manner)
        if written.stale:
            raise StalePreview(
                "台账在检查之后有变化，请重新检查。", "The register changed since the check; check again."
            )

    async def put_report(self, upload: ImportUpload, path: Path) -> None:
        """Write the report of a checked file."""
        async with scoped_session(self.engine, self.viewer) as session:
            content = await uploads.report(session, upload.id)
        await asyncio.to_thread(path.write_bytes, content)
        say(f"检查报告 · report: {path}")

    async def cancel(self, upload: ImportUpload) -> None:
        """Give the upload up."""
        async with scoped_session(self.engine, self.viewer) as session:
            await uploads.cancel(session, upload.id)


def _read(file: Path) -> tuple[str, bytes]:
    """Name and content of a file; of a compressed one, of what is in it."""
    content = file.read_bytes()
    return (file.stem, gzip.decompress(content)) if file.suffix == ".gz" else (file.name, content)


@asynccontextmanager
async def importing(settings: Settings, addresses: Addresses) -> AsyncIterator[Importer]:
    """An importer on the database, as the app role: row security holds for the command line too."""
    engine = make_engine(addresses.app_url, settings)
    try:
        yield Importer(engine, await whole_territory(engine, settings.territory))
    finally:
        await engine.dispose()


def describe(upload: ImportUpload) -> None:
    """What the check found, as lines for a person."""
    wanted = {
        State.NEEDS_DATUM: "请用 --datum 说明坐标基准 · state the datum: " + ", ".join(Datum),
        State.NEEDS_KIND: "请用 --kind 说明内容 · state what the rows are: " + ", ".join(Kind),
        State.NEEDS_MAPPING: "列标题不能识别，请在导入页面对应各列 · map the columns on the import page",
    }
    if (sentence := wanted.get(State(upload.state))) is not None:
        say(sentence)
        return
    for note in upload.result.get("notes", []):
        say(f"整个文件 · whole file: {note['message']['zh']} {note['message']['en']}")
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
    on_database(load_demo)


async def load_demo(
    settings: Settings, addresses: Addresses, files: Sequence[tuple[str, Datum]] = DEMO_FILES
) -> None:
    """Files of seed_data, in the order in which they need each other, each once. Every row must be good."""
    async with importing(settings, addresses) as importer:
        for name, datum in files:
            if await importer.has_written(SEEDS / name):
                continue
            upload = await importer.check(SEEDS / name, Choice(datum=datum), demo=True)
            preview = upload.result["preview"]
            if preview["bad"]:
                describe(upload)
                raise Rejected(
                    f"演示文件 {name} 有不合格的行。", f"The demonstration file {name} has bad rows."
                )
            if preview["new"] or preview["changed"]:
                say(f"载入演示城市 · loading the demonstration city: {name}, {preview['good']}")
                await importer.write(upload)
            else:
                await importer.cancel(upload)
