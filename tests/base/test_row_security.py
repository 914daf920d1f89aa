"""One door to every row: what a viewer may not see is not there, and a forgotten scope sees nothing."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import errors
from sqlalchemy import text

from service.base.database import (
    PrivilegedRole,
    make_engine,
    refuse_privileged,
    scoped_reading,
    scoped_session,
)
from service.base.settings import Settings
from service.base.viewer import Viewer
from tests.conftest import Database
from tests.world import (
    CITY_PATH,
    EAST_PATH,
    WEST_PATH,
    ZONE_PATH,
    add_firm,
    add_region_point,
    assess,
    enter,
    lay_out,
)

# Reference rows are the same for everybody, and change tokens name no row.
NOT_BUSINESS = {
    "alembic_version",
    "audit_chain",
    "cell_version",
    "cell_version_delta",
    "code_entry",
    "code_mapping",
    "grading_method",
    "official_setting",
    "spatial_ref_sys",
    "territory",
}
# What the app role cannot read at all: it asks functions of the owner.
SECRET = {"audit_unsealed", "credential", "sign_in_failure", "sign_in_session"}


@pytest.fixture
def world(bare_database: Database) -> Database:
    """Three points: in the west, in the east, and in the east under the zone."""
    lay_out(bare_database.owner_url)
    with psycopg.connect(bare_database.app_url) as connection:
        enter(connection, areas="{" + CITY_PATH + "}")
        for number, lon, lat, industry in (
            ("west", 125.2, 43.85, "gas"),
            ("east", 125.7, 43.85, "gas"),
            ("zone", 125.45, 43.85, "hazchem"),
        ):
            assess(connection, add_region_point(connection, number, lon, lat, industry=industry), 2)
    return bare_database


def seen(connection: psycopg.Connection, table: str = "risk_point") -> int:
    row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    assert row
    return int(row[0])


@pytest.mark.parametrize(
    ("scope", "numbers"),
    [
        ({"areas": "{" + CITY_PATH + "}"}, {"west", "east", "zone"}),
        ({"areas": "{" + WEST_PATH + "}"}, {"west"}),
        ({"areas": "{" + EAST_PATH + "}"}, {"east", "zone"}),
        ({"areas": "{" + ZONE_PATH + "}"}, {"zone"}),
        ({"areas": "{" + f"{WEST_PATH},{ZONE_PATH}" + "}"}, {"west", "zone"}),
        ({"pairs": "{gas." + CITY_PATH + "}"}, {"west", "east"}),
        ({"pairs": "{gas." + EAST_PATH + "}"}, {"east"}),
        # A pair is a pair: gas in the west and hazchem in the east never means hazchem in the west.
        ({"pairs": "{" + f"gas.{WEST_PATH},hazchem.{EAST_PATH}" + "}"}, {"west", "zone"}),
        ({}, set()),
        ({"areas": "{}"}, set()),
        ({"areas": '{""}'}, set()),
        ({"pairs": '{"",gas}'}, set()),
        ({"enterprises": "{1,2,3}"}, set()),
        ({"areas": "{cn.220000.220200}"}, set()),
        # Not a prefix of text but of labels.
        ({"areas": "{cn.220000.22010}"}, set()),
    ],
)
def test_a_viewer_sees_their_rows_and_no_other(
    world: Database, scope: dict[str, str], numbers: set[str]
) -> None:
    with psycopg.connect(world.app_url) as connection:
        enter(connection, **scope)
        assert {row[0] for row in connection.execute("SELECT number FROM risk_point")} == numbers
        rows = connection.execute("SELECT DISTINCT located_in_path::text FROM assessment").fetchall()
        assert len(rows) <= len(numbers)
        assert bool(rows) == bool(numbers)
        # Stored counts know areas, and industries of areas: each kind of row adds up to what its viewer may see.
        counted: dict[bool, int] = dict(
            connection.execute(
                "SELECT slice LIKE 'industries:%', sum(n)::int FROM cell_stat_delta"
                " WHERE basis = 'assessed' AND slice NOT LIKE 'GB%' GROUP BY 1"
            ).fetchall()
        )
        kinds = [True] * ("areas" in scope or "pairs" in scope) + [False] * ("areas" in scope)
        assert counted == {kind: len(numbers) for kind in kinds if numbers}


def test_a_forgotten_scope_sees_nothing_also_after_a_scoped_commit(world: Database) -> None:
    """After a committed local setting the value is '', and ''::ltree would be everybody's ancestor."""
    with psycopg.connect(world.app_url) as connection:
        assert seen(connection) == 0
        connection.rollback()
        enter(connection, areas="{" + CITY_PATH + "}")
        assert seen(connection) == 3
        connection.commit()
        assert seen(connection) == 0


async def test_a_pooled_connection_forgets_its_viewer(world: Database) -> None:
    engine = make_engine(world.app_url, Settings(pool_size=1))
    everybody = Viewer(person="city", name="全市", areas=(CITY_PATH,))
    nobody = Viewer(person="nobody", name="无")
    count = text("SELECT count(*) FROM risk_point")
    try:
        async with scoped_session(engine, everybody) as session:
            assert await session.scalar(count) == 3
        async with scoped_session(engine, nobody) as session:
            assert await session.scalar(count) == 0
        async with scoped_reading(engine, everybody) as connection:
            assert await (await connection.execute("SELECT count(*) FROM risk_point")).fetchone() == (3,)
        async with engine.connect() as bare:
            assert (await bare.execute(count)).scalar() == 0
    finally:
        await engine.dispose()


async def test_reading_cannot_write(world: Database) -> None:
    engine = make_engine(world.app_url, Settings(pool_size=1))
    try:
        with pytest.raises(errors.ReadOnlySqlTransaction):
            async with scoped_reading(engine, Viewer(person="c", name="c", areas=(CITY_PATH,))) as connection:
                await connection.execute("DELETE FROM risk_point")
    finally:
        await engine.dispose()


def test_nobody_writes_outside_their_scope(world: Database) -> None:
    with psycopg.connect(world.app_url) as connection:
        enter(connection, areas="{" + WEST_PATH + "}")
        with pytest.raises(errors.InsufficientPrivilege):
            add_region_point(connection, "mine", 125.7, 43.9)
    with psycopg.connect(world.app_url) as connection:
        enter(connection, areas="{" + WEST_PATH + "}")
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute(
                "UPDATE risk_point SET geom = ST_SetSRID(ST_Point(125.7, 43.9), 4490) WHERE number = 'west'"
            )
    with psycopg.connect(world.app_url) as connection:
        enter(connection, areas="{" + WEST_PATH + "}")
        assert connection.execute("DELETE FROM risk_point").rowcount == 1


def test_nobody_makes_a_firm_theirs_by_adding_to_it(world: Database) -> None:
    """Foreign keys do not see row security: a site given to a firm out of sight would bring the firm into sight."""
    with psycopg.connect(world.app_url) as connection:
        enter(connection, areas="{" + CITY_PATH + "}")
        add_firm(connection, "西边的厂", 125.2, 43.9)
    for statement in (
        "INSERT INTO site (enterprise_id, number, geom, source_datum)"
        " VALUES (1, '2', ST_SetSRID(ST_Point(125.7, 43.9), 4490), 'WGS84')",
        "INSERT INTO risk_point (owner_kind, enterprise_id, number, name, geom, source_datum)"
        " VALUES ('enterprise', 1, 'x', 'x', ST_SetSRID(ST_Point(125.7, 43.9), 4490), 'WGS84')",
        "UPDATE risk_point SET owner_kind = 'enterprise', enterprise_id = 1",
    ):
        with psycopg.connect(world.app_url) as connection:
            enter(connection, areas="{" + EAST_PATH + "}")
            assert seen(connection, "enterprise") == 0
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(statement)


def test_a_trigger_function_cannot_be_borrowed(world: Database) -> None:
    """On a temporary table of one's own it would answer with the owner's eyes."""
    with psycopg.connect(world.app_url) as connection:
        connection.execute("CREATE TEMPORARY TABLE mine (risk_point_id bigint)")
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute(
                "CREATE TRIGGER peek BEFORE INSERT ON mine FOR EACH ROW EXECUTE FUNCTION take_scope_of_risk_point('')"
            )


@pytest.mark.parametrize(
    "table", ["assessment", "grading_method CASCADE", "risk_point CASCADE", "risk_point_history"]
)
def test_evidence_is_never_emptied_at_a_stroke(world: Database, table: str) -> None:
    with psycopg.connect(world.owner_url) as connection, pytest.raises(psycopg.DatabaseError) as refused:
        connection.execute(f"TRUNCATE {table}")
    assert refused.value.sqlstate == "RM006"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE risk_point SET grade_assessed = 4",
        "UPDATE risk_point SET located_in_path = 'cn'",
        "UPDATE assessment SET grade = 4",
        "DELETE FROM assessment",
        "DELETE FROM risk_point_history",
        "DELETE FROM cell_stat_delta",
        "UPDATE territory SET name = 'x'",
        "DELETE FROM grading_method",
        "ALTER TABLE risk_point DISABLE ROW LEVEL SECURITY",
        "TRUNCATE risk_point",
        "SELECT scope_table('territory', 'ALL')",
    ],
)
def test_the_app_role_cannot_write_what_follows_from_rules(world: Database, statement: str) -> None:
    with psycopg.connect(world.app_url) as connection:
        enter(connection, areas="{" + CITY_PATH + "}")
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute(statement)


def test_every_table_of_business_rows_has_a_policy(world: Database) -> None:
    """A new table without row security fails the build."""
    with psycopg.connect(world.owner_url) as connection:
        tables: dict[str, bool] = dict(
            connection.execute(
                """SELECT relname, relrowsecurity AND EXISTS (SELECT FROM pg_policy WHERE polrelid = pg_class.oid)
                FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"""
            ).fetchall()
        )
        assert {name for name, protected in tables.items() if not protected} == NOT_BUSINESS | SECRET
        readable = connection.execute(
            "SELECT name FROM unnest(%s::text[]) AS name"
            " WHERE has_any_column_privilege('riskmap_app', name, 'SELECT, INSERT, UPDATE, REFERENCES')"
            " OR has_table_privilege('riskmap_app', name, 'DELETE, TRUNCATE, TRIGGER')",
            (sorted(SECRET),),
        ).fetchall()
        assert readable == []
        views = connection.execute(
            """SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm')
            AND NOT COALESCE(reloptions @> '{security_invoker=true}', false)
            AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')"""
        ).fetchall()
        assert views == []


@pytest.fixture
def probe(world: Database) -> Iterator[tuple[str, psycopg.Connection]]:
    """A role of this database alone, worn by whoever connects as the superuser: other workers share the cluster."""
    role = f"probe_{world.name}"
    with psycopg.connect(world.superuser_url, autocommit=True) as superuser:
        superuser.execute(f"CREATE ROLE {role}")
        superuser.execute(f"GRANT SELECT ON alembic_version TO {role}")
        superuser.execute(f"ALTER ROLE postgres IN DATABASE {world.name} SET role = '{role}'")
        yield role, superuser
        superuser.execute(f"ALTER ROLE postgres IN DATABASE {world.name} RESET role")
        superuser.execute(f"DROP OWNED BY {role}")
        superuser.execute(f"DROP ROLE {role}")


@pytest.mark.parametrize(
    "privilege", ["ALTER ROLE {} SUPERUSER", "ALTER ROLE {} BYPASSRLS", "GRANT riskmap_owner TO {}"]
)
async def test_the_service_refuses_a_role_that_row_security_would_not_bind(
    world: Database, probe: tuple[str, psycopg.Connection], privilege: str
) -> None:
    role, superuser = probe
    engine = make_engine(world.superuser_url, Settings(pool_size=1))
    try:
        await refuse_privileged(engine)
        superuser.execute(privilege.format(role))
        with pytest.raises(PrivilegedRole):
            await refuse_privileged(engine)
    finally:
        await engine.dispose()


async def test_the_service_refuses_the_owner(world: Database) -> None:
    engine = make_engine(world.owner_url, Settings(pool_size=1))
    with pytest.raises(PrivilegedRole):
        await refuse_privileged(engine)
    await engine.dispose()


async def test_the_service_accepts_the_app_role(world: Database) -> None:
    engine = make_engine(world.app_url, Settings(pool_size=1))
    await refuse_privileged(engine)
    await engine.dispose()
