"""A basemap by configuration: drawn below everything, named, switched, and nothing breaks when it is away."""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import expect

from tests.browser.city import SPOTS, Spot
from tests.browser.conftest import OpenVisitor
from tests.browser.picture import FULL, LAND, View, is_near
from tests.browser.server import running
from tests.browser.visitor import Visitor
from tests.conftest import Database

pytestmark = pytest.mark.asyncio(loop_scope="session")

OVERVIEW = View(44.05, 125.65, 11)
GREEN = (40, 120, 60)
EMPTY = Spot(7539, 2643)
SOURCE, APPROVAL = "演示图源", "演示 GS(2026)0000号"


@dataclass
class Tiles:
    """A tile server of the test: green pictures, or nothing but refusals."""

    answers: bool = True
    asked: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def template(self) -> str:
        return f"http://127.0.0.1:{self.port}/{{z}}/{{x}}/{{y}}.png"


@contextmanager
def tile_server(*, answers: bool = True) -> Iterator[Tiles]:
    picture = io.BytesIO()
    Image.new("RGB", (256, 256), GREEN).save(picture, "PNG")
    tiles = Tiles(answers)

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            tiles.asked.append(self.path)
            self.send_response(200 if tiles.answers else 503)
            self.send_header("Content-Type", "image/png")
            self.end_headers()
            if tiles.answers:
                self.wfile.write(picture.getvalue())

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    tiles.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield tiles
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def settings_of(tiles: Tiles) -> dict[str, str]:
    return {
        "RISKMAP_BASEMAP": tiles.template,
        "RISKMAP_BASEMAP_ATTRIBUTION": SOURCE,
        "RISKMAP_MAP_APPROVAL": APPROVAL,
    }


async def colour_between(visitor: Visitor) -> tuple[int, int, int]:
    """The colour of land on which nothing is registered, at most tinted by the mark of demonstration data."""
    picture = await visitor.look()
    left, top, right, bottom = picture.box(EMPTY, 4)
    return picture.colours((left + 2, top + 2, right - 2, bottom - 2)).most_common(1)[0][0]


async def test_it_lies_below_everything_and_is_named(
    open_visitor: OpenVisitor, city_database: Database, tmp_path: Path
) -> None:
    with tile_server() as tiles, running(city_database, tmp_path / "log", settings_of(tiles)) as server:
        visitor = await open_visitor(server)
        visitor.forgiven.append(f"127.0.0.1:{tiles.port}")
        await visitor.open(OVERVIEW)
        assert is_near(await colour_between(visitor), GREEN, 3)
        picture = await visitor.look()
        for grade in ("major", "large"):
            assert picture.fill(SPOTS[grade], 4) == FULL[grade]
        # Yellow over green is a little green, and still yellow.
        assert is_near(picture.fill(SPOTS["general 7"], 4), FULL["general"], 48)
        source = visitor.page.locator("[data-source]")
        await expect(source).to_contain_text(SOURCE)
        await expect(source).to_contain_text(APPROVAL)
        await visitor.page.locator("[data-layer='basemap']").click()
        await visitor.rest()
        assert visitor.query["off"] == "basemap"
        assert is_near(await colour_between(visitor), LAND, 3)
        await expect(source).not_to_contain_text(SOURCE)
        await expect(source).to_contain_text(APPROVAL)
        await visitor.go(OVERVIEW, "/print")
        await visitor.page.wait_for_selector("[data-ready]")
        await expect(visitor.page.locator(".words")).to_contain_text(SOURCE)
        await expect(visitor.page.locator(".words")).to_contain_text(APPROVAL)
        await visitor.page.goto("about:blank")  # before the servers of this test are gone


async def test_one_that_fails_disturbs_nothing(
    open_visitor: OpenVisitor, city_database: Database, tmp_path: Path
) -> None:
    with (
        tile_server(answers=False) as tiles,
        running(city_database, tmp_path / "log", settings_of(tiles)) as server,
    ):
        visitor = await open_visitor(server)
        visitor.forgiven += [f"127.0.0.1:{tiles.port}", "503"]
        await visitor.open(OVERVIEW)
        assert tiles.asked
        picture = await visitor.look()
        assert picture.fill(SPOTS["major"], 4) == FULL["major"]
        await visitor.click_at(*SPOTS["major"].at(0.5, 0.5, level=4))
        await expect(visitor.card("cell")).to_be_visible()
        await expect(visitor.page.locator(".notice.alert")).to_have_count(0)
        await visitor.page.goto("about:blank")


async def test_without_one_nothing_is_asked_for(visitor: Visitor) -> None:
    """The visitor notices every request to another host."""
    await visitor.open(OVERVIEW)
    assert is_near(await colour_between(visitor), LAND, 3)
    await expect(visitor.page.locator("[data-source]")).to_have_count(0)
    await expect(visitor.page.locator("[data-layer='basemap']")).to_have_count(0)
    assert (await visitor.page.evaluate("fetch('/api/session').then((answer) => answer.json())"))[
        "basemap"
    ] is None
