"""The columns of the files of lists, and what their second sheet says."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from service.base.masking import mask_name
from service.codes.rules.documents import Text
from service.lists.queries import Words
from service.lists.workbook import Column, Kind, Value
from service.risk_points.queries import Row
from service.risk_points.schemas.points import WORD_OF_RANK

OWNERS = {"enterprise": Text("企业", "enterprise"), "region": Text("区域", "region")}
PLACES = {
    "own": Text("自有坐标", "own"),
    "inherited": Text("随场所（待定位）", "site's, to be located"),
    "none": Text("无坐标（待定位）", "none, to be located"),
}
_YES = Text("是", "yes")
_DEMO = Text("演示", "demonstration")


def both(text: Text) -> str:
    """A name in both languages, as one cell says it."""
    return f"{text.zh} {text.en}"


def _plain(zh: str, en: str, key: str, *, width: int = 14, kind: Kind = "text") -> Column:
    def value(row: Row) -> Value:
        found: Any = row[key]
        return float(found) if isinstance(found, Decimal) else found

    return Column(Text(zh, en), value, kind, width)


def _lines(values: Iterable[str | None] | None) -> str:
    """Several texts in one cell, each said once, in their order."""
    return "\n".join(dict.fromkeys(value for value in values or () if value))


def _named(codes: Iterable[str | None] | None, names: Mapping[str, Text]) -> str:
    return _lines(both(names[code]) if code in names else code for code in codes or () if code)


class _Columns:
    """Columns that need the names of codes."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def grade(self) -> Column:
        return Column(
            Text("风险等级", "Grade"),
            lambda row: WORD_OF_RANK[row["rank"]] if row["rank"] else None,
            "grade",
            16,
        )

    def industries(self) -> Column:
        names = self._words.industries
        return Column(Text("监管行业", "Industries"), lambda row: _named(row["industries"], names), width=24)

    def accidents(self) -> Column:
        def value(row: Row) -> Value:
            edition = row["accident_edition"]
            names = {code: text for (of, code), text in self._words.accidents.items() if of == edition}
            return _named(row["accident_categories"], names)

        return Column(Text("可能的事故类别", "Accident categories"), value, width=24)

    def control_level(self) -> Column:
        names = self._words.control_levels
        return Column(
            Text("管控层级", "Control level"),
            lambda row: _named([row["control_level"], *(row["levels"] or ())], names),
            width=16,
        )


_METHOD = Column(
    Text("评价方法及版本", "Method and version"),
    lambda row: (
        None if row["method_id"] is None else f"{row['title_zh']} {row['method_id']} {row['method_version']}"
    ),
    width=24,
)
_OVERDUE = Column(Text("复评逾期", "Overdue"), lambda row: both(_YES) if row["overdue"] else None, width=10)
_INVENTED = Column(
    Text("数据性质", "Nature of the row"), lambda row: both(_DEMO) if row["demo"] else None, width=16
)
_SITE = Column(
    Text("场所", "Site"),
    lambda row: " ".join(filter(None, (row["site_number"], row["site_name"]))),
    width=18,
)


def point_columns(words: Words) -> list[Column]:
    """The columns of the list of risk points."""
    named = _Columns(words)
    return [
        _plain("风险点编号", "Number", "number", width=18),
        _plain("风险点名称", "Name", "name", width=26),
        named.grade(),
        _plain("企业名称", "Enterprise", "enterprise_name", width=30),
        _plain("统一社会信用代码", "Credit code", "uscc", width=22),
        Column(Text("归属", "Owner"), lambda row: both(OWNERS[row["owner_kind"]]), width=16),
        _SITE,
        _plain("部位或地点", "Place", "place", width=24),
        named.industries(),
        named.accidents(),
        named.control_level(),
        _plain("所在行政区划", "Territory", "located_name"),
        _plain("管理单位", "Managing node", "managed_name"),
        Column(Text("位置来源", "Position"), lambda row: both(PLACES[row["position"]]), width=20),
        _plain("经度（CGCS2000）", "Longitude", "lon", kind="number"),
        _plain("纬度（CGCS2000）", "Latitude", "lat", kind="number"),
        _plain("暴露人数", "Exposed workers", "exposed_workers", kind="number", width=10),
        _plain("评价得分", "Score", "score", kind="number", width=10),
        _METHOD,
        _plain("评价日期", "Assessed on", "assessed_on", kind="date"),
        _plain("下次复评", "Next review", "next_review", kind="date"),
        _OVERDUE,
        _plain("登记时间", "Recorded", "recorded_from", kind="moment", width=18),
        _INVENTED,
    ]


def major_columns(words: Words, *, names_people: bool) -> list[Column]:
    """The columns of 重大风险清单: what 安委办〔2016〕11号 and the 《风险管控手册》 ask of a list of major risks.

    names_people: whole, else by their first characters.
    """

    def persons(row: Row) -> str:
        return _lines([one if names_people or not one else mask_name(one) for one in row["persons"] or ()])

    named = _Columns(words)
    return [
        Column(
            Text("企业或区域", "Enterprise or region"),
            lambda row: row["enterprise_name"] or f"{both(OWNERS['region'])} {row['located_name']}",
            width=30,
        ),
        _plain("统一社会信用代码", "Credit code", "uscc", width=22),
        _plain("风险点编号", "Number", "number", width=18),
        _plain("风险点名称", "Risk point", "name", width=26),
        named.grade(),
        _SITE,
        _plain("部位或地点", "Place", "place", width=24),
        Column(Text("可能的风险事件", "Risk events"), lambda row: _lines(row["events"]), width=28),
        named.accidents(),
        Column(Text("可能后果", "Consequence"), lambda row: _lines(row["consequences"]), width=28),
        _plain("评价得分", "Score", "score", kind="number", width=10),
        _METHOD,
        Column(Text("管控措施", "Control measures"), lambda row: _lines(row["measures"]), width=44),
        Column(Text("责任单位", "Responsible unit"), lambda row: _lines(row["units"]), width=20),
        Column(Text("责任人", "Responsible person"), persons),
        named.control_level(),
        named.industries(),
        _plain("所在行政区划", "Territory", "located_name"),
        _plain("管理单位", "Managing node", "managed_name"),
        _plain("经度（CGCS2000）", "Longitude", "lon", kind="number"),
        _plain("纬度（CGCS2000）", "Latitude", "lat", kind="number"),
        _plain("评价人", "Assessor", "assessor"),
        _plain("评价日期", "Assessed on", "assessed_on", kind="date"),
        _plain("下次复评", "Next review", "next_review", kind="date"),
        _OVERDUE,
        _INVENTED,
    ]


def enterprise_columns(words: Words) -> list[Column]:
    """The columns of the list of enterprises."""
    named = _Columns(words)
    return [
        _plain("企业名称", "Enterprise", "name", width=32),
        _plain("统一社会信用代码", "Credit code", "uscc", width=22),
        Column(
            Text("最高风险点（不是企业等级）", "Highest risk point (no level of the enterprise)"),
            named.grade().value,
            "grade",
            18,
        ),
        _plain("所属区划", "Territory", "territory_name"),
        named.industries(),
        _plain("场所数", "Sites", "sites", kind="number", width=9),
        _plain("重大", "Major", "major", kind="number", width=9),
        _plain("较大", "Large", "large", kind="number", width=9),
        _plain("一般", "General", "general", kind="number", width=9),
        _plain("低", "Low", "low", kind="number", width=9),
        _plain("未评价", "Not assessed", "unassessed", kind="number", width=10),
        _plain("合计", "Total", "total", kind="number", width=9),
        _plain("复评逾期", "Overdue", "overdue", kind="number", width=9),
        _plain("待定位", "To be located", "to_locate", kind="number", width=10),
        _plain("暴露人数", "Exposed workers", "exposed_workers", kind="number", width=10),
        _plain("场所面积（km²）", "Area of drawn sites", "area_km2", kind="number"),
        _plain(
            "加权暴露密度（本系统自定）",
            "Weighted exposure density (ours)",
            "density",
            kind="number",
            width=18,
        ),
        _INVENTED,
    ]


# What each parameter of the filter is called.
LABELS = {
    "basis": Text("评定口径", "basis"),
    "view": Text("统计口径", "view"),
    "grade": Text("风险等级", "grade"),
    "territory": Text("区划", "territory"),
    "managing": Text("管理单位", "managing node"),
    "industry": Text("监管行业", "industry"),
    "accident": Text("事故类别", "accident category"),
    "control": Text("管控层级", "control level"),
    "owner": Text("归属", "owner"),
    "position": Text("位置来源", "position"),
    "overdue": Text("复评逾期", "overdue"),
    "enterprise": Text("企业编号", "enterprise id"),
    "text": Text("文字", "words"),
    "register": Text("风险登记", "register"),
}


def filter_lines(asked: Mapping[str, str], names: Mapping[str, Mapping[str, Text]]) -> list[str]:
    """The filter in words, a line each; codes by their names where they have one."""
    lines = []
    for parameter, label in LABELS.items():
        if value := asked.get(parameter):
            known = names.get(parameter, {})
            shown = "、".join(both(known[word]) if word in known else word for word in value.split(","))
            lines.append(f"{both(label)}：{shown}")
    return lines


def about(
    *, title: Text, made: str, scope: Sequence[str], asked: Sequence[str], demo: bool
) -> list[tuple[Text, Sequence[str]]]:
    """What the second sheet says before the rows are known."""
    nature = (
        "演示数据，均为虚构，不代表任何真实企业或地点。 Demonstration, all invented."
        if demo
        else "登记数据。 Register."
    )
    return [
        (Text("清单", "List"), [both(title)]),
        (Text("生成时间（北京时间）", "Made at (China time)"), [made]),
        (Text("可见范围", "Scope of the viewer"), scope),
        (Text("筛选条件", "Filter"), asked or ["未筛选 none"]),
        (Text("数据性质", "Nature of the rows"), [nature]),
        (
            Text("说明", "Notes"),
            [
                "坐标为 CGCS2000 经纬度。 Positions are in CGCS2000.",
                "未评价不等于低风险。 Not assessed is not low.",
                "最高风险点不是企业安全风险等级。 The highest risk point is no level of the enterprise.",
            ],
        ),
    ]
