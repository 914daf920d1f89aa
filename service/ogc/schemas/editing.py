"""Features that clients send, and the forms they are read as: the same that people fill in."""

from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from service.base.answers import refusal_of
from service.base.errors import Rejected
from service.register.schemas.firms import EnterpriseChange, EnterpriseIn, SiteIn
from service.register.schemas.forms import Geometry, PointChange, PointIn, PositionChange, PositionIn

Form = TypeVar("Form", bound=BaseModel)
# The datum of record: what features are given in, if nothing else is asked for.
DATUM: Literal["CGCS2000"] = "CGCS2000"


class FeatureIn(BaseModel):
    """A GeoJSON feature (RFC 7946), or of a change the members that change. Its id and links are the server's."""

    model_config = ConfigDict(extra="ignore")
    type: Literal["Feature"] = "Feature"
    geometry: dict[str, Any] | None = None
    properties: dict[str, Any] | None = None

    @property
    def shape(self) -> Geometry | None:
        """The geometry as forms have it. Raises Rejected."""
        if self.geometry is None:
            return None
        try:
            return Geometry.model_validate(
                {name: self.geometry.get(name) for name in ("type", "coordinates")}
            )
        except ValidationError as error:
            raise Rejected(
                "图形不是点、线或面，或坐标有误。",
                "The geometry is no point, line or area, or its coordinates cannot be.",
            ) from error


def point_form(properties: dict[str, Any], feature: FeatureIn) -> PointIn:
    """A new risk point. Without a geometry it stands where its site does. Raises Rejected."""
    shape = feature.shape
    position = PositionIn(follow_site=shape is None, geometry=shape, datum=None if shape is None else DATUM)
    return _read(
        PointIn,
        {name: value for name, value in properties.items() if value is not None} | {"position": position},
    )


def point_change(properties: dict[str, Any], feature: FeatureIn, *, moved: bool) -> PointChange:
    """What changes of a risk point. moved: its geometry is another one, null for that of its site. Raises Rejected."""
    if moved:
        shape = feature.shape
        properties = properties | {
            "position": PositionChange(follow_site=True)
            if shape is None
            else PositionChange(geometry=shape, datum=DATUM)
        }
    return _read(PointChange, properties)


def enterprise_form(properties: dict[str, Any], feature: FeatureIn) -> EnterpriseIn:
    """A new enterprise with a site where it stands. Raises Rejected."""
    shape = feature.shape
    if shape is not None and shape.type != "Point":
        raise Rejected("企业的位置应为点。", "An enterprise stands on a point.")
    site = SiteIn() if shape is None else SiteIn(position=PositionIn(geometry=shape, datum=DATUM))
    return _read(
        EnterpriseIn,
        {name: value for name, value in properties.items() if value is not None} | {"sites": [site]},
    )


def enterprise_change(properties: dict[str, Any]) -> EnterpriseChange:
    """What changes of an enterprise. Raises Rejected."""
    return _read(EnterpriseChange, properties)


def _read(form: type[Form], values: dict[str, Any]) -> Form:
    try:
        return form.model_validate(values)
    except ValidationError as error:
        raise refusal_of(error.errors()) from error
