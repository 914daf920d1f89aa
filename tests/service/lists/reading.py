"""Reading lists: as another viewer, and page after page."""

from contextlib import AbstractAsyncContextManager
from typing import Any

import httpx

from service.base.viewer import Permission, Viewer
from tests.conftest import Database, open_service


def serving_as(database: Database, **scope: Any) -> AbstractAsyncContextManager[httpx.AsyncClient]:
    """The service as a viewer with this scope meets it."""
    viewer = Viewer(person="other", name="别人", may=frozenset(Permission), **scope)
    return open_service(database, viewer=viewer)


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
