"""The territories as a map layer."""

from geo.tiles import Field, GeometryKind, Layer

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
