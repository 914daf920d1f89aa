"""Maps as files and on paper over HTTP."""

import asyncio
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Response

from service.base.audit import note
from service.base.clock import NowDep, day_of
from service.base.database import SessionDep, SettingsDep, ViewerDep
from service.base.permissions import requires
from service.base.viewer import Permission
from service.documents.actions import write_map
from service.documents.rules import file_name
from service.documents.schemas.contents import MapRequest, gather, make_imprint
from service.documents.schemas.shapes import Imprint, Language
from service.risk_points.schemas.selection import Filter, SelectionDep

router = APIRouter(prefix="/api", tags=["maps on paper and in files"])

HTML = "text/html; charset=utf-8"


@router.get("/maps/imprint", summary="What a map of this filter says of itself")
async def show_imprint(
    session: SessionDep,
    viewer: ViewerDep,
    settings: SettingsDep,
    now: NowDep,
    selection: SelectionDep,
    wanted: Annotated[Filter, Query()],
) -> Imprint:
    """Scope, counts, methods in use, notes, who and when: what stands beside a map on paper."""
    request = MapRequest(viewer=viewer, wanted=wanted, selection=selection, settings=settings, now=now)
    return await make_imprint(session, request)


@router.get(
    "/maps.html",
    summary="The map as one file that opens from disk without a network",
    response_class=Response,
    responses={200: {"content": {"text/html": {}}}},
    dependencies=[requires(Permission.EXPORT)],
)
async def download_map(  # noqa: PLR0913 - as above
    session: SessionDep,
    viewer: ViewerDep,
    settings: SettingsDep,
    now: NowDep,
    selection: SelectionDep,
    wanted: Annotated[Filter, Query()],
    language: Annotated[Language, Query(description="The language the file opens in; it holds both")] = "zh",
) -> Response:
    """Districts, cells and the worst points with their reasons, drawn as on the page. It says what it left out."""
    request = MapRequest(viewer=viewer, wanted=wanted, selection=selection, settings=settings, now=now)
    content = await gather(session, request, language)
    await note(
        session, "export", subject="map.html", details={"points": len(content.points)}, areas=viewer.places
    )
    text = await asyncio.to_thread(
        write_map, content.model_dump_json(by_alias=True), title=content.title, bounds=content.bounds
    )
    name = file_name(content.imprint.territory.name, day_of(now))
    headers = {
        # Never shown within our own origin: it is a file for somebody's disk.
        "Content-Disposition": f"attachment; filename=\"map.html\"; filename*=UTF-8''{quote(name)}",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return Response(text, media_type=HTML, headers=headers)
