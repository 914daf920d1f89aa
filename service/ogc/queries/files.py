"""What files are made of: rows as a process that writes one takes them, and the names of codes."""

from datetime import date
from typing import LiteralString

from sqlalchemy.ext.asyncio import AsyncSession

from geo.tiles import GeometryKind
from service.base.collections import Collection
from service.base.statements import named
from service.codes import queries as code_queries
from service.codes.rules.documents import Text
from service.ogc.queries.composing import parameters_of, rows_of, where_of
from service.ogc.rules.asking import Asked
from service.ogc.rules.paging import order_by

# Of the shapes that a collection may have.
DIMENSIONS = {
    GeometryKind.POINT: (0,),
    GeometryKind.LINE: (1,),
    GeometryKind.AREA: (2,),
    GeometryKind.ANY: (0, 1, 2),
}


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
    rows = f"{rows_of(asked)} AS item WHERE {where_of(asked)}"
    if most is not None:
        # The first so many of all kinds, whichever kind is asked for.
        rows = f"(SELECT item.* FROM {rows} ORDER BY {order} LIMIT %(most)s::bigint) AS item WHERE true"
    text = named(
        "ogc/file", f"SELECT ST_AsBinary({shape}), item.id{columns} FROM {rows} AND {kind} ORDER BY {order}"
    )
    return text, parameters_of(asked) | {"most": most}


def any_shapeless(asked: Asked) -> tuple[LiteralString, dict[str, object]]:
    """The statement that says whether some feature has no shape, and what it binds."""
    text = (
        f"SELECT EXISTS (SELECT FROM {rows_of(asked)} AS item WHERE {where_of(asked)} AND item.shape IS NULL)"
    )
    return named("ogc/shapeless", text), parameters_of(asked)


async def words_of(session: AsyncSession, asked: Collection, *, on: date) -> dict[str, dict[str, Text]]:
    """The names of the codes that the columns of a collection hold, of the editions in force, by list and code."""
    words: dict[str, dict[str, Text]] = {}
    for code_list in {column.code_list for column in asked.columns if column.code_list}:
        edition = await code_queries.edition_in_force(session, code_list, on=on)
        words[code_list] = await code_queries.names_by_code(session, code_list, edition=edition)
    return words
