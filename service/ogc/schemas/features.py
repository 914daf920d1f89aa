"""Wire shapes of features (RFC 7946, OGC 17-069r4 7.16). Answers are put together in the database; these describe them."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel

from service.ogc.schemas.links import Link


class Geometry(BaseModel):
    """A geometry; coordinates in the reference system and axis order that Content-Crs names."""

    type: Literal["Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon"]
    coordinates: list[Any]


class FeatureOut(BaseModel):
    """A feature. links: only where it is asked for by itself."""

    type: Literal["Feature"]
    id: int | str
    geometry: Geometry | None
    properties: dict[str, Any]
    links: list[Link] | None = None


class FeaturesOut(BaseModel):
    """A page; of everything as one stream nothing but the features. numberMatchedEstimated: by a sample, not counted."""

    type: Literal["FeatureCollection"]
    timeStamp: datetime | None = None  # noqa: N815 - the standard's name
    numberMatched: int | None = None  # noqa: N815
    numberMatchedEstimated: bool | None = None  # noqa: N815
    numberReturned: int | None = None  # noqa: N815
    links: list[Link] | None = None
    features: list[FeatureOut]
