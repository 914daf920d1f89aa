"""The map in a real browser without WebGL: how soon the city is drawn, how smoothly it is dragged.

Against a running service: `python -m bench.browser http://127.0.0.1:8000 [LOGIN PASSWORD]`, as the demonstration's city
regulator where nobody else is named (`riskmap people add-demonstration`). Budgets (issue of the regulator's map):
first paint within 2 s, dragging at 30 frames a second or more. Medians of several runs; exit 1 when one is missed.
"""

import asyncio
import shutil
import statistics
import sys
from collections.abc import Sequence

from playwright.async_api import Browser, Page, async_playwright

from service.accounts.rules.demo import DEMO_PASSWORD

RUNS = 5
FIRST_PAINT_MS = 2000.0
FRAMES_A_SECOND = 30.0
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-webgl",
    "--disable-3d-apis",
]
VIEWS = {
    "city, level 4 (z10)": "?at=43.880000,125.320000,10",
    "district, level 5 (z13)": "?at=43.880000,125.320000,13",
    "street, points (z15)": "?at=43.880000,125.320000,15",
}
DRAWN = """() => {
  const tiles = [...document.querySelectorAll('.leaflet-tile')]
  return tiles.length > 0 && !document.querySelector('.progress.busy')
    && tiles.every((tile) => tile.classList.contains('leaflet-tile-loaded'))
}"""
# Counts the frames of a while; a frame that the page is too busy to draw is not called.
COUNT_FRAMES = """(ms) => new Promise((done) => {
  let frames = 0
  const start = performance.now()
  const tick = (now) => {
    frames += 1
    if (now - start < ms) requestAnimationFrame(tick)
    else done(frames * 1000 / (now - start))
  }
  requestAnimationFrame(tick)
})"""
DRAG_MS = 2500


async def open_cold(browser: Browser, url: str, query: str, who: Sequence[str]) -> tuple[Page, float, float]:
    """A page with nothing in its cache: first contentful paint and the moment every tile is drawn, in milliseconds."""
    context = await browser.new_context(viewport={"width": 1920, "height": 1080})
    signed = await context.request.post(f"{url}/api/sign-in", data={"login": who[0], "password": who[1]})
    if not signed.ok:
        raise SystemExit(f"{who[0]} cannot sign in: {await signed.text()}")
    page = await context.new_page()
    await page.goto(f"{url}/{query}", wait_until="commit")
    await page.wait_for_function(DRAWN, timeout=60_000)
    drawn = await page.evaluate("performance.now()")
    paint = await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    return page, float(paint), float(drawn)


async def drag(page: Page) -> float:
    """Frames a second while the map is dragged to and fro."""
    counting = asyncio.create_task(page.evaluate(COUNT_FRAMES, DRAG_MS))
    await page.mouse.move(1100, 540)
    await page.mouse.down()
    steps = 0
    while not counting.done():
        steps += 1
        across = abs(steps % 80 - 40) * 10
        await page.mouse.move(900 + across, 440 + across / 2)
    await page.mouse.up()
    return float(await counting)


async def measure(url: str, who: Sequence[str]) -> bool:
    """Print one line a view; whether every budget was kept."""
    kept = True
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for name, query in VIEWS.items():
            paints, drawings, rates = [], [], []
            for _ in range(RUNS):
                page, paint, drawn = await open_cold(browser, url, query, who)
                rates.append(await drag(page))
                paints.append(paint)
                drawings.append(drawn)
                await page.context.close()
            paint, drawn, rate = (statistics.median(each) for each in (paints, drawings, rates))
            fits = paint <= FIRST_PAINT_MS and rate >= FRAMES_A_SECOND
            kept = kept and fits
            verdict = "ok" if fits else "MISSED"
            print(
                f"{name:28} first paint {paint:6.0f} ms   all tiles {drawn:6.0f} ms   {rate:5.1f} frames/s   {verdict}"
            )
        await browser.close()
    return kept


if __name__ == "__main__":
    sys.exit(0 if asyncio.run(measure(sys.argv[1], sys.argv[2:4] or ("city", DEMO_PASSWORD))) else 1)
