"""A position as people write it: 125.396,43.859; 43.859 125.396; 125°23′45.6″E 43°51′32.4″N; 东经125度23分45.6秒 …

Longitude and latitude are told apart by their letters, else by what is possible: a number beyond 90 is a longitude, and a
pair that is in China one way round only is taken that way. What stays open is longitude first, as GeoJSON has it.
"""

import re
import unicodedata
from dataclasses import dataclass

from geo.crs import Position, in_china_box
from geo.errors import NotOnEarth

# Longer than any pair written out in degrees, minutes and seconds with both words.
LONGEST = 100

_SIGNS = str.maketrans({"º": "°", "˚": "°", "度": "°", "’": "'", "‘": "'", "′": "'", "ʹ": "'", "分": "'",
                        "”": '"', "“": '"', "″": '"', "ʺ": '"', "秒": '"', "−": "-", "–": "-"})  # fmt: skip
_WORDS = (
    ("东经", "E"), ("西经", "W"), ("北纬", "N"), ("南纬", "S"),
    ("LONGITUDE", "E"), ("LATITUDE", "N"), ("LON", "E"), ("LNG", "E"), ("LAT", "N"), ("经度", "E"), ("纬度", "N"),
)  # fmt: skip
_NUMBER = r"[0-9]{1,3}(?:\.[0-9]{1,20})?"
# One angle: a letter, a sign, degrees, minutes, seconds, a letter; the last sign may be left out.
_ONE = re.compile(
    rf"([EWNS])?[:=]?([+-])?({_NUMBER})(?:°(?:({_NUMBER})(?:'(?:({_NUMBER})(?:\"|'')?)?)?)?)?([EWNS])?"
)
_EASTWARD, _NEGATIVE = frozenset("EW"), frozenset("WS")


@dataclass(frozen=True, slots=True)
class _Angle:
    degrees: float
    letter: str


def read_pair(text: str) -> Position | None:
    """Longitude and latitude in degrees of a text that is a position and nothing else; None for any other text.

    Raises NotOnEarth for what is written as a position and cannot be one: minutes of 60 or more, a latitude beyond 90°.
    """
    if len(text) > LONGEST:
        return None
    # NFKC writes a double prime as two primes and an ordinal as a letter, so signs come before it; words before signs,
    # as 经度 ends in the sign of a degree.
    written = text.upper()
    for word, letter in _WORDS:
        written = written.replace(word, letter)
    written = unicodedata.normalize("NFKC", written.translate(_SIGNS)).upper().strip()
    halves = _split(written)
    if halves is None:
        return None
    first, second = (_read_angle(half) for half in halves)
    if first is None or second is None:
        return None
    return _in_order(first, second)


def _split(written: str) -> tuple[str, str] | None:
    bare = written.strip("() ")
    for separator in (",", ";", "、", "|", "/"):
        parts = bare.split(separator)
        if len(parts) == 2:
            return parts[0], parts[1]
        if len(parts) > 2:
            return None
    letters = [match.start() for match in re.finditer("[EWNS]", bare)]
    if len(letters) == 2:
        # A letter before each angle, or after each.
        cut = letters[1] if letters[0] == 0 else letters[0] + 1
        return bare[:cut], bare[cut:]
    if bare.count("°") == 2:
        # Degrees, minutes and seconds without letters: the second angle begins at the number before the second sign.
        begun = re.search(r"[+-]?[0-9.]+\s*°(?=[^°]*$)", bare)
        return (bare[: begun.start()], bare[begun.start() :]) if begun else None
    parts = bare.split()
    return (parts[0], parts[1]) if len(parts) == 2 else None


def _read_angle(half: str) -> _Angle | None:
    found = _ONE.fullmatch("".join(half.split()))
    if found is None or (found[1] and found[6]):
        return None
    degrees, minutes, seconds = (float(found[group] or 0) for group in (3, 4, 5))
    if minutes >= 60 or seconds >= 60:
        raise NotOnEarth("分和秒应小于 60", "Minutes and seconds are below 60")
    letter = found[1] or found[6] or ""
    value = degrees + minutes / 60 + seconds / 3600
    return _Angle(-value if (found[2] == "-") != (letter in _NEGATIVE) else value, letter)


def _in_order(first: _Angle, second: _Angle) -> Position | None:
    eastward = [angle.letter in _EASTWARD for angle in (first, second) if angle.letter]
    if len(eastward) == 2 and eastward[0] == eastward[1]:
        return None
    if first.letter or second.letter:
        swapped = second.letter in _EASTWARD if second.letter else first.letter not in _EASTWARD
    else:
        swapped = abs(second.degrees) > 90 or (
            not in_china_box(first.degrees, second.degrees) and in_china_box(second.degrees, first.degrees)
        )
    lon, lat = (second.degrees, first.degrees) if swapped else (first.degrees, second.degrees)
    if abs(lon) > 180 or abs(lat) > 90:
        raise NotOnEarth(
            f"经度 {lon:.10g}、纬度 {lat:.10g} 不是地球上的位置",
            f"Longitude {lon:.10g} and latitude {lat:.10g} are no place on earth",
        )
    return lon, lat
