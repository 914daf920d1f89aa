"""Visitors who are somebody else: nobody yet, or a person whom a test has made."""

from typing import Any, cast

import psycopg
from playwright.async_api import Page

from tests.accounts import PASSWORD, Role, add_person, session_of
from tests.browser.conftest import DESKTOP, OpenVisitor
from tests.browser.server import SIGNED_IN, Server
from tests.browser.visitor import Visitor
from tests.conftest import Database

# What the console says of the answers that these tests provoke.
REFUSALS = ("status of 401", "status of 403", "status of 422", "status of 429", "status of 409")


async def open_stranger(open_visitor: OpenVisitor, server: Server, **options: object) -> Visitor:
    """Somebody in a window of their own who has not signed in."""
    visitor = await open_visitor(server, **({"viewport": DESKTOP} | options))
    await visitor.page.context.clear_cookies()
    visitor.forgiven.extend(REFUSALS)
    return visitor


async def open_as(
    open_visitor: OpenVisitor,
    server: Server,
    login: str,
    *roles: Role,
    unit: str = "cn.220000.220100",
    **options: object,
) -> Visitor:
    """A person who is signed in, in a window of their own."""
    visitor = await open_visitor(server, **({"viewport": DESKTOP} | options))
    token = session_of(server.database, add_person(server.database, login, *roles, unit=unit))
    await visitor.page.context.clear_cookies()
    await visitor.page.context.add_cookies([{**SIGNED_IN, "value": token}])
    return visitor


def change(database: Database, statement: str, *parameters: Any) -> None:
    """Do something to the database that no page does, as its owner."""
    with psycopg.connect(database.owner_url) as connection:
        connection.execute(cast(Any, statement), parameters or None)


async def sign_in(page: Page, login: str, password: str = PASSWORD) -> None:
    """Fill in the sign-in page and send it."""
    await page.locator("[data-input='login']").fill(login)
    await page.locator("[data-input='password']").fill(password)
    await page.locator("[data-sign-in] button[type='submit']").click()
