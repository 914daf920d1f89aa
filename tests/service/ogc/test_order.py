"""Pages in any order: each row once, in the order asked for, forwards and back."""

import httpx
import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.base.collections import ColumnKind
from service.base.errors import Rejected
from service.ogc.rules.paging import FIRST, Key, Place, begins_after, order_by, read_token, write_token
from tests.service.ogc.asking import RISK_POINTS, ask, ids, link, pages

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROWS = f"{RISK_POINTS}/items"


@pytest.mark.parametrize(
    "sortby",
    [
        "name",
        "-name",
        "grade,-next_review",
        "-enterprise,number",
        "exposed_workers",
        "-exposed_workers,-id",
        "recorded_from,name",
    ],
)
async def test_each_row_once_in_the_order_asked_for(
    door: httpx.AsyncClient, city: psycopg.Connection, sortby: str
) -> None:
    forth = [page async for page in pages(door, ROWS, sortby=sortby, limit=450)]
    seen = [feature for page in forth for feature in page["features"]]
    assert len({feature["id"] for feature in seen}) == len(seen) == forth[0]["numberMatched"]
    back = [page async for page in pages(door, link(forth[-1], "prev") or "", "prev")]
    assert [page["features"] for page in reversed(back)] == [page["features"] for page in forth[:-1]]
    name = sortby.split(",")[0]
    values = [
        feature["id"] if name.lstrip("-") == "id" else feature["properties"][name.lstrip("-")]
        for feature in seen
    ]
    given_values = [value for value in values if value is not None]
    assert values[: len(given_values)] == given_values, "rows without a value stand last"
    # Texts are in the order of the database, not of Python.
    kind = "numeric" if given_values and isinstance(given_values[0], int) else "text"
    ordered = city.execute(
        f"SELECT array_agg(value ORDER BY value {'DESC' if name.startswith('-') else 'ASC'})"
        f" FROM unnest(%s::{kind}[]) AS value",
        (given_values,),
    ).fetchone()
    assert ordered
    assert given_values == ordered[0]


async def test_a_page_costs_no_count_but_the_first(door: httpx.AsyncClient) -> None:
    first = await ask(door, ROWS, limit=10, grade="low")
    second = await ask(door, link(first, "next") or "")
    assert second["numberMatched"] == first["numberMatched"]


async def test_a_token_belongs_to_its_order(door: httpx.AsyncClient) -> None:
    page = await ask(door, ROWS, limit=10, sortby="name")
    token = (link(page, "next") or "").partition("cursor=")[2].partition("&")[0]
    for other in ({"sortby": "exposed_workers"}, {}, {"sortby": "name,grade"}):
        assert (await door.get(ROWS, params=other | {"cursor": token})).status_code == 400
    assert len(await ids(door, ROWS, limit=1000, sortby="name")) == page["numberMatched"]


KEYS = (
    Key("a", ColumnKind.INTEGER),
    Key("b", ColumnKind.TEXT, descending=True),
    Key("id", ColumnKind.INTEGER, always=True),
)
TABLE = st.lists(
    st.tuples(st.none() | st.integers(-3, 3), st.none() | st.sampled_from(["", "a", "甲", "乙", "a b", "'"])),
    max_size=30,
)


@given(rows=TABLE, limit=st.integers(1, 7), ways=st.tuples(st.booleans(), st.booleans(), st.booleans()))
async def test_any_rows_by_any_keys(
    city: psycopg.Connection,
    rows: list[tuple[int | None, str | None]],
    limit: int,
    ways: tuple[bool, bool, bool],
) -> None:
    """The rules alone, over any rows: pages forth are the rows in order, pages back the same reversed."""
    keys = [Key(key.name, key.kind, way, key.always) for key, way in zip(KEYS, ways, strict=True)]
    city.execute("CREATE TEMP TABLE any_rows (id bigint, a bigint, b text) ON COMMIT DROP")
    with city.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO any_rows VALUES (%s, %s, %s)", [(n, *row) for n, row in enumerate(rows)]
        )

    def fetch(place: Place, most: int) -> list[tuple[int, int | None, str | None]]:
        text, parameters = begins_after(keys, place)
        order = order_by(keys, backwards=place.backwards)
        return city.execute(
            f"SELECT a, b, id FROM any_rows AS item WHERE {text} ORDER BY {order} LIMIT {most}", parameters
        ).fetchall()

    try:
        whole = fetch(FIRST, 1000)
        assert len(whole) == len(rows)
        forth, place = [], FIRST
        while found := fetch(place, limit):
            forth += found
            place = Place(tuple(found[-1]))
            assert read_token(write_token(place), keys) == place
        assert forth == whole
        if whole:
            back, place = [whole[-1]], Place(tuple(whole[-1]), backwards=True)
            while found := fetch(place, limit):
                back += found
                place = Place(tuple(found[-1]), backwards=True)
            assert back[::-1] == whole
    finally:
        city.rollback()


@given(st.text(max_size=60) | st.binary(max_size=60).map(lambda raw: raw.hex()))
async def test_no_text_is_a_token_by_accident(text: str) -> None:
    try:
        place = read_token(text, KEYS)
    except Rejected:
        return
    assert len(place.values) == len(KEYS)
