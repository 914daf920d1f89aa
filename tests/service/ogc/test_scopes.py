"""Whoever asks for a collection gets the rows that SQL gives to that person, by every way there is to ask."""

import json
from datetime import UTC, datetime

import psycopg
import pytest

from service.accounts.routes.door import COOKIE
from service.accounts.rules.roles import Appointment, viewer_of
from service.accounts.rules.roles import Role as RoleName
from service.base.viewer import Viewer
from tests.accounts import Role, add_person, session_of
from tests.conftest import Database, open_service
from tests.service.ogc.asking import COLLECTIONS, ask, ids
from tests.world import CITY_PATH

_CELL = (
    "SELECT DISTINCT (coarser(x5, {0}) + 200000)::bigint * 400000 + coarser(y5, {0}) + 200000 FROM risk_point"
    " WHERE x5 IS NOT NULL"
)
# What PostgreSQL alone tells whoever asks.
OWED = {
    "risk_points": "SELECT id FROM risk_point",
    "enterprises": "SELECT id FROM enterprise",
    "sites": "SELECT id FROM site",
    "cells_4": _CELL.format(15),
    "cells_5": _CELL.format(1),
    # Territories are reference rows; whoever asks is told of those within and above their own.
    "territories": "SELECT key FROM territory WHERE path <@ ANY (%(places)s::ltree[]) OR path @> ANY (%(places)s::ltree[])",
}


def owed(database: Database, viewer: Viewer) -> dict[str, set[int | str]]:
    """The ids of every collection that a person is owed."""
    with psycopg.connect(database.app_url) as connection:
        for name, value in viewer.settings().items():
            connection.execute("SELECT set_config(%s, %s, true)", (name, value))
        firms = connection.execute("SELECT id, scope_paths::text[] FROM enterprise").fetchall()
        held = set(map(int, viewer.enterprises))
        places = [
            *viewer.areas,
            *(pair.partition(".")[2] for pair in viewer.pairs),
            *viewer.governs,
            *viewer.audits,
        ]
        places += [path for firm, paths in firms if firm in held for path in paths]
        return {
            name: {row[0] for row in connection.execute(question, {"places": places})}
            for name, question in OWED.items()
        }


async def test_every_way_to_ask_gives_a_person_their_rows(demo_database: Database) -> None:
    with psycopg.connect(demo_database.owner_url) as connection:
        row = connection.execute(
            "SELECT enterprise_id FROM risk_point WHERE anchor IS NOT NULL AND enterprise_id IS NOT NULL"
            " GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
        ).fetchone()
    assert row
    people: dict[str, tuple[RoleName, dict[str, object]]] = {
        "erdao": ("analyst", {"area": f"{CITY_PATH}.220105"}),
        "jingkai": ("analyst", {"area": f"{CITY_PATH}.z_jk"}),
        "town": ("analyst", {"area": f"{CITY_PATH}.z_jk.z_jk_xls"}),
        "gas": ("department", {"area": CITY_PATH, "industry": "gas"}),
        "officer": ("officer", {"enterprise": row[0]}),
    }
    tokens, owes = {}, {}
    for login, (role, place) in people.items():
        person = add_person(demo_database, f"a-{login}", Role(role, **place))  # type: ignore[arg-type]
        tokens[login] = session_of(demo_database, person)
        owes[login] = owed(demo_database, viewer_of(login, login, [Appointment(role, **place)]))  # type: ignore[arg-type]
    # No two of them are owed the same, or the test would not notice a mistake.
    for name in ("risk_points", "enterprises", "cells_5"):
        assert len({frozenset(one[name]) for one in owes.values()}) == len(people)
        assert all(one[name] for one in owes.values())
    now = datetime.now(UTC).isoformat()
    async with open_service(demo_database, requests_per_minute=1_000_000) as client:
        for login, token in tokens.items():
            client.headers["Cookie"] = f"{COOKIE}={token}"
            for name in COLLECTIONS:
                address, mine = f"/ogc/collections/{name}/items", owes[login][name]
                assert set(await ids(client, address, limit=1000)) == mine, (login, name)
                first = await ask(client, address, limit=1)
                assert first["numberMatched"] == len(mine)
                streamed = await client.get(address, params={"f": "ndjson"})
                assert {json.loads(line)["id"] for line in streamed.text.split("\n") if line} == mine
                if name in {"risk_points", "enterprises", "sites"}:
                    assert set(await ids(client, address, limit=1000, datetime=now)) == mine
                others = set().union(*(one[name] for one in owes.values())) - mine
                for other in sorted(others, key=str)[:3]:
                    assert (await client.get(f"{address}/{other}")).status_code == 404


async def test_whoever_sees_no_rows_gets_none(demo_database: Database) -> None:
    token = session_of(demo_database, add_person(demo_database, "a-none", Role("auditor", area=CITY_PATH)))
    async with open_service(demo_database) as client:
        client.headers["Cookie"] = f"{COOKIE}={token}"
        for name in COLLECTIONS:
            answer = await client.get(f"/ogc/collections/{name}/items")
            if name == "territories":
                # Reference rows, by which an auditor says whose audit is meant.
                assert answer.status_code == 200
                continue
            assert answer.status_code == 403 or answer.json()["features"] == [], name


@pytest.mark.parametrize("path", ["/ogc", "/ogc/", "/ogc/collections", "/ogc/collections/risk_points/items"])
async def test_nobody_is_told_anything_before_signing_in(demo_database: Database, path: str) -> None:
    async with open_service(demo_database) as client:
        answer = await client.get(path)
        assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/problem+json")
        # The style of the pages is a file of the page.
        assert (await client.get("/ogc.css")).status_code != 401
