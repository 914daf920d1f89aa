"""A slice of a checked register as it is kept until a person decides: what it looked up, what it saw, what it writes."""

import hashlib
import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from service.imports.rules.risk_point_register import RiskPointRegister
from service.imports.rules.risk_point_rows import Named, PointName

# The fastest: kept for minutes, and written once. A register repeats its words, so even that makes a tenth of it.
_LEVEL = 1


@dataclass(frozen=True, slots=True)
class Part:
    """One slice. asked: its points, packed. seen: a digest of what the register answered. rows: packed, by table."""

    asked: bytes
    seen: str
    rows: dict[str, bytes]


def pack_names(names: Iterable[Named]) -> bytes:
    """What points are known by, as it is kept."""
    rows = [(one.uscc, one.enterprise, one.number) for one in names]
    return zlib.compress(json.dumps(rows, ensure_ascii=False).encode(), _LEVEL)


def unpack_names(stored: bytes) -> list[PointName]:
    """What was asked for, in its order."""
    return [PointName(*row) for row in json.loads(zlib.decompress(stored))]


def pack_rows(rows: bytes) -> bytes:
    """The rows of one table as they are kept."""
    return zlib.compress(rows, _LEVEL)


def unpack_rows(stored: bytes) -> bytes:
    """The rows of one table."""
    return zlib.decompress(stored)


def digest_of(register: RiskPointRegister) -> str:
    """Equal only where the register answers the same, down to the last field; queries give it in one order."""
    return hashlib.sha256(repr(register).encode()).hexdigest()
