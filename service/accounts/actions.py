"""Signing in and out, passwords, keys, accounts and appointments. Everything runs in the caller's transaction."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.concurrency import run_in_threadpool
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from service.accounts import queries
from service.accounts.rules import passwords
from service.accounts.rules.roles import Appointment
from service.base.answers import INSUFFICIENT_PRIVILEGE
from service.base.database import sqlstate
from service.base.errors import Conflict, NotAllowed, NotFound, NotSignedIn, Rejected, TooMany
from service.base.viewer import Permission, Viewer

# OWASP's Argon2id parameters (Password Storage Cheat Sheet): 19 MiB, two passes, one lane.
HASHING = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19_456, parallelism=1),))
TOKEN_BYTES = 32
KEY_PREFIX = "rm_"


@dataclass(frozen=True)
class Origin:
    """Where a sign-in comes from: the client's address and what it calls itself."""

    address: str
    agent: str = ""


def digest(token: str) -> bytes:
    """SHA-256 of a token of full entropy: that needs no salt and no work factor."""
    return hashlib.sha256(token.encode()).digest()


@cache
def common_passwords() -> frozenset[str]:
    """The passwords that everybody tries first, in lower case, the commonest 30,000 of what was found in the open."""
    return frozenset(FREQUENCY_LISTS["passwords"])


@cache
def _nobodys_hash() -> str:
    """What a password is compared with where there is no such login, so that the answer takes as long."""
    return HASHING.hash(secrets.token_urlsafe())


async def guard_guessing(session: AsyncSession, login: str, origin: Origin, *, now: datetime) -> None:
    """Refuse a try that comes too soon after failures. Raises TooMany with the seconds to wait."""
    found = await queries.failures(session, digest(login), origin.address, since=now - passwords.REMEMBERED)
    waits = (
        passwords.waits_until(found.of_pair, found.pair_last),
        passwords.waits_until(found.of_address, found.address_last, free=passwords.FREE_TRIES_OF_ADDRESS),
    )
    until = max((one for one in waits if one is not None), default=None)
    if until is not None and until > now:
        seconds = int((until - now).total_seconds()) + 1
        raise TooMany(
            f"尝试次数过多，请 {seconds} 秒后再试。",
            f"Too many tries; wait {seconds} seconds.",
            details={"seconds": seconds},
        )


async def check_password(session: AsyncSession, login: str, password: str) -> int | None:
    """The id of the person whose password this is, its hash renewed where parameters were raised; None if it is not."""
    found = await queries.credential(session, login)
    stored = _nobodys_hash() if found is None else found["password_hash"]
    right, renewed = await run_in_threadpool(HASHING.verify_and_update, password, stored)
    if found is None or not right:
        return None
    if renewed is not None:
        await _write_own_password(session, login, expected=stored, hashed=renewed, renewed=True)
    return int(found["person_id"])


async def note_failure(session: AsyncSession, login: str, origin: Origin, *, now: datetime) -> None:
    """Remember a wrong password, of a login that may not even exist."""
    await session.execute(
        text("SELECT note_sign_in_failure(:digest, :address, :since)"),
        {"digest": digest(login), "address": origin.address, "since": now - passwords.REMEMBERED},
    )


async def open_session(
    session: AsyncSession, person_id: int, login: str, origin: Origin, *, now: datetime, lasts: timedelta
) -> str:
    """A new session's token, to be given to the browser and kept nowhere."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    await session.execute(
        text("SELECT open_session(:person, :digest, :ends, :address, :agent)"),
        {
            "person": person_id,
            "digest": digest(token),
            "ends": now + lasts,
            "address": origin.address,
            "agent": origin.agent,
        },
    )
    await session.execute(
        text("SELECT forget_sign_in_failures(:digest, :address)"),
        {"digest": digest(login), "address": origin.address},
    )
    return token


async def who(session: AsyncSession, token: str, *, idle: timedelta) -> Viewer:
    """Whose session was just opened."""
    found = await queries.by_session(await session.connection(), digest(token), idle=idle)
    assert found is not None
    return found.viewer


async def close_session(session: AsyncSession, token: str) -> None:
    """End one session; one that is over already stays so."""
    await session.execute(text("SELECT close_session(:digest)"), {"digest": digest(token)})


async def close_other_sessions(session: AsyncSession, person_id: int, token: str | None) -> int:
    """End all of a person's sessions but this one: how many."""
    ended = await session.scalar(
        text("SELECT close_sessions_of(:person, :digest)"),
        {"person": person_id, "digest": None if token is None else digest(token)},
    )
    return int(ended or 0)


def new_password(password: str, login: str) -> str:
    """The hash of a password that may be taken. Raises Rejected."""
    fault = passwords.password_fault(password, login=login, common=common_passwords())
    if fault is not None:
        raise Rejected(*fault, details={"field": "password"})
    return HASHING.hash(password)


async def change_password(session: AsyncSession, login: str, old: str, new: str) -> None:
    """One's own password. Raises NotAllowed for a wrong old one, Rejected for a poor new one, Conflict for two at once."""
    found = await queries.credential(session, login)
    if found is None or not await run_in_threadpool(HASHING.verify, old, found["password_hash"]):
        raise NotAllowed("原密码不正确。", "The old password is wrong.", details={"field": "old"})
    if old == new:
        raise Rejected(
            "新密码与原密码相同。", "The new password is the old one.", details={"field": "password"}
        )
    hashed = await run_in_threadpool(new_password, new, login)
    if not await _write_own_password(session, login, expected=found["password_hash"], hashed=hashed):
        raise Conflict("密码刚刚被修改过。", "The password was changed at this very moment.")


async def _write_own_password(
    session: AsyncSession, login: str, *, expected: str, hashed: str, renewed: bool = False
) -> bool:
    return bool(
        await session.scalar(
            text("SELECT set_own_password(:login, :expected, :hash, :renewed)"),
            {"login": login, "expected": expected, "hash": hashed, "renewed": renewed},
        )
    )


async def create_key(  # noqa: PLR0913 - whose, and each of the things that narrow a key
    session: AsyncSession,
    viewer: Viewer,
    *,
    name: str,
    expires_at: datetime,
    area: str | None = None,
    address: str | None = None,
    writes: bool = False,
) -> tuple[int, str]:
    """A key of the viewer's own: its id, and the secret that is shown this once. address: the only one it is good for.

    writes: whether it writes where its person does. Raises Rejected where they do not.
    """
    if writes and Permission.WRITE not in viewer.may:
        raise Rejected("您的角色不能写入。", "Your roles do not write.", details={"field": "writes"})
    secret = KEY_PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
    key_id = await session.scalar(
        text(
            "INSERT INTO api_key (person_id, name, prefix, key_digest, area, address, writes, expires_at)"
            " SELECT id, :name, :prefix, :digest, CAST(:area AS ltree), :address, :writes, :expires FROM person"
            " WHERE login = :login RETURNING id"
        ),
        {
            "name": name,
            "prefix": secret[: len(KEY_PREFIX) + 6],
            "digest": digest(secret),
            "area": area,
            "address": address,
            "writes": writes,
            "expires": expires_at,
            "login": viewer.person,
        },
    )
    if key_id is None:
        raise NotSignedIn("请先登录。", "Sign in first.")
    return int(key_id), secret


async def revoke_key(session: AsyncSession, key_id: int, *, link: bool, now: datetime) -> None:
    """End a key or a link for good: one's own, or that of a person whose account one keeps. Raises NotFound."""
    revoked = await session.scalar(
        text(
            "UPDATE api_key SET revoked_at = COALESCE(revoked_at, :now)"
            " WHERE id = :id AND (address IS NOT NULL) = :link RETURNING id"
        ),
        {"id": key_id, "link": link, "now": now},
    )
    if revoked is None:
        raise NotFound("没有这个密钥或链接。", "There is no such key or link.")


async def create_person(
    session: AsyncSession, *, login: str, name: str, phone: str | None, unit_path: str, password: str
) -> int:
    """An account with a first password, which is good for being changed. Raises Conflict, NotAllowed, Rejected."""
    hashed = await run_in_threadpool(new_password, password, login)
    try:
        async with session.begin_nested():
            person_id = await insert_person(session, login=login, name=name, phone=phone, unit_path=unit_path)
    except IntegrityError as error:
        raise Conflict("这个登录名已被使用。", "This login is taken.", details={"field": "login"}) from error
    except DBAPIError as error:
        raise _refused(error) from error
    await session.execute(
        text("SELECT set_first_password(:person, :hash)"), {"person": person_id, "hash": hashed}
    )
    return person_id


async def insert_person(
    session: AsyncSession,
    *,
    login: str,
    name: str,
    unit_path: str,
    phone: str | None = None,
    demo: bool = False,
) -> int:
    """An account without a password; its id. Raises what the database raises, and Rejected for a login that cannot be."""
    fault = passwords.login_fault(login)
    if fault is not None:
        raise Rejected(*fault, details={"field": "login"})
    person_id = await session.scalar(
        text(
            "INSERT INTO person (login, name, phone, unit_path, demo)"
            " VALUES (:login, :name, :phone, CAST(:unit AS ltree), :demo) RETURNING id"
        ),
        {"login": login, "name": name, "phone": phone, "unit": unit_path, "demo": demo},
    )
    return int(person_id or 0)


async def reset_password(session: AsyncSession, person_id: int, login: str, password: str) -> None:
    """A new first password for a person whose account one keeps; ends their sessions. Raises NotFound, Rejected."""
    hashed = await run_in_threadpool(new_password, password, login)
    done = await session.scalar(
        text("SELECT set_first_password(:person, :hash)"), {"person": person_id, "hash": hashed}
    )
    if not done:
        raise NotFound("没有这个人员。", "There is no such person.")


async def close_person(session: AsyncSession, person_id: int, *, now: datetime, closed: bool) -> None:
    """Close an account, ending its sessions, or open it again. Raises NotFound for one that is not the viewer's to keep."""
    changed = await session.scalar(
        text(
            "UPDATE person SET closed_at = CASE WHEN :closed THEN COALESCE(closed_at, :now) END, version = version + 1"
            " WHERE id = :id RETURNING id"
        ),
        {"id": person_id, "now": now, "closed": closed},
    )
    if changed is None:
        raise NotFound("没有这个人员。", "There is no such person.")
    if closed:
        await close_other_sessions(session, person_id, None)


async def appoint(session: AsyncSession, person_id: int, wanted: Appointment) -> int:
    """Give a role in a place that lies within the viewer's own. Raises Conflict, NotAllowed, Rejected."""
    if not wanted.fits:
        raise Rejected(
            "角色与范围不符：企业人员须指定企业，其他角色须指定区划，行业部门还须指定行业。",
            "Role and place do not fit: officers and workers have an enterprise, others an area, departments an industry too.",
        )
    try:
        async with session.begin_nested():
            return await insert_appointment(session, person_id, wanted)
    except IntegrityError as error:
        if "appointment_once" in str(error.orig):
            raise Conflict("该人员已有这项职责。", "The person has this appointment already.") from error
        raise
    except DBAPIError as error:
        raise _refused(error) from error


async def insert_appointment(session: AsyncSession, person_id: int, wanted: Appointment) -> int:
    """An appointment as it is; its id. Raises what the database raises."""
    found = await session.scalar(
        text(
            "INSERT INTO appointment (person_id, role, area, industry, enterprise_id)"
            " VALUES (:person, :role, CAST(:area AS ltree), :industry, :enterprise) RETURNING id"
        ),
        {
            "person": person_id,
            "role": wanted.role,
            "area": wanted.area,
            "industry": wanted.industry,
            "enterprise": wanted.enterprise,
        },
    )
    return int(found or 0)


async def end_appointment(
    session: AsyncSession, person_id: int, appointment_id: int, viewer: Viewer, *, now: datetime
) -> None:
    """End an appointment; it is at an end with the person's next request. Raises NotFound."""
    ended = await session.scalar(
        text(
            "UPDATE appointment SET ended_at = :now, ended_by = :by"
            " WHERE id = :id AND person_id = :person AND ended_at IS NULL RETURNING id"
        ),
        {"id": appointment_id, "person": person_id, "now": now, "by": viewer.person},
    )
    if ended is None:
        raise NotFound("没有这项职责。", "There is no such appointment.")


def _refused(error: DBAPIError) -> Exception:
    if sqlstate(error) != INSUFFICIENT_PRIVILEGE:
        return error
    return NotAllowed(
        "只能在您管理的范围内设立账号和授权。",
        "Accounts and appointments can be made only inside the area you keep.",
    )
