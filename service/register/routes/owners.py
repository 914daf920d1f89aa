"""Enterprises and their sites by form, and enterprises to choose from."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import APIRouter, Path, Query

from service.base.database import SessionDep
from service.base.errors import StaleVersion
from service.base.statements import driver_of
from service.enterprises.rules import initials_of
from service.register.actions import firms as actions
from service.register.queries import forms as queries
from service.register.routes.points import DeskDep, SeenVersion, SendingKey, once, seen
from service.register.schemas.firms import EnterpriseChange, EnterpriseIn, SiteChange, SiteIn
from service.register.schemas.shown import EnterpriseFields, OwnerList, Written
from service.risk_points.schemas.selection import read_words

router = APIRouter(tags=["register"])

EnterpriseId = Annotated[int, Path(ge=1, le=2**63 - 1)]
_MOST_OWNERS = 20  # more than a person looks through; another letter narrows it


@contextmanager
def _shown() -> Iterator[None]:
    """Let a refusal for a stale version carry the enterprise as a form holds it."""
    try:
        yield
    except StaleVersion as stale:
        current = EnterpriseFields.model_validate(stale.details["current"]).model_dump(mode="json")
        raise StaleVersion(stale.zh, stale.en, details=stale.details | {"current": current}) from stale


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


@router.post("/api/enterprises", status_code=201, summary="Register an enterprise with its first site")
async def create_enterprise(desk: DeskDep, body: EnterpriseIn, key: SendingKey = None) -> Written:
    """Whole or not at all. 422 with every problem at its field, under the codes of the import."""
    site = body.site.form(empty=None)
    done = await once(
        desk, key, "enterprise", body, lambda: actions.create_enterprise(desk, body.cells(empty=None), site)
    )
    return Written.of(done, (await queries.lock_enterprise(desk.connection, done.id))["version"])


@router.patch("/api/enterprises/{enterprise_id}", summary="Change an enterprise")
async def change_enterprise(
    desk: DeskDep, enterprise_id: EnterpriseId, body: EnterpriseChange, version: SeenVersion
) -> Written:
    """What is left out stays. 409 stale_version shows the version that stands."""
    with _shown():
        done = await actions.change_enterprise(desk, enterprise_id, body.cells(), seen=seen(version))
    return Written.of(done, (await queries.lock_enterprise(desk.connection, done.id))["version"])


@router.post("/api/enterprises/{enterprise_id}/sites", status_code=201, summary="Add a site to an enterprise")
async def create_site(
    desk: DeskDep, enterprise_id: EnterpriseId, body: SiteIn, key: SendingKey = None
) -> Written:
    """The id is the site's."""
    form = body.form(empty=None)
    subject = f"site of {enterprise_id}"
    done = await once(desk, key, subject, body, lambda: actions.create_site(desk, enterprise_id, form))
    return Written.of(done, (await queries.lock_site(desk.connection, enterprise_id, done.id))["version"])


@router.patch("/api/enterprises/{enterprise_id}/sites/{site_id}", summary="Change a site")
async def change_site(
    desk: DeskDep, enterprise_id: EnterpriseId, site_id: EnterpriseId, body: SiteChange, version: SeenVersion
) -> Written:
    """Points without a position of their own follow the site."""
    with _shown():
        done = await actions.change_site(desk, enterprise_id, site_id, body.form(), seen=seen(version))
    return Written.of(done, (await queries.lock_site(desk.connection, enterprise_id, site_id))["version"])
