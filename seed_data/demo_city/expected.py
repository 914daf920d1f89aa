"""What the register must show once the sheets are in: counted here from the plan, without any database."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from shapely.geometry.base import BaseGeometry

from seed_data.demo_city import places
from seed_data.demo_city.assessments import Assessment
from seed_data.demo_city.enterprises import Enterprise
from seed_data.demo_city.grades import UNASSESSED, Grade
from seed_data.demo_city.places import Position
from seed_data.demo_city.risk_points import RiskPoint

AS_OF = date(2026, 11, 23)
_GRADE_WORDS = (*(grade.word for grade in Grade), UNASSESSED)

Counts = dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """One risk point as it is counted. located: district code; managed: key of the zone, its town, or the district."""

    located: str
    managed: str
    position: str
    assessed: Grade | None
    inherent: Grade | None
    next_review: date | None


def count_points(points: Sequence[RiskPoint], assessments: Sequence[Assessment | None]) -> list[Counted]:
    """Where and as what each point of the city is counted."""
    return [_counted(point, given) for point, given in zip(points, assessments, strict=True)]


def _counted(point: RiskPoint, given: Assessment | None) -> Counted:
    anchor, position = None, "none"
    if point.geometry is not None:
        anchor, position = anchor_of(point.geometry), "own"
    elif point.site is not None and point.site.position is not None:
        anchor, position = point.site.position, "inherited"
    zone = places.zone_of(anchor) if anchor else None
    return Counted(
        located=point.district.code,
        managed=zone.key if zone else point.district.code,
        position=position,
        assessed=given.grade if given else None,
        inherent=given.inherent if given else None,
        next_review=given.next_review if given else None,
    )


def anchor_of(geometry: Position | BaseGeometry) -> Position:
    """The point that carries the counts: a point itself, else one on the line or area (PostGIS uses the same GEOS)."""
    if isinstance(geometry, tuple):
        return geometry
    inside = geometry.representative_point()
    return inside.x, inside.y


def summarise(counted: Sequence[Counted], *, enterprises: int, sites: int) -> dict[str, object]:
    """All expected counts of a register; each breakdown sums to `risk_points`."""
    return {
        "enterprises": enterprises,
        "sites": sites,
        "risk_points": len(counted),
        "assessed": _by_grade(one.assessed for one in counted),
        "inherent": _by_grade(one.inherent for one in counted),
        "positions": {
            word: sum(one.position == word for one in counted) for word in ("own", "inherited", "none")
        },
        "overdue": sum(one.next_review is not None and one.next_review < AS_OF for one in counted),
        "located": _by_area(counted, [one.located for one in counted]),
        "managed": _by_area(counted, [one.managed for one in counted]),
    }


def site_count(enterprises: Sequence[Enterprise]) -> int:
    """How many rows the sheet of enterprises has."""
    return sum(len(enterprise.sites) for enterprise in enterprises)


def _by_grade(grades: Iterable[Grade | None]) -> Counts:
    found = Counter(UNASSESSED if grade is None else grade.word for grade in grades)
    return {word: found[word] for word in _GRADE_WORDS} | {"total": found.total()}


def _by_area(counted: Sequence[Counted], keys: Sequence[str]) -> Mapping[str, Mapping[str, object]]:
    names = {district.code: district.name for district in places.districts()}
    names |= {area.key: area.name for area in places.zone_areas()}
    areas = {}
    for key in sorted(set(keys)):
        members = [one for one, where in zip(counted, keys, strict=True) if where == key]
        areas[key] = {
            "name": names[key],
            "assessed": _by_grade(one.assessed for one in members),
            "inherent": _by_grade(one.inherent for one in members),
        }
    return areas
