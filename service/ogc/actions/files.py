"""Writing a collection to a file. It runs in a process of its own: to make columns of rows keeps a processor busy."""

import os
import time
from collections.abc import Iterator

import psycopg

from service.base.database import scoped_rows
from service.base.errors import TooLarge
from service.ogc.queries import files
from service.ogc.rules.crs import STORED_SRID
from service.ogc.rules.orders import Order, Stopped
from service.ogc.workbook import geo_files, parquet, sheet
from service.ogc.workbook.tables import ROWS, Rows, Table, in_gcj02

# How often it is said how far a file is; a wish to stop is heard as soon.
SECONDS_BETWEEN_WORDS = 0.5


def written(order: Order) -> int:
    """Write the file; how many features it holds. Raises TooLarge, Stopped, and what the database and the shapes raise."""
    asked, collection = order.asked, order.asked.collection
    table = Table(
        name=f"{collection.id}_GCJ02" if order.gcj02 else collection.id,
        title=collection.title_zh if order.zh else collection.title_en,
        dimensions=files.DIMENSIONS[collection.geometry],
        id_kind=collection.id_kind,
        columns=asked.columns,
        srid=None if order.gcj02 else asked.crs.srid if asked.crs.projected else STORED_SRID,
        zh=order.zh,
    )
    with scoped_rows(order.address, order.viewer) as connection, _Told(order) as told:

        def source(dimension: int | None) -> Iterator[Rows]:
            text, bound = files.file_rows(asked, dimension=dimension, most=order.most)
            with connection.cursor(name="file", binary=True) as cursor:
                cursor.itersize = ROWS
                cursor.execute(text, bound)
                while rows := cursor.fetchmany(ROWS):
                    told.add(len(rows))
                    yield in_gcj02(rows) if order.gcj02 else rows

        match order.format:
            case "gpkg":
                geo_files.write_geopackage(order.path, table, source)
            case "shp":
                geo_files.write_shapefiles(order.path, table, source)
            case "fgb":
                row = connection.execute(*files.any_shapeless(asked)).fetchone()
                geo_files.write_flatgeobuf(order.path, table, source, indexed=row == (False,))
            case "parquet":
                parquet.write(order.path, table, source(None))
            case _:
                sheet.write(order.path, table, source(None), words=order.words, about=order.about)
    return told.done


class _Told:
    """How far a file is, for whoever waits for it, and whether they still do."""

    def __init__(self, order: Order) -> None:
        self.done = 0
        self._order = order
        self._said = 0.0
        self._parent = os.getppid()
        self._line: psycopg.Connection | None = None

    def __enter__(self) -> "_Told":
        if self._order.job is not None:
            self._line = psycopg.connect(
                self._order.address, autocommit=True, application_name="riskmap file"
            )
            self._line.execute("SELECT set_config('riskmap.person', %s, false)", [self._order.viewer.person])
        return self

    def __exit__(self, *_: object) -> None:
        if self._line is not None:
            self._line.close()

    def add(self, rows: int) -> None:
        """So many more. Raises TooLarge for a sheet that would be cut, Stopped where the file is not wanted any more."""
        self.done += rows
        if self._order.format == "xlsx" and self.done > sheet.MOST_ROWS:
            raise TooLarge(
                f"Excel 工作表最多 {sheet.MOST_ROWS:,} 行，请筛选或换一种格式。",
                f"A sheet of Excel has at most {sheet.MOST_ROWS:,} rows; filter, or take another format.",
            )
        if os.getppid() != self._parent:
            # Whoever asked for it was killed; another process may have taken it up.
            raise Stopped
        if self._line is None or time.monotonic() - self._said < SECONDS_BETWEEN_WORDS:
            return
        self._said = time.monotonic()
        row = self._line.execute(
            "UPDATE download SET done = %s WHERE id = %s AND state = 'working' RETURNING id",
            [self.done, self._order.job],
        ).fetchone()
        if row is None:
            raise Stopped
