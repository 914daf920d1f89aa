"""Commands for the grid: whether what is derived is what its sources say."""

import typer

from service.base.commands import Addresses, as_owner, on_database, say
from service.base.settings import Settings
from service.cells import actions

grid = typer.Typer(no_args_is_help=True, help="What is derived: territories, cells, grades, counts, words.")


@grid.command("verify")
def grid_verify() -> None:
    """Work out territories, anchors, cells, grades, counts and words anew; exit code 1 where one differs."""

    async def verify(settings: Settings, addresses: Addresses) -> list[actions.Difference]:
        async with as_owner(settings, addresses) as session:
            return await actions.verify(session)

    found: list[actions.Difference] = on_database(verify)
    _report(found)
    if found:
        raise typer.Exit(1)
    say("全部一致 · everything is what its sources say")


@grid.command("rebuild")
def grid_rebuild() -> None:
    """Mend whatever verify finds, in one transaction; writers wait meanwhile."""

    async def rebuild(settings: Settings, addresses: Addresses) -> list[actions.Difference]:
        async with as_owner(settings, addresses) as session:
            return await actions.rebuild(session)

    _report(on_database(rebuild))
    say("已按来源重建 · rebuilt from the sources")


def _report(found: list[actions.Difference]) -> None:
    for difference in found:
        say(f"{difference.part}: {difference.count}  ({', '.join(difference.examples)})")
