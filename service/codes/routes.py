"""HTTP of code lists."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from service.base.clock import NowDep, day_of
from service.base.database import SessionDep
from service.base.errors import NotFound
from service.codes import queries
from service.codes.schemas import CodeListing, ListedCode, ListedEdition

router = APIRouter(prefix="/api/codes", tags=["codes"])

ListId = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{0,63}$", description="For example accident_category.")]
EditionName = Annotated[
    str | None,
    Query(pattern=r"^[0-9A-Za-z][0-9A-Za-z ./_-]{0,39}$", description="Absent: the edition in force today."),
]


@router.get("/{list_id}", summary="One edition of a code list")
async def show_list(
    list_id: ListId, session: SessionDep, now: NowDep, edition: EditionName = None
) -> CodeListing:
    """The entries of an edition, parents before children. An unknown list or edition is 404."""
    editions = await queries.editions(session, list_id)
    shown = edition or await queries.edition_in_force(session, list_id, on=day_of(now))
    rows = await queries.entries(session, list_id, edition=shown)
    if not rows:
        raise NotFound(
            f"代码表 {list_id} 没有版本 {shown}",
            f"The code list {list_id} has no edition {shown}",
            details={"list": list_id, "edition": shown},
        )
    return CodeListing(
        list=list_id,
        edition=shown,
        source=rows[0].source,
        editions=[ListedEdition.of(known) for known in editions],
        entries=[ListedCode.of(row) for row in rows],
    )
