"""Who assessed which risk point when, by which method, with what result."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import log

from seed_data.demo_city import places
from seed_data.demo_city.chance import Chance
from seed_data.demo_city.grades import Grade, Inputs, choices
from seed_data.demo_city.plans import FIRST, Override, Part, Red
from seed_data.demo_city.risk_points import RiskPoint

LS_FIRMS = 0.28
GRADE_LEFT_OUT = 0.10
REVIEW_LEFT_OUT = 0.02
INHERENT_LEFT_OUT = 0.06

# Rounds of assessment as of 23 November 2026: more than a year ago, more than half a year ago, lately.
_ROUNDS = (
    ((date(2025, 6, 1), date(2025, 11, 12)), 6.0),
    ((date(2025, 11, 25), date(2026, 5, 12)), 38.0),
    ((date(2026, 5, 25), date(2026, 11, 5)), 56.0),
)
_LATEST = _ROUNDS[-1][0]
_DAYS_OF_A_ROUND = 10
# 重大 and 较大 are looked at every half year, and mostly in time.
REVIEWED_IN_TIME = 0.85
HALF_YEAR_FOR_GENERAL = 0.3

# The worst plausible C -> how readily a point is orange, yellow
_LARGE_WEIGHTS = {"100": 6.0, "40": 6.0, "15": 1.6, "7": 0.15}
_GENERAL_WEIGHTS = {"100": 3.0, "40": 3.0, "15": 2.0, "7": 1.0, "3": 0.3}

# Assessed grade -> the inherent one, before controls: never milder
_INHERENT = {
    Grade.MAJOR: ((Grade.MAJOR, 1.0),),
    Grade.LARGE: ((Grade.MAJOR, 0.45), (Grade.LARGE, 0.55)),
    Grade.GENERAL: ((Grade.MAJOR, 0.04), (Grade.LARGE, 0.46), (Grade.GENERAL, 0.50)),
    Grade.LOW: ((Grade.LARGE, 0.06), (Grade.GENERAL, 0.42), (Grade.LOW, 0.52)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """One assessment as a sheet states it.

    method '' where the register holds only a grade. computed: what method and inputs, or the direct rule, give; it
    differs from grade only with an override_reason. workers: stated people where a direct rule counts them.
    """

    method: str
    inputs: Inputs = ()
    direct_rule: str = ""
    computed: Grade
    grade: Grade
    grade_written: bool = True
    override_reason: str = ""
    inherent: Grade | None
    assessor: str
    assessed_on: date
    next_review: date | None
    workers: int | None = None


@dataclass(frozen=True, slots=True)
class _Intention:
    """What a point is to become."""

    grade: Grade
    override: Override | None = None
    stated_only: bool = False


def assess_all(points: Sequence[RiskPoint], part: Part = FIRST) -> list[Assessment | None]:
    """An assessment for each point, None where nobody has assessed it yet; how many of each grade the part says."""
    reds = _choose_reds(points, part)
    open_points = [i for i in range(len(points)) if i not in reds]
    unassessed = _choose_unassessed(points, part, reds, open_points)
    intentions = _choose_grades(points, part, [i for i in open_points if i not in unassessed])
    assessments: list[Assessment | None] = []
    for index, point in enumerate(points):
        if index in reds:
            assessments.append(_red(point, reds[index]))
        elif index in unassessed:
            assessments.append(None)
        else:
            assessments.append(_graded(point, intentions[index]))
    return assessments


def _choose_reds(points: Sequence[RiskPoint], part: Part) -> dict[int, Red]:
    """For each red of the plan the first point that fits, best with a position of its own, each in another firm."""
    chosen: dict[int, Red] = {}
    firms: set[int] = set()
    for red in part.reds:
        fitting = [i for i, point in enumerate(points) if _fits(point, red) and _firm(point) not in firms]
        index = min(fitting, key=lambda i: (points[i].geometry is None, i))
        chosen[index] = red
        firms.add(_firm(points[index]))
    return chosen


def _fits(point: RiskPoint, red: Red) -> bool:
    if point.kind.name != red.kind or red.event not in point.event.event:
        return False
    if point.enterprise is None or point.site is None or point.site.position is None:
        return False
    if not point.enterprise.name.startswith(red.firm):
        return False
    return not red.in_zone or places.zone_of(point.site.position) is not None


def _firm(point: RiskPoint) -> int:
    return point.enterprise.serial if point.enterprise else 0


def _choose_unassessed(
    points: Sequence[RiskPoint], part: Part, reds: Mapping[int, Red], candidates: Sequence[int]
) -> set[int]:
    """A few firms that have only just registered, and single points added since the last round."""
    red_firms = {_firm(points[i]) for i in reds}
    firms = sorted({_firm(points[i]) for i in candidates} - red_firms - {0})
    new_firms = set(Chance("new firms").shuffled(firms)[: part.firms_not_assessed])
    chosen = [i for i in candidates if _firm(points[i]) in new_firms]
    known = set(chosen)
    singles = Chance("new points").shuffled([i for i in candidates if i not in known])
    return set([*chosen, *singles][: part.not_assessed])


def _choose_grades(
    points: Sequence[RiskPoint], part: Part, candidates: Sequence[int]
) -> dict[int, _Intention]:
    """Orange and yellow go to the points that are ready for it, the rest is blue."""
    large = _ranked(points, candidates, Grade.LARGE, _LARGE_WEIGHTS)[: part.large]
    rest = _without(candidates, large)
    general = _ranked(points, rest, Grade.GENERAL, _GENERAL_WEIGHTS)[: part.general]
    low = _without(rest, general)
    intentions = {
        **{i: _Intention(Grade.LARGE) for i in large},
        **{i: _Intention(Grade.GENERAL) for i in general},
        **{i: _Intention(Grade.LOW) for i in low},
    }
    for override in part.overrides:
        index = next(
            i
            for i, intention in intentions.items()
            if intention == _Intention(override.grade)
            and choices(points[i].kind, _method(points[i]), override.computed)
        )
        intentions[index] = _Intention(override.grade, override)
    plain = [i for i in sorted([*general, *low]) if intentions[i].override is None]
    for index in Chance("stated").shuffled(plain)[: part.stated_only]:
        intentions[index] = _Intention(intentions[index].grade, stated_only=True)
    return intentions


def _without(candidates: Sequence[int], chosen: Sequence[int]) -> list[int]:
    gone = set(chosen)
    return [index for index in candidates if index not in gone]


def _ranked(
    points: Sequence[RiskPoint], candidates: Sequence[int], grade: Grade, weights: Mapping[str, float]
) -> list[int]:
    """Candidates that can have the grade, by a weighted draw without replacement (Efraimidis and Spirakis 2006)."""
    keyed = []
    for index in candidates:
        point = points[index]
        weight = weights.get(point.kind.severity[0], 0.0)
        if weight and choices(point.kind, _method(point), grade):
            care = 0.4 + 1.8 * Chance("care", f"{_firm(point)}" if _firm(point) else point.key).unit()
            keyed.append((-log(1 - Chance("rank", grade, point.key).unit()) / (weight * care), index))
    return [index for _, index in sorted(keyed)]


def _method(point: RiskPoint) -> str:
    """A firm keeps to one method; a region keeps to one for each kind."""
    name = f"{point.enterprise.serial}" if point.enterprise else point.kind.name
    return "LS" if Chance("method", name).happens(LS_FIRMS) else "LEC"


def _red(point: RiskPoint, red: Red) -> Assessment:
    chance = Chance("assessment", point.key)
    assessed_on, next_review = _dates(chance, point, Grade.MAJOR, in_time=True)
    return Assessment(
        method=red.method,
        inputs=red.inputs,
        direct_rule=red.direct_rule,
        computed=red.computed,
        grade=Grade.MAJOR,
        override_reason=red.override_reason,
        inherent=Grade.MAJOR,
        assessor=_assessor(point),
        assessed_on=assessed_on,
        next_review=next_review,
        workers=red.workers,
    )


def _graded(point: RiskPoint, intention: _Intention) -> Assessment:
    chance = Chance("assessment", point.key)
    computed = intention.override.computed if intention.override else intention.grade
    method = "" if intention.stated_only else _method(point)
    assessed_on, next_review = _dates(
        chance, point, intention.grade, in_time=chance.happens(REVIEWED_IN_TIME)
    )
    inherent = chance.weighed(_INHERENT[intention.grade])
    return Assessment(
        method=method,
        inputs=chance.weighed(choices(point.kind, method, computed)) if method else (),
        computed=computed,
        grade=intention.grade,
        grade_written=bool(intention.override) or not method or not chance.happens(GRADE_LEFT_OUT),
        override_reason=intention.override.reason if intention.override else "",
        inherent=None
        if chance.happens(INHERENT_LEFT_OUT)
        else min(inherent, computed, key=lambda one: one.rank),
        assessor=_assessor(point),
        assessed_on=assessed_on,
        next_review=None if chance.happens(REVIEW_LEFT_OUT) else next_review,
    )


def _assessor(point: RiskPoint) -> str:
    """The firm's own safety officer, the first of its staff; a region's answerable person."""
    return point.enterprise.staff[0] if point.enterprise else point.person


def _dates(chance: Chance, point: RiskPoint, grade: Grade, *, in_time: bool) -> tuple[date, date]:
    """A firm assesses all its points in one round of some days; what is due every half year is done again."""
    name = f"{point.enterprise.serial}" if point.enterprise else f"{point.kind.name}/{point.district.code}"
    rounds = Chance("round", name)
    first, last = rounds.weighed(_ROUNDS)
    half_yearly = grade in (Grade.MAJOR, Grade.LARGE) or (
        grade is Grade.GENERAL and chance.happens(HALF_YEAR_FOR_GENERAL)
    )
    if half_yearly and in_time:
        first, last = _LATEST
    start = first + timedelta(days=rounds.below((last - first).days + 1))
    assessed_on = start + timedelta(days=chance.below(_DAYS_OF_A_ROUND + 1))
    return assessed_on, months_later(assessed_on, 6 if half_yearly else 12)


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
