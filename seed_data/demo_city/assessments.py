"""Who assessed which risk point when, by which method, with what result."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import log

from seed_data.demo_city import grades, names
from seed_data.demo_city.chance import Chance
from seed_data.demo_city.grades import Grade, Inputs
from seed_data.demo_city.plans import LARGE, OVERRIDES, REDS, STATED_ONLY, UNASSESSED_FIRMS, YELLOW, Red, UNASSESSED
from seed_data.demo_city.risk_points import RiskPoint

LS_FIRMS = 0.28
GRADE_LEFT_OUT = 0.10
REVIEW_LEFT_OUT = 0.02
INHERENT_LEFT_OUT = 0.06

FIRST_DAY, LAST_DAY = date(2025, 6, 1), date(2026, 11, 15)
# As of 23 November 2026: older than a year, older than half a year, recent. Weights make about one in twelve overdue.
_CAMPAIGNS = (
    ((FIRST_DAY, date(2025, 11, 20)), 6.0),
    ((date(2025, 11, 25), date(2026, 5, 20)), 38.0),
    ((date(2026, 5, 24), date(2026, 11, 3)), 56.0),
)
_REASSESSED_AFTER_HALF_A_YEAR = 0.88

# Severity of the worst plausible consequence -> how likely the point ends up orange, yellow
_LARGE_WEIGHTS = {"40": 6.0, "15": 1.6, "7": 0.15}
_YELLOW_WEIGHTS = {"40": 3.0, "15": 2.0, "7": 1.0, "3": 0.3}

# Assessed grade -> how bad the inherent one was, without controls: never milder
_INHERENT = {
    Grade.MAJOR: ((Grade.MAJOR, 1.0),),
    Grade.LARGE: ((Grade.MAJOR, 0.45), (Grade.LARGE, 0.55)),
    Grade.GENERAL: ((Grade.MAJOR, 0.04), (Grade.LARGE, 0.46), (Grade.GENERAL, 0.50)),
    Grade.LOW: ((Grade.LARGE, 0.06), (Grade.GENERAL, 0.42), (Grade.LOW, 0.52)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """One assessment as a sheet states it. method '' where only a grade stands; computed: what method and inputs give.

    workers: how many people work there where a direct rule counts them, else None.
    """

    method: str
    inputs: Inputs
    computed: Grade | None
    grade: Grade
    grade_written: bool
    inherent: Grade | None
    assessor: str
    assessed_on: date
    next_review: date | None
    direct_rule: str = ""
    override_reason: str = ""
    workers: int | None = None


def assess_all(points: Sequence[RiskPoint]) -> list[Assessment | None]:
    """An assessment for each point, None where nobody has assessed it yet; the shares are those of plans.py."""
    assessments: list[Assessment | None] = [None] * len(points)
    left = set(range(len(points)))
    for red in REDS:
        index = next(i for i in sorted(left) if _fits(points[i], red, points, assessments))
        assessments[index] = _red(points[index], red)
        left.discard(index)
    left -= set(_unassessed(points, sorted(left)))
    intended = _intended_grades(points, sorted(left))
    for index, grade in sorted(intended.items()):
        assessments[index] = _by_method(points[index], grade)
    _override_some(points, assessments, intended)
    _state_some(points, assessments, intended)
    return assessments


def _fits(point: RiskPoint, red: Red, points: Sequence[RiskPoint], given: Sequence[Assessment | None]) -> bool:
    """Red stands only on located works and parks, at most once in a firm."""
    if point.kind.name != red.kind or point.enterprise is None or (point.site and point.site.position is None):
        return False
    if red.event not in point.event.event:
        return False
    others = [points[i].enterprise for i, assessment in enumerate(given) if assessment is not None]
    return all(other is not point.enterprise for other in others)


def _unassessed(points: Sequence[RiskPoint], candidates: Sequence[int]) -> list[int]:
    """A few firms that have only just registered, and single points added since the last round."""
    red_firms = {points[i].enterprise.serial for i in range(len(points)) if i not in set(candidates) and points[i].enterprise}  # type: ignore[union-attr]
    return []


def _intended_grades(points: Sequence[RiskPoint], candidates: Sequence[int]) -> dict[int, Grade]:
    return {}
