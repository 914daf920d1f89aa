"""What a map on paper or in a file is told: its imprint, and for a file all that is drawn."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel

from service.cells.schemas import Bounds, ChildCounts, Counts, Positions, TerritoryOut
from service.codes.schemas import CodeText
from service.grading.schemas import MethodName
from service.risk_points.schemas.points import Basis, GradeWord, PointRow, TerritoryName, View

Language = Literal["zh", "en"]


class Condition(BaseModel):
    """One condition of the filter, as a person reads it."""

    name: CodeText
    value: CodeText


class MethodUse(MethodName):
    """A method version and how many of the map's points it graded."""

    points: int


class Imprint(BaseModel):
    """What every map on paper or in a file says of itself: of what, by whom, when, by which methods, under which note.

    bounds: what a map of it shows whole: the points of one enterprise, else the territory.
    """

    title: CodeText
    territory: TerritoryOut
    bounds: Bounds | None
    ancestors: list[TerritoryName]
    basis: Basis
    view: View
    grades: list[GradeWord]
    conditions: list[Condition]
    counts: Counts
    grade: GradeWord | None
    districts: list[ChildCounts]
    positions: Positions
    overdue: int
    methods: list[MethodUse]
    last_recorded_at: datetime | None
    made_at: datetime
    made_by: str
    demo: bool
    boundary_note: CodeText
    approval: str | None
    version: str


class LeftOut(BaseModel):
    """What the bounds of a file kept out of it: points, and the cell levels that are not whole."""

    points: int
    cell_levels: list[int]


class Outline(BaseModel):
    key: str
    code: str | None
    name: str
    level: str
    indicative: bool
    geometry: dict[str, Any]


class DrawnPoint(PointRow):
    """A point as a file draws and explains it. geometry: a line's or an area's; verdict: its place in `verdicts`."""

    geometry: dict[str, Any] | None
    verdict: int | None
    assessor: str | None


class MapContent(BaseModel):
    """All that a map in a file shows. cells: by level, [code, 重大, 较大, 一般, 低, 未评价, crossing, its worst grade]."""

    language: Language
    imprint: Imprint
    outlines: list[Outline]
    cells: dict[int, list[list[str | int | None]]]
    points: list[DrawnPoint]
    verdicts: list[dict[str, Any]]
    left_out: LeftOut

    @property
    def bounds(self) -> Bounds:
        """What the file opens at; gather() lets none through without."""
        assert self.imprint.bounds is not None
        return self.imprint.bounds

    @property
    def title(self) -> str:
        """What the file is called in the language it opens in."""
        title = self.imprint.title
        return title.zh if self.language == "zh" else title.en
