"""What forms send: every field as a person fills it in, so that what is wrong is found by the rules and not by the wire.

A field that is left out says nothing; null or an empty text erases what stands.
"""

from collections.abc import Iterable
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from geo.crs import Datum
from service.imports.schemas import DatumWord
from service.register.actions.points import PointForm
from service.register.rules.assessments import AssessmentForm, DirectForm
from service.register.rules.events import MOST_EVENTS, MOST_MEASURES, EventForm, MeasureForm
from service.register.rules.positions import is_nested, position_cells
from service.register.rules.rows import ERASE, in_words

# Longer than any field may be, so that the rules and not the wire say which field is too long.
Text = Annotated[str, StringConstraints(max_length=10_000)]
Identity = Annotated[int, Field(ge=1, le=2**63 - 1)]
Codes = Annotated[list[Annotated[str, StringConstraints(max_length=200)]], Field(max_length=100)]
# A number as typed keeps its digits and may be wrong in ways that a number cannot.
Typed = Annotated[str, StringConstraints(max_length=100)]


class Sent(BaseModel):
    """A form. Unknown fields are refused: a misspelt one would silently say nothing."""

    model_config = ConfigDict(extra="forbid")


class Geometry(Sent):
    """A GeoJSON geometry; longitude before latitude, in the datum stated beside it."""

    type: Literal["Point", "LineString", "Polygon", "MultiLineString", "MultiPolygon"]
    coordinates: Annotated[list[Any], Field(min_length=1, max_length=20_000)]

    @model_validator(mode="after")
    def _arrays_fit_the_type(self) -> Self:
        if not is_nested(self.coordinates, self.type):
            raise ValueError(f"coordinates are not those of a {self.type}")
        return self


class PositionIn(Sent):
    """Where something stands: as typed, as drawn, or where its site stands (follow_site)."""

    follow_site: bool = False
    lon: Typed | None = None
    lat: Typed | None = None
    geometry: Geometry | None = None
    datum: DatumWord | None = None

    def cells(self) -> dict[str, Any]:
        """The cells of the position."""
        geometry = None if self.geometry is None else self.geometry.model_dump()
        return dict(
            position_cells(
                lon=self.lon or None, lat=self.lat or None, geometry=geometry, follows=self.follow_site
            )
        )

    @property
    def stated_datum(self) -> Datum | None:
        """The datum as a value."""
        return None if self.datum is None else Datum(self.datum)


class PositionChange(PositionIn):
    """A new position. territory: what the register states beside it; null lets the position decide."""

    territory: Text | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.follow_site or self.lon or self.lat or self.geometry):
            raise ValueError("give lon and lat, a geometry, or follow_site")
        return self

    def form(self) -> PointForm:
        """The form as the actions take it."""
        cells = self.cells() | ({"territory": self.territory} if self.territory else {})
        unstated = "territory" in self.model_fields_set and not self.territory
        return PointForm(cells=cells, datum=self.stated_datum, unstated=unstated)


class MeasureIn(Sent):
    kind: Text | None = None
    text: Text | None = None
    control_level: Text | None = None
    unit: Text | None = None
    person: Text | None = None

    def form(self) -> MeasureForm:
        """The measure as the rules take it."""
        said = {key: value or None for key, value in self.model_dump().items()}
        return MeasureForm(**said)


class EventIn(Sent):
    """One event with all its measures. id: the registered event that it was. accident_edition: of the codes."""

    id: Identity | None = None
    name: Text | None = None
    accident_edition: Text | None = None
    accident_categories: Codes = []
    consequence: Text | None = None
    measures: Annotated[list[MeasureIn], Field(max_length=MOST_MEASURES)] = []

    def form(self) -> EventForm:
        """The event as the rules take it."""
        return EventForm(
            id=self.id,
            name=self.name or None,
            edition=self.accident_edition or None,
            accident_categories=self.accident_categories,
            consequence=self.consequence or None,
            measures=[measure.form() for measure in self.measures],
        )


Events = Annotated[list[EventIn], Field(max_length=MOST_EVENTS)]


class EventsChange(Sent):
    """All the events of a point, in their order; one that is not among them is removed."""

    events: Events


class DirectIn(Sent):
    """A ticked rule of direct decision, with its answers by fact."""

    code: Annotated[str, StringConstraints(max_length=64)]
    facts: Annotated[dict[str, Annotated[str, StringConstraints(max_length=100)]], Field(max_length=16)] = {}


class AssessmentIn(Sent):
    """One grading: a method with its inputs, rules that decide directly, a grade that a person sets, or several of them."""

    basis: Literal["inherent", "assessed"] = "assessed"
    method: Text | None = None
    inputs: Annotated[
        dict[
            Annotated[str, StringConstraints(max_length=32)], Annotated[str, StringConstraints(max_length=64)]
        ],
        Field(max_length=16),
    ] = {}
    direct_rules: Annotated[list[DirectIn], Field(max_length=16)] = []
    grade: Text | None = None
    override_reason: Text | None = None
    assessor: Text | None = None
    assessed_on: Typed | None = None
    next_review: Typed | None = None

    def form(self) -> AssessmentForm:
        """The grading as the rules take it."""
        return AssessmentForm(
            basis=self.basis,
            method=self.method or None,
            inputs={code: value for code, value in self.inputs.items() if value},
            direct_rules=[DirectForm(code=one.code, facts=one.facts) for one in self.direct_rules],
            grade=self.grade or None,
            override_reason=self.override_reason or None,
            assessor=self.assessor or None,
            assessed_on=self.assessed_on or None,
            next_review=self.next_review or None,
        )


class AssessmentPreview(AssessmentIn):
    """A grading that is looked at and not written. exposed_workers: a fact of some rules."""

    exposed_workers: Annotated[int, Field(ge=0, le=10**9)] | None = None


class PointFacts(Sent):
    """What is said of a point itself."""

    enterprise_id: Identity | None = None
    site_id: Identity | None = None
    number: Text | None = None
    name: Text | None = None
    place: Text | None = None
    territory: Text | None = None
    industries: Codes | None = None
    control_level: Text | None = None
    exposed_workers: Typed | int | None = None
    managed_by: Text | None = None
    managed_reason: Text | None = None


class PointChange(PointFacts):
    """What changes of a point, in one transaction: facts, position, all its events, new gradings."""

    position: PositionChange | None = None
    events: Events | None = None
    assessments: Annotated[list[AssessmentIn], Field(max_length=2)] = []

    def form(self) -> PointForm:
        """The form as the actions take it."""
        moved = PointForm() if self.position is None else self.position.form()
        return PointForm(
            cells={**said_cells(self, _POINT_CELLS, empty=ERASE), **moved.cells},
            owned="enterprise_id" in self.model_fields_set,
            owner=self.enterprise_id,
            site=self.site_id,
            datum=moved.datum,
            unstated=moved.unstated,
            events=None if self.events is None else [event.form() for event in self.events],
            assessments=[one.form() for one in self.assessments],
        )


class PointIn(PointFacts):
    """A new point, whole: what and where, events with measures, gradings."""

    position: PositionIn | None = None
    events: Events = []
    assessments: Annotated[list[AssessmentIn], Field(max_length=2)] = []

    def form(self) -> PointForm:
        """The form as the actions take it."""
        position = self.position or PositionIn()
        placed = {} if position.follow_site else position.cells()
        return PointForm(
            cells=said_cells(self, _POINT_CELLS, empty=None) | placed,
            owned=True,
            owner=self.enterprise_id,
            site=self.site_id,
            datum=position.stated_datum,
            events=[event.form() for event in self.events],
            assessments=[one.form() for one in self.assessments],
        )


_POINT_CELLS = (
    "number",
    "name",
    "place",
    "territory",
    "industries",
    "control_level",
    "exposed_workers",
    "managed_by",
    "managed_reason",
)


def said_cells(sent: Sent, keys: Iterable[str], *, empty: str | None) -> dict[str, Any]:
    """The fields that were sent, as cells. empty: what an empty one becomes; there is nothing to erase of a new row."""
    cells: dict[str, Any] = {}
    for key in keys:
        if key not in sent.model_fields_set:
            continue
        value = getattr(sent, key)
        text = in_words(value) if isinstance(value, list) else "" if value is None else str(value)
        cells[key] = text if text.strip() else empty
    return cells
