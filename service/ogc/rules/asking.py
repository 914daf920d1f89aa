"""What a request asks of a collection, as a value: the same for a page, a stream and a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from service.base.collections import Collection, Column, ColumnKind
from service.ogc.rules.crs import DEFAULT, Crs
from service.ogc.rules.extents import Box, Extent, cells_of
from service.ogc.rules.paging import Key


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on rows called item, and what it binds. Its text names declared columns and parameters, nothing else."""

    text: str
    parameters: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which features, and what of them.

    columns: those to give, in order. at: as it was recorded then; None as it is. conditions: all must hold. reach:
    a box in degrees that whatever meets them meets, to look there alone. keys: the order,
    without what makes it total.
    """

    collection: Collection
    columns: tuple[Column, ...]
    today: date
    crs: Crs = DEFAULT
    extent: Extent | None = None
    reach: Box | None = None
    at: datetime | None = None
    conditions: tuple[Condition, ...] = ()
    keys: tuple[Key, ...] = ()

    @property
    def cells(self) -> tuple[int, int, int, int] | tuple[None, None, None, None]:
        """The 4″ cells to look in: west, south, east, north; None for everywhere."""
        if self.extent is not None:
            return cells_of(self.extent.boxes)
        return cells_of((self.reach,)) if self.reach is not None else (None, None, None, None)

    @property
    def order(self) -> tuple[Key, ...]:
        """The keys that order the rows, no two of which are equal in all of them."""
        return (*self.keys, *own_keys(self.collection))


def own_keys(collection: Collection) -> tuple[Key, ...]:
    """What a collection is ordered by where nothing else is asked for."""
    return tuple(
        Key(name, collection.id_kind if name == "id" else ColumnKind.INTEGER, always=True)
        for name in collection.keys
    )
