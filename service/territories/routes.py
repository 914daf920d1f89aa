"""The tree of territories over HTTP."""

from fastapi import APIRouter

from service.base.database import SessionDep, ViewerDep
from service.territories import queries
from service.territories.schemas import TerritoryTree

router = APIRouter(prefix="/api", tags=["cells and territories"])


@router.get("/territories", summary="The tree of territories that the viewer may see")
async def show_tree(session: SessionDep, viewer: ViewerDep) -> TerritoryTree:
    """The viewer's areas with everything below them, and the chain of territories above them by name only."""
    return TerritoryTree.of(await queries.tree(session, viewer))
