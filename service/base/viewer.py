"""Who is asking: a plain value, handed down explicitly from the route to the row."""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """A person and what they may see.

    areas: territory paths (ltree text) seen whole. pairs: industry code + territory path, as one ltree text
    (`gas.cn.220000.220100`), for those who see one industry of an area. enterprises: ids seen whole.
    All empty means: sees nothing.
    """

    person: str
    name: str
    areas: tuple[str, ...] = ()
    pairs: tuple[str, ...] = ()
    enterprises: tuple[int, ...] = ()

    @property
    def scope(self) -> str:
        """A short digest of what may be seen; part of every cache key and ETag."""
        parts = (sorted(self.areas), sorted(self.pairs), sorted(self.enterprises))
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]

    @property
    def places(self) -> tuple[str, ...]:
        """The territory paths of which this viewer sees anything by area or industry."""
        return (*self.areas, *(pair.partition(".")[2] for pair in self.pairs))

    def settings(self) -> dict[str, str]:
        """The database settings that the row policies read, by name."""
        return {
            "riskmap.person": self.person,
            "riskmap.areas": "{" + ",".join(self.areas) + "}",
            "riskmap.pairs": "{" + ",".join(self.pairs) + "}",
            "riskmap.enterprises": "{" + ",".join(map(str, self.enterprises)) + "}",
        }
