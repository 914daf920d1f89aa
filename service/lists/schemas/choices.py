"""What the choosers of the filter offer, each choice under the word that the filter takes."""

from collections.abc import Iterable
from typing import Self

from pydantic import BaseModel

from service.codes.models import CodeEntry
from service.codes.schemas import CodeText
from service.grading.rules.grades import UNASSESSED, UNASSESSED_TEXT, Grade
from service.territories.schemas import TerritoryNode


class Choice(BaseModel):
    """One word of the filter with its name."""

    code: str
    name: CodeText


class CodeChoice(Choice):
    """One code with those below it; choosing it chooses them too."""

    children: list["CodeChoice"]


class CodeChoices(BaseModel):
    """The codes of the edition in force, as a tree in the order of the list."""

    edition: str
    items: list[CodeChoice]

    @classmethod
    def of(cls, edition: str, entries: Iterable[CodeEntry]) -> Self:
        """The tree of an edition whose parents come before their children."""
        roots: list[CodeChoice] = []
        shown: dict[str, CodeChoice] = {}
        for entry in entries:
            choice = CodeChoice(
                code=entry.code, name=CodeText(zh=entry.name_zh, en=entry.name_en), children=[]
            )
            shown[entry.code] = choice
            above = shown.get(entry.parent_code or "")
            (roots if above is None else above.children).append(choice)
        return cls(edition=edition, items=roots)


class FilterChoices(BaseModel):
    """All that the filter can be asked for, besides words. managing holds functional zones too, territories does not."""

    grades: list[Choice]
    bases: list[Choice]
    views: list[Choice]
    industries: CodeChoices
    accident_categories: CodeChoices
    control_levels: CodeChoices
    owners: list[Choice]
    positions: list[Choice]
    territories: list[TerritoryNode]
    managing: list[TerritoryNode]


def _choices(*named: tuple[str, str, str]) -> list[Choice]:
    return [Choice(code=code, name=CodeText(zh=zh, en=en)) for code, zh, en in named]


GRADES = _choices(
    *((grade.word, grade.text.zh, grade.text.en) for grade in Grade),
    (UNASSESSED, UNASSESSED_TEXT.zh, UNASSESSED_TEXT.en),
)
BASES = _choices(
    ("assessed", "评定风险", "assessed, with controls"),
    ("inherent", "固有风险", "inherent, without controls"),
    ("current", "当前（动态）风险", "current, with aggravations"),
)
VIEWS = _choices(
    ("located", "按行政区划", "by territory"), ("managed", "按管理权限", "by who answers for it")
)
OWNERS = _choices(("enterprise", "企业", "an enterprise"), ("region", "区域（公共）", "a region"))
POSITIONS = _choices(
    ("own", "自有坐标", "its own"),
    ("inherited", "随场所（待定位）", "its site's, to be located"),
    ("none", "无坐标（待定位）", "none, to be located"),
)
