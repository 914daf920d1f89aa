"""Where a page starts is found in the index, under row security too: page 1,000 costs what page 1 costs."""

import psycopg
import pytest

from service.base.statements import statement
from service.risk_points.queries import Selection
from tests.conftest import Postgis
from tests.service.cells.test_filter import TODAY
from tests.world import CITY_PATH, enter

# As the service's connections are set (service/base/database.py); a small table would be read whole otherwise.
SETTINGS = "-c plan_cache_mode=force_custom_plan -c enable_seqscan=off -c enable_bitmapscan=off"
START = {
    "after_day": None,
    "after_moment": None,
    "after_number": None,
    "after_text": None,
    "offset": 0,
    "limit": 51,
}


def plan(postgis: Postgis, demonstrated: str, name: str, more: dict[str, object], **filters: object) -> str:
    parameters = Selection(today=TODAY, **filters).parameters() | START | more  # type: ignore[arg-type]
    with psycopg.connect(postgis.database(demonstrated).app_url, options=SETTINGS) as connection:
        enter(connection, areas="{" + CITY_PATH + "}")
        rows = connection.execute("EXPLAIN " + statement("risk_points", name), parameters).fetchall()
    return "\n".join(row[0] for row in rows)


@pytest.mark.parametrize("name", ["list_points", "list_points_back"])
@pytest.mark.parametrize(
    ("more", "index"),
    [
        ({"sort": "grade", "after_number": 4, "after_id": 700}, "risk_point_rank"),
        ({"sort": "number", "after_text": "QY", "after_id": 700}, "risk_point_number"),
    ],
)
def test_a_page_starts_in_the_index(
    postgis: Postgis, demonstrated: str, name: str, more: dict[str, object], index: str
) -> None:
    shown = plan(postgis, demonstrated, name, more)
    assert f"using {index} on risk_point" in shown
    assert "Index Cond: (ROW(" in shown
    # Only the page is put in order, never the register.
    assert shown.index("Sort") < shown.index("Limit")


def test_a_grade_is_found_in_the_index(postgis: Postgis, demonstrated: str) -> None:
    shown = plan(postgis, demonstrated, "list_points", {"sort": "grade", "after_id": None}, grades=(1,))
    assert "using risk_point_rank on risk_point" in shown
    assert "= ANY ('{1}'::integer[])" in shown
