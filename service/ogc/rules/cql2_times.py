"""Dates, moments and intervals in filters (OGC 21-065r2, 7.7 and 8.4), as beginnings and ends in SQL."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from service.base.errors import Rejected

Bind = Callable[[object, str], str]

# a is the first argument, b the second; {a0} and {a1} are its beginning and end (OGC 21-065r2, table 14).
TEMPORAL = {
    "t_after": "{a0} > {b1}",
    "t_before": "{a1} < {b0}",
    "t_contains": "{a0} < {b0} AND {a1} > {b1}",
    "t_disjoint": "({a1} < {b0} OR {a0} > {b1})",
    "t_during": "{a0} > {b0} AND {a1} < {b1}",
    "t_equals": "{a0} = {b0} AND {a1} = {b1}",
    "t_finishedby": "{a0} < {b0} AND {a1} = {b1}",
    "t_finishes": "{a0} > {b0} AND {a1} = {b1}",
    "t_intersects": "{a0} <= {b1} AND {a1} >= {b0}",
    "t_meets": "{a1} = {b0}",
    "t_metby": "{a0} = {b1}",
    "t_overlappedby": "{a0} > {b0} AND {a0} < {b1} AND {a1} > {b1}",
    "t_overlaps": "{a0} < {b0} AND {a1} > {b0} AND {a1} < {b1}",
    "t_startedby": "{a0} = {b0} AND {a1} > {b1}",
    "t_starts": "{a0} = {b0} AND {a1} < {b1}",
}
_OPEN = ".."


@dataclass(frozen=True, slots=True)
class Moment:
    """A time from its beginning to its end. day: both are dates in SQL, else timestamps with time zone."""

    begin: str
    end: str
    day: bool

    @classmethod
    def of_column(cls, sql: str, *, day: bool) -> "Moment":
        """The time that a column holds."""
        return cls(sql, sql, day)

    def plain(self, *, day: bool) -> str:
        """It as one value to compare: a date among dates, among moments the beginning of the day (UTC)."""
        return self.begin if day or not self.day else f"({self.begin})::timestamptz"

    def bounds(self, *, day: bool) -> tuple[str, str]:
        """Its beginning and end; among moments a day begins with its first and ends with its last microsecond (UTC)."""
        if day or not self.day:
            return self.begin, self.end
        return f"({self.begin})::timestamptz", f"(({self.end})::timestamptz + interval '86399.999999 s')"


def relation(op: str, left: Moment, right: Moment) -> str:
    """How two times lie to each other."""
    day = left.day and right.day
    a0, a1 = left.bounds(day=day)
    b0, b1 = right.bounds(day=day)
    return "(" + TEMPORAL[op].format(a0=a0, a1=a1, b0=b0, b1=b1) + ")"


def moment_of(literal: Mapping[str, Any], bind: Bind) -> Moment:
    """The time of a literal: {"date": …}, {"timestamp": …}, {"interval": [begin, end]}. Raises Rejected."""
    if "date" in literal:
        bound = bind(_date(literal["date"]), "date")
        return Moment(bound, bound, day=True)
    if "timestamp" in literal:
        bound = bind(_timestamp(literal["timestamp"]), "timestamptz")
        return Moment(bound, bound, day=False)
    ends = literal.get("interval")
    if not isinstance(ends, list) or len(ends) != 2 or not all(isinstance(end, str) for end in ends):
        raise _wrong("区间应为两个日期或时刻", "an interval is two dates or moments")
    day = all(end == _OPEN or len(end) == len("2026-01-01") for end in ends)
    begin, end = ends
    if day:
        first = bind(_date(begin) if begin != _OPEN else "-infinity", "date")
        last = bind(_date(end) if end != _OPEN else "infinity", "date")
    else:
        first = bind(_widened(begin, "-infinity", "T00:00:00Z"), "timestamptz")
        last = bind(_widened(end, "infinity", "T23:59:59.999999Z"), "timestamptz")
    return Moment(first, last, day)


def _widened(text: str, open_end: str, clock: str) -> str:
    if text == _OPEN:
        return open_end
    return _date(text) + clock if len(text) == len("2026-01-01") else _timestamp(text)


def _date(text: object) -> str:
    try:
        return date.fromisoformat(str(text)).isoformat()
    except ValueError as error:
        raise _wrong(f"“{text}”不是日期", f"{text!r} is no date") from error


def _timestamp(text: object) -> str:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError as error:
        raise _wrong(f"“{text}”不是时刻", f"{text!r} is no moment") from error
    if found.tzinfo is None:
        raise _wrong(f"“{text}”没有时区", f"{text!r} has no offset")
    return found.isoformat()


def _wrong(zh: str, en: str) -> Rejected:
    return Rejected(f"filter 中{zh}。", f"In the filter {en}.")
