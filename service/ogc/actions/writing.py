"""The door to making files. Whoever orders one loads none of what it is made with: pandas and GDAL are 130 MB and a second."""

import psycopg

from geo.errors import GeoError
from service.base.errors import Rejected
from service.ogc.queries import composing
from service.ogc.rules.orders import Order


def ready() -> None:
    """Load what a file is made with: a process that has done so waits for work."""
    from service.ogc.actions import files  # noqa: F401  # allow: import - it is heavy


def write_file(order: Order) -> int:
    """Write the file; how many features it holds. Raises TooLarge, Rejected, Stopped, and what the database raises."""
    from service.ogc.actions import files  # allow: import - it is heavy

    try:
        return files.written(order)
    except psycopg.DataError as error:
        raise composing.no_such_sum() from error
    except GeoError as error:
        # GCJ-02 is not defined outside China.
        raise Rejected(error.zh, error.en) from error
