"""Who is asking: a plain value, handed down explicitly from the route to the row."""

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum


class Permission(StrEnum):
    """What a person may do, beside seeing rows; on which rows the scope says."""

    WRITE = "write"  # the register, by form
    IMPORT = "import"  # and by workbook
    EXPORT = "export"  # lists and maps as files
    CONTACTS = "contacts"  # people's names and telephones unmasked
    KEYS = "keys"  # keys for programs, of one's own
    PEOPLE = "people"  # accounts and appointments
    AUDIT = "audit"  # who did what


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Which rows. areas: territory paths (ltree text), whole. pairs: industry code + territory path as one ltree text
    (`gas.cn.220000.220100`), one industry of an area. enterprises: ids, whole. All empty: none."""

    areas: tuple[str, ...] = ()
    pairs: tuple[str, ...] = ()
    enterprises: tuple[int, ...] = ()


NOWHERE = Scope()


@dataclass(frozen=True, kw_only=True)
class Viewer(Scope):
    """A person, what they may see, and what they may do.

    homes: territory paths where the single enterprises are that they see: names to be known, and no rows.
    writes: the rows they may change, a part of those they see. governs: territory paths whose accounts they keep; audits:
    those whose audit they read. must_change: a first password, good for nothing but being changed. public: whoever asks, who
    is shown what the deployment publishes.
    """

    person: str
    name: str
    homes: tuple[str, ...] = ()
    writes: Scope = NOWHERE
    may: frozenset[Permission] = field(default=frozenset())
    governs: tuple[str, ...] = ()
    audits: tuple[str, ...] = ()
    must_change: bool = False
    public: bool = False

    @property
    def scope(self) -> str:
        """A short digest of what may be seen; part of every cache key and ETag."""
        rows = (sorted(self.areas), sorted(self.pairs), sorted(self.enterprises))
        # Of these the outlines are seen, no rows.
        parts = (*rows, sorted(self.homes), sorted(self.governs), sorted(self.audits))
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]

    @property
    def places(self) -> tuple[str, ...]:
        """The territory paths in which this viewer sees anything."""
        return tuple(
            dict.fromkeys((*self.areas, *(pair.partition(".")[2] for pair in self.pairs), *self.homes))
        )

    @property
    def writes_at(self) -> tuple[str, ...]:
        """The territory paths in which this viewer writes anything."""
        pairs = (pair.partition(".")[2] for pair in self.writes.pairs)
        return tuple(
            dict.fromkeys((*self.writes.areas, *pairs, *(self.homes if self.writes.enterprises else ())))
        )

    def settings(self) -> dict[str, str]:
        """The database settings that the row policies read, by name."""
        lists = {
            "areas": self.areas,
            "pairs": self.pairs,
            "enterprises": self.enterprises,
            "write_areas": self.writes.areas,
            "write_pairs": self.writes.pairs,
            "write_enterprises": self.writes.enterprises,
            "governs": self.governs,
            "audits": self.audits,
        }
        values = {f"riskmap.{name}": "{" + ",".join(map(str, one)) + "}" for name, one in lists.items()}
        return {"riskmap.person": self.person} | values


# Whoever has not signed in.
NOBODY = Viewer(person="", name="")
