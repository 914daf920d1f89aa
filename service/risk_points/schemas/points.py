"""Wire shapes of risk points."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel

from service.base.errors import Rejected
from service.codes.rules.documents import plain
from service.codes.schemas import CodeName
from service.grading.rules.grades import UNASSESSED, Grade
from service.grading.schemas import VerdictBody
from service.risk_points.queries import UNASSESSED_RANK, Cursor, Row

GradeWord = Literal["major", "large", "general", "low", "unassessed"]
Basis = Literal["inherent", "assessed", "current"]
View = Literal["located", "managed"]
Position = Literal["own", "inherited", "none"]

RANK_OF_WORD: dict[str, int] = {grade.word: int(grade) for grade in Grade} | {UNASSESSED: UNASSESSED_RANK}
WORD_OF_RANK: dict[int, GradeWord] = {rank: word for word, rank in RANK_OF_WORD.items()}  # type: ignore[misc]


class TerritoryName(BaseModel):
    key: str
    name: str


class EnterpriseName(BaseModel):
    id: int
    name: str


class PointRow(BaseModel):
    """One risk point in a list. anchor: longitude and latitude, CGCS2000."""

    id: int
    number: str
    name: str
    grade: GradeWord
    enterprise: EnterpriseName | None
    position: Position
    anchor: tuple[float, float] | None
    territory: TerritoryName
    demo: bool
    assessed_on: date | None
    next_review: date | None
    overdue: bool


class Verdict(VerdictBody):
    """A grade with its method, inputs and reasons, as they were recorded."""

    basis: Literal["inherent", "assessed"]
    assessor: str
    assessed_on: date


class Reason(BaseModel):
    """Why a place has its colour: the point, and why the point has its grade."""

    grade: GradeWord
    risk_point: PointRow
    verdict: Verdict | None


class PointPage(BaseModel):
    """Points, the worst first; `next` is the cursor of the following page."""

    items: list[PointRow]
    next: str | None


class SiteName(BaseModel):
    id: int
    number: str
    name: str
    address: str


class Source(BaseModel):
    """The position as it was given."""

    datum: str | None
    x: str | None
    y: str | None


class ManagedBy(BaseModel):
    key: str
    name: str
    reason: str | None


class AggravationMark(BaseModel):
    source: str
    grade: GradeWord
    count: int
    reasons: list[dict[str, Any]]


class CurrentMark(BaseModel):
    """The assessed grade, darkened by what is open at the moment."""

    grade: GradeWord
    aggravations: list[AggravationMark]


class MeasureOut(BaseModel):
    kind: CodeName | None
    text: str
    control_level: CodeName | None
    unit: str
    person: str


class AccidentCategory(CodeName):
    """An accident category with the edition of GB 6441 it was recorded in."""

    edition: str | None


class EventOut(BaseModel):
    id: int
    name: str
    accident_categories: list[AccidentCategory]
    consequence: str
    measures: list[MeasureOut]


class Verdicts(BaseModel):
    inherent: Verdict | None
    assessed: Verdict | None


class PointDetails(PointRow):
    """All that the register says of one point. geometry: GeoJSON, CRS84 axis order; None without its own position."""

    geometry: dict[str, Any] | None
    place: str
    owner_kind: Literal["enterprise", "region"]
    uscc: str | None
    version: int
    control_level: CodeName | None
    exposed_workers: int | None
    major_hazard_level: int | None
    site: SiteName | None
    source: Source
    managed_by: ManagedBy
    industries: list[CodeName]
    verdicts: Verdicts
    current: CurrentMark
    events: list[EventOut]
    recorded_from: datetime


def point_row(row: Row) -> PointRow:
    """A database row of page_points on the wire."""
    named = row["enterprise_id"] is not None and row["enterprise_name"] is not None
    return PointRow(
        id=row["id"],
        number=row["number"],
        name=row["name"],
        grade=WORD_OF_RANK[row["rank"]],
        enterprise=EnterpriseName(id=row["enterprise_id"], name=row["enterprise_name"]) if named else None,
        position=row["position"],
        anchor=None if row["lon"] is None else (row["lon"], row["lat"]),
        territory=TerritoryName(key=row["territory_key"], name=row["territory_name"]),
        demo=row["demo"],
        assessed_on=row["assessed_on"],
        next_review=row["next_review"],
        overdue=bool(row["overdue"]),
    )


def verdict(row: Row | None) -> Verdict | None:
    """A database row of latest_verdicts on the wire; None where nothing was assessed."""
    if row is None:
        return None
    override = None
    if row["override_from"] is not None:
        override = {
            "from": WORD_OF_RANK[row["override_from"]],
            "to": WORD_OF_RANK[row["grade"]],
            "reason": row["override_reason"],
            "person": row["assessor"],
        }
    return Verdict.model_validate(
        {
            "basis": row["basis"],
            "grade": WORD_OF_RANK[row["grade"]],
            "method": {
                "id": row["method_id"],
                "version": row["method_version"],
                "title": {"zh": row["title_zh"], "en": row["title_en"]},
            },
            "score": None if row["score"] is None else plain(row["score"]),
            "reasons": row["reasons"],
            "assessor": row["assessor"],
            "assessed_on": row["assessed_on"],
            "next_review": row["next_review"],
            "override": override,
        }
    )


def write_cursor(cursor: Cursor | None) -> str | None:
    """A cursor as text for the wire."""
    return None if cursor is None else f"{cursor.rank}-{cursor.id}"


def read_cursor(text: str | None) -> Cursor | None:
    """A cursor from the wire. Raises Rejected for text that no page ever gave."""
    if text is None:
        return None
    rank, _, identity = text.partition("-")
    if not (rank in {"1", "2", "3", "4", "5"} and identity.isdecimal() and len(identity) <= 18):
        raise Rejected("翻页游标无效，请重新打开列表。", "The page cursor is not valid; open the list again.")
    return Cursor(int(rank), int(identity))
