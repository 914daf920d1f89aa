"""BeiDou grid location codes, GB/T 39409-2020, levels 1 to 10, exact.

The grid starts at the equator and the prime meridian of CGCS2000 and grows away from both, so the four
hemispheres mirror each other (figures 3-8 of the standard). A cell is half-open on its far side: it owns the
corner nearest the origin. Levels nest without remainder, and a code begins with the code of its parent.

    level   cell (lon × lat)   digits added             code length
      1     6° × 4°            column 01-60, row A-V     4  (after N or S)
      2     30′ × 30′          0-B, 0-7                  6
      3     15′ × 10′          0-5, Z order              7
      4     1′ × 1′            0-E, 0-9                  9
      5     4″ × 4″            0-E, 0-E                 11
      6     2″ × 2″            0-3, Z order             12
     7-10   1/4″ ... 1/2048″   0-7, 0-7                 14, 16, 18, 20

Beside its code each cell has a signed index (column, row). Eastward and northward it counts 0, 1, 2, ...;
westward and southward -1, -2, ... So neighbours differ by one, bounds are index × size in every hemisphere,
and the index on a coarser level is a floor division. A code is only a way of writing an index down.

What the standard leaves open is decided here, the same in the SQL twin (service/cells/sql/functions):

- Zero, also written -0.0, is east and north. So the cells that touch the prime meridian from the west or the
  equator from the south do not own that edge: no position belongs to two cells.
- +180° and -180° are one meridian and must be one cell. It is the western one, column 01, because the column
  number floor(longitude / 6°) + 31 counts from 180° W; web-mercator tiles cut the world in the same way.
- A stored double is taken at its 15 significant digits, as PostgreSQL's cast of float8 to numeric does, and
  units are rounded to 1/1000 before the floor. So a whole-second coordinate, stored as a double a hair too
  small, stays in the cell whose edge it is; rounding degrees, or nothing, would put it into the neighbour.
- |latitude| >= 88° is refused: there the standard has a polar scheme, which is not supported.
"""

import math
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from itertools import product
from string import ascii_uppercase

from geo.errors import NotACell, NotALevel, OutsideGrid, PolarRegion

Degrees = Decimal | float | str

UNITS_PER_DEGREE = 7_372_800  # 3600″ × 2048: the unit is the edge of a level-10 cell, 1/2048″

# level -> width and height of a cell in units (GB/T 39409-2020, table of levels)
LEVEL_UNITS: dict[int, tuple[int, int]] = {
    1: (44_236_800, 29_491_200),
    2: (3_686_400, 3_686_400),
    3: (1_843_200, 1_228_800),
    4: (122_880, 122_880),
    5: (8_192, 8_192),
    6: (4_096, 4_096),
    7: (512, 512),
    8: (64, 64),
    9: (8, 8),
    10: (1, 1),
}

# level -> how many level-5 columns and rows lie in one cell: its index = level-5 index // factor
COARSER: dict[int, tuple[int, int]] = {
    level: (width // LEVEL_UNITS[5][0], height // LEVEL_UNITS[5][1])
    for level, (width, height) in LEVEL_UNITS.items()
    if level <= 5
}

# level -> columns and rows of children that a cell of the level above has
_SPLIT: dict[int, tuple[int, int]] = {
    level: (LEVEL_UNITS[level - 1][0] // width, LEVEL_UNITS[level - 1][1] // height)
    for level, (width, height) in LEVEL_UNITS.items()
    if level > 1
}
_Z_ORDERED = frozenset({3, 6})  # one digit, 2 × row + column; the other levels write column, then row
_DIGITS = "0123456789ABCDE"

_HALF_TURN = 180 * UNITS_PER_DEGREE  # columns of level 10 in one hemisphere
_POLAR_CIRCLE = 88 * UNITS_PER_DEGREE  # rows of level 10 in one hemisphere
_NOTHING = Decimal("1e-12")  # degrees; far below 1/1000 of a unit (1.4e-10°), so it rounds to zero units

_LEVEL_OF_LENGTH = {4: 1, 6: 2, 7: 3, 9: 4, 11: 5, 12: 6, 14: 7, 16: 8, 18: 9, 20: 10}
_CODE = re.compile(
    r"[NS](?:0[1-9]|[1-5][0-9]|60)[A-V]"
    r"(?:[0-9AB][0-7](?:[0-5](?:[0-9A-E][0-9](?:[0-9A-E]{2}(?:[0-3](?:[0-7]{2}){0,4})?)?)?)?)?"
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with its edges in degrees (CGCS2000), exact."""

    code: str
    level: int
    west: Fraction
    south: Fraction
    east: Fraction
    north: Fraction


def encode(lon: Degrees, lat: Degrees, level: int) -> str:
    """Return the code of the cell that owns a position, given in degrees (CGCS2000).

    Raises OutsideGrid (PolarRegion for |lat| >= 88°) and NotALevel.
    """
    return code_of_index(*cell_index(lon, lat, level), level)


def decode(code: str) -> Cell:
    """Return the cell that a code names, or raise NotACell."""
    return Cell(code, level_of(code), *bounds(code))


def bounds(code: str) -> tuple[Fraction, Fraction, Fraction, Fraction]:
    """Return west, south, east, north of a cell in degrees (CGCS2000), exact, or raise NotACell."""
    return bounds_of_index(*index_of(code), level_of(code))


def level_of(code: str) -> int:
    """Return the level of a code, 1 to 10, or raise NotACell; letters are capitals, as in the standard."""
    level = _LEVEL_OF_LENGTH.get(len(code))
    if level is None or not _CODE.fullmatch(code):
        shown = repr(code[:24])
        raise NotACell(f"{shown} 不是北斗网格位置码", f"{shown} is not a BeiDou grid location code")
    return level


def parent(code: str) -> str | None:
    """Return the code of the cell one level up, None at level 1, or raise NotACell."""
    level = level_of(code)
    if level == 1:
        return None
    return code[: -_added(level)]


def children(code: str) -> list[str]:
    """Return the codes of the cells one level down in the order of their codes, or raise NotACell.

    They tile the parent exactly; a cell of level 10 has none.
    """
    level = level_of(code) + 1
    if level not in _SPLIT:
        return []
    columns, rows = _SPLIT[level]
    if level in _Z_ORDERED:
        return [code + digit for digit in _DIGITS[: columns * rows]]
    return [code + column + row for column, row in product(_DIGITS[:columns], _DIGITS[:rows])]


def neighbours(code: str) -> list[str]:
    """Return the codes of the cells that touch a cell, from south-west to north-east, or raise NotACell.

    Eight cells, across the equator, the prime meridian and the antimeridian alike; five at the polar circle
    of 88°, where the grid ends.
    """
    level = level_of(code)
    x, y = index_of(code)
    half_columns, half_rows = half_extent(level)
    return [
        code_of_index((column + half_columns) % (2 * half_columns) - half_columns, row, level)
        for row in (y - 1, y, y + 1)
        for column in (x - 1, x, x + 1)
        if (column, row) != (x, y) and -half_rows <= row < half_rows
    ]


def cell_index(lon: Degrees, lat: Degrees, level: int) -> tuple[int, int]:
    """Return the signed column and row of the cell that owns a position, given in degrees (CGCS2000).

    East and north of the origin k = floor(units / size), west and south of it -(k + 1).
    Raises OutsideGrid (PolarRegion for |lat| >= 88°) and NotALevel.
    """
    width, height = _size(level)
    # The finest index is the position in whole units; floor division carries it to any coarser level.
    return _finest_column(lon) // width, _finest_row(lat) // height


def code_of_index(x: int, y: int, level: int) -> str:
    """Write the signed column and row of a level as a code; raises NotACell outside the grid, NotALevel."""
    half_columns, half_rows = half_extent(level)
    if not (-half_columns <= x < half_columns and -half_rows <= y < half_rows):
        raise NotACell(f"第 {level} 级没有网格 ({x}, {y})", f"level {level} has no cell ({x}, {y})")
    # Within a hemisphere digits count away from the origin; ~k = -(k + 1) undoes the sign.
    column, row = max(x, ~x), max(y, ~y)
    digits = ""
    for step in range(level, 1, -1):
        columns, rows = _SPLIT[step]
        column, a = divmod(column, columns)
        row, b = divmod(row, rows)
        digits = (_DIGITS[2 * b + a] if step in _Z_ORDERED else _DIGITS[a] + _DIGITS[b]) + digits
    sheet = 31 + column if x >= 0 else 30 - column
    return f"{'N' if y >= 0 else 'S'}{sheet:02d}{ascii_uppercase[row]}{digits}"


def index_of(code: str) -> tuple[int, int]:
    """Return the signed column and row of a code on its own level, or raise NotACell."""
    level = level_of(code)
    sheet = int(code[1:3])
    column = sheet - 31 if sheet > 30 else 30 - sheet
    row = ascii_uppercase.index(code[3])
    digits = iter(code[4:])
    for step in range(2, level + 1):
        columns, rows = _SPLIT[step]
        a = int(next(digits), 16)
        b, a = divmod(a, 2) if step in _Z_ORDERED else (int(next(digits), 16), a)
        column = column * columns + a
        row = row * rows + b
    return (column if sheet > 30 else ~column), (row if code[0] == "N" else ~row)


def bounds_of_index(x: int, y: int, level: int) -> tuple[Fraction, Fraction, Fraction, Fraction]:
    """Return west, south, east, north in degrees (CGCS2000), exact, of a signed column and row of a level.

    Raises NotALevel; an index beyond the grid gives edges beyond it.
    """
    width, height = _size(level)
    return (
        Fraction(x * width, UNITS_PER_DEGREE),
        Fraction(y * height, UNITS_PER_DEGREE),
        Fraction((x + 1) * width, UNITS_PER_DEGREE),
        Fraction((y + 1) * height, UNITS_PER_DEGREE),
    )


def half_extent(level: int) -> tuple[int, int]:
    """Return how many columns and rows a level has in one hemisphere: its indices are -n to n - 1.

    Raises NotALevel.
    """
    width, height = _size(level)
    return _HALF_TURN // width, _POLAR_CIRCLE // height


def _size(level: int) -> tuple[int, int]:
    try:
        return LEVEL_UNITS[level]
    except KeyError:
        raise NotALevel(
            f"网格级别应为 1 至 10，而不是 {level}", f"grid levels are 1 to 10, not {level}"
        ) from None


def _added(level: int) -> int:
    """Return how many characters a level adds to the code of its parent."""
    return 1 if level in _Z_ORDERED else 2


def _finest_column(lon: Degrees) -> int:
    number = _number(lon)
    if not -180 <= number <= 180:
        raise OutsideGrid(f"经度 {lon} 不在 ±180° 之内", f"longitude {lon} is not within ±180°")
    units = _units(number)
    if units == _HALF_TURN:  # one meridian, one cell: the western
        return -_HALF_TURN
    return ~units if number < 0 else units


def _finest_row(lat: Degrees) -> int:
    number = _number(lat)
    if not -90 <= number <= 90:
        raise OutsideGrid(f"纬度 {lat} 不在 ±90° 之内", f"latitude {lat} is not within ±90°")
    units = _units(number)
    if units >= _POLAR_CIRCLE:
        raise PolarRegion(
            f"纬度 {lat} 在 88° 极区之内，极区网格方案尚不支持",
            f"latitude {lat} lies in a polar cap (88° and beyond), whose grid scheme is not supported",
        )
    return ~units if number < 0 else units


def _number(degrees: Degrees) -> Decimal | float:
    """Return degrees as a finite number, or raise OutsideGrid; text is read as an exact decimal."""
    number: Decimal | float
    try:
        number = Decimal(degrees) if isinstance(degrees, str) else degrees
        finite = math.isfinite(number)
    except (InvalidOperation, ValueError):  # not a number in decimal digits; a signalling NaN
        finite = False
    if not finite:
        raise OutsideGrid(f"{degrees!s} 不是以度为单位的数", f"{degrees!s} is not a number of degrees")
    return number


def _units(number: Decimal | float) -> int:
    """Return floor(round(|degrees| × 7372800, 3)), halves rounded away from zero, in whole numbers only.

    A double counts at its 15 significant digits, like PostgreSQL's cast of float8 to numeric.
    """
    exact = (number if isinstance(number, Decimal) else Decimal(format(number, ".15g"))).copy_abs()
    if exact < _NOTHING:  # else 1E-999999999 would ask for a billion digits
        return 0
    numerator, denominator = exact.as_integer_ratio()
    thousandths = (2 * numerator * UNITS_PER_DEGREE * 1000 + denominator) // (2 * denominator)
    return thousandths // 1000
