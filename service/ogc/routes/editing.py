"""Writing features (OGC 20-002, Features Part 4): the same actions and rules as the forms of the page, audited as they are."""

import json
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Header, Response
from starlette.requests import Request
from starlette.responses import JSONResponse

from service.base.clock import day_of, now
from service.base.collections import Collection
from service.base.database import ViewerDep
from service.base.errors import NotAllowed, Outdated, Rejected, StaleVersion, Unversioned
from service.base.viewer import Permission
from service.ogc.layers import collection_of
from service.ogc.queries import features
from service.ogc.routes.answers import known
from service.ogc.rules.asking import Asked, Condition
from service.ogc.rules.crs import DEFAULT, crs_of
from service.ogc.rules.editing import WRITABLE, changes
from service.ogc.rules.values import bind
from service.ogc.schemas.editing import (
    FeatureIn,
    enterprise_change,
    enterprise_form,
    point_change,
    point_form,
)
from service.ogc.schemas.links import root_of
from service.register.actions import firms, points
from service.register.actions.desk import Done
from service.register.queries import forms as form_queries
from service.register.queries.forms import Desk
from service.register.routes.points import DeskDep, SendingKey, once
from service.register.schemas.shown import Written

router = APIRouter(prefix="/ogc/collections/{collection}", tags=["ogc"])

VersionDep = Annotated[
    str | None,
    Header(
        alias="If-Match",
        max_length=40,
        description="The ETag of the feature that was looked at; 428 without, 412 for another",
    ),
]
# What a client may do with a feature, and how whoever may writes one.
_READING = "GET, HEAD, OPTIONS"
_WRITING = "PUT, PATCH, DELETE"


@router.post("/items", summary="Add a feature", status_code=201, response_model=Written)
async def create_feature(
    collection: str, request: Request, desk: DeskDep, feature: FeatureIn, key: SendingKey = None
) -> Response:
    """A risk point at its geometry, or at its site without one; an enterprise with a site at its point. Gradings come by the forms."""
    found = _writable(request, collection)
    given = changes(found, feature.properties or {}, {}, whole=False)
    if found.id == "risk_points":
        form = point_form(given, feature)
        done = await once(desk, key, "risk point", form, lambda: points.create(desk, form.form()))
    else:
        firm = enterprise_form(given, feature)
        sites = [site.form(empty=None) for site in firm.sites]
        done = await once(
            desk,
            key,
            "enterprise",
            firm,
            lambda: firms.create_enterprise(desk, firm.cells(empty=None), sites),
        )
    return await _answer(request, desk, found, done, created=True)


@router.put("/items/{item}", summary="Replace a feature", response_model=Written)
async def replace_feature(
    collection: str,
    item: str,
    request: Request,
    desk: DeskDep,
    feature: FeatureIn,
    version: VersionDep = None,
) -> Response:
    """What of it is writable and not sent is erased; what is read only stays."""
    return await _change(request, desk, collection, item, feature, version, whole=True)


@router.patch("/items/{item}", summary="Change a feature", response_model=Written)
async def change_feature(
    collection: str,
    item: str,
    request: Request,
    desk: DeskDep,
    feature: FeatureIn,
    version: VersionDep = None,
) -> Response:
    """A merge patch (RFC 7396): what is left out stays."""
    return await _change(request, desk, collection, item, feature, version, whole=False)


@router.delete("/items/{item}", summary="Take a feature out", status_code=204)
async def delete_feature(
    collection: str, item: str, request: Request, desk: DeskDep, version: VersionDep = None
) -> None:
    """What was recorded of it stays. An enterprise goes with its sites, and only without risk points."""
    found = _writable(request, collection)
    remove = points.remove if found.id == "risk_points" else firms.remove_enterprise
    try:
        await remove(desk, _id_of(found, item), seen=_seen(version))
    except StaleVersion as stale:
        raise _outdated(stale) from stale


@router.options("/items", include_in_schema=False)
async def show_ways(collection: str, request: Request, viewer: ViewerDep) -> Response:
    """What may be done with the features; clients such as QGIS ask before they offer to edit."""
    found = collection_of(collection, known(request))
    writes = found.id in WRITABLE and Permission.WRITE in viewer.may
    return Response(status_code=204, headers={"Allow": f"{_READING}, POST" if writes else _READING})


@router.options("/items/{item}", include_in_schema=False)
async def show_ways_of_one(collection: str, item: str, request: Request, viewer: ViewerDep) -> Response:  # noqa: ARG001
    """What may be done with one feature."""
    found = collection_of(collection, known(request))
    writes = found.id in WRITABLE and Permission.WRITE in viewer.may
    return Response(status_code=204, headers={"Allow": f"{_READING}, {_WRITING}" if writes else _READING})


async def _change(  # noqa: PLR0913 - which one, by what, as it was seen, wholly or in parts
    request: Request,
    desk: Desk,
    collection: str,
    item: str,
    feature: FeatureIn,
    version: str | None,
    *,
    whole: bool,
) -> Response:
    found, seen = _writable(request, collection), _seen(version)
    number = _id_of(found, item)
    standing = await _standing(desk, found, number)
    given = changes(found, feature.properties or {}, standing["properties"], whole=whole)
    sent = "geometry" in feature.model_fields_set or (whole and found.id == "risk_points")
    moved = sent and feature.geometry != standing["geometry"]
    try:
        if found.id == "risk_points":
            form = point_change(given, feature, moved=moved)
            done = await points.change(desk, number, form.form(), seen=seen)
        else:
            if moved:
                raise Rejected(
                    "企业的位置在其场所上修改。", "Where an enterprise stands is changed at its sites."
                )
            cells = enterprise_change(given).cells()
            done = await firms.change_enterprise(desk, number, cells, None, seen=seen)
    except StaleVersion as stale:
        raise _outdated(stale) from stale
    return await _answer(request, desk, found, done, created=False)


async def _standing(desk: Desk, found: Collection, number: int) -> Mapping[str, Any]:
    """The feature as a client reads it. Raises NotFound."""
    condition = Condition("item.id = %(item)s::bigint", {"item": number})
    asked = Asked(collection=found, columns=found.columns, today=day_of(now()), conditions=(condition,))
    single = await features.single(desk.connection, asked)
    if single is None:
        raise features.missing()
    read: Mapping[str, Any] = json.loads(single[0])
    return read


async def _answer(request: Request, desk: Desk, found: Collection, done: Done, *, created: bool) -> Response:
    lock = form_queries.lock_point if found.id == "risk_points" else form_queries.lock_enterprise
    version = (await lock(desk.connection, done.id))["version"]
    headers = {"ETag": f'"{version}"'}
    if created:
        headers["Location"] = f"{root_of(request)}/collections/{found.id}/items/{done.id}"
    written = Written.of(done, version).model_dump(mode="json")
    return JSONResponse(written, 201 if created else 200, headers=headers)


def _writable(request: Request, collection: str) -> Collection:
    """The collection, where features are written. Raises NotFound, NotAllowed, and Rejected for another reference system."""
    found = collection_of(collection, known(request))
    if found.id not in WRITABLE:
        raise NotAllowed(f"“{found.id}”只读。", f"{found.id} is read only.")
    stated = request.headers.get("content-crs", "").strip().removeprefix("<").removesuffix(">")
    if stated and crs_of(stated, "Content-Crs") != DEFAULT:
        raise Rejected(
            "写入的坐标应为 CRS84：经度在前，纬度在后。",
            "Coordinates are written in CRS84: longitude before latitude.",
        )
    return found


def _id_of(found: Collection, item: str) -> int:
    """Raises NotFound for what is no id."""
    try:
        return int(bind(found.id_kind, item, "id")[1])
    except Rejected as error:
        raise features.missing() from error


def _seen(version: str | None) -> int:
    """The version of If-Match. Raises Unversioned, Rejected."""
    if version is None:
        raise Unversioned(
            "请在 If-Match 中给出所见的版本（ETag）。",
            "Say in If-Match which version was seen: the feature's ETag.",
        )
    text = version.strip().strip('"')
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Outdated("版本不符。", "This is no version of the feature.")
    return int(text)


def _outdated(stale: StaleVersion) -> Outdated:
    return Outdated(stale.zh, stale.en)
