"""The application: the only web file that knows every floor."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.responses import FileResponse, HTMLResponse
from fastapi.staticfiles import StaticFiles
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import Response
from starlette_compress import CompressMiddleware, add_compress_type

from service.accounts.routes import account as account_routes
from service.accounts.routes import people as people_routes
from service.accounts.routes import sign_in as sign_in_routes
from service.accounts.routes.door import Door, person_of
from service.audit import jobs as audit_jobs
from service.audit import routes as audit_routes
from service.base.access import AccessLog
from service.base.answers import COMPRESSED, COMPRESSION, answer_errors, describe_errors
from service.base.database import make_engine, refuse_privileged
from service.base.errors import Rejected
from service.base.gate import Gate
from service.base.hardening import (
    MOST_BODY_BYTES,
    REQUESTS_A_CONNECTION,
    BodyLimit,
    BrowserHeaders,
    QueueLimit,
    RequestLimit,
    content_policy,
)
from service.base.heads import Heads
from service.base.logging import configure_logging
from service.base.metrics import CONNECTIONS
from service.base.settings import Settings
from service.base.viewer import Viewer
from service.cells import jobs as cell_jobs
from service.cells import routes as cell_routes
from service.codes import routes as code_routes
from service.documents import routes as document_routes
from service.features import routes as feature_routes
from service.features.layers import DrawnTiles
from service.grading import routes as grading_routes
from service.imports import jobs as import_jobs
from service.imports import routes as import_routes
from service.imports.actions.work import Works
from service.lists.routes import enterprises as enterprise_list_routes
from service.lists.routes import files as file_routes
from service.lists.routes import filters as filter_routes
from service.lists.routes import points as point_list_routes
from service.lists.routes import rankings as ranking_routes
from service.lists.routes import ready as ready_list_routes
from service.ogc import jobs as ogc_jobs
from service.ogc.actions.works import Works as Downloads
from service.ogc.actions.works import folder_of
from service.ogc.layers import COLLECTIONS
from service.ogc.routes import downloads as ogc_download_routes
from service.ogc.routes import editing as ogc_editing_routes
from service.ogc.routes import items as ogc_item_routes
from service.ogc.routes import landing as ogc_routes
from service.ogc.routes import orders
from service.ogc.routes import tiles as ogc_tile_routes
from service.ogc.rules.publishing import published
from service.register.routes import history as history_routes
from service.register.routes import owners as owner_routes
from service.register.routes import points as register_routes
from service.risk_points import routes as risk_point_routes
from service.search import routes as search_routes
from service.territories import routes as territory_routes
from service.territories.queries import whole_territory

PAGE = Path(__file__).resolve().parents[1] / "web" / "dist"


ROUTES = (
    sign_in_routes,
    account_routes,
    people_routes,
    audit_routes,
    feature_routes,
    cell_routes,
    risk_point_routes,
    territory_routes,
    grading_routes,
    code_routes,
    import_routes,
    file_routes,
    point_list_routes,
    enterprise_list_routes,
    ready_list_routes,
    ranking_routes,
    filter_routes,
    search_routes,
    register_routes,
    owner_routes,
    document_routes,
    history_routes,
    ogc_routes,
    ogc_download_routes,
    ogc_item_routes,
    ogc_editing_routes,
    ogc_tile_routes,
)


def create_app(settings: Settings, *, database_url: str) -> FastAPI:
    """The service on one database, as the app role.

    Raises Rejected for a basemap that would mislead. Starting it raises PrivilegedRole for a role that row security would
    not bind, NotFound for a territory not loaded.
    """
    basemap = feature_routes.configured_basemap(settings)
    app = FastAPI(
        title="安全风险四色图 · Four-colour safety-risk map",
        version=version("riskmap"),
        lifespan=lambda app: _living(app, settings, database_url),
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    app.state.settings = settings
    app.state.tiles = DrawnTiles(settings.tile_cache_mb * 2**20)
    # Whoever reads a download slowly keeps a connection as long: half of them are for everybody else.
    app.state.streams = Gate(max(1, settings.pool_size // 2), waiting=64, seconds=20)
    # A viewer here is everybody's: for tests and measurements, which are not about signing in.
    app.state.viewer = None
    # GDAL and pyarrow keep a processor busy for as long as a file takes.
    app.state.files = Gate(1, waiting=8, seconds=30)
    app.state.published = published(settings.publish, COLLECTIONS)
    app.state.public = None
    for routes in ROUTES:
        app.include_router(routes.router)
    answer_errors(app)
    describe_errors(app)
    _show_health(app)
    _show_pages(app)
    for media in COMPRESSED:
        add_compress_type(media)
    app.add_middleware(CompressMiddleware, minimum_size=1024, gzip_level=COMPRESSION)
    app.add_middleware(RequestLimit, per_minute=settings.requests_per_minute, person_of=person_of)
    app.add_middleware(Door)
    app.add_middleware(QueueLimit, most=settings.pool_size * REQUESTS_A_CONNECTION)
    app.add_middleware(BodyLimit, limit_of=_most_bytes)
    app.add_middleware(BrowserHeaders, policy=content_policy(basemap.templates if basemap else ()))
    app.add_middleware(Heads)
    app.add_middleware(AccessLog)
    return app


def of_environment() -> FastAPI:
    """The service as one of several processes makes it: what it needs to know stands in the environment."""
    settings = Settings()
    if settings.database_url is None:
        raise Rejected("未设置 RISKMAP_DATABASE_URL。", "RISKMAP_DATABASE_URL is not set.")
    configure_logging(settings.log_level)
    return create_app(settings, database_url=settings.database_url)


def _most_bytes(path: str) -> int | None:
    """Of a request's body; workbooks are counted by their own route, which hears a client out before it refuses."""
    return None if path.startswith("/api/imports") else MOST_BODY_BYTES


@asynccontextmanager
async def _living(app: FastAPI, settings: Settings, database_url: str) -> AsyncIterator[None]:
    """The engine and the jobs of a process, from its start to its end."""
    engine = make_engine(database_url, settings)
    try:
        await refuse_privileged(engine)
        app.state.engine = engine
        app.state.works = Works(engine)
        folder = folder_of(settings.download_dir)
        app.state.downloads = Downloads(
            engine, folder, lambda viewer, row, path: orders.ordered(engine, viewer, row, path)
        )
        whole = await whole_territory(engine, settings.territory)
        if app.state.published:
            app.state.public = Viewer(person="", name="公众 public", areas=whole.areas, public=True)
        jobs = [
            asyncio.create_task(cell_jobs.keep_folding(engine)),
            asyncio.create_task(audit_jobs.keep_sealing(engine)),
            asyncio.create_task(import_jobs.keep_expiring(engine, after_days=settings.upload_days)),
            asyncio.create_task(ogc_jobs.keep_expiring(engine, folder)),
        ]
        yield
        await app.state.works.close()
        await app.state.downloads.close()
        for job in jobs:
            job.cancel()
            with suppress(asyncio.CancelledError):
                await job
    finally:
        await engine.dispose()


class PageFiles(StaticFiles):
    """The files of the built page. Those under assets/ carry a hash in their names, so they may be kept for ever."""

    def file_response(self, full_path: Any, *args: Any, **kwargs: Any) -> Response:
        """A file, with how long a browser may keep it."""
        response = super().file_response(full_path, *args, **kwargs)
        if Path(full_path).parent.name == "assets":
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def _show_health(app: FastAPI) -> None:
    @app.get("/healthz", tags=["health"], summary="The process is alive")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/metrics", include_in_schema=False)
    async def metrics(request: Request) -> Response:
        pool = request.app.state.engine.pool
        CONNECTIONS.set(pool.checkedout())
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    @app.get("/readyz", tags=["health"], summary="The database answers")
    async def readyz(request: Request) -> dict[str, str]:
        async with request.app.state.engine.connect() as connection:
            await connection.execute(text("SELECT version_num FROM alembic_version"))
        return {"status": "ready"}


def _show_pages(app: FastAPI) -> None:
    """The built page, and the description of the API."""

    @app.get("/api/docs", include_in_schema=False)
    async def show_docs() -> HTMLResponse:
        return HTMLResponse(_DOCS)

    @app.get("/", include_in_schema=False)
    @app.get("/imports", include_in_schema=False)
    @app.get("/risk-points/new", include_in_schema=False)
    @app.get("/risk-points/{number}/edit", include_in_schema=False)
    @app.get("/risk-points/{number}/history", include_in_schema=False)
    @app.get("/enterprises/new", include_in_schema=False)
    @app.get("/enterprises/{number}/edit", include_in_schema=False)
    @app.get("/enterprises/{enterprise_id:int}", include_in_schema=False)
    @app.get("/print", include_in_schema=False)
    @app.get("/sign-in", include_in_schema=False)
    @app.get("/account", include_in_schema=False)
    @app.get("/people", include_in_schema=False)
    @app.get("/audit", include_in_schema=False)
    async def show_page() -> Response:
        if not (PAGE / "index.html").exists():
            return HTMLResponse(_NOT_BUILT, 503)
        return FileResponse(PAGE / "index.html", headers={"Cache-Control": "no-cache"})

    if PAGE.exists():
        app.mount("/", PageFiles(directory=PAGE), name="page")


_NOT_BUILT = """<!doctype html><meta charset="utf-8"><title>四色图</title>
<p>页面尚未构建，请运行 scripts/run。 The page is not built yet: run scripts/run.</p>"""

_DOCS = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>四色图 API</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/docs/swagger-ui.css"></head><body><div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body></html>"""
