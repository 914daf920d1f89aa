"""Wire shapes of the session: who looks, at what, in which light."""

from datetime import datetime

from pydantic import BaseModel

from service.cells.schemas import TerritoryOut
from service.codes.schemas import CodeText
from service.risk_points.schemas.points import Basis, TerritoryName


class ViewerOut(BaseModel):
    """Who is looking, and the territories seen whole."""

    name: str
    territories: list[TerritoryOut]


class SessionOut(BaseModel):
    """What the page needs before its first tile."""

    viewer: ViewerOut
    territory: TerritoryOut
    ancestors: list[TerritoryName]
    demo: bool
    version: str
    official_basis: Basis
    boundary_note: CodeText
    as_of: datetime
