"""Many people at the same addresses at once: each sees what the database says is theirs, to the last point."""

import asyncio
import random
from collections import Counter

import httpx
import mapbox_vector_tile
import psycopg
import pytest

from service.accounts.routes.door import COOKIE
from service.accounts.rules.roles import Appointment, viewer_of
from service.accounts.rules.roles import Role as RoleName
from service.base.viewer import Viewer
from tests.accounts import Role, add_person, session_of
from tests.conftest import Database, open_service
from tests.world import CITY_PATH

GRADES = ("major", "large", "general", "low", "unassessed")
# Tiles that hold 长春 whole; one drawn from stored counts of a finer level, where it is not whole; one with points.
WHOLE = "/tiles/cells/6/54/23.mvt"
LAYERS = "/tiles/risk_points/7/108/46.mvt"


@pytest.fixture
def crowd(demo_database: Database) -> tuple[Database, dict[str, Viewer], dict[str, str]]:
    """People of every kind of scope: their viewers and the tokens of their sessions."""
    with psycopg.connect(demo_database.owner_url) as connection:
        row = connection.execute(
            "SELECT enterprise_id FROM risk_point WHERE anchor IS NOT NULL GROUP BY 1"
            " HAVING enterprise_id IS NOT NULL ORDER BY count(*) DESC, 1 LIMIT 1"
        ).fetchone()
    assert row
    held: dict[str, tuple[RoleName, dict[str, object]]] = {
        "city": ("regulator", {"area": CITY_PATH}),
        "erdao": ("regulator", {"area": f"{CITY_PATH}.220105"}),
        "jingkai": ("regulator", {"area": f"{CITY_PATH}.z_jk"}),
        "town": ("inspector", {"area": f"{CITY_PATH}.z_jk.z_jk_xls"}),
        "gas": ("department", {"area": CITY_PATH, "industry": "gas"}),
        "officer": ("officer", {"enterprise": row[0]}),
        "nothing": ("auditor", {"area": CITY_PATH}),
    }
    viewers, tokens = {}, {}
    for login, (role, place) in held.items():
        person = add_person(demo_database, f"a-{login}", Role(role, **place))  # type: ignore[arg-type]
        tokens[login] = session_of(demo_database, person)
        viewers[login] = viewer_of(login, login, [Appointment(role, **place)])  # type: ignore[arg-type]
    return demo_database, viewers, tokens


def expected(database: Database, viewer: Viewer) -> tuple[Counter[str], set[int]]:
    """What SQL says of a person's rows: counts by grade of those with a position, and the ids of their points."""
    with psycopg.connect(database.app_url) as connection:
        for name, value in viewer.settings().items():
            connection.execute("SELECT set_config(%s, %s, true)", (name, value))
        counted = connection.execute(
            "SELECT COALESCE(grade_assessed, 5), count(*) FROM risk_point WHERE anchor IS NOT NULL GROUP BY 1"
        ).fetchall()
        ids = {row[0] for row in connection.execute("SELECT id FROM risk_point WHERE anchor IS NOT NULL")}
    return Counter({GRADES[rank - 1]: count for rank, count in counted}), ids


def decoded(answer: httpx.Response, layer: str) -> list[dict[str, object]]:
    if not answer.content:
        return []
    features: list[dict[str, object]] = (
        mapbox_vector_tile.decode(answer.content).get(layer, {}).get("features", [])
    )
    return features


async def test_no_byte_crosses_when_everybody_asks_at_once(
    crowd: tuple[Database, dict[str, Viewer], dict[str, str]],
) -> None:
    database, viewers, tokens = crowd
    owed = {login: expected(database, viewer) for login, viewer in viewers.items()}
    assert sum(owed["officer"][0].values()) > 0
    assert owed["nothing"] == (Counter(), set())
    # No two of them are owed the same, or the test would not notice a mistake.
    assert len({(tuple(sorted(counts.items())), len(ids)) for counts, ids in owed.values()}) == len(owed)
    asked = [(login, path) for login in viewers for path in (WHOLE, LAYERS)] * 6
    random.Random(4).shuffle(asked)
    tags: dict[str, set[str]] = {path: set() for path in (WHOLE, LAYERS)}
    async with open_service(database, pool_size=4, requests_per_minute=1_000_000) as client:

        async def ask(login: str, path: str) -> None:
            # Somebody else's validator, as a shared proxy would send it: never good for this person.
            foreign = ", ".join(sorted(tags[path]))
            answer = await client.get(
                path, headers={"Cookie": f"{COOKIE}={tokens[login]}", "If-None-Match": foreign or '"none"'}
            )
            if answer.status_code == 304:
                assert answer.headers["ETag"] in mine[login, path]
                return
            assert answer.status_code == 200, answer.text
            tags[path].add(answer.headers["ETag"])
            mine.setdefault((login, path), set()).add(answer.headers["ETag"])
            counts, ids = owed[login]
            if path == WHOLE:
                shown: Counter[str] = Counter()
                for cell in decoded(answer, "cells"):
                    properties = cell["properties"]
                    shown.update({grade: properties[grade] for grade in GRADES if properties[grade]})  # type: ignore[index]
                assert shown == counts, login
            else:
                assert {one["id"] for one in decoded(answer, "risk_points")} <= ids, login
                if not ids:
                    assert decoded(answer, "risk_points") == []

        mine: dict[tuple[str, str], set[str]] = {}
        await asyncio.gather(*(ask(login, path) for login, path in asked))
    # One state, one validator a person; and no person has another's.
    for path in tags:
        own = [mine[login, path] for login in viewers]
        assert all(len(one) == 1 for one in own)
        assert len(set.union(*own)) == len(own)
