"""Reading lists: as another viewer, and page after page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from service.app import create_app
from service.base.settings import Settings
from service.base.viewer import Permission, Viewer
from tests.conftest import Database


@asynccontextmanager
async def serving_as(database: Database, **scope: Any) -> AsyncIterator[httpx.AsyncClient]:
    """The service as a viewer with this scope meets it."""
    app = create_app(Settings(), database_url=database.app_url)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://map") as client,
    ):
        app.state.viewer = Viewer(person="other", name="别人", may=frozenset(Permission), **scope)
        yield client


async def follow(client: httpx.AsyncClient, query: str) -> list[dict[str, Any]]:
    """All pages of a list, one after the other."""
    items: list[dict[str, Any]] = []
    address = query
    while True:
        answer = await client.get(address)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        items += page["items"]
        if page["next"] is None:
            return items
        address = f"{query}&cursor={page['next']}"
