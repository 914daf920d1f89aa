"""What rows of an enterprise register do to the register."""

from typing import Any

import httpx
import pytest

from geo.crs import Datum, to_cgcs2000
from service.base.clock import now
from service.base.database import make_engine, scoped_session
from service.base.settings import Settings
from service.base.viewer import Scope, Viewer
from service.imports.actions import uploads
from service.imports.actions.uploads import Manner
from service.imports.workbook import Choice
from tests.conftest import Database
from tests.service.imports.register import (
    NANGUAN,
    bring_in,
    codes,
    commit,
    csv_of,
    rows_of,
    upload,
    xlsx_of,
)

USCC = "91110000600037341L"
OTHER = "914403001922038216"
AREAS = ("cn.220000.220100",)
CITY = Viewer(person="city", name="长春市", areas=AREAS, writes=Scope(areas=AREAS))
HEADINGS = (
    "统一社会信用代码",
    "企业名称",
    "场所编号",
    "所在区划",
    "经度",
    "纬度",
    "地址",
    "联系人",
    "联系电话",
    "从业人数",
    "行业监管分类",
)
FIELDS = (
    "uscc",
    "name",
    "site",
    "territory",
    "lon",
    "lat",
    "address",
    "contact",
    "phone",
    "employees",
    "industries",
)


def firm(**cells: object) -> tuple[object, ...]:
    """A row; a name is given unless it is."""
    return tuple(({"name": "演示一厂"} | cells).get(field, "") for field in FIELDS)


def register(*rows: tuple[object, ...]) -> bytes:
    return csv_of(HEADINGS, *rows)


def at(lon: str = NANGUAN[0], lat: str = NANGUAN[1], **cells: object) -> tuple[object, ...]:
    """A row with a position."""
    return firm(lon=lon, lat=lat, **cells)


def differences(seen: dict[str, Any], change: int = 0) -> dict[str, tuple[str | None, str | None]]:
    return {one["field"]: (one["old"], one["new"]) for one in seen["changes"][change]["differences"]}


async def test_the_whole_row_arrives(client: httpx.AsyncClient, database: Database) -> None:
    row = at(
        uscc=USCC,
        territory="南关",
        address="人民大街 1 号",
        contact="张某",
        phone="0431-0000",
        employees="１２0",
        industries="冶金；gas",
    )
    seen = await bring_in(client, register(row))
    assert seen["problems"] == []
    assert rows_of(database, "SELECT uscc, name, employees, industries, demo, version FROM enterprise") == [
        (USCC, "演示一厂", 120, ["metallurgy", "gas"], False, 1)
    ]
    assert rows_of(
        database,
        "SELECT number, address, ST_X(geom), ST_Y(geom), source_datum, source_x, source_y, located_in_path::text,"
        " located_stated FROM site",
    ) == [
        ("1", "人民大街 1 号", 125.35, 43.86, "WGS84", *NANGUAN, "cn.220000.220100.220102", True),
    ]
    assert rows_of(database, "SELECT name, phone FROM site_contact") == [("张某", "0431-0000")]


async def test_a_shifted_datum_is_shifted_back_and_kept(
    client: httpx.AsyncClient, database: Database
) -> None:
    seen = await upload(client, register(at()), datum="GCJ02")
    await commit(client, seen)
    x, y = to_cgcs2000(125.35, 43.86, Datum.GCJ02)
    assert rows_of(database, "SELECT ST_X(geom), ST_Y(geom), source_datum, source_x FROM site") == [
        (x, y, "GCJ02", NANGUAN[0])
    ]


async def test_importing_again_changes_nothing(client: httpx.AsyncClient, database: Database) -> None:
    content = register(at(uscc=USCC, address="一号路", phone="1"), firm(name="演示二厂", territory="二道区"))
    await bring_in(client, content)
    before = rows_of(database, "SELECT * FROM site ORDER BY id")
    seen = await bring_in(client, content)
    assert (seen["preview"]["unchanged"], seen["changes"]) == (2, [])
    assert rows_of(database, "SELECT * FROM site ORDER BY id") == before
    assert rows_of(database, "SELECT count(*) FROM site_history") == [(0,)]


async def test_a_change_is_shown_field_by_field_and_written(
    client: httpx.AsyncClient, database: Database
) -> None:
    await bring_in(client, register(at(uscc=USCC, address="一号路", contact="张某", employees=5)))
    seen = await bring_in(
        client,
        register(
            at(
                "125.3600",
                uscc=USCC,
                name="演示一厂（新）",
                address="二号路",
                contact="李某",
                employees=6,
                industries="冶金",
            )
        ),
    )
    assert seen["preview"] | {"digest": ""} == {
        "digest": "", "rows": 1, "good": 1, "bad": 0, "new": 0, "changed": 1, "unchanged": 0, "warnings": 0,
    }  # fmt: skip
    assert differences(seen) == {
        "name": ("演示一厂", "演示一厂（新）"),
        "industries": (None, "冶金"),
        "employees": ("5", "6"),
        "address": ("一号路", "二号路"),
        "contact": ("张某", "李某"),
        "position": ("125.3500000, 43.8600000", "125.3600000, 43.8600000"),
    }
    assert rows_of(database, "SELECT name, employees, industries, version FROM enterprise") == [
        ("演示一厂（新）", 6, ["metallurgy"], 2)
    ]
    assert rows_of(database, "SELECT address, source_x FROM site") == [("二号路", "125.3600")]
    assert rows_of(database, "SELECT name FROM site_contact") == [("李某",)]


async def test_an_empty_cell_keeps_and_the_word_erases(client: httpx.AsyncClient, database: Database) -> None:
    await bring_in(client, register(at(uscc=USCC, address="一号路", contact="张某", phone="1", employees=5)))
    kept = await upload(client, register(firm(uscc=USCC)))
    assert (kept["preview"]["unchanged"], codes(kept)) == (1, [])
    erased = await bring_in(
        client,
        register(
            at("清空", "CLEAR", uscc=USCC, address="清空", contact="清空", phone="清空", employees="清空")
        ),
    )
    assert differences(erased) == {
        "employees": ("5", None),
        "address": ("一号路", None),
        "contact": ("张某", None),
        "phone": ("1", None),
        "position": ("125.3500000, 43.8600000", None),
    }
    assert rows_of(database, "SELECT address, geom, source_datum, located_in_path::text FROM site") == [
        ("", None, None, "cn.220000.220100.220102")
    ]
    assert rows_of(database, "SELECT count(*) FROM site_contact") == [(0,)]


async def test_names_identify_while_there_is_no_code(client: httpx.AsyncClient, database: Database) -> None:
    await bring_in(client, register(at(name="演示（一）厂")))
    seen = await bring_in(client, register(at(name="演示(一) 厂", uscc=USCC)))
    assert codes(seen) == ["uscc_supplied"]
    assert differences(seen) == {"uscc": (None, USCC), "name": ("演示（一）厂", "演示(一) 厂")}
    assert rows_of(database, "SELECT uscc, name FROM enterprise") == [(USCC, "演示(一) 厂")]
    without = await upload(client, register(at(name="演示(一)厂")))
    assert codes(without) == ["uscc_needed"]
    assert USCC in without["problems"][0]["message"]["zh"]


async def test_one_firm_may_have_several_sites(client: httpx.AsyncClient, database: Database) -> None:
    seen = await bring_in(
        client,
        register(
            at(uscc=USCC, site="１", employees=5),
            at("125.3600", uscc=USCC, site="2"),
            firm(uscc=USCC, site="3", territory="二道区", industries="冶金"),
        ),
    )
    assert (seen["preview"]["new"], codes(seen)) == (3, ["position_missing"])
    assert rows_of(database, "SELECT employees, industries FROM enterprise") == [(5, ["metallurgy"])]
    assert rows_of(
        database, "SELECT number, located_in_path::text, industry_scopes <> '{}' FROM site ORDER BY id"
    ) == [
        ("1", "cn.220000.220100.220102", True),
        ("2", "cn.220000.220100.220102", True),
        ("3", "cn.220000.220100.220105", True),
    ]


async def test_rows_of_one_firm_must_agree(client: httpx.AsyncClient) -> None:
    seen = await upload(
        client,
        register(
            at(uscc=USCC, employees=5),
            at("125.3600", uscc=USCC, site="2", employees=6),
            at("125.3700", uscc=USCC, site="3", name="演示　一厂"),
        ),
    )
    assert (codes(seen), seen["problems"][0]["row"]) == (["contradicts_row"], 3)
    assert "2" in seen["problems"][0]["message"]["zh"]
    assert seen["preview"]["good"] == 2


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (at(), "duplicate_row"),
        (at("125.3600"), "site_number_needed"),
        (firm(address="二号路"), "site_number_needed"),
        (at("125.3600", site="1"), "duplicate_site"),
        (at("125.3600", uscc=USCC), "uscc_differs_in_file"),
    ],
)
async def test_the_same_firm_twice(client: httpx.AsyncClient, second: tuple[object, ...], code: str) -> None:
    seen = await upload(client, register(at(), second))
    assert [problem["code"] for problem in seen["problems"] if problem["severity"] == "error"] == [code]
    assert {problem["row"] for problem in seen["problems"] if problem["severity"] == "error"} == {3}
    assert "2" in next(problem for problem in seen["problems"] if problem["code"] == code)["message"]["zh"]


async def test_two_addresses_without_positions_are_two_sites(client: httpx.AsyncClient) -> None:
    seen = await upload(
        client, register(firm(address="一号路"), firm(address="二号路"), firm(address="一号路"))
    )
    assert codes(seen, 3) == ["site_number_needed"]
    assert codes(seen, 4) == ["duplicate_row"]


async def test_a_bad_row_stands_in_nobodys_way(client: httpx.AsyncClient) -> None:
    seen = await upload(client, register(at(employees="-5"), at()))
    assert (codes(seen, 2), codes(seen, 3)) == (["negative"], ["uscc_missing"])
    assert seen["preview"]["good"] == 1


async def test_every_mistake_of_a_row_is_named_at_once(client: httpx.AsyncClient) -> None:
    row = firm(
        name="",
        uscc="911101087000000000",
        lon="43.88",
        lat="125.3",
        territory="某区",
        employees="若干",
        industries="航天",
    )
    seen = await upload(client, register(row))
    assert sorted(codes(seen)) == sorted(
        [
            "missing",
            "uscc_check_character",
            "coordinates_swapped",
            "unknown_territory",
            "not_a_count",
            "unknown_word",
        ]
    )
    assert all(problem["message"]["zh"] and problem["message"]["en"] for problem in seen["problems"])


async def test_several_firms_on_one_spot_are_remarked(client: httpx.AsyncClient) -> None:
    await bring_in(client, register(at(uscc=USCC)))
    seen = await upload(client, register(at(uscc=OTHER, name="演示二厂"), at(name="演示三厂"), at(uscc=USCC)))
    assert [problem["row"] for problem in seen["problems"] if problem["code"] == "shared_position"] == [
        2,
        3,
        4,
    ]
    assert "演示一厂" in seen["problems"][0]["message"]["zh"]


async def test_a_stated_district_stands_near_its_border_and_not_far_from_it(
    client: httpx.AsyncClient, database: Database
) -> None:
    """NANGUAN lies less than 3 km from 二道区; 农安县 is tens of kilometres away."""
    seen = await bring_in(
        client,
        register(
            at(name="演示近厂", territory="二道区"),
            at(name="演示远厂", territory="农安县"),
            at(name="演示市厂", territory="长春市"),
            at("127.9000", "43.8000", name="演示外厂", territory="二道区"),
            at("127.9000", "43.8000", name="演示外二厂"),
        ),
    )
    found = {
        problem["row"]: problem["code"]
        for problem in seen["problems"]
        if problem["column"] in ("所在区划", "经度")
    }
    assert found == {
        2: "territory_doubtful",
        3: "territory_contradicted",
        4: "shared_position",
        5: "territory_contradicted",
        6: "outside_territory",
    }
    assert rows_of(database, "SELECT located_in_path::text, located_stated FROM site ORDER BY id") == [
        ("cn.220000.220100.220105", True),
        ("cn.220000.220100.220102", False),
    ]


async def test_a_zone_manages_and_the_district_locates(client: httpx.AsyncClient, database: Database) -> None:
    await bring_in(client, register(firm(name="演示经开厂", territory="经开区"), firm(name="演示无处厂")))
    assert rows_of(database, "SELECT located_in_path::text, managed_by_path::text FROM site ORDER BY id") == [
        ("cn.220000.220100", "cn.220000.220100.z_jk"),
        ("cn.220000.220100", "cn.220000.220100"),
    ]


async def test_a_workbook_says_the_same_as_a_csv(client: httpx.AsyncClient) -> None:
    row = at(uscc=USCC, address="一号路")
    await bring_in(client, register(row))
    cells = [float(cell) if cell in NANGUAN else cell for cell in row]
    seen = await upload(client, xlsx_of(HEADINGS, cells), name="企业.xlsx")
    assert (seen["sheet"], seen["preview"]["unchanged"]) == ("登记表", 1)


async def test_a_dirty_foreign_table_is_taken_as_far_as_it_goes(
    client: httpx.AsyncClient, database: Database
) -> None:
    """Columns name, type, capacity, latitude, longitude; no codes, no datum; empty names and doubles."""
    content = csv_of(
        ("name", "type", "capacity", "latitude", "longitude"),
        ("演示水泥厂", "水泥", 20, "43.8600", "125.3500"),
        ("", "水泥", 3, "43.8610", "125.3500"),
        ("演示钢铁厂", "粗钢", 3428, "", ""),
        ("演示水泥厂", "水泥", 20, "43.8600", "125.3500"),
        ("演示水泥厂", "粗钢", 20, "43.8700", "125.3500"),
        ("演示远洋厂", "粗钢", 20, "29.4898", "121.5040"),
    )
    asked = await upload(client, content, datum=None, name="facilities.csv")
    assert asked["state"] == "needs_datum"
    seen = (await client.patch(f"/api/imports/{asked['id']}", json={"datum": "WGS84"})).json()
    assert [column["heading"] for column in seen["columns"] if column["field"] is None] == [
        "type",
        "capacity",
    ]
    errors = {
        problem["row"]: problem["code"] for problem in seen["problems"] if problem["severity"] == "error"
    }
    assert errors == {3: "missing", 5: "duplicate_row", 6: "site_number_needed", 7: "outside_territory"}
    assert (await commit(client, seen)).status_code == 200
    assert rows_of(database, "SELECT name FROM enterprise ORDER BY name") == [
        ("演示水泥厂",),
        ("演示钢铁厂",),
    ]


async def test_demonstration_rows_say_so(database: Database) -> None:
    engine = make_engine(database.app_url, Settings())
    try:
        async with scoped_session(engine, CITY) as session:
            row = await uploads.upload(
                session,
                CITY,
                file=("x.csv", register(at())),
                choice=Choice(datum=Datum.WGS84),
                manner=Manner(now=now(), demo=True),
            )
            await uploads.write(
                session, CITY, row.id, digest=row.result["preview"]["digest"], manner=Manner(now=now())
            )
    finally:
        await engine.dispose()
    assert rows_of(database, "SELECT demo FROM enterprise UNION ALL SELECT demo FROM site") == [
        (True,),
        (True,),
    ]
