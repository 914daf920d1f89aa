"""What a check worked out is kept until it is written, and is not written where it may no longer be true."""

from typing import Any

import httpx
import psycopg
import pytest

from service.base.database import make_engine
from service.base.settings import Settings
from service.imports import jobs
from tests.conftest import Database
from tests.service.imports.points import LEC, USCC, own, point, register
from tests.service.imports.register import NANGUAN, bring_in, commit, csv_of, rows_of, upload
from tests.world import CITY_PATH, enter

FIRM = csv_of(("统一社会信用代码", "企业名称", "经度", "纬度"), (USCC, "演示一厂", *NANGUAN))
# Every column that is copied, and every character that COPY has a word of its own for.
POINTS = register(
    own(
        number="P-1",
        name="反斜杠\\N 与制表",
        place='引号" 逗号, 花括号{}',
        industries="冶金",
        event="泄漏\\.",
        accidents="火灾",
        consequence="两行",
        measures="【工程技术】第一条\n第二条\\n",
        level="公司",
        unit="设备部",
        person="演示人",
        workers=3,
        **LEC,
    ),
    own(number="P-2", lon="125.3510", lat="43.8610"),
    point(number="P-3", name="演示桥", lon="125.3520", lat="43.8620"),
)
WRITTEN = """
    SELECT point.number, point.name, point.place, point.located_in_path::text, point.position, point.own_industries,
        point.grade_assessed, point.exposed_workers, point.search, event.name, event.accident_categories, event.consequence,
        array(SELECT (kind, description, control_level, unit, person)::text FROM measure
              WHERE risk_event_id = event.id ORDER BY sort),
        array(SELECT (basis, method_id, inputs, score, grade, reasons, assessed_on)::text FROM assessment
              WHERE risk_point_id = point.id ORDER BY basis)
    FROM risk_point AS point LEFT JOIN risk_event AS event ON event.risk_point_id = point.id ORDER BY point.number
"""
PARTS = "SELECT count(*) FROM import_part"


def meanwhile(database: Database, statement: str) -> None:
    """Somebody else does something between the check and the writing."""
    with psycopg.connect(database.superuser_url) as connection:
        connection.execute(statement.encode())


@pytest.fixture
async def checked(client: httpx.AsyncClient) -> dict[str, Any]:
    """A checked register of risk points that nobody has decided about."""
    await bring_in(client, FIRM)
    seen = await upload(client, POINTS)
    assert (seen["preview"]["good"], seen["preview"]["bad"]) == (3, 0), seen["problems"]
    return seen


async def test_what_was_kept_is_what_a_second_reading_finds(
    client: httpx.AsyncClient, checked: dict[str, Any], database: Database
) -> None:
    """Written once as it was kept, and once with nothing kept: the same rows, and nothing is left of what was kept."""
    assert rows_of(database, PARTS) == [(1,)]
    with psycopg.connect(database.superuser_url) as connection:
        connection.execute("CREATE TABLE before AS SELECT * FROM import_upload")
    assert (await commit(client, checked)).status_code == 200
    kept = rows_of(database, WRITTEN)
    assert len(kept) == 3
    assert rows_of(database, PARTS) == [(0,)]
    meanwhile(
        database,
        "SET session_replication_role = replica; DELETE FROM measure; DELETE FROM risk_event; DELETE FROM assessment;"
        " DELETE FROM risk_point; DELETE FROM import_upload WHERE kind = 'risk_points';"
        " INSERT INTO import_upload SELECT * FROM before WHERE kind = 'risk_points'; UPDATE import_upload SET ground = NULL",
    )
    assert (await commit(client, checked)).status_code == 200
    assert rows_of(database, WRITTEN) == kept


@pytest.mark.parametrize(
    "harmless",
    [
        "UPDATE enterprise SET employees = 5",
        "UPDATE code_entry SET name_en = name_en WHERE list_id = 'measure_kind'",
        "UPDATE territory SET name = name",
        "SET session_replication_role = replica; UPDATE grading_method SET method_id = method_id",
        "DELETE FROM import_part",
    ],
)
async def test_what_changed_without_consequence_is_read_again_and_written(
    client: httpx.AsyncClient, checked: dict[str, Any], database: Database, harmless: str
) -> None:
    """Also where the parts are gone for whatever reason: what they do not hold is never taken for nothing to write."""
    meanwhile(database, harmless)
    assert (await commit(client, checked)).json()["state"] == "committed"
    assert rows_of(database, "SELECT number FROM risk_point ORDER BY 1") == [("P-1",), ("P-2",), ("P-3",)]


@pytest.mark.parametrize(
    "change",
    [
        # P-1 stands where its site stands; P-2 is somebody else's by now; the accident's code has another meaning.
        "UPDATE site SET geom = ST_SetSRID(ST_MakePoint(125.25, 43.85), 4490)",
        "INSERT INTO risk_point (owner_kind, enterprise_id, number, name)"
        " SELECT 'enterprise', id, 'P-2', '别的' FROM enterprise",
        "SET session_replication_role = replica;"
        " UPDATE code_entry SET code = code || 'x' WHERE list_id = 'accident_category' AND name_zh = '火灾'",
    ],
    ids=["site moved", "number taken", "code renamed"],
)
async def test_what_changed_with_consequence_is_shown_again(
    client: httpx.AsyncClient, checked: dict[str, Any], database: Database, change: str
) -> None:
    meanwhile(database, change)
    before = rows_of(database, "SELECT count(*) FROM risk_point")
    late = await commit(client, checked)
    assert (late.status_code, late.json()["error"]) == (409, "stale_preview")
    assert rows_of(database, "SELECT count(*) FROM risk_point") == before
    again = await commit(client, late.json()["details"]["import"])
    assert again.json()["state"] == "committed"


async def test_what_was_kept_goes_with_the_upload(
    client: httpx.AsyncClient, checked: dict[str, Any], database: Database
) -> None:
    await upload(client, POINTS + b"\n")
    assert rows_of(database, PARTS) == [(2,)]
    assert (await client.delete(f"/api/imports/{checked['id']}")).status_code == 204
    assert rows_of(database, PARTS) == [(1,)]
    meanwhile(database, "UPDATE import_upload SET uploaded_at = uploaded_at - interval '9 days'")
    engine = make_engine(database.app_url, Settings())
    try:
        assert await jobs.expire(engine, after_days=7) == 1
    finally:
        await engine.dispose()
    assert rows_of(database, PARTS) == [(0,)]


async def test_what_was_kept_is_its_persons_alone(checked: dict[str, Any], database: Database) -> None:
    assert checked["state"] == "previewed"
    with psycopg.connect(database.app_url) as connection:
        enter(connection, areas="{" + CITY_PATH + "}")
        connection.execute("SELECT set_config('riskmap.person', 'somebody else', true)")
        assert connection.execute(PARTS.encode()).fetchone() == (0,)
