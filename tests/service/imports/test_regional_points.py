"""Points that belong to no enterprise: their numbers are the city's, and two districts may choose the same."""

import httpx
import pytest

from tests.conftest import Database
from tests.service.imports.points import point, register
from tests.service.imports.register import NANGUAN, bring_in, codes, rows_of, upload

ERDAO = ("125.3700", "43.8700")


def bridge(place: tuple[str, str] = NANGUAN, **cells: object) -> dict[str, object]:
    return point(number="QL-1", name="演示一桥", lon=place[0], lat=place[1]) | cells


@pytest.mark.parametrize(
    "other", [bridge(ERDAO, name="演示二桥"), point(number="QL-1", name="演示二桥", territory="二道区")]
)
async def test_a_number_of_another_district_is_not_taken_over(
    client: httpx.AsyncClient, database: Database, other: dict[str, object]
) -> None:
    await bring_in(client, register(bridge()))
    seen = await upload(client, register(other))
    assert "number_taken_elsewhere" in codes(seen, 2)
    assert "南关区" in next(one for one in seen["problems"] if one["severity"] == "error")["message"]["zh"]
    assert rows_of(database, "SELECT name FROM risk_point") == [("演示一桥",)]


@pytest.mark.parametrize("changed", [bridge(name="演示大桥"), bridge(ERDAO)])
async def test_renamed_in_place_or_moved_under_its_name_it_stays_the_same(
    client: httpx.AsyncClient, database: Database, changed: dict[str, object]
) -> None:
    await bring_in(client, register(bridge()))
    await bring_in(client, register(changed))
    assert rows_of(database, "SELECT count(*), min(name) FROM risk_point") == [(1, changed["name"])]
