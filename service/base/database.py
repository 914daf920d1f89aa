"""One engine, and the one scoped door: every statement on business rows runs in a transaction that knows its viewer.

This is the only file that commits. The door commits before the answer is sent (`scope="function"`): FastAPI's default
runs the commit after the response, so a client could hear 200 and the row be gone.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Annotated, Any, cast

import psycopg
from fastapi import Depends, Request
from sqlalchemy import MetaData, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import UserDefinedType

from service.base.audit import SOURCE
from service.base.errors import ServiceError
from service.base.settings import Settings
from service.base.statements import timed_cursor
from service.base.viewer import Viewer

# Of a process that makes a file: rows come part by part, and each part is a statement.
FILE_OPTIONS = (
    "-c statement_timeout=60s -c timezone=UTC -c search_path=public -c plan_cache_mode=force_custom_plan"
)


class Model(DeclarativeBase):
    """What every table of the service is declared on."""

    metadata = MetaData()


class Ltree(UserDefinedType[str]):
    """A label path of the ltree extension, as text such as `cn.220000.220100`."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """The column's SQL type."""
        return "ltree"


class PrivilegedRole(ServiceError):
    """The service was given a role for which PostgreSQL does not enforce row security."""

    code = "privileged_role"


def driver_address(url: str) -> str:
    """A libpq address as SQLAlchemy wants it, with the one driver named."""
    scheme, separator, rest = url.partition("://")
    if scheme not in {"postgresql", "postgres", "postgresql+psycopg"} or not separator:
        raise ValueError("a database address starts with postgresql://")
    return f"postgresql+psycopg://{rest}"


def make_engine(url: str, settings: Settings) -> AsyncEngine:
    """The engine of a process; statements are cancelled after `settings.statement_seconds`."""
    # Filters that nobody asked for are NULL parameters: a plan made for these values leaves them out, a generic one
    # would carry all of them.
    plans = "-c plan_cache_mode=force_custom_plan"
    options = (
        f"-c statement_timeout={settings.statement_seconds}s -c timezone=UTC -c search_path=public {plans}"
    )
    return create_async_engine(
        driver_address(url),
        pool_size=settings.pool_size,
        max_overflow=0,
        pool_pre_ping=True,
        hide_parameters=True,  # an error's text goes to the log, and parameters are people's names and telephones
        connect_args={
            "options": options,
            "application_name": "riskmap",
            "connect_timeout": 10,
            "cursor_factory": timed_cursor(settings.slow_statement_ms),
        },
    )


async def refuse_privileged(engine: AsyncEngine) -> None:
    """Refuse to serve as a role that row security would not bind.

    Raises:
        PrivilegedRole: the role is a superuser, has BYPASSRLS, or owns (or may become the owner of) one of our tables.
    """
    async with engine.connect() as connection:
        row = (await connection.execute(text(_PRIVILEGES))).one()
    for held, zh, en in (
        (row.superuser, "是超级用户", "is a superuser"),
        (row.bypass, "带有 BYPASSRLS", "has BYPASSRLS"),
        (row.owner, "是数据表的属主", "owns tables of the service"),
    ):
        if held:
            raise PrivilegedRole(
                f"服务拒绝以角色 {row.role} 启动：该角色{zh}，行级安全对它不起作用。请改用应用角色。",
                f"Refusing to serve as {row.role}: it {en}, so row security would not bind it. Use the app role.",
            )


_PRIVILEGES = """
    SELECT current_user AS role, rolsuper AS superuser, rolbypassrls AS bypass, EXISTS (
        SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
            AND relname = 'territory' AND pg_has_role(current_user, relowner, 'MEMBER')) AS owner
    FROM pg_roles WHERE rolname = current_user
"""

_ENTER = text(
    "SELECT set_config(name, value, true) FROM unnest(CAST(:names AS text[]), CAST(:values AS text[])) AS s(name, value)"
)


async def _enter(connection: AsyncConnection | AsyncSession, viewer: Viewer) -> None:
    source = SOURCE.get()
    settings = viewer.settings() | {
        "riskmap.request_id": source.request_id,
        "riskmap.address": source.address,
    }
    await connection.execute(_ENTER, {"names": list(settings), "values": list(settings.values())})


@asynccontextmanager
async def scoped_session(engine: AsyncEngine, viewer: Viewer) -> AsyncIterator[AsyncSession]:
    """A transaction in which only the viewer's rows exist. Commits when the block ends, rolls back when it raises."""
    async with AsyncSession(engine, expire_on_commit=False) as session, session.begin():
        await _enter(session, viewer)
        yield session


@asynccontextmanager
async def scoped_reading(
    engine: AsyncEngine, viewer: Viewer, *, snapshot: bool = False
) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
    """The driver's own connection in a read-only transaction of the viewer, for tiles and streams.

    snapshot: all statements see the rows of one moment, the first one's.
    """
    async with engine.connect() as connection, connection.begin():
        mode = "ISOLATION LEVEL REPEATABLE READ, READ ONLY" if snapshot else "READ ONLY"
        await connection.execute(text(f"SET TRANSACTION {mode}"))
        await _enter(connection, viewer)
        raw = await connection.get_raw_connection()
        yield cast("psycopg.AsyncConnection[Any]", raw.driver_connection)


@contextmanager
def scoped_rows(address: str, viewer: Viewer) -> Iterator[psycopg.Connection[Any]]:
    """A connection of its own in a read-only transaction of the viewer, for a process that makes a file.

    address: as of libpq, of the app role. All statements see the rows of one moment.
    """
    with psycopg.connect(address, application_name="riskmap file", options=FILE_OPTIONS) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        settings = viewer.settings()
        connection.execute(
            "SELECT set_config(name, value, true) FROM unnest(%s::text[], %s::text[]) AS s(name, value)",
            [list(settings), list(settings.values())],
        )
        yield connection


@asynccontextmanager
async def owner_session(engine: AsyncEngine) -> AsyncIterator[AsyncSession]:
    """A transaction of the owner role, for reference rows. Only the command line has such an engine."""
    async with AsyncSession(engine, expire_on_commit=False) as session, session.begin():
        yield session


def sqlstate(error: DBAPIError) -> str | None:
    """PostgreSQL's five-character code of a failed statement, our own RM… codes included."""
    return getattr(error.orig, "sqlstate", None)


async def get_session(request: Request) -> AsyncIterator[AsyncSession]:
    """The session of one request: one transaction, scoped to its viewer."""
    async with scoped_session(request.app.state.engine, request.state.viewer) as session:
        yield session


def get_engine(request: Request) -> AsyncEngine:
    """The engine of the process."""
    return cast("AsyncEngine", request.app.state.engine)


def get_viewer(request: Request) -> Viewer:
    """The viewer that app.py put into the request."""
    return cast("Viewer", request.state.viewer)


def get_settings(request: Request) -> Settings:
    """The settings the app was created with."""
    return cast("Settings", request.app.state.settings)


SessionDep = Annotated[AsyncSession, Depends(get_session, scope="function")]
EngineDep = Annotated[AsyncEngine, Depends(get_engine)]
ViewerDep = Annotated[Viewer, Depends(get_viewer)]
SettingsDep = Annotated[Settings, Depends(get_settings)]
