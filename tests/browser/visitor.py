"""A person at the page: opens it, waits until it rests, looks, clicks places of the earth."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from playwright.async_api import ConsoleMessage, Locator, Page, Request

from tests.browser.picture import Picture, View

# The map rests: every tile of the window has arrived and been painted, and so has the overlay of the next frame.
AT_REST = """() => {
  const tiles = [...document.querySelectorAll('.leaflet-tile-pane .leaflet-tile')]
  return tiles.length > 0 && !document.querySelector('.progress.busy, .leaflet-zoom-anim, .leaflet-pan-anim')
    && tiles.every((tile) => tile.classList.contains('leaflet-tile-loaded'))
}"""
# A click while the map glides would land beside what the address says is there.
STANDS_STILL = "() => !document.querySelector('.leaflet-pan-anim, .leaflet-zoom-anim')"
TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
# What stands over the map and is none of it. A style element would be refused by the service's content policy.
HIDE_PANELS = """() => {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync('.panel, .drawer { visibility: hidden !important }')
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
  return sheet
}"""
SHOW_AGAIN = "(hidden) => { document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== hidden) }"

PATIENCE_SECONDS = 20.0
BETWEEN_LOOKS = 0.05


@dataclass
class Visitor:
    """One page; what it must not do is remembered and asked about at the end."""

    page: Page
    server: str
    ratio: float = 1
    strays: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    forgiven: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", self._note_request)
        self.page.on("console", self._note_console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"page error: {error}"))

    def _note_request(self, request: Request) -> None:
        if urlsplit(request.url).scheme in {"data", "blob"}:
            return
        if not request.url.startswith(f"{self.server}/"):
            self.strays.append(request.url)

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"console {message.type}: {message.text}")

    def misdeeds(self) -> list[str]:
        """Requests to other hosts, errors of the console and of the page, save those a test has provoked."""
        found = [f"request to another host: {url}" for url in self.strays] + self.complaints
        return [each for each in found if not any(word in each for word in self.forgiven)]

    async def open(self, at: View | None = None, path: str = "/", **query: str) -> None:
        """Go to an address of the page and wait until the map rests."""
        await self.go(at, path, **query)
        await self.rest()

    async def go(self, at: View | None = None, path: str = "/", **query: str) -> None:
        """Go to an address of the page."""
        parts = ([f"at={at}"] if at else []) + [f"{name}={value}" for name, value in query.items()]
        await self.page.goto(f"{self.server}{path}?{'&'.join(parts)}")

    async def rest(self) -> None:
        """Wait until every tile has arrived and is painted."""
        await self.page.wait_for_function(AT_REST)
        await self.page.evaluate(TWO_FRAMES)

    async def eventually(self, question: Callable[[], Awaitable[bool]], what: str) -> None:
        """Ask until the answer is yes."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not await question():
            assert time.monotonic() < deadline, (
                f"in {PATIENCE_SECONDS:.0f} s it did not come true that {what}"
            )
            await asyncio.sleep(BETWEEN_LOOKS)

    @property
    def query(self) -> dict[str, str]:
        """The parts of the address."""
        return {name: values[0] for name, values in parse_qs(urlsplit(self.page.url).query).items()}

    @property
    def view(self) -> View:
        """What the map shows, by the address."""
        lat, lon, zoom = self.query["at"].split(",")
        return View(float(lat), float(lon), int(zoom))

    async def look(self) -> Picture:
        """The map as it is on the screen, without the panels over it."""
        hidden = await self.page.evaluate_handle(HIDE_PANELS)
        # Hiding the caret would need a style element too.
        png = await self.map.screenshot(caret="initial")
        await self.page.evaluate(SHOW_AGAIN, hidden)
        return Picture.read(png, self.view, self.ratio)

    async def click_at(self, lon: float, lat: float) -> None:
        """Click a position of the earth on the map."""
        await self.page.mouse.click(*await self._place(lon, lat))

    async def tap_at(self, lon: float, lat: float) -> None:
        """Touch a position of the earth on the map."""
        await self.page.touchscreen.tap(*await self._place(lon, lat))

    async def _place(self, lon: float, lat: float) -> tuple[float, float]:
        await self.page.wait_for_function(STANDS_STILL)
        box = await self.map.bounding_box()
        assert box
        left, top = self.view.origin(box["width"], box["height"])
        x, y = self.view.world(lon, lat)
        return box["x"] + x - left, box["y"] + y - top

    @property
    def map(self) -> Locator:
        """The map's own element."""
        return self.page.locator(".map")

    @property
    def drawer(self) -> Locator:
        """The panel that explains what was clicked."""
        return self.page.locator(".drawer")

    def card(self, kind: str) -> Locator:
        """The drawer's content: territory, cell, risk-point or stack."""
        return self.page.locator(f"[data-card='{kind}']")

    async def counts(self, where: Locator) -> dict[str, str]:
        """Counts by grade as they are written, dashes included."""
        cells = await where.locator("[data-count]").all()
        return {
            await cell.get_attribute("data-count") or "": (await cell.inner_text()).strip() for cell in cells
        }

    async def read(self, where: Locator) -> str:
        """The visible text of an element on one line."""
        return re.sub(r"\s+", " ", await where.inner_text())
