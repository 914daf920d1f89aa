"""The risk points as a map layer."""

from geo.tiles import Field, GeometryKind, Layer
from service.base.collections import KEPT, Collection, Column, ColumnKind, of_choices
from service.territories.layers import LOCATED, MANAGED

# Names are told apart from this zoom: the page reads them from 15, a desktop client a little earlier. Below it they are
# most of a tile's bytes, and nobody sees them.
FIRST_NAMED_ZOOM = 14

RISK_POINTS = Layer(
    id="risk_points",
    title_zh="风险点",
    title_en="Risk points",
    min_zoom=0,
    max_zoom=22,
    geometry=GeometryKind.ANY,
    fields=(
        Field("number", "风险点编号", "Number", "From zoom 14, as the names"),
        Field("name", "风险点名称", "Name"),
        Field("grade", "风险等级", "Grade: major, large, general, low, unassessed"),
        Field("position", "位置来源", "Position: own, or inherited from the site"),
        Field("enterprise", "企业名称", "Enterprise; absent for a region's own point"),
        Field("kind", "图形", "point, line or area"),
        Field("demo", "演示数据", "Invented for the demonstration"),
    ),
)

# Titles of the grades for programs and files; the page has its own, in its own words for colours.
GRADES = of_choices(
    (
        ("major", "重大风险", "Major"),
        ("large", "较大风险", "Large"),
        ("general", "一般风险", "General"),
        ("low", "低风险", "Low"),
        ("unassessed", "未评价", "Not assessed"),
    )
)
OWNERS = of_choices((("enterprise", "企业", "Enterprise"), ("region", "区域", "Region")))
POSITIONS = of_choices(
    (
        ("own", "自有位置", "Own"),
        ("inherited", "随场所（待定位）", "That of the site"),
        ("none", "无位置", "None"),
    )
)

ITEMS = Collection(
    id="risk_points",
    title_zh="风险点",
    title_en="Risk points",
    description_zh="企业和区域的风险点。图形为点、线或面；没有自有位置的，取其场所的位置；都没有的，无图形。",
    description_en="Risk points of enterprises and regions: points, lines and areas. One without a position of its own stands"
    " at its site; one without either has no geometry.",
    geometry=GeometryKind.ANY,
    id_kind=ColumnKind.INTEGER,
    numbered=True,
    rows=("risk_points", "items"),
    rows_at=("risk_points", "items_at"),
    layer=RISK_POINTS,
    columns=(
        Column("number", "风险点编号", "Number"),
        Column("name", "风险点名称", "Name"),
        Column("place", "位置描述", "Place"),
        Column("owner_kind", "归属", "Owner", choices=OWNERS),
        Column("enterprise_id", "企业标识", "Enterprise id", kind=ColumnKind.INTEGER),
        Column("enterprise", "企业名称", "Enterprise"),
        Column("uscc", "统一社会信用代码", "Unified social credit code", "GB 32100-2015"),
        Column("site_id", "场所标识", "Site id", kind=ColumnKind.INTEGER),
        Column("site", "场所名称", "Site"),
        Column("address", "场所地址", "Address of the site"),
        Column("position", "位置来源", "Position", choices=POSITIONS),
        Column("grade", "风险等级", "Grade", "With controls: the official one", choices=GRADES),
        Column("grade_inherent", "固有风险等级", "Inherent grade", "Without controls", choices=GRADES),
        Column(
            "grade_current",
            "动态风险等级",
            "Current grade",
            "The grade, darkened by what is open at the moment",
            choices=GRADES,
        ),
        Column("assessed_on", "评价日期", "Assessed on", kind=ColumnKind.DATE),
        Column("next_review", "复评日期", "Next review", kind=ColumnKind.DATE),
        Column("overdue", "复评逾期", "Review overdue", kind=ColumnKind.BOOLEAN),
        Column(
            "industries",
            "行业监管分类",
            "Supervised industries",
            kind=ColumnKind.TEXTS,
            code_list="regulatory_industry",
        ),
        Column(
            "accident_categories",
            "事故类别",
            "Accident categories",
            "Codes of the edition of GB 6441 in accident_edition",
            kind=ColumnKind.TEXTS,
            code_list="accident_category",
        ),
        Column("accident_edition", "事故类别版本", "Edition of accident categories"),
        Column("control_level", "管控层级", "Control level", code_list="control_level"),
        Column("exposed_workers", "暴露人数", "Workers exposed", kind=ColumnKind.INTEGER),
        *LOCATED,
        *MANAGED,
        Column("cell", "北斗网格位置码", "BeiDou cell", "Level 5, GB/T 39409-2020"),
        *KEPT,
    ),
)
