"""The steps of an import over HTTP: what each state needs, that a preview writes nothing, that a commit writes once."""

import asyncio
import hashlib
import uuid

import httpx
import psycopg
import pytest

from tests.conftest import Database, serving
from tests.service.imports.register import NANGUAN, bring_in, codes, commit, csv_of, rows_of, upload, xlsx_of

HEADINGS = ("企业名称", "经度", "纬度")
ONE = csv_of(HEADINGS, ("演示一厂", *NANGUAN))
BUSINESS = ("enterprise", "site", "site_contact", "risk_point", "risk_event", "measure", "assessment")


def written(database: Database) -> int:
    """How many business rows there are."""
    return sum(rows_of(database, f"SELECT count(*) FROM {table}")[0][0] for table in BUSINESS)


async def test_a_file_is_kept_whole_and_the_datum_asked_for(
    client: httpx.AsyncClient, database: Database
) -> None:
    seen = await upload(client, ONE, datum=None)
    assert (seen["state"], seen["kind"], seen["datum"], seen["preview"]) == (
        "needs_datum",
        "enterprises",
        None,
        None,
    )
    assert seen["sha256"] == hashlib.sha256(ONE).hexdigest()
    ((content, person),) = rows_of(database, "SELECT content, person FROM import_upload")
    assert (content, person) == (ONE, "operator")
    assert written(database) == 0


async def test_stating_the_datum_gives_the_preview_and_writes_nothing(
    client: httpx.AsyncClient, database: Database
) -> None:
    seen = await upload(client, ONE, datum=None)
    answer = await client.patch(f"/api/imports/{seen['id']}", json={"datum": "GCJ02"})
    assert answer.json()["state"] == "previewed"
    assert answer.json()["preview"] | {"digest": ""} == {
        "digest": "",
        "rows": 1,
        "good": 1,
        "bad": 0,
        "new": 1,
        "changed": 0,
        "unchanged": 0,
        "warnings": 1,
    }
    assert written(database) == 0


async def test_a_register_without_positions_needs_no_datum(client: httpx.AsyncClient) -> None:
    seen = await upload(client, csv_of(HEADINGS, ("演示一厂", "", "")), datum=None)
    assert seen["state"] == "previewed"


async def test_an_unknown_register_is_asked_for_its_kind_and_columns(client: httpx.AsyncClient) -> None:
    seen = await upload(client, csv_of(("甲", "乙", "丙"), ("演示一厂", *NANGUAN)))
    assert (seen["state"], seen["fields"]) == ("needs_kind", [])
    assert [column["heading"] for column in seen["columns"]] == ["甲", "乙", "丙"]
    assert seen["columns"][0]["samples"] == ["演示一厂"]
    url = f"/api/imports/{seen['id']}"
    asked = (await client.patch(url, json={"kind": "enterprises"})).json()
    assert asked["state"] == "needs_mapping"
    assert {field["key"]: field["required"] for field in asked["fields"]}["name"] is True
    ready = (await client.patch(url, json={"mapping": {"name": 0, "lon": 1, "lat": 2}})).json()
    assert (ready["state"], ready["preview"]["good"]) == ("previewed", 1)
    assert [column["field"] for column in ready["columns"]] == ["name", "lon", "lat"]
    fewer = (await client.patch(url, json={"mapping": {"lon": None, "lat": None}})).json()
    assert codes(fewer) == ["uscc_missing", "position_missing"]


@pytest.mark.parametrize(
    "correction",
    [
        {"mapping": {"name": 9}},
        {"mapping": {"nobody": 0}},
        {"mapping": {"name": 0, "address": 0}},
        {"sheet": "没有"},
    ],
)
async def test_a_correction_that_fits_nothing_changes_nothing(
    client: httpx.AsyncClient, correction: dict[str, object]
) -> None:
    seen = await upload(client, ONE)
    answer = await client.patch(f"/api/imports/{seen['id']}", json=correction)
    assert (answer.status_code, answer.json()["error"]) == (422, "rejected")
    assert (await client.get(f"/api/imports/{seen['id']}")).json() == seen


@pytest.mark.parametrize("correction", [{"datum": "WGS72"}, {"mapping": {"name": -1}}, {"kind": "people"}])
async def test_a_malformed_correction(client: httpx.AsyncClient, correction: dict[str, object]) -> None:
    seen = await upload(client, ONE)
    answer = await client.patch(f"/api/imports/{seen['id']}", json=correction)
    assert (answer.status_code, answer.json()["error"]) == (422, "malformed")


async def test_good_rows_are_written_and_bad_ones_left_out(
    client: httpx.AsyncClient, database: Database
) -> None:
    content = csv_of(HEADINGS, ("演示一厂", *NANGUAN), ("", *NANGUAN), ("演示二厂", "43.88", "125.3"))
    seen = await upload(client, content)
    assert (seen["preview"]["good"], seen["preview"]["bad"]) == (1, 2)
    answer = (await commit(client, seen)).json()
    assert answer["state"] == "committed"
    assert answer["committed_at"] is not None
    assert answer["problems"] == seen["problems"]
    assert rows_of(database, "SELECT name FROM enterprise") == [("演示一厂",)]


async def test_committing_twice_is_committing_once(client: httpx.AsyncClient, database: Database) -> None:
    seen = await upload(client, ONE)
    first, second = await asyncio.gather(commit(client, seen), commit(client, seen))
    assert first.status_code == second.status_code == 200
    assert first.json() == second.json() == (await commit(client, seen)).json()
    assert rows_of(database, "SELECT name, version FROM enterprise") == [("演示一厂", 1)]


async def test_two_uploads_of_one_file_write_it_once(client: httpx.AsyncClient, database: Database) -> None:
    one, other = await upload(client, ONE), await upload(client, ONE)
    answers = await asyncio.gather(commit(client, one), commit(client, other))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert rows_of(database, "SELECT count(*) FROM site") == [(1,)]


async def test_a_register_that_moved_on_is_shown_again_before_it_is_written(
    client: httpx.AsyncClient, database: Database
) -> None:
    seen = await upload(client, csv_of((*HEADINGS, "地址"), ("演示一厂", *NANGUAN, "二号路")))
    await bring_in(client, csv_of((*HEADINGS, "地址"), ("演示一厂", *NANGUAN, "一号路")))
    before = rows_of(database, "SELECT * FROM site")
    stale = await commit(client, seen)
    assert (stale.status_code, stale.json()["error"]) == (409, "stale_preview")
    assert rows_of(database, "SELECT * FROM site") == before
    again = stale.json()["details"]["import"]
    assert again == (await client.get(f"/api/imports/{seen['id']}")).json()
    assert again["changes"][0]["differences"][0] | {"title": None} == {
        "field": "address",
        "title": None,
        "old": "一号路",
        "new": "二号路",
    }
    assert (await commit(client, again)).status_code == 200
    assert rows_of(database, "SELECT address, version FROM site") == [("二号路", 2)]


async def test_nothing_is_written_when_a_person_decides_so(
    client: httpx.AsyncClient, database: Database
) -> None:
    seen = await upload(client, ONE)
    url = f"/api/imports/{seen['id']}"
    assert (await client.delete(url)).status_code == 204
    assert (await client.delete(url)).status_code == 204
    assert (await client.get(url)).json()["state"] == "cancelled"
    refused = await commit(client, seen)
    assert (refused.status_code, refused.json()["error"]) == (409, "wrong_state")
    assert (await client.patch(url, json={"datum": "GCJ02"})).status_code == 409
    assert written(database) == 0


async def test_what_is_written_cannot_be_cancelled_or_corrected(client: httpx.AsyncClient) -> None:
    seen = await bring_in(client, ONE)
    url = f"/api/imports/{seen['id']}"
    assert (await client.delete(url)).status_code == 409
    assert (await client.patch(url, json={"datum": "GCJ02"})).status_code == 409
    assert (await client.get(url)).json()["state"] == "committed"


async def test_what_has_no_preview_or_no_good_row_cannot_be_written(client: httpx.AsyncClient) -> None:
    asked = await upload(client, ONE, datum=None)
    wish = {"digest": "0" * 64}
    assert (await client.post(f"/api/imports/{asked['id']}/commit", json=wish)).status_code == 409
    bad = await upload(client, csv_of(HEADINGS, ("", *NANGUAN)))
    assert (await commit(client, bad)).json()["error"] == "wrong_state"


async def test_a_digest_that_is_none_is_malformed(client: httpx.AsyncClient) -> None:
    seen = await upload(client, ONE)
    answer = await client.post(f"/api/imports/{seen['id']}/commit", json={"digest": "yes"})
    assert answer.status_code == 422


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
async def test_an_import_that_is_not_there(client: httpx.AsyncClient, method: str) -> None:
    body = {"datum": "WGS84"} if method == "PATCH" else None
    answer = await client.request(method, f"/api/imports/{uuid.uuid4()}", json=body)
    assert (answer.status_code, answer.json()["error"]) == (404, "not_found")


async def test_a_killed_import_leaves_nothing_and_can_be_repeated(database: Database) -> None:
    """The server goes away in the midst of writing, with enterprises inserted and sites about to be."""
    async with serving(database) as client:
        seen = await upload(client, ONE)
        with (
            psycopg.connect(database.superuser_url) as holder,
            psycopg.connect(database.superuser_url, autocommit=True) as watcher,
        ):
            holder.execute("LOCK TABLE site IN SHARE MODE")
            writing = asyncio.create_task(commit(client, seen))
            waiting = None
            for _ in range(600):
                await asyncio.sleep(0.05)
                waiting = watcher.execute(
                    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
                ).fetchone()
                if waiting:
                    break
            assert waiting is not None
            watcher.execute("SELECT pg_terminate_backend(%s)", waiting)
            answer = await writing
        assert answer.status_code == 503
        assert "psycopg" not in answer.text
        assert written(database) == 0
        assert (await client.get(f"/api/imports/{seen['id']}")).json() == seen
        assert (await commit(client, seen)).status_code == 200
        assert rows_of(database, "SELECT count(*) FROM site") == [(1,)]


async def test_another_sheet_is_another_check(client: httpx.AsyncClient) -> None:
    content = xlsx_of(HEADINGS, ("演示一厂", 125.35, 43.86), sheet="企业")
    seen = await upload(client, content, name="book.xlsx")
    assert (seen["sheet"], seen["sheets"], seen["preview"]["good"]) == ("企业", ["企业"], 1)
