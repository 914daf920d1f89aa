"""What the screen really shows: pixels of a screenshot at places of the earth, and the palette to judge them by."""

import io
import json
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from PIL import Image

from tests.browser.city import Spot
from tests.conftest import ROOT

Colour = tuple[int, int, int]
# Left, top, right, bottom in pixels of the map.
Box = tuple[float, float, float, float]

TILE = 256
PALETTE = json.loads((ROOT / "web" / "palette.json").read_text(encoding="utf-8"))


def colour_of(hexadecimal: str) -> Colour:
    """#RRGGBB as three channels."""
    return (int(hexadecimal[1:3], 16), int(hexadecimal[3:5], 16), int(hexadecimal[5:7], 16))


LAND = colour_of(PALETTE["surfaces"]["land"])
FULL = {grade: colour_of(colours["fill"]) for grade, colours in PALETTE["grades"].items()}


def over_land(grade: str, percent: int) -> Colour:
    """A grade's colour laid over the land with a share in percent."""
    red, green, blue = (
        (top * percent + ground * (100 - percent)) / 100
        for top, ground in zip(FULL[grade], LAND, strict=True)
    )
    return round(red), round(green), round(blue)


# Yellow and blue grow stronger with the count of that grade.
STEPPED = {grade: [over_land(grade, percent) for percent in (60, 80, 100)] for grade in ("general", "low")}


def is_near(one: Colour, other: Colour, reach: int = 1) -> bool:
    """True when no channel differs by more than `reach`."""
    return all(abs(a - b) <= reach for a, b in zip(one, other, strict=True))


LETTERED = 20  # pixels from which a cell carries a letter


@dataclass(frozen=True)
class View:
    """What part of the earth the map shows: its centre in degrees and its zoom."""

    lat: float
    lon: float
    zoom: int

    def __str__(self) -> str:
        return f"{self.lat:.5f},{self.lon:.5f},{self.zoom}"

    def world(self, lon: float, lat: float) -> tuple[float, float]:
        """Web Mercator in pixels of the whole world at this zoom, from its north-west corner."""
        side = TILE * 2**self.zoom
        sine = math.sin(math.radians(lat))
        return (lon / 360 + 0.5) * side, (0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)) * side

    def origin(self, width: float, height: float) -> tuple[int, int]:
        """The world's pixel at the upper left corner of a map of this size; whole, as the map snaps it."""
        x, y = self.world(self.lon, self.lat)
        return math.floor(x - width / 2 + 0.5), math.floor(y - height / 2 + 0.5)


@dataclass(frozen=True)
class Picture:
    """A screenshot of the map without the panels over it; `ratio` device pixels to a pixel of the page."""

    image: Image.Image
    view: View
    ratio: float = 1

    @classmethod
    def read(cls, png: bytes, view: View, ratio: float = 1) -> "Picture":
        """From the bytes of a screenshot."""
        with Image.open(io.BytesIO(png)) as image:
            return cls(image.convert("RGB"), view, ratio)

    def place(self, lon: float, lat: float) -> tuple[float, float]:
        """Where a position of the earth is on the map, in pixels of the page."""
        left, top = self.view.origin(self.image.width / self.ratio, self.image.height / self.ratio)
        x, y = self.view.world(lon, lat)
        return x - left, y - top

    def box(self, spot: Spot, level: int) -> Box:
        """The cell's box on the map, in pixels of the page."""
        return (*self.place(*spot.at(0, 0, level=level)), *self.place(*spot.at(1, 1, level=level)))

    def colour(self, x: float, y: float) -> Colour:
        """The colour at a place of the map, in pixels of the page."""
        found = self.image.getpixel((math.floor(x * self.ratio), math.floor(y * self.ratio)))
        assert isinstance(found, tuple)
        return found[0], found[1], found[2]

    def colours(self, box: Box) -> Counter[Colour]:
        """How often each colour occurs in a part of the map."""
        pixels = self.crop(box).tobytes()
        return Counter(zip(pixels[0::3], pixels[1::3], pixels[2::3], strict=True))

    def crop(self, box: Box) -> Image.Image:
        """A part of the map, from and to whole device pixels."""
        left, top, right, bottom = (round(side * self.ratio) for side in box)
        return self.image.crop((left, top, right, bottom))

    def fill(self, spot: Spot, level: int) -> Colour:
        """The one colour of a small patch of a cell, clear of letters, numbers, corners, symbols and marked edges."""
        left, top, right, bottom = self.box(spot, level)
        # Letters stand in the middle of large cells, marks at the edges of small ones.
        down = 0.8 if right - left >= LETTERED else 0.5
        x, y = left + 0.5 * (right - left), top + down * (bottom - top)
        found = self.colours((x - 1, y - 1, x + 2, y + 2))
        assert len(found) == 1, f"the cell is not of one colour there: {dict(found)}"
        return next(iter(found))

    def share(self, wanted: Iterable[Colour], reach: int = 3) -> int:
        """How many pixels of the whole map are of one of these colours."""
        every = self.colours((0, 0, self.image.width / self.ratio, self.image.height / self.ratio))
        colours = list(wanted)
        return sum(
            n for found, n in every.items() if any(is_near(found, colour, reach) for colour in colours)
        )
