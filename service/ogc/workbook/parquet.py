"""GeoParquet 1.1 (OGC GeoParquet, files/geoparquet.org 1.1.0): WKB in a column, what it means in the file's metadata."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from pyproj import CRS

from service.ogc.workbook.tables import GEOMETRY, Rows, Table


def write(path: Path, table: Table, parts: Iterator[Rows]) -> None:
    """All features in one file. Coordinates are x, y whatever the axes of the reference system (GeoParquet, 'axis order')."""
    schema = _titled(table).with_metadata({"geo": json.dumps(_meaning(table), ensure_ascii=False)})
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for part in parts:
            writer.write_batch(
                table.batch(part, lists=True).replace_schema_metadata(schema.metadata).cast(schema)
            )


def _meaning(table: Table) -> dict[str, Any]:
    column: dict[str, Any] = {"encoding": "WKB", "geometry_types": []}
    # Without a member the reference system would be taken for CRS84; null says that nobody knows it.
    column["crs"] = None if table.srid is None else CRS.from_epsg(table.srid).to_json_dict()
    return {"version": "1.1.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}


def _titled(table: Table) -> Any:
    """The columns with their titles as metadata of the fields."""
    schema = table.schema(lists=True)
    for column in table.columns:
        place = schema.get_field_index(column.name)
        told = {
            "title": column.title_zh if table.zh else column.title_en,
            "description": column.description or "",
        }
        schema = schema.set(place, schema.field(place).with_metadata(told))
    return schema
