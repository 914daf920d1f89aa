"""One risk point, with everything that explains it."""

from typing import Annotated

from fastapi import APIRouter, Path
from sqlalchemy.ext.asyncio import AsyncSession

from service.base.audit import note
from service.base.database import SessionDep, ViewerDep
from service.base.errors import NotFound
from service.base.masking import mask_name
from service.base.statements import driver_of
from service.base.viewer import Permission, Viewer
from service.codes import queries as code_queries
from service.codes.schemas import CodeName
from service.risk_points import queries
from service.risk_points.models import Measure
from service.risk_points.schemas.points import (
    WORD_OF_RANK,
    AccidentCategory,
    AggravationMark,
    CurrentMark,
    EventOut,
    ManagedBy,
    MeasureOut,
    PointDetails,
    SiteName,
    Source,
    Verdicts,
    point_row,
    verdict,
)
from service.risk_points.schemas.selection import SelectionDep

router = APIRouter(prefix="/api/risk-points", tags=["risk points"])

# bigint's largest value: beyond it PostgreSQL would answer with an error of its own.
RiskPointId = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("/{risk_point_id}", summary="One risk point")
async def show_risk_point(
    risk_point_id: RiskPointId, session: SessionDep, viewer: ViewerDep, selection: SelectionDep
) -> PointDetails:
    """The point with its geometry, source position, events, measures and the verdicts that gave its colours.

    Who answers for a measure is named to whom contacts are open, and the look is recorded; to others by a first character.
    """
    connection = await driver_of(session)
    page = await queries.page_points(connection, selection, queries.Place(ids=[risk_point_id]), limit=1)
    row = await queries.describe_point(connection, risk_point_id)
    if not page.rows or row is None:
        raise NotFound(
            "没有这个风险点，或者它不在您的可见范围内。", "No such risk point, or it is not yours to see."
        )
    inherent = await queries.latest_verdicts(connection, [risk_point_id], basis="inherent")
    assessed = await queries.latest_verdicts(connection, [risk_point_id], basis="assessed")
    marks = await queries.aggravations_of(session, risk_point_id)
    site = None
    if row["site_id"] is not None:
        site = SiteName(
            id=row["site_id"], number=row["site_number"], name=row["site_name"], address=row["site_address"]
        )
    industries = await code_queries.names_of(session, "regulatory_industry", row["industries"])
    levels = await code_queries.names_of(session, "control_level", [row["control_level"] or ""])
    return PointDetails(
        **point_row(page.rows[0]).model_dump(),
        geometry=row["geometry"],
        place=row["place"],
        owner_kind=row["owner_kind"],
        uscc=row["uscc"],
        version=row["version"],
        control_level=None if row["control_level"] is None else CodeName.of(row["control_level"], levels),
        exposed_workers=row["exposed_workers"],
        major_hazard_level=row["major_hazard_level"],
        site=site,
        source=Source(datum=row["source_datum"], x=row["source_x"], y=row["source_y"]),
        managed_by=ManagedBy(key=row["managed_key"], name=row["managed_name"], reason=row["managed_reason"]),
        industries=[CodeName.of(code, industries) for code in row["industries"]],
        verdicts=Verdicts(
            inherent=verdict(inherent.get(risk_point_id)), assessed=verdict(assessed.get(risk_point_id))
        ),
        current=CurrentMark(
            grade=WORD_OF_RANK[row["grade_current"] or queries.UNASSESSED_RANK],
            aggravations=[
                AggravationMark(
                    source=m.source, grade=WORD_OF_RANK[m.grade], count=m.count, reasons=m.reasons
                )
                for m in marks
            ],
        ),
        events=await _events(session, viewer, risk_point_id),
        recorded_from=row["recorded_from"],
    )


async def _events(session: AsyncSession, viewer: Viewer, risk_point_id: int) -> list[EventOut]:
    events = await queries.events_of(session, risk_point_id)
    found = await queries.measures_of(session, risk_point_id)
    names_people = Permission.CONTACTS in viewer.may
    if names_people and any(one.person for one in found):
        await note(session, "read_contacts", subject="risk_point", ids=[risk_point_id])
    kinds = await code_queries.names_of(session, "measure_kind", {one.kind or "" for one in found})
    levels = await code_queries.names_of(session, "control_level", {one.control_level or "" for one in found})
    measures: dict[int, list[Measure]] = {}
    for measure in found:
        measures.setdefault(measure.risk_event_id, []).append(measure)
    named: list[EventOut] = []
    for event in events:
        names = await code_queries.names_of(
            session, "accident_category", event.accident_categories, edition=event.accident_edition
        )
        named.append(
            EventOut(
                id=event.id,
                name=event.name,
                accident_categories=[
                    AccidentCategory(**CodeName.of(code, names).model_dump(), edition=event.accident_edition)
                    for code in event.accident_categories
                ],
                consequence=event.consequence,
                measures=[
                    MeasureOut(
                        kind=None if m.kind is None else CodeName.of(m.kind, kinds),
                        text=m.description,
                        control_level=(
                            None if m.control_level is None else CodeName.of(m.control_level, levels)
                        ),
                        unit=m.unit,
                        person=m.person if names_people or m.person is None else mask_name(m.person),
                    )
                    for m in measures.get(event.id, [])
                ],
            )
        )
    return named
