"""The parameter datetime (OGC API Features Part 1, 7.15.4): a moment, or an interval that may be open on either side.

A register is asked how it stood: at a moment, or at the end of an interval.
"""

from datetime import UTC, date, datetime, time, timedelta

from service.base.errors import Rejected

_OPEN = {"", ".."}


def moment_of(text: str) -> datetime | None:
    """The moment whose register is meant; None for now, where an interval is open towards the future. Raises Rejected."""
    first, slash, last = text.strip().partition("/")
    if not slash:
        return _end(first)
    if first in _OPEN and last in _OPEN:
        return None
    begin = None if first in _OPEN else _begin(first)
    end = None if last in _OPEN else _end(last)
    if begin is not None and end is not None and begin > end:
        raise Rejected("datetime 的起始晚于结束。", "The interval in datetime ends before it begins.")
    return end


def _begin(text: str) -> datetime:
    found = _read(text)
    return found if isinstance(found, datetime) else datetime.combine(found, time(), UTC)


def _end(text: str) -> datetime:
    """A day is meant to its end."""
    found = _read(text)
    if isinstance(found, datetime):
        return found
    return datetime.combine(found, time.max, UTC)


def _read(text: str) -> date | datetime:
    try:
        if len(text) == len("2026-01-01"):
            return date.fromisoformat(text)
        found = datetime.fromisoformat(text)
        if found.tzinfo is None:
            raise ValueError(text)
        # Beyond these a calendar of another kind begins, and PostgreSQL's timestamps end elsewhere.
        if (
            not timedelta(days=2)
            < found.astimezone(UTC) - datetime(1, 1, 1, tzinfo=UTC)
            < timedelta(days=3_000_000)
        ):
            raise ValueError(text)
    except (ValueError, OverflowError) as error:
        raise Rejected(
            "datetime 应为 RFC 3339 的日期或带时区的时刻，或以“/”分隔的区间。",
            "datetime is an RFC 3339 date or a moment with its offset, or two of them separated by a slash.",
        ) from error
    return found
