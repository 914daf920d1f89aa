"""What appointments make of a person, and what a key makes of a viewer: tables."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.accounts.rules.passwords import LONGEST_WAIT, waits_until
from service.accounts.rules.roles import DUTIES, Appointment, Role, of_key, viewer_of
from service.base.viewer import NOWHERE, Permission, Scope, Viewer

CITY = "cn.220000.220100"
EAST = f"{CITY}.220105"


def made(*appointments: Appointment) -> Viewer:
    return viewer_of("p", "人", appointments)


def rows(viewer: Viewer) -> Scope:
    return Scope(areas=viewer.areas, pairs=viewer.pairs, enterprises=viewer.enterprises)


@pytest.mark.parametrize(
    ("held", "sees", "writes", "keeps"),
    [
        ([], NOWHERE, NOWHERE, ()),
        ([Appointment("regulator", CITY)], Scope(areas=(CITY,)), Scope(areas=(CITY,)), ()),
        ([Appointment("inspector", EAST)], Scope(areas=(EAST,)), NOWHERE, ()),
        (
            [Appointment("department", CITY, "gas")],
            Scope(pairs=(f"gas.{CITY}",)),
            Scope(pairs=(f"gas.{CITY}",)),
            (),
        ),
        ([Appointment("officer", enterprise=7)], Scope(enterprises=(7,)), Scope(enterprises=(7,)), ()),
        ([Appointment("auditor", CITY)], NOWHERE, NOWHERE, (CITY,)),
        ([Appointment("administrator", EAST)], NOWHERE, NOWHERE, (EAST,)),
        # An area within another adds nothing; pairs stay pairs.
        (
            [Appointment("regulator", EAST), Appointment("analyst", CITY)],
            Scope(areas=(CITY,)),
            Scope(areas=(EAST,)),
            (),
        ),
        (
            [Appointment("department", EAST, "gas"), Appointment("analyst", CITY, "hazchem")],
            Scope(pairs=(f"gas.{EAST}", f"hazchem.{CITY}")),
            Scope(pairs=(f"gas.{EAST}",)),
            (),
        ),
    ],
)
def test_appointments_together(
    held: list[Appointment], sees: Scope, writes: Scope, keeps: tuple[str, ...]
) -> None:
    viewer = made(*held)
    assert (rows(viewer), viewer.writes, viewer.governs or viewer.audits) == (sees, writes, keeps)


def test_keeping_accounts_of_a_district_and_reading_the_audit_of_a_city_stay_apart() -> None:
    viewer = made(Appointment("administrator", EAST), Appointment("auditor", CITY))
    assert (viewer.governs, viewer.audits) == ((EAST,), (CITY,))


def test_a_first_password_opens_nothing() -> None:
    viewer = viewer_of("p", "人", [Appointment("regulator", CITY)], must_change=True)
    assert (rows(viewer), viewer.writes, viewer.may) == (NOWHERE, NOWHERE, frozenset())


def test_nobody_who_keeps_accounts_or_reads_the_audit_sees_rows_by_it() -> None:
    for role, duty in DUTIES.items():
        assert duty.sees + duty.governs + duty.audits == 1, role
        assert not duty.writes or duty.sees, role


@pytest.mark.parametrize("role", DUTIES)
def test_role_and_place_fit_or_do_not(role: Role) -> None:
    of_firm = role in {"officer", "worker"}
    assert Appointment(role, enterprise=1).fits == of_firm
    assert Appointment(role, CITY).fits == (not of_firm and role != "department")
    assert Appointment(role, CITY, "gas").fits == (role in {"department", "analyst"})
    assert not Appointment(role).fits
    assert not Appointment(role, CITY, enterprise=1).fits


@pytest.mark.parametrize(
    ("area", "sees"),
    [
        (None, Scope(areas=(EAST,), pairs=(f"gas.{CITY}",), enterprises=(3,))),
        (CITY, Scope(areas=(EAST,), pairs=(f"gas.{CITY}",))),
        (f"{EAST}.t1", Scope(areas=(f"{EAST}.t1",), pairs=(f"gas.{EAST}.t1",))),
        (f"{CITY}.220104", Scope(pairs=(f"gas.{CITY}.220104",))),
        # A label that begins like another is another.
        (f"{CITY}.2201", Scope(pairs=(f"gas.{CITY}.2201",))),
    ],
)
def test_a_key_reads_the_part_that_lies_in_its_area(area: str | None, sees: Scope) -> None:
    whole = made(
        Appointment("regulator", EAST),
        Appointment("department", CITY, "gas"),
        Appointment("officer", enterprise=3),
    )
    shown = of_key(whole, area)
    assert rows(shown) == sees
    assert (shown.writes, shown.governs, shown.may) == (NOWHERE, (), frozenset({Permission.EXPORT}))


NOW = datetime(2026, 11, 26, tzinfo=UTC)


@given(st.integers(0, 5000))
def test_waiting_grows_and_has_an_end(failures: int) -> None:
    wait = waits_until(failures, NOW)
    if failures < 5:
        assert wait is None
    else:
        assert wait is not None
        assert timedelta(seconds=2) <= wait - NOW <= LONGEST_WAIT
        more = waits_until(failures + 1, NOW)
        assert more is not None
        assert more >= wait
