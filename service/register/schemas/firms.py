"""What forms of enterprises and sites send."""

from dataclasses import replace
from typing import Annotated, Self

from pydantic import Field, model_validator

from geo.crs import Datum
from service.imports.schemas import DatumWord
from service.register.actions.firms import SiteForm
from service.register.rules.positions import wkt_of
from service.register.rules.rows import ERASE, Cells
from service.register.schemas.forms import (
    Codes,
    Geometry,
    Identity,
    PositionIn,
    Sent,
    Text,
    Typed,
    said_cells,
)

MOST_SITES = 200  # a chain with more comes by the import
_FIRM_CELLS = ("uscc", "name", "industries", "economy_code", "employees")


class AreaIn(Sent):
    """The area of a site: a polygon in a stated datum."""

    geometry: Geometry
    datum: DatumWord


class EnterpriseChange(Sent):
    """What changes of an enterprise; what is left out stays, what is empty is erased."""

    uscc: Text | None = None
    name: Text | None = None
    industries: Codes | None = None
    economy_code: Text | None = None
    employees: Typed | int | None = None

    def cells(self, *, empty: str | None = ERASE) -> Cells:
        """The cells of the enterprise."""
        return said_cells(self, _FIRM_CELLS, empty=empty)


class SiteChange(Sent):
    """What changes of a site; null takes its area or its position away, or lets the position decide the territory."""

    name: Text | None = None
    address: Text | None = None
    territory: Text | None = None
    position: PositionIn | None = None
    area: AreaIn | None = None
    contact: Text | None = None
    phone: Text | None = None

    @model_validator(mode="after")
    def _stands_on_a_point(self) -> Self:
        drawn = None if self.position is None else self.position.geometry
        if drawn is not None and drawn.type != "Point":
            raise ValueError("a site stands on a point; its polygon is its area")
        return self

    def form(self, *, empty: str | None = ERASE) -> SiteForm:
        """The form as the actions take it."""
        cells = dict(said_cells(self, ("address", "contact", "phone"), empty=empty))
        if self.territory:
            cells["territory"] = self.territory
        cells |= {
            f"site_{key}": value for key, value in said_cells(self, ("name", "number"), empty=empty).items()
        }
        if "position" in self.model_fields_set:
            erased = {"lon": empty, "lat": empty}
            cells |= erased if self.position is None else self.position.cells()
        wkt = None
        if "area" in self.model_fields_set:
            wkt = "" if self.area is None else wkt_of(self.area.geometry.model_dump())
        return SiteForm(
            cells=cells,
            datum=None if self.position is None else self.position.stated_datum,
            unstated="territory" in self.model_fields_set and not self.territory,
            area=wkt,
            area_datum=None if self.area is None else Datum(self.area.datum),
        )


class SiteIn(SiteChange):
    """A new site. number: the next one where it is left out."""

    number: Text | None = None


class SiteEdit(SiteIn):
    """A site of the form of an enterprise. id, version: the registered one and what was seen of it; neither for a new one."""

    id: Identity | None = None
    version: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None

    @model_validator(mode="after")
    def _names_what_was_seen(self) -> Self:
        if (self.id is None) != (self.version is None):
            raise ValueError("a registered site comes with its id and the version that was seen")
        if self.id is not None and "number" in self.model_fields_set:
            raise ValueError("a registered site keeps its number")
        return self

    def edit(self) -> SiteForm:
        """The form as the actions take it; of a new site there is nothing to erase."""
        form = self.form(empty=None if self.id is None else ERASE)
        return replace(form, id=self.id, seen=self.version)


class EnterpriseEdit(EnterpriseChange):
    """What changes of an enterprise and its sites. sites: all that were seen, and new ones; left out, they stay."""

    sites: Annotated[list[SiteEdit], Field(max_length=MOST_SITES)] | None = None

    @model_validator(mode="after")
    def _names_a_site_once(self) -> Self:
        named = [site.id for site in self.sites or () if site.id is not None]
        if len(named) != len(set(named)):
            raise ValueError("a site stands in the form once")
        return self

    def site_forms(self) -> list[SiteForm] | None:
        """The sites as the actions take them."""
        return None if self.sites is None else [site.edit() for site in self.sites]


class EnterpriseIn(EnterpriseChange):
    """A new enterprise with its sites."""

    sites: Annotated[list[SiteIn], Field(min_length=1, max_length=MOST_SITES)] = Field(
        default_factory=lambda: [SiteIn()]
    )
