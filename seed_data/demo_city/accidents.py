"""Accident categories: the catalogue is written in GB 6441-2025, registers of before July 2026 in the 1986 edition."""

from collections.abc import Sequence
from datetime import date

FROM_2025_EDITION = date(2026, 7, 1)  # GB 6441-2025 is in force

# Where several new categories were one old category, the way back is unambiguous.
_NAME_OF_1986 = {
    "厂(场)内车辆致害": "车辆伤害",
    "道路(轨道)车辆致害": "车辆伤害",
    "机械致害": "机械伤害",
    "起重致害": "起重伤害",
    "跌落": "其他伤害",
    "水害": "透水",
    "管道爆炸": "其他爆炸",
    "可燃气体爆炸": "其他爆炸",
    "可燃液体蒸气爆炸": "其他爆炸",
    "粉尘爆炸": "其他爆炸",
    "其他可燃固体爆炸": "其他爆炸",
    "高温熔融物爆炸": "其他爆炸",
    "民用爆炸物品爆炸": "火药爆炸",
    "烟花爆竹爆炸": "火药爆炸",
    "中毒": "中毒和窒息",
    "窒息": "中毒和窒息",
    "滑坡": "坍塌",
    "泄漏": "其他伤害",
    "其他": "其他伤害",
}
_DANGEROUS_CROWD = ("火灾", "爆炸", "中毒")


def names_on(day: date | None, names: Sequence[str], *, boiler: bool) -> str:
    """The categories as a register of that day calls them; the newest edition where there is no day.

    boiler: a boiler's explosion had a category of its own in 1986.
    """
    if day is None or day >= FROM_2025_EDITION:
        return "；".join(names)
    old = ["锅炉爆炸" if boiler and name == "容器爆炸" else _NAME_OF_1986.get(name, name) for name in names]
    return "；".join(dict.fromkeys(old))


def endangers_a_crowd(names: Sequence[str]) -> bool:
    """Whether ten workers in such a place would make it 重大 at once (poisoning, explosion, fire; DB37/T 2882-2016)."""
    return any(mark in name for name in names for mark in _DANGEROUS_CROWD)
