"""When the stored counts may answer: for whole areas and the filters they hold, and never else."""

from dataclasses import fields
from typing import Any

import pytest

from service.base.viewer import Viewer
from service.cells.queries import STORED_FILTERS, stored_counts_serve
from service.risk_points.queries import Selection
from tests.counting import TODAY
from tests.world import CITY_PATH, EAST_PATH

WHOLE = Viewer(person="p", name="p", areas=(CITY_PATH,))
ASKED: dict[str, Any] = {
    "industries": ("gas",),
    "control_levels": ("post",),
    "owner_kind": "region",
    "positions": ("own",),
    "overdue": False,
    "enterprise": 1,
    "words": ("%a%",),
}


@pytest.mark.parametrize("level", [2, 3, 4])
def test_the_common_views_are_stored(level: int) -> None:
    common = Selection(
        today=TODAY,
        basis="current",
        view="managed",
        grades=(1,),
        area=EAST_PATH,
        managing=EAST_PATH,
        accidents=("GB 6441-2025:9", "GB 6441-1986:08"),
    )
    assert stored_counts_serve(common, WHOLE, level)


def test_two_categories_of_one_edition_are_counted_live() -> None:
    """A point that has both would be counted twice."""
    both = Selection(today=TODAY, accidents=("GB 6441-2025:9", "GB 6441-2025:10"))
    assert not stored_counts_serve(both, WHOLE, 4)


@pytest.mark.parametrize("name", ASKED)
def test_a_finer_filter_is_counted_live(name: str) -> None:
    assert not stored_counts_serve(Selection(today=TODAY, **{name: ASKED[name]}), WHOLE, 4)


def test_every_filter_there_is_was_considered() -> None:
    assert {one.name for one in fields(Selection)} == STORED_FILTERS | set(ASKED)


@pytest.mark.parametrize(
    "viewer",
    [
        Viewer(person="p", name="p", pairs=(f"gas.{CITY_PATH}",)),
        Viewer(person="p", name="p", areas=(CITY_PATH,), pairs=(f"gas.{CITY_PATH}",)),
        Viewer(person="p", name="p", areas=(EAST_PATH,), enterprises=(1,)),
    ],
)
def test_who_sees_by_industry_or_firm_is_counted_live(viewer: Viewer) -> None:
    assert not stored_counts_serve(Selection(today=TODAY), viewer, 4)


def test_fine_cells_are_counted_live() -> None:
    assert not stored_counts_serve(Selection(today=TODAY), WHOLE, 5)
