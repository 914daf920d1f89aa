"""What the tests of forms share: another person's client, and hands that fill in fields."""

import json
import urllib.request
from typing import Any

from playwright.async_api import Page

from service.accounts.routes.door import COOKIE
from tests.browser.server import TOKEN, Server


def send(
    server: Server, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
) -> Any:
    """Speak to the service as another person's client does."""
    request = urllib.request.Request(
        server.url + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json", "Cookie": f"{COOKIE}={TOKEN}"} | (headers or {}),
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


async def fill(page: Page, field: str, text: str) -> None:
    """Fill in a field by the name the service gives it."""
    await page.locator(f"[data-field='{field}']").locator("input, textarea").fill(text)
