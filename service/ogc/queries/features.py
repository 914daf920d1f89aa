"""A page of features, and a single one."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from service.base.errors import NotFound
from service.base.statements import Connection, named
from service.ogc.queries.composing import feature_of, first_row, parameters_of, rows_of, told_of, where_of
from service.ogc.rules.asking import Asked
from service.ogc.rules.paging import FIRST, Place, Value, begins_after, order_by


@dataclass(frozen=True, slots=True)
class Page:
    """Features as one text of JSON objects with commas between them, how many, and where pages before and after begin."""

    features: str
    count: int
    first: Place | None
    last: Place | None


async def page(
    connection: Connection, asked: Asked, *, limit: int, place: Place = FIRST, offset: int = 0
) -> Page:
    """At most `limit` features from a place on.

    Rows reach the aggregates in the order of the sub-select (PostgreSQL, 9.21); to sort their texts once more would cost as
    much as to make them.
    """
    beginning, bound = begins_after(asked.order, place)
    keys = [key.name for key in asked.order]
    parameters = parameters_of(asked) | bound | {"limit": limit, "offset": offset}
    text = named(
        "ogc/page",
        f"""
        WITH ordered AS (
            SELECT row_number() OVER () AS n, item.* FROM (
                SELECT item.* FROM {rows_of(asked)} AS item
                WHERE {where_of(asked)} AND {beginning}
                ORDER BY {order_by(asked.order, backwards=place.backwards)}
                LIMIT %(limit)s::int + 1 OFFSET %(offset)s::int
            ) AS item
        )
        SELECT string_agg({feature_of(asked)}, E',\\n' {"ORDER BY n DESC" if place.backwards else ""})
                FILTER (WHERE n <= %(limit)s::int),
            count(*),
            {", ".join(f"(array_agg(item.{key}))[1]" for key in keys)},
            {", ".join(f"(array_agg(item.{key}))[least(count(*), %(limit)s::int)]" for key in keys)}
        FROM ordered AS item {told_of(asked.columns)}
        """,
    )
    row = await first_row(connection, text, parameters)
    assert row
    more, count = row[1] > limit, min(row[1], limit)
    near, far = (tuple(map(_plain, part)) for part in (row[2 : 2 + len(keys)], row[2 + len(keys) :]))
    first, last = (far, near) if place.backwards else (near, far)
    began = bool(place.values) or offset > 0
    before, after = (more, True) if place.backwards else (began, more)
    return Page(
        row[0] or "",
        count,
        Place(first, backwards=True) if count and before else None,
        Place(last) if count and after else None,
    )


def missing() -> NotFound:
    """What is said of a feature that is not there, and of one that is not the viewer's."""
    return NotFound("没有这个要素。", "There is no such feature.")


async def single(connection: Connection, asked: Asked) -> tuple[str, int | None] | None:
    """The one feature that the conditions leave, as JSON, with its version; None where there is none.

    Both of one moment, or a client could write over what it never saw. The version is None where its collection counts none.
    """
    version = "item.version" if asked.collection.column("version") is not None else "NULL::integer"
    text = named(
        "ogc/single",
        f"SELECT {feature_of(asked)}, {version} FROM {rows_of(asked)} AS item {told_of(asked.columns)} WHERE {where_of(asked)}",
    )
    row = await first_row(connection, text, parameters_of(asked))
    return (row[0], row[1]) if row else None


def _plain(value: Any) -> Value:
    """A key's value as JSON has it."""
    return value.isoformat() if isinstance(value, date | datetime) else cast("Value", value)
