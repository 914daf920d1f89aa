"""The risk points as a map layer."""

from geo.tiles import Field, GeometryKind, Layer

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
