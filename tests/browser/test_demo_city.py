"""The demonstration city as a visitor first meets it: every cell in the window has the colour of its rows."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator

import psycopg
import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, expect

from tests.accounts import Role
from tests.browser.city import Spot
from tests.browser.conftest import OpenVisitor, visiting
from tests.browser.picture import FULL, Colour, Picture, View, is_near, over_land
from tests.browser.server import Server, running
from tests.browser.strangers import open_as
from tests.browser.visitor import Visitor
from tests.conftest import Database, Postgis, clone, twin
from tests.world import CITY_PATH, enter

pytestmark = pytest.mark.asyncio(loop_scope="session")

DOWNTOWN = View(43.88, 125.33, 11)
GRADES = ("major", "large", "general", "low", "unassessed")


@pytest.fixture(scope="module")
def demo_server(
    postgis: Postgis, demonstrated: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A service on the demonstration city."""
    log = tmp_path_factory.mktemp("server") / "server.log"
    with clone(postgis, twin(demonstrated)) as database, running(database, log) as server:
        yield server


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def guest(desktop: BrowserContext, demo_server: Server) -> AsyncIterator[Visitor]:
    """A person at the page of the demonstration city."""
    async with visiting(desktop, demo_server) as visitor:
        yield visitor


def cells(database: Database) -> dict[tuple[int, int], Counter[str]]:
    """Counts by grade of every level-4 cell, from the rows themselves."""
    found: dict[tuple[int, int], Counter[str]] = {}
    with psycopg.connect(database.app_url) as connection:
        enter(connection, areas="{" + CITY_PATH + "}")
        for x, y, grade, number in connection.execute(
            "SELECT floor(ST_X(anchor)::numeric * 60)::int, floor(ST_Y(anchor)::numeric * 60)::int,"
            " COALESCE(grade_assessed, 5), count(*) FROM risk_point WHERE anchor IS NOT NULL GROUP BY 1, 2, 3"
        ):
            found.setdefault((x, y), Counter())[GRADES[grade - 1]] += number
    return found


def colour_of(counts: Counter[str]) -> Colour:
    """The rule in words: worst grade; red, orange and grey solid; yellow and blue by 1, 3 and 7 of that grade."""
    worst = next(grade for grade in GRADES if counts[grade])
    if worst not in {"general", "low"}:
        return FULL[worst]
    return over_land(worst, 100 if counts[worst] >= 7 else 80 if counts[worst] >= 3 else 60)


async def test_it_opens_whole_and_says_that_it_is_invented(guest: Visitor, demo_server: Server) -> None:
    await guest.open()
    assert await guest.page.title() == "长春市 · 四色图"
    await expect(guest.page.locator("header .demo")).to_have_text("演示数据")
    with psycopg.connect(demo_server.database.app_url) as connection:
        enter(connection, areas="{" + CITY_PATH + "}")
        stored = connection.execute(
            "SELECT count(*), count(*) FILTER (WHERE position = 'none'), bool_and(demo) FROM risk_point"
        ).fetchone()
    assert stored
    total, nowhere, invented = stored
    assert total > 2_000
    assert invented
    await expect(guest.page.locator("[data-total]")).to_have_text(f"{total:,} 个风险点")
    await expect(guest.page.locator(".rail footer")).to_contain_text(f"其中 {nowhere} 个无坐标，未上图")


async def test_every_cell_in_the_window_has_the_colour_of_its_rows(
    guest: Visitor, demo_server: Server
) -> None:
    await guest.open(DOWNTOWN)
    picture = await guest.look()
    every = cells(demo_server.database)
    seen = {
        place: found
        for place, counts in every.items()
        if (found := shown(picture, place, counts)) is not None
    }
    wrong = {place: colours for place, colours in seen.items() if not is_near(*colours)}
    assert wrong == {}
    drawn = Counter(expected for _, expected in seen.values())
    assert sum(drawn.values()) > 100
    assert {FULL["major"], FULL["large"], over_land("general", 60), over_land("low", 60)} <= set(drawn)


def shown(picture: Picture, place: tuple[int, int], counts: Counter[str]) -> tuple[Colour, Colour] | None:
    """What a cell looks like and should; None outside the window, and where a border or a name is drawn over it."""
    left, top, right, bottom = picture.box(Spot(*place), 4)
    if left < 0 or top < 0 or right > picture.image.width or bottom > picture.image.height:
        return None
    x, y = left + 0.5 * (right - left), top + 0.8 * (bottom - top)
    patch = picture.colours((x - 2, y - 1, x + 3, y + 2))
    return (next(iter(patch)), colour_of(counts)) if len(patch) == 1 else None


async def test_who_answers_for_a_zone_opens_the_map_by_who_manages(
    open_visitor: OpenVisitor, demo_server: Server
) -> None:
    """No point is located in a zone, which lies over districts: the other view would open on an empty map."""
    zone = f"{CITY_PATH}.z_jk"
    visitor = await open_as(open_visitor, demo_server, "zone", Role("regulator", area=zone), unit=zone)
    await visitor.go()
    await visitor.page.wait_for_url("**/?*view=managed*")
    await visitor.rest()
    with psycopg.connect(demo_server.database.owner_url) as connection:
        row = connection.execute(
            "SELECT count(*) FROM risk_point WHERE managed_by_path <@ %s", (zone,)
        ).fetchone()
    assert row
    assert row[0] > 0
    await expect(visitor.page.locator("body")).to_contain_text(f"{row[0]} 个风险点")
    # Whoever then turns to the other view stays there.
    await visitor.page.get_by_text("按行政区划", exact=True).click()
    await visitor.rest()
    assert "view" not in visitor.query
