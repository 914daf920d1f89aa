"""Which picture lies under the map, and which may not: a basemap is configuration, and none is the default."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from service.base.errors import Rejected


@dataclass(frozen=True)
class Basemap:
    """Addresses of a tile from the lowest layer up, with {z}, {x}, {y} and perhaps {s}; Web Mercator, our datum."""

    templates: tuple[str, ...]
    subdomains: tuple[str, ...]
    max_zoom: int
    attribution: str


# 天地图 publishes on CGCS2000; the `w` sets are cut in Web Mercator down to zoom 18, labels are a layer of their own.
TIANDITU = {"tianditu-vec": ("vec", "cva"), "tianditu-img": ("img", "cia")}
TIANDITU_HOST = "https://t{s}.tianditu.gov.cn"
TIANDITU_ATTRIBUTION = "天地图 · 国家地理信息公共服务平台"
DEEPEST = 18
# What {s} stands for in the addresses of most public tile servers.
SUBDOMAINS = ("a", "b", "c")

# Hosts whose tiles are known to be drawn on another datum. GCJ-02 lies 100 to 700 m off ours, BD-09 farther: a tank would
# stand in the neighbour's yard. Source: the operators' own documents on their coordinates.
SHIFTED_HOSTS = {
    "autonavi.com": "GCJ-02",
    "amap.com": "GCJ-02",
    "gtimg.com": "GCJ-02",
    "qq.com": "GCJ-02",
    "geoq.cn": "GCJ-02",
    "google.cn": "GCJ-02",
    "bdimg.com": "BD-09",
    "baidu.com": "BD-09",
}
# Datums that are ours to within a metre, so that a picture on them needs no shift.
OURS = ("CGCS2000", "WGS84")


def basemap_of(
    name: str | None, *, key: str | None, attribution: str | None, datum: str | None
) -> Basemap | None:
    """The basemap that the settings name; None for none. Raises Rejected for one that would mislead or cannot work."""
    if not name or name == "none":
        return None
    if name in TIANDITU:
        return _tianditu(name, key, attribution)
    _refuse_shifted(name, datum)
    if not name.startswith(("https://", "http://", "/")) or any(
        part not in name for part in ("{z}", "{x}", "{y}")
    ):
        raise Rejected(
            f"RISKMAP_BASEMAP 应为 {'、'.join(TIANDITU)}，或带有 {{z}}、{{x}}、{{y}} 的地址，现为“{name}”。",
            f"RISKMAP_BASEMAP is {', '.join(TIANDITU)} or an address with {{z}}, {{x}} and {{y}}; it is {name!r}.",
        )
    if not attribution:
        raise Rejected(
            "使用自选底图须注明来源，请设置 RISKMAP_BASEMAP_ATTRIBUTION。",
            "A basemap of one's own needs its source named: set RISKMAP_BASEMAP_ATTRIBUTION.",
        )
    return Basemap((name,), SUBDOMAINS if "{s}" in name else (), DEEPEST, attribution)


def _tianditu(name: str, key: str | None, attribution: str | None) -> Basemap:
    if not key or not key.isalnum():
        raise Rejected(
            "使用天地图须设置浏览器端密钥 RISKMAP_TIANDITU_KEY。",
            "Tianditu needs a key for browsers: set RISKMAP_TIANDITU_KEY.",
        )
    templates = tuple(
        f"{TIANDITU_HOST}/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}&STYLE=default"
        f"&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={key}"
        for layer in TIANDITU[name]
    )
    return Basemap(templates, tuple("01234567"), DEEPEST, attribution or TIANDITU_ATTRIBUTION)


def _refuse_shifted(name: str, datum: str | None) -> None:
    """A picture on another datum cannot be moved to ours as a whole: the shift differs from place to place."""
    host = urlsplit(name.replace("{s}", "s")).hostname or ""
    known = next((d for end, d in SHIFTED_HOSTS.items() if host == end or host.endswith(f".{end}")), None)
    if datum is not None and datum.upper() in OURS:
        return
    shifted = datum or known
    if shifted is not None:
        raise Rejected(
            f"底图以 {shifted} 为基准，与本系统（CGCS2000）相差可达数百米，拒绝使用。"
            "若该地址的内容确为 CGCS2000 或 WGS84，请用 RISKMAP_BASEMAP_DATUM 声明。",
            f"The basemap is drawn on {shifted}, up to hundreds of metres off ours (CGCS2000), and is refused."
            " If what this address serves is CGCS2000 or WGS84, state it in RISKMAP_BASEMAP_DATUM.",
        )
