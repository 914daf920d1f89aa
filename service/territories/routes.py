"""The tree of territories over HTTP."""

from fastapi import APIRouter

from service.base.database import SessionDep, ViewerDep
from service.territories import queries
from service.territories.schemas import TerritoryNode, TerritoryTree

router = APIRouter(prefix="/api", tags=["cells and territories"])


@router.get("/territories", summary="The tree of territories that the viewer may see")
async def show_tree(session: SessionDep, viewer: ViewerDep) -> TerritoryTree:
    """The viewer's areas with everything below them, and the chain of territories above them by name only."""
    roots: list[TerritoryNode] = []
    shown: dict[int, TerritoryNode] = {}
    for seen in await queries.tree(session, viewer):
        node = TerritoryNode(
            key=seen.key,
            code=seen.code,
            name=seen.name,
            level=seen.level.value,
            statutory=seen.statutory,
            indicative=seen.indicative,
            children=[],
        )
        shown[seen.id] = node
        above = shown.get(seen.parent_id or 0)
        (roots if above is None else above.children).append(node)
    return TerritoryTree(territories=roots)
