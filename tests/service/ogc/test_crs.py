"""OGC API Features Part 2 (18-058r1): coordinates in every reference system that is named, in its own axis order."""

import httpx
import pytest
from pyproj import CRS, Transformer

from service.ogc.rules.crs import CRS84, GAUSS_KRUGER_3, KNOWN, STORAGE
from tests.service.ogc.asking import RISK_POINTS, ask, ids

pytestmark = pytest.mark.asyncio(loop_scope="module")

EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
POINTS: dict[str, str] = {"position": "own", "owner_kind": "enterprise", "limit": "200"}


async def test_axes_are_in_the_order_that_epsg_gives() -> None:
    for uri, crs in KNOWN.items():
        if uri == CRS84:
            assert not crs.north_first
            continue
        first = CRS.from_epsg(crs.srid).axis_info[0].direction
        assert crs.north_first == (first == "north"), uri
        assert crs.projected == CRS.from_epsg(crs.srid).is_projected
    assert len(KNOWN) == 4 + len(GAUSS_KRUGER_3)


async def test_a_collection_names_them(door: httpx.AsyncClient) -> None:
    """/conf/crs/crs-md, storageCrs"""
    collection = await ask(door, RISK_POINTS)
    assert collection["crs"] == list(KNOWN)
    assert collection["storageCrs"] == STORAGE
    assert collection["crs"][0] == CRS84


@pytest.mark.parametrize("code", [4490, 4326, 3857, 4513, 4524, 4525, 4533, 4534, 4545, 4554])
async def test_coordinates_are_those_of_the_system(door: httpx.AsyncClient, code: int) -> None:
    """/conf/crs/crs-parameter, content-crs-header; each against PROJ's own transformation"""
    answer = await door.get(f"{RISK_POINTS}/items", params=POINTS | {"crs": f"{EPSG}{code}"})
    assert answer.headers["Content-Crs"] == f"<{EPSG}{code}>"
    plain = await ask(door, f"{RISK_POINTS}/items", **POINTS)
    transform = Transformer.from_crs(4490 if code != 4326 else 4326, code, always_xy=False)
    points = 0
    for before, after in zip(plain["features"], answer.json()["features"], strict=True):
        assert before["id"] == after["id"]
        if before["geometry"]["type"] != "Point":
            continue
        lon, lat = before["geometry"]["coordinates"]
        expected = transform.transform(lat, lon)
        # A hundred-millionth of a degree, or two millimetres: what rounding leaves.
        near = 2e-8 if code in {4490, 4326} else 0.003
        assert after["geometry"]["coordinates"] == pytest.approx(expected, abs=near)
        points += 1
    assert points > 20


@pytest.mark.parametrize("name", ["[EPSG:4525]", "EPSG:4525", "https://www.opengis.net/def/crs/EPSG/0/4525"])
async def test_other_ways_to_name_a_system(door: httpx.AsyncClient, name: str) -> None:
    answer = await door.get(f"{RISK_POINTS}/items", params={"limit": 1, "crs": name})
    assert answer.headers["Content-Crs"] == f"<{EPSG}4525>"


async def test_a_single_feature_too(door: httpx.AsyncClient) -> None:
    page = await ask(door, f"{RISK_POINTS}/items", limit=1, position="own")
    feature = page["features"][0]
    answer = await door.get(f"{RISK_POINTS}/items/{feature['id']}", params={"crs": f"{EPSG}4490"})
    assert answer.json()["geometry"]["coordinates"] == feature["geometry"]["coordinates"][::-1]
    assert answer.headers["Content-Crs"] == f"<{EPSG}4490>"


# Zone 42 is 长春's own; in zone 37 north lies ten degrees off the axis, and a box round the box is so much wider.
@pytest.mark.parametrize(
    ("code", "slack"),
    [(4490, 0.0), (4326, 0.0), (3857, 1e-9), (4530, 0.003), (4551, 0.003), (4525, 0.02)],
)
async def test_an_extent_in_another_system_is_the_same_extent(
    door: httpx.AsyncClient, code: int, slack: float
) -> None:
    """/conf/crs/bbox-crs-parameter: a box in degrees, bent into another system, encloses what it enclosed"""
    west, south, east, north = 125.30, 43.85, 125.36, 43.91
    transform = Transformer.from_crs(4490, code, always_xy=True)
    corners = [transform.transform(x, y) for x in (west, east) for y in (south, north)]
    box = [
        min(x for x, _ in corners),
        min(y for _, y in corners),
        max(x for x, _ in corners),
        max(y for _, y in corners),
    ]
    if KNOWN[f"{EPSG}{code}"].north_first:
        box = [box[1], box[0], box[3], box[2]]
    address = f"{RISK_POINTS}/items"
    asked = {"limit": 10_000, "bbox": ",".join(map(repr, box)), "bbox-crs": f"{EPSG}{code}"}
    inner = set(await ids(door, address, limit=10_000, bbox=f"{west},{south},{east},{north}"))
    found = set(await ids(door, address, **asked))
    assert len(inner) > 20
    assert inner <= found
    outer = f"{west - slack},{south - slack},{east + slack},{north + slack}"
    assert found <= set(await ids(door, address, limit=10_000, bbox=outer))


async def test_a_box_that_its_system_cannot_describe_is_refused(door: httpx.AsyncClient) -> None:
    query = {"bbox": "1e300,1e300,1e301,1e301", "bbox-crs": f"{EPSG}3857"}
    assert (await door.get(f"{RISK_POINTS}/items", params=query)).status_code == 400
