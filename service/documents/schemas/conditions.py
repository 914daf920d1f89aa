"""A filter as a person reads it: names instead of codes."""

from collections.abc import Collection

from sqlalchemy.ext.asyncio import AsyncSession

from service.base.statements import driver_of
from service.codes import queries as code_queries
from service.codes.schemas import CodeText
from service.documents import queries
from service.documents.schemas.shapes import Condition
from service.risk_points.schemas.selection import Filter
from service.territories import queries as territory_queries

GRADES = {
    "major": CodeText(zh="重大", en="major"),
    "large": CodeText(zh="较大", en="large"),
    "general": CodeText(zh="一般", en="general"),
    "low": CodeText(zh="低", en="low"),
    "unassessed": CodeText(zh="未评价", en="not assessed"),
}
POSITIONS = {
    "own": CodeText(zh="有坐标", en="own position"),
    "inherited": CodeText(zh="待定位", en="at the site"),
    "none": CodeText(zh="无坐标", en="no position"),
}
OWNERS = {
    "enterprise": CodeText(zh="企业", en="enterprises"),
    "region": CodeText(zh="区域", en="regions"),
}


async def read_conditions(session: AsyncSession, wanted: Filter) -> list[Condition]:
    """Every condition but territory, basis and view, which a map states by themselves. The filter is known to be good."""
    found = [
        _listed("风险等级", "Grade", wanted.grade, GRADES),
        await _managing(session, wanted.managing),
        await _coded(session, ("监管行业", "Industry"), wanted.industry, "regulatory_industry"),
        await _coded(session, ("事故类别", "Accident category"), wanted.accident, "accident_category"),
        await _coded(session, ("管控层级", "Control level"), wanted.control, "control_level"),
        _listed("所属", "Owner", wanted.owner, OWNERS),
        _listed("位置来源", "Position", wanted.position, POSITIONS),
        _overdue(wanted.overdue),
        await _enterprise(session, wanted.enterprise),
        _words(wanted.text),
    ]
    return [condition for condition in found if condition is not None]


def _condition(zh: str, en: str, values: Collection[CodeText]) -> Condition:
    return Condition(
        name=CodeText(zh=zh, en=en),
        value=CodeText(zh="、".join(one.zh for one in values), en=", ".join(one.en for one in values)),
    )


def _listed(zh: str, en: str, words: str | None, names: dict[str, CodeText]) -> Condition | None:
    chosen = [names[word] for word in dict.fromkeys((words or "").split(",")) if word in names]
    return _condition(zh, en, chosen) if chosen and len(chosen) < len(names) else None


async def _coded(
    session: AsyncSession, title: tuple[str, str], words: str | None, list_id: str
) -> Condition | None:
    codes = [code for code in dict.fromkeys((words or "").split(",")) if code]
    if not codes:
        return None
    names = await code_queries.names_of(session, list_id, codes)
    texts = [CodeText(zh=names[c].zh, en=names[c].en) if c in names else CodeText(zh=c, en=c) for c in codes]
    return _condition(*title, texts)


async def _managing(session: AsyncSession, key: str | None) -> Condition | None:
    if key is None:
        return None
    name = (await territory_queries.by_key(session, key)).name
    return _condition("管理单位", "Managed by", [CodeText(zh=name, en=name)])


def _overdue(overdue: bool | None) -> Condition | None:
    if overdue is None:
        return None
    told = CodeText(zh="已逾期", en="overdue") if overdue else CodeText(zh="未逾期", en="not overdue")
    return _condition("复评", "Review", [told])


async def _enterprise(session: AsyncSession, enterprise: int | None) -> Condition | None:
    if enterprise is None:
        return None
    name = await queries.enterprise_name(await driver_of(session), enterprise)
    told = CodeText(zh=name, en=name) if name is not None else CodeText(zh="不可见", en="not visible")
    return _condition("企业", "Enterprise", [told])


def _words(text: str | None) -> Condition | None:
    words = (text or "").split()
    return (
        _condition("文字", "Words", [CodeText(zh=f"“{word}”", en=f"“{word}”") for word in words])
        if words
        else None
    )
