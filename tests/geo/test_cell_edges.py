"""Where the standard is silent, where doubles mislead, and what is no position or no cell at all."""

from decimal import Decimal, localcontext
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import cells
from geo.errors import NotACell, NotALevel, OutsideGrid, PolarRegion


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        # zero is east and north, however it is written
        (0.0, 0.0, "N31A"),
        (-0.0, -0.0, "N31A"),
        ("-0", "-0.000", "N31A"),
        (-1e-300, -5e-324, "S30A"),
        (Decimal("-1E-999999999"), Decimal("1E-999999999"), "N30A"),
        # the antimeridian is one meridian, the western edge of column 01
        (180.0, 30.0, "N01H"),
        (-180.0, 30.0, "N01H"),
        (Decimal(180), 30, "N01H"),
        (179.99999999999997, 30.0, "N01H"),
        (179.9999999, 30.0, "N60H"),
        (-179.9999999, 30.0, "N01H"),
        # the last position before the polar circle
        (10.0, 87.9999999, "N32V"),
        (10.0, -87.9999999, "S32V"),
    ],
)
def test_edges_of_the_grid(lon: cells.Degrees, lat: cells.Degrees, code: str) -> None:
    assert cells.encode(lon, lat, 1) == code


def test_antimeridian_has_one_code_on_the_finest_level() -> None:
    assert cells.encode(180.0, 30.0, 10) == cells.encode(-180.0, 30.0, 10) == "N01HB41E0E0170707070"


@pytest.mark.parametrize("lat", [88, 88.0, -88.0, "88", 89.5, -90, 87.99999999999999, Decimal("-88.0000001")])
def test_polar_caps_are_refused(lat: cells.Degrees) -> None:
    with pytest.raises(PolarRegion, match="polar") as caught:
        cells.encode(125.0, lat, 5)
    assert caught.value.code == "polar_region"
    assert "极区" in caught.value.zh


@pytest.mark.parametrize(
    ("lon", "lat"),
    [
        (180.0000001, 0.0),
        (180.00000000000003, 0.0),
        (Decimal("180.0000000000000000000000000000001"), 0),
        (-200, 0),
        (nan, 0.0),
        (inf, 0.0),
        (0.0, nan),
        (0.0, -inf),
        (0.0, 90.5),
        (Decimal("NaN"), 0),
        (Decimal("sNaN"), 0),
        (Decimal("1E+999999"), 0),
        ("", 0),
        ("12°30′", 0),
        ("nan", 0),
    ],
)
def test_what_is_no_position_is_refused(lon: cells.Degrees, lat: cells.Degrees) -> None:
    with pytest.raises(OutsideGrid) as caught:
        cells.encode(lon, lat, 5)
    assert caught.value.code == "outside_grid"


@pytest.mark.parametrize("level", [0, 11, -1])
def test_other_levels_are_refused(level: int) -> None:
    with pytest.raises(NotALevel):
        cells.encode(125.0, 43.0, level)
    with pytest.raises(NotALevel):
        cells.code_of_index(0, 0, level)
    with pytest.raises(NotALevel):
        cells.bounds_of_index(0, 0, level)


@pytest.mark.parametrize(
    "code",
    [
        "",
        "N",
        "N5",
        "N51",
        "E51K",  # no such hemisphere
        "N00K",  # columns are 01 to 60
        "N61K",
        "N51W",  # rows are A to V
        "n51k",
        "N51KC5",  # 12 columns
        "N51KA8",  # 8 rows
        "N51KA",
        "N51KA76",  # six parts
        "N51KA75F1",  # 15 columns
        "N51KA758A",  # 10 rows
        "N51KA7581F8",
        "N51KA7581B84",  # four parts
        "N51KA7581B808",
        "N51KA7581B8088",
        "N51KA7581B80613416430",  # longer than level 10
        "N51KA7581B8 ",
        "N51KA7581B8\n",
        "Ｎ５１Ｋ",
        "N٥١K",
    ],
)
def test_malformed_codes_are_refused(code: str) -> None:
    for read in (cells.level_of, cells.index_of, cells.bounds, cells.decode):
        with pytest.raises(NotACell):
            read(code)
    for walk in (cells.parent, cells.children, cells.neighbours):
        with pytest.raises(NotACell) as caught:
            walk(code)
    assert caught.value.code == "not_a_cell"
    assert "北斗" in caught.value.zh


@pytest.mark.parametrize(("x", "y"), [(162_000, 0), (-162_001, 0), (0, 79_200), (0, -79_201)])
def test_index_beyond_the_grid_has_no_code(x: int, y: int) -> None:
    with pytest.raises(NotACell):
        cells.code_of_index(x, y, 5)


@given(
    st.decimals(-180, 180, places=7, allow_nan=False),
    st.decimals(Decimal("-87.9"), Decimal("87.9"), places=7, allow_nan=False),
    st.integers(1, 10),
)
def test_a_double_and_its_decimal_text_lie_in_one_cell(lon: Decimal, lat: Decimal, level: int) -> None:
    code = cells.encode(lon, lat, level)
    assert cells.encode(float(lon), float(lat), level) == code
    assert cells.encode(str(lon), str(lat), level) == code


@given(st.integers(-648_000, 647_999), st.integers(-316_799, 316_799))
def test_whole_seconds_stored_as_doubles_stay_in_their_cell(lon: int, lat: int) -> None:
    assert cells.cell_index(lon / 3600, lat / 3600, 5) == (
        lon // 4 if lon >= 0 else ~(-lon // 4) if lon > -648_000 else -162_000,
        lat // 4 if lat >= 0 else ~(-lat // 4),
    )


def test_bare_doubles_would_miss() -> None:
    """The accident that exact arithmetic prevents: tenths of a degree are level-5 edges, doubles miss."""
    missed = [n for n in range(1800) if int(n / 10 * 3600 / 4) != n * 90]
    assert missed
    for n in missed:
        assert cells.cell_index(n / 10, 0.0, 5)[0] == n * 90


def test_the_callers_decimal_context_does_not_matter() -> None:
    with localcontext(prec=3):
        assert cells.encode("125.3960", Decimal("43.8590"), 10) == "N51KA7581B8061341643"
        assert cells.encode(125.3960, 43.8590, 10) == "N51KA7581B8061341643"
