"""The territories as a map layer."""

from geo.tiles import Field, GeometryKind, Layer
from service.base.collections import Collection, Column, ColumnKind, of_choices

TERRITORIES = Layer(
    id="territories",
    title_zh="区划",
    title_en="Territories",
    min_zoom=0,
    max_zoom=22,
    geometry=GeometryKind.AREA,
    fields=(
        Field("key", "标识", "Key", "The code of a statutory division, a word for a functional zone"),
        Field("code", "区划代码", "Code", "GB/T 2260, GB/T 10114; absent for functional zones"),
        Field("name", "名称", "Name"),
        Field("level", "层级", "Level", "province, city, district, town, functional_zone, zone_town"),
        Field("indicative", "示意边界", "Indicative boundary", "Coarse or drawn: not to be measured"),
    ),
)

LEVELS = of_choices(
    (
        ("country", "国家", "Country"),
        ("province", "省级", "Province"),
        ("city", "地级", "City"),
        ("district", "县级", "District"),
        ("town", "乡级", "Town"),
        ("functional_zone", "功能区", "Functional zone"),
        ("zone_town", "功能区街镇", "Town of a zone"),
    )
)

# Where a row of another floor lies, and whose it is to supervise.
LOCATED = (
    Column("territory", "所在区划", "Located in", "Key of a territory"),
    Column("territory_name", "所在区划名称", "Located in, by name"),
)
MANAGED = (
    Column("managed_by", "管理单位", "Managed by", "Key of a territory"),
    Column("managed_by_name", "管理单位名称", "Managed by, by name"),
)

ITEMS = Collection(
    id="territories",
    title_zh="区划",
    title_en="Territories",
    description_zh="行政区划和功能区。示意边界不作为权属和执法依据。",
    description_en="Statutory divisions and functional zones. An indicative boundary is no basis for title or enforcement.",
    geometry=GeometryKind.AREA,
    id_kind=ColumnKind.TEXT,
    rows=("territories", "items"),
    layer=TERRITORIES,
    columns=(
        Column("code", "区划代码", "Code", "GB/T 2260, GB/T 10114; absent for functional zones"),
        Column("name", "名称", "Name"),
        Column("level", "层级", "Level", choices=LEVELS),
        Column("parent", "上级区划", "Parent", "Key of a territory"),
        Column("statutory", "法定区划", "Statutory", kind=ColumnKind.BOOLEAN),
        Column("indicative", "示意边界", "Indicative boundary", kind=ColumnKind.BOOLEAN),
        Column("source", "边界来源", "Source of the boundary"),
        Column("valid_from", "启用日期", "Valid from", kind=ColumnKind.DATE),
        Column("valid_to", "停用日期", "Valid to", kind=ColumnKind.DATE),
    ),
)
