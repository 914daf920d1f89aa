"""The unified social credit code: every published example, every single slip of the pen."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.enterprises.rules import ALPHABET, check_character, find_uscc_fault, name_key

# A loaded machine is no mistake of the code.
PATIENT = settings(deadline=None)
VALID = (
    "91110000600037341L",
    "91310000MA1K35UX6B",
    "91440300708461136T",
    "91330100799655058B",
    "91110108551385082Q",
    "914403001922038216",
)


@pytest.mark.parametrize("code", VALID)
def test_real_codes_are_taken(code: str) -> None:
    assert find_uscc_fault(code) is None


def test_a_wrong_check_character_is_named_with_the_right_one() -> None:
    fault = find_uscc_fault("911101087000000000")
    assert fault is not None
    assert fault.code == "uscc_check_character"
    assert "N" in fault.zh
    assert "N" in fault.en


@pytest.mark.parametrize("authority", ["A", "N", "Y"])
def test_authorities_that_are_letters_are_taken(authority: str) -> None:
    first = f"{authority}2220105MF000000X"
    assert find_uscc_fault(first + check_character(first)) is None


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("9111000060003734", "uscc_length"),
        ("91110000600037341L0", "uscc_length"),
        ("91110000600037341O", "uscc_characters"),
        ("9111000060003734IL", "uscc_characters"),
        ("91110000600037341l", "uscc_characters"),
        ("９1110000600037341L", "uscc_characters"),
        ("B1110000600037341L", "uscc_form"),
        ("911100A0600037341L", "uscc_form"),
    ],
)
def test_what_is_no_code_is_refused_with_its_reason(code: str, fault: str) -> None:
    found = find_uscc_fault(code)
    assert found is not None
    assert found.code == fault


@PATIENT
@given(st.sampled_from(VALID), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_no_single_slip_of_the_pen_passes(code: str, place: int, character: str) -> None:
    slipped = code[:place] + character + code[place + 1 :]
    assert (find_uscc_fault(slipped) is None) == (slipped == code)


@PATIENT
@given(st.sampled_from(VALID), st.integers(0, 16))
def test_no_exchange_of_neighbours_passes(code: str, place: int) -> None:
    exchanged = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert (find_uscc_fault(exchanged) is None) == (exchanged == code)


def test_names_are_compared_without_width_and_spaces() -> None:
    assert name_key("长春（演示）  机械　厂") == name_key("长春(演示)机械厂") == "长春(演示)机械厂"
    assert name_key("一厂") != name_key("二厂")
