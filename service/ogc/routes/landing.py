"""Where a client begins: the landing page, what it conforms to, its description, its collections."""

from typing import Any, Literal

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from service.base.clock import NowDep, day_of
from service.base.collections import Collection
from service.base.database import SessionDep, SettingsDep, ViewerDep
from service.base.viewer import Permission, Viewer
from service.ogc.layers import collection_of
from service.ogc.queries import files
from service.ogc.routes.answers import (
    DOCUMENT,
    PAGE,
    LanguageDep,
    OpenApiJson,
    SchemaJson,
    answer,
    caching,
    chosen,
    in_chinese,
    known,
    link_to,
    refuse_strangers,
)
from service.ogc.rules.formats import FILES
from service.ogc.schemas.conformance import CLASSES
from service.ogc.schemas.description import description_of
from service.ogc.schemas.documents import (
    CollectionOut,
    CollectionsOut,
    Conformance,
    Landing,
    describe,
    schema_of,
)
from service.ogc.schemas.links import (
    GEOJSON,
    HTML,
    JSON,
    OPENAPI,
    SCHEMA_JSON,
    Link,
    alternates,
    root_of,
)
from service.ogc.schemas.requests import Language, languages
from service.ogc.schemas.snippets import snippets_of
from service.ogc.workbook.styles import AREAS, GRADE, LINES, POINTS, qml_of
from service.territories import queries as territory_queries

router = APIRouter(prefix="/ogc", tags=["ogc"])

QML = "application/vnd.qgis.qml+xml"
SCHEMA_TYPES = {"json": SCHEMA_JSON, "html": HTML}


@router.get("", summary="The landing page", response_model=Landing, responses=PAGE)
@router.get("/", include_in_schema=False, response_model=Landing)
async def show_landing(request: Request, given: LanguageDep, settings: SettingsDep) -> Response:
    """OGC API Common Part 1, Features Part 1 7.2."""
    refuse_strangers(given)
    kind, zh, root = chosen(request, given, DOCUMENT), in_chinese(request, given), root_of(request)
    landing = Landing(
        title="安全风险四色图" if zh else "Four-colour safety-risk map",
        description="双重预防机制的风险点、企业、区划和网格，按您的权限提供。"
        if zh
        else "Risk points, enterprises, territories and cells of dual prevention, as far as you may see them.",
        attribution=settings.map_approval,
        links=[
            *alternates(request, DOCUMENT, kind),
            link_to(f"{root}/api", "service-desc", OPENAPI, "OpenAPI 3.0"),
            link_to(f"{root}/api?f=html", "service-doc", HTML, "API"),
            link_to(f"{root}/conformance", "conformance", JSON, "一致性声明" if zh else "Conformance"),
            link_to(f"{root}/collections", "data", JSON, "数据集" if zh else "Collections"),
            link_to(
                f"{root}/tileMatrixSets",
                "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes",
                JSON,
                "瓦片方案" if zh else "Tiling schemes",
            ),
        ],
    )
    return answer(request, landing, kind, template="landing", zh=zh)


@router.get("/conformance", summary="What the door conforms to", response_model=Conformance, responses=PAGE)
async def show_conformance(request: Request, given: LanguageDep) -> Response:
    """The requirements classes that the tests prove."""
    refuse_strangers(given)
    kind, zh = chosen(request, given, DOCUMENT), in_chinese(request, given)
    document = Conformance(conformsTo=list(CLASSES))
    return answer(
        request,
        document,
        kind,
        template="conformance",
        zh=zh,
        more={"links": alternates(request, DOCUMENT, kind)},
    )


@router.get(
    "/api",
    summary="The description of the door, OpenAPI 3.0",
    response_model=dict[str, Any],
    responses=PAGE,
    response_class=OpenApiJson,
)
async def show_description(request: Request, given: LanguageDep) -> Response:
    """The paths under /ogc as an OpenAPI 3.0 document (17-069r4, 9)."""
    refuse_strangers(given)
    types = {"json": OPENAPI, "html": HTML}
    kind, zh = chosen(request, given, types), in_chinese(request, given)
    document = description_of(request.app.openapi(), root=root_of(request))
    return answer(
        request,
        document,
        kind,
        template="api",
        zh=zh,
        media=OPENAPI,
        more={"links": alternates(request, types, kind)},
    )


@router.get("/collections", summary="The collections", response_model=CollectionsOut, responses=PAGE)
async def show_collections(
    request: Request, given: LanguageDep, session: SessionDep, viewer: ViewerDep
) -> Response:
    """All collections, with the extent of the territory that the viewer sees."""
    refuse_strangers(given)
    kind, zh = chosen(request, given, DOCUMENT), in_chinese(request, given)
    box = await _reach(session, viewer)
    document = CollectionsOut(
        collections=[
            describe(one, zh=zh, links=_links(request, one, zh=zh), bbox=box)
            for one in known(request).values()
        ],
        links=alternates(request, DOCUMENT, kind),
    )
    return answer(request, document, kind, template="collections", zh=zh)


@router.get("/collections/{collection}", summary="A collection", response_model=CollectionOut, responses=PAGE)
async def show_collection(
    collection: str, request: Request, given: LanguageDep, session: SessionDep, viewer: ViewerDep
) -> Response:
    """One collection: what it is, where it lies, in which reference systems it comes, where its features are."""
    refuse_strangers(given)
    kind, zh = chosen(request, given, DOCUMENT), in_chinese(request, given)
    found = collection_of(collection, known(request))
    links = [*alternates(request, DOCUMENT, kind), *_links(request, found, zh=zh)]
    document = describe(found, zh=zh, links=links, bbox=await _reach(session, viewer))
    more = _page_of_collection(request, found, zh=zh) if kind == "html" else {}
    return answer(request, document, kind, template="collection", zh=zh, more=more)


def _page_of_collection(request: Request, found: Collection, *, zh: bool) -> dict[str, Any]:
    """What the page of a collection offers beyond its document."""
    if Permission.EXPORT in request.state.viewer.may:
        # Who looks at it may want a file next, and the process that makes them takes seconds to begin.
        request.app.state.downloads.warm()
    names = [column.name for column in found.columns]
    return {
        "collection": found,
        "has_tiles": found.layer is not None,
        "has_grade": GRADE in names,
        "files": list(FILES.values()),
        "streams": ("geojson", "geojsonseq", "ndjson", "csv"),
        "preview_fields": ",".join(name for name in ("name", "code", GRADE) if name in names),
        "snippets": snippets_of(found, root_of(request), zh=zh),
    }


@router.get(
    "/collections/{collection}/style.qml",
    summary="The four-colour style for QGIS",
    response_class=Response,
    responses={200: {"content": {QML: {}}}},
)
async def show_style(
    collection: str,
    request: Request,
    geometry: Literal["point", "line", "area"] = "point",
    lang: Literal["zh", "en"] | None = None,
) -> Response:
    """For points, lines or areas; GeoPackage and Shapefile bring it with them."""
    found = collection_of(collection, known(request))
    zh = languages(Language(f=None, lang=lang), request.headers.get("accept-language"))
    dimension = {"point": POINTS, "line": LINES, "area": AREAS}[geometry]
    headers = caching(request) | {"Content-Disposition": f'attachment; filename="{found.id}.qml"'}
    return Response(qml_of(found.columns, dimension, zh=zh), media_type=QML, headers=headers)


@router.get(
    "/collections/{collection}/schema",
    summary="What features hold (Part 5)",
    response_model=dict[str, Any],
    responses=PAGE,
    response_class=SchemaJson,
)
@router.get(
    "/collections/{collection}/queryables",
    summary="What a filter may name (Part 3)",
    response_model=dict[str, Any],
    responses=PAGE,
    response_class=SchemaJson,
)
@router.get(
    "/collections/{collection}/sortables",
    summary="What an order may name (Part 5)",
    response_model=dict[str, Any],
    responses=PAGE,
    response_class=SchemaJson,
)
async def show_schema(
    collection: str, request: Request, given: LanguageDep, session: SessionDep, now: NowDep
) -> Response:
    """A JSON Schema with titles and the texts of codes."""
    role = request.url.path.rstrip("/").rpartition("/")[2]
    refuse_strangers(given)
    kind, zh = chosen(request, given, SCHEMA_TYPES), in_chinese(request, given)
    found = collection_of(collection, known(request))
    words = await files.words_of(session, found, on=day_of(now))
    address = f"{root_of(request)}/collections/{found.id}/{role}"
    document = schema_of(found, words, zh=zh, address=address, role=role)
    return answer(
        request,
        document,
        kind,
        template="schema",
        zh=zh,
        media=SCHEMA_JSON,
        more={"links": alternates(request, SCHEMA_TYPES, kind), "collection": found, "role": role},
    )


async def _reach(session: AsyncSession, viewer: Viewer) -> tuple[float, float, float, float] | None:
    """The bounds of the territories that a viewer sees anything of."""
    seen = await territory_queries.by_paths(session, set(viewer.places))
    boxes = [box for node in seen.values() if (box := await territory_queries.bounds(session, node.id))]
    if not boxes:
        return None
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


def _links(request: Request, collection: Collection, *, zh: bool) -> list[Link]:
    """Where to go from a collection."""
    base = f"{root_of(request)}/collections/{collection.id}"
    links = [
        link_to(f"{base}/items", "items", GEOJSON, "要素" if zh else "Features"),
        link_to(f"{base}/items?f=html", "items", HTML, "要素" if zh else "Features"),
        link_to(f"{base}/items?f=geojsonseq", "items", "application/geo+json-seq", "GeoJSON (RFC 8142)"),
        link_to(
            f"{base}/queryables",
            "http://www.opengis.net/def/rel/ogc/1.0/queryables",
            SCHEMA_JSON,
            "可过滤字段" if zh else "Queryables",
        ),
        link_to(
            f"{base}/sortables",
            "http://www.opengis.net/def/rel/ogc/1.0/sortables",
            SCHEMA_JSON,
            "可排序字段" if zh else "Sortables",
        ),
        link_to(
            f"{base}/schema",
            "http://www.opengis.net/def/rel/ogc/1.0/schema",
            SCHEMA_JSON,
            "字段说明" if zh else "Schema",
        ),
    ]
    if collection.layer is not None:
        links.append(
            link_to(
                f"{base}/tiles",
                "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector",
                JSON,
                "矢量瓦片" if zh else "Vector tiles",
            )
        )
    return links
