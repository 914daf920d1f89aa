"""What forms are filled with, and the answers to what they sent."""

from datetime import date, datetime
from typing import Any, Literal, Self

from pydantic import BaseModel

from service.codes.schemas import CodeText
from service.grading.schemas import VerdictBody
from service.imports.rules.assessments import GivenAssessment
from service.register.actions.desk import Done
from service.register.queries.forms import Row
from service.register.rules.rows import FieldProblem
from service.risk_points.schemas.points import WORD_OF_RANK, GradeWord, TerritoryName


class FieldProblemOut(BaseModel):
    """What is wrong with a field; field None: with the form as a whole. The codes are those of the import."""

    field: str | None
    severity: Literal["error", "warning"]
    code: str
    message: CodeText
    value: str | None


class Written(BaseModel):
    """What was written. version: that of the row now. warnings: what a person should see although it was written."""

    id: int
    version: int
    warnings: list[FieldProblemOut]

    @classmethod
    def of(cls, done: Done, version: int) -> Self:
        """The answer to a form."""
        return cls(id=done.id, version=version, warnings=problems_out(done.warnings))


class OwnerName(BaseModel):
    id: int
    name: str
    uscc: str | None


class PositionOut(BaseModel):
    """kind: whose position it is. geometry: GeoJSON in CGCS2000. datum, x, y: as given; a geometry stands whole in x."""

    kind: Literal["own", "inherited", "none"]
    geometry: dict[str, Any] | None
    anchor: tuple[float, float] | None
    datum: str | None
    x: str | None
    y: str | None


class MeasureFields(BaseModel):
    kind: str | None
    text: str
    control_level: str | None
    unit: str
    person: str


class EventFields(BaseModel):
    id: int
    name: str
    accident_edition: str | None
    accident_categories: list[str]
    consequence: str
    measures: list[MeasureFields]


class AssessmentFields(BaseModel):
    """The latest grading of a basis, as far as the next one begins with it."""

    method: str
    version: str
    inputs: dict[str, str]
    grade: GradeWord
    reasons: list[dict[str, Any]]
    override_from: GradeWord | None
    override_reason: str | None
    assessor: str
    assessed_on: date
    next_review: date | None


class PointFields(BaseModel):
    """A point as a form holds it. industries: its own, null where it has those of its enterprise."""

    id: int
    version: int
    enterprise: OwnerName | None
    site_id: int | None
    number: str
    name: str
    place: str
    position: PositionOut
    territory: TerritoryName
    territory_stated: bool
    managed_by: TerritoryName
    managed_reason: str | None
    industries: list[str] | None
    control_level: str | None
    exposed_workers: int | None
    demo: bool
    events: list[EventFields]
    assessments: dict[Literal["inherent", "assessed"], AssessmentFields]
    changed_by: str
    recorded_from: datetime


class SiteFields(BaseModel):
    """A site as a form holds it. position: longitude and latitude in CGCS2000; datum, x, y: as given. area: GeoJSON."""

    id: int
    version: int
    number: str
    name: str
    address: str
    position: tuple[float, float] | None
    datum: str | None
    x: str | None
    y: str | None
    area: dict[str, Any] | None
    territory: TerritoryName
    territory_stated: bool
    contact: str
    phone: str


class EnterpriseFields(BaseModel):
    """An enterprise as a form holds it, with its sites."""

    id: int
    version: int
    uscc: str | None
    name: str
    industries: list[str]
    economy_code: str | None
    employees: int | None
    demo: bool
    changed_by: str
    recorded_from: datetime
    sites: list[SiteFields]


class GradingPreview(BaseModel):
    """The grade that a form would get, with its reasons; None while something is missing or wrong."""

    verdict: VerdictBody | None
    problems: list[FieldProblemOut]


def problems_out(problems: Any) -> list[FieldProblemOut]:
    """Problems on the wire."""
    found: list[FieldProblem] = list(problems)
    return [FieldProblemOut.model_validate(one.to_wire()) for one in found]


def preview_out(given: GivenAssessment | None, problems: list[FieldProblem]) -> GradingPreview:
    """A grading that was only looked at."""
    verdict = None
    if given is not None:
        verdict = VerdictBody.model_validate(
            given.verdict.to_wire()
            | {
                "basis": given.basis,
                "assessor": given.assessor,
                "assessed_on": given.assessed_on,
                "next_review": given.next_review,
            }
        )
    return GradingPreview(verdict=verdict, problems=problems_out(problems))


def point_fields(row: Row) -> PointFields:
    """A row of show_point on the wire: grades leave as words."""
    latest = {
        basis: one
        | {
            "grade": WORD_OF_RANK[one["grade"]],
            "override_from": None if one["override_from"] is None else WORD_OF_RANK[one["override_from"]],
        }
        for basis, one in row["assessments"].items()
    }
    return PointFields.model_validate(row | {"assessments": latest})
