"""Roles, what comes with them, and the viewer that appointments make."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from service.base.viewer import NOWHERE, Permission, Scope, Viewer

Role = Literal[
    "regulator", "department", "inspector", "officer", "worker", "analyst", "auditor", "administrator"
]


@dataclass(frozen=True)
class Duty:
    """What a role comes with: rows to see and write, of its area or enterprise; accounts to keep; an audit to read."""

    sees: bool = False
    writes: bool = False
    governs: bool = False
    audits: bool = False
    may: frozenset[Permission] = frozenset()


_REGISTER = frozenset({Permission.WRITE, Permission.IMPORT, Permission.EXPORT, Permission.CONTACTS})

# Who does what by the two-level system: government supervises by area and by industry, enterprises keep their register
# (安委办〔2016〕3号 三; shared by the provincial rules). Inspectors and workers look, and record by ways of their own.
DUTIES: dict[Role, Duty] = {
    "regulator": Duty(sees=True, writes=True, may=_REGISTER | {Permission.KEYS}),
    "department": Duty(sees=True, writes=True, may=_REGISTER | {Permission.KEYS}),
    "inspector": Duty(sees=True),
    "officer": Duty(sees=True, writes=True, may=_REGISTER),
    "worker": Duty(sees=True),
    "analyst": Duty(sees=True, may=frozenset({Permission.EXPORT, Permission.KEYS})),
    "auditor": Duty(audits=True, may=frozenset({Permission.AUDIT})),
    "administrator": Duty(governs=True, may=frozenset({Permission.PEOPLE})),
}

# What a key may do whoever holds it, and one that was made to write, where features are written (routes/door.py).
KEY_MAY = frozenset({Permission.EXPORT})
WRITING_KEY_MAY = KEY_MAY | {Permission.WRITE}


@dataclass(frozen=True)
class Appointment:
    """One role in one place: an area, an industry of an area, or an enterprise. homes: where that enterprise is."""

    role: Role
    area: str | None = None
    industry: str | None = None
    enterprise: int | None = None
    homes: tuple[str, ...] = ()

    @property
    def fits(self) -> bool:
        """Whether role and place go together; the table says the same."""
        if self.role in {"officer", "worker"}:
            return self.enterprise is not None and self.area is None and self.industry is None
        if self.enterprise is not None or self.area is None:
            return False
        return (
            self.industry is not None
            if self.role == "department"
            else self.industry is None or self.role == "analyst"
        )

    @property
    def rows(self) -> Scope:
        """The rows it is about."""
        if self.enterprise is not None:
            return Scope(enterprises=(self.enterprise,))
        if self.area is None:
            return NOWHERE
        if self.industry is not None:
            return Scope(pairs=(f"{self.industry}.{self.area}",))
        return Scope(areas=(self.area,))


def viewer_of(
    login: str, name: str, appointments: Sequence[Appointment], *, must_change: bool = False
) -> Viewer:
    """The viewer that a person's appointments make together. With a first password unchanged: nobody's eyes yet."""
    if must_change:
        return Viewer(person=login, name=name, must_change=True)
    held = [(one, DUTIES[one.role]) for one in appointments]
    sees = _together(one.rows for one, duty in held if duty.sees)
    return Viewer(
        person=login,
        name=name,
        areas=sees.areas,
        pairs=sees.pairs,
        enterprises=sees.enterprises,
        homes=tuple(sorted({path for one, duty in held if duty.sees for path in one.homes})),
        writes=_together(one.rows for one, duty in held if duty.writes),
        may=frozenset().union(*(duty.may for _, duty in held)),
        governs=_together(one.rows for one, duty in held if duty.governs).areas,
        audits=_together(one.rows for one, duty in held if duty.audits).areas,
    )


def of_key(viewer: Viewer, area: str | None, *, writes: bool = False) -> Viewer:
    """What a key shows of what its person sees: only what lies in the key's area if it has one, and nothing is written unless
    it was made to."""
    seen = Scope(areas=viewer.areas, pairs=viewer.pairs, enterprises=viewer.enterprises)
    return Viewer(
        person=viewer.person,
        name=viewer.name,
        homes=viewer.homes if area is None else (),
        writes=_part(viewer.writes, area) if writes else NOWHERE,
        may=viewer.may & (WRITING_KEY_MAY if writes else KEY_MAY),
        **vars(_part(seen, area)),
    )


def _part(scope: Scope, area: str | None) -> Scope:
    """What of a scope lies in an area; single enterprises do not, as they may have sites beyond it."""
    if area is None:
        return scope
    pairs = [(pair.partition(".")[0], pair.partition(".")[2]) for pair in scope.pairs]
    return Scope(
        areas=tuple(both for one in scope.areas if (both := _within(one, area))),
        pairs=tuple(
            f"{industry}.{both}" for industry, path in pairs if (both := _within(path, area)) is not None
        ),
    )


def _within(one: str, other: str) -> str | None:
    """The smaller of two areas where one holds the other; areas never overlap otherwise."""
    if f"{one}.".startswith(f"{other}."):
        return one
    return other if f"{other}.".startswith(f"{one}.") else None


def _together(scopes: Iterable[Scope]) -> Scope:
    """All rows of several scopes; an area within another adds nothing."""
    found = list(scopes)
    areas = sorted({area for one in found for area in one.areas})
    pairs = sorted({pair for one in found for pair in one.pairs})
    return Scope(
        areas=tuple(_outermost(areas)),
        pairs=tuple(_outermost(pairs)),
        enterprises=tuple(sorted({firm for one in found for firm in one.enterprises})),
    )


def _outermost(paths: list[str]) -> list[str]:
    return [path for path in paths if not any(path.startswith(f"{other}.") for other in paths)]
