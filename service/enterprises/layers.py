"""The enterprises as a map layer: one feature a site."""

from geo.tiles import Field, GeometryKind, Layer
from service.base.collections import KEPT, Collection, Column, ColumnKind
from service.territories.layers import LOCATED, MANAGED

ENTERPRISES = Layer(
    id="enterprises",
    title_zh="企业",
    title_en="Enterprises",
    min_zoom=0,
    max_zoom=22,
    geometry=GeometryKind.POINT,
    fields=(
        Field("enterprise", "企业标识", "Enterprise id"),
        Field("name", "企业名称", "Name; absent where a tile is too full for names"),
        Field("site", "场所名称", "Site"),
        Field(
            "grade",
            "最高风险点等级",
            "Worst grade of its points",
            "Of the points selected, at all its sites; not the risk level of the enterprise",
        ),
        Field("points", "风险点数", "Points selected, at all its sites"),
        Field("no_register", "未建风险清单", "Whether it has registered no risk point at all"),
        Field("demo", "演示数据", "Invented for the demonstration"),
    ),
)

ITEMS = Collection(
    id="enterprises",
    title_zh="企业",
    title_en="Enterprises",
    description_zh="企业，各取其第一个有位置的场所；所有场所见 sites。",
    description_en="Enterprises, each at its first site that has a position; all sites are a collection of their own.",
    geometry=GeometryKind.POINT,
    id_kind=ColumnKind.INTEGER,
    numbered=True,
    rows=("enterprises", "items"),
    rows_at=("enterprises", "items_at"),
    layer=ENTERPRISES,
    columns=(
        Column("name", "企业名称", "Name"),
        Column(
            "uscc",
            "统一社会信用代码",
            "Unified social credit code",
            "GB 32100-2015; absent where it is still to be found",
        ),
        Column(
            "industries",
            "行业监管分类",
            "Supervised industries",
            kind=ColumnKind.TEXTS,
            code_list="regulatory_industry",
        ),
        Column("economy_code", "国民经济行业代码", "Economic activity", "GB/T 4754-2017"),
        Column("employees", "从业人数", "Employees", kind=ColumnKind.INTEGER),
        Column("address", "地址", "Address", "Of that site"),
        *LOCATED,
        Column("sites", "场所数", "Sites", kind=ColumnKind.INTEGER),
        *KEPT,
    ),
)

SITE_ITEMS = Collection(
    id="sites",
    title_zh="场所",
    title_en="Sites",
    description_zh="企业的场所（厂区、门店、工地）：有范围的为面，否则为点。",
    description_en="Sites of enterprises: the area where one is drawn, else the point.",
    geometry=GeometryKind.ANY,
    id_kind=ColumnKind.INTEGER,
    numbered=True,
    rows=("enterprises", "site_items"),
    rows_at=("enterprises", "site_items_at"),
    columns=(
        Column("enterprise_id", "企业标识", "Enterprise id", kind=ColumnKind.INTEGER),
        Column("enterprise", "企业名称", "Enterprise"),
        Column("uscc", "统一社会信用代码", "Unified social credit code", "GB 32100-2015"),
        Column("number", "场所编号", "Number"),
        Column("name", "场所名称", "Name"),
        Column("address", "地址", "Address"),
        *LOCATED,
        *MANAGED,
        *KEPT,
    ),
)
