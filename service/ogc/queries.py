"""The statements behind the door for programs, composed of what collections declare.

A statement is put together of our own texts and of declared names; whatever a caller gives is bound.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, LiteralString, cast

import psycopg
from psycopg.rows import tuple_row
from sqlalchemy.ext.asyncio import AsyncSession

from geo.tiles import GeometryKind, TileAddress
from service.base.collections import Collection, Column, ColumnKind
from service.base.errors import NotFound, Rejected
from service.base.statements import Connection, named, statement
from service.codes import queries as code_queries
from service.codes.rules.documents import Text
from service.ogc.rules.asking import Asked
from service.ogc.rules.crs import Crs
from service.ogc.rules.paging import FIRST, Place, Value, begins_after, order_by

# Above so many rows the number matched is the planner's estimate, and said to be one: to count a million takes longer
# than a page of them.
MOST_COUNTED = 100_000
# Rows that one statement of a stream gives: some 1.6 MB of GeoJSON with all properties, two of which are in memory at a time. To plan
# a statement takes as long as to give a few hundred rows.
STREAM_ROWS = 2000
# Of the shapes that a collection may have.
DIMENSIONS = {
    GeometryKind.POINT: (0,),
    GeometryKind.LINE: (1,),
    GeometryKind.AREA: (2,),
    GeometryKind.ANY: (0, 1, 2),
}


@dataclass(frozen=True, slots=True)
class Page:
    """Features as one text of JSON objects with commas between them, how many, and where pages before and after begin."""

    features: str
    count: int
    first: Place | None
    last: Place | None


@dataclass(frozen=True, slots=True)
class Matched:
    """How many rows a question is about."""

    number: int
    estimated: bool


async def page(
    connection: Connection, asked: Asked, *, limit: int, place: Place = FIRST, offset: int = 0
) -> Page:
    """At most `limit` features from a place on.

    Rows reach the aggregates in the order of the sub-select (PostgreSQL, 9.21); to sort their texts once more would cost as
    much as to make them.
    """
    beginning, bound = begins_after(asked.order, place)
    keys = [key.name for key in asked.order]
    parameters = _parameters(asked) | bound | {"limit": limit, "offset": offset}
    text = named(
        "ogc/page",
        f"""
        WITH ordered AS (
            SELECT row_number() OVER () AS n, item.* FROM (
                SELECT item.* FROM {_rows(asked)} AS item
                WHERE {_where(asked)} AND {beginning}
                ORDER BY {order_by(asked.order, backwards=place.backwards)}
                LIMIT %(limit)s::int + 1 OFFSET %(offset)s::int
            ) AS item
        )
        SELECT string_agg({_feature(asked)}, E',\\n' {"ORDER BY n DESC" if place.backwards else ""})
                FILTER (WHERE n <= %(limit)s::int),
            count(*),
            {", ".join(f"(array_agg(item.{key}))[1]" for key in keys)},
            {", ".join(f"(array_agg(item.{key}))[least(count(*), %(limit)s::int)]" for key in keys)}
        FROM ordered AS item {_lateral(asked.columns)}
        """,
    )
    row = await _row(connection, text, parameters)
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


async def stream(connection: Connection, asked: Asked, *, most: int | None = None) -> AsyncIterator[str]:
    """All features, or the first of them, as texts of JSON objects with a comma and a line's end between them, page by page."""
    place: Place | None = FIRST
    while place is not None and most != 0:
        limit = STREAM_ROWS if most is None else min(STREAM_ROWS, most)
        found = await page(connection, asked, limit=limit, place=place)
        place = found.last
        most = None if most is None else most - found.count
        if found.count:
            yield found.features


async def stream_csv(
    connection: Connection, asked: Asked, *, most: int | None = None
) -> AsyncIterator[bytes]:
    """All features, or the first of them, as CSV (RFC 4180) with the shape as WKT at the end of a line.

    A text that a spreadsheet would take for a formula begins with an apostrophe (OWASP, CSV injection).
    """
    columns = "".join(f"{_told_in_csv(column)} AS {column.name}, " for column in asked.columns)
    text = named(
        "ogc/csv",
        f"""
        COPY (SELECT item.id, {columns}ST_AsText({shape_in(asked.crs)}, {asked.crs.digits}) AS geometry
            FROM {_rows(asked)} AS item WHERE {_where(asked)}
            ORDER BY {order_by(asked.order, backwards=False)} LIMIT %(most)s::bigint) TO STDOUT (FORMAT csv, HEADER)
        """,
    )
    try:
        async with (
            connection.cursor() as cursor,
            cursor.copy(text, _parameters(asked) | {"most": most}) as copying,
        ):
            async for part in copying:
                yield bytes(part)
    except psycopg.DataError as error:
        raise no_such_sum() from error


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


def file_rows(
    asked: Asked, *, dimension: int | None, most: int | None
) -> tuple[LiteralString, dict[str, object]]:
    """The statement that gives a file its rows, and what it binds: shape as WKB, id, columns.

    x is eastward whatever the reference system, as file formats have it. dimension: of the shapes, 0 points and what has none,
    1 lines, 2 areas, which come as collections of one; None for all of them as they are. What has no shape is with the lowest.
    """
    shape = "item.shape" if asked.crs.stored else f"ST_Transform(item.shape, {asked.crs.srid})"
    if dimension:
        shape = f"ST_Multi({shape})"
    lowest = DIMENSIONS[asked.collection.geometry][0]
    kind = "true" if dimension is None else f"COALESCE(ST_Dimension(item.shape), {lowest}) = {dimension:d}"
    columns = "".join(f", item.{column.name}" for column in asked.columns)
    order = order_by(asked.order, backwards=False)
    rows = f"{_rows(asked)} AS item WHERE {_where(asked)}"
    if most is not None:
        # The first so many of all kinds, whichever kind is asked for.
        rows = f"(SELECT item.* FROM {rows} ORDER BY {order} LIMIT %(most)s::bigint) AS item WHERE true"
    text = named(
        "ogc/file", f"SELECT ST_AsBinary({shape}), item.id{columns} FROM {rows} AND {kind} ORDER BY {order}"
    )
    return text, _parameters(asked) | {"most": most}


def any_shapeless(asked: Asked) -> tuple[LiteralString, dict[str, object]]:
    """The statement that says whether some feature has no shape, and what it binds."""
    text = f"SELECT EXISTS (SELECT FROM {_rows(asked)} AS item WHERE {_where(asked)} AND item.shape IS NULL)"
    return named("ogc/shapeless", text), _parameters(asked)


async def words_of(session: AsyncSession, asked: Collection, *, on: date) -> dict[str, dict[str, Text]]:
    """The names of the codes that the columns of a collection hold, of the editions in force, by list and code."""
    words: dict[str, dict[str, Text]] = {}
    for code_list in {column.code_list for column in asked.columns if column.code_list}:
        edition = await code_queries.edition_in_force(session, code_list, on=on)
        words[code_list] = await code_queries.names_by_code(session, code_list, edition=edition)
    return words


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
        f"SELECT {_feature(asked)}, {version} FROM {_rows(asked)} AS item {_lateral(asked.columns)} WHERE {_where(asked)}",
    )
    row = await _row(connection, text, _parameters(asked))
    return (row[0], row[1]) if row else None


async def draw_tile(
    connection: Connection, asked: Asked, address: TileAddress, *, most: int
) -> tuple[bytes, int]:
    """The vector tile of a collection with the columns that are asked for, and how many features there were, most + 1 at most.

    EPSG:3857, extent 4096. asked.extent: the tile in degrees.
    """
    fields = "".join(f", {_told_in_tile(column)} AS {column.name}" for column in asked.columns)
    known = asked.collection.id_kind is ColumnKind.INTEGER
    text = named(
        "ogc/tile",
        f"""
        SELECT ST_AsMVT(told, %(layer)s, 4096, 'geom'{", 'feature_id'" if known else ""}) FILTER (WHERE n <= %(most)s),
            count(*)
        FROM (
            SELECT row_number() OVER () AS n, item.*{", item.id AS feature_id" if known else ""}
            FROM (SELECT item.* FROM {_rows(asked)} AS item WHERE {_where(asked)}
                  ORDER BY {order_by(asked.order, backwards=False)} LIMIT %(most)s::int + 1) AS item
        ) AS item
        CROSS JOIN LATERAL (
            SELECT ST_AsMVTGeom(ST_Transform(item.shape, 3857),
                ST_TileEnvelope(%(z)s::int, %(x)s::int, %(y)s::int), 4096, 64, true) AS geom{fields}
                {", item.feature_id" if known else ""}
        ) AS told
        """,
    )
    more = {"layer": asked.collection.id, "most": most, "z": address.z, "x": address.x, "y": address.y}
    row = await _row(connection, text, _parameters(asked) | more)
    assert row
    return bytes(row[0] or b""), row[1]


def _told_in_tile(column: Column) -> str:
    """A value as a tile can have it: texts, numbers, yes and no."""
    match column.kind:
        case ColumnKind.TEXTS:
            return f"array_to_string(item.{column.name}, ',')"
        case ColumnKind.DATE | ColumnKind.INSTANT:
            return f"to_jsonb(item.{column.name}) #>> '{{}}'"
    return f"item.{column.name}"


async def count(connection: Connection, asked: Asked) -> Matched:
    """How many features there are: counted up to MOST_COUNTED, beyond that the planner's estimate."""
    rows = f"FROM {_rows(asked)} AS item WHERE {_where(asked)}"
    parameters = _parameters(asked)
    counting = f"SELECT count(*) FROM (SELECT {rows} LIMIT {MOST_COUNTED + 1}) AS found"
    row = await _row(connection, named("ogc/count", counting), parameters)
    assert row
    if row[0] <= MOST_COUNTED:
        return Matched(row[0], estimated=False)
    estimating = named("ogc/estimate", f"EXPLAIN (FORMAT JSON) SELECT item.id {rows}")
    row = await _row(connection, estimating, parameters)
    assert row
    return Matched(max(MOST_COUNTED + 1, int(row[0][0]["Plan"]["Plan Rows"])), estimated=True)


async def _row(
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


def _rows(asked: Asked) -> str:
    floor, name = asked.collection.rows
    if asked.at is not None and asked.collection.rows_at is not None:
        floor, name = asked.collection.rows_at
    return f"({statement(floor, name)})"


def _where(asked: Asked) -> str:
    parts = [condition.text for condition in asked.conditions]
    if asked.extent is not None:
        parts.insert(0, "ST_Intersects(item.shape, ST_GeomFromText(%(extent)s::text, 4490))")
    return " AND ".join(f"({part})" for part in parts) or "true"


def _parameters(asked: Asked) -> dict[str, object]:
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


def _feature(asked: Asked) -> str:
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


def _lateral(columns: Sequence[Column]) -> str:
    chosen = ", ".join(f"item.{column.name}" for column in columns)
    return f"CROSS JOIN LATERAL (SELECT {chosen}) AS told"


def _plain(value: Any) -> Value:
    """A key's value as JSON has it."""
    return value.isoformat() if isinstance(value, date | datetime) else cast("Value", value)
