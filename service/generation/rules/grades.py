"""How the points of an invented city are graded: by a published method, in shares a register of a city shows."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from service.grading.rules.methods import ScoringMethod
from service.grading.rules.verdicts import Verdict, assess

METHOD = "lec_fold_a"
# An assessor who writes L = 10 stops the work instead of registering it.
_LIKELIHOODS = ("6", "3", "1", "0.5", "0.2")
# By the worst plausible consequence C: shares of 重大, 较大 and 一般 among the assessed; the rest is 低. Together red
# stays well under 1 %, orange about 4 %, yellow about 25 %.
SHARES = {
    "100": (0.005, 0.08, 0.34),
    "40": (0.004, 0.07, 0.31),
    "15": (0.001, 0.028, 0.23),
    "7": (0.0, 0.01, 0.16),
    "3": (0.0, 0.0, 0.10),
    "1": (0.0, 0.0, 0.0),
}


@dataclass(frozen=True, slots=True)
class Graded:
    """A verdict of the method for a consequence C, the number-th of those that give the grade."""

    severity: str
    number: int
    verdict: Verdict


def plausible_verdicts(method: ScoringMethod) -> Iterator[Graded]:
    """Every verdict that plausible inputs of LEC give, numbered from 1 by consequence and grade."""
    exposures = next([value.value for value in axis.values] for axis in method.axes if axis.code == "E")
    for severity in SHARES:
        numbers: dict[int, int] = {}
        for likelihood, exposure in product(_LIKELIHOODS, exposures):
            verdict = assess(method, {"L": likelihood, "E": str(exposure), "C": severity})
            number = numbers[int(verdict.grade)] = numbers.get(int(verdict.grade), 0) + 1
            yield Graded(severity, number, verdict)


def grade_ends(severity: str) -> tuple[Decimal, Decimal, Decimal]:
    """Where the shares end, added up: below the first is 重大, below the second 较大, below the third 一般."""
    major, large, general = (Decimal(str(share)) for share in SHARES[severity])
    return major, major + large, major + large + general
