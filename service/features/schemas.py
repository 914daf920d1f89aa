"""Wire shapes of the session: who looks, at what, in which light."""

from datetime import datetime

from pydantic import BaseModel

from service.base.viewer import Permission
from service.cells.schemas import TerritoryOut
from service.codes.schemas import CodeText
from service.risk_points.schemas.points import Basis, TerritoryName


class IndustryOut(BaseModel):
    """One industry of a territory."""

    code: str
    name: CodeText
    territory: TerritoryName


class EnterpriseName(BaseModel):
    """An enterprise by its id and what it is called."""

    id: int
    name: str


class ViewerOut(BaseModel):
    """Who is looking, what they see, and what they may do.

    login: empty where nobody signed in. territories: seen whole; industries: one of a territory; enterprises: single ones.
    may: permissions, by their names in service/base/viewer.py.
    """

    login: str
    name: str
    must_change: bool
    may: list[Permission]
    territories: list[TerritoryOut]
    industries: list[IndustryOut]
    enterprises: list[EnterpriseName]


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
