"""How a document leaves: as JSON or as a page for people, in the client's language, under its own address."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from service.base.collections import Collection
from service.base.errors import Rejected
from service.ogc.layers import COLLECTIONS
from service.ogc.schemas.links import GEOJSON, HTML, JSON, OPENAPI, SCHEMA_JSON, Link
from service.ogc.schemas.pages import page_of
from service.ogc.schemas.requests import Language, languages

LanguageDep = Annotated[Language, Query()]
DOCUMENT = {"json": JSON, "html": HTML}
PAGE: dict[int | str, dict[str, Any]] = {200: {"content": {HTML: {}}}}


class GeoJson(JSONResponse):
    """What the description of a door says features are sent as."""

    media_type = GEOJSON


class SchemaJson(JSONResponse):
    """What the description of a door says schemas are sent as."""

    media_type = SCHEMA_JSON


class OpenApiJson(JSONResponse):
    """What the description of a door says it is sent as itself."""

    media_type = OPENAPI


# One address has more than one representation, and every viewer has their own.
VARIES = {"Vary": "Accept, Accept-Language, Authorization, Cookie"}
PRIVATE = "private, no-cache"
# What is published may lie in caches for a minute, and pages of others may read it.
PUBLIC = "public, max-age=60"


def known(request: Request) -> Mapping[str, Collection]:
    """The collections that a viewer knows: all of them, or what the deployment publishes."""
    published: Mapping[str, Collection] = request.app.state.published
    return published if request.state.viewer.public else COLLECTIONS


def caching(request: Request) -> dict[str, str]:
    """The headers that say who may keep an answer, and for how long."""
    if request.state.viewer.public:
        return VARIES | {"Cache-Control": PUBLIC, "Access-Control-Allow-Origin": "*"}
    return VARIES | {"Cache-Control": PRIVATE}


def in_chinese(request: Request, given: Language) -> bool:
    """Whether a request's titles are to be in Chinese."""
    return languages(given, request.headers.get("accept-language"))


def chosen(request: Request, given: Language, types: Mapping[str, str]) -> str:
    """Which representation a client wants: f, or what it accepts of those there are; the first of them else.

    Raises Rejected for an f that there is not.
    """
    if given.f is not None:
        if given.f not in types:
            raise Rejected(f"f 可为：{'、'.join(types)}。", f"f is one of {', '.join(types)}.")
        return given.f
    wanted = [part.partition(";")[0].strip().lower() for part in request.headers.get("accept", "").split(",")]
    for media in wanted:
        for name, own in types.items():
            if media == own.partition(";")[0]:
                return name
    return next(iter(types))


def refuse_strangers(given: Language) -> None:
    """Refuse parameters that a document does not take (17-069r4, /req/core/query-param-unknown). Raises Rejected."""
    for name in given.model_extra or {}:
        raise Rejected(f"没有参数“{name}”。", f"There is no parameter {name!r}.")


def answer(  # noqa: PLR0913 - what a document is, for whom
    request: Request,
    document: BaseModel | dict[str, Any],
    kind: str,
    *,
    template: str,
    zh: bool,
    media: str = JSON,
    more: Mapping[str, Any] | None = None,
) -> Response:
    """A document as JSON, or as the page that a template makes of it."""
    wire = (
        document.model_dump(mode="json", by_alias=True, exclude_none=True)
        if isinstance(document, BaseModel)
        else document
    )
    headers = {"Content-Language": "zh" if zh else "en"} | caching(request)
    if kind == "html":
        return Response(
            page_of(request, template, wire, zh=zh, more=more or {}), media_type=HTML, headers=headers
        )
    return JSONResponse(wire, media_type=media, headers=headers)


def link_to(href: str, rel: str, kind: str, title: str) -> Link:
    """A link to another resource of the door."""
    return Link(href=href, rel=rel, type=kind, title=title)
