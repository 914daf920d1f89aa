"""No policy makes PostgreSQL read a whole table where it would read an index without one: hot paths, as the app role."""

import asyncio
from collections.abc import Iterator
from typing import Any, Self

import psycopg
import pytest

from service.base import database as base_database
from service.base.commands import Addresses, as_owner
from service.base.settings import Settings
from service.base.statements import timed_cursor
from service.base.viewer import Viewer
from service.generation import actions
from service.generation.commands import order_for
from tests.conftest import Database, Postgis, clone, open_service
from tests.world import CITY_PATH

# What a register of a city grows in.
LARGE = {
    "risk_point", "enterprise", "site", "assessment", "measure", "risk_event", "cell_touch", "cell_stat", "risk_point_history",
}  # fmt: skip
# What is counted up to some limit is read whole all the same.
MANY = 1000
VIEWERS = {
    "district": Viewer(person="d", name="d", areas=(f"{CITY_PATH}.220105",)),
    "zone": Viewer(person="z", name="z", areas=(f"{CITY_PATH}.z_jk",)),
    "gas": Viewer(person="g", name="g", pairs=(f"gas.{CITY_PATH}",)),
    "officer": Viewer(person="o", name="o", enterprises=(1, 2)),
}
PATHS = (
    "/tiles/cells,risk_points/14/13903/5962.mvt",
    "/tiles/cells,enterprises/11/1737/745.mvt",
    "/tiles/cells/9/434/186.mvt",
    "/api/risk-points?limit=50",
    "/api/risk-points?limit=50&q=锅炉",
    "/api/territories/220105/summary",
    "/api/risk-points/1",
    "/api/enterprises/1",
    "/ogc/collections/risk_points/items?limit=10",
    "/ogc/collections/risk_points/items?limit=10&bbox=125.40,43.86,125.41,43.87",
    "/ogc/collections/risk_points/items/1",
    "/ogc/collections/enterprises/items?limit=10",
    "/ogc/collections/cells_5/items?limit=10&bbox=125.40,43.86,125.41,43.87",
)


POINTS = 20_000


@pytest.fixture(scope="module")
def city(postgis: Postgis, referenced: str) -> Iterator[Database]:
    """A generated city, large enough for the planner to tell an index from a whole table."""
    with clone(postgis, referenced) as found:
        addresses = Addresses(found.owner_url, found.app_url)

        async def fill() -> None:
            async with as_owner(Settings(), addresses) as session:
                order = await order_for(session, "220100", risk_points=POINTS, seed=1)
                await actions.generate(session, order, tell=lambda _: None)

        asyncio.run(fill())
        with psycopg.connect(found.superuser_url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
            for setting in ("max_parallel_workers_per_gather = 0", "jit = off"):
                connection.execute(f'ALTER DATABASE "{found.name}" SET {setting}')
        yield found


class Heard:
    """The statements of our files that a request ran, with what was bound."""

    def __init__(self) -> None:
        self.statements: list[tuple[str, Any]] = []


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Heard:
    """Every cursor of the service tells what it runs."""
    found = Heard()

    def telling(slow_ms: int) -> type[psycopg.AsyncCursor[Any]]:
        class Telling(timed_cursor(slow_ms)):  # type: ignore[misc]
            async def execute(self, query: Any, params: Any = None, **more: Any) -> Self:
                if isinstance(query, str) and params is not None:
                    found.statements.append((query, params))
                return await super().execute(query, params, **more)  # type: ignore[no-any-return]

        return Telling

    monkeypatch.setattr(base_database, "timed_cursor", telling)
    return found


def whole(plan: dict[str, Any], *, enough: bool = False) -> Iterator[str]:
    """The large tables that a plan reads from end to end: without an index, or with one that nothing is looked up in.

    enough: above stands a LIMIT, so an index is read in its order until there are enough.
    """
    kind = plan["Node Type"]
    scans = kind == "Seq Scan" or (kind in {"Index Scan", "Index Only Scan"} and "Index Cond" not in plan)
    if scans and plan["Relation Name"] in LARGE and (kind == "Seq Scan" or not enough):
        yield plan["Relation Name"]
    # What sorts, hashes or sums up reads all that is below it, whatever stands above.
    passes = kind in {"Nested Loop", "Subquery Scan", "Result", "Append", "WindowAgg"}
    few = kind == "Limit" and plan["Plan Rows"] < MANY
    for part in plan.get("Plans", ()):
        yield from whole(part, enough=few or (enough and passes))


def plan_of(connection: psycopg.Connection, statement: tuple[str, Any]) -> set[str]:
    row = connection.execute(f"EXPLAIN (FORMAT JSON) {statement[0]}", statement[1]).fetchone()
    assert row
    return set(whole(row[0][0]["Plan"]))


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("name", VIEWERS)
async def test_a_policy_costs_no_index(city: Database, heard: Heard, name: str, path: str) -> None:
    viewer = VIEWERS[name]
    async with open_service(city, viewer=viewer) as client:
        heard.statements.clear()
        answer = await client.get(path)
    assert answer.status_code in {200, 404}, answer.text
    reads = [
        (text, bound)
        for text, bound in heard.statements
        if text.lstrip().startswith(("SELECT", "WITH", "--"))
    ]
    assert reads
    with (
        psycopg.connect(city.app_url) as theirs,
        psycopg.connect(city.superuser_url) as everybodys,
    ):
        for connection in (theirs, everybodys):
            for setting, value in viewer.settings().items():
                connection.execute("SELECT set_config(%s, %s, true)", (setting, value))
        for statement in reads:
            assert plan_of(theirs, statement) <= plan_of(everybodys, statement), statement[0]


def test_the_reader_of_plans_knows_a_whole_table(city: Database) -> None:
    with psycopg.connect(city.superuser_url) as connection:
        assert plan_of(connection, ("SELECT count(*) FROM risk_point WHERE name <> %(a)s", {"a": "x"})) == {
            "risk_point"
        }
        assert plan_of(connection, ("SELECT * FROM risk_point WHERE id = %(a)s", {"a": 1})) == set()
        assert plan_of(connection, ("SELECT * FROM risk_point ORDER BY id LIMIT %(a)s", {"a": 1})) == set()
