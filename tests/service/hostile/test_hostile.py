"""Every hostile input at every place it could be put: refused or harmless, never a fault, and nothing changes."""

import json
from collections.abc import AsyncIterator
from urllib.parse import quote

import httpx
import psycopg
import pytest
import pytest_asyncio

from tests.conftest import Database, Postgis, clone, open_service, twin
from tests.service.hostile.inputs import BODIES, FILES, GEOMETRIES, HEADERS, NUMBERS, PATHS, TEXTS, UNSTORABLE

pytestmark = pytest.mark.asyncio(loop_scope="module")

# What the database says of itself must not reach a client.
LEAKS = ("psycopg", "sqlalchemy", "syntax error", "traceback", "pg_catalog", "sqlstate")
# Places where any text is a text: to find nothing is an answer.
FREE = (
    "/api/search?q={}",
    "/api/search/enterprises?q={}",
    "/api/risk-points?text={}",
    "/api/lists?text={}",
    "/tiles/cells/10/868/373.mvt?text={}",
    "/ogc/collections/risk_points/items?name={}&limit=1",
    "/ogc/collections/enterprises/items?uscc={}&limit=1",
    "/ogc/collections/risk_points/items?industries={}&limit=1",
    "/api/audit?person={}",
)
# Places where only a word, a number or a code of ours can stand.
STRICT = (
    "/api/risk-points?grade={}",
    "/api/risk-points?territory={}",
    "/api/risk-points?managing={}",
    "/api/risk-points?industry={}",
    "/api/risk-points?accident={}",
    "/api/risk-points?control={}",
    "/api/risk-points?position={}",
    "/api/risk-points?owner={}",
    "/api/risk-points?overdue=x{}",
    "/api/risk-points?sort={}",
    "/api/risk-points?cursor={}",
    "/api/cells/{}",
    "/api/codes/{}",
    "/api/territories/{}/summary",
    "/api/grading/methods/{}/1",
    "/api/imports/{}",
    "/ogc/collections/{}",
    "/ogc/collections/{}/items",
    "/ogc/collections/risk_points/items?bbox={}",
    "/ogc/collections/risk_points/items?crs={}",
    "/ogc/collections/risk_points/items?datetime={}",
    "/ogc/collections/risk_points/items?sortby={}",
    "/ogc/collections/risk_points/items?properties=x{}",
    "/ogc/collections/risk_points/items?cursor={}",
    "/ogc/collections/risk_points/items?filter={}",
    "/ogc/collections/risk_points/items?f={}",
    "/ogc/collections/risk_points/items?exposed_workers=x{}",
)
# Places where a number stands.
COUNTED = (
    "/api/risk-points/{}",
    "/api/risk-points/{}/history",
    "/api/enterprises/{}",
    "/api/people/{}",
    "/tiles/cells/{}/0/0.mvt",
    "/tiles/cells/3/{}/0.mvt",
    "/tiles/cells/3/0/{}.mvt",
    "/api/grid/encode?lon={}&lat=95",
    "/ogc/collections/risk_points/items/{}",
    "/ogc/collections/risk_points/items?limit=-{}",
)


def digest(database: Database) -> dict[str, str]:
    """Every row of every business table, in short."""
    with psycopg.connect(database.superuser_url) as connection:
        tables = [
            row[0]
            for row in connection.execute(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
                # Who asked what is recorded, and cells are folded behind everybody's back.
                " AND relname !~ '^(audit_|cell_|import_|sign_in_|sent_once|spatial_ref_sys)' ORDER BY 1"
            )
        ]
        assert {"risk_point", "enterprise", "site", "person", "appointment"} <= set(tables)
        found = {}
        for table in tables:
            row = connection.execute(
                f"SELECT count(*) || ' ' || COALESCE(sum(hashtextextended(kept::text, 0)), 0) FROM {table} AS kept"
            ).fetchone()
            assert row
            found[table] = str(row[0])
    return found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def attacked(postgis: Postgis, demonstrated: str) -> AsyncIterator[httpx.AsyncClient]:
    """The service with a viewer who may do everything; after all attacks its rows are as they were, and it still answers."""
    with clone(postgis, twin(demonstrated)) as database:
        before = digest(database)
        async with open_service(database, viewer="operator", requests_per_minute=1_000_000) as client:
            yield client
            assert (await client.get("/readyz")).status_code == 200
            page = await client.get("/ogc/collections/risk_points/items?limit=1")
            assert page.json()["numberReturned"] == 1
        assert digest(database) == before


def judge(answer: httpx.Response, *, strict: bool, what: str) -> None:
    assert answer.status_code < 500, f"{what}: {answer.status_code} {answer.text[:300]}"
    if strict:
        assert answer.status_code >= 400, f"{what}: {answer.status_code} {answer.text[:300]}"
    if answer.status_code >= 400:
        said = answer.text.lower()
        assert not [leak for leak in LEAKS if leak in said], f"{what}: {said[:300]}"
        assert answer.json()["message"], what


@pytest.mark.parametrize("place", FREE)
async def test_texts_where_any_text_may_stand(attacked: httpx.AsyncClient, place: str) -> None:
    for text in (*TEXTS, *UNSTORABLE):
        judge(await attacked.get(place.format(quote(text))), strict=False, what=f"{place} {text!r}")


@pytest.mark.parametrize("place", STRICT)
async def test_texts_where_only_ours_may_stand(attacked: httpx.AsyncClient, place: str) -> None:
    for text in (*TEXTS, *UNSTORABLE):
        answer = await attacked.get(place.format(quote(text, safe="")))
        # A word of ours by accident, such as true for a filter or two codes of accidents, finds what it finds.
        judge(answer, strict=text not in {"true", "0", "1,5"}, what=f"{place} {text!r}")


@pytest.mark.parametrize("place", COUNTED)
async def test_numbers_that_are_none(attacked: httpx.AsyncClient, place: str) -> None:
    for text in (*NUMBERS, *TEXTS[:20], *UNSTORABLE):
        answer = await attacked.get(place.format(quote(text, safe="")))
        judge(
            answer, strict=text not in {"0", "00000000000000000000000000", "1_000"}, what=f"{place} {text!r}"
        )


@pytest.mark.parametrize("path", [*PATHS, *(quote(text, safe="") for text in UNSTORABLE)])
async def test_paths_lead_nowhere(attacked: httpx.AsyncClient, path: str) -> None:
    for root in ("/", "/assets/", "/docs/", "/api/", "/tiles/", "/ogc/", "/k/"):
        answer = await attacked.get(f"{root}{path}")
        assert answer.status_code < 500, f"{root}{path}"
        assert "root:" not in answer.text
        assert "[project]" not in answer.text
        if answer.status_code == 200:
            assert '<div id="app"' in answer.text, f"{root}{path} is the page and nothing else"


@pytest.mark.parametrize(
    "operation",
    [
        "POST /api/sign-in",
        "POST /api/risk-points",
        "PATCH /api/risk-points/1",
        "PUT /api/risk-points/1/position",
        "PUT /api/risk-points/1/events",
        "POST /api/risk-points/1/assessments",
        "POST /api/enterprises",
        "PATCH /api/enterprises/1",
        "POST /api/enterprises/1/sites",
        "POST /api/grading/assess",
        "POST /api/grading/preview",
        "POST /api/people",
        "POST /api/people/1/appointments",
        "POST /api/account/keys",
    ],
)
async def test_bodies_that_are_no_request(attacked: httpx.AsyncClient, operation: str) -> None:
    method, path = operation.split()
    for body, kind in BODIES:
        headers = {"Content-Type": kind, "If-Match": '"1"'}
        answer = await attacked.request(method, path, content=body, headers=headers)
        judge(answer, strict=True, what=f"{operation} {body[:60]!r} {kind}")


async def test_fields_that_cannot_be(attacked: httpx.AsyncClient) -> None:
    for text in (*TEXTS, *UNSTORABLE):
        for field in ("control_level", "territory", "exposed_workers", "longitude"):
            body = json.dumps({field: text})
            answer = await attacked.patch("/api/risk-points/1", content=body, headers={"If-Match": '"1"'})
            if field == "exposed_workers" and text in {"0", "１２３"}:
                continue
            judge(answer, strict=True, what=f"{field} {text!r}")
    for text in UNSTORABLE:
        answer = await attacked.patch("/api/risk-points/1", json={"place": text}, headers={"If-Match": '"1"'})
        judge(answer, strict=True, what=f"place {text!r}")


@pytest.mark.parametrize("geometry", GEOMETRIES, ids=lambda text: text[:70])
async def test_shapes_that_are_none(attacked: httpx.AsyncClient, geometry: str) -> None:
    for field in ("geometry", "area", "shape"):
        body = f'{{"{field}": {geometry}, "datum": "CGCS2000"}}'
        headers = {"If-Match": '"1"', "Content-Type": "application/json"}
        answer = await attacked.put("/api/risk-points/1/position", content=body, headers=headers)
        judge(answer, strict=True, what=f"{field} {geometry[:80]}")


@pytest.mark.parametrize(
    ("name", "content"), FILES, ids=[f"{name[:30]}-{content[:12]!r}" for name, content in FILES]
)
async def test_files_that_are_no_workbook(attacked: httpx.AsyncClient, name: str, content: bytes) -> None:
    answer = await attacked.post("/api/imports", files={"file": (name, content)})
    # What a file is its content says: text is a sheet of cells until a person says what they mean, and is kept apart till then.
    judge(
        answer,
        strict=not content.isascii() or not content or b"\0" in content,
        what=f"{name[:40]} {content[:30]!r}",
    )
    if answer.status_code == 201:
        assert answer.json()["state"] == "needs_kind"


@pytest.mark.parametrize(
    ("name", "value"), HEADERS, ids=[f"{name}-{value[:20]!r}" for name, value in HEADERS]
)
async def test_headers_that_are_no_word_of_a_client(
    attacked: httpx.AsyncClient, name: str, value: str
) -> None:
    for path in ("/", "/api/lists", "/tiles/cells/10/868/373.mvt", "/ogc/collections", "/api/risk-points/1"):
        answer = await attacked.get(path, headers={name: value})
        judge(answer, strict=False, what=f"{path} {name}: {value[:60]!r}")
    answer = await attacked.post("/api/risk-points", json={}, headers={name: value})
    judge(answer, strict=True, what=f"POST {name}: {value[:60]!r}")


async def test_there_are_as_many_as_are_asked_for() -> None:
    assert len({*TEXTS, *UNSTORABLE}) + len(BODIES) + len(GEOMETRIES) + len(FILES) + len(HEADERS) >= 180
    texts = len(TEXTS) + len(UNSTORABLE)
    assert texts * (len(FREE) + len(STRICT)) + len(NUMBERS) * len(COUNTED) + len(BODIES) * 14 > 3000
