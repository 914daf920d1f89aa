"""Chance that comes out the same on every machine and every Python.

Only `random.Random.random()` is used: its sequence for a seed is promised by the standard library, while `choice`,
`sample` and `gauss` have changed between releases or lean on the platform's mathematics.
"""

import hashlib
from collections.abc import Sequence
from random import Random
from typing import TypeVar

Item = TypeVar("Item")

SEED = "riskmap-220100-1"


class Chance:
    """A stream of chance with a name of its own, so that a change in one place does not stir up the others."""

    def __init__(self, *name: str) -> None:
        digest = hashlib.sha256("/".join((SEED, *name)).encode()).digest()
        self._random = Random(int.from_bytes(digest[:8], "big"))

    def unit(self) -> float:
        """A number from 0 to below 1."""
        return self._random.random()

    def below(self, end: int) -> int:
        """A whole number from 0 to below end."""
        return int(self._random.random() * end)

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + self.below(high - low + 1)

    def happens(self, share: float) -> bool:
        """Whether something with this probability happens."""
        return self._random.random() < share

    def pick(self, items: Sequence[Item]) -> Item:
        """One of the items."""
        return items[self.below(len(items))]

    def weighed(self, items: Sequence[tuple[Item, float]]) -> Item:
        """One of the items, by weight."""
        mark = self._random.random() * sum(weight for _, weight in items)
        for item, weight in items:
            mark -= weight
            if mark < 0:
                return item
        return items[-1][0]

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        """The items in another order (Fisher-Yates)."""
        shuffled = list(items)
        for last in range(len(shuffled) - 1, 0, -1):
            other = self.below(last + 1)
            shuffled[last], shuffled[other] = shuffled[other], shuffled[last]
        return shuffled

    def bell(self) -> float:
        """About a standard normal number, at most 6 away from 0: the sum of twelve uniform ones (exact additions)."""
        return sum(self._random.random() for _ in range(12)) - 6.0
