"""The parts of which statements are put together."""

from collections.abc import Mapping, Sequence
from typing import Any, LiteralString

import psycopg
from psycopg.rows import tuple_row

from service.base.collections import Column
from service.base.errors import Rejected
from service.base.statements import Connection, statement
from service.ogc.rules.asking import Asked
from service.ogc.rules.crs import Crs


def rows_of(asked: Asked) -> str:
    """The rows of the collection, now or as recorded then, as a sub-select."""
    floor, name = asked.collection.rows
    if asked.at is not None and asked.collection.rows_at is not None:
        floor, name = asked.collection.rows_at
    return f"({statement(floor, name)})"


def where_of(asked: Asked) -> str:
    """The condition on `item` that a question makes; shapes are in EPSG:4490."""
    parts = [condition.text for condition in asked.conditions]
    if asked.extent is not None:
        parts.insert(0, "ST_Intersects(item.shape, ST_GeomFromText(%(extent)s::text, 4490))")
    return " AND ".join(f"({part})" for part in parts) or "true"


def parameters_of(asked: Asked) -> dict[str, object]:
    """What rows_of and where_of bind: cells of 4″, the day, the moment, the extent as WKT (EPSG:4490), what conditions carry."""
    west, south, east, north = asked.cells
    parameters: dict[str, object] = {
        "west": west,
        "south": south,
        "east": east,
        "north": north,
        "today": asked.today,
        "at": asked.at,
        "extent": asked.extent.wkt if asked.extent else None,
    }
    for condition in asked.conditions:
        parameters |= condition.parameters
    return parameters


def feature_of(asked: Asked) -> str:
    """A feature as the text of a JSON object (RFC 7946), in the axis order of its reference system."""
    return (
        '\'{"type":"Feature","id":\' || to_json(item.id)::text || \',"geometry":\''
        f" || COALESCE(ST_AsGeoJSON({shape_in(asked.crs)}, {asked.crs.digits}, 0), 'null')"
        " || ',\"properties\":' || row_to_json(told)::text || '}'"
    )


def shape_in(crs: Crs) -> str:
    """The SQL of a row's shape in a reference system. Under one that equals ours coordinates are as they are stored.

    Outer rings run counter-clockwise (RFC 7946, 3.1.6), as seen with x eastward.
    """
    shape = "ST_ForcePolygonCCW(item.shape)"
    if not crs.stored:
        shape = f"ST_Transform({shape}, {crs.srid})"
    return f"ST_FlipCoordinates({shape})" if crs.north_first else shape


def told_of(columns: Sequence[Column]) -> str:
    """A join that gives the chosen columns of `item` as the record `told`."""
    chosen = ", ".join(f"item.{column.name}" for column in columns)
    return f"CROSS JOIN LATERAL (SELECT {chosen}) AS told"


async def first_row(
    connection: Connection, text: LiteralString, parameters: Mapping[str, object]
) -> tuple[Any, ...] | None:
    """One row. Raises Rejected where a filter asks for a sum or a pattern that there is none of."""
    async with connection.cursor(row_factory=tuple_row) as cursor:
        try:
            await cursor.execute(text, parameters)
        except psycopg.DataError as error:
            # A sum too large, a root of less than nothing, a pattern that ends in its escape: kinds fit, values do not.
            raise no_such_sum() from error
        return await cursor.fetchone()


def no_such_sum() -> Rejected:
    """What is said where a filter's sum or pattern has no value for some rows."""
    return Rejected(
        "filter 中的运算或模式对某些值无法进行。",
        "A sum or a pattern in the filter cannot be worked out for some values.",
    )
