"""How places are ranked, and what a filter asks of points."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from service.base.errors import Rejected
from service.codes.rules.documents import Text
from service.grading.rules.grades import GRADE_WORDS, UNASSESSED


@dataclass(frozen=True, slots=True)
class Weights:
    """What a point of each grade weighs (worst first, not assessed last), and the least exposure that is counted."""

    version: str
    by_rank: tuple[float, ...]
    workers_at_least: int

    @property
    def by_word(self) -> dict[str, float]:
        """The weights by grade word."""
        return dict(zip((*GRADE_WORDS, UNASSESSED), self.by_rank, strict=True))


def read_weights(value: Mapping[str, Any]) -> Weights:
    """The weights of a setting. Raises Rejected for a row that says something else."""
    try:
        weights = Weights(
            version=str(value["version"]),
            by_rank=tuple(float(Decimal(str(value["weights"][word]))) for word in (*GRADE_WORDS, UNASSESSED)),
            workers_at_least=int(value["workers_at_least"]),
        )
    except (KeyError, TypeError, ValueError, InvalidOperation) as error:
        raise _unsound() from error
    worst_first = weights.by_rank[:-1]
    if (
        min(weights.by_rank) < 0
        or weights.workers_at_least < 1
        or list(worst_first) != sorted(worst_first, reverse=True)
    ):
        raise _unsound()
    return weights


def _unsound() -> Rejected:
    return Rejected(
        "排名权重的设置不完整：须给出版本、五个非负权重（等级越高权重不得越小）和至少为 1 的最低暴露人数。",
        "The ranking weights are not sound: a version, five weights that do not grow as grades get milder, and a least "
        "number of workers of 1 or more.",
    )


def explain_ranking(weights: Weights) -> Text:
    """How a ranking is made, in one paragraph of each language, for whoever reads it."""
    zh = "、".join(f"{name} {weights.by_word[word]:g}" for word, name in _NAMES_ZH.items())
    en = ", ".join(f"{word} {weight:g}" for word, weight in weights.by_word.items())
    least = weights.workers_at_least
    return Text(
        f"先比最高等级（就高），同级再比加权暴露密度：各风险点的等级权重（{zh}）× 暴露人数（未登记或不足 {least} 人的按 "
        f"{least} 人计）之和，除以面积（平方千米）。没有面积的排在同级末尾，按加权暴露比较。未评价的风险点也有权重，免得不评价"
        f"反而靠后。这是本系统自定的指标（权重版本 {weights.version}），不是国家或行业标准，也不是政府认定的区域风险等级。",
        "By the highest grade first; within it by weighted exposure density: the sum over risk points of the grade's weight "
        f"({en}) times the exposed workers (at least {least} a point, also where none are recorded), divided by the area in "
        "square kilometres. What has no area comes last within its grade, by weighted exposure alone. A point not "
        "assessed has a weight too, so that not assessing does not pay. This index is ours (weights version "
        f"{weights.version}), not an official standard, and not the regional risk level that government determines.",
    )


_NAMES_ZH = {"major": "重大", "large": "较大", "general": "一般", "low": "低", UNASSESSED: "未评价"}
