"""Commands for grading methods."""

from pathlib import Path
from typing import Annotated

import typer

from service.base.clock import now
from service.base.commands import Addresses, as_owner, on_database, say
from service.base.settings import Settings
from service.grading import actions as grading_actions

methods = typer.Typer(no_args_is_help=True, help="Grading methods.")


@methods.command("publish")
def methods_publish(file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)]) -> None:
    """Check a method's YAML and publish it. What was graded before keeps its version."""

    async def publish(settings: Settings, addresses: Addresses) -> grading_actions.Publication:
        async with as_owner(settings, addresses) as session:
            return await grading_actions.publish_text(session, file.read_text(encoding="utf-8"), now=now())

    publication = on_database(publish)
    say(f"{publication.method.id} {publication.method.version}: {publication.outcome}")
