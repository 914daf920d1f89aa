"""What a file needs to be written in another process, and files that are made while their client waits."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import cast

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send

from service.base.answers import refusal_of
from service.base.audit import SOURCE, note
from service.base.clock import CHINA, day_of, now
from service.base.database import scoped_reading, scoped_session
from service.base.disconnects import while_connected
from service.base.errors import NotAllowed, Rejected, TooLarge
from service.base.viewer import Permission, Viewer
from service.ogc.actions.works import Row, Works, run
from service.ogc.layers import COLLECTIONS
from service.ogc.queries import counts, files
from service.ogc.queries.counts import Matched
from service.ogc.routes.answers import caching, in_chinese
from service.ogc.rules.asking import Asked
from service.ogc.rules.formats import FILES, FileFormat
from service.ogc.rules.orders import Order
from service.ogc.schemas.requests import Items, asked_of

# Features of a file that a client waits for: some seconds. Beyond, proxies give up before the first byte.
AT_ONCE = 50_000


async def file_now(
    request: Request, engine: AsyncEngine, viewer: Viewer, asked: Asked, given: Items
) -> Response:
    """A file while the client waits. Raises TooLarge for what takes longer than that, NotAllowed, Rejected."""
    if Permission.EXPORT not in viewer.may:
        raise NotAllowed("您的角色不能导出。", "Your roles do not allow exports.")
    file = FILES[given.f or ""]
    works: Works = request.app.state.downloads
    if (await counted(engine, viewer, asked, given)).number > AT_ONCE:
        raise TooLarge(
            f"超过 {AT_ONCE:,} 个要素的文件在后台生成：POST …/collections/{asked.collection.id}/downloads?f={file.name}。",
            f"A file of more than {AT_ONCE:,} features is made in the background:"
            f" POST …/collections/{asked.collection.id}/downloads?f={file.name}.",
        )
    name = f"{asked.collection.id}.{file.extension}"
    # Each request makes it anew: GDAL and geopandas would else ask for it in parts.
    headers = _headers(request) | {"Accept-Ranges": "none"}
    if not SOURCE.get().body:
        # How large it would be is not known before it is made.
        named = {"Content-Disposition": f'attachment; filename="{name}"'}
        unmade = Response(media_type=file.media, headers=headers | named)
        del unmade.headers["Content-Length"]
        return unmade
    folder = works.own_folder()
    path = folder / name
    try:
        order = await order_of(engine, viewer, asked, given, path, zh=in_chinese(request, given))
        await _noted(request, engine, viewer, asked, file)
        async with request.app.state.files.passed():
            await while_connected(request, run(order))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return _Passing(path, media_type=file.media, filename=name, headers=headers)


class _Passing(FileResponse):
    """A file that goes, with its folder, once it was sent or its client has left."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            shutil.rmtree(Path(self.path).parent, ignore_errors=True)


async def _noted(
    request: Request, engine: AsyncEngine, viewer: Viewer, asked: Asked, file: FileFormat
) -> None:
    async with scoped_session(engine, viewer) as session:
        details = {
            "collection": asked.collection.id,
            "format": file.name,
            "query": dict(request.query_params),
        }
        await note(session, "export", subject=asked.collection.id, details=details)


async def ordered(engine: AsyncEngine, viewer: Viewer, row: Row, path: Path) -> Order:
    """What a download's row asks for, as an order for its viewer. Raises Rejected."""
    try:
        given = Items.model_validate(row["asked"])
    except ValidationError as error:
        raise refusal_of(error.errors()) from error
    asked = asked_of(COLLECTIONS[row["collection"]], given, today=day_of(now()))
    order = await order_of(engine, viewer, asked, given, path, zh=given.lang != "en")
    return replace(order, job=row["id"])


async def order_of(
    engine: AsyncEngine, viewer: Viewer, asked: Asked, given: Items, path: Path, *, zh: bool
) -> Order:
    """What a file needs to be written in another process: the names of codes are looked up here. Raises Rejected."""
    if given.cursor is not None or given.offset:
        raise Rejected("cursor 和 offset 只用于分页。", "cursor and offset are of pages.")
    if given.datum is not None and asked.crs.projected:
        raise Rejected("datum=gcj02 不能与 crs 同用。", "datum=gcj02 goes with no crs.")
    words: dict[str, dict[str, str]] = {}
    if given.f == "xlsx":
        async with scoped_session(engine, viewer) as session:
            named = await files.words_of(session, asked.collection, on=asked.today)
        words = {
            column.name: {code: name.zh if zh else name.en for code, name in named[column.code_list].items()}
            for column in asked.columns
            if column.code_list is not None
        }
    return Order(
        address=engine.url.set(drivername="postgresql").render_as_string(hide_password=False),
        viewer=viewer,
        asked=asked,
        format=cast("str", given.f),
        path=path,
        zh=zh,
        gcj02=given.datum is not None,
        words=words,
        about=_about(asked, given, viewer, zh=zh),
        most=given.limit,
    )


def _about(asked: Asked, given: Items, viewer: Viewer, *, zh: bool) -> list[tuple[str, str]]:
    """What a workbook says of itself on its second sheet."""
    datum = (
        "GCJ-02"
        if given.datum
        else f"EPSG:{asked.crs.srid}"
        if asked.crs.projected
        else "CGCS2000 (EPSG:4490)"
    )
    pairs = [
        ("数据集", "Collection", asked.collection.title_zh if zh else asked.collection.title_en),
        ("生成时间", "Made at", f"{now().astimezone(CHINA):%Y-%m-%d %H:%M}"),
        ("生成人", "Made by", viewer.name),
        ("坐标系", "Reference system", datum),
        ("截至", "As recorded", given.datetime or ""),
        ("条件", "Filter", "; ".join(filter(None, (given.filter, given.bbox, *_equalities(given))))),
    ]
    return [(first if zh else second, told) for first, second, told in pairs]


def _equalities(given: Items) -> list[str]:
    return [f"{name} = {value}" for name, value in (given.model_extra or {}).items()]


async def counted(engine: AsyncEngine, viewer: Viewer, asked: Asked, given: Items) -> Matched:
    """How many features a file will hold. Raises Rejected for a filter without a value for some row."""
    async with scoped_reading(engine, viewer) as connection:
        matched = await counts.count(connection, asked, most=AT_ONCE)
    if given.limit is not None and given.limit <= matched.number:
        return Matched(given.limit, estimated=False)
    return matched


def sent(request: Request, path: Path, name: str, file: FileFormat) -> Response:
    """A file that stays, on its way."""
    filename = f"{name}.{file.extension}"
    return FileResponse(path, media_type=file.media, filename=filename, headers=_headers(request))


def _headers(request: Request) -> dict[str, str]:
    # Compressed already; said, so that nobody compresses it again.
    return caching(request) | {"Content-Encoding": "identity"}
