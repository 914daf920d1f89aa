"""Files that are made in the background: how far they are, and where they are fetched."""

import json
import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ValidationError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse

from service.base.answers import refusal_of
from service.base.audit import note
from service.base.clock import NowDep, day_of
from service.base.database import EngineDep, SessionDep, ViewerDep, scoped_session
from service.base.errors import NotAllowed, NotFound, Rejected, TooMany, WrongState
from service.base.permissions import requires
from service.base.viewer import Permission
from service.ogc.actions.works import Row, Works
from service.ogc.layers import collection_of
from service.ogc.routes.answers import (
    DOCUMENT,
    PAGE,
    LanguageDep,
    answer,
    caching,
    chosen,
    in_chinese,
    known,
    refuse_strangers,
)
from service.ogc.routes.orders import counted, sent
from service.ogc.rules.formats import FILES
from service.ogc.schemas.downloads import DownloadOut, Downloads
from service.ogc.schemas.links import root_of
from service.ogc.schemas.requests import Items, Language, asked_of

router = APIRouter(prefix="/ogc", tags=["ogc"], dependencies=[requires(Permission.EXPORT)])
_CONTENT: dict[str, Any] = {one.media: {} for one in FILES.values()}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": _CONTENT},
    206: {"content": _CONTENT | {"multipart/byteranges": {}}, "description": "The parts that Range names"},
}
FileDep = Annotated[Items, Query()]
FORM = "application/x-www-form-urlencoded"
# More than the form of a collection's page has.
_MOST_FIELDS = 20
# Characters of what is asked, as JSON: a filter of 8,000 and all that may stand beside it.
LONGEST_QUESTION = 20_000
# Of one person: files lie on disk for a day, and are made one after the other.
MOST_WAITING, MOST_A_DAY = 20, 200


@router.get("/downloads", summary="One's own downloads", response_model=Downloads, responses=PAGE)
async def list_downloads(request: Request, given: LanguageDep, session: SessionDep) -> Response:
    """Those of the last day, the latest first."""
    refuse_strangers(given)
    rows = (await session.execute(text(f"{_SHOWN} ORDER BY created_at DESC, id LIMIT 50"))).all()
    return _answer(
        request, given, Downloads(items=[_out(request, dict(row._mapping)) for row in rows]), "downloads"
    )


@router.post(
    "/collections/{collection}/downloads",
    summary="Have a file made",
    status_code=201,
    response_model=DownloadOut,
)
async def create_download(
    collection: str, request: Request, given: FileDep, engine: EngineDep, viewer: ViewerDep, moment: NowDep
) -> Response:
    """Of any size; the answer says where to look how far it is. f: gpkg, shp, fgb, parquet or xlsx.

    Parameters may stand in a form, whose sender is shown the page of the download.
    """
    given = await _with_form(request, given)
    found = collection_of(collection, known(request))
    if given.f not in FILES:
        raise Rejected(f"f 可为：{'、'.join(FILES)}。", f"f is one of {', '.join(FILES)}.")
    asked = asked_of(found, given, today=day_of(moment))
    matched = await counted(engine, viewer, asked, given)
    # Titles of the file are in the language of whoever asks for it now.
    spoken = given.model_copy(update={"lang": "zh" if in_chinese(request, given) else "en"})
    told = spoken.model_dump(by_alias=True, exclude_none=True, exclude_defaults=True, mode="json")
    query = json.dumps(told, ensure_ascii=False)
    if len(query) > LONGEST_QUESTION:
        raise Rejected(
            f"条件过长：最多 {LONGEST_QUESTION:,} 个字符。",
            f"What is asked is too long: {LONGEST_QUESTION:,} characters at most.",
        )
    download = uuid.uuid4()
    values = {
        "id": download,
        "scope": viewer.scope,
        "collection": found.id,
        "format": given.f,
        "asked": query,
        # Nobody counted beyond a limit: a progress towards an estimate would be none.
        "total": None if matched.estimated else matched.number,
    }
    async with scoped_session(engine, viewer) as session:
        await _require_room(session)
        await session.execute(_INSERT, values)
        details = {"collection": found.id, "format": given.f, "query": told}
        await note(session, "export", subject=found.id, details=details)
        row = await _row(session, download)
    request.app.state.downloads.take_up(viewer, download)
    address = f"{root_of(request)}/downloads/{download}"
    if _is_form(request):
        return RedirectResponse(f"{address}?f=html", 303)
    made = _out(request, row).model_dump(mode="json", exclude_none=True)
    return JSONResponse(made, 201, headers=caching(request) | {"Location": address})


@router.get(
    "/downloads/{download}",
    summary="How far a file is",
    response_model=DownloadOut,
    response_model_exclude_none=True,
    responses=PAGE,
)
async def show_download(
    download: uuid.UUID, request: Request, given: LanguageDep, engine: EngineDep, viewer: ViewerDep
) -> Response:
    """Once it is done there is a link to the file. Looking is what takes up the work of a process that was killed."""
    refuse_strangers(given)
    async with scoped_session(engine, viewer) as session:
        row = await _row(session, download)
    if row["state"] in {"waiting", "working"} and row["scope"] != viewer.scope:
        # Nobody will make it: it would show what its maker no longer sees.
        await request.app.state.downloads.stop(viewer, download)
        row["state"] = "stopped"
    if row["state"] in {"waiting", "working"}:
        request.app.state.downloads.take_up(viewer, download)
    return _answer(request, given, _out(request, row), "download")


@router.get("/downloads/{download}/file", summary="The file", response_class=FileResponse, responses=_FILE)
async def show_file(download: uuid.UUID, request: Request, engine: EngineDep, viewer: ViewerDep) -> Response:
    """For a day, and for as long as its maker sees what they saw then. In parts, where a client asks for a range."""
    async with scoped_session(engine, viewer) as session:
        row = await _row(session, download)
    path = request.app.state.downloads.path_of(row)
    if row["scope"] != viewer.scope:
        raise NotAllowed(
            "您的可见范围已变化，请重新生成。", "What you may see has changed; have it made anew."
        )
    if row["state"] != "done" or not path.exists():
        raise WrongState("文件尚未生成或已清理。", "The file is not there yet, or not any more.")
    return sent(request, path, row["collection"], FILES[row["format"]])


@router.delete(
    "/downloads/{download}",
    summary="Give a file up",
    response_model=DownloadOut,
    response_model_exclude_none=True,
)
async def delete_download(
    download: uuid.UUID, request: Request, engine: EngineDep, viewer: ViewerDep
) -> DownloadOut:
    """Work on it stops, a file that is there is removed. Repeating changes nothing."""
    works: Works = request.app.state.downloads
    async with scoped_session(engine, viewer) as session:
        await _row(session, download)
    await works.stop(viewer, download)
    async with scoped_session(engine, viewer) as session:
        await session.execute(
            text("UPDATE download SET state = 'stopped', size = NULL WHERE id = :id"), {"id": download}
        )
        row = await _row(session, download)
    works.path_of(row).unlink(missing_ok=True)
    return _out(request, row)


async def _require_room(session: AsyncSession) -> None:
    """Raises TooMany for who has more under way, or made in a day, than anybody reads."""
    row = (await session.execute(_COUNTED)).one()
    if row.waiting >= MOST_WAITING or row.made >= MOST_A_DAY:
        raise TooMany(
            "您的下载太多，请等待或删除一些。", "You have too many downloads; wait, or delete some."
        )


async def _row(session: AsyncSession, download: uuid.UUID) -> Row:
    row = (await session.execute(text(f"{_SHOWN} WHERE id = :id"), {"id": download})).one_or_none()
    if row is None:
        raise NotFound("没有这个下载。", "There is no such download.")
    return dict(row._mapping)


def _out(request: Request, row: Row) -> DownloadOut:
    return DownloadOut.of(row, root_of(request), FILES[row["format"]].media)


def _answer(request: Request, given: Language, document: BaseModel, template: str) -> Response:
    kind, zh = chosen(request, given, DOCUMENT), in_chinese(request, given)
    return answer(request, document, kind, template=template, zh=zh)


def _is_form(request: Request) -> bool:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == FORM


async def _with_form(request: Request, given: Items) -> Items:
    """The parameters of the query and of a form together; fields left empty are not asked. Raises Rejected."""
    if not _is_form(request):
        return given
    form = await request.form(max_fields=_MOST_FIELDS, max_files=0)
    fields: dict[str, Any] = {
        name: value for name, value in form.items() if isinstance(value, str) and value.strip()
    }
    try:
        return Items.model_validate(dict(request.query_params) | fields)
    except ValidationError as error:
        raise refusal_of(error.errors()) from error


_SHOWN = "SELECT id, scope, collection, format, state, total, done, size, problem, created_at FROM download"
_COUNTED = text(
    "SELECT count(*) FILTER (WHERE state IN ('waiting', 'working')) AS waiting, count(*) AS made FROM download"
)
_INSERT = text(
    "INSERT INTO download (id, scope, collection, format, asked, total)"
    " VALUES (:id, :scope, :collection, :format, CAST(:asked AS jsonb), :total)"
)
