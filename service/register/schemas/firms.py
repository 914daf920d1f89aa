"""What forms of enterprises and sites send."""

from typing import Self

from pydantic import model_validator

from geo.crs import Datum
from service.imports.schemas import DatumWord
from service.register.actions.firms import SiteForm
from service.register.rules.positions import wkt_of
from service.register.rules.rows import ERASE, Cells
from service.register.schemas.forms import Codes, Geometry, PositionIn, Sent, Text, Typed, said_cells

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
    """What changes of a site; null takes its area or its position away."""

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
        cells = dict(said_cells(self, ("address", "territory", "contact", "phone"), empty=empty))
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
            area=wkt,
            area_datum=None if self.area is None else Datum(self.area.datum),
        )


class SiteIn(SiteChange):
    """A new site. number: the next one where it is left out."""

    number: Text | None = None


class EnterpriseIn(EnterpriseChange):
    """A new enterprise with its first site."""

    site: SiteIn = SiteIn()
