"""Enterprises and their sites by form."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import APIRouter, Path

from service.base.audit import note
from service.base.database import SessionDep
from service.base.errors import StaleVersion
from service.base.permissions import requires
from service.base.statements import driver_of
from service.base.viewer import Permission
from service.register.actions import firms as actions
from service.register.queries import forms as queries
from service.register.routes.points import DeskDep, SeenVersion, SendingKey, once, seen
from service.register.schemas.firms import EnterpriseEdit, EnterpriseIn, SiteChange, SiteIn
from service.register.schemas.shown import EnterpriseFields, Written

router = APIRouter(tags=["register"])

EnterpriseId = Annotated[int, Path(ge=1, le=2**63 - 1)]


@contextmanager
def _shown() -> Iterator[None]:
    """Let a refusal for a stale version carry the enterprise as a form holds it."""
    try:
        yield
    except StaleVersion as stale:
        current = EnterpriseFields.model_validate(stale.details["current"]).model_dump(mode="json")
        raise StaleVersion(stale.zh, stale.en, details=stale.details | {"current": current}) from stale


@router.get(
    "/api/enterprises/{enterprise_id}/form",
    summary="An enterprise as a form holds it",
    dependencies=[requires(Permission.WRITE)],
)
async def show_form(session: SessionDep, enterprise_id: EnterpriseId) -> EnterpriseFields:
    """The enterprise with its sites, each with its version for If-Match, and its contacts unmasked: the look is recorded."""
    await note(session, "read_contacts", subject="enterprise", ids=[enterprise_id])
    return EnterpriseFields.model_validate(
        await queries.show_enterprise(await driver_of(session), enterprise_id)
    )


@router.post("/api/enterprises", status_code=201, summary="Register an enterprise with its sites")
async def create_enterprise(desk: DeskDep, body: EnterpriseIn, key: SendingKey = None) -> Written:
    """Whole or not at all. 422 with every problem at its field, under the codes of the import."""
    sites = [site.form(empty=None) for site in body.sites]
    done = await once(
        desk, key, "enterprise", body, lambda: actions.create_enterprise(desk, body.cells(empty=None), sites)
    )
    return Written.of(done, (await queries.lock_enterprise(desk.connection, done.id))["version"])


@router.patch("/api/enterprises/{enterprise_id}", summary="Change an enterprise and its sites together")
async def change_enterprise(
    desk: DeskDep,
    enterprise_id: EnterpriseId,
    body: EnterpriseEdit,
    version: SeenVersion,
    key: SendingKey = None,
) -> Written:
    """What is left out stays; all of it is written together, or nothing.

    409 stale_version, also where a site was changed or added since, shows the enterprise with its sites as it stands.
    """
    subject = f"enterprise {enterprise_id} version {seen(version)}"
    forms = body.site_forms()
    with _shown():
        done = await once(
            desk,
            key,
            subject,
            body,
            lambda: actions.change_enterprise(desk, enterprise_id, body.cells(), forms, seen=seen(version)),
        )
    return Written.of(done, (await queries.lock_enterprise(desk.connection, done.id))["version"])


@router.delete("/api/enterprises/{enterprise_id}", status_code=204, summary="Take an enterprise out")
async def remove_enterprise(desk: DeskDep, enterprise_id: EnterpriseId, version: SeenVersion) -> None:
    """With its sites; the history of both stays. 409 conflict while it has risk points or anything else refers to it."""
    with _shown():
        await actions.remove_enterprise(desk, enterprise_id, seen=seen(version))


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
