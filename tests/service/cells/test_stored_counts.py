"""When the stored counts may answer: whole areas, industries of areas, the filters they hold, and never else."""

from dataclasses import fields, replace
from typing import Any

import pytest

from service.base.viewer import Viewer
from service.cells.queries import STORED_FILTERS, stored_counts_serve, stored_parameters
from service.risk_points.queries import Selection
from tests.counting import TODAY
from tests.world import CITY_PATH, EAST_PATH

WHOLE = Viewer(person="p", name="p", areas=(CITY_PATH,))
GAS = Viewer(person="p", name="p", pairs=(f"gas.{CITY_PATH}",))
ASKED: dict[str, Any] = {
    "control_levels": ("post",),
    "owner_kind": "region",
    "positions": ("own",),
    "overdue": False,
    "enterprise": 1,
    "words": ("%a%",),
    "firms": (1,),
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


def test_industries_are_stored_and_not_together_with_categories() -> None:
    """A row counts one category, or one set of industries."""
    assert stored_counts_serve(Selection(today=TODAY, industries=("gas",)), WHOLE, 4)
    both = Selection(today=TODAY, industries=("gas",), accidents=("GB 6441-2025:9",))
    assert not stored_counts_serve(both, WHOLE, 4)
    assert not stored_counts_serve(replace(both, industries=None), GAS, 4)


@pytest.mark.parametrize("name", ASKED)
def test_a_finer_filter_is_counted_live(name: str) -> None:
    assert not stored_counts_serve(Selection(today=TODAY, **{name: ASKED[name]}), WHOLE, 4)


def test_every_filter_there_is_was_considered() -> None:
    assert {one.name for one in fields(Selection)} == STORED_FILTERS | set(ASKED)


@pytest.mark.parametrize(
    ("viewer", "industries", "codes"),
    [
        (WHOLE, None, None),
        (WHOLE, ("gas", "hazchem"), ["gas", "hazchem"]),
        (GAS, None, ["gas"]),
        (GAS, ("hazchem",), ["hazchem"]),
        # Who sees an area whole sees every industry there.
        (replace(GAS, areas=(EAST_PATH,)), None, None),
    ],
)
def test_rows_by_industry_are_read_where_one_was_asked_for_or_is_all_that_is_seen(
    viewer: Viewer, industries: tuple[str, ...] | None, codes: list[str] | None
) -> None:
    selection = Selection(today=TODAY, industries=industries)
    assert stored_counts_serve(selection, viewer, 4)
    by_industry = industries is not None or bool(viewer.pairs)
    assert stored_parameters(selection, viewer) == {"by_industry": by_industry, "codes": codes}


def test_who_sees_single_firms_is_counted_live() -> None:
    for viewer in (replace(WHOLE, enterprises=(1,)), replace(GAS, enterprises=(1,))):
        assert not stored_counts_serve(Selection(today=TODAY), viewer, 4)


def test_fine_cells_are_counted_live() -> None:
    assert not stored_counts_serve(Selection(today=TODAY), WHOLE, 5)
