"""What the rows of a register of risk points do: row held against register, and row against row."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from service.enterprises.rules import EnterpriseRecord, SiteRecord
from service.imports.rules.assessments import ASSESSED, INHERENT, GivenAssessment, Recorded
from service.imports.rules.cells import ERASED, RowReader
from service.imports.rules.outcome import Action, Difference, RowOutcome, difference
from service.imports.rules.placements import (
    Atlas,
    Home,
    Placement,
    place_by_position,
    place_without_position,
    read_territory,
)
from service.imports.rules.positions import GivenPosition
from service.imports.rules.risk_point_register import (
    RegisteredPoint,
    RiskPointRegister,
    find_owner,
    find_site,
)
from service.imports.rules.risk_point_rows import RiskPointDraft
from service.imports.rules.settling import (
    placement_of,
    position_difference,
    position_fields,
    settle,
    territory_differences,
)
from service.imports.rules.vocabulary import GivenMeasure, Vocabulary, shown_measures
from service.risk_points.rules import AssessmentRecord, EventRecord, MeasureRecord, RiskPointRecord


@dataclass(frozen=True, slots=True)
class WrittenPoint:
    """What a row writes. Each part is None or empty where it stays as it is.

    event, measures: of the first event; an event of None with `event_changed` removes it.
    """

    point: RiskPointRecord
    point_changed: bool
    event: EventRecord | None
    event_changed: bool
    measures: tuple[MeasureRecord, ...]
    measures_changed: bool
    assessments: tuple[AssessmentRecord, ...]


@dataclass(frozen=True, slots=True)
class _Case:
    """One row with what it means in the register."""

    row: RowReader
    draft: RiskPointDraft
    firm: EnterpriseRecord | None
    site: SiteRecord | None
    known: RegisteredPoint | None

    @property
    def old(self) -> RiskPointRecord | None:
        """The point as it stands."""
        return None if self.known is None else self.known.record


@dataclass
class RiskPointJudge:
    """Judges rows. doubles: the rows of each number that the file has more than once, per owner as written."""

    vocabulary: Vocabulary
    atlas: Atlas
    demo: bool
    doubles: Mapping[int, tuple[int, bool]] = field(default_factory=dict)

    def judge(
        self,
        row: RowReader,
        draft: RiskPointDraft,
        register: RiskPointRegister,
        *,
        home: Home | None,
        distance_m: float | None,
    ) -> tuple[RowOutcome, WrittenPoint | None]:
        """The outcome of a row, and what to write: None for a row that is left out or says nothing new.

        home: where the boundaries put the own position the point is to have; distance_m: how far outside the territory
        that the row states. Both None where there is nothing to ask.
        """
        self._check_double(row, draft)
        firm = find_owner(row, draft, register)
        known = register.point_of(draft)
        site = None
        if firm is not None and firm.id is not None:
            site = find_site(row, draft, firm, sites=register.sites.get(firm.id, ()), known=known)
        case = _Case(row, draft, firm, site, known)
        placement = self._place(case, home, distance_m)
        if placement is None or row.bad:
            problems = tuple(row.problems)
            return RowOutcome(row.number, draft.number, draft.name, Action.BAD, (), problems, None), None
        written, differences = self._settle(case, placement)
        if written.point.geom is None and (site is None or site.geom is None):
            row.warn(
                None,
                "position_missing",
                "没有自己的位置，所在场所也没有位置，标记为待定位",
                "Neither it nor its site has a position; it goes onto the list of what is to be located",
            )
        changed = bool(differences)
        action = Action.NEW if known is None else Action.CHANGED if changed else Action.UNCHANGED
        outcome = RowOutcome(
            row.number, draft.number, draft.name, action, differences, tuple(row.problems), written
        )
        return outcome, None if action is Action.UNCHANGED else written
