"""Pages by keys: what a page is ordered by, where the next one begins, and the token that says so.

A page begins after the last row of the one before, by its values, so page 1,000 costs what page 1 costs. Rows without a
value stand last, whichever way the order goes.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from service.base.collections import ColumnKind
from service.base.errors import Rejected

Value = str | int | float | bool | None
# Of a token that is ours; keys of texts are names and numbers of the register.
LONGEST_TOKEN = 4000


@dataclass(frozen=True, slots=True)
class Key:
    """One thing that rows are ordered by: a column of the rows, its kind, and which way. always: it has a value in each row."""

    name: str
    kind: ColumnKind
    descending: bool = False
    always: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: after these values, or before them where it goes backwards. None: at the beginning.

    matched: how many rows there were in all when the first page was asked for, and whether that was an estimate.
    """

    values: tuple[Value, ...] = ()
    backwards: bool = False
    matched: int | None = None
    estimated: bool = False


FIRST = Place()


def write_token(place: Place) -> str:
    """A place as a text for an address."""
    told = [list(place.values), int(place.backwards), place.matched, int(place.estimated)]
    plain = json.dumps(told, separators=(",", ":"), ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(plain).decode().rstrip("=")


def read_token(token: str, keys: Sequence[Key]) -> Place:
    """The place that a token names. Raises Rejected for one that was not made for these keys."""
    try:
        if len(token) > LONGEST_TOKEN:
            raise ValueError
        values, backwards, matched, estimated = json.loads(
            base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
        )
        if not isinstance(values, list) or len(values) != len(keys):
            raise ValueError
        if matched is not None and not _is_whole(matched):
            raise ValueError
        read = tuple(_checked(value, key) for value, key in zip(values, keys, strict=True))
        return Place(read, backwards=bool(backwards), matched=matched, estimated=bool(estimated))
    except (ValueError, TypeError, RecursionError, binascii.Error) as error:
        raise Rejected(
            "cursor 无效：请沿用上一页的链接，不要改动其他参数。",
            "The cursor is not one of these pages: follow the links, and change no other parameter.",
        ) from error


def _checked(value: Value, key: Key) -> Value:
    """A value that the database will take for the kind of its key. Raises ValueError."""
    if value is None:
        if key.always:
            raise ValueError(key.name)
        return None
    match key.kind:
        case ColumnKind.INTEGER:
            fits = _is_whole(value)
        case ColumnKind.NUMBER:
            fits = isinstance(value, int | float) and not isinstance(value, bool)
        case ColumnKind.BOOLEAN:
            fits = isinstance(value, bool)
        case ColumnKind.DATE:
            fits = isinstance(value, str) and date.fromisoformat(value) is not None
        case ColumnKind.INSTANT:
            fits = isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None
        case _:
            # What PostgreSQL takes for a text: UnicodeEncodeError, of a lone surrogate, is a ValueError.
            fits = isinstance(value, str) and b"\0" not in value.encode()
    if not fits:
        raise ValueError(key.name)
    return value


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63


def order_by(keys: Sequence[Key], *, backwards: bool) -> str:
    """The order of a page over rows called item; column names are those of a declaration, never a caller's."""
    parts = []
    for key in keys:
        way = "DESC" if key.descending != backwards else "ASC"
        parts.append(
            f"item.{key.name} {way}" + ("" if key.always else f" NULLS {'FIRST' if backwards else 'LAST'}")
        )
    return ", ".join(parts)


def begins_after(keys: Sequence[Key], place: Place) -> tuple[str, dict[str, Value]]:
    """The condition on rows called item that a page begins behind its place, and its parameters (k0, k1 …)."""
    if not place.values:
        return "true", {}
    parameters = {f"k{number}": value for number, value in enumerate(place.values)}
    ways = {key.descending != place.backwards for key in keys}
    if len(ways) == 1 and all(key.always for key in keys):
        # One comparison of rows is what an index in this order can begin at.
        left = ", ".join(f"item.{key.name}" for key in keys)
        right = ", ".join(f"%({name})s::{_SQL[key.kind]}" for name, key in zip(parameters, keys, strict=True))
        return f"({left}) {'<' if ways == {True} else '>'} ({right})", parameters
    branches = []
    for number, key in enumerate(keys):
        same = [
            f"item.{one.name} IS NOT DISTINCT FROM {_bound(place, keys, earlier)}"
            for earlier, one in enumerate(keys[:number])
        ]
        beyond = _beyond(key, place, f"%(k{number})s::{_SQL[key.kind]}", place.values[number])
        branches.append("(" + " AND ".join([*same, beyond]) + ")")
    return "(" + " OR ".join(branches) + ")", parameters


def _bound(place: Place, keys: Sequence[Key], number: int) -> str:
    return "NULL" if place.values[number] is None else f"%(k{number})s::{_SQL[keys[number].kind]}"


def _beyond(key: Key, place: Place, bound: str, value: Value) -> str:
    """That a row stands beyond a value in one key; what has no value stands last, or first where pages go backwards."""
    name = f"item.{key.name}"
    if value is None:
        return f"{name} IS NOT NULL" if place.backwards else "false"
    compared = f"{name} {'<' if key.descending != place.backwards else '>'} {bound}"
    return compared if key.always or place.backwards else f"({compared} OR {name} IS NULL)"


_SQL = {
    ColumnKind.TEXT: "text",
    ColumnKind.INTEGER: "bigint",
    ColumnKind.NUMBER: "double precision",
    ColumnKind.BOOLEAN: "boolean",
    ColumnKind.DATE: "date",
    ColumnKind.INSTANT: "timestamptz",
    ColumnKind.TEXTS: "text[]",
}
