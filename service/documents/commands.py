"""The command that writes a map as one file."""

from pathlib import Path
from typing import Annotated
from urllib.parse import parse_qsl

import typer
from pydantic import ValidationError

from service.base.clock import now
from service.base.commands import Addresses, on_database, say
from service.base.database import make_engine, scoped_session
from service.base.settings import Settings
from service.documents.actions import write_map
from service.documents.schemas.contents import MapRequest, gather
from service.documents.schemas.shapes import Language
from service.risk_points.schemas.selection import Filter, select_by
from service.territories.queries import whole_territory


def write_map_file(
    out: Annotated[Path, typer.Option(dir_okay=False, help="The file to write.")],
    territory: Annotated[
        str | None, typer.Option(help="Key of a territory; the deployment's own without it.")
    ] = None,
    where: Annotated[
        str,
        typer.Option("--filter", help="The filter as the page's address writes it: grade=major&industry=gas"),
    ] = "",
    language: Annotated[Language, typer.Option(help="The language the file opens in.")] = "zh",
) -> None:
    """Write the map as one file that opens from disk without a network."""
    asked = dict(parse_qsl(where.lstrip("?"))) | ({"territory": territory} if territory else {})
    try:
        wanted = Filter.model_validate(asked)
    except ValidationError as error:
        faults = "; ".join(f"{fault['loc'][0]}: {fault['msg']}" for fault in error.errors())
        raise typer.BadParameter(faults, param_hint="--filter") from error

    async def write(settings: Settings, addresses: Addresses) -> None:
        engine = make_engine(addresses.app_url, settings)
        try:
            viewer = await whole_territory(engine, settings.territory)
            async with scoped_session(engine, viewer) as session:
                moment = now()
                request = MapRequest(
                    viewer=viewer,
                    wanted=wanted,
                    selection=await select_by(session, wanted, moment, viewer),
                    settings=settings,
                    now=moment,
                )
                content = await gather(session, request, language)
        finally:
            await engine.dispose()
        text = write_map(content.model_dump_json(by_alias=True), title=content.title, bounds=content.bounds)
        out.write_text(text, encoding="utf-8")
        say(f"{out}: {len(content.points)} 个风险点 · risk points, {len(text.encode()) // 1024} KiB")
        if content.left_out.points or content.left_out.cell_levels:
            say(f"未收入 · left out: {content.left_out.model_dump()}")

    on_database(write)
