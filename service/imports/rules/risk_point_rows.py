"""A row of a register of risk points as a draft: a point, its event and measures, its gradings."""

import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from geo.crs import Datum
from service.imports.rules.assessments import Assessor, GivenAssessment
from service.imports.rules.cells import Erasure, RowReader
from service.imports.rules.enterprise_rows import read_site_number, read_uscc
from service.imports.rules.fields import Kind
from service.imports.rules.positions import GivenPosition, read_position
from service.imports.rules.vocabulary import (
    GivenMeasure,
    Vocabulary,
    read_accidents,
    read_code,
    read_codes,
    read_measures,
)


class Named(Protocol):
    """What a point is known by: its enterprise, by code or else by name, and its number."""

    @property
    def uscc(self) -> str | None: ...
    @property
    def enterprise(self) -> str | None: ...
    @property
    def number(self) -> str: ...


@dataclass(frozen=True, slots=True)
class PointName:
    """What a row says of who its point is, and nothing else of it."""

    uscc: str | None
    enterprise: str | None
    number: str


def is_regional(named: Named) -> bool:
    """Whether the point belongs to the region: no enterprise is named."""
    return named.uscc is None and named.enterprise is None


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskPointDraft:
    """What a row says. None: it says nothing; ERASED: it asks for removal. territory, managed_by: as written.

    accidents: edition and codes.
    """

    uscc: str | None
    enterprise: str | None
    site_number: str | None
    number: str
    name: str
    place: str | Erasure | None
    position: GivenPosition | Erasure | None
    territory: str | None
    industries: tuple[str, ...] | Erasure | None
    event: str | Erasure | None
    accidents: tuple[str, tuple[str, ...]] | Erasure | None
    consequence: str | Erasure | None
    measures: tuple[GivenMeasure, ...] | Erasure | None
    control_level: str | Erasure | None
    responsible_unit: str | Erasure | None
    responsible_person: str | Erasure | None
    exposed_workers: int | Erasure | None
    assessments: tuple[GivenAssessment, ...]
    managed_by: str | Erasure | None
    managed_reason: str | None


def read_risk_point(
    row: RowReader, vocabulary: Vocabulary, assessor: Assessor, datum: Datum
) -> RiskPointDraft:
    """Read a row; what is wrong with it is noted on the reader."""
    workers = row.count("exposed_workers")
    draft = RiskPointDraft(
        uscc=read_uscc(row),
        enterprise=row.words("enterprise"),
        site_number=read_site_number(row),
        number=unicodedata.normalize("NFKC", row.required("number")),
        name=row.required("name"),
        place=row.text("place"),
        position=read_position(row, datum, Kind.RISK_POINTS),
        territory=row.words("territory"),
        industries=read_codes(row, "industries", vocabulary.industries),
        event=row.text("event"),
        accidents=read_accidents(row, vocabulary, _day_of(row, vocabulary)),
        consequence=row.text("consequence"),
        measures=read_measures(row, vocabulary.measure_kinds),
        control_level=read_code(row, "control_level", vocabulary.control_levels),
        responsible_unit=row.text("responsible_unit"),
        responsible_person=row.text("responsible_person"),
        exposed_workers=workers,
        assessments=assessor.read(row, workers=workers if isinstance(workers, int) else None),
        managed_by=row.text("managed_by"),
        managed_reason=row.words("managed_reason"),
    )
    _check_owner(row, draft)
    return draft


def _day_of(row: RowReader, vocabulary: Vocabulary) -> date:
    """The day whose edition of a code list the row is written in: that of its assessment, else today."""
    given = row.day("assessed_on")
    return given if given is not None and given <= vocabulary.today else vocabulary.today


def _check_owner(row: RowReader, draft: RiskPointDraft) -> None:
    unreadable = row.cell("uscc") is not None or row.cell("enterprise") is not None
    if is_regional(draft) and not unreadable and draft.site_number is not None:
        row.error(
            "site_number",
            "region_with_site",
            f"没有填企业的区域风险点不能有场所编号“{draft.site_number}”，请填企业或删去场所编号",
            f"A point of the region has no site, here '{draft.site_number}'; name an enterprise or drop the number",
        )
    if draft.managed_reason is not None and draft.managed_by is None:
        row.warn(
            "managed_reason",
            "managed_reason_unused",
            "没有填“管理单位区划”，变更理由未使用",
            "No managing territory is named, so the reason is not used",
        )
