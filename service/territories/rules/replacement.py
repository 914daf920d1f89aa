"""What a file of better boundaries and new zones may say; every fault is found, not only the first."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from service.territories.rules.tree import (
    LEVEL_TITLES,
    PARENT_LEVELS,
    STATUTORY,
    Level,
    Node,
    Planned,
    canonical_code,
    is_key,
    key_of,
)

# Divisions above the town come from the loaded country; a file that brings one as new is for a place not loaded yet.
_MAY_BE_NEW = (Level.TOWN, Level.FUNCTIONAL_ZONE, Level.ZONE_TOWN)
_TOWN_DIGITS = 9  # GB/T 10114: six digits of the district and three of the town
_ORDER = {level: place for place, level in enumerate(Level)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One feature of a file, as it stands there. shape: MultiPolygon as WKB, None where it could not be read."""

    feature: int  # its place in the file, from 1
    key: str | None
    code: str | None
    name: str | None
    level: Level | None
    parent: str | None
    indicative: bool
    shape: bytes | None


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a feature is refused: a code for programs and a sentence each for people."""

    feature: int
    key: str | None
    code: str
    zh: str
    en: str

    def wire(self) -> dict[str, object]:
        """The shape of one problem in the details of an error."""
        return {
            "feature": self.feature,
            "key": self.key,
            "code": self.code,
            "message": {"zh": self.zh, "en": self.en},
        }


@dataclass(frozen=True, slots=True)
class Replacement:
    """A feature that may be written: what is drawn, and the territory it becomes.

    rivals: a word that this territory shares with all those it must not overlap.
    """

    drawn: Drawn
    planned: Planned
    rivals: str


class _Refused(Exception):
    """One feature's problem: code, Chinese and English sentence."""


def plan_replacement(
    drawn: Iterable[Drawn], *, stored: Mapping[str, Node], retired: frozenset[str]
) -> tuple[tuple[Replacement, ...], tuple[Problem, ...]]:
    """The territories that the features become, parents first, and what is wrong with the rest.

    stored: the current territories by key, which is their code where they have one; retired: keys out of force.
    """
    features = tuple(drawn)
    times = Counter(_identity(feature) for feature in features)
    known = {key: Planned(node.path, node.code, node.level, node.name) for key, node in stored.items()}
    good: list[Replacement] = []
    problems: list[Problem] = []
    for feature in sorted(
        features, key=lambda feature: (_ORDER[_level_of(feature, stored)], feature.feature)
    ):
        key = _identity(feature)
        try:
            if key is not None and times[key] > 1:
                raise _Refused(
                    "duplicate",
                    f"“{key}”在文件中出现 {times[key]} 次。",
                    f"{key} stands in the file {times[key]} times.",
                )
            if key in retired:
                raise _Refused("retired", f"“{key}”已停用。", f"{key} is no longer in force.")
            node = None if key is None else stored.get(key)
            planned = _create(feature, key, known) if node is None else _change(feature, node)
        except _Refused as refusal:
            problems.append(Problem(feature.feature, key, *refusal.args))
        else:
            known[planned.key] = planned
            good.append(Replacement(feature, planned, _rivals(planned, known)))
    return tuple(good), tuple(problems)


def _identity(feature: Drawn) -> str | None:
    """What a feature calls itself: its key, else its code without filling zeros."""
    if feature.key is not None or feature.code is None:
        return feature.key
    return canonical_code(feature.code) or feature.code


def _level_of(feature: Drawn, stored: Mapping[str, Node]) -> Level:
    node = stored.get(_identity(feature) or "")
    return node.level if node else feature.level or Level.ZONE_TOWN


def _change(feature: Drawn, node: Node) -> Planned:
    """An existing territory with a new boundary, perhaps a new name. Its place in the tree stays."""
    if feature.code is not None and canonical_code(feature.code) != node.code:
        raise _Refused(
            "code_differs",
            f"“{node.key}”的代码是 {node.code or '（无）'}，而不是 {feature.code}。",
            f"The code of {node.key} is {node.code or 'none'}, not {feature.code}.",
        )
    if feature.level is not None and feature.level != node.level:
        (is_zh, is_en), (said_zh, said_en) = LEVEL_TITLES[node.level], LEVEL_TITLES[feature.level]
        raise _Refused(
            "level_differs",
            f"“{node.name}”的层级是{is_zh}，而不是{said_zh}。",
            f"{node.name} is a {is_en}, not a {said_en}.",
        )
    above = key_of(node.path.rpartition(".")[0])
    if feature.parent is not None and (canonical_code(feature.parent) or feature.parent) != above:
        raise _Refused(
            "parent_differs",
            f"“{node.name}”的上级是 {above}，而不是 {feature.parent}；替换边界不改变隶属关系。",
            f"The parent of {node.name} is {above}, not {feature.parent}; a boundary does not move it in the tree.",
        )
    return Planned(node.path, node.code, node.level, feature.name or node.name)


def _create(feature: Drawn, key: str | None, known: Mapping[str, Planned]) -> Planned:
    """A territory that does not exist yet."""
    if key is None:
        raise _Refused("key_missing", "缺少 key 或 code。", "It has neither key nor code.")
    if feature.level is None:
        raise _Refused(
            "unknown_territory",
            f"没有区划“{key}”；若要新建，请写明 level、name、parent。",
            f"There is no territory {key}; to make one, state level, name and parent.",
        )
    level_zh, level_en = LEVEL_TITLES[feature.level]
    if feature.level not in _MAY_BE_NEW:
        raise _Refused(
            "not_loaded",
            f"没有{level_zh}区划“{key}”，请先用 riskmap territories load 载入。",
            f"There is no {level_en} {key}; load it first by riskmap territories load.",
        )
    if feature.name is None:
        raise _Refused("name_missing", f"新建“{key}”缺少 name。", f"The new {key} has no name.")
    if feature.parent is None:
        raise _Refused("parent_missing", f"新建“{key}”缺少 parent。", f"The new {key} has no parent.")
    parent = known.get(canonical_code(feature.parent) or feature.parent)
    if parent is None:
        raise _Refused(
            "unknown_parent",
            f"“{key}”的上级“{feature.parent}”不存在。",
            f"There is no {feature.parent}, the parent of {key}.",
        )
    if parent.level not in PARENT_LEVELS[feature.level]:
        parent_zh, parent_en = LEVEL_TITLES[parent.level]
        raise _Refused(
            "level_order",
            f"{level_zh}“{key}”不能隶属于{parent_zh}“{parent.name}”。",
            f"{key}, a {level_en}, cannot stand below {parent.name}, a {parent_en}.",
        )
    code = _new_code(feature, key, parent)
    return Planned(f"{parent.path}.{key}", code, feature.level, feature.name)


def _new_code(feature: Drawn, key: str, parent: Planned) -> str | None:
    """The code of a new territory, checked; None for a zone, which has none."""
    code = None if feature.code is None else canonical_code(feature.code)
    if feature.level in STATUTORY:
        if (
            code is None
            or len(code) != _TOWN_DIGITS
            or not code.startswith(parent.code or "?")
            or key != code
        ):
            raise _Refused(
                "malformed_code",
                f"乡级区划“{key}”的 code 应为 9 位，以上级代码 {parent.code} 开头，并与 key 相同。",
                f"The code of town {key} has 9 digits, begins with its parent's {parent.code} and is its key.",
            )
        return code
    if feature.code is not None:
        raise _Refused(
            "zone_with_code",
            f"功能区“{key}”没有 GB/T 2260 代码，请只写 key。",
            f"A functional zone such as {key} has no GB/T 2260 code; give a key only.",
        )
    if not is_key(key) or key.isdigit():
        raise _Refused(
            "malformed_key",
            f"key“{key}”应为 1 至 40 个小写字母、数字或下划线，且不全为数字。",
            f"The key {key} is made of 1 to 40 lower-case letters, digits and underscores, and not of digits only.",
        )
    return None


def _rivals(planned: Planned, known: Mapping[str, Planned]) -> str:
    """The same word for all that exclude each other: children of one parent, and the functional zones of one city."""
    if planned.level is not Level.FUNCTIONAL_ZONE:
        return planned.parent_key or ""
    above = [known[label] for label in planned.path.split(".")[:-1] if label in known]
    city = next((node.code for node in above if node.level is Level.CITY), None)
    return f"zones of {city or planned.parent_key}"
