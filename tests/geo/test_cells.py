"""The grid of GB/T 39409-2020: published vectors, and what must hold for every cell."""

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import cells
from geo.errors import PolarRegion


def dms(degrees: int, minutes: int, seconds: str) -> Decimal:
    return degrees + Decimal(minutes) / 60 + Decimal(seconds) / 3600


ANNEX_B = (dms(116, 18, "45.37"), dms(39, 59, "35.38"))

VECTORS = [
    # GB/T 39409-2020 annex B; levels 9 and 10 from a public codec
    (*ANNEX_B, "N50J"),
    (*ANNEX_B, "N50J47"),
    (*ANNEX_B, "N50J475"),
    (*ANNEX_B, "N50J47539"),
    (*ANNEX_B, "N50J47539B8"),
    (*ANNEX_B, "N50J47539B82"),
    (*ANNEX_B, "N50J47539B8255"),
    (*ANNEX_B, "N50J47539B825534"),
    (*ANNEX_B, "N50J47539B82553461"),
    (*ANNEX_B, "N50J47539B8255346152"),
    # GB/T 39409-2020 §8.1
    (dms(116, 19, "14.3184"), dms(39, 59, "56.1444"), "N50J475493E"),
    (dms(116, 19, "5.9808"), dms(39, 59, "59.7012"), "N50J475491E"),
    (dms(116, 19, "9.3540"), dms(39, 59, "56.5260"), "N50J475492E"),
    # computed by two independent codecs
    ("116.397389", "39.908722", "N50J47584C7325341651"),
    ("125.3960", "43.8590", "N51KA7581B8"),
    ("125.3960", "43.8590", "N51KA7581B80"),
    ("125.3960", "43.8590", "N51KA7581B8061341643"),
    ("121.4737", "31.2304", "N51H263D36C055261075"),
    ("113.2644", "23.1291", "N49FA6107CB173207204"),
    ("87.6168", "43.8256", "N45K7727908010752077"),
    ("112.3386", "16.8335", "N49E8155040132635164"),
    ("151.2093", "-33.8688", "S56I234C281256752670"),
    ("-74.0060", "40.7128", "N18K412025B260321443"),
    ("-43.1729", "-22.9068", "S23F254A456111670257"),
    # an exact corner, an exact edge of 1 minute
    ("116.25", "39.5", "N50J4710000"),
    ("116.3", "39.9", "N50J47534000"),
]


@pytest.mark.parametrize(("lon", "lat", "code"), VECTORS)
def test_encodes_vector(lon: Decimal | str, lat: Decimal | str, code: str) -> None:
    level = cells.level_of(code)
    assert cells.encode(lon, lat, level) == code
    assert cells.encode(float(lon), float(lat), level) == code


@pytest.mark.parametrize(
    ("code", "edges"),
    [
        ("N50J47539", ("116.3", "39.98333", "116.316667", "40.0")),
        ("N51KA7581B8", ("125.395556", "43.858889", "125.396667", "43.86")),
    ],
)
def test_bounds_vector(code: str, edges: tuple[str, ...]) -> None:
    assert [float(edge) for edge in cells.bounds(code)] == pytest.approx(
        [float(edge) for edge in edges], abs=5e-6
    )


def test_decode_names_code_level_and_exact_edges() -> None:
    assert cells.decode("S23F254A456") == cells.Cell(
        code="S23F254A456",
        level=5,
        west=Fraction(-155424, 3600),
        south=Fraction(-82468, 3600),
        east=Fraction(-155420, 3600),
        north=Fraction(-82464, 3600),
    )


Index = tuple[int, int, int]


@st.composite
def indices(draw: st.DrawFn, *, coarsest: int = 1, finest: int = 10) -> Index:
    """Signed column, signed row and level of any cell, in all hemispheres."""
    level = draw(st.integers(coarsest, finest))
    half_columns, half_rows = cells.half_extent(level)
    return (
        draw(st.integers(-half_columns, half_columns - 1)),
        draw(st.integers(-half_rows, half_rows - 1)),
        level,
    )


def degrees_inside(index: int, size: int, *, share: Fraction) -> Decimal:
    """Return a coordinate in a column or row: share 0 is the edge nearest the origin, 1 the far one."""
    units = (index + share if index >= 0 else index + 1 - share) * size
    with localcontext(prec=60):
        return Decimal(units.numerator) / units.denominator / cells.UNITS_PER_DEGREE


@given(indices())
def test_code_and_index_are_one(index: Index) -> None:
    code = cells.code_of_index(*index)
    assert (*cells.index_of(code), cells.level_of(code)) == index


@given(indices())
def test_cell_owns_its_reference_corner(index: Index) -> None:
    x, y, level = index
    width, height = cells.LEVEL_UNITS[level]
    # The cells west of the prime meridian and south of the equator leave that edge to their neighbours:
    # for them the nearest position is a little inside.
    lon = degrees_inside(x, width, share=Fraction(x == -1, 100))
    lat = degrees_inside(y, height, share=Fraction(y == -1, 100))
    assert cells.cell_index(lon, lat, level) == (x, y)
    assert cells.cell_index(float(lon), float(lat), level) == (x, y)


@given(indices())
def test_far_corner_belongs_to_the_next_cell(index: Index) -> None:
    x, y, level = index
    width, height = cells.LEVEL_UNITS[level]
    half_columns, _ = cells.half_extent(level)
    lon, lat = degrees_inside(x, width, share=Fraction(1)), degrees_inside(y, height, share=Fraction(1))
    beyond = x + 1 if x >= 0 else x - 1
    if not -half_columns <= beyond < half_columns:
        beyond = -half_columns  # the antimeridian belongs to the west
    if abs(lat) == 88:
        with pytest.raises(PolarRegion):
            cells.cell_index(lon, lat, level)
    else:
        assert cells.cell_index(lon, lat, level) == (beyond, y + 1 if y >= 0 else y - 1)


@given(indices(), st.fractions(0, 1), st.fractions(0, 1))
def test_position_inside_lies_within_bounds_on_every_level(index: Index, u: Fraction, v: Fraction) -> None:
    x, y, level = index
    width, height = cells.LEVEL_UNITS[level]
    # 1/1000 of a unit is where positions are told apart.
    lon = degrees_inside(x, width, share=(u * (width * 1000 - 2) + 1) / (width * 1000))
    lat = degrees_inside(y, height, share=(v * (height * 1000 - 2) + 1) / (height * 1000))
    code = cells.encode(lon, lat, level)
    assert code == cells.code_of_index(x, y, level)
    west, south, east, north = cells.bounds(code)
    assert west < Fraction(lon) < east
    assert south < Fraction(lat) < north
    finest = cells.encode(lon, lat, 10)
    for coarser in range(1, level):
        assert code.startswith(cells.encode(lon, lat, coarser))
    assert finest.startswith(code)


@given(indices(coarsest=5, finest=5))
def test_coarser_index_is_a_floor_division(index: Index) -> None:
    x, y, _ = index
    code: str | None = cells.code_of_index(x, y, 5)
    while code is not None:
        factor_x, factor_y = cells.COARSER[cells.level_of(code)]
        assert cells.index_of(code) == (x // factor_x, y // factor_y)
        code = cells.parent(code)


def test_coarser_factors() -> None:
    assert cells.COARSER == {5: (1, 1), 4: (15, 15), 3: (225, 150), 2: (450, 450), 1: (5400, 3600)}


@given(indices(finest=9))
def test_children_tile_their_parent(index: Index) -> None:
    x, y, level = index
    code = cells.code_of_index(*index)
    children = cells.children(code)
    columns = cells.LEVEL_UNITS[level][0] // cells.LEVEL_UNITS[level + 1][0]
    rows = cells.LEVEL_UNITS[level][1] // cells.LEVEL_UNITS[level + 1][1]
    assert {cells.index_of(child) for child in children} == {
        (x * columns + column, y * rows + row) for column in range(columns) for row in range(rows)
    }
    assert len(children) == columns * rows
    assert children == sorted(children)
    assert {cells.parent(child) for child in children} == {code}
    edges = [cells.bounds(child) for child in children]
    wests, souths, easts, norths = zip(*edges, strict=True)
    assert (min(wests), min(souths), max(easts), max(norths)) == cells.bounds(code)
    assert sum((east - west) * (north - south) for west, south, east, north in edges) == area_of(code)


def area_of(code: str) -> Fraction:
    west, south, east, north = cells.bounds(code)
    return (east - west) * (north - south)


def test_the_ends_of_the_family() -> None:
    assert cells.children("N51KA7581B8061341643") == []
    assert cells.parent("N51K") is None
    assert cells.parent("N51KA7581B80") == "N51KA7581B8"


@given(indices())
def test_neighbours_are_symmetric_and_touch(index: Index) -> None:
    _, y, level = index
    code = cells.code_of_index(*index)
    around = cells.neighbours(code)
    at_polar_circle = y in (cells.half_extent(level)[1] - 1, -cells.half_extent(level)[1])
    assert len(around) == len(set(around)) == (5 if at_polar_circle else 8)
    assert code not in around
    west, south, east, north = cells.bounds(code)
    for neighbour in around:
        assert cells.level_of(neighbour) == level
        assert code in cells.neighbours(neighbour)
        west_of, south_of, east_of, north_of = cells.bounds(neighbour)
        apart = west_of - west
        turn = 360 if apart < -180 else -360 if apart > 180 else 0
        assert west_of + turn <= east
        assert east_of + turn >= west
        assert south_of <= north
        assert north_of >= south


@pytest.mark.parametrize(
    ("code", "around"),
    [
        # where the equator meets the prime meridian, level 1: four hemispheres touch
        ("N31A", ["S30A", "S31A", "S32A", "N30A", "N32A", "N30B", "N31B", "N32B"]),
        ("S30A", ["S29B", "S30B", "S31B", "S29A", "S31A", "N29A", "N30A", "N31A"]),
        # over the antimeridian
        ("N60B", ["N59A", "N60A", "N01A", "N59B", "N01B", "N59C", "N60C", "N01C"]),
        ("S01A", ["S60B", "S01B", "S02B", "S60A", "S02A", "N60A", "N01A", "N02A"]),
        # at the polar circle
        ("N51V", ["N50U", "N51U", "N52U", "N50V", "N52V"]),
        ("S51V", ["S50V", "S52V", "S50U", "S51U", "S52U"]),
        # over the edges of coarser cells
        (
            "N50J4710000",
            [
                *("N50J464E9EE", "N50J465090E", "N50J465091E", "N50J470E0E0"),
                *("N50J4710010", "N50J470E0E1", "N50J4710001", "N50J4710011"),
            ],
        ),
    ],
)
def test_neighbours_of(code: str, around: list[str]) -> None:
    assert cells.neighbours(code) == around
