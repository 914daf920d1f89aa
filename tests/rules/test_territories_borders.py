"""Which disagreements of borders are noise, and which positions contradict a register."""

import pytest

from service.territories.rules.borders import Contradiction, Disagreement, Fault, contradiction_of


def disagreement(
    *, share: float, width_m: float = 10.0, coarse: bool = False, fault: Fault = Fault.OVERLAP
) -> Disagreement:
    return Disagreement(
        fault=fault,
        key="a",
        name="甲区",
        other="乙区",
        area_m2=1_500_000.0,
        width_m=width_m,
        share=share,
        coarse=coarse,
    )


@pytest.mark.parametrize(
    ("distance_m", "meaning"),
    [(0.0, "doubtful"), (2999.9, "doubtful"), (3000.0, "certain"), (9e6, "certain")],
)
def test_three_kilometres_part_a_doubt_from_a_contradiction(distance_m: float, meaning: str) -> None:
    assert contradiction_of(distance_m) == Contradiction(meaning)


@pytest.mark.parametrize(
    ("share", "width_m", "coarse", "tolerable"),
    [
        # The worst of the national data is noise: 0.13 % of 彭山区 outside its city.
        (0.0013, 10.0, False, True),
        (0.002, 5000.0, False, True),
        (0.0021, 1.0, False, False),
        # Against a coarse border both the belt and the share must hold.
        (0.1, 2999.0, True, True),
        (0.1, 3001.0, True, False),
        (0.25, 100.0, True, True),
        (0.26, 100.0, True, False),
    ],
)
def test_tolerance(share: float, width_m: float, coarse: bool, tolerable: bool) -> None:
    assert disagreement(share=share, width_m=width_m, coarse=coarse).tolerable is tolerable


@pytest.mark.parametrize("fault", list(Fault))
@pytest.mark.parametrize("coarse", [True, False])
def test_the_sentences_carry_both_names_and_the_numbers(fault: Fault, coarse: bool) -> None:
    for sentence in disagreement(share=0.0345, width_m=420.0, coarse=coarse, fault=fault).sentences():
        assert "甲区" in sentence
        assert "乙区" in sentence
        assert "1.500 km²" in sentence
        assert "3.45%" in sentence
        assert ("示意" in sentence or "indicative" in sentence) is coarse
