"""Commands for territories and their boundaries."""

from pathlib import Path
from typing import Annotated

import typer

from service.base.commands import Addresses, as_owner, describe, on_database
from service.base.settings import Settings
from service.territories import actions as territory_actions

territories = typer.Typer(no_args_is_help=True, help="Territories and their boundaries.")


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

    describe(on_database(load))


@territories.command("replace")
def territories_replace(file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)]) -> None:
    """Put better boundaries in the place of stored ones, or draw functional zones; the register finds its new home."""

    async def replace(settings: Settings, addresses: Addresses) -> object:
        async with as_owner(settings, addresses) as session:
            return await territory_actions.replace(session, file)

    describe(on_database(replace))
