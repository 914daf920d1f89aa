"""What the register itself holds, read through the app role as the viewer of the whole city."""

from typing import Any, cast

import psycopg

from tests.conftest import Database
from tests.world import CITY_PATH, enter

GRADES = ("major", "large", "general", "low", "unassessed")


def asked(database: Database, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """Rows of a statement."""
    with psycopg.connect(database.app_url) as connection:
        enter(connection, areas="{" + CITY_PATH + "}")
        return connection.execute(cast(Any, statement), parameters or None).fetchall()


def counted(database: Database, where: str) -> dict[str, int]:
    """Points by assessed grade under a condition of the test's own."""
    columns = [f"count(*) FILTER (WHERE grade_assessed = {rank})" for rank in range(1, 5)]
    columns.append("count(*) FILTER (WHERE grade_assessed IS NULL)")
    (row,) = asked(database, f"SELECT {', '.join(columns)} FROM risk_point WHERE {where}")
    return dict(zip(GRADES, row, strict=True))
