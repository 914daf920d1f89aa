"""What a field is to be, from what stands in the register and what the row says; and how the difference reads."""

from typing import Protocol, TypedDict, TypeVar

from service.imports.rules.cells import ERASED, Erasure
from service.imports.rules.outcome import Difference, difference
from service.imports.rules.placements import Atlas, Placement
from service.imports.rules.positions import GivenPosition

Value = TypeVar("Value")


class Placed(Protocol):
    """A record with a place: a site or a risk point."""

    @property
    def geom(self) -> str | None: ...
    @property
    def source_datum(self) -> str | None: ...
    @property
    def source_x(self) -> str | None: ...
    @property
    def source_y(self) -> str | None: ...
    @property
    def located_in_id(self) -> int: ...
    @property
    def located_stated(self) -> bool: ...
    @property
    def managed_by_id(self) -> int: ...
    @property
    def managed_reason(self) -> str | None: ...


class PositionFields(TypedDict):
    """The columns of a position."""

    geom: str | None
    source_datum: str | None
    source_x: str | None
    source_y: str | None


def settle(given: Value | Erasure | None, old: Value, empty: Value) -> Value:
    """An empty cell keeps what is there, an erasing one empties it, any other replaces it."""
    if given is None:
        return old
    return empty if isinstance(given, Erasure) else given


def position_fields(given: GivenPosition | Erasure | None, old: Placed | None) -> PositionFields:
    """The position to keep. The same place written otherwise is no change: the first words for it stay."""
    if isinstance(given, GivenPosition) and (old is None or old.geom != given.geom):
        return {"geom": given.geom, "source_datum": given.datum, "source_x": given.x, "source_y": given.y}
    if old is None or given is ERASED:
        return {"geom": None, "source_datum": None, "source_x": None, "source_y": None}
    return {
        "geom": old.geom,
        "source_datum": old.source_datum,
        "source_x": old.source_x,
        "source_y": old.source_y,
    }


def placement_of(record: Placed) -> Placement:
    """Where a record stands in the register."""
    return Placement(record.located_in_id, record.located_stated, record.managed_by_id, record.managed_reason)


def position_difference(
    old: Placed, new: Placed, shown: str, given: GivenPosition | Erasure | None
) -> list[Difference]:
    """The difference of two positions. shown: the old one as a person reads it."""
    if old.geom == new.geom:
        return []
    return difference("position", shown, given.shown if isinstance(given, GivenPosition) else None)


def territory_differences(old: Placement, new: Placement, atlas: Atlas) -> list[Difference]:
    """The differences of two placements: where a row is located, and who manages it for which reason."""
    located = difference("territory", _located(old, atlas), _located(new, atlas))
    by_itself = old.managed_by_id == old.located_in_id and new.managed_by_id == new.located_in_id
    if by_itself and old.managed_reason == new.managed_reason:
        return located
    return [*located, *difference("managed_by", _managed(old, atlas), _managed(new, atlas))]


def _located(placement: Placement, atlas: Atlas) -> str:
    return atlas.name(placement.located_in_id) + ("（登记）" if placement.located_stated else "")


def _managed(placement: Placement, atlas: Atlas) -> str:
    reason = f"（{placement.managed_reason}）" if placement.managed_reason else ""
    return atlas.name(placement.managed_by_id) + reason
