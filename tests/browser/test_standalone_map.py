"""The map as one file, opened from disk with the network cut: it draws, explains, finds, and speaks both languages."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import psycopg
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route, expect

from service.accounts.routes.door import COOKIE
from tests.browser.city import SPOTS, TANK
from tests.browser.conftest import PATIENCE_MS
from tests.browser.picture import FULL, Picture, View, is_near, over_land
from tests.browser.server import TOKEN, Server
from tests.browser.visitor import TWO_FRAMES
from tests.world import CITY_PATH, enter

pytestmark = pytest.mark.asyncio(loop_scope="session")

# What lies over the map and is none of it.
OVER = ".sheet > *, .leaflet-popup-pane { visibility: hidden !important }"
AT_REST = """() => {
  const tiles = [...document.querySelectorAll('.leaflet-tile')]
  return tiles.length > 0 && tiles.every((tile) => tile.classList.contains('leaflet-tile-loaded'))
}"""
NASTY = "</script><img src=x onerror=\"document.title='caught'\">{{ 7*7 }}"


async def save(server: Server, folder: Path, query: str = "") -> Path:
    """The file as the door gives it."""
    async with httpx.AsyncClient(timeout=60, cookies={COOKIE: TOKEN}) as client:
        answer = await client.get(f"{server.url}/api/maps.html?{query}")
    assert answer.status_code == 200
    file = folder / "map.html"
    await asyncio.to_thread(file.write_bytes, answer.content)
    return file


@asynccontextmanager
async def opened(browser: Browser, file: Path) -> AsyncIterator[Page]:
    """The file in a browser that reaches nothing; asked at the end whether it tried, or complained."""
    complaints: list[str] = []
    context = await browser.new_context(
        viewport={"width": 1280, "height": 720}, locale="zh-CN", reduced_motion="reduce", offline=True
    )
    context.set_default_timeout(PATIENCE_MS)

    async def refuse(route: Route) -> None:
        complaints.append(f"request: {route.request.url[:200]}")
        await route.abort()

    await context.route(lambda url: not url.startswith(("file://", "data:")), refuse)
    page = await context.new_page()
    page.on("console", lambda message: complaints.append(f"console {message.type}: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(f"page error: {error}"))
    await page.goto(file.as_uri())
    await page.wait_for_function(AT_REST)
    yield page
    await context.close()
    assert complaints == []


async def look(page: Page, view: View) -> Picture:
    """Move the map to a view, as its own address would, and look at it."""
    await page.evaluate(
        "([lat, lon, zoom]) => map_sheet.setView([lat, lon], zoom, { animate: false })",
        [view.lat, view.lon, view.zoom],
    )
    await page.wait_for_function(AT_REST)
    await page.evaluate(TWO_FRAMES)
    return Picture.read(await page.locator(".folium-map").screenshot(style=OVER), view)


async def click_at(page: Page, picture: Picture, lon: float, lat: float) -> None:
    box = await page.locator(".folium-map").bounding_box()
    assert box
    x, y = picture.place(lon, lat)
    await page.mouse.click(box["x"] + x, box["y"] + y)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def file(city_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return await save(city_server, tmp_path_factory.mktemp("map"))


@pytest.mark.parametrize(("view", "level"), [(View(44.05, 125.65, 11), 4), (View(44.056, 125.635, 14), 5)])
async def test_cells_have_the_page_s_colours(browser: Browser, file: Path, view: View, level: int) -> None:
    expected = {
        "major": FULL["major"],
        "large": FULL["large"],
        "unassessed": FULL["unassessed"],
        "general 1": over_land("general", 60),
        "general 7": over_land("general", 100),
        "low 1": over_land("low", 60),
        "low 3": over_land("low", 80),
    }
    async with opened(browser, file) as page:
        picture = await look(page, view)
        for name, colour in expected.items():
            assert is_near(picture.fill(SPOTS[name], level), colour), name


async def test_a_point_is_explained(browser: Browser, file: Path) -> None:
    lon, lat = SPOTS["major"].at(0.5, 0.5)
    async with opened(browser, file) as page:
        picture = await look(page, View(round(lat, 5), round(lon, 5), 16))
        await click_at(page, picture, lon, lat)
        popup = page.locator("[data-card='point']")
        await expect(popup).to_contain_text(TANK)
        await expect(popup).to_contain_text("L 3 × E 6 × C 40 = 720")
        await expect(popup.locator("[data-verdict='major']")).to_contain_text("王工")


async def test_a_cell_names_its_points(browser: Browser, file: Path) -> None:
    lon, lat = SPOTS["general 3"].at(0.5, 0.5, level=4)
    async with opened(browser, file) as page:
        picture = await look(page, View(44.05, 125.65, 11))
        await click_at(page, picture, lon, lat)
        popup = page.locator("[data-card='cell']")
        await expect(popup.locator("[data-count='general'] b")).to_have_text("3")
        await expect(popup.locator(".row")).to_have_count(4)
        await popup.locator(".row").first.click()
        await expect(page.locator("[data-card='point']")).to_be_visible()


async def test_search_legend_imprint_and_both_languages(browser: Browser, file: Path) -> None:
    async with opened(browser, file) as page:
        await look(page, View(44.05, 125.65, 11))
        for mark in ("major", "large", "general", "low", "unassessed", "corner", "crossing"):
            await expect(page.locator(f".legend [data-mark='{mark}']")).to_be_visible()
        await expect(page.locator(".imprint")).to_contain_text("示意边界")
        await expect(page.locator(".imprint")).to_contain_text("LEC")
        await expect(page.locator(".head")).to_contain_text("演示数据")
        await page.locator("input[type=search]").fill("液氨")
        await page.locator(".hits .row").first.click()
        await expect(page.locator("[data-card='point']")).to_contain_text(TANK)
        await page.locator(".language").click()
        await expect(page.locator("html")).to_have_attribute("lang", "en")
        await expect(page.locator(".legend")).to_contain_text("Major risk")


async def test_what_a_register_holds_does_nothing(
    browser: Browser, own_server: Server, tmp_path: Path
) -> None:
    with psycopg.connect(own_server.database.app_url) as connection:
        enter(connection, areas="{" + CITY_PATH + "}")
        connection.execute("UPDATE risk_point SET name = %s WHERE name = %s", (NASTY, TANK))
    file = await save(own_server, tmp_path)
    lon, lat = SPOTS["major"].at(0.5, 0.5)
    async with opened(browser, file) as page:
        picture = await look(page, View(round(lat, 5), round(lon, 5), 16))
        await click_at(page, picture, lon, lat)
        await expect(page.locator("[data-card='point'] h2")).to_contain_text(NASTY)
        assert await page.title() == "长春市安全风险四色图"
        assert await page.locator("img[src='x']").count() == 0
