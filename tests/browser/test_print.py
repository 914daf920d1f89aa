"""The map on paper: the browser's own PDF has the paper's size, the map's colours, its words, and a true scale."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pypdfium2
import pytest
from PIL import Image
from playwright.async_api import expect

from tests.browser.city import SPOTS
from tests.browser.conftest import OpenVisitor
from tests.browser.picture import FULL, Colour, View, is_near
from tests.browser.server import Server
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")

DOTS_PER_MM = 8
AT = View(44.05, 125.65, 11)


@dataclass(frozen=True)
class Printed:
    """One page of paper. size: millimetres."""

    size: tuple[float, float]
    pages: int
    text: str
    image: Image.Image

    def share(self, colour: Colour, reach: int = 6) -> int:
        """How many dots are of a colour."""
        pixels = self.image.tobytes()
        found = Counter(zip(pixels[0::3], pixels[1::3], pixels[2::3], strict=True))
        return sum(n for one, n in found.items() if is_near(one, colour, reach))


def read(pdf: bytes) -> Printed:
    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[0]
        width, height = (side / 72 * 25.4 for side in page.get_size())
        text = page.get_textpage().get_text_range()
        image = page.render(scale=DOTS_PER_MM * 25.4 / 72).to_pil().convert("RGB")
        return Printed((round(width), round(height)), len(document), text, image)
    finally:
        document.close()


@asynccontextmanager
async def sheet(visitor: Visitor, **query: str) -> AsyncIterator[Printed]:
    await visitor.go(AT, "/print", **query)
    await visitor.page.wait_for_selector("[data-ready]")
    pdf = await visitor.page.pdf(prefer_css_page_size=True, print_background=True)
    yield await asyncio.to_thread(read, pdf)


@pytest.mark.parametrize(
    ("paper", "turn", "size"),
    [
        ("A4", "landscape", (297, 210)),
        ("A3", "landscape", (420, 297)),
        ("A4", "portrait", (210, 297)),
        ("A3", "portrait", (297, 420)),
    ],
)
async def test_the_sheet_is_one_page_of_its_paper(
    visitor: Visitor, paper: str, turn: str, size: tuple[int, int]
) -> None:
    async with sheet(visitor, paper=paper, turn=turn) as printed:
        assert printed.size == size
        assert printed.pages == 1
        for words in (
            "长春市安全风险四色图",
            "图例",
            "重大风险",
            "LEC",
            "示意边界",
            "制图",
            "演示",
            "CGCS2000",
            "1:",
        ):
            assert words in printed.text, words
        # Nothing of the page round the sheet.
        for words in ("返回地图", "导入台账"):
            assert words not in printed.text
        assert printed.share(FULL["major"]) > 100
        assert printed.share(FULL["large"]) > 100


async def test_the_scale_bar_is_as_long_as_it_says(visitor: Visitor) -> None:
    """Two red cells of the same row, 15 minutes of arc apart, lie on paper as far apart as the bar says."""
    await visitor.go(AT, "/print", scale="200000", plain="1")
    await visitor.page.wait_for_selector("[data-ready]")
    bar = visitor.page.locator("[data-metres]")
    metres = float(await bar.get_attribute("data-metres") or 0)
    await visitor.page.emulate_media(media="print")
    box = await bar.bounding_box()
    assert box
    millimetres = box["width"] * 25.4 / 96
    assert metres / millimetres == pytest.approx(200, rel=0.02)
    frame = await visitor.page.locator(".map-frame canvas").evaluate(
        """(canvas) => {
          const { data, width, height } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
          const found = new Set()
          for (let i = 0; i < data.length; i += 4) {
            if (data[i] === 0xD3 && data[i + 1] === 0x30 && data[i + 2] === 0x2F) found.add((i / 4) % width)
          }
          return { width, columns: [...found].sort((a, b) => a - b), shown: canvas.getBoundingClientRect().width }
        }"""
    )
    left = min(frame["columns"])
    right = max(frame["columns"])
    # From the west edge of the first red cell to the east edge of the last, which is 15 cells on.
    minutes = SPOTS["across a column"].x4 + 1 - 7536
    earth = minutes / 60 * 111_320 * 0.7187  # cosine of 44.05 degrees
    paper = (right + 1 - left) * frame["shown"] / frame["width"] * 25.4 / 96
    assert earth / paper == pytest.approx(200, rel=0.02)
    await visitor.page.emulate_media(media="screen")


async def test_the_address_is_what_is_printed(visitor: Visitor) -> None:
    async with sheet(visitor, grade="major", view="managed") as printed:
        assert printed.share(FULL["major"]) > 100
        assert printed.share(FULL["large"]) == 0
        assert "按管理权限" in printed.text
        assert "风险等级" in printed.text
    async with sheet(visitor, off="cells") as printed:
        assert printed.share(FULL["major"]) < 2500
    async with sheet(visitor, position="inherited", title="演示专题图") as printed:
        assert "演示专题图" in printed.text
        assert printed.share(FULL["large"]) < 2500


async def test_grades_are_told_apart_in_grey(visitor: Visitor) -> None:
    """In grey, red and blue are one tone: the marks over the colours tell them apart, and only while they are wanted."""
    grades = ("major", "large", "low", "unassessed", "general")

    async def samples(plain: str) -> dict[str, bytes]:
        await visitor.go(AT, "/print", plain=plain)
        await visitor.page.wait_for_selector("[data-ready]")
        texts = {}
        for grade in grades:
            canvas = visitor.page.locator(f"[data-mark='{grade}'] canvas")
            pixels = await canvas.evaluate(
                """(canvas) => {
                  const side = 56, offset = 4
                  const { data } = canvas.getContext('2d').getImageData(offset, 16, side, side - 4)
                  const grey = []
                  for (let i = 0; i < data.length; i += 4) {
                    grey.push(Math.round(0.299 * data[i] + 0.587 * data[i + 1] + 0.114 * data[i + 2]))
                  }
                  return grey
                }"""
            )
            texts[grade] = bytes(pixels)
        return texts

    marked, plain = await samples("0"), await samples("1")
    for i, one in enumerate(grades):
        for other in grades[:i]:
            pairs = zip(marked[one], marked[other], strict=True)
            assert sum(abs(a - b) > 40 for a, b in pairs) > 0.1 * len(marked[one]), (one, other)
    assert marked["general"] == plain["general"]
    for grade in ("major", "large", "low", "unassessed"):
        assert marked[grade] != plain[grade]


async def test_the_map_leads_to_its_print_and_back(visitor: Visitor) -> None:
    await visitor.open(AT, grade="major")
    await visitor.page.locator("[data-print]").click()
    await visitor.page.wait_for_selector("[data-ready]")
    assert visitor.query["grade"] == "major"
    await visitor.page.locator("[data-field='paper']").select_option("A3")
    await visitor.page.wait_for_selector("[data-ready]")
    assert visitor.query["paper"] == "A3"
    await visitor.page.locator(".toolbar a").click()
    await visitor.rest()
    assert visitor.view == AT
    assert visitor.query.keys() == {"at", "grade"}
    await expect(visitor.page.locator("[data-map-file]")).to_have_attribute(
        "href", "/api/maps.html?basis=assessed&view=located&grade=major&language=zh"
    )


async def test_english_is_complete(open_visitor: OpenVisitor, city_server: Server) -> None:
    visitor = await open_visitor(city_server)
    await visitor.go()
    await visitor.page.evaluate("localStorage.setItem('riskmap.language', 'en')")
    async with sheet(visitor) as printed:
        for words in ("Legend", "Major risk", "Made by", "Demo data", "printed at 100"):
            assert words in printed.text
