"""Enterprises to choose from, and an enterprise as a form holds it."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from service.base.database import SessionDep
from service.base.statements import driver_of
from service.enterprises.rules import initials_of
from service.register.queries import forms as queries
from service.register.schemas.shown import EnterpriseFields, OwnerList
from service.risk_points.schemas.selection import read_words

router = APIRouter(tags=["register"])

EnterpriseId = Annotated[int, Path(ge=1, le=2**63 - 1)]
_MOST_OWNERS = 20  # more than a person looks through; another letter narrows it


@router.get("/api/register/owners", summary="Enterprises that a form may mean")
async def find_owners(
    session: SessionDep,
    q: Annotated[str, Query(max_length=60, description="Words, credit code or initials.")],
) -> OwnerList:
    """At most 20, the shortest name first; nothing for nothing."""
    words = read_words(q)
    if words is None:
        return OwnerList(items=[])
    letters = initials_of(q) if q.isascii() else ""
    found = await queries.find_owners(
        await driver_of(session), words, f"{letters}%" if letters else None, limit=_MOST_OWNERS
    )
    return OwnerList.model_validate({"items": found})


@router.get("/api/enterprises/{enterprise_id}/form", summary="An enterprise as a form holds it")
async def show_form(session: SessionDep, enterprise_id: EnterpriseId) -> EnterpriseFields:
    """The enterprise with its sites, each with its version for If-Match."""
    return EnterpriseFields.model_validate(
        await queries.show_enterprise(await driver_of(session), enterprise_id)
    )
