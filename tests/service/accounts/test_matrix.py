"""Every route × every role × inside and outside: what may be asked, what is not there, and that no name crosses."""

import base64
import gzip
import io
import json
import re
import zipfile
import zlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import mapbox_vector_tile
import psycopg
import pytest
import pytest_asyncio
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from geo import cells as beidou
from service.accounts.routes.door import COOKIE
from service.accounts.rules.roles import DUTIES
from service.app import ROUTES, create_app
from service.base.settings import Settings
from service.base.viewer import Permission
from tests.accounts import Role, add_person, session_of
from tests.conftest import Database, Postgis, clone, open_service
from tests.service.accounts.matrix import CASES, INSIDE, OUTSIDE, Case, World
from tests.world import CITY_PATH

pytestmark = pytest.mark.asyncio(loop_scope="module")

EAST, WEST = f"{CITY_PATH}.220105", f"{CITY_PATH}.220104"
# Inside 二道区 and inside 朝阳区, by the boundaries that the suite loads.
PLACES = {"220105": (125.49, 43.93), "220104": (125.25, 43.83)}
CELL = beidou.encode("125.49", "43.93", 4)
SEES = {role for role, duty in DUTIES.items() if duty.sees}


def routes() -> dict[str, APIRoute]:
    app = create_app(Settings(), database_url="postgresql://nobody@/nothing")
    held = [route for part in ROUTES for route in part.router.routes] + list(app.routes)
    return {
        f"{method} {route.path}": route
        for route in held
        if isinstance(route, APIRoute) and route.include_in_schema
        for method in (route.methods or set()) - {"HEAD"}
    }


def needed(dependant: Dependant) -> set[Permission]:
    """The permissions that a route's dependencies ask for."""
    own = getattr(dependant.call, "permission", None)
    below = [one for part in dependant.dependencies for one in needed(part)]
    return {*([own] if own else []), *below}


async def test_every_operation_has_its_line_and_asks_for_the_permission_it_says() -> None:
    found = routes()
    assert set(found) == set(CASES)
    for name, route in found.items():
        asked = CASES[name].needs
        assert needed(route.dependant) == ({asked} if asked else set()), name


def lay_out(database: Database) -> World:
    """A firm with a site, a contact and a point on either side; names say which."""
    ids: dict[str, list[int]] = {"points": [], "firms": [], "sites": []}
    with psycopg.connect(database.owner_url) as connection:

        def add(statement: str, *values: object) -> int:
            made = connection.execute(statement, values).fetchone()
            assert made
            return int(made[0])

        for area, mark in (("220105", INSIDE), ("220104", OUTSIDE)):
            lon, lat = PLACES[area]
            firm = add(
                "INSERT INTO enterprise (name, industries, home_territory_id, uscc)"
                " SELECT %s, '{gas}', id, NULL FROM territory WHERE key = %s RETURNING id",
                f"{mark}厂",
                area,
            )
            site = add(
                "INSERT INTO site (enterprise_id, name, geom, source_datum)"
                " VALUES (%s, %s, ST_SetSRID(ST_Point(%s, %s), 4490), 'CGCS2000') RETURNING id",
                firm,
                f"{mark}厂区",
                lon,
                lat,
            )
            connection.execute(
                "INSERT INTO site_contact (site_id, name, phone) VALUES (%s, %s, '13900005678')",
                (site, f"{mark}人"),
            )
            point = add(
                "INSERT INTO risk_point (owner_kind, enterprise_id, site_id, number, name)"
                " VALUES ('enterprise', %s, %s, %s, %s) RETURNING id",
                firm,
                site,
                f"N{mark}",
                f"{mark}罐",
            )
            connection.execute(
                "INSERT INTO assessment (risk_point_id, basis, method_id, method_version, inputs, grade, reasons, assessed_on)"
                " SELECT %s, 'assessed', method_id, version, '{}', 1, '[]', '2026-01-01' FROM grading_method"
                " ORDER BY method_id LIMIT 1",
                (point,),
            )
            event = add(
                "INSERT INTO risk_event (risk_point_id, sort, name) VALUES (%s, 0, '泄漏') RETURNING id",
                point,
            )
            connection.execute(
                "INSERT INTO measure (risk_point_id, risk_event_id, sort, kind, description) VALUES (%s, %s, 0, 'technical', '报警')",
                (point, event),
            )
            for name, made in (("points", point), ("firms", firm), ("sites", site)):
                ids[name].append(made)
    people = (
        add_person(database, "inside", Role("analyst", area=EAST), unit=EAST),
        add_person(database, "outside", Role("analyst", area=WEST), unit=WEST),
    )
    return World(tuple(ids["points"]), tuple(ids["firms"]), tuple(ids["sites"]), people)  # type: ignore[arg-type]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(
    postgis: Postgis, referenced: str
) -> AsyncIterator[tuple[World, Database, httpx.AsyncClient]]:
    with clone(postgis, referenced) as database:
        laid_out = lay_out(database)
        async with open_service(database, requests_per_minute=1_000_000) as client:
            yield laid_out, database, client


def appointment(role: str, world: World) -> Role:
    if role in {"officer", "worker"}:
        return Role(role, enterprise=world.firms[0])
    return Role(role, area=EAST, industry="gas" if role == "department" else None)


def said(answer: httpx.Response) -> str:
    """Everything an answer says, as text: tiles decoded, workbooks unzipped, packed maps unpacked."""
    kind = answer.headers.get("content-type", "")
    if "vector-tile" in kind:
        return (
            json.dumps(mapbox_vector_tile.decode(answer.content), ensure_ascii=False)
            if answer.content
            else ""
        )
    if "spreadsheet" in kind:
        with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
            return "".join(book.read(name).decode(errors="replace") for name in book.namelist())
    text = answer.text
    if "text/html" in kind:
        packed = re.findall(r'id="riskmap">([^<]+)<', text)
        return text + "".join(_unpacked(one.strip()) for one in packed)
    return text


def _unpacked(packed: str) -> str:
    raw = base64.b64decode(packed)
    openers: tuple[Callable[[bytes], bytes], ...] = (
        gzip.decompress,
        zlib.decompress,
        lambda b: zlib.decompress(b, -15),
    )
    for opener in openers:
        try:
            return opener(raw).decode()
        except (OSError, zlib.error, UnicodeDecodeError):
            continue
    return raw.decode(errors="replace")


async def ask(client: httpx.AsyncClient, name: str, case: Case, world: World, side: int) -> httpx.Response:
    path = world.fill(case.path, side).replace("{cell}", CELL)
    body: Any = case.body and json.loads(world.fill(json.dumps(case.body), side))
    if name == "POST /api/imports":
        return await client.post(path, files={"file": ("x.csv", b"a,b\n1,2\n")})
    return await client.request(name.split()[0], path, json=body, headers=case.headers)


@pytest.mark.parametrize("name", CASES)
async def test_nobody_is_let_in_without_signing_in(
    world: tuple[World, Database, httpx.AsyncClient], name: str
) -> None:
    laid_out, _, client = world
    client.cookies.clear()
    answer = await ask(client, name, CASES[name], laid_out, 0)
    if CASES[name].open:
        assert answer.status_code in {200, 401}
        assert answer.json().get("error") in {None, "not_signed_in"}
    else:
        assert (answer.status_code, answer.json()["error"]) == (401, "not_signed_in")
    assert INSIDE not in said(answer)


@pytest.mark.parametrize("role", DUTIES)
@pytest.mark.parametrize(
    "name", [name for name in CASES if not name.endswith(("/sign-out", "/sessions/end"))]
)
async def test_a_role_reaches_what_is_its_own(
    world: tuple[World, Database, httpx.AsyncClient], name: str, role: str
) -> None:
    laid_out, database, client = world
    case = CASES[name]
    with psycopg.connect(database.owner_url) as connection:
        row = connection.execute("SELECT id FROM person WHERE login = %s", (f"the-{role}",)).fetchone()
    person = row[0] if row else add_person(database, f"the-{role}", appointment(role, laid_out), unit=EAST)
    client.cookies.set(COOKIE, session_of(database, person))
    inside = await ask(client, name, case, laid_out, 0)
    outside = await ask(client, name, case, laid_out, 1)
    nothing = await ask(client, name, case, laid_out, 2)
    for answer in (inside, outside, nothing):
        assert answer.status_code < 500, answer.text
        assert OUTSIDE not in said(answer)
    duty = DUTIES[role]  # type: ignore[index]
    if case.needs is not None and case.needs not in duty.may:
        for answer in (inside, outside, nothing):
            assert (answer.status_code, answer.json()["error"]) == (403, "not_allowed"), answer.text
        return
    if case.about:
        # Not yours and not there are one answer.
        assert (outside.status_code, nothing.status_code) == (404, 404), (outside.text, nothing.text)
        assert set(outside.json()) == set(nothing.json())
        assert _without_ids(outside.text) == _without_ids(nothing.text)
    if case.shows and role in SEES:
        assert inside.status_code == 200, inside.text
        if name != "GET /api/territories/{key}/summary" or role not in {"officer", "worker"}:
            assert INSIDE in said(inside)
    elif case.shows:
        assert INSIDE not in said(inside)
    if not case.open:
        assert inside.status_code != 401


def _without_ids(text: str) -> str:
    return re.sub(r"\d+", "0", text)
