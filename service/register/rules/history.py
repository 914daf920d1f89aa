"""What changed when: versions of a point and of what hangs on it, met at their moments, the latest first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from service.codes.rules.documents import Text

# What a field is called where its version is told; keys beside those of the import.
TITLES = {
    "number": Text("编号", "number"),
    "name": Text("名称", "name"),
    "place": Text("具体位置", "place"),
    "enterprise": Text("企业", "enterprise"),
    "site": Text("场所编号", "site number"),
    "position": Text("坐标位置", "position"),
    "territory": Text("所在区划", "territory"),
    "managed_by": Text("管理单位", "managed by"),
    "managed_reason": Text("管理变更理由", "reason for managing node"),
    "industries": Text("行业监管分类", "regulatory industry"),
    "control_level": Text("管控层级", "control level"),
    "exposed_workers": Text("暴露人数", "exposed workers"),
    "current": Text("当前（动态）等级", "current grade"),
    "event": Text("风险事件", "risk event"),
    "accident_categories": Text("事故类别", "accident categories"),
    "consequence": Text("可能后果", "consequence"),
    "measure": Text("管控措施", "control measure"),
    "kind": Text("措施类型", "kind of measure"),
    "unit": Text("责任单位", "responsible unit"),
    "person": Text("责任人", "responsible person"),
    "grade": Text("风险等级", "grade"),
    "method": Text("评价方法", "method"),
    "inputs": Text("评价输入", "inputs"),
    "score": Text("得分", "score"),
    "override_reason": Text("人工调整理由", "reason of override"),
    "assessor": Text("评价人", "assessor"),
    "assessed_on": Text("评价日期", "assessed on"),
    "next_review": Text("复评日期", "next review"),
}


class Subject(StrEnum):
    """What a difference is about."""

    POINT = "point"
    EVENT = "event"
    MEASURE = "measure"
    ASSESSED = "assessed"
    INHERENT = "inherent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A row while it was the record, from `start` until `end` (None: still). values: by field, as a person reads them.

    keys: what is compared in place of a value that is shown in short.
    """

    subject: Subject
    id: int
    start: datetime
    end: datetime | None
    by: str
    ended_by: str | None
    values: Mapping[str, Text | None]
    keys: Mapping[str, str | None] = field(default_factory=dict)
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after; None is empty. about: the name of the event or measure that it belongs to."""

    subject: Subject
    about: str | None
    field: str
    before: Text | None
    after: Text | None


@dataclass(frozen=True, slots=True)
class Moment:
    """What one person changed in one transaction. version: of the point from then on, None where it was not touched."""

    at: datetime
    by: str
    kind: str
    version: int | None
    changes: tuple[Change, ...]


def moments(times: Sequence[datetime], versions: Iterable[Version]) -> list[Moment]:
    """What happened at each of these times; one at which nothing visible changed is left out."""
    known = list(versions)
    ended: dict[datetime, list[Version]] = {}
    begun: dict[datetime, list[Version]] = {}
    for one in known:
        begun.setdefault(one.start, []).append(one)
        if one.end is not None:
            ended.setdefault(one.end, []).append(one)
    told = (_moment(at, ended.get(at, ()), begun.get(at, ())) for at in times)
    return [one for one in told if one is not None]


def _moment(at: datetime, ended: Sequence[Version], begun: Sequence[Version]) -> Moment | None:
    before = {(one.subject, one.id): one for one in ended}
    after = {(one.subject, one.id): one for one in begun}
    changes: list[Change] = []
    for key in dict.fromkeys([*after, *before]):
        changes += _changes(before.get(key), after.get(key))
    point = next((one for one in after.values() if one.subject is Subject.POINT), None)
    was = next((one for one in before.values() if one.subject is Subject.POINT), None)
    kind = "created" if point and not was else "removed" if was and not point else "changed"
    by = next((one.by for one in begun), None) or next((one.ended_by for one in ended), None) or ""
    if not changes and kind == "changed":
        return None
    return Moment(at, by, kind, None if point is None else point.number, tuple(changes))


def _changes(before: Version | None, after: Version | None) -> list[Change]:
    known = after or before
    assert known is not None
    old, new = (before.values if before else {}), (after.values if after else {})
    name = known.values.get(known.subject.value)
    changes = []
    for key in known.values:
        compared = (before.keys.get(key) if before else None, after.keys.get(key) if after else None)
        if old.get(key) == new.get(key) and compared[0] == compared[1]:
            continue
        changes.append(
            Change(known.subject, None if name is None else name.zh, key, old.get(key), new.get(key))
        )
    return changes
