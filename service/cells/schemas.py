"""Wire shapes of cells and of the summary of a territory."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from service.cells.queries import Row
from service.risk_points.schemas.points import (
    WORD_OF_RANK,
    Basis,
    GradeWord,
    PointPage,
    PointRow,
    Reason,
    View,
)

# west, south, east, north in degrees, CGCS2000.
Bounds = tuple[float, float, float, float]


class Counts(BaseModel):
    """How many risk points of each grade; `total` is their sum."""

    major: int = 0
    large: int = 0
    general: int = 0
    low: int = 0
    unassessed: int = 0
    total: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(**{name: getattr(self, name) + getattr(other, name) for name in Counts.model_fields})

    @property
    def grade(self) -> GradeWord | None:
        """The worst grade that occurs; `unassessed` where nothing was assessed, None where nothing is registered."""
        return next((word for word in WORD_OF_RANK.values() if getattr(self, word)), None)


def counts(row: Row) -> Counts:
    """The counts of a database row."""
    return Counts(**{name: row[name] for name in Counts.model_fields})


class Freshness(BaseModel):
    """When the register last changed here, and how many reviews are overdue."""

    last_recorded_at: datetime | None
    overdue: int


class Encoded(BaseModel):
    code: str
    level: int
    # Four of them; readers of OpenAPI 3.1 are at odds on lists with a schema for each place.
    bounds: Annotated[list[float], Field(min_length=4, max_length=4)]


class CrossingPoint(PointRow):
    """A line or area that crosses a cell; it is counted in the cell of its anchor."""

    counted_in: str | None


class Crossing(BaseModel):
    count: int
    grade: GradeWord | None
    items: list[CrossingPoint]


class CellOut(BaseModel):
    """One cell: counts, colour, the points that made it."""

    code: str
    level: int
    bounds: Bounds
    basis: Basis
    view: View
    counts: Counts
    grade: GradeWord | None
    crossing: Crossing
    reasons: list[Reason]
    reasons_total: int
    points: PointPage
    freshness: Freshness


class TerritoryOut(BaseModel):
    key: str
    code: str | None
    name: str
    level: str
    bounds: Bounds | None


class Positions(BaseModel):
    """How the counted points are placed: by themselves, at their site, or nowhere yet (待定位)."""

    own: int = 0
    inherited: int = 0
    none: int = 0


class ChildCounts(BaseModel):
    """One node below the territory. label: where to write its name, longitude and latitude."""

    key: str
    code: str | None
    name: str
    level: str
    label: tuple[float, float] | None
    counts: Counts
    grade: GradeWord | None


class Summary(BaseModel):
    """A territory: counts, colour and reasons. `elsewhere` counts what stands at the territory itself, at no child."""

    territory: TerritoryOut
    basis: Basis
    view: View
    counts: Counts
    grade: GradeWord | None
    positions: Positions
    children: list[ChildCounts]
    elsewhere: Counts
    reasons: list[Reason]
    reasons_total: int
    freshness: Freshness
