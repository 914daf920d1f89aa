"""riskmap people …, as whoever runs the server uses it."""

import asyncio
import re

import pytest
from typer.testing import CliRunner

from service.accounts.commands import people
from service.accounts.rules.demo import DEMO_ACCOUNTS, DEMO_PASSWORD
from service.base.errors import Conflict, NotFound, Rejected
from tests.accounts import sign_in
from tests.conftest import Database, open_service


@pytest.fixture
def here(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """The commands on the test's own database."""
    monkeypatch.setenv("RISKMAP_DATABASE_URL", database.app_url)
    monkeypatch.setenv("RISKMAP_OWNER_DATABASE_URL", database.owner_url)
    return database


def run(*words: str) -> str:
    return CliRunner().invoke(people, words, catch_exceptions=False).output


def password_in(said: str) -> str:
    found = re.search(r"first password: (\S+)", said)
    assert found, said
    return found[1]


async def test_the_first_administrator_signs_in_with_what_was_printed(here: Database) -> None:
    said = await asyncio.to_thread(run, "add-administrator", "boss", "--name", "总管理员")
    async with open_service(here) as client:
        answer = await sign_in(client, "boss", password_in(said))
        assert answer.json() == {"login": "boss", "name": "总管理员", "must_change": True}
        renewed = await asyncio.to_thread(run, "reset-password", "boss")
        assert (await client.get("/api/account")).status_code == 401
        assert (await sign_in(client, "boss", password_in(said))).status_code == 401
        assert (await sign_in(client, "boss", password_in(renewed))).status_code == 200


@pytest.mark.usefixtures("here")
def test_what_cannot_be_is_said_in_words() -> None:
    run("add-administrator", "boss", "--name", "总管理员")
    with pytest.raises(Conflict):
        run("add-administrator", "boss", "--name", "另一人")
    for login in ("Bad Login", "x", "张三", "-a", "a" * 41):
        with pytest.raises(Rejected, match="small letters"):
            run("add-administrator", "--name", "人", "--", login)
    with pytest.raises(NotFound):
        run("reset-password", "nobody-here")
    with pytest.raises(NotFound):
        run("add-administrator", "other", "--name", "人", "--territory", "999999")
    with pytest.raises(Rejected):
        run("add-demonstration")


async def test_a_demonstration_has_its_accounts_once(here: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RISKMAP_DEMO", "true")
    for _ in range(2):
        await asyncio.to_thread(run, "add-demonstration")
    # Without the demonstration's enterprise nobody can be appointed to it, and the zone was not drawn here.
    async with open_service(here, demo=True) as client:
        listed = (await client.get("/api/sign-in")).json()["accounts"]
        assert [one["login"] for one in listed] == [one.login for one in DEMO_ACCOUNTS]
        for login in ("city", "erdao", "gas", "analyst", "auditor", "admin"):
            assert (await sign_in(client, login, DEMO_PASSWORD)).status_code == 200, login
