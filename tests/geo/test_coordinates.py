"""A position as people write it, and texts that are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.coordinates import read_pair
from geo.errors import NotOnEarth

HERE = (125.396, 43.859)


@pytest.mark.parametrize(
    "text",
    [
        "125.396,43.859",
        "125.396, 43.859",
        "43.859 125.396",
        "43.859，125.396",
        "(125.396, 43.859)",
        "１２５．３９６，４３．８５９",
        "125°23′45.6″E 43°51′32.4″N",
        "N43°51'32.4\" E125°23'45.6\"",
        "43°51'32.4''N, 125°23'45.6''E",
        "125º23’45.6”，43º51’32.4”",
        "125°23′45.6″ 43°51′32.4″",
        "43°51′32.4″ 125°23′45.6″",
        "东经125度23分45.6秒，北纬43度51分32.4秒",
        "北纬43度51分32.4秒 东经125度23分45.6秒",
        "E125.396N43.859",
        "125.396°E,43.859°N",
        "125°23.76′E 43°51.54′N",
        "lon=125.396, lat=43.859",
        "lat: 43.859; lng: 125.396",
        "经度：125.396，纬度：43.859",
        "125.396E / 43.859N",
    ],
)
def test_one_place_in_many_writings(text: str) -> None:
    assert read_pair(text) == pytest.approx(HERE, abs=1e-12)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("51.5N 0.1W", (-0.1, 51.5)),
        ("-0.1 51.5", (-0.1, 51.5)),
        ("33°51′S 151°12′E", (151.2, -33.85)),
        ("10 100", (100, 10)),
        # Neither way round is in China: longitude comes first.
        ("10 20", (10, 20)),
        ("100 30", (100, 30)),
    ],
)
def test_hemispheres_and_order(text: str, place: tuple[float, float]) -> None:
    assert read_pair(text) == pytest.approx(place)


@pytest.mark.parametrize(
    "text",
    ["", " ", "锅炉", "220105", "125.396", "1 2 3", "1,2,3", "125.396E,43.859E", "N51KA7581B8", "R-01 02", "锅炉 2",
     "12.5.3 4", "E125.396W 43", "A" * 200, "1" * 101, "125.396,", ",", "°", "E", "EN", "N E"],
)  # fmt: skip
def test_other_texts_are_none(text: str) -> None:
    assert read_pair(text) is None


@pytest.mark.parametrize(
    "text", ["125°61′E 43°N", "125°10′60″E 43°N", "200,43", "91,100", "181E 10N", "100E 91N"]
)
def test_what_is_written_as_a_place_and_is_none_is_refused(text: str) -> None:
    with pytest.raises(NotOnEarth):
        read_pair(text)


@given(st.text(alphabet="0123456789.,° ′″'\"EWNS东经北纬度分秒-+()lonat:=", max_size=60))
def test_any_text_is_a_place_none_or_refused(text: str) -> None:
    try:
        found = read_pair(text)
    except NotOnEarth:
        return
    assert found is None or (abs(found[0]) <= 180 and abs(found[1]) <= 90)


@given(st.floats(73, 135), st.floats(18, 53))
def test_degrees_minutes_and_seconds_are_read_back(lon: float, lat: float) -> None:
    def written(value: float, letter: str) -> str:
        minutes, seconds = divmod(round(value * 3600, 4), 60)
        degrees, minutes = divmod(int(minutes), 60)
        return f"{degrees}°{minutes}′{seconds:.4f}″{letter}"

    for text in (f"{written(lon, 'E')} {written(lat, 'N')}", f"{written(lat, '')}, {written(lon, '')}"):
        assert read_pair(text) == pytest.approx((lon, lat), abs=1e-7)
