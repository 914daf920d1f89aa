"""Vector tiles of a collection."""

from geo.tiles import TileAddress
from service.base.collections import Column, ColumnKind
from service.base.statements import Connection, named
from service.ogc.queries.composing import first_row, parameters_of, rows_of, where_of
from service.ogc.rules.asking import Asked
from service.ogc.rules.paging import order_by


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
            FROM (SELECT item.* FROM {rows_of(asked)} AS item WHERE {where_of(asked)}
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
    row = await first_row(connection, text, parameters_of(asked) | more)
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
