"""Filling a database with an invented city: drafted in temporary tables, written by one statement a table.

The triggers that settle and count a row are put aside for the load, and what they work out is worked out for all rows at
once; a test writes the same rows one by one and compares.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, LiteralString

from psycopg import sql
from psycopg.types.json import Json
from sqlalchemy.ext.asyncio import AsyncSession

from service.base.errors import Rejected
from service.base.statements import Connection, driver_of, statement
from service.enterprises.rules import initials_of
from service.generation import queries
from service.generation.rules import words
from service.generation.rules.catalogue import Catalogue
from service.generation.rules.grades import METHOD, grade_ends, plausible_verdicts
from service.generation.rules.places import METRES_PER_DEGREE, Place
from service.grading import queries as grading_queries
from service.grading.rules.methods import ScoringMethod

# About one firm for ten points, and every tenth point is the region's.
POINTS_OF_A_FIRM = 10
REGIONAL_SHARE = 0.1
MOST_POINTS = 10_000_000
_LOADED = (
    "enterprise",
    "site",
    "site_contact",
    "risk_point",
    "risk_event",
    "measure",
    "assessment",
    "cell_touch",
)
FILLED = (*_LOADED, "cell_stat", "cell_version", "cell_stat_delta", "cell_version_delta")
# Put aside during the load, because the statements of the load give what these would.
_SETTLED = {
    "enterprise": ("settle", "settle_words"),
    "site": ("settle", "rescope_insert"),
    "site_contact": ("settle",),
    "risk_point": ("settle", "settle_new", "settle_words", "settle_words_new", "cell_count_insert"),
    "risk_event": ("settle", "settle_new"),
    "measure": ("settle", "settle_new"),
    "assessment": ("settle", "mark"),
    "cell_touch": ("settle",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to make: the same order gives the same rows on the same release of PostgreSQL.

    area: the path of the city. region: six digits for credit codes. as_of: the day by which reviews are due.
    """

    points: int
    seed: int
    area: str
    region: str
    as_of: date
    places: Sequence[Place]
    catalogue: Catalogue


@dataclass(frozen=True, slots=True)
class Generated:
    """What was written."""

    enterprises: int
    sites: int
    risk_points: int


async def generate(session: AsyncSession, order: Order, *, tell: Callable[[str], None]) -> Generated:
    """Write the city in the session's transaction, as the owner of the tables.

    Raises Rejected where the database holds rows that are no demonstration: invented ones must not get among them.
    """
    connection = await driver_of(session)
    await connection.execute(statement("generation", "ease"))
    # Ids are taken in rows, and the triggers of the tables put aside: nobody else writes meanwhile.
    for table in _LOADED:
        await _alter(connection, "LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE", table)
    held = await queries.born(connection)
    if held["enterprises"] or held["risk_points"]:
        tell(
            f"库中已有企业 {held['enterprises']}、风险点 {held['risk_points']}，在此之外新增"
            " · enterprises and risk points are there already, these come on top"
        )
    if await queries.holds_real_rows(connection):
        raise Rejected(
            "数据库中有非演示数据，拒绝混入生成的数据；请使用另一个数据库。",
            "The database holds rows that are not demonstration; generate into a database of its own.",
        )
    await connection.execute(statement("generation", "load/room"))
    tell("准备评价、类别和地点 · preparing verdicts, kinds and places")
    await _give(session, connection, order)
    made = await _draft(connection, order, tell)
    async with _bare(connection, tell):
        for table, step in (
            ("企业 · enterprises", "insert_enterprises"),
            ("场所 · sites", "insert_sites"),
            ("联系人 · contacts", "insert_contacts"),
            ("风险点 · risk points", "insert_points"),
            ("穿越的网格 · cells crossed", "insert_touches"),
            ("风险事件 · events", "insert_events"),
            ("管控措施 · measures", "insert_measures"),
            ("评定记录 · assessments", "insert_assessments"),
        ):
            tell(f"写入{table}")
            await connection.execute(statement("generation", f"load/{step}"), made.parameters)
    tell("统计网格 · counting into cells")
    await connection.execute("SELECT cell_stat_rebuild(), cell_stat_fold()")
    return made.generated


@dataclass(frozen=True, slots=True)
class _Drafted:
    parameters: dict[str, Any]
    generated: Generated


async def _give(session: AsyncSession, connection: Connection, order: Order) -> None:
    """Copy in what the city is made of."""
    method = await grading_queries.method_in_force(session, METHOD, on=order.as_of)
    assert isinstance(method, ScoringMethod)
    await _copy(
        connection,
        "COPY given_verdict (severity, number, grade, method_id, method_version, inputs, score, reasons) FROM STDIN",
        (
            (
                graded.severity,
                graded.number,
                int(graded.verdict.grade),
                method.id,
                method.version,
                Json(dict(graded.verdict.inputs)),
                graded.verdict.score,
                Json(graded.verdict.reasons_to_wire()),
            )
            for graded in plausible_verdicts(method)
        ),
    )
    await _copy(
        connection,
        "COPY given_place (number, setting, lon, lat, spread_km, weight) FROM STDIN",
        (
            (number, one.setting, one.lon, one.lat, one.spread_km, one.weight)
            for number, one in enumerate(order.places)
        ),
    )
    await _give_catalogue(connection, order.catalogue)


async def _give_catalogue(connection: Connection, catalogue: Catalogue) -> None:
    await _copy(
        connection,
        "COPY given_trade (number, word, form, economy, industry, site_name, setting, weight, size, employees, kinds)"
        " FROM STDIN",
        (
            (number, one.word, one.form, one.economy, one.industry, one.site_name, one.setting, one.weight, one.size,
             list(one.employees), list(one.kinds))
            for number, one in enumerate(catalogue.trades)
        ),
    )  # fmt: skip
    await _copy(
        connection,
        "COPY given_kind (number, name, place, event, accidents, consequence, measure_kinds, measures, severity, workers,"
        " industries, shape, setting, length_km, unit, regional, ends) FROM STDIN",
        (
            (number, one.name, one.place, one.event, list(one.accidents), one.consequence,
             [kind for kind, _ in one.measures], [text for _, text in one.measures], one.severity, list(one.workers),
             list(one.industries), one.shape, one.setting, list(one.length_km), one.unit,
             catalogue.regional.get(number, 0.0), list(grade_ends(one.severity)))
            for number, one in enumerate(catalogue.kinds)
        ),
    )  # fmt: skip


async def _draft(connection: Connection, order: Order, tell: Callable[[str], None]) -> _Drafted:
    """Decide everything about every row, in temporary tables."""
    regional = int(order.points * REGIONAL_SHARE)
    firms = max(1, order.points // POINTS_OF_A_FIRM)
    editions = await queries.editions(connection, day=order.as_of)
    born = await queries.born(connection)
    parameters: dict[str, Any] = {
        "seed": order.seed,
        "area": order.area,
        "region": order.region,
        "as_of": order.as_of,
        "points": order.points,
        "firm_points": order.points - regional,
        "firms": firms,
        "lon_metres": METRES_PER_DEGREE[0],
        "lat_metres": METRES_PER_DEGREE[1],
        "accidents": editions["accident_category"],
        "measures": editions["measure_kind"],
        "first_syllables": list(words.FIRST_SYLLABLES),
        "second_syllables": list(words.SECOND_SYLLABLES),
        "people": list(words.PEOPLE),
        "roads": list(words.ROADS),
        "born_enterprises": born["enterprises"],
        "born_points": born["points"],
        "first_enterprise": await queries.next_ids(connection, "enterprise", firms),
        "first_point": await queries.next_ids(connection, "risk_point", order.points),
        "first_event": await queries.next_ids(connection, "risk_event", order.points),
        # At most two each of a point; what is not used of them leaves gaps.
        "first_measure": await queries.next_ids(connection, "measure", 2 * order.points),
        "first_assessment": await queries.next_ids(connection, "assessment", 2 * order.points),
        # The number of sites comes out of the draft: their ids follow the last one taken.
        "first_site": await queries.next_ids(connection, "site", 1),
    }

    async def step(name: str) -> None:
        await connection.execute(statement("generation", f"load/{name}"), parameters)

    for name in ("place_homes", "settings", "codes"):
        await step(name)
    tell("企业和场所 · drafting firms and sites")
    for name in ("firms", "sites", "site_spots", "homes", "site_homes", "clear_spots"):
        await step(name)
    called = await queries.made_names(connection)
    await _copy(
        connection,
        "COPY given_spelling (called, initials) FROM STDIN",
        ((name, initials_of(name)) for name in called),
    )
    sites = await queries.made_sites(connection)
    if sites > 1:
        await queries.next_ids(connection, "site", sites - 1)
    parameters["first_contact"] = await queries.next_ids(connection, "site_contact", sites)
    tell("风险点 · drafting risk points")
    for name in ("firm_points", "regional_points", "point_spots", "homes", "points", "scopes"):
        await step(name)
    await connection.execute(
        "ANALYZE made_point, made_scope, made_firm, made_site, given_kind, given_verdict"
    )
    return _Drafted(parameters, Generated(firms, sites, order.points))


@asynccontextmanager
async def _bare(connection: Connection, tell: Callable[[str], None]) -> AsyncIterator[None]:
    """The tables without the triggers, constraints and indexes that a load makes anew at a stroke."""
    constraints = await queries.constraints(connection, _LOADED)
    indexes = await queries.indexes(connection, _LOADED)
    for table, triggers in _SETTLED.items():
        for trigger in triggers:
            await _alter(connection, "ALTER TABLE {} DISABLE TRIGGER {}", table, trigger)
    for one in reversed(constraints):  # a foreign key before the unique one that it refers to
        await _alter(connection, "ALTER TABLE {} DROP CONSTRAINT {}", one["table_name"], one["name"])
    for index in indexes:
        await _alter(connection, "DROP INDEX {}", index["name"])
    yield
    tell("建立索引、核对引用 · building indexes, checking references")
    for index in indexes:
        await connection.execute(index["definition"])
    for one in constraints:
        # The definition is PostgreSQL's own text of the constraint it gave up a moment ago.
        await connection.execute(
            sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} ").format(
                sql.Identifier(one["table_name"]), sql.Identifier(one["name"])
            )
            + sql.SQL(one["definition"])
        )
    for table, triggers in _SETTLED.items():
        for trigger in triggers:
            await _alter(connection, "ALTER TABLE {} ENABLE TRIGGER {}", table, trigger)


async def _alter(connection: Connection, text: LiteralString, *names: str) -> None:
    await connection.execute(sql.SQL(text).format(*map(sql.Identifier, names)))


async def _copy(connection: Connection, text: LiteralString, rows: Iterable[tuple[object, ...]]) -> None:
    async with connection.cursor() as cursor, cursor.copy(text) as copy:
        for row in rows:
            await copy.write_row(row)
