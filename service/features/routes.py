"""Vector tiles and the session."""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Annotated

from fastapi import APIRouter, Header, Path, Request, Response
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from geo.errors import OutOfRange
from geo.tiles import TileAddress
from service.base.clock import NowDep, day_of
from service.base.database import SessionDep, SettingsDep, ViewerDep
from service.base.disconnects import while_connected
from service.base.errors import NotFound
from service.base.settings import Settings
from service.base.statements import Connection, driver_of
from service.base.viewer import Viewer
from service.cells.schemas import TerritoryOut
from service.codes import queries as code_queries
from service.codes.schemas import CodeText
from service.documents.rules import BOUNDARY_NOTE
from service.features.layers import SOURCES, DrawnTiles, TileRequest, TileSource, draw, etag
from service.features.rules import Basemap, basemap_of
from service.features.schemas import BasemapOut, EnterpriseName, IndustryOut, SessionOut, ViewerOut
from service.risk_points.schemas.points import TerritoryName
from service.risk_points.schemas.selection import SelectionDep
from service.territories import queries as territory_queries
from service.territories.rules.tree import Node

router = APIRouter()
PRIVATE = {"Cache-Control": "private, no-cache"}

MVT = "application/vnd.mapbox-vector-tile"


@router.get(
    "/tiles/{layers}/{z}/{x}/{y}.mvt",
    tags=["tiles"],
    summary="A vector tile of one layer, or of several separated by commas",
    response_class=Response,
    responses={
        200: {"content": {MVT: {}}},
        304: {"description": "Nothing changed"},
    },
)
async def show_tile(  # noqa: PLR0913 - a tile address, a filter and a validator are what a tile request is
    layers: Annotated[str, Path(max_length=100)],
    z: int,
    x: int,
    y: int,
    http: Request,
    session: SessionDep,
    viewer: ViewerDep,
    selection: SelectionDep,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Mapbox Vector Tile 2.1, EPSG:3857, extent 4096, features whole. `X-Riskmap-Truncated` says that a limit cut it."""
    sources = _sources(layers)
    try:
        request = TileRequest(TileAddress(z, x, y), selection, viewer)
    except OutOfRange as error:
        raise NotFound(error.zh, error.en) from error
    # The connection that read the filter: whoever takes a second one while holding a first waits for ever behind
    # others who do the same.
    connection = await driver_of(session)
    tiles: DrawnTiles = http.app.state.tiles
    return await while_connected(http, answer_tile(connection, sources, request, if_none_match, tiles))


async def answer_tile(
    connection: Connection,
    sources: list[TileSource],
    request: TileRequest,
    if_none_match: str | None,
    tiles: DrawnTiles,
    *,
    headers: Mapping[str, str] = PRIVATE,
) -> Response:
    """A tile, from those already drawn where nothing has changed since; 304 for who has it. headers: who may keep it."""
    tag = await etag(connection, sources, request)
    headers = dict(headers) | {"ETag": tag}
    known = [part.strip() for part in (if_none_match or "").split(",")]
    if tag in known or known == ["*"]:
        return Response(status_code=304, headers=headers)
    drawn = tiles.get(tag)
    if drawn is None:
        drawn = await draw(connection, sources, request)
        # What was committed between asking for the validator and drawing would be kept under the older one.
        if await etag(connection, sources, request) == tag:
            tiles.keep(tag, drawn)
    if drawn.most is not None:
        headers["X-Riskmap-Truncated"] = str(drawn.most)
    return Response(drawn.content, media_type=MVT, headers=headers)


def _sources(layers: str) -> list[TileSource]:
    names = list(dict.fromkeys(layers.split(",")))
    unknown = [name for name in names if name not in SOURCES]
    if unknown:
        raise NotFound(
            f"没有图层“{unknown[0]}”，可用：{'、'.join(SOURCES)}。",
            f"There is no layer {unknown[0]!r}; known: {', '.join(SOURCES)}.",
        )
    return [SOURCES[name] for name in names]


@router.get("/api/session", tags=["session"], summary="Who looks, at what, in which light")
async def show_session(
    session: SessionDep, viewer: ViewerDep, settings: SettingsDep, now: NowDep
) -> SessionOut:
    """Who looks and at what, the territory the page opens at with its ancestors, and the official colour basis.

    The page opens at the one territory of a viewer, or at the deployment's.
    """
    territory = await territory_queries.by_key(session, settings.territory)
    seen = await territory_queries.by_paths(session, set(viewer.places))
    official = await session.scalar(
        text(
            "SELECT value FROM official_setting WHERE key = 'official_basis' AND valid_from <= CAST(:day AS date)"
            " ORDER BY valid_from DESC LIMIT 1"
        ),
        {"day": day_of(now)},
    )
    if len(seen) == 1:
        territory = next(iter(seen.values()))
    return SessionOut(
        viewer=await _viewer(session, viewer, seen),
        territory=await _described(session, territory),
        ancestors=[
            TerritoryName(key=node.key, name=node.name)
            for node in await territory_queries.nodes(session, area=territory.path)
            if territory.path.startswith(f"{node.path}.")
        ],
        demo=settings.demo,
        version=version("riskmap"),
        official_basis=official,
        boundary_note=CodeText(zh=BOUNDARY_NOTE.zh, en=BOUNDARY_NOTE.en),
        basemap=_basemap(settings),
        approval=settings.map_approval,
        as_of=now,
    )


async def _described(session: AsyncSession, territory: Node) -> TerritoryOut:
    return TerritoryOut(
        key=territory.key,
        code=territory.code,
        name=territory.name,
        level=territory.level,
        bounds=await territory_queries.bounds(session, territory.id),
    )


async def _viewer(session: AsyncSession, viewer: Viewer, seen: dict[str, Node]) -> ViewerOut:
    pairs = [pair.partition(".") for pair in viewer.pairs]
    names = await code_queries.names_of(session, "regulatory_industry", {code for code, _, _ in pairs})
    return ViewerOut(
        login=viewer.person,
        name=viewer.name,
        must_change=viewer.must_change,
        may=sorted(viewer.may),
        territories=[await _described(session, seen[path]) for path in viewer.areas if path in seen],
        industries=[
            IndustryOut(
                code=code,
                name=CodeText(zh=names[code].zh, en=names[code].en),
                territory=TerritoryName(key=seen[path].key, name=seen[path].name),
            )
            for code, _, path in pairs
            if path in seen and code in names
        ],
        enterprises=[
            EnterpriseName(id=row.id, name=row.name)
            for row in await session.execute(
                text("SELECT id, name FROM enterprise WHERE id = ANY (:ids) ORDER BY name"),
                {"ids": list(viewer.enterprises)},
            )
        ],
    )


def _basemap(settings: Settings) -> BasemapOut | None:
    basemap = configured_basemap(settings)
    return None if basemap is None else BasemapOut.model_validate(basemap, from_attributes=True)


def configured_basemap(settings: Settings) -> Basemap | None:
    """The basemap of a deployment. Raises Rejected for one that would mislead or cannot work."""
    return basemap_of(
        settings.basemap,
        key=settings.tianditu_key,
        attribution=settings.basemap_attribution,
        datum=settings.basemap_datum,
    )
