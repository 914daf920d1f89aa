"""Pixels at known cells: the map shows what is registered, at every zoom, with no seam between tiles."""

import pytest
import pytest_asyncio
from PIL import Image, ImageChops
from playwright.async_api import BrowserContext, expect

from tests.browser.city import MAIN_FIRST, MAIN_ROW, SPOTS, Spot
from tests.browser.conftest import OpenVisitor, visiting
from tests.browser.picture import FULL, LAND, STEPPED, Box, Colour, Picture, View, is_near, over_land
from tests.browser.server import Server
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")

OVERVIEW = View(44.05, 125.65, 11)
# The whole block of cells at level 5; and the gas main, whose middle cell counts it.
STREETS = View(44.056, 125.635, 14)
EXPECTED: dict[str, Colour] = {
    "major": FULL["major"],
    "large": FULL["large"],
    "major and unassessed": FULL["major"],
    "unassessed": FULL["unassessed"],
    "inherited": over_land("general", 60),
    "general 1": over_land("general", 60),
    "general 3": over_land("general", 80),
    "general 7": over_land("general", 100),
    "low 1": over_land("low", 60),
    "low 3": over_land("low", 80),
    "low 7": over_land("low", 100),
}


def middle_of(spot: Spot, level: int = 5) -> tuple[float, float]:
    return spot.at(0.5, 0.5, level=level)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def overview(desktop: BrowserContext, city_server: Server) -> Picture:
    """The city in level-4 cells, looked at once."""
    async with visiting(desktop, city_server) as visitor:
        await visitor.open(OVERVIEW)
        return await visitor.look()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def streets(desktop: BrowserContext, city_server: Server) -> Picture:
    """The same block in level-5 cells, looked at once."""
    async with visiting(desktop, city_server) as visitor:
        await visitor.open(STREETS)
        return await visitor.look()


def is_seen(picture: Picture, spot: Spot, level: int) -> bool:
    left, top, right, bottom = picture.box(spot, level)
    return left >= 0 and top >= 0 and right < picture.image.width and bottom < picture.image.height


def assert_fills(picture: Picture, level: int) -> None:
    """Every known cell has its colour."""
    found = {name: picture.fill(SPOTS[name], level) for name in EXPECTED}
    wrong = {
        name: (colour, EXPECTED[name])
        for name, colour in found.items()
        if not is_near(colour, EXPECTED[name])
    }
    assert wrong == {}


async def test_level_4_cells_have_the_colour_of_their_worst_point(overview: Picture) -> None:
    assert_fills(overview, 4)


async def test_level_5_cells_have_the_colour_of_their_worst_point(streets: Picture) -> None:
    assert all(is_seen(streets, SPOTS[name], 5) for name in EXPECTED)
    assert_fills(streets, 5)


@pytest.mark.parametrize(
    "name", ["major", "large", "unassessed", "general 3", "low 7", "major and unassessed"]
)
async def test_near_by_the_cell_keeps_its_colour_and_its_points_stand_in_it(
    visitor: Visitor, name: str
) -> None:
    lon, lat = middle_of(SPOTS[name])
    await visitor.open(View(round(lat, 5), round(lon, 5), 16))
    picture = await visitor.look()
    assert is_near(picture.fill(SPOTS[name], 5), EXPECTED[name])
    # The first point's symbol: white round the colour of its grade.
    left, top, right, bottom = picture.box(SPOTS[name], 5)
    x, y = left + 0.2 * (right - left), top + 0.3 * (bottom - top)
    colours = picture.colours((x - 12, y - 12, x + 12, y + 12))
    assert colours[(255, 255, 255)] > 20
    assert is_near(picture.colour(x - 5, y), FULL[name.partition(" ")[0]])


async def test_red_and_orange_are_never_pale(streets: Picture) -> None:
    """One red point is as red as many: no pixel of a red cell is a mixture of red and land."""
    for name, grade in (("major", "major"), ("large", "large")):
        left, top, right, bottom = streets.box(SPOTS[name], 5)
        inside = (left + 2, top + 2, right - 3, bottom - 3)
        assert set(streets.colours(inside)) == {FULL[grade]}


async def test_steps_are_told_apart() -> None:
    colours = [*STEPPED["general"], *STEPPED["low"], FULL["major"], FULL["large"], FULL["unassessed"], LAND]
    near = [(a, b) for i, a in enumerate(colours) for b in colours[:i] if is_near(a, b, 12)]
    assert near == []


@pytest.mark.parametrize(("zoom", "level"), [(11, 4), (14, 5)])
async def test_a_cell_that_is_only_crossed_is_not_solid(visitor: Visitor, zoom: int, level: int) -> None:
    crossed, counted = Spot(MAIN_FIRST, MAIN_ROW, dx=10), Spot(MAIN_FIRST + 2, MAIN_ROW)
    lon, lat = middle_of(Spot(MAIN_FIRST + 1, MAIN_ROW))
    await visitor.open(View(round(lat, 5), round(lon, 5), zoom))
    picture = await visitor.look()
    assert picture.fill(counted, level) == FULL["major"]
    left, top, right, bottom = picture.box(crossed, level)
    colours = picture.colours((left + 3, top + 3, right - 3, bottom - 3))
    whole = sum(colours.values())
    red = sum(n for colour, n in colours.items() if is_near(colour, FULL["major"], 12))
    land = sum(n for colour, n in colours.items() if is_near(colour, LAND, 12))
    assert red > 0.1 * whole
    assert land > 0.2 * whole


async def test_a_cell_with_something_unassessed_says_so_in_its_corner(overview: Picture) -> None:
    with_corner, without = (overview.box(SPOTS[name], 4) for name in ("major and unassessed", "major"))

    def corner(box: Box) -> Colour:
        return overview.colour(box[2] - 3, box[1] + 2)

    assert corner(without) == FULL["major"]
    assert not is_near(corner(with_corner), FULL["major"], 40)


async def test_nothing_registered_is_no_cell(overview: Picture) -> None:
    """Land, not blue; the mark of demonstration data, which is written on the land, is hardly darker."""
    left, top, right, bottom = overview.box(Spot(7539, 2643), 4)
    colours = overview.colours((left + 1, top + 1, right - 1, bottom - 1))
    assert all(is_near(colour, LAND, 24) for colour in colours)


@pytest.mark.parametrize("ratio", [1, 1.25])
@pytest.mark.parametrize(
    ("direction", "zoom", "level"), [("", 11, 4), ("fine ", 14, 5)], ids=["level 4", "level 5"]
)
async def test_no_seam_between_tiles(
    open_visitor: OpenVisitor, city_server: Server, ratio: float, direction: str, zoom: int, level: int
) -> None:
    """A cell over the edge of two tiles has one colour on both sides and along the edge, on fractional screens too."""
    visitor = await open_visitor(city_server, device_scale_factor=ratio)
    cells = [SPOTS[f"across a {direction}column"], SPOTS[f"across a {direction}row"]]
    lon, lat = middle_of(cells[1], level)
    await visitor.open(View(round(lat, 5), round(lon, 5), zoom))
    picture = await visitor.look()
    for cell, grade in zip(cells, ("major", "large"), strict=True):
        left, top, right, bottom = picture.box(cell, level)
        assert crosses_an_edge(picture, (left, top, right, bottom))
        # Beside the letter: one strip from left to right, one from top to bottom.
        flat = (left + 2, bottom - 5, right - 3, bottom - 3)
        upright = (left + 2, top + 2, left + 4, bottom - 3)
        for strip in (flat, upright):
            assert set(picture.colours(strip)) == {FULL[grade]}


def crosses_an_edge(picture: Picture, box: Box) -> bool:
    x, y = picture.view.origin(picture.image.width / picture.ratio, picture.image.height / picture.ratio)
    across = (x + box[0]) // 256 != (x + box[2]) // 256
    return across or (y + box[1]) // 256 != (y + box[3]) // 256


async def test_letters_are_not_torn_at_the_edge_of_tiles(visitor: Visitor) -> None:
    """The letter of a cell over an edge of two tiles is, pixel for pixel, the letter of a cell in the middle of one."""
    lon, _ = middle_of(SPOTS["across a column"], 4)
    _, lat = middle_of(SPOTS["major"], 4)
    await visitor.open(View(round(lat, 5), round(lon - 0.1, 5), 11))
    picture = await visitor.look()
    whole, torn = (picture.box(SPOTS[name], 4) for name in ("major", "across a column"))
    assert crosses_an_edge(picture, torn)
    assert not crosses_an_edge(picture, whole)
    letters = [letter_of(picture, box) for box in (whole, torn)]
    assert letters[0].getbbox() is not None
    assert letters[0].size == letters[1].size
    assert max(ImageChops.difference(*letters).tobytes()) <= 16


def letter_of(picture: Picture, box: Box) -> Image.Image:
    """How much of a red cell's pixels is ink, cut to the letter."""
    inner = (round(box[0]) + 2, round(box[1]) + 2, round(box[2]) - 3, round(box[3]) - 3)
    ink = picture.crop(inner).getchannel("G").point(lambda value: max(0, value - FULL["major"][1]))
    return ink.crop(ink.getbbox())


async def test_letters_follow_the_language(visitor: Visitor) -> None:
    await visitor.open(OVERVIEW)
    chinese = await visitor.look()
    await visitor.page.locator(".language").click()
    await expect(visitor.page.locator("html")).to_have_attribute("lang", "en")
    box = chinese.box(SPOTS["major"], 4)

    async def differs() -> bool:
        english = await visitor.look()
        return ImageChops.difference(english.crop(box), chinese.crop(box)).getbbox() is not None

    await visitor.eventually(differs, "the letter in a red cell is another one in English")
