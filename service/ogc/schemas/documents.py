"""What the door says of itself and of its collections (OGC 17-069r4 7.2 to 7.14, 20-057, 23-058r1)."""

from typing import Any, Literal

from pydantic import BaseModel

from geo.tiles import GeometryKind
from service.base.collections import Collection, Column, ColumnKind
from service.codes.rules.documents import Text
from service.ogc.rules.crs import CRS84, KNOWN, STORAGE
from service.ogc.schemas.links import Link

Words = dict[str, dict[str, Text]]


class Landing(BaseModel):
    """The landing page."""

    title: str
    description: str
    attribution: str | None = None
    links: list[Link]


class Conformance(BaseModel):
    """The requirements classes that tests prove."""

    conformsTo: list[str]  # noqa: N815 - the standard's name


class Spatial(BaseModel):
    """West, south, east, north in degrees: of the territory that the viewer sees."""

    bbox: list[tuple[float, float, float, float]]
    crs: str = CRS84


class ExtentOut(BaseModel):
    """Where the features of a collection lie."""

    spatial: Spatial | None = None


class CollectionOut(BaseModel):
    """A collection."""

    id: str
    title: str
    description: str
    itemType: Literal["feature"] = "feature"  # noqa: N815 - the standard's name
    extent: ExtentOut
    crs: list[str]
    storageCrs: str = STORAGE  # noqa: N815
    links: list[Link]


class CollectionsOut(BaseModel):
    """All collections."""

    collections: list[CollectionOut]
    links: list[Link]


def describe(
    collection: Collection, *, zh: bool, links: list[Link], bbox: tuple[float, float, float, float] | None
) -> CollectionOut:
    """A collection in a language. bbox: of the territory that the viewer sees, None where they see none."""
    return CollectionOut(
        id=collection.id,
        title=collection.title_zh if zh else collection.title_en,
        description=collection.description_zh if zh else collection.description_en,
        extent=ExtentOut(spatial=Spatial(bbox=[bbox]) if bbox else None),
        crs=list(KNOWN),
        links=links,
    )


_JSON_TYPES: dict[ColumnKind, dict[str, Any]] = {
    ColumnKind.TEXT: {"type": "string"},
    ColumnKind.INTEGER: {"type": "integer"},
    ColumnKind.NUMBER: {"type": "number"},
    ColumnKind.BOOLEAN: {"type": "boolean"},
    ColumnKind.DATE: {"type": "string", "format": "date"},
    ColumnKind.INSTANT: {"type": "string", "format": "date-time"},
    ColumnKind.TEXTS: {"type": "array", "items": {"type": "string"}},
}
# The word for a geometry in a schema of features (OGC 23-058r1, 7.6).
_GEOMETRY_FORMATS = {
    GeometryKind.POINT: "geometry-point",
    GeometryKind.LINE: "geometry-linestring-or-multilinestring",
    GeometryKind.AREA: "geometry-polygon-or-multipolygon",
    GeometryKind.ANY: "geometry-any",
}


def schema_of(collection: Collection, words: Words, *, zh: bool, address: str, role: str) -> dict[str, Any]:
    """The JSON Schema of a collection's features (Part 5), or of what a filter or an order may name (Part 3).

    words: the titles of codes in the database, by list. role: schema, queryables or sortables.
    """
    properties: dict[str, Any] = {}
    if role == "schema":
        properties["id"] = _JSON_TYPES[collection.id_kind] | {"x-ogc-role": "id", "readOnly": True}
    if role != "sortables":
        properties["geometry"] = {
            "format": _GEOMETRY_FORMATS[collection.geometry],
            "x-ogc-role": "primary-geometry",
        }
    for place, column in enumerate(collection.columns):
        if role == "sortables" and column.kind is ColumnKind.TEXTS:
            continue
        properties[column.name] = _property(column, words, zh=zh)
        if role == "schema":
            properties[column.name]["x-ogc-propertySeq"] = place + 1
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "type": "object",
        "title": collection.title_zh if zh else collection.title_en,
        "properties": properties,
        "additionalProperties": False,
    }


def _property(column: Column, words: Words, *, zh: bool) -> dict[str, Any]:
    found: dict[str, Any] = {"title": column.title_zh if zh else column.title_en} | _JSON_TYPES[column.kind]
    if column.description:
        found["description"] = column.description
    titles = {one.value: one.zh if zh else one.en for one in column.choices}
    if column.code_list is not None:
        titles = {code: text.zh if zh else text.en for code, text in words.get(column.code_list, {}).items()}
    if titles:
        # Codes are of versioned lists: an older row may have one that is no longer given, so only our own words are an enum.
        target = found
        if column.kind is ColumnKind.TEXTS:
            target = found["items"] = dict(found["items"])
        if column.choices:
            target["enum"] = list(titles)
        target["x-titles"] = titles
    return found
