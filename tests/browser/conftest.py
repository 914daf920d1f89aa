"""A real server process and a real browser; every other host is out of reach, and a test that tried one fails."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, async_playwright, expect

from tests.browser import city
from tests.browser.server import SIGNED_IN, Server, running
from tests.browser.visitor import Visitor
from tests.conftest import RUN, Database, Postgis, clone, only_one

# No name resolves and no address is reached but this machine's own; the machine of a regulator has no GPU.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-3d-apis",
    "--disable-background-networking",
    "--disable-component-update",
    "--force-color-profile=srgb",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
DESKTOP = {"width": 1280, "height": 720}

# A busy machine is slow, not wrong.
PATIENCE_MS = 20_000
expect.set_options(timeout=PATIENCE_MS)

OpenVisitor = Callable[..., Awaitable[Visitor]]

_outcome = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember whether the test itself failed, so that its pages can be photographed before they close."""
    report = yield
    if report.when == "call":
        item.stash[_outcome] = report.failed
    return report


@pytest.fixture(scope="session")
def city_template(postgis: Postgis, referenced: str, shared_folder: Path) -> str:
    """The name of a template with the city of tests/browser/city.py."""
    name = f"run{RUN}_city"
    with only_one(shared_folder / "city.lock"):
        done = shared_folder / "city.done"
        if not done.exists():
            city.lay_out(postgis.create(name, template=referenced).app_url)
            done.touch()
    return name


@pytest.fixture(scope="session")
def city_database(postgis: Postgis, city_template: str) -> Iterator[Database]:
    """This worker's copy of the city. Nobody writes to it."""
    with clone(postgis, city_template) as database:
        yield database


@pytest.fixture(scope="session")
def city_server(city_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """This worker's service on the city. Nobody stops it."""
    with running(city_database, tmp_path_factory.mktemp("server") / "server.log") as server:
        yield server


@pytest.fixture(scope="session")
def empty_server(
    postgis: Postgis, referenced: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """This worker's service on territories, codes and methods without a single business row."""
    log = tmp_path_factory.mktemp("server") / "server.log"
    with clone(postgis, referenced) as database, running(database, log) as server:
        yield server


@pytest.fixture(scope="module")
def office(
    postgis: Postgis, city_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A service on a copy of the city that the tests of one file may write to."""
    log = tmp_path_factory.mktemp("server") / "server.log"
    with clone(postgis, city_template) as database, running(database, log) as server:
        yield server


@pytest.fixture
def own_server(postgis: Postgis, city_template: str, tmp_path: Path) -> Iterator[Server]:
    """A service of the test's own on a copy of the city: the test may write to it and stop it.

    Ask for it before `open_visitor`, so that the pages are closed before the service is stopped.
    """
    with clone(postgis, city_template) as database, running(database, tmp_path / "server.log") as server:
        yield server


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One browser a worker: Debian's chromium, driven by Playwright."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail("chromium is missing; scripts/test installs it: apt-get install chromium", False)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def desktop(browser: Browser) -> AsyncIterator[BrowserContext]:
    """One window of 1280 by 720 a worker; each test gets a page of its own and leaves nothing behind.

    Pages of one context share what is compiled and cached, which halves the cost of opening them.
    """
    context = await _new_context(browser)
    yield context
    await context.close()


async def _new_context(browser: Browser, **options: Any) -> BrowserContext:
    settings = {
        "viewport": DESKTOP,
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
        "reduced_motion": "reduce",
    }
    context = await browser.new_context(**settings | options)
    context.set_default_timeout(PATIENCE_MS)
    await context.add_cookies([SIGNED_IN])
    return context


@asynccontextmanager
async def visiting(context: BrowserContext, server: Server, *, ratio: float = 1) -> AsyncIterator[Visitor]:
    """A person at a page of their own; asked at the end what they should not have done."""
    visitor = Visitor(await context.new_page(), server.url, ratio)
    yield visitor
    if visitor.page.url.startswith(server.url):
        await visitor.page.evaluate("localStorage.clear()")
    await visitor.page.close()
    assert visitor.misdeeds() == []


@pytest_asyncio.fixture(loop_scope="session")
async def open_visitor(
    browser: Browser, desktop: BrowserContext, request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[OpenVisitor]:
    """Make visitors: in the desktop's window, or with options in a context of their own."""
    visitors: list[Visitor] = []
    async with AsyncExitStack() as stack:

        async def open_one(server: Server, **options: Any) -> Visitor:
            context = desktop
            if options:
                context = await _new_context(browser, **options)
                stack.push_async_callback(context.close)
            ratio = options.get("device_scale_factor", 1)
            visitors.append(await stack.enter_async_context(visiting(context, server, ratio=ratio)))
            return visitors[-1]

        yield open_one
        if request.node.stash.get(_outcome, False):
            for number, visitor in enumerate(visitors, 1):
                photograph = tmp_path / f"page-{number}.png"
                await visitor.page.screenshot(path=photograph)
                print(f"the page at {visitor.page.url} looked like this: {photograph}")  # noqa: T201


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(open_visitor: OpenVisitor, city_server: Server) -> Visitor:
    """A person at the page of the city, in a window of 1280 by 720."""
    return await open_visitor(city_server)
