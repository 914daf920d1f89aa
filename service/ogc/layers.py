"""The registry of collections: what the floors below declare, by id, in the order that a client lists them."""

from service.base.collections import Collection
from service.base.errors import NotFound
from service.cells.layers import ITEMS as CELLS
from service.enterprises.layers import ITEMS as ENTERPRISES
from service.enterprises.layers import SITE_ITEMS as SITES
from service.risk_points.layers import ITEMS as RISK_POINTS
from service.territories.layers import ITEMS as TERRITORIES

COLLECTIONS: dict[str, Collection] = {
    one.id: one for one in (RISK_POINTS, ENTERPRISES, SITES, *CELLS, TERRITORIES)
}


def collection_of(name: str) -> Collection:
    """The collection of an id. Raises NotFound."""
    found = COLLECTIONS.get(name)
    if found is None:
        raise NotFound(
            f"没有数据集“{name}”，可用：{'、'.join(COLLECTIONS)}。",
            f"There is no collection {name!r}; known: {', '.join(COLLECTIONS)}.",
        )
    return found
