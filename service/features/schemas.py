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


class BasemapOut(BaseModel):
    """The picture under the map: its layers from the lowest up, as addresses with {z}, {x}, {y} and perhaps {s}."""

    templates: list[str]
    subdomains: list[str]
    max_zoom: int
    attribution: str


class SessionOut(BaseModel):
    """What the page needs before its first tile."""

    viewer: ViewerOut
    territory: TerritoryOut
    ancestors: list[TerritoryName]
    demo: bool
    version: str
    official_basis: Basis
    boundary_note: CodeText
    basemap: BasemapOut | None
    approval: str | None
    as_of: datetime
