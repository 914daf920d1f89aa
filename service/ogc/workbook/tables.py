"""Features as columns (Apache Arrow), a few thousand at a time: what every file is written from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import shapely

from geo.crs import Datum, from_cgcs2000
from service.base.collections import Column, ColumnKind

GEOMETRY = "geometry"
# Of one batch: some 3 MB of all properties of risk points.
ROWS = 5000
_ARROW = {
    ColumnKind.TEXT: pa.string(),
    ColumnKind.INTEGER: pa.int64(),
    ColumnKind.NUMBER: pa.float64(),
    ColumnKind.BOOLEAN: pa.bool_(),
    ColumnKind.DATE: pa.date32(),
    ColumnKind.INSTANT: pa.timestamp("us", tz="UTC"),
    ColumnKind.TEXTS: pa.list_(pa.string()),
}
Rows = Sequence[tuple[Any, ...]]


@dataclass(frozen=True)
class Table:
    """What a file holds. id_kind, columns: of each row, in this order, after its shape as WKB.

    name: of the layer. dimensions: of the shapes there may be. srid: the reference system, x eastward; None where shapes are in
    GCJ-02, which has no code and must not be taken for one that has. zh: the language of titles.
    """

    name: str
    title: str
    dimensions: tuple[int, ...]
    id_kind: ColumnKind
    columns: tuple[Column, ...]
    srid: int | None
    zh: bool

    def schema(self, *, lists: bool) -> pa.Schema:
        """The columns as Arrow types. lists: whether the format has lists; else they are texts with commas."""
        kinds = [("id", self.id_kind), *((column.name, column.kind) for column in self.columns)]
        fields = [pa.field(name, _type(kind, lists=lists)) for name, kind in kinds]
        return pa.schema([pa.field(GEOMETRY, pa.binary()), *fields])

    def batch(self, rows: Rows, *, lists: bool) -> pa.RecordBatch:
        """Rows as columns."""
        schema = self.schema(lists=lists)
        values = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
        kinds = [None, self.id_kind, *(column.kind for column in self.columns)]
        arrays = []
        for field, column, kind in zip(schema, values, kinds, strict=True):
            told: Sequence[Any] = column
            if kind is ColumnKind.TEXTS and not lists:
                told = [None if one is None else ",".join(one) for one in column]
            arrays.append(pa.array(told, field.type))
        return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _type(kind: ColumnKind, *, lists: bool) -> pa.DataType:
    return pa.string() if kind is ColumnKind.TEXTS and not lists else _ARROW[kind]


def in_gcj02(rows: Rows) -> Rows:
    """The same rows with their shapes, in degrees of CGCS2000, as Chinese basemaps of the internet draw them."""
    shapes = shapely.from_wkb([row[0] for row in rows])

    def shifted(coordinates: Any) -> Any:
        return [from_cgcs2000(lon, lat, Datum.GCJ02)[:2] for lon, lat in coordinates]

    moved = shapely.to_wkb(shapely.transform(shapes, shifted))
    return [(shape, *row[1:]) for shape, row in zip(moved, rows, strict=True)]


def reader_of(table: Table, parts: Iterator[Rows], *, lists: bool) -> pa.RecordBatchReader:
    """A table as a stream of batches, made as they are wanted."""
    batches = (table.batch(part, lists=lists) for part in parts)
    return pa.RecordBatchReader.from_batches(table.schema(lists=lists), batches)
