"""The chain of digests: what it proves and what it does not. Pure."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

Fault = Literal["changed", "removed", "gap", "inserted", "cut"]


@dataclass(frozen=True)
class Link:
    """One position of the chain. text: what the digest is taken over as the record is now, None where it is gone."""

    position: int
    record_id: int
    digest: bytes
    text: str | None


@dataclass
class Proof:
    """What a walk along the chain found. head: the last digest, to be kept elsewhere: a chain cut short is whole in itself.

    unsealed: records that wait for the sealer.
    """

    sealed: int = 0
    head: bytes = b""
    unsealed: int = 0
    faults: list[tuple[Fault, int]] = field(default_factory=list)


def digest_after(previous: bytes, text: str) -> bytes:
    """SHA-256 over the digest before and the record's text, as the sealer takes it (audit_seal)."""
    return hashlib.sha256(previous + text.encode()).digest()


def walk(links: Iterable[Link], proof: Proof | None = None) -> Proof:
    """Follow the chain, from where an earlier part of the walk ended.

    Faults name record ids, changed or removed since they were sealed; for a gap the position. After a fault the walk goes on
    from the digest that stands there, so that one changed record is one fault.
    """
    proof = proof or Proof()
    for link in links:
        if link.position != proof.sealed + 1:
            proof.faults.append(("gap", proof.sealed + 1))
        elif link.text is None:
            proof.faults.append(("removed", link.record_id))
        elif digest_after(proof.head, link.text) != link.digest:
            proof.faults.append(("changed", link.record_id))
        proof.sealed, proof.head = link.position, link.digest
    return proof
