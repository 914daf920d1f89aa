"""Which parts of a territory, or which enterprises in it, carry most risk."""

from dataclasses import replace
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query

from service.base.clock import NowDep, day_of
from service.base.database import SessionDep, ViewerDep
from service.base.statements import driver_of
from service.codes.schemas import CodeText
from service.lists import queries
from service.lists.rules import explain_ranking
from service.lists.schemas.lists import Explanation, Ranking, ranked
from service.risk_points.queries import Selection
from service.risk_points.schemas.selection import KEY, SelectionDep
from service.territories import queries as territory_queries
from service.territories.rules.tree import is_within

router = APIRouter(prefix="/api", tags=["lists"])


@router.get("/territories/{key}/ranking", summary="Parts or enterprises of a territory by risk, explained")
async def rank(  # noqa: PLR0913 - a filter, a viewer and a day are what a ranking depends on
    key: Annotated[str, Path(pattern=KEY)],
    session: SessionDep,
    viewer: ViewerDep,
    selection: SelectionDep,
    now: NowDep,
    of: Literal["territories", "enterprises"] = "territories",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Ranking:
    """The highest grade first, then weighted exposure density. Ours, not official: `explanation` says how it is made."""
    territory = await territory_queries.seen_by_key(session, viewer, key)
    weights = await queries.weights_in_force(session, on=day_of(now))
    connection = await driver_of(session)
    selection = _within(selection, territory.path)
    if of == "territories":
        rows = await queries.rank_territories(
            connection, selection, weights, parent=territory.id, limit=limit
        )
    else:
        rows = await queries.rank_enterprises(connection, selection, weights, limit=limit)
    text = explain_ranking(weights)
    return Ranking(
        of=of,
        items=[ranked(row) for row in rows],
        explanation=Explanation(
            text=CodeText(zh=text.zh, en=text.en),
            version=weights.version,
            weights=weights.by_word,
            workers_at_least=weights.workers_at_least,
        ),
    )


def _within(selection: Selection, path: str) -> Selection:
    """The selection's points of a territory; none where the filter's own territory lies elsewhere."""
    if selection.area is None or is_within(path, selection.area):
        return replace(selection, area=path)
    return selection if is_within(selection.area, path) else replace(selection, grades=())
