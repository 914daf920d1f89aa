"""Replacing boundaries and making zones: all or nothing, every fault named."""

import json
from pathlib import Path
from typing import Any

import psycopg
import pytest
from shapely import affinity
from shapely.geometry import mapping, shape
from sqlalchemy.ext.asyncio import AsyncEngine

from service.base.database import owner_session
from service.base.errors import Rejected, Unreadable
from service.territories import actions
from service.territories.actions import Rehomed, Replaced
from tests.service.territories.drawing import ZONE, feature, square, write

Rows = psycopg.Connection[tuple[Any, ...]]


async def replace(engine: AsyncEngine, file: Path) -> Replaced:
    async with owner_session(engine) as session:
        return await actions.replace(session, file)


async def problems_of(engine: AsyncEngine, file: Path) -> dict[int, list[str]]:
    """Codes of the problems by feature; the file must be refused."""
    with pytest.raises(Rejected) as refusal:
        await replace(engine, file)
    found: dict[int, list[str]] = {}
    for problem in refusal.value.details["problems"]:
        assert problem["message"]["zh"].endswith("。")
        assert problem["message"]["en"].endswith(".")
        found.setdefault(problem["feature"], []).append(problem["code"])
    return found


def stored(rows: Rows) -> list[tuple[Any, ...]]:
    return rows.execute("SELECT key, token, recorded_from FROM territory ORDER BY key").fetchall()


def boundary(rows: Rows, key: str) -> Any:
    (text,) = rows.execute(
        "SELECT ST_AsGeoJSON(boundary, 15) FROM territory WHERE key = %s", (key,)
    ).fetchone() or ("",)
    return shape(json.loads(text) | {"crs": None})


def drawn(geometry: Any, **properties: Any) -> dict[str, Any]:
    return feature(json.loads(json.dumps(mapping(geometry))), **properties)


def zone_file() -> Any:
    return json.loads(ZONE.read_text(encoding="utf-8"))["features"]


async def test_the_drawn_zone_stands_in_the_tree(rows: Rows) -> None:
    found = rows.execute(
        "SELECT key, path::text, level, code, city_code, boundary_indicative, boundary_source FROM territory"
        " WHERE NOT statutory ORDER BY path"
    ).fetchall()
    towns = ("z_jk_dfgc", "z_jk_hz", "z_jk_lh", "z_jk_sj", "z_jk_xls")
    source = "zone_220100.geojson"
    assert found == [
        ("z_jk", "cn.220000.220100.z_jk", "functional_zone", None, "220100", True, source),
        *((key, f"cn.220000.220100.z_jk.{key}", "zone_town", None, "220100", True, source) for key in towns),
    ]
    # A position in the zone is located by the state and managed by the zone's town.
    home = rows.execute(
        "SELECT located.key, managing.key FROM territory_home(ST_SetSRID(ST_Point(125.396, 43.859), 4490)) AS home"
        " JOIN territory AS located ON located.id = located_in_id JOIN territory AS managing ON managing.id = zone_id"
    ).fetchone()
    assert home == ("220105", "z_jk_lh")


async def test_the_same_file_twice_writes_nothing(owner: AsyncEngine, rows: Rows) -> None:
    before = stored(rows)
    again = await replace(owner, ZONE)
    assert (again.added, again.changed, again.unchanged) == ((), (), 6)
    assert stored(rows) == before


async def test_what_comes_with_the_product_gives_way_to_what_a_city_draws(
    owner: AsyncEngine, rows: Rows, tmp_path: Path
) -> None:
    async def draw() -> Replaced | None:
        async with owner_session(owner) as session:
            return await actions.draw(session, ZONE)

    rows.execute("UPDATE territory SET name = '旧名' WHERE key = 'z_jk_lh'")
    assert (await draw() or Replaced("", (), (), 0, Rehomed())).changed == ("z_jk_lh",)
    own = affinity.scale(boundary(rows, "z_jk_xls"), 0.99, 0.99)
    await replace(owner, write(tmp_path, drawn(own, key="z_jk_xls")))
    before = stored(rows)
    assert await draw() is None
    assert stored(rows) == before


async def test_a_better_boundary_takes_the_place_of_the_coarse_one(
    owner: AsyncEngine, rows: Rows, tmp_path: Path
) -> None:
    better = boundary(rows, "220105").buffer(-0.002)
    result = await replace(owner, write(tmp_path, drawn(better, code="220105", name="二道区")))
    assert result.changed == ("220105",)
    assert rows.execute(
        "SELECT boundary_source, boundary_indicative, GeometryType(boundary), level FROM territory WHERE key = '220105'"
    ).fetchone() == ("borders.geojson", False, "MULTIPOLYGON", "district")
    assert boundary(rows, "220105").symmetric_difference(better).area == pytest.approx(0, abs=1e-12)


async def test_a_border_shifted_within_the_coarse_belt_is_taken(
    owner: AsyncEngine, rows: Rows, tmp_path: Path
) -> None:
    # Some 400 m to the east over a neighbour whose coarse border is off by as much.
    shifted = affinity.translate(boundary(rows, "220105"), xoff=0.005)
    assert (await replace(owner, write(tmp_path, drawn(shifted, key="220105")))).changed == ("220105",)


async def test_a_district_laid_over_its_neighbours_is_refused(
    owner: AsyncEngine, rows: Rows, tmp_path: Path
) -> None:
    before = stored(rows)
    shifted = affinity.translate(boundary(rows, "220105"), xoff=-0.15)
    problems = await problems_of(owner, write(tmp_path, drawn(shifted, key="220105")))
    assert set(problems[1]) == {"overlap"}
    assert stored(rows) == before


async def test_between_surveyed_neighbours_the_coarse_belt_is_no_excuse(
    owner: AsyncEngine, rows: Rows, tmp_path: Path
) -> None:
    rows.execute("UPDATE territory SET boundary_indicative = false WHERE key IN ('220102', '220105')")
    shifted = affinity.translate(boundary(rows, "220105"), xoff=-0.005)
    problems = await problems_of(owner, write(tmp_path, drawn(shifted, key="220105")))
    assert problems[1].count("overlap") == 1  # 南关区; the other neighbours are still coarse


async def test_neighbours_in_one_file_must_fit_each_other(
    owner: AsyncEngine, rows: Rows, tmp_path: Path
) -> None:
    shifted = affinity.translate(boundary(rows, "220105"), xoff=-0.005)
    both = [drawn(shifted, key="220105"), drawn(boundary(rows, "220102"), key="220102")]
    problems = await problems_of(owner, write(tmp_path, *both))
    assert [code for codes in problems.values() for code in codes] == ["overlap"]
    fitting = boundary(rows, "220102").difference(shifted)
    result = await replace(owner, write(tmp_path, both[0], drawn(fitting, key="220102")))
    assert result.changed == ("220102", "220105")


async def test_a_district_outside_its_city_is_refused(owner: AsyncEngine, tmp_path: Path) -> None:
    # Latitude and longitude swapped lie off the coast of Antarctica; another city is nearer, and as wrong.
    assert await problems_of(owner, write(tmp_path, feature(square(120.0, 30.0, 0.3), key="220105"))) == {
        1: ["outside"]
    }


async def test_a_city_that_no_longer_holds_its_districts_is_refused(
    owner: AsyncEngine, rows: Rows, tmp_path: Path
) -> None:
    smaller = boundary(rows, "220100").intersection(shape(feature(square(124.0, 43.0, 1.5))["geometry"]))
    problems = await problems_of(owner, write(tmp_path, drawn(smaller, key="220100")))
    assert set(problems[1]) == {"outside"}
    assert len(problems[1]) > 3


async def test_towns_must_lie_in_their_zone_and_not_on_each_other(
    owner: AsyncEngine, rows: Rows, tmp_path: Path
) -> None:
    before = stored(rows)
    features = zone_file()
    # 临河街道 lies at the zone's edge and between three other towns.
    features[2] = drawn(
        affinity.scale(shape(features[2]["geometry"]), 1.05, 1.05), **features[2]["properties"]
    )
    problems = await problems_of(owner, write(tmp_path, *features))
    assert sorted(code for codes in problems.values() for code in codes) == ["outside", *["overlap"] * 3]
    assert stored(rows) == before


async def test_a_zone_may_not_shrink_away_from_its_towns(owner: AsyncEngine, tmp_path: Path) -> None:
    smaller = affinity.scale(shape(zone_file()[0]["geometry"]), 0.9, 0.9)
    problems = await problems_of(owner, write(tmp_path, drawn(smaller, key="z_jk", indicative=True)))
    assert set(problems[1]) == {"outside"}  # the towns that stay stick out


@pytest.mark.parametrize("parent", ["220100", "220102"])
async def test_zones_of_a_city_may_not_overlap_but_may_lie_over_districts(
    owner: AsyncEngine, tmp_path: Path, parent: str
) -> None:
    zone = {"level": "functional_zone", "parent": parent, "indicative": True}
    over = feature(square(125.36, 43.80, 0.03), key="z_a", name="甲开发区", **zone)
    beside = feature(square(125.33, 43.76, 0.03), key="z_b", name="乙开发区", **zone)
    assert await problems_of(owner, write(tmp_path, over, beside)) == {1: ["overlap"]}
    assert (await replace(owner, write(tmp_path, beside))).added == ("z_b",)


async def test_every_problem_is_reported_at_once(owner: AsyncEngine, rows: Rows, tmp_path: Path) -> None:
    before = stored(rows)
    bow_tie = [(125.0, 43.0), (125.1, 43.1), (125.1, 43.0), (125.0, 43.1), (125.0, 43.0)]
    zone = {"level": "functional_zone", "parent": "220100"}
    problems = await problems_of(
        owner,
        write(
            tmp_path,
            feature(square(125.30, 43.70, 0.02), key="z_fine", name="甲区", **zone),
            feature(bow_tie, key="220106"),
            feature(square(125.39, 43.85, 0.01), key="z_over", name="乙区", **zone),
            feature(
                square(125.20, 43.70, 0.02),
                key="z_lost",
                name="丙区",
                level="functional_zone",
                parent="z_none",
            ),
            feature(square(125.20, 43.80, 0.02), key="z_nameless", **zone),
            feature(None, key="220199"),
        ),
    )
    assert problems == {
        2: ["invalid_shape"],
        3: ["overlap"],
        4: ["unknown_parent"],
        5: ["name_missing"],
        6: ["unsupported_shape", "unknown_territory"],
    }
    assert stored(rows) == before


async def test_an_unreadable_file_writes_nothing(owner: AsyncEngine, rows: Rows, tmp_path: Path) -> None:
    before = stored(rows)
    file = tmp_path / "borders.geojson"
    file.write_text("{", encoding="utf-8")
    with pytest.raises(Unreadable):
        await replace(owner, file)
    assert stored(rows) == before


async def test_statutory_towns_below_a_district(owner: AsyncEngine, rows: Rows, tmp_path: Path) -> None:
    town = feature(
        square(125.60, 43.85, 0.02), code="220105100", name="英俊镇", level="town", parent="220105"
    )
    assert (await replace(owner, write(tmp_path, town))).added == ("220105100",)
    assert rows.execute(
        "SELECT path::text, statutory, city_code FROM territory WHERE code = '220105100'"
    ).fetchone() == (*("cn.220000.220100.220105.220105100", True, "220100"),)
