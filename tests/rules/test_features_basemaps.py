"""Which basemaps a deployment may name, as a table."""

import pytest

from service.base.errors import Rejected
from service.features.rules import Basemap, basemap_of

OWN = "https://tiles.example.org/{z}/{x}/{y}.png"


def make(
    name: str | None,
    *,
    key: str | None = None,
    attribution: str | None = "演示图源",
    datum: str | None = None,
) -> Basemap | None:
    return basemap_of(name, key=key, attribution=attribution, datum=datum)


@pytest.mark.parametrize("name", [None, "", "none"])
def test_none_is_the_default(name: str | None) -> None:
    assert make(name) is None


def test_an_address_of_ones_own() -> None:
    assert make(OWN) == Basemap((OWN,), (), 18, "演示图源")
    several = make("https://{s}.tiles.example.org/{z}/{x}/{y}.png")
    assert several is not None
    assert several.subdomains == ("a", "b", "c")
    assert make("/basemap/{z}/{x}/{y}.png") is not None


@pytest.mark.parametrize(
    ("name", "layers"), [("tianditu-vec", ("vec", "cva")), ("tianditu-img", ("img", "cia"))]
)
def test_tianditu_brings_its_labels_and_its_source(name: str, layers: tuple[str, str]) -> None:
    basemap = make(name, key="abc123", attribution=None)
    assert basemap is not None
    assert tuple(template.split("LAYER=")[1].partition("&")[0] for template in basemap.templates) == layers
    assert all(template.endswith("tk=abc123") and "{s}" in template for template in basemap.templates)
    assert "天地图" in basemap.attribution


@pytest.mark.parametrize("key", [None, "", "a&b=c"])
def test_tianditu_needs_a_key(key: str | None) -> None:
    with pytest.raises(Rejected, match="RISKMAP_TIANDITU_KEY"):
        make("tianditu-vec", key=key)


@pytest.mark.parametrize(
    "name", ["osm", "https://tiles.example.org/{z}/{x}.png", "ftp://a/{z}/{x}/{y}", "javascript:{z}{x}{y}"]
)
def test_what_is_no_address_of_a_tile_is_refused(name: str) -> None:
    with pytest.raises(Rejected, match="RISKMAP_BASEMAP"):
        make(name)


def test_a_picture_without_a_source_is_refused() -> None:
    with pytest.raises(Rejected, match="RISKMAP_BASEMAP_ATTRIBUTION"):
        make(OWN, attribution=None)


@pytest.mark.parametrize(
    ("name", "datum"),
    [
        ("https://webrd0{s}.is.autonavi.com/appmaptile?x={x}&y={y}&z={z}", None),
        ("https://rt0.map.gtimg.com/tile?z={z}&x={x}&y={y}", None),
        ("https://maponline0.bdimg.com/tile/?x={x}&y={y}&z={z}", None),
        ("https://autonavi.com/{z}/{x}/{y}", None),
        (OWN, "GCJ02"),
        (OWN, "BD09"),
    ],
)
def test_a_shifted_picture_is_refused(name: str, datum: str | None) -> None:
    with pytest.raises(Rejected, match="RISKMAP_BASEMAP_DATUM"):
        make(name, datum=datum)


def test_a_doubtful_host_may_state_its_datum() -> None:
    assert make("https://proxy.amap.com/{z}/{x}/{y}", datum="WGS84") is not None
    assert make("https://notautonavi.com/{z}/{x}/{y}") is not None
