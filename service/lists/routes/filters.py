"""What the choosers of the one filter offer."""

from fastapi import APIRouter

from service.base.clock import NowDep, day_of
from service.base.database import SessionDep, ViewerDep
from service.codes import queries as code_queries
from service.lists.schemas.choices import BASES, GRADES, OWNERS, POSITIONS, VIEWS, CodeChoices, FilterChoices
from service.territories import queries as territory_queries
from service.territories.schemas import TerritoryTree

router = APIRouter(prefix="/api", tags=["lists"])


@router.get("/filters", summary="What the choosers of the filter offer, in both languages")
async def show_filters(session: SessionDep, viewer: ViewerDep, now: NowDep) -> FilterChoices:
    """Codes of the editions in force today and the territories that the viewer may see. Territories have one name."""
    tree = await territory_queries.tree(session, viewer)
    lists: dict[str, CodeChoices] = {}
    for list_id in ("regulatory_industry", "accident_category", "control_level"):
        edition = await code_queries.edition_in_force(session, list_id, on=day_of(now))
        lists[list_id] = CodeChoices.of(
            edition, await code_queries.entries(session, list_id, edition=edition)
        )
    return FilterChoices(
        grades=GRADES,
        bases=BASES,
        views=VIEWS,
        industries=lists["regulatory_industry"],
        accident_categories=lists["accident_category"],
        control_levels=lists["control_level"],
        owners=OWNERS,
        positions=POSITIONS,
        territories=TerritoryTree.of(node for node in tree if node.statutory).territories,
        managing=TerritoryTree.of(tree).territories,
    )
