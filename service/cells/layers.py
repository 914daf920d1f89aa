"""The computation cells as a map layer."""

from geo.tiles import Field, GeometryKind, Layer
from service.base.collections import Collection, Column, ColumnKind
from service.risk_points.layers import GRADES

CELLS = Layer(
    id="cells",
    title_zh="北斗网格单元",
    title_en="BeiDou cells",
    min_zoom=0,
    max_zoom=22,
    geometry=GeometryKind.AREA,
    fields=(
        Field("code", "北斗网格位置码", "Code", "GB/T 39409-2020"),
        Field("level", "网格层级", "Level"),
        Field(
            "grade",
            "格内最高等级",
            "Worst grade",
            "It does not speak for the whole cell; absent = nothing counted here",
        ),
        Field("major", "重大风险数", "Major"),
        Field("large", "较大风险数", "Large"),
        Field("general", "一般风险数", "General"),
        Field("low", "低风险数", "Low"),
        Field("unassessed", "未评价数", "Not assessed"),
        Field("total", "合计", "Total"),
        Field(
            "crossing",
            "穿越数",
            "Crossing",
            "Lines and areas that cross here and are counted in another cell",
        ),
        Field("crossing_grade", "穿越最高等级", "Worst grade crossing"),
        Field("demo", "演示数据", "Invented for the demonstration"),
    ),
)


def level_at(zoom: int) -> int:
    """The cell level drawn at a zoom: 4 (1') from zoom 9, where a cell is 6 pixels, 5 (4") from 13; 3 and 2 above.

    A district fills the window at zoom 11 or 12. In level 5 the fullest tile of the demonstration city would then have
    265 kB or 115 kB, in level 4 it has 7 kB or 3 kB; at 13 level 5 has 36 kB. A tile is to have 100 kB at most.
    """
    if zoom >= 13:
        return 5
    if zoom >= 9:
        return 4
    return 3 if zoom >= 6 else 2


_COUNTS = (
    Column("code", "北斗网格位置码", "Code", "GB/T 39409-2020"),
    Column("level", "网格层级", "Level", kind=ColumnKind.INTEGER),
    Column("grade", "格内最高等级", "Worst grade", "It does not speak for the whole cell", choices=GRADES),
    Column("major", "重大风险数", "Major", kind=ColumnKind.INTEGER),
    Column("large", "较大风险数", "Large", kind=ColumnKind.INTEGER),
    Column("general", "一般风险数", "General", kind=ColumnKind.INTEGER),
    Column("low", "低风险数", "Low", kind=ColumnKind.INTEGER),
    Column("unassessed", "未评价数", "Not assessed", kind=ColumnKind.INTEGER),
    Column("total", "合计", "Total", kind=ColumnKind.INTEGER),
    Column("demo", "演示数据", "Demonstration", kind=ColumnKind.BOOLEAN),
)


def _items(level: int, size_zh: str, size_en: str, statement: str) -> Collection:
    return Collection(
        id=f"cells_{level}",
        title_zh=f"北斗网格单元（{level} 级，{size_zh}）",
        title_en=f"BeiDou cells, level {level} ({size_en})",
        description_zh="至少计入一个风险点的网格单元，按评定等级计数；空格不列出，穿越的线面计在定位点所在格。",
        description_en="Cells that at least one risk point is counted in, by assessed grades. Empty cells are not listed; a line"
        " or an area is counted where its anchor lies.",
        geometry=GeometryKind.AREA,
        id_kind=ColumnKind.INTEGER,
        keys=("x", "y"),
        rows=("cells", statement),
        layer=CELLS,
        columns=_COUNTS,
    )


ITEMS = (_items(4, "1′", "1′", "items"), _items(5, "4″", "4″", "items_fine"))
