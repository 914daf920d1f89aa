"""Enterprises with the counts of their risk points, and one of them whole."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Path, Query

from service.base.audit import note
from service.base.clock import NowDep, day_of
from service.base.database import SessionDep
from service.base.errors import NotFound
from service.base.permissions import requires
from service.base.statements import Connection, driver_of
from service.base.viewer import Permission
from service.cells.schemas import Counts, Freshness, Positions, counts
from service.codes import queries as code_queries
from service.codes.schemas import CodeName
from service.lists import queries
from service.lists.queries import EnterpriseSort, FirmTurn, Register
from service.lists.routes.points import CursorText, Limit, Offset, Order
from service.lists.schemas.lists import (
    Contact,
    Contacts,
    EnterpriseDetails,
    EnterpriseList,
    SiteContacts,
    enterprise_row,
    read_last_firm,
    site_out,
    write_place,
)
from service.risk_points import queries as risk_point_queries
from service.risk_points.queries import Place, Selection
from service.risk_points.schemas.points import RANK_OF_WORD, Reason, TerritoryName, point_row, verdict
from service.risk_points.schemas.selection import SelectionDep

router = APIRouter(prefix="/api", tags=["lists"])

MOST_REASONS = 20
# Where more means worse, the most come first unless another order is asked for.
MOST_FIRST: frozenset[EnterpriseSort] = frozenset({"total", "overdue", "density"})

Registered = Annotated[
    Register,
    Query(description="some: with selected points; none: belonging to the filter, with no point at all"),
]


@router.get("/enterprises", summary="The enterprises of a filter with the counts of their points")
async def list_enterprises(  # noqa: PLR0913 - a filter, an order and a place are what a list asks for
    session: SessionDep,
    selection: SelectionDep,
    now: NowDep,
    register: Registered = "any",
    sort: EnterpriseSort = "name",
    order: Order = None,
    cursor: CursorText = None,
    offset: Offset = 0,
    limit: Limit = 50,
) -> EnterpriseList:
    """A page of enterprises; territory, industry and words choose enterprises, all of the filter chooses points."""
    descending = (order or ("desc" if sort in MOST_FIRST else "asc")) == "desc"
    after = read_last_firm(cursor, sort=sort, descending=descending)
    weights = await queries.weights_in_force(session, on=day_of(now))
    connection = await driver_of(session)
    turn = FirmTurn(
        register=register, sort=sort, descending=descending, after=after, offset=offset, limit=limit
    )
    page = await queries.list_enterprises(connection, selection, weights, turn)
    words = await queries.words(session)
    return EnterpriseList(
        items=[enterprise_row(row, words) for row in page.rows],
        next=write_place((sort, descending), page.next),
        total=page.total,
    )


@router.get(
    "/enterprises/{enterprise_id}/contacts",
    summary="The contacts of an enterprise, whole",
    dependencies=[requires(Permission.CONTACTS)],
)
async def show_contacts(
    enterprise_id: Annotated[int, Path(ge=1, le=2**63 - 1)], session: SessionDep, selection: SelectionDep
) -> Contacts:
    """Names and telephones, which other answers mask. Every look is recorded."""
    sites = await queries.describe_sites(await driver_of(session), selection, enterprise_id)
    if not sites:
        raise NotFound(
            "没有这家企业，或者它不在您的可见范围内。", "No such enterprise, or it is not yours to see."
        )
    await note(session, "read_contacts", subject="enterprise", ids=[enterprise_id])
    return Contacts(
        sites=[
            SiteContacts(site=site["id"], contacts=[Contact(**one) for one in site["contacts"]])
            for site in sites
        ]
    )


@router.get("/enterprises/{enterprise_id}", summary="One enterprise: sites, counts, reasons")
async def show_enterprise(
    enterprise_id: Annotated[int, Path(ge=1, le=2**63 - 1)], session: SessionDep, selection: SelectionDep
) -> EnterpriseDetails:
    """An enterprise with its sites and its highest risk point. Not there or not yours is the same 404."""
    selection = replace(selection, enterprise=enterprise_id)
    connection = await driver_of(session)
    row = await queries.describe_enterprise(connection, selection, enterprise_id)
    if row is None:
        raise NotFound(
            "没有这家企业，或者它不在您的可见范围内。", "No such enterprise, or it is not yours to see."
        )
    words = await queries.words(session)
    economy = await code_queries.names_of(session, "economy_section", [row["economy_code"] or ""])
    total = counts(row)
    return EnterpriseDetails(
        id=row["id"],
        uscc=row["uscc"],
        name=row["name"],
        industries=[CodeName.of(code, words.industries) for code in row["industries"]],
        economy=None if row["economy_code"] is None else CodeName.of(row["economy_code"], economy),
        employees=row["employees"],
        territory=TerritoryName(key=row["territory_key"], name=row["territory_name"]),
        demo=row["demo"],
        version=row["version"],
        recorded_from=row["recorded_from"],
        sites=[site_out(site) for site in await queries.describe_sites(connection, selection, enterprise_id)],
        counts=total,
        grade=total.grade,
        positions=Positions(**{name: row[name] for name in Positions.model_fields}),
        reasons=await _reasons(connection, selection, total),
        reasons_total=0 if total.grade is None else getattr(total, total.grade),
        freshness=Freshness(last_recorded_at=row["last_recorded_at"], overdue=row["overdue"]),
        bounds=(None if row["west"] is None else (row["west"], row["south"], row["east"], row["north"])),
    )


async def _reasons(connection: Connection, selection: Selection, total: Counts) -> list[Reason]:
    """The worst points and their verdicts."""
    if total.grade is None or total.grade == "unassessed":
        return []
    worst = replace(selection, grades=(RANK_OF_WORD[total.grade],))
    page = await risk_point_queries.page_points(connection, worst, Place(), limit=MOST_REASONS)
    verdicts = await risk_point_queries.latest_verdicts(
        connection, [row["id"] for row in page.rows], basis=selection.verdict_basis
    )
    return [
        Reason(grade=total.grade, risk_point=point_row(row), verdict=verdict(verdicts.get(row["id"])))
        for row in page.rows
    ]
