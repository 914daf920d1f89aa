"""The features of a collection: pages, a single one, and all of them as a stream."""

import codecs
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request
from starlette.responses import Response

from service.base.audit import note
from service.base.clock import NowDep, day_of
from service.base.database import EngineDep, ViewerDep, scoped_reading, scoped_session
from service.base.disconnects import Flow, while_connected
from service.base.errors import NotAllowed, Rejected
from service.base.gate import Gate
from service.base.viewer import Permission, Viewer
from service.ogc.layers import collection_of
from service.ogc.queries import counts, features, streams
from service.ogc.queries.counts import Matched
from service.ogc.queries.features import Page
from service.ogc.routes.answers import (
    PAGE,
    GeoJson,
    answer,
    caching,
    chosen,
    in_chinese,
    known,
    refuse_strangers,
)
from service.ogc.routes.orders import file_now
from service.ogc.rules.asking import Asked, Condition
from service.ogc.rules.crs import DEFAULT, Crs, crs_of
from service.ogc.rules.formats import CSV, FILES
from service.ogc.rules.paging import FIRST, Place, read_token, write_token
from service.ogc.rules.values import bind
from service.ogc.schemas.features import FeatureOut, FeaturesOut
from service.ogc.schemas.links import GEOJSON, HTML, JSON, Link, alternates, own_address, root_of
from service.ogc.schemas.requests import Items, Shape, asked_of, columns_of

router = APIRouter(prefix="/ogc/collections/{collection}", tags=["ogc"])

PAGES = {"json": GEOJSON, "html": HTML}
SEQUENCE = "application/geo+json-seq"
NDJSON = "application/x-ndjson"
STREAMS = {"geojsonseq": SEQUENCE, "ndjson": NDJSON, "geojson": GEOJSON, "csv": CSV}
FEATURE = {"json": GEOJSON, "html": HTML}
# Of all headers together, clients and proxies take 8 KiB (nginx's large_client_header_buffers, Node's before 14).
LONGEST_HEADER = 4096

ItemsDep = Annotated[Items, Query()]
ShapeDep = Annotated[Shape, Query()]
ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {media: {} for media in (HTML, *STREAMS.values(), *(one.media for one in FILES.values()))}
    }
}


@router.get(
    "/items",
    summary="Features, page by page or all at once",
    responses=ANSWERS,
    response_class=GeoJson,
    response_model=FeaturesOut,
)
async def list_items(
    collection: str,
    request: Request,
    given: ItemsDep,
    engine: EngineDep,
    viewer: ViewerDep,
    now: NowDep,
) -> Response:
    """f=json: a page. f=geojson, geojsonseq, ndjson, csv: everything that the filter leaves, or `limit` of it, as one stream.

    f=gpkg, shp, fgb, parquet, xlsx: a file, of what can be made while one waits; larger ones are downloads.
    """
    found = collection_of(collection, known(request))
    kind = chosen(request, given, PAGES | STREAMS | {name: file.media for name, file in FILES.items()})
    asked = asked_of(found, given, today=day_of(now))
    if kind in FILES:
        return await file_now(request, engine, viewer, asked, given.model_copy(update={"f": kind}))
    if given.datum is not None:
        raise Rejected("datum 只用于文件格式。", "datum is for files.")
    if kind in STREAMS:
        return await _flow(request, engine, viewer, asked, kind, given)
    place = read_token(given.cursor, asked.order) if given.cursor else FIRST
    page, matched = await while_connected(request, _page(engine, viewer, asked, given, place))
    links = _page_links(request, page, matched, kind)
    wire = _collection_wire(page, matched, links, now)
    if kind == "html":
        zh = in_chinese(request, given)
        features = json.loads(wire)
        return answer(
            request,
            features,
            kind,
            template="items",
            zh=zh,
            more={"collection": found, "columns": asked.columns, "preview": own_address(request, f="json")},
        )
    headers = _headers(request, asked.crs) | _link_header(links)
    if given.limit is not None and given.limit > given.size:
        headers["X-Riskmap-Cut"] = str(given.size)
    return Response(wire, media_type=GEOJSON, headers=headers)


@router.get(
    "/items/{item}", summary="One feature", responses=PAGE, response_class=GeoJson, response_model=FeatureOut
)
async def show_item(  # noqa: PLR0913 - which feature, how, for whom, when
    collection: str,
    item: str,
    request: Request,
    given: ShapeDep,
    engine: EngineDep,
    viewer: ViewerDep,
    now: NowDep,
) -> Response:
    """One feature by its id. Not there and not yours are one answer."""
    found = collection_of(collection, known(request))
    refuse_strangers(given)
    kind = chosen(request, given, FEATURE)
    try:
        cast, bound = bind(found.id_kind, item, "id")
    except Rejected as error:
        raise features.missing() from error
    asked = Asked(
        collection=found,
        columns=columns_of(found, given.properties),
        today=day_of(now),
        crs=crs_of(given.crs, "crs") if given.crs else DEFAULT,
        conditions=(Condition(f"item.id = %(item)s::{cast}", {"item": bound}),),
    )
    async with scoped_reading(engine, viewer) as connection:
        single = await features.single(connection, asked)
    if single is None:
        raise features.missing()
    feature, version = single
    links = [
        *alternates(request, FEATURE, kind),
        Link(href=f"{root_of(request)}/collections/{found.id}", rel="collection", type=JSON),
    ]
    wire = f'{feature[:-1]},"links":{_json(links)}}}'
    if kind == "html":
        zh = in_chinese(request, given)
        more = {"collection": found, "columns": asked.columns, "preview": own_address(request, f="json")}
        return answer(request, json.loads(wire), kind, template="item", zh=zh, more=more)
    headers = _headers(request, asked.crs) | _link_header(links)
    if version is not None:
        # What If-Match takes when it is written (routes/editing.py).
        headers["ETag"] = f'"{version}"'
    return Response(wire, media_type=GEOJSON, headers=headers)


async def _page(
    engine: AsyncEngine, viewer: Viewer, asked: Asked, given: Items, place: Place
) -> tuple[Page, Matched]:
    """A page, and how many rows there are in all: counted with the first, carried on by the links of all others."""
    async with scoped_reading(engine, viewer, snapshot=True) as connection:
        page = await features.page(connection, asked, limit=given.size, place=place, offset=given.offset)
        if place.matched is not None:
            return page, Matched(place.matched, estimated=place.estimated)
        return page, await counts.count(connection, asked)


def _page_links(request: Request, page: Page, matched: Matched, kind: str) -> list[Link]:
    links = alternates(request, PAGES, kind)
    for rel, place in (("next", page.last), ("prev", page.first)):
        if place is not None:
            told = Place(place.values, place.backwards, matched.number, matched.estimated)
            href = own_address(request, cursor=write_token(told), offset=None)
            links.append(Link(href=href, rel=rel, type=PAGES[kind]))
    path = request.url.path.removeprefix("/ogc").rpartition("/")[0]
    links.append(Link(href=f"{root_of(request)}{path}", rel="collection", type=JSON))
    return links


def _collection_wire(page: Page, matched: Matched, links: list[Link], now: datetime) -> str:
    """A FeatureCollection; numberMatchedEstimated says that nobody counted."""
    estimated = ',"numberMatchedEstimated":true' if matched.estimated else ""
    moment = now.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return (
        f'{{"type":"FeatureCollection","timeStamp":"{moment}","numberMatched":{matched.number}{estimated},'
        f'"numberReturned":{page.count},"links":{_json(links)},"features":[\n{page.features}\n]}}'
    )


async def _flow(
    request: Request, engine: AsyncEngine, viewer: Viewer, asked: Asked, kind: str, given: Items
) -> Response:
    """Everything as one stream; memory stays flat, and the query ends when the client leaves.

    Raises NotAllowed for whoever may not take files away, Rejected where a page is asked for as well.
    """
    if given.cursor is not None or given.offset:
        raise Rejected(
            "cursor 和 offset 只用于分页（f=json）；数据流给出全部要素。",
            "cursor and offset are of pages (f=json); a stream gives all features.",
        )
    if Permission.EXPORT not in viewer.may:
        raise NotAllowed("您的角色不能导出。", "Your roles do not allow exports.")
    details = {"collection": asked.collection.id, "format": kind, "query": dict(request.query_params)}
    async with scoped_session(engine, viewer) as session:
        await note(session, "export", subject=asked.collection.id, details=details)
    parts = _parts(request.app.state.streams, engine, viewer, asked, kind, given.limit)
    # What cannot be read is said before the first byte is sent.
    first = await while_connected(request, _first(parts))

    async def whole() -> AsyncIterator[str | bytes]:
        async with aclosing(parts):
            yield first
            async for part in parts:
                yield part

    named = {"Content-Disposition": f'attachment; filename="{asked.collection.id}.{kind}"'}
    headers = _headers(request, asked.crs) | named
    return Flow(whole(), media_type=STREAMS[kind], headers=headers)


async def _first(parts: AsyncGenerator[str | bytes, None]) -> str | bytes:
    """The first part; where there comes none, the others are given up."""
    try:
        return await anext(parts)
    except BaseException:
        await parts.aclose()
        raise


async def _parts(
    gate: Gate, engine: AsyncEngine, viewer: Viewer, asked: Asked, kind: str, most: int | None
) -> AsyncGenerator[str | bytes, None]:
    """The text of a stream, a few hundred features at a time."""
    if kind == "csv":
        async with gate.passed(), scoped_reading(engine, viewer, snapshot=True) as connection:
            # By its mark Excel knows that a text is UTF-8.
            mark = codecs.BOM_UTF8
            async with aclosing(streams.stream_csv(connection, asked, most=most)) as blocks:
                async for lines in blocks:
                    yield mark + lines
                    mark = b""
        return
    begin, before, between, end = {
        "geojson": ('{"type":"FeatureCollection","features":[\n', "", ",\n", "\n]}\n"),
        # RFC 8142: a record separator before each.
        "geojsonseq": ("", "\x1e", "\n\x1e", "\n"),
        "ndjson": ("", "", "\n", "\n"),
    }[kind]
    async with gate.passed(), scoped_reading(engine, viewer, snapshot=True) as connection:
        lead = begin + before
        async with aclosing(streams.stream(connection, asked, most=most)) as parts:
            async for features in parts:
                yield lead + between.join(features)
                lead = between
        # No feature at all: what a sequence begins and ends with belongs to its features.
        yield end if lead is between else begin + (end if kind == "geojson" else "")


def _headers(request: Request, crs: Crs) -> dict[str, str]:
    return {"Content-Crs": f"<{crs.uri}>"} | caching(request)


def _json(links: list[Link]) -> str:
    return json.dumps([link.model_dump(exclude_none=True) for link in links], ensure_ascii=False)


def _link_header(links: list[Link]) -> dict[str, str]:
    """The same links for clients that read no body (RFC 8288); none where a long filter would make them longer than headers
    may be."""
    told = ", ".join(f'<{link.href}>; rel="{link.rel}"; type="{link.type}"' for link in links)
    return {"Link": told} if len(told) <= LONGEST_HEADER else {}
