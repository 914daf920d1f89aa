"""Accounts over HTTP."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from service.accounts.queries import Names, Row
from service.accounts.rules.passwords import LONGEST
from service.accounts.rules.roles import Role
from service.territories.rules.tree import Node

Login = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, min_length=1, max_length=40)]
Password = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST * 2)]
# A territory key is an ltree label.
Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_]{1,40}$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


class Strict(BaseModel):
    """A request body: what is not known is refused."""

    model_config = ConfigDict(extra="forbid")


class SignIn(Strict):
    """A login and its password."""

    login: Login
    password: Password


class SignedInOut(BaseModel):
    """What happened: whether the password has to be changed before anything else."""

    login: str
    name: str
    must_change: bool


class DemoAccount(BaseModel):
    """An account of the demonstration, with its password in the open."""

    login: str
    name: str
    role: Role
    password: str


class SignInPage(BaseModel):
    """What the sign-in page shows."""

    territory: str
    demo: bool
    accounts: list[DemoAccount]


class PasswordChange(Strict):
    """One's old password and the new one."""

    old: Password
    password: Password


class Named(BaseModel):
    """A territory, an industry or an enterprise by what people call it."""

    key: str
    name: str
    name_en: str | None = None


class AppointmentOut(BaseModel):
    """A role and the place it is about. enterprise: nobody's name where the viewer may not see the enterprise."""

    id: int
    role: Role
    area: Named | None
    industry: Named | None
    enterprise_id: int | None
    granted_at: datetime
    granted_by: str
    ended_at: datetime | None
    ended_by: str | None


class AccountOut(BaseModel):
    """One's own account."""

    login: str
    name: str
    phone: str | None
    unit: Named
    must_change: bool
    may: list[str]
    session_started_at: datetime | None
    appointments: list[AppointmentOut]


class PersonOut(BaseModel):
    """An account that the viewer keeps."""

    id: int
    login: str
    name: str
    phone: str | None
    unit: Named
    demo: bool
    closed_at: datetime | None
    created_at: datetime
    created_by: str
    appointments: list[AppointmentOut]


class People(BaseModel):
    """The accounts that the viewer keeps."""

    items: list[PersonOut]


class PersonIn(Strict):
    """A new account. unit: the territory whose administrators keep it; password: its first one."""

    login: Login
    name: Words
    phone: Annotated[str, StringConstraints(strip_whitespace=True, max_length=30)] | None = None
    unit: Key
    password: Password


class FirstPassword(Strict):
    """A first password for somebody who forgot theirs."""

    password: Password


class Closing(Strict):
    """Whether an account is closed."""

    closed: bool


class AppointmentIn(Strict):
    """A role in a place. area: a territory's key; industry: a code of the regulatory industries; enterprise: by its id."""

    role: Role
    area: Key | None = None
    industry: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,60}$")] | None = None
    enterprise: Annotated[int, Field(ge=1, le=2**63 - 1)] | None = None


class EnterpriseName(BaseModel):
    """An enterprise as an administrator tells it from others."""

    id: int
    name: str
    uscc: str | None


class EnterpriseNames(BaseModel):
    """Enterprises, the nearest first."""

    items: list[EnterpriseName]


class KeyIn(Strict):
    """A key for a program. area: no more than this part of what its person sees; writes: whether it may write features there;
    days: how long it is good."""

    name: Words
    area: Key | None = None
    writes: bool = False
    days: Annotated[int, Field(ge=1, le=366)] = 90


class LinkIn(Strict):
    """A link for a program that cannot sign in. address: what it opens, as it stands in an address bar or with {z}/{x}/{y}."""

    name: Words
    address: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
    hours: Annotated[int, Field(ge=1, le=31 * 24)] = 24


class KeyOut(BaseModel):
    """A key or a link, without its secret. address: the only one that a link opens. state: what it is good for now."""

    id: int
    name: str
    prefix: str
    area: Named | None
    address: str | None
    writes: bool
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    used_at: datetime | None
    state: Literal["good", "expired", "revoked"]

    @classmethod
    def of(cls, row: Row, nodes: Mapping[str, Node], *, now: datetime) -> "KeyOut":
        """A row of the table, with the name of its area."""
        state: Literal["good", "expired", "revoked"] = "good"
        if row["revoked_at"] is not None:
            state = "revoked"
        elif row["expires_at"] <= now:
            state = "expired"
        area = None if row["area"] is None else _named(nodes, row["area"])
        return cls.model_validate(dict(row) | {"area": area, "state": state})


class Keys(BaseModel):
    """One's own keys, the newest first."""

    items: list[KeyOut]


class NewKey(BaseModel):
    """A key as it is shown this once."""

    id: int
    secret: str
    expires_at: datetime


class NewLink(BaseModel):
    """A link as it is shown this once. path: below the address of the service, with the query that was asked for."""

    id: int
    path: str
    expires_at: datetime


class Created(BaseModel):
    """What was made, by its id."""

    id: int


class Ended(BaseModel):
    """How many sessions were ended."""

    sessions: int


def _named(nodes: Mapping[str, Node], path: str) -> Named:
    """A territory by its path; one that is no longer there goes by the last label of it."""
    node = nodes.get(path)
    label = path.rpartition(".")[2]
    return Named(key=label, name=label) if node is None else Named(key=node.key, name=node.name)


def named_area(names: Names, path: str) -> Named:
    """A territory by its path."""
    return _named(names.nodes, path)


def appointment_out(names: Names, row: Row) -> AppointmentOut:
    """An appointment with the names of its place."""
    industry = names.industries.get(row["industry"])
    return AppointmentOut(
        **{name: row[name] for name in ("id", "role", "granted_at", "granted_by", "ended_at", "ended_by")},
        area=None if row["area"] is None else named_area(names, row["area"]),
        industry=None
        if row["industry"] is None
        else Named(
            key=row["industry"],
            name=industry.zh if industry else row["industry"],
            name_en=industry.en if industry else None,
        ),
        enterprise_id=row["enterprise"],
    )


def person_out(names: Names, row: Row) -> PersonOut:
    """An account with its appointments."""
    return PersonOut(
        **{
            name: row[name]
            for name in ("id", "login", "name", "phone", "demo", "closed_at", "created_at", "created_by")
        },
        unit=named_area(names, row["unit_path"]),
        appointments=[appointment_out(names, one) for one in row["appointments"]],
    )
