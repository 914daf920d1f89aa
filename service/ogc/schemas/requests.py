"""The parameters of a request for features, and the question they make."""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from service.base.collections import Collection, Column, ColumnKind
from service.base.errors import Rejected
from service.ogc.rules.asking import Asked, Condition
from service.ogc.rules.cql2 import condition_of
from service.ogc.rules.cql2_trees import read
from service.ogc.rules.crs import DEFAULT, crs_of
from service.ogc.rules.extents import extent_of
from service.ogc.rules.moments import moment_of
from service.ogc.rules.paging import Key
from service.ogc.rules.values import bind

MOST_A_PAGE = 10_000
USUAL_PAGE = 100
# ArcGIS Pro pages by offset. Beyond this a page by keys is what to ask for: rows left out are read all the same.
FARTHEST_OFFSET = 1_000_000
MOST_SORT_KEYS = 3


class Language(BaseModel):
    """Parameters that every document takes."""

    model_config = ConfigDict(extra="allow", populate_by_name=True)
    f: str | None = Field(None, max_length=40, description="json or html; Accept says the same")
    lang: Literal["zh", "en"] | None = Field(None, description="Of titles; Accept-Language says the same")


class Shape(Language):
    """What of a feature is given, and how."""

    crs: str | None = Field(
        None, max_length=200, description="Reference system of the answer, as in the collection's crs"
    )
    properties: str | None = Field(
        None, max_length=1000, description="Comma list of properties; absent for all"
    )


class Filtered(Shape):
    """Which features. Any property may be given as a parameter of its own: it must be equal."""

    bbox: str | None = Field(None, max_length=200, description="Four numbers, in the axis order of bbox-crs")
    bbox_crs: str | None = Field(None, alias="bbox-crs", max_length=200)
    datetime: str | None = Field(
        None,
        max_length=100,
        description="The register as it was recorded at that moment, or at the end of an interval",
    )
    filter: str | None = Field(None, max_length=8000, description="CQL2, in filter-lang")
    filter_lang: Literal["cql2-text", "cql2-json"] = Field("cql2-text", alias="filter-lang")
    filter_crs: str | None = Field(None, alias="filter-crs", max_length=200)
    sortby: str | None = Field(
        None, max_length=200, description="Comma list of properties, - before one that goes down"
    )


class Items(Filtered):
    """Parameters of a page of features."""

    limit: int | None = Field(
        None,
        ge=1,
        description=f"Features on a page: {USUAL_PAGE} where not given, {MOST_A_PAGE:,} at most."
        " Of a stream: all where not given",
    )
    offset: int = Field(
        0, ge=0, le=FARTHEST_OFFSET, description="For clients that count; links of pages do not use it"
    )
    cursor: str | None = Field(None, max_length=4000, description="From the links next and prev")
    datum: Literal["gcj02"] | None = Field(
        None,
        description="Of files alone: shapes as Chinese basemaps of the internet draw them, marked as such",
    )

    @property
    def size(self) -> int:
        """Features on a page: what is asked for is cut to what there may be (17-069r4, /req/core/fc-limit-response-1)."""
        return min(self.limit or USUAL_PAGE, MOST_A_PAGE)


def asked_of(collection: Collection, given: Filtered, *, today: date) -> Asked:
    """The question that parameters make. Raises Rejected for what cannot be asked."""
    bbox_crs = crs_of(given.bbox_crs, "bbox-crs") if given.bbox_crs else DEFAULT
    at = moment_of(given.datetime) if given.datetime is not None else None
    conditions, reach = equalities(collection, given.model_extra or {}), None
    if given.filter is not None:
        tree = read(given.filter, given.filter_lang)
        crs = crs_of(given.filter_crs, "filter-crs") if given.filter_crs else DEFAULT
        kinds = {column.name: column.kind for column in collection.columns}
        condition, reach = condition_of(tree, kinds, crs=crs)
        conditions.append(condition)
    return Asked(
        collection=collection,
        columns=columns_of(collection, given.properties),
        today=today,
        crs=crs_of(given.crs, "crs") if given.crs else DEFAULT,
        extent=extent_of(given.bbox, bbox_crs) if given.bbox is not None else None,
        at=at,
        reach=reach,
        conditions=tuple(conditions),
        keys=sort_keys(collection, given.sortby),
    )


def columns_of(collection: Collection, names: str | None) -> tuple[Column, ...]:
    """The columns of a comma list in the collection's order. Raises Rejected for one that there is not."""
    if names is None:
        return collection.columns
    wanted = {name.strip() for name in names.split(",") if name.strip()} - {"geometry", "id"}
    for name in sorted(wanted):
        _column(collection, name)
    return tuple(column for column in collection.columns if column.name in wanted)


def sort_keys(collection: Collection, text: str | None) -> tuple[Key, ...]:
    """The keys of sortby (OGC 20-004r1, 7.4). Raises Rejected."""
    if not text:
        return ()
    keys = []
    for part in text.split(","):
        name = part.strip().removeprefix("+").removeprefix("-").strip()
        kind = collection.id_kind if name == "id" else _column(collection, name).kind
        if kind is ColumnKind.TEXTS:
            raise Rejected(f"不能按列表字段“{name}”排序。", f"Rows have no order by a list: {name}.")
        keys.append(Key(name, kind, descending=part.strip().startswith("-")))
    if len(keys) > MOST_SORT_KEYS or len({key.name for key in keys}) < len(keys):
        raise Rejected(
            f"sortby 最多 {MOST_SORT_KEYS} 个互不相同的字段。",
            f"sortby takes {MOST_SORT_KEYS} different properties at most.",
        )
    return tuple(keys)


def equalities(collection: Collection, given: dict[str, Any]) -> list[Condition]:
    """Parameters that name a property: it must be equal, of a list one must be. Raises Rejected for any other name."""
    found: list[Condition] = []
    for number, (name, value) in enumerate(sorted(given.items())):
        column = _column(collection, name, parameter=True)
        if not isinstance(value, str):
            raise Rejected(f"参数 {name} 只能出现一次。", f"{name} may be given once.")
        cast, bound = bind(column.kind, value, name)
        key = f"q{number}"
        same = "ANY (item.{0})" if column.kind is ColumnKind.TEXTS else "item.{0}"
        found.append(Condition(f"%({key})s::{cast} = {same.format(column.name)}", {key: bound}))
    return found


def _column(collection: Collection, name: str, *, parameter: bool = False) -> Column:
    column = collection.column(name)
    if column is None:
        kind_zh, kind_en = ("参数", "parameter") if parameter else ("字段", "property")
        known = ", ".join(one.name for one in collection.columns)
        raise Rejected(
            f"没有{kind_zh}“{name}”；字段有：{known}。",
            f"There is no {kind_en} {name!r}; properties: {known}.",
        )
    return column


def languages(given: Language, accept: str | None) -> bool:
    """Whether titles are in Chinese: asked for, or the first language that the client accepts of the two; Chinese else."""
    if given.lang is not None:
        return given.lang == "zh"
    for part in (accept or "").lower().split(","):
        tag = part.split(";")[0].strip()[:2]
        if tag in {"zh", "en"}:
            return tag == "zh"
    return True
