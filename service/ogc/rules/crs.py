"""The reference systems that features are given in, by their names in OGC API Features Part 2 (18-058r1).

The datum of record is CGCS2000 (EPSG:4490). CRS84 and EPSG:4326 are taken as equal to it: they differ by less than a metre, and
EPSG has no better answer.
"""

from dataclasses import dataclass

from service.base.errors import Rejected

STORED_SRID = 4490
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
# CGCS2000 / 3-degree Gauss-Kruger: zones 25 to 45 with the zone number in the easting, then the same by central meridian.
GAUSS_KRUGER_3 = range(4513, 4555)
# Decimal places: a millimetre on the ground, in degrees as in metres.
DEGREE_DIGITS, METRE_DIGITS = 8, 3


@dataclass(frozen=True, slots=True)
class Crs:
    """A reference system. srid: its EPSG code, as PostGIS knows it. north_first: the order of its axes on the wire."""

    uri: str
    srid: int
    north_first: bool
    projected: bool

    @property
    def stored(self) -> bool:
        """Whether coordinates are as they are stored, but for their order."""
        return not self.projected

    @property
    def digits(self) -> int:
        """Decimal places of coordinates."""
        return METRE_DIGITS if self.projected else DEGREE_DIGITS


def _known() -> dict[str, Crs]:
    systems = [
        Crs(CRS84, 4326, north_first=False, projected=False),
        Crs(f"{_EPSG}4490", 4490, north_first=True, projected=False),
        Crs(f"{_EPSG}4326", 4326, north_first=True, projected=False),
        Crs(f"{_EPSG}3857", 3857, north_first=False, projected=True),
        # EPSG's axes of these are X northward, then Y eastward.
        *(Crs(f"{_EPSG}{code}", code, north_first=True, projected=True) for code in GAUSS_KRUGER_3),
    ]
    return {one.uri: one for one in systems}


KNOWN = _known()
DEFAULT = KNOWN[CRS84]
STORAGE = f"{_EPSG}4490"


def crs_of(name: str, parameter: str) -> Crs:
    """The reference system of a URI, a safe CURIE such as [EPSG:4525], or a plain EPSG:4525. Raises Rejected."""
    text = name.strip().removeprefix("[").removesuffix("]")
    authority, _, code = text.partition(":")
    if authority.upper() == "EPSG" and code.isdigit():
        text = f"{_EPSG}{code}"
    elif text.upper() in {"OGC:CRS84", "CRS84"}:
        text = CRS84
    found = KNOWN.get(text.replace("https://", "http://", 1))
    if found is None:
        raise Rejected(
            f"参数 {parameter} 的坐标系不受支持；可用的见集合说明中的 crs。",
            f"The reference system in {parameter} is not supported; those that are stand in the collection's crs.",
        )
    return found
