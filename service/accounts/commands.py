"""riskmap people …: the first administrator, and the way back in for whoever runs the server."""

import secrets
from typing import Annotated

import typer
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from service.accounts.actions import HASHING, insert_appointment, insert_person, new_password
from service.accounts.rules.demo import DEMO_ACCOUNTS, DEMO_PASSWORD
from service.accounts.rules.roles import Appointment
from service.base.commands import Addresses, as_owner, on_database, say
from service.base.errors import Conflict, NotFound, Rejected
from service.base.settings import Settings
from service.territories import queries as territory_queries

people = typer.Typer(no_args_is_help=True, help="人员与权限 · accounts")


@people.command("add-administrator")
def add_administrator(
    login: Annotated[str, typer.Argument(help="The login: small letters, digits, dots and hyphens.")],
    name: Annotated[str, typer.Option(help="The person's name.")],
    territory: Annotated[
        str | None, typer.Option(help="Key of the area; the whole deployment if absent.")
    ] = None,
) -> None:
    """Make an account that can make all others, and print its first password, which has to be changed."""

    async def add(settings: Settings, addresses: Addresses) -> None:
        password = secrets.token_urlsafe(12)
        async with as_owner(settings, addresses) as session:
            unit = (await territory_queries.by_key(session, territory or settings.territory)).path
            if await _exists(session, login):
                raise Conflict(f"登录名 {login} 已被使用。", f"The login {login} is taken.")
            person_id = await insert_person(session, login=login, name=name, unit_path=unit)
            await insert_appointment(session, person_id, Appointment("administrator", unit))
            await _set_password(session, person_id, new_password(password, login), must_change=True)
        say(f"{login}  初始密码 · first password: {password}")

    on_database(add)


@people.command("reset-password")
def reset_password(login: Annotated[str, typer.Argument(help="Whose password.")]) -> None:
    """Give an account a new first password, print it, and end its sessions."""

    async def reset(settings: Settings, addresses: Addresses) -> None:
        password = secrets.token_urlsafe(12)
        async with as_owner(settings, addresses) as session:
            person_id = await session.scalar(
                text("SELECT id FROM person WHERE login = :login"), {"login": login}
            )
            if person_id is None:
                raise NotFound(f"没有登录名 {login}。", f"There is no login {login}.")
            await _set_password(session, person_id, new_password(password, login), must_change=True)
            await session.execute(text("SELECT close_sessions_of(:id, NULL)"), {"id": person_id})
        say(f"{login}  初始密码 · first password: {password}")

    on_database(reset)


@people.command("add-demonstration")
def add_demonstration() -> None:
    """Make the accounts of the demonstration, whose passwords everybody may know; only with RISKMAP_DEMO."""

    async def add(settings: Settings, addresses: Addresses) -> None:
        if not settings.demo:
            raise Rejected(
                "只有演示环境（RISKMAP_DEMO=true）才有演示账号。",
                "Only a demonstration (RISKMAP_DEMO=true) has accounts that everybody may use.",
            )
        await load_demo_accounts(settings, addresses)

    on_database(add)


async def load_demo_accounts(settings: Settings, addresses: Addresses) -> None:
    """The accounts that a demonstration's sign-in page shows; those that are there stay as they are."""
    async with as_owner(settings, addresses) as session:
        hashed = HASHING.hash(DEMO_PASSWORD)
        for one in DEMO_ACCOUNTS:
            if await _exists(session, one.login):
                continue
            area = None if one.area is None else await _path(session, one.area)
            firm: int | None = await session.scalar(
                text("SELECT id FROM enterprise WHERE uscc = :uscc"), {"uscc": one.enterprise}
            )
            if (one.area and area is None) or (one.enterprise and firm is None):
                continue  # another city's demonstration has neither this zone nor this enterprise
            unit = await territory_queries.by_key(session, settings.territory)
            person_id = await insert_person(
                session, login=one.login, name=one.name, unit_path=area or unit.path, demo=True
            )
            await insert_appointment(session, person_id, Appointment(one.role, area, one.industry, firm))
            await _set_password(session, person_id, hashed, must_change=False)


async def _exists(session: AsyncSession, login: str) -> bool:
    return bool(
        await session.scalar(
            text("SELECT EXISTS (SELECT FROM person WHERE login = :login)"), {"login": login}
        )
    )


async def _path(session: AsyncSession, key: str) -> str | None:
    try:
        return (await territory_queries.by_key(session, key)).path
    except NotFound:
        return None


async def _set_password(session: AsyncSession, person_id: int, hashed: str, *, must_change: bool) -> None:
    await session.execute(
        text(
            "INSERT INTO credential (person_id, password_hash, must_change) VALUES (:id, :hash, :must)"
            " ON CONFLICT (person_id) DO UPDATE SET password_hash = excluded.password_hash,"
            " must_change = excluded.must_change, changed_at = now()"
        ),
        {"id": person_id, "hash": hashed, "must": must_change},
    )
