"""What the door refuses: too large, unreadable, broken; always in the one shape, with nothing kept."""

import csv
import io
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from geo.crs import Datum
from service.base import statements
from service.base.clock import now
from service.base.database import make_engine, scoped_session
from service.base.errors import NotFound
from service.base.settings import Settings
from service.base.viewer import Scope, Viewer
from service.imports import queries
from service.imports.actions import uploads
from service.imports.actions.checks import SLICE
from service.imports.actions.uploads import Manner
from service.imports.workbook import Choice
from tests.conftest import Database, serving
from tests.service.imports.register import NANGUAN, codes, csv_of, rows_of, upload
from tests.world import CITY_PATH

HEADINGS = ("企业名称", "经度", "纬度")


async def test_a_file_beyond_the_limit_is_refused(database: Database) -> None:
    async with serving(database, upload_limit_mb=1) as client:
        answer = await client.post("/api/imports", files={"file": ("x.csv", b"a" * (2 << 20))})
        assert (answer.status_code, answer.json()["error"]) == (413, "too_large")
        assert answer.json()["details"] == {"limit_mb": 1}
        assert (
            await client.post("/api/imports", files={"file": ("x.csv", csv_of(HEADINGS))})
        ).status_code == 201
    assert rows_of(database, "SELECT count(*) FROM import_upload") == [(1,)]


async def test_a_file_that_never_ends_is_cut_off(database: Database) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="x.csv"\r\n\r\n'
        while True:
            sent += 1 << 18
            yield head + b"a" * (1 << 18)
            head = b""

    async with serving(database, upload_limit_mb=1) as client:
        answer = await client.post(
            "/api/imports",
            content=endless(),
            headers={"Content-Type": "multipart/form-data; boundary=x"},
        )
    assert answer.status_code == 413
    assert sent < 8 << 20


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7",
        b"\xd0\xcf\x11\xe0" + bytes(100),
        b"PK\x03\x04broken",
        bytes(range(256)) * 40,
        b'a,b\n"x,1\n',
    ],
)
async def test_a_file_that_cannot_be_read(
    client: httpx.AsyncClient, database: Database, content: bytes
) -> None:
    answer = await client.post("/api/imports", files={"file": ("企业.xlsx", content)})
    assert (answer.status_code, answer.json()["error"]) == (415, "unreadable_file")
    assert answer.json()["message"]
    assert answer.json()["message_en"]
    assert rows_of(database, "SELECT count(*) FROM import_upload") == [(0,)]


async def test_more_rows_than_are_taken_at_once(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.imports.workbook.MOST_ROWS", 3)
    few = csv_of(HEADINGS, *(("演示厂", "", ""),) * 3)
    many = csv_of(HEADINGS, *(("演示厂", "", ""),) * 4)
    assert (await client.post("/api/imports", files={"file": ("x.csv", few)})).status_code == 201
    answer = await client.post("/api/imports", files={"file": ("x.csv", many)})
    assert (answer.status_code, answer.json()["error"]) == (413, "too_large")


@pytest.mark.parametrize("form", [{"datum": "WGS72"}, {"kind": "people"}])
async def test_a_form_that_says_nonsense(client: httpx.AsyncClient, form: dict[str, str]) -> None:
    answer = await client.post("/api/imports", files={"file": ("x.csv", csv_of(HEADINGS))}, data=form)
    assert (answer.status_code, answer.json()["error"]) == (422, "malformed")


async def test_a_form_without_a_file(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/imports", data={"datum": "WGS84"})
    assert (answer.status_code, answer.json()["error"]) == (422, "malformed")


async def test_hostile_cells_and_names_do_no_harm(client: httpx.AsyncClient, database: Database) -> None:
    content = csv_of(
        HEADINGS,
        ("炉\x00子", *NANGUAN),
        ("'; DROP TABLE enterprise; --", *NANGUAN),
        ('=HYPERLINK("http://x")', "", ""),
        ("A" * 30_000, "", ""),
        ("演示\u202e厂", "", ""),
    )
    seen = await upload(client, content, name="../../\x00坏\n.csv")
    assert codes(seen, 2) == ["control_character"]
    assert codes(seen, 5) == ["too_long"]
    assert codes(seen, 6) == ["control_character"]
    assert "\x00" not in seen["filename"]
    answer = await client.post(
        f"/api/imports/{seen['id']}/commit", json={"digest": seen["preview"]["digest"]}
    )
    assert answer.status_code == 200
    assert rows_of(database, "SELECT name FROM enterprise ORDER BY id") == [
        ("'; DROP TABLE enterprise; --",),
        ('=HYPERLINK("http://x")',),
    ]


async def test_problems_are_counted_beyond_what_is_listed(client: httpx.AsyncClient) -> None:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    writer.writerows((f"演示{number}厂", "", "") for number in range(1200))
    writer.writerows((f"演示{number}厂", "x", "y") for number in range(1200, 1210))
    seen = await upload(client, text.getvalue().encode())
    assert len(seen["problems"]) == 1000
    assert seen["problems_total"] == 1200 * 2 + 10 * 2
    # Errors are listed before warnings, whatever row they are in.
    assert sum(problem["severity"] == "error" for problem in seen["problems"]) == 20
    assert {count["code"]: count["count"] for count in seen["problem_counts"]} == {
        "position_missing": 1200,
        "uscc_missing": 1200,
        "not_a_number": 20,
    }


async def test_an_upload_is_its_persons_own_and_rows_stay_in_their_area(database: Database) -> None:
    engine = make_engine(database.app_url, Settings())
    district, stranger = (
        Viewer(person=person, name=person, areas=(area,), writes=Scope(areas=(area,)))
        for person, area in (("nanguan", f"{CITY_PATH}.220102"), ("other", f"{CITY_PATH}.220105"))
    )
    content = csv_of(
        (*HEADINGS, "所在区划"),
        ("演示一厂", *NANGUAN, ""),
        ("演示二厂", "125.45", "43.87", ""),
        ("演示三厂", "", "", "二道区"),
    )
    try:
        async with scoped_session(engine, district) as session:
            row = await uploads.upload(
                session,
                district,
                file=("x.csv", content),
                choice=Choice(datum=Datum.WGS84),
                manner=Manner(now=now()),
            )
            digest = row.result["preview"]["digest"]
        problems = {
            problem["row"]: problem["code"]
            for problem in row.result["problems"]
            if problem["severity"] == "error"
        }
        assert problems == {3: "outside_territory", 4: "unknown_territory"}
        async with scoped_session(engine, stranger) as session:
            with pytest.raises(NotFound):
                await queries.upload_of(session, row.id)
        async with scoped_session(engine, district) as session:
            assert not (
                await uploads.write(session, district, row.id, digest=digest, manner=Manner(now=now()))
            ).stale
    finally:
        await engine.dispose()
    assert rows_of(database, "SELECT name FROM enterprise") == [("演示一厂",)]


async def test_a_whole_slice_of_rows_asks_no_more_questions_than_fifty(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    plain = statements.read

    async def counting(connection: Any, text: Any, parameters: Any) -> Any:
        asked.append(text)
        return await plain(connection, text, parameters)

    for module in ("service.imports.queries", "service.enterprises.queries", "service.territories.queries"):
        monkeypatch.setattr(f"{module}.read", counting)
    counts = []
    for rows in (50, SLICE):
        asked.clear()
        sheet = csv_of(
            ("企业名称", "经度", "纬度", "所在区划"),
            *(
                (f"演示{n}厂", f"{125.3 + n % 100 / 1000:.4f}", f"{43.85 + n / 100000:.5f}", "二道区")
                for n in range(rows)
            ),
        )
        seen = await upload(client, sheet)
        assert seen["preview"]["rows"] == rows
        counts.append(len(asked))
    assert counts[0] == counts[1] < 10
