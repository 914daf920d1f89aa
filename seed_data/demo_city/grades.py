"""The arithmetic of LEC (fold A) and LS (V1) as the generator needs it: which inputs lead to an intended grade.

The service grades by its own published definitions; tests hold every row of the sheets against those.
"""

from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction
from functools import cache

from seed_data.demo_city.catalogue import Kind


class Grade(StrEnum):
    """The four grades, the worst first, by their words in the sheets."""

    MAJOR = "重大"
    LARGE = "较大"
    GENERAL = "一般"
    LOW = "低"

    @property
    def rank(self) -> int:
        """1 for the worst; the exchange code riskClass."""
        return _ORDER.index(self) + 1

    @property
    def word(self) -> str:
        """The word on the wire."""
        return self.name.lower()


_ORDER = (Grade.MAJOR, Grade.LARGE, Grade.GENERAL, Grade.LOW)
UNASSESSED = "unassessed"

# What the upper level controls, every lower level controls too, so the highest level says all. 重大 and 较大 belong to
# the company, 一般 to the workshop, 低 to the team.
CONTROL_LEVELS = {Grade.MAJOR: "公司", Grade.LARGE: "公司", Grade.GENERAL: "车间", Grade.LOW: "班组"}

# L values that an honest assessor uses in practice, with how often
_LEC_L = {"6": 1.0, "3": 5.0, "1": 8.0, "0.5": 6.0, "0.2": 2.0}
_LS_L = {"5": 0.5, "4": 2.0, "3": 5.0, "2": 8.0, "1": 5.0}
# C of LEC -> S of LS with the same consequence: death, lost ability to work, fracture, minor injury
_S_OF_C = {"100": "5", "40": "5", "15": "5", "7": "4", "3": "3", "1": "2"}

_CONSEQUENCE_BY_C = {
    "40": "可能造成数人死亡",
    "15": "可能造成1人死亡",
    "7": "可能造成人员重伤",
    "3": "可能造成人员致残",
    "1": "一般只需现场救护",
}
_CONSEQUENCE_BY_S = {
    "5": "可能造成人员死亡",
    "4": "可能造成人员丧失劳动能力",
    "3": "可能造成骨折等伤害",
    "2": "可能造成人员轻微受伤",
}

Inputs = tuple[tuple[str, str], ...]  # axis -> value, in the order of the method


def lec_grade(likelihood: str, exposure: str, consequence: str) -> Grade:
    """D = L × E × C: above 320 重大, from 160 较大, from 70 一般, else 低."""
    score = Fraction(likelihood) * Fraction(exposure) * Fraction(consequence)
    if score > 320:
        return Grade.MAJOR
    return Grade.LARGE if score >= 160 else Grade.GENERAL if score >= 70 else Grade.LOW


def ls_grade(likelihood: str, severity: str) -> Grade:
    """R = L × S: from 20 重大, from 15 较大, from 9 一般, else 低."""
    score = int(likelihood) * int(severity)
    if score >= 20:
        return Grade.MAJOR
    return Grade.LARGE if score >= 15 else Grade.GENERAL if score >= 9 else Grade.LOW


@cache
def choices(kind: Kind, method: str, grade: Grade) -> Sequence[tuple[Inputs, float]]:
    """The plausible inputs that give a kind this grade by LEC or LS, with weights; empty where there are none."""
    if method == "LEC":
        return [
            ((("l", likelihood), ("e", exposure), ("c", consequence)), weight)
            for likelihood, weight in _LEC_L.items()
            for exposure in kind.exposure
            for consequence in kind.severity
            if lec_grade(likelihood, exposure, consequence) is grade
        ]
    severities = list(dict.fromkeys(_S_OF_C[consequence] for consequence in kind.severity))
    return [
        ((("l", likelihood), ("s", severity)), weight)
        for likelihood, weight in _LS_L.items()
        for severity in severities
        if ls_grade(likelihood, severity) is grade
    ]


def consequence(harm: str, inputs: Inputs, *, worst: bool = False) -> str:
    """The possible consequence in words that fit the C or S value; the harm alone where nothing was assessed."""
    given = dict(inputs)
    clause = _CONSEQUENCE_BY_C.get(given.get("c", "")) or _CONSEQUENCE_BY_S.get(given.get("s", ""))
    if worst and clause is None:
        clause = _CONSEQUENCE_BY_C["40"]
    return harm if clause is None else f"{harm}，{clause}"
