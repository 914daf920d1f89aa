"""A client of the door: follows links, and knows nothing of how the service makes them."""

from collections.abc import AsyncIterator
from typing import Any

import httpx

RISK_POINTS = "/ogc/collections/risk_points"
COLLECTIONS = ("risk_points", "enterprises", "sites", "cells_4", "cells_5", "territories")


def path_of(href: str) -> str:
    """The part of a link that the test's client asks for."""
    assert href.startswith("http://map/")
    return href.removeprefix("http://map")


def link(document: dict[str, Any], rel: str) -> str | None:
    """Where a link of a document leads; None where it has none of that relation."""
    return next((path_of(one["href"]) for one in document["links"] if one["rel"] == rel), None)


async def ask(client: httpx.AsyncClient, address: str, **query: Any) -> dict[str, Any]:
    """A document."""
    answer = await client.get(address, params=query or None)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def pages(
    client: httpx.AsyncClient, address: str, rel: str = "next", **query: Any
) -> AsyncIterator[dict[str, Any]]:
    """The pages from an address on, as the links lead."""
    page = await ask(client, address, **query)
    yield page
    while (following := link(page, rel)) is not None:
        page = await ask(client, following)
        yield page


async def ids(client: httpx.AsyncClient, address: str, **query: Any) -> list[Any]:
    """The ids of all features of a question, page by page."""
    return [feature["id"] async for page in pages(client, address, **query) for feature in page["features"]]
