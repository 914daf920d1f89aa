"""Everything that is asked for, a part at a time."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

import psycopg
from psycopg.rows import scalar_row

from service.base import statements
from service.base.collections import Column, ColumnKind
from service.base.statements import Connection, named
from service.ogc.queries.composing import (
    feature_of,
    no_such_sum,
    parameters_of,
    rows_of,
    shape_in,
    told_of,
    where_of,
)
from service.ogc.rules.asking import Asked
from service.ogc.rules.paging import order_by

# Rows that a stream fetches at once: some 1.6 MB of GeoJSON with all properties, two of which are in memory at a time.
STREAM_ROWS = 2000
CSV_BYTES = 64 * 1024
CSV_TIMEOUT = "1h"


async def stream(
    connection: Connection, asked: Asked, *, most: int | None = None
) -> AsyncGenerator[list[str], None]:
    """All features, or the first of them, as texts of JSON objects, so many at a time.

    One statement: where no index gives the order it sorts once, and an extent is looked up once. The shape and the properties
    are worked out of the rows that are fetched.
    """
    text = named(
        "ogc/stream",
        f"""
        SELECT {feature_of(asked)} FROM (
            SELECT item.* FROM {rows_of(asked)} AS item WHERE {where_of(asked)}
            ORDER BY {order_by(asked.order, backwards=False)} LIMIT %(most)s::bigint
        ) AS item {told_of(asked.columns)}
        """,
    )
    try:
        parameters = parameters_of(asked) | {"most": most}
        async with aclosing(
            statements.stream(connection, text, parameters, rows=STREAM_ROWS, made=scalar_row)
        ) as parts:
            async for part in parts:
                yield part
    except psycopg.DataError as error:
        raise no_such_sum() from error


async def stream_csv(
    connection: Connection, asked: Asked, *, most: int | None = None
) -> AsyncGenerator[bytes, None]:
    """All features, or the first of them, as CSV (RFC 4180) with the shape as WKT at the end of a line.

    A text that a spreadsheet would take for a formula begins with an apostrophe (OWASP, CSV injection).
    """
    columns = "".join(f"{_told_in_csv(column)} AS {column.name}, " for column in asked.columns)
    text = named(
        "ogc/csv",
        f"""
        COPY (SELECT item.id, {columns}ST_AsText({shape_in(asked.crs)}, {asked.crs.digits}) AS geometry
            FROM {rows_of(asked)} AS item WHERE {where_of(asked)}
            ORDER BY {order_by(asked.order, backwards=False)} LIMIT %(most)s::bigint) TO STDOUT (FORMAT csv, HEADER)
        """,
    )
    # The time in which a client takes the lines counts: it is bounded by the pauses that a client may make (base/disconnects).
    await connection.execute(f"SET LOCAL statement_timeout = '{CSV_TIMEOUT}'")
    gathered = bytearray()
    try:
        async with (
            connection.cursor() as cursor,
            cursor.copy(text, parameters_of(asked) | {"most": most}) as copying,
        ):
            async for line in copying:
                gathered += line
                if len(gathered) >= CSV_BYTES:
                    yield bytes(gathered)
                    gathered.clear()
    except psycopg.DataError as error:
        raise no_such_sum() from error
    if gathered:
        yield bytes(gathered)


def _told_in_csv(column: Column) -> str:
    match column.kind:
        case ColumnKind.TEXTS:
            return f"array_to_string(item.{column.name}, ',')"
        case ColumnKind.INSTANT:
            return f"to_jsonb(item.{column.name}) #>> '{{}}'"
        case ColumnKind.BOOLEAN:
            return f"item.{column.name}::text"
        case ColumnKind.TEXT:
            return f"CASE WHEN item.{column.name} ~ '^[-=+@\\t\\r]' THEN $$'$$ || item.{column.name} ELSE item.{column.name} END"
    return f"item.{column.name}"
