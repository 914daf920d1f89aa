"""The enterprises as a map layer: one feature a site."""

from geo.tiles import Field, GeometryKind, Layer

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
