"""Wire shapes of lists, of one enterprise and of rankings."""

import base64
import json
from datetime import date, datetime
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, Field

from service.base.errors import Rejected
from service.base.masking import mask_name, mask_phone
from service.cells.schemas import Bounds, Counts, Freshness, Positions, counts
from service.codes.schemas import CodeName, CodeText
from service.lists.queries import EnterpriseSort, LastFirm, Words
from service.risk_points.queries import Key, Last, Row, Sort
from service.risk_points.schemas.points import (
    WORD_OF_RANK,
    AccidentCategory,
    GradeWord,
    ManagedBy,
    PointRow,
    Reason,
    TerritoryName,
    point_row,
)

# The longest name of an enterprise or a point, in base64 with what stands round it.
LONGEST_CURSOR = 4000
_LARGEST_ID = 2**63 - 1


class SiteRef(BaseModel):
    number: str
    name: str


class ListedPoint(PointRow):
    """One risk point in a list of the register."""

    site: SiteRef | None
    industries: list[CodeName]
    control_level: CodeName | None
    managed_by: TerritoryName
    accident_categories: list[AccidentCategory]
    recorded_from: datetime


class PointList(BaseModel):
    """A page of points; `next` is the cursor of the following page, `total` counts the whole selection."""

    items: list[ListedPoint]
    next: str | None
    total: int


class EnterpriseRow(BaseModel):
    """One enterprise in a list; counts, grade and what follows are of the selected points. grade: the worst of them."""

    id: int
    uscc: str | None
    name: str
    territory: TerritoryName
    industries: list[CodeName]
    sites: int
    counts: Counts
    grade: GradeWord | None
    overdue: int
    to_locate: int
    exposed_workers: int
    area_km2: float | None
    exposure_weighted_density: float | None
    demo: bool


class EnterpriseList(BaseModel):
    """A page of enterprises; `next` is the cursor of the following page, `total` counts the whole list."""

    items: list[EnterpriseRow]
    next: str | None
    total: int


class Contact(BaseModel):
    """A person to call, as anybody may see it: the first character of the name, the last digits of the telephone."""

    role: str
    name: str
    phone: str


class SiteOut(BaseModel):
    """A site. anchor: longitude and latitude, CGCS2000. area: GeoJSON. points: how many selected points it has."""

    id: int
    number: str
    name: str
    address: str
    anchor: tuple[float, float] | None
    area: dict[str, Any] | None
    territory: TerritoryName
    managed_by: ManagedBy
    contacts: list[Contact]
    points: int


class SiteContacts(BaseModel):
    """The contacts of one site, unmasked."""

    site: int
    contacts: list[Contact]


class Contacts(BaseModel):
    """The contacts of an enterprise, site by site."""

    sites: list[SiteContacts]


class EnterpriseDetails(BaseModel):
    """One enterprise. grade: its highest risk point (最高风险点), never a level of the enterprise itself."""

    id: int
    uscc: str | None
    name: str
    industries: list[CodeName]
    economy: CodeName | None
    employees: int | None
    territory: TerritoryName
    demo: bool
    version: int
    recorded_from: datetime
    sites: list[SiteOut]
    counts: Counts
    grade: GradeWord | None
    positions: Positions
    reasons: list[Reason]
    reasons_total: int
    freshness: Freshness
    bounds: Bounds | None


ReadyId = Literal["major_risks", "overdue_reviews", "to_be_located", "enterprises_without_register"]


class ReadyList(BaseModel):
    """A list that is made already. rows, file: addresses of its rows and of its workbook."""

    id: ReadyId
    title: CodeText
    count: int
    rows: str
    file: str


class ReadyLists(BaseModel):
    items: list[ReadyList]


class Ready(NamedTuple):
    """How a ready-made list is asked for: the doors of its rows and file, and what they are asked beside the filter."""

    id: ReadyId
    title: CodeText
    rows: str
    file: str
    asks: dict[str, str]


READY = (
    Ready(
        "major_risks",
        CodeText(zh="重大风险清单", en="Major risks"),
        "/api/risk-points",
        "/api/lists/major-risks.xlsx",
        {"grade": "major"},
    ),
    Ready(
        "overdue_reviews",
        CodeText(zh="复评逾期", en="Overdue reviews"),
        "/api/risk-points",
        "/api/risk-points.xlsx",
        {"overdue": "true"},
    ),
    Ready(
        "to_be_located",
        CodeText(zh="待定位的风险点", en="Points to be located"),
        "/api/risk-points",
        "/api/risk-points.xlsx",
        {"position": "inherited,none"},
    ),
    Ready(
        "enterprises_without_register",
        CodeText(zh="无风险登记的企业", en="Enterprises with no register"),
        "/api/enterprises",
        "/api/enterprises.xlsx",
        {"register": "none"},
    ),
)


class Ranked(BaseModel):
    """One place or enterprise in a ranking. highest: riskClass of its worst point, 1 重大 to 4 低, 5 not assessed."""

    place: int
    key: str | None
    id: int | None
    name: str
    counts: Counts
    grade: GradeWord | None
    highest: int | None
    exposed_workers: int
    weighted_exposure: float
    area_km2: float | None
    exposure_weighted_density: float | None


class Explanation(BaseModel):
    """How a ranking is made: a paragraph, and the weights by grade with their version."""

    text: CodeText
    version: str
    weights: dict[str, float]
    workers_at_least: int
    official: Annotated[
        Literal[False], Field(description="Ours: no standard and no decision of government")
    ] = False


class Ranking(BaseModel):
    """Parts of a territory, or the enterprises in it, the one with most risk first."""

    of: Literal["territories", "enterprises"]
    items: list[Ranked]
    explanation: Explanation


def listed_point(row: Row, words: Words) -> ListedPoint:
    """A database row of list_points on the wire."""
    edition = row["accident_edition"]
    accidents = {code: words.accidents[edition, code] for code in row["accident_categories"]
                 if (edition, code) in words.accidents}  # fmt: skip
    level = row["control_level"]
    return ListedPoint(
        **point_row(row).model_dump(),
        site=None
        if row["site_number"] is None
        else SiteRef(number=row["site_number"], name=row["site_name"]),
        industries=[CodeName.of(code, words.industries) for code in row["industries"]],
        control_level=None if level is None else CodeName.of(level, words.control_levels),
        managed_by=TerritoryName(key=row["managed_key"], name=row["managed_name"]),
        accident_categories=[
            AccidentCategory(**CodeName.of(code, accidents).model_dump(), edition=edition)
            for code in row["accident_categories"]
        ],
        recorded_from=row["recorded_from"],
    )


def enterprise_row(row: Row, words: Words) -> EnterpriseRow:
    """A database row of list_enterprises on the wire."""
    total = counts(row)
    return EnterpriseRow(
        id=row["id"],
        uscc=row["uscc"],
        name=row["name"],
        territory=TerritoryName(key=row["territory_key"], name=row["territory_name"]),
        industries=[CodeName.of(code, words.industries) for code in row["industries"]],
        sites=row["sites"],
        counts=total,
        grade=total.grade,
        overdue=row["overdue"],
        to_locate=row["to_locate"],
        exposed_workers=row["exposed_workers"],
        area_km2=row["area_km2"],
        exposure_weighted_density=row["density"],
        demo=row["demo"],
    )


def site_out(row: Row) -> SiteOut:
    """A database row of describe_sites on the wire, its contacts masked."""
    return SiteOut(
        id=row["id"],
        number=row["number"],
        name=row["name"],
        address=row["address"],
        anchor=None if row["lon"] is None else (row["lon"], row["lat"]),
        area=row["area"],
        territory=TerritoryName(key=row["located_key"], name=row["located_name"]),
        managed_by=ManagedBy(key=row["managed_key"], name=row["managed_name"], reason=row["managed_reason"]),
        contacts=[
            Contact(role=one["role"], name=mask_name(one["name"]), phone=mask_phone(one["phone"]))
            for one in row["contacts"]
        ],
        points=row["points"],
    )


def ranked(row: Row) -> Ranked:
    """A database row of a ranking on the wire."""
    total = counts(row)
    return Ranked(
        place=row["place"],
        key=row.get("key"),
        id=row.get("id"),
        name=row["name"],
        counts=total,
        grade=None if row["rank"] is None else WORD_OF_RANK[row["rank"]],
        highest=row["rank"],
        exposed_workers=row["exposed_workers"],
        weighted_exposure=row["weighted"],
        area_km2=row["area_km2"],
        exposure_weighted_density=row["density"],
    )


def write_place(order: tuple[str, bool], place: Last | LastFirm | None) -> str | None:
    """Where the next page starts, as text that names its order too."""
    if place is None:
        return None
    values = [value.isoformat() if isinstance(value, date) else value for value in place]
    text = json.dumps([*order, *values], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_last(text: str | None, *, sort: Sort, descending: bool) -> Last | None:
    """Where a page of points starts. Raises Rejected for text that no page of this order gave."""
    values = _read_place(text, (sort, descending), [(int, str), (int,)])
    if values is None:
        return None
    key: Key = values[0]
    try:
        if sort in {"assessed_on", "next_review"}:
            key = date.fromisoformat(str(key))
        elif sort == "recorded_from":
            key = datetime.fromisoformat(str(key))
    except ValueError as error:
        raise _no_cursor() from error
    if isinstance(key, int) != (sort == "grade") or (isinstance(key, int) and key > _LARGEST_GRADE):
        raise _no_cursor()
    return Last(key, values[1])


# A rank in grades, 5 for what is not assessed.
_LARGEST_GRADE = 5


def read_last_firm(text: str | None, *, sort: EnterpriseSort, descending: bool) -> LastFirm | None:
    """Where a page of enterprises starts. Raises Rejected for text that no page of this order gave."""
    values = _read_place(text, (sort, descending), [(int, float), (str,), (int,)])
    return None if values is None else LastFirm(float(values[0]), values[1], values[2])


def _read_place(text: str | None, order: tuple[str, bool], kinds: list[tuple[type, ...]]) -> list[Any] | None:
    if text is None:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError as error:
        raise _no_cursor() from error
    if not isinstance(values, list) or len(values) != len(kinds) + 2 or values[:2] != list(order):
        raise _no_cursor()
    place = values[2:]
    for value, allowed in zip(place, kinds, strict=True):
        # A NUL would be refused by the database, a number beyond bigint too.
        sound = type(value) in allowed and (not isinstance(value, str) or "\0" not in value)
        if not sound or (isinstance(value, int) and not 0 <= value <= _LARGEST_ID and value != -1):
            raise _no_cursor()
    return place


def _no_cursor() -> Rejected:
    return Rejected("翻页游标无效，请重新打开列表。", "The page cursor is not valid; open the list again.")
