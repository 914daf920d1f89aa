"""HTTP of grading methods, and a calculation for forms that writes nothing."""

from typing import Annotated

from fastapi import APIRouter, Path

from service.base.clock import NowDep, day_of
from service.base.database import SessionDep
from service.codes.schemas import CodeText
from service.grading import queries
from service.grading.rules.methods import in_force
from service.grading.rules.verdicts import assess, assess_directly
from service.grading.schemas import (
    AssessRequest,
    MethodBody,
    MethodId,
    MethodList,
    MethodRow,
    MethodVersion,
    VerdictBody,
)

router = APIRouter(prefix="/api/grading", tags=["grading"])


@router.get("/methods", summary="Published grading methods")
async def list_methods(session: SessionDep, now: NowDep) -> MethodList:
    """Every published version; `in_force` marks the one to assess with today."""
    methods = await queries.published(session)
    today = {(method.id, method.version) for method in in_force(methods, on=day_of(now))}
    return MethodList(
        items=[
            MethodRow(
                id=method.id,
                version=method.version,
                kind=method.kind.value,
                title=CodeText(zh=method.title.zh, en=method.title.en),
                valid_from=method.valid_from,
                valid_to=method.valid_to,
                in_force=(method.id, method.version) in today,
            )
            for method in methods
        ]
    )


@router.get("/methods/{method_id}/{version}", summary="One published version, whole")
async def show_method(
    method_id: Annotated[MethodId, Path()], version: Annotated[MethodVersion, Path()], session: SessionDep
) -> MethodBody:
    """Axes with their values, bands, direct rules and sources. Unknown: 404."""
    return MethodBody.of(await queries.method_version(session, method_id, version=version))


@router.post("/assess", summary="Grade inputs without recording anything")
async def assess_inputs(body: AssessRequest, session: SessionDep) -> VerdictBody:
    """The verdict a form would get. Inputs the method does not know: 422 with the allowed values of each."""
    method = await queries.method_version(session, body.method, version=body.version)
    if body.rule is not None:
        return VerdictBody.of(assess_directly(method, body.rule, body.inputs))
    return VerdictBody.of(assess(method, body.inputs))
