"""Wire shapes of the tree of territories."""

from collections.abc import Iterable
from typing import Literal, Self

from pydantic import BaseModel

from service.territories.queries import Seen

LevelWord = Literal["country", "province", "city", "district", "town", "functional_zone", "zone_town"]


class TerritoryNode(BaseModel):
    """One territory and those below it. indicative: its boundary is coarse or drawn (示意), not to be measured."""

    key: str
    code: str | None
    name: str
    level: LevelWord
    statutory: bool
    indicative: bool
    children: list["TerritoryNode"]


class TerritoryTree(BaseModel):
    """What a viewer may see of the tree, from the highest down."""

    territories: list[TerritoryNode]

    @classmethod
    def of(cls, tree: Iterable[Seen]) -> Self:
        """The wire shape of a tree whose parents come before their children."""
        roots: list[TerritoryNode] = []
        shown: dict[int, TerritoryNode] = {}
        for seen in tree:
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
        return cls(territories=roots)
