"""Whether a text is a BeiDou code, and how a cell and a position are called."""

from dataclasses import dataclass

from geo import cells as beidou
from geo.coordinates import read_pair
from geo.crs import Datum, Position, require_on_earth, to_cgcs2000
from geo.errors import GeoError, NotACell

# The cell a position is shown with: 4″, on which the map counts at its closest.
SHOWN_LEVEL = 5
_SECONDS = {1: "6° × 4°", 2: "30′ × 30′", 3: "15′ × 10′", 4: "1′ × 1′", 5: "4″ × 4″", 6: "2″ × 2″",
            7: "1/4″ × 1/4″", 8: "1/32″ × 1/32″", 9: "1/256″ × 1/256″", 10: "1/2048″ × 1/2048″"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FoundCell:
    """A cell that a text names. at: its middle."""

    code: str
    level: int
    size: str
    at: Position
    bounds: tuple[float, float, float, float]


def read_cell(text: str) -> FoundCell | None:
    """The cell of a code, capitals or not, of level 1 to 10; None for a text that is no code."""
    code = "".join(text.split()).upper()
    try:
        level = beidou.level_of(code)
    except NotACell:
        return None
    west, south, east, north = beidou.bounds(code)
    return FoundCell(
        code=code,
        level=level,
        size=_SECONDS[level],
        at=(float((west + east) / 2), float((south + north) / 2)),
        bounds=(float(west), float(south), float(east), float(north)),
    )


def read_place(text: str, datum: Datum) -> tuple[float, float] | None:
    """The position in CGCS2000 that a text gives in a datum; None for a text that gives none.

    A pair that cannot be a place (latitude 95, GCJ-02 outside China) is none either: it may be a name or a number.
    """
    try:
        given = read_pair(text)
        if given is None:
            return None
        require_on_earth(*given)
        return to_cgcs2000(*given, datum)
    except GeoError:
        return None


def cell_of(lon: float, lat: float) -> FoundCell | None:
    """The cell shown with a position; None where the grid has none, at the poles."""
    try:
        return read_cell(beidou.encode(lon, lat, SHOWN_LEVEL))
    except GeoError:
        return None
