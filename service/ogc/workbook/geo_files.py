"""GeoPackage, FlatGeobuf and Shapefile, written by GDAL from columns."""

import csv
import itertools
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyogrio.raw import write_arrow

from service.ogc.rules.formats import short_names
from service.ogc.workbook.styles import AREAS, LINES, POINTS, qml_of
from service.ogc.workbook.tables import GEOMETRY, Rows, Table, reader_of

# Rows of one kind of shape, or of all kinds where it is None.
Source = Callable[[int | None], Iterator[Rows]]
_KINDS = {POINTS: "Point", LINES: "MultiLineString", AREAS: "MultiPolygon"}
_SUFFIXES = {POINTS: "", LINES: "_lines", AREAS: "_areas"}
# A text of a dBASE table holds so many bytes.
_LONGEST_TEXT = 254


@dataclass(frozen=True)
class _Manner:
    """kind: of the layer's shapes. options: of the layer. names: those that columns go by, where theirs are too long."""

    driver: str
    kind: str
    options: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] | None = None


def write_flatgeobuf(path: Path, table: Table, source: Source, *, indexed: bool) -> None:
    """All kinds of shapes in one layer. indexed: with the spatial index, in which nothing may be without a shape."""
    options = {"TITLE": table.title, "SPATIAL_INDEX": "YES" if indexed else "NO"}
    _write(path, table, source(None), _Manner("FlatGeobuf", "Unknown", options))


def write_geopackage(path: Path, table: Table, source: Source) -> None:
    """A layer for each kind of shape there is, with titles, words of closed lists, and the four-colour style as its default."""
    layers: list[tuple[str, int]] = []
    for dimension in table.dimensions:
        part = _part(table, dimension)
        rows = _first(source(dimension))
        if rows is None and (dimension, layers) != (table.dimensions[-1], []):
            continue
        options = {"IDENTIFIER": part.name, "DESCRIPTION": table.title, "GEOMETRY_NAME": "geom", "FID": "fid"}
        _write(path, part, rows or iter(()), _Manner("GPKG", _KINDS[dimension], options))
        layers.append((part.name, dimension))
    with closing(sqlite3.connect(path)) as connection, connection:
        _tell_columns(connection, table, [name for name, _ in layers])
        _tell_styles(connection, table, layers)


def write_shapefiles(path: Path, table: Table, source: Source) -> None:
    """A zip of a Shapefile for each kind of shape there is, its style, and a legend of the names that had to be cut."""
    folder = path.parent / f"{path.name}.parts"
    folder.mkdir()
    short = short_names(("id", *(column.name for column in table.columns)))
    kinds: list[int] = []
    for dimension in table.dimensions:
        part = _part(table, dimension)
        rows = _first(source(dimension))
        if rows is None and (dimension, kinds) != (table.dimensions[-1], []):
            continue
        kinds.append(dimension)
        manner = _Manner("ESRI Shapefile", _KINDS[dimension], names=short)
        _write(folder / f"{part.name}.shp", part, rows or iter(()), manner)
        shorter = tuple(replace(column, name=short[column.name]) for column in table.columns)
        (folder / f"{part.name}.qml").write_text(qml_of(shorter, dimension, zh=table.zh), encoding="utf-8")
    _write_legend(folder / "fields.csv", table, short)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=5) as bundle:
        for file in sorted(folder.iterdir()):
            bundle.write(file, file.name)
            file.unlink()
    folder.rmdir()


def _part(table: Table, dimension: int) -> Table:
    """The table of one kind of shape; the only one keeps its name."""
    return table if len(table.dimensions) == 1 else replace(table, name=f"{table.name}{_SUFFIXES[dimension]}")


def _first(parts: Iterator[Rows]) -> Iterator[Rows] | None:
    """The same parts, or None where there are no rows."""
    first = next(parts, None)
    return itertools.chain([first], parts) if first else None


def _write(path: Path, table: Table, parts: Iterator[Rows], manner: _Manner) -> None:
    reader = reader_of(table, parts, lists=False)
    if manner.names is not None:
        reader = _renamed(reader, manner.names)
    write_arrow(
        reader,
        path,
        layer=table.name,
        driver=manner.driver,
        geometry_name=GEOMETRY,
        geometry_type=manner.kind,
        crs=None if table.srid is None else f"EPSG:{table.srid}",
        encoding="UTF-8",
        layer_options=manner.options,
        # What GDAL 3.6 (Debian 12, QGIS 3.22) and ArcGIS Pro read whole.
        dataset_options={"VERSION": "1.3"} if manner.driver == "GPKG" else None,
    )


def _renamed(reader: pa.RecordBatchReader, names: dict[str, str]) -> pa.RecordBatchReader:
    """The same batches as a dBASE table takes them: short names, no time of day, texts of so many bytes."""
    fields = []
    for one in reader.schema:
        kind = pa.string() if pa.types.is_timestamp(one.type) else one.type
        fields.append(pa.field(names.get(one.name, one.name), kind))
    schema = pa.schema(fields)

    def batches() -> Iterator[pa.RecordBatch]:
        for batch in reader:
            columns = [
                _fitted(column, field.type) for column, field in zip(batch.columns, schema, strict=True)
            ]
            yield pa.RecordBatch.from_arrays(columns, schema=schema)

    return pa.RecordBatchReader.from_batches(schema, batches())


def _fitted(column: Any, kind: pa.DataType) -> Any:
    if not pa.types.is_string(kind):
        return column
    texts = [
        None if one is None else (one if isinstance(one, str) else one.isoformat())
        for one in column.to_pylist()
    ]
    # Cut between characters: half of one could not be read.
    cut = [None if one is None else one.encode()[:_LONGEST_TEXT].decode(errors="ignore") for one in texts]
    return pa.array(cut, pa.string())


def _write_legend(path: Path, table: Table, short: dict[str, str]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("field", "name", "title_zh", "title_en", "description"))
        writer.writerow((short["id"], "id", "标识", "Id", ""))
        for column in table.columns:
            row = (
                short[column.name],
                column.name,
                column.title_zh,
                column.title_en,
                column.description or "",
            )
            writer.writerow(row)


def _tell_columns(connection: sqlite3.Connection, table: Table, layers: list[str]) -> None:
    """Titles and closed lists by the schema extension (OGC 12-128r19, F.9)."""
    connection.executescript(_SCHEMA_EXTENSION)
    for column in table.columns:
        title = column.title_zh if table.zh else column.title_en
        constraint = f"{table.name}_{column.name}" if column.choices else None
        for layer in layers:
            connection.execute(
                "INSERT OR REPLACE INTO gpkg_data_columns (table_name, column_name, name, title, description, constraint_name)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                # A name is unique in a table; the column's own is.
                (layer, column.name, column.name, title, column.description or None, constraint),
            )
        for choice in column.choices:
            connection.execute(
                "INSERT INTO gpkg_data_column_constraints (constraint_name, constraint_type, value, description)"
                " VALUES (?, 'enum', ?, ?)",
                (constraint, choice.value, choice.zh if table.zh else choice.en),
            )


def _tell_styles(connection: sqlite3.Connection, table: Table, layers: list[tuple[str, int]]) -> None:
    """The style that QGIS takes by itself."""
    connection.executescript(_STYLES)
    for name, dimension in layers:
        connection.execute(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML,"
            " styleSLD, useAsDefault, description, owner) VALUES ('', '', ?, 'geom', ?, ?, '', 1, ?, '')",
            (name, table.title, qml_of(table.columns, dimension, zh=table.zh), table.title),
        )


_SCHEMA_EXTENSION = """
    CREATE TABLE IF NOT EXISTS gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL,
        definition TEXT NOT NULL, scope TEXT NOT NULL,
        CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
    CREATE TABLE IF NOT EXISTS gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT,
        description TEXT, mime_type TEXT, constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
        CONSTRAINT gdc_tn UNIQUE (table_name, name));
    CREATE TABLE IF NOT EXISTS gpkg_data_column_constraints (constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL,
        value TEXT, min NUMERIC, min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
        CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
    INSERT OR IGNORE INTO gpkg_extensions VALUES
        ('gpkg_data_columns', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec121/#extension_schema', 'read-write'),
        ('gpkg_data_column_constraints', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec121/#extension_schema',
         'read-write');
"""
_STYLES = """
    CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),
        f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT,
        styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
        update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')));
    INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change)
        VALUES ('layer_styles', 'attributes', 'layer_styles', strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
"""
