"""Levels, codes, keys and paths, and the tree that a country's boundary files describe."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from service.base.errors import Rejected


class Level(StrEnum):
    """What a territory is, the highest first; the order of this list is the order of writing."""

    COUNTRY = "country"
    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    TOWN = "town"
    FUNCTIONAL_ZONE = "functional_zone"
    ZONE_TOWN = "zone_town"


LEVEL_TITLES: dict[Level, tuple[str, str]] = {
    Level.COUNTRY: ("国家", "country"),
    Level.PROVINCE: ("省级", "province"),
    Level.CITY: ("地级", "city"),
    Level.DISTRICT: ("县级", "district"),
    Level.TOWN: ("乡级", "town"),
    Level.FUNCTIONAL_ZONE: ("功能区", "functional zone"),
    Level.ZONE_TOWN: ("功能区街镇", "zone town"),
}

# Which levels a parent may have. A city may stand directly below the country (直辖市, 特别行政区), a district directly
# below a province (台湾省), a town directly below a city without districts (东莞, 中山, 儋州, 嘉峪关).
PARENT_LEVELS: dict[Level, tuple[Level, ...]] = {
    Level.COUNTRY: (),
    Level.PROVINCE: (Level.COUNTRY,),
    Level.CITY: (Level.COUNTRY, Level.PROVINCE),
    Level.DISTRICT: (Level.PROVINCE, Level.CITY),
    Level.TOWN: (Level.CITY, Level.DISTRICT),
    Level.FUNCTIONAL_ZONE: (Level.CITY, Level.DISTRICT),
    Level.ZONE_TOWN: (Level.FUNCTIONAL_ZONE,),
}

STATUTORY = frozenset(Level) - {Level.FUNCTIONAL_ZONE, Level.ZONE_TOWN}

COUNTRY_KEY = "cn"
COUNTRY_NAME = "中国"

# 2 province + 2 city + 2 county (GB/T 2260), + 3 town (GB/T 10114), + 3 village (12-digit 统计用区划代码)
_CODE = re.compile(r"[0-9]{6}(?:[0-9]{3}){0,2}")
_KEY = re.compile(r"[a-z0-9_]{1,40}")
# 直辖市: GB/T 2260 lists their districts under a group 市辖区 (..0100) or 县 (..0200), which is no place of its own.
_MUNICIPAL_GROUP = re.compile(r"(11|12|31|50)0[12]00")


@dataclass(frozen=True, slots=True)
class Node:
    """A territory without its boundary. path: ltree text from the country down; its last label is the key."""

    id: int
    path: str
    key: str
    code: str | None
    level: Level
    name: str

    @property
    def statutory(self) -> bool:
        """Whether it is a division of the state, not a functional zone or a part of one."""
        return self.level in STATUTORY


@dataclass(frozen=True, slots=True)
class Planned:
    """A territory as it is to be; the parent is the label before the last of its path."""

    path: str
    code: str | None
    level: Level
    name: str

    @property
    def key(self) -> str:
        """The last label of the path."""
        return key_of(self.path)

    @property
    def parent_key(self) -> str | None:
        """The label before the last; None for the country."""
        labels = self.path.split(".")
        return labels[-2] if len(labels) > 1 else None


def key_of(path: str) -> str:
    """The last label of a path."""
    return path.rpartition(".")[2]


def is_within(path: str, area: str) -> bool:
    """Whether a path is an area's or lies below it."""
    return f"{path}.".startswith(f"{area}.")


def is_key(text: str) -> bool:
    """Whether a text may be a territory's key: what ltree takes as a label, in lower case, at most 40 characters."""
    return _KEY.fullmatch(text) is not None


def canonical_code(text: str) -> str | None:
    """The code without the zeros that only fill it up to 9 or 12 digits; None for what is no region code.

    220105000000 is 二道区 as 220105 is. Source: GB/T 2260-2007, GB/T 10114, 统计用区划代码.
    """
    if _CODE.fullmatch(text) is None:
        return None
    while len(text) > 6 and text.endswith("000"):
        text = text[:-3]
    return text


def code_candidates(text: str) -> tuple[str, ...]:
    """The codes that a text may mean, the nearest first: its own, then those of the town and the district above it.

    A village or town that is not in the tree is thereby found as its district; a district is never found as its city,
    because a wrong digit looks the same. Empty for what is no code.
    """
    code = canonical_code(text)
    if code is None:
        return ()
    if _MUNICIPAL_GROUP.fullmatch(code):
        return code, f"{code[:2]}0000"
    return tuple(code[:length] for length in (12, 9, 6) if length <= len(code))


def plan_country(
    *, provinces: Mapping[str, str], cities: Mapping[str, str], districts: Mapping[str, str]
) -> tuple[Planned, ...]:
    """The tree of three layers of names by six-digit code, parents before children.

    A code that stands in two layers is one place and becomes one node:
    - in provinces and cities: a province-level unit without cities of its own. 直辖市 and 特别行政区 are themselves the
      city, directly below the country; what is called a province (台湾省) stays one, its districts directly below it.
    - in cities and districts: a city without districts (东莞 441900) or a county-level unit directly under its province
      (仙桃 429004). It stands on the city tier, so that it can be served alone and its rows carry a city code.

    Raises Rejected, naming every code that has no parent.
    """
    planned = {COUNTRY_KEY: Planned(COUNTRY_KEY, None, Level.COUNTRY, COUNTRY_NAME)}
    orphans: list[str] = []

    def add(code: str, name: str, level: Level, parents: Iterable[str]) -> None:
        above = next((planned[parent] for parent in parents if parent in planned and parent != code), None)
        if above is None:
            orphans.append(code)
        else:
            planned[code] = Planned(f"{above.path}.{code}", code, level, name)

    for code, name in sorted(provinces.items()):
        whole = code in cities and not name.endswith(("省", "自治区"))
        add(code, name, Level.CITY if whole else Level.PROVINCE, (COUNTRY_KEY,))
    for code, name in sorted(cities.items()):
        if code not in planned:
            add(code, name, Level.CITY, (f"{code[:2]}0000",))
    for code, name in sorted(districts.items()):
        if code not in planned:
            add(code, name, Level.DISTRICT, (f"{code[:4]}00", f"{code[:2]}0000"))
    if orphans:
        raise Rejected(
            f"边界数据中有 {len(orphans)} 个区划找不到上级：{'、'.join(orphans[:20])}。",
            f"{len(orphans)} divisions of the boundary files have no parent: {', '.join(orphans[:20])}.",
            details={"codes": orphans},
        )
    return tuple(planned.values())


def branch(tree: Iterable[Planned], root: str) -> tuple[Planned, ...]:
    """A root with everything above and below it, in the order of the tree; empty when the root is not in it."""
    nodes = tuple(tree)
    path = next((node.path for node in nodes if node.key == root), None)
    if path is None:
        return ()
    return tuple(node for node in nodes if is_within(node.path, path) or is_within(path, node.path))


# The zoom from which a level is drawn, and up to which. Province borders end where a city fills the window: a polygon
# is never clipped, so each tile would carry all of them.
_DRAWN_AT: dict[Level, tuple[int, int]] = {
    Level.PROVINCE: (0, 8),
    Level.CITY: (5, 22),
    Level.DISTRICT: (7, 22),
    Level.FUNCTIONAL_ZONE: (8, 22),
    Level.TOWN: (11, 22),
    Level.ZONE_TOWN: (11, 22),
}


def levels_at(zoom: int) -> tuple[Level, ...]:
    """The levels drawn at a zoom of the web-mercator tiles."""
    return tuple(level for level, (first, last) in _DRAWN_AT.items() if first <= zoom <= last)
