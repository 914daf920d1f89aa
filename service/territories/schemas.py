"""Wire shapes of the tree of territories."""

from typing import Literal

from pydantic import BaseModel

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
