"""Enterprises with the counts of their points: against the tables, under the filter, in every order; one of them whole."""

from typing import Any

import httpx
import psycopg
import pytest

from service.lists.queries import asks_of_points
from service.risk_points.queries import Selection
from tests.conftest import Database, Postgis, serving
from tests.counting import GRADES
from tests.service.cells.test_filter import FILTERS, TODAY
from tests.service.lists.reading import follow, serving_as
from tests.world import CITY_PATH, add_firm, enter

SORTS = ("name", "worst", "total", "overdue", "density")
Rows = psycopg.Connection[Any]


def counted(rows: Rows, where: str, basis: str) -> dict[int, dict[str, int]]:
    """The points of a condition by enterprise: by grade, overdue, to be located."""
    found: dict[int, dict[str, int]] = {}
    for firm, rank, late, unplaced in rows.execute(
        f"SELECT enterprise_id, COALESCE(grade_{basis}, 5), next_review < '{TODAY}', position <> 'own'"
        f" FROM risk_point WHERE enterprise_id IS NOT NULL AND ({where})"
    ):
        firm_counts = found.setdefault(firm, dict.fromkeys((*GRADES, "total", "overdue", "to_locate"), 0))
        firm_counts[GRADES[rank - 1]] += 1
        firm_counts["total"] += 1
        firm_counts["overdue"] += bool(late)
        firm_counts["to_locate"] += unplaced
    return found


@pytest.mark.parametrize("query", FILTERS)
async def test_counts_obey_every_filter(city: httpx.AsyncClient, rows: Rows, query: str) -> None:
    basis = "inherent" if "basis=inherent" in query else "assessed"
    expected = counted(rows, FILTERS[query], basis)
    found = await follow(city, f"/api/enterprises?{query}&register=some&limit=200")
    answer = (await city.get(f"/api/enterprises?{query}&register=some&limit=1")).json()
    assert answer["total"] == len(expected) == len(found)
    assert {
        item["id"]: item["counts"] | {"overdue": item["overdue"], "to_locate": item["to_locate"]}
        for item in found
    } == expected
    for item in found:
        assert item["grade"] == next(grade for grade in GRADES if item["counts"][grade])


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("sort", SORTS)
async def test_pages_are_the_whole_in_every_order(
    city: httpx.AsyncClient, rows: Rows, sort: str, order: str
) -> None:
    total = rows.execute("SELECT count(*) FROM enterprise").fetchone()
    items = await follow(city, f"/api/enterprises?sort={sort}&order={order}&limit=7")
    assert total == (len(items),) == (len({item["id"] for item in items}),)
    keys = [key_of(item, sort) for item in items]
    assert keys == sorted(keys, reverse=order == "desc")


def key_of(item: dict[str, Any], sort: str) -> tuple[float, str, int]:
    values = {
        "name": 0,
        "worst": GRADES.index(item["grade"]) if item["grade"] else 9,
        "total": item["counts"]["total"],
        "overdue": item["overdue"],
        "density": -1 if item["exposure_weighted_density"] is None else item["exposure_weighted_density"],
    }
    return values[sort], item["name"], item["id"]


def add_points(database: Database) -> None:
    """A firm with a red and a blue point and a drawn site of about 1 km², one without any point, both in 二道区."""
    with psycopg.connect(database.app_url) as connection:
        enter(connection, areas="{" + CITY_PATH + "}")
        site = add_firm(connection, "演示燃气站", 125.43, 43.87)
        add_firm(connection, "演示空厂", 125.43, 43.88)
        connection.execute(
            "UPDATE site SET area = ST_Multi(ST_MakeEnvelope(125.43, 43.87, 125.4424, 43.879, 4490)) WHERE id = %s",
            (site,),
        )
        for number, workers, grade in (("R1", 10, 1), ("R2", None, 4)):
            connection.execute(
                "INSERT INTO risk_point (owner_kind, enterprise_id, site_id, number, name, exposed_workers)"
                " SELECT 'enterprise', enterprise_id, id, %s, '演示储罐', %s FROM site WHERE id = %s",
                (number, workers, site),
            )
            connection.execute(
                "INSERT INTO assessment (risk_point_id, basis, method_id, method_version, inputs, grade, reasons,"
                " assessed_on, next_review) SELECT max(id), 'assessed', 'stated', '1', '{}', %s, '[]', '2024-01-01',"
                " '2025-01-01' FROM risk_point",
                (grade,),
            )


async def test_who_has_no_register_is_listed_as_such(client: httpx.AsyncClient, database: Database) -> None:
    add_points(database)

    async def names(query: str) -> list[str]:
        answer = (await client.get(f"/api/enterprises?{query}")).json()
        assert answer["total"] == len(answer["items"])
        return [item["name"] for item in answer["items"]]

    assert await names("register=none") == ["演示空厂"]
    assert await names("register=some") == ["演示燃气站"]
    assert await names("register=any") == ["演示燃气站", "演示空厂"]
    # A filter on points leaves out who has none, and says nothing of who has no register.
    assert await names("grade=large") == []
    assert await names("grade=large&register=none") == ["演示空厂"]
    assert await names("grade=low") == ["演示燃气站"]
    assert await names("register=none&territory=220102") == []
    assert await names("register=none&text=空厂") == ["演示空厂"]
    assert await names("register=none&industry=metallurgy") == []


async def test_density_is_weight_times_workers_by_area(client: httpx.AsyncClient, database: Database) -> None:
    add_points(database)
    answer = (await client.get("/api/enterprises?sort=density")).json()
    station, empty = answer["items"]
    with psycopg.connect(database.superuser_url) as connection:
        row = connection.execute(
            "SELECT ST_Area(area::geography) / 1e6 FROM site WHERE area IS NOT NULL"
        ).fetchone()
    assert row is not None
    assert station["area_km2"] == pytest.approx(row[0]) == pytest.approx(1.0, abs=0.02)
    assert station["exposure_weighted_density"] == pytest.approx((64 * 10 + 1 * 1) / row[0])
    assert (empty["area_km2"], empty["exposure_weighted_density"]) == (None, None)


async def test_one_enterprise_with_its_sites(client: httpx.AsyncClient, database: Database) -> None:
    add_points(database)
    with psycopg.connect(database.app_url) as connection:
        enter(connection, areas="{" + CITY_PATH + "}")
        connection.execute(
            "INSERT INTO site_contact (site_id, role, name, phone)"
            " SELECT min(id), '', '张三丰', '13912345678' FROM site"
        )
    firm = (await client.get("/api/enterprises?text=燃气站")).json()["items"][0]["id"]
    answer = (await client.get(f"/api/enterprises/{firm}")).json()
    assert (answer["grade"], answer["counts"]["total"], answer["reasons_total"]) == ("major", 2, 1)
    assert [reason["risk_point"]["number"] for reason in answer["reasons"]] == ["R1"]
    assert answer["reasons"][0]["verdict"]["method"]["id"] == "stated"
    assert answer["positions"] == {"own": 0, "inherited": 2, "none": 0}
    assert answer["freshness"]["overdue"] == 2
    (site,) = answer["sites"]
    assert site["contacts"] == [{"role": "", "name": "张**", "phone": "****5678"}]
    assert "139" not in (await client.get(f"/api/enterprises/{firm}")).text
    assert site["area"]["type"] == "MultiPolygon"
    assert (site["points"], site["territory"]["key"]) == (2, "220105")
    assert answer["bounds"] == pytest.approx([125.43, 43.87, 125.4424, 43.879])
    low = (await client.get(f"/api/enterprises/{firm}?grade=low")).json()
    assert (low["grade"], low["counts"]["total"], low["sites"][0]["points"]) == ("low", 1, 1)


async def test_not_there_and_not_yours_are_the_same(city: httpx.AsyncClient, postgis: Postgis, demonstrated: str,
                                                    rows: Rows) -> None:  # fmt: skip
    foreign = rows.execute(
        "SELECT id FROM enterprise WHERE NOT scope_paths <@ %s::ltree LIMIT 1", (f"{CITY_PATH}.220105",)
    ).fetchone()
    assert foreign is not None
    async with serving_as(postgis.database(demonstrated), areas=(f"{CITY_PATH}.220105",)) as client:
        theirs = await client.get(f"/api/enterprises/{foreign[0]}")
        nobody = await client.get("/api/enterprises/999999999")
        assert theirs.status_code == nobody.status_code == 404
        assert theirs.json() == nobody.json()
        listed = await follow(client, "/api/enterprises?limit=100")
        expected = {
            row[0]
            for row in rows.execute(
                "SELECT id FROM enterprise WHERE scope_paths <@ %s::ltree", (f"{CITY_PATH}.220105",)
            )
        }
        assert {item["id"] for item in listed} == expected
    assert (await city.get(f"/api/enterprises/{foreign[0]}")).status_code == 200


async def test_ready_made_lists_count_what_they_list(city: httpx.AsyncClient) -> None:
    for query in (
        "",
        "?territory=220105",
        "?grade=low&overdue=true",
        "?position=own&view=managed&managing=z_jk",
    ):
        lists = (await city.get(f"/api/lists{query}")).json()["items"]
        assert {one["id"] for one in lists} == {
            "major_risks", "overdue_reviews", "to_be_located", "enterprises_without_register",
        }  # fmt: skip
        for one in lists:
            assert (await city.get(one["rows"])).json()["total"] == one["count"], one
            assert one["title"]["zh"]
    whole = {one["id"]: one["count"] for one in (await city.get("/api/lists")).json()["items"]}
    assert min(whole["major_risks"], whole["overdue_reviews"], whole["to_be_located"]) > 0


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?register=perhaps", 422),
        ("?sort=colour", 422),
        ("?limit=0", 422),
        ("?cursor=abc", 422),
        ("?cursor=WyJuYW1lIixmYWxzZSwwLCJcdTAwMDAiLDFd", 422),
        ("?grade=purple", 422),
        ("/0", 422),
        ("/99999999999999999999", 422),
        ("/1", 404),
    ],
)
async def test_bad_requests_are_refused(client: httpx.AsyncClient, query: str, status: int) -> None:
    answer = await client.get(f"/api/enterprises{query}")
    assert answer.status_code == status
    assert set(answer.json()) == {"error", "message", "message_en", "details"}


def test_what_asks_of_points_is_told_from_what_does_not() -> None:
    assert not asks_of_points(
        Selection(today=TODAY, area="cn", industries=("gas",), words=("%a%",), enterprise=1)
    )
    for part in ({"grades": (1,)}, {"overdue": False}, {"positions": ("own",)}, {"owner_kind": "region"}):
        assert asks_of_points(Selection(today=TODAY, **part))


async def test_the_choosers_offer_what_the_filter_takes(database: Database) -> None:
    async with serving(database) as client:
        choices = (await client.get("/api/filters")).json()
        for name, words in (
            ("grade", choices["grades"]),
            ("basis", choices["bases"]),
            ("view", choices["views"]),
            ("industry", choices["industries"]["items"]),
            ("accident", choices["accident_categories"]["items"]),
            ("control", choices["control_levels"]["items"]),
            ("owner", choices["owners"]),
            ("position", choices["positions"]),
        ):
            assert words
            for word in words:
                assert word["name"]["zh"]
                assert word["name"]["en"]
                answer = await client.get("/api/risk-points", params={name: word["code"]})
                assert answer.status_code == 200, (name, word)
        assert any(word["children"] for word in choices["industries"]["items"])
        keys = [node["key"] for node in walk(choices["territories"])]
        assert "220105" in keys
        assert "z_jk" not in keys
        assert "z_jk" in [node["key"] for node in walk(choices["managing"])]


def walk(nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [found for node in nodes for found in (node, *walk(node["children"]))]
