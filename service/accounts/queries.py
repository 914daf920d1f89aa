"""Reads of accounts. People and appointments are behind row security; secrets are asked for through the owner's functions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from service.accounts.rules.roles import Appointment, of_key, viewer_of
from service.base.statements import driver_of, read, statement
from service.base.viewer import Viewer
from service.codes import queries as code_queries
from service.codes.rules.documents import Text as Words
from service.territories import queries as territory_queries
from service.territories.rules.tree import Node

Row = Mapping[str, Any]


@dataclass(frozen=True)
class SignedIn:
    """Whose request it is. started_at: of the session; None where a key was shown. address: the only one that a link opens."""

    person_id: int
    viewer: Viewer
    started_at: datetime | None = None
    address: str | None = None


@dataclass(frozen=True)
class Failures:
    """Failed sign-ins that are remembered: of this login from this address, and from this address at all."""

    of_pair: int
    pair_last: datetime | None
    of_address: int
    address_last: datetime | None


def _appointments(found: list[dict[str, Any]]) -> list[Appointment]:
    return [
        Appointment(one["role"], one["area"], one["industry"], one["enterprise"], tuple(one["homes"]))
        for one in found
    ]


async def by_session(
    connection: AsyncConnection, digest: bytes, *, idle: timedelta, used: bool = True
) -> SignedIn | None:
    """Whose session this is; None for one that ended, was idle too long, or never was.

    used: whether a person asks, and not a page by itself.
    """
    row = (
        await connection.execute(
            text("SELECT * FROM resolve_session(:digest, :idle, :used)"),
            {"digest": digest, "idle": idle, "used": used},
        )
    ).one_or_none()
    if row is None:
        return None
    viewer = viewer_of(row.login, row.name, _appointments(row.appointments), must_change=row.must_change)
    return SignedIn(row.person_id, viewer, row.started_at)


async def by_key(connection: AsyncConnection, digest: bytes, *, writing: bool) -> SignedIn | None:
    """Whose key this is; None for one that expired, was revoked, or never was.

    writing: whether it is shown where a key may write. The forms also show what a key does not: people's names.
    """
    row = (
        await connection.execute(text("SELECT * FROM resolve_key(:digest)"), {"digest": digest})
    ).one_or_none()
    if row is None:
        return None
    viewer = viewer_of(row.login, row.name, _appointments(row.appointments))
    return SignedIn(
        row.person_id, of_key(viewer, row.area, writes=row.writes and writing), address=row.address
    )


async def credential(session: AsyncSession, login: str) -> Row | None:
    """person_id, password_hash, must_change of an open account."""
    row = (await session.execute(text("SELECT * FROM credential_of(:login)"), {"login": login})).one_or_none()
    return None if row is None else dict(row._mapping)


async def failures(session: AsyncSession, digest: bytes, address: str, *, since: datetime) -> Failures:
    """The failed sign-ins since a moment."""
    row = (
        await session.execute(
            text("SELECT * FROM sign_in_failures(:digest, :address, :since)"),
            {"digest": digest, "address": address, "since": since},
        )
    ).one()
    return Failures(row.of_pair, row.pair_last, row.of_address, row.address_last)


@dataclass(frozen=True)
class Names:
    """What people call the places of appointments: territories by path, industries by code."""

    nodes: Mapping[str, Node]
    industries: Mapping[str, Words]


async def names_for(session: AsyncSession, people: Sequence[Row]) -> Names:
    """The names of all places that some accounts are about."""
    held = [one for row in people for one in row["appointments"]]
    paths = {one["area"] for one in held if one["area"]} | {row["unit_path"] for row in people}
    codes = {one["industry"] for one in held if one["industry"]}
    return Names(
        await territory_queries.by_paths(session, paths),
        await code_queries.names_of(session, "regulatory_industry", codes),
    )


async def is_industry(session: AsyncSession, code: str) -> bool:
    """Whether there is such a regulatory industry."""
    return bool(await code_queries.names_of(session, "regulatory_industry", [code]))


async def people(session: AsyncSession) -> list[Row]:
    """The accounts a viewer keeps, and their own; with their appointments, those that ended too."""
    return [*await read(await driver_of(session), statement("accounts", "list_people"), {"id": None})]


async def person(session: AsyncSession, person_id: int) -> Row | None:
    """One account with its appointments; None for one that is not there or not the viewer's to see."""
    rows = await read(await driver_of(session), statement("accounts", "list_people"), {"id": person_id})
    return rows[0] if rows else None


async def governed_enterprises(session: AsyncSession, words: str, *, limit: int) -> list[Row]:
    """id, name, uscc of the enterprises that lie inside what a viewer governs: by part of the name, credit code, or number."""
    found = await session.execute(
        text("SELECT id, name, uscc FROM find_governed_enterprises(:words, :most)"),
        {"words": words, "most": limit},
    )
    return [dict(row._mapping) for row in found]


async def keys(session: AsyncSession, login: str, *, links: bool) -> list[Row]:
    """A person's keys, or their links, the newest first. Their secrets are nowhere."""
    asked = {"login": login, "links": links}
    return [*await read(await driver_of(session), statement("accounts", "list_keys"), asked)]
