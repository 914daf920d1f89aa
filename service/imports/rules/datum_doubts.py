"""Whether the positions of a whole file look as if they were in another datum than the one stated.

One row proves nothing: a shift of some hundred metres (GCJ-02) is within the error of a hand-placed point. Many rows that
all lie better after the same conversion do: inside the district that they state, or nearer to the registered site.
"""

import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from geo.crs import Datum, from_cgcs2000, in_china_box, to_cgcs2000
from geo.errors import GeoError
from service.imports.rules.placements import Atlas, Home
from service.imports.rules.positions import GivenPosition, point_ewkb
from service.imports.rules.problems import Note
from service.territories.rules.tree import Node

LonLat = tuple[float, float]

# Rows that are looked at: enough for a proof, few enough to cost nothing.
MOST_ROWS = 1000
# Fewer rows than this prove nothing, however well they fit.
_FEWEST = 5
# Of the rows whose place tells the datums apart, so many must speak for the other one.
_SHARE = 0.8
# Plants are some hundred metres wide: a mean shift below this may be where somebody put the site's point.
_LEAST_SHIFT_M = 150.0
# Datums that a file may be in by mistake for the stated one; WGS84 and CGCS2000 are the same within a metre.
_OTHERS: Mapping[Datum, tuple[Datum, ...]] = {
    Datum.WGS84: (Datum.GCJ02, Datum.BD09),
    Datum.CGCS2000: (Datum.GCJ02, Datum.BD09),
    Datum.GCJ02: (Datum.WGS84, Datum.BD09),
    Datum.BD09: (Datum.WGS84, Datum.GCJ02),
}
_NAMES = {Datum.WGS84: "WGS 84", Datum.CGCS2000: "CGCS2000", Datum.GCJ02: "GCJ-02", Datum.BD09: "BD-09"}
_POINT = struct.Struct("<BIIdd")


@dataclass(frozen=True, slots=True)
class Witness:
    """A row that may tell: where it stands as stated, and what it is known to belong to. Degrees, CGCS2000."""

    place: LonLat
    stated: Node | None
    site: LonLat | None


@dataclass
class DatumDoubt:
    """Gathers witnesses and weighs them."""

    stated: Datum
    witnesses: list[Witness] = field(default_factory=list)

    def hear(self, position: object, territory: Node | None, site: str | None) -> None:
        """Take a row in. site: hexadecimal EWKB of the registered site's position."""
        if len(self.witnesses) >= MOST_ROWS or not isinstance(position, GivenPosition):
            return
        place = lon_lat_of(position.geom)
        known = None if site is None else lon_lat_of(site)
        bounded = territory if territory is not None and territory.statutory else None
        if place is not None and (known is not None or bounded is not None):
            self.witnesses.append(Witness(place, bounded, known))

    def readings(self) -> dict[Datum, dict[int, str]]:
        """The positions of the rows that state a territory, in the stated datum and in each other one, to be located."""
        asked = [number for number, one in enumerate(self.witnesses) if one.stated is not None]
        if len(asked) < _FEWEST:
            return {}
        found: dict[Datum, dict[int, str]] = {self.stated: {}}
        for number in asked:
            found[self.stated][number] = point_ewkb(*self.witnesses[number].place)
        for other in _OTHERS[self.stated]:
            moved = {number: self._moved(self.witnesses[number].place, other) for number in asked}
            found[other] = {
                number: point_ewkb(*place) for number, place in moved.items() if place is not None
            }
        return found

    def _moved(self, place: LonLat, other: Datum) -> LonLat | None:
        """The place of the same numbers read in another datum."""
        try:
            moved = to_cgcs2000(*from_cgcs2000(*place, self.stated), other)
        except GeoError:
            return None
        return moved if in_china_box(*moved) else None

    def weigh(self, homes: Mapping[Datum, Mapping[int, Home]], atlas: Atlas) -> list[Note]:
        """What the witnesses say: nothing, or a warning for the whole file."""
        best: tuple[int, Note] | None = None
        for other in _OTHERS[self.stated]:
            for note in (self._by_territory(other, homes, atlas), self._by_site(other)):
                if note is not None and (best is None or note[0] > best[0]):
                    best = note
        return [] if best is None else [best[1]]

    def _by_territory(
        self, other: Datum, homes: Mapping[Datum, Mapping[int, Home]], atlas: Atlas
    ) -> tuple[int, Note] | None:
        fits = misfits = 0
        for number, as_stated in homes.get(self.stated, {}).items():
            stated = self.witnesses[number].stated
            moved = homes.get(other, {}).get(number)
            if stated is None or moved is None:
                continue
            now, then = _lies_in(as_stated, stated, atlas), _lies_in(moved, stated, atlas)
            fits += then and not now
            misfits += now and not then
        if fits < _FEWEST or fits < _SHARE * (fits + misfits):
            return None
        shift = _shift([(one.place, self._moved(one.place, other)) for one in self.witnesses])
        zh = f"按 {_NAMES[other]} 读取后，有 {fits} 行落入所填区划、{misfits} 行离开所填区划"
        en = f"Read as {_NAMES[other]}, {fits} rows fall into the territory they state and {misfits} leave it"
        return fits, self._note(other, zh, en, {"fits": fits, "misfits": misfits, "shift_m": round(shift)})

    def _by_site(self, other: Datum) -> tuple[int, Note] | None:
        pairs = [
            (one.place, moved, one.site)
            for one in self.witnesses
            if one.site is not None and (moved := self._moved(one.place, other)) is not None
        ]
        if len(pairs) < _FEWEST:
            return None
        nearer = sum(_metres(moved, site) < _metres(place, site) for place, moved, site in pairs)
        before = _shift([(place, site) for place, _, site in pairs])
        after = _shift([(moved, site) for _, moved, site in pairs])
        if nearer < _SHARE * len(pairs) or before < _LEAST_SHIFT_M or after > before / 2:
            return None
        zh = (
            f"与已登记的场所相比，{len(pairs)} 行中有 {nearer} 行按 {_NAMES[other]} 读取后更近，"
            f"平均偏移由 {before:.0f} 米降为 {after:.0f} 米"
        )
        en = (
            f"Held against the registered sites, {nearer} of {len(pairs)} rows lie nearer when read as {_NAMES[other]}; "
            f"the mean shift falls from {before:.0f} m to {after:.0f} m"
        )
        evidence = {
            "fits": nearer,
            "misfits": len(pairs) - nearer,
            "shift_m": round(before),
            "left_m": round(after),
        }
        return nearer, self._note(other, zh, en, evidence)

    def _note(self, other: Datum, zh: str, en: str, evidence: dict[str, int]) -> Note:
        stated = _NAMES[self.stated]
        return Note(
            "datum_doubtful",
            f"坐标像是 {_NAMES[other]}，而不是声明的 {stated}：{zh}。请向提供数据的人确认坐标系",
            f"The coordinates look like {_NAMES[other]}, not {stated} as stated: {en}. Ask whoever gave you the file",
            {"stated": self.stated.value, "likely": other.value, **evidence},
        )


def lon_lat_of(geom: str) -> LonLat | None:
    """The degrees of a point from its hexadecimal EWKB; None for a line or an area."""
    data = bytes.fromhex(geom)
    if len(data) != _POINT.size:
        return None
    _, _, _, lon, lat = _POINT.unpack(data)
    return lon, lat


def _lies_in(home: Home, stated: Node, atlas: Atlas) -> bool:
    return home.located_in_id is not None and atlas.within(home.located_in_id, stated)


def _metres(one: LonLat, other: LonLat) -> float:
    return math.hypot(*_offset(one, other))


def _offset(one: LonLat, other: LonLat) -> tuple[float, float]:
    """Metres east and north; the ground is flat over some hundred metres."""
    metres_per_degree = 111_320.0
    east = (one[0] - other[0]) * metres_per_degree * math.cos(math.radians(other[1]))
    return east, (one[1] - other[1]) * metres_per_degree


def _shift(pairs: Sequence[tuple[LonLat, LonLat | None]]) -> float:
    """The length of the mean offset: errors in all directions cancel out, a datum does not."""
    offsets = [_offset(one, other) for one, other in pairs if other is not None]
    if not offsets:
        return 0.0
    return math.hypot(sum(east for east, _ in offsets), sum(north for _, north in offsets)) / len(offsets)
