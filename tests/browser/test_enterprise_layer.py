"""The layer of enterprises: every site a diamond in the colour of its worst point, and a click that opens it."""

import pytest
from playwright.async_api import expect

from tests.browser.city import FIRM, SPOTS
from tests.browser.picture import FULL, View, is_near
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")

SITE = SPOTS["inherited"].at(0.5, 0.5)
# Beside the letter in the middle of the diamond, which reaches seven pixels.
BESIDE_PX = 5


async def test_a_site_is_drawn_in_the_colour_of_its_worst_point_and_opens(visitor: Visitor) -> None:
    lon, lat = SITE
    at = View(round(lat, 5), round(lon, 5), 13)
    await visitor.open(at)
    picture = await visitor.look()
    x, y = picture.place(lon, lat)
    assert not is_near(picture.colour(x - BESIDE_PX, y), FULL["major"], 12)

    await visitor.open(at, on="enterprises")
    picture = await visitor.look()
    assert is_near(picture.colour(x - BESIDE_PX, y), FULL["major"], 12)
    assert is_near(picture.colour(x + BESIDE_PX, y), FULL["major"], 12)
    await expect(visitor.page.locator(".legend")).to_contain_text("企业")
    await visitor.click_at(lon, lat)
    await expect(visitor.card("enterprise")).to_contain_text(FIRM)
    assert visitor.query["show"].startswith("enterprise:")


async def test_the_layer_is_switched_on_by_the_reader_and_obeys_the_filter(visitor: Visitor) -> None:
    lon, lat = SITE
    await visitor.open(View(round(lat, 5), round(lon, 5), 13), grade="low")
    await visitor.page.locator("[data-layer='enterprises']").check()
    await visitor.rest()
    assert visitor.query["on"] == "enterprises"
    picture = await visitor.look()
    x, y = picture.place(lon, lat)
    # No point of the firm is low: it does not stand there red under a filter that leaves red out.
    assert not is_near(picture.colour(x - BESIDE_PX, y), FULL["major"], 12)
