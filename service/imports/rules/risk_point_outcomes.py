"""What the rows of a register of risk points do: row held against register, and row against row."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from service.enterprises.rules import name_key
from service.imports.rules.cells import ERASED, RowReader
from service.imports.rules.outcome import Action, RowOutcome
from service.imports.rules.placements import (
    Atlas,
    Home,
    Placement,
    place_by_position,
    place_without_position,
    read_territory,
)
from service.imports.rules.positions import GivenPosition
from service.imports.rules.risk_point_register import PointKey, RiskPointRegister, find_owner, find_site
from service.imports.rules.risk_point_rows import RiskPointDraft
from service.imports.rules.risk_point_settling import (
    Case,
    assessment_differences,
    event_differences,
    point_differences,
    settle_assessments,
    settle_event,
    settle_measures,
    settle_point,
    to_record,
)
from service.imports.rules.settling import placement_of
from service.imports.rules.vocabulary import Vocabulary
from service.risk_points.rules import RiskPointWriting


@dataclass(frozen=True, slots=True)
class Double:
    """Another row with the same number. identical: the two rows are the same throughout."""

    row: int
    identical: bool


class Sighting(NamedTuple):
    """A row at first sight: its number, who owns its point and how that is numbered, as written, a hash of it all."""

    row: int
    owner: str
    number: str
    content: int


def find_doubles(rows: Iterable[Sighting]) -> dict[int, Double]:
    """The rows whose owner and number stand in the file more than once, by row.

    Of rows that are the same throughout the first stands. Where they differ nobody can know which one is meant, and
    all of them are named.
    """
    first: dict[tuple[str, str], tuple[int, int]] = {}
    doubles: dict[int, Double] = {}
    for row, owner, written, content in rows:
        number = unicodedata.normalize("NFKC", written).strip()
        if not number:
            continue
        key = name_key(owner).upper(), number
        if key not in first:
            first[key] = row, content
            continue
        other, known = first[key]
        doubles[row] = Double(other, known == content)
        if known != content:
            doubles.setdefault(other, Double(row, False))
    return doubles


def _without_reason(placement: Placement) -> Placement:
    return placement if placement.managed_reason is None else replace(placement, managed_reason=None)


@dataclass
class RiskPointJudge:
    """Judges rows. doubles: what `find_doubles` found in the whole file."""

    vocabulary: Vocabulary
    atlas: Atlas
    demo: bool
    doubles: Mapping[int, Double] = field(default_factory=dict)
    _rows: dict[PointKey, int] = field(default_factory=dict)

    def judge(
        self,
        row: RowReader,
        draft: RiskPointDraft,
        register: RiskPointRegister,
        *,
        home: Home | None,
        distance_m: float | None,
    ) -> tuple[RowOutcome, RiskPointWriting | None]:
        """The outcome of a row, and what to write: None for a row that is left out or says nothing new.

        home: where the boundaries put the own position that the point is to have; distance_m: how far outside the
        territory that the row states. Both None where there is nothing to ask.
        """
        self._check_double(row, draft, register)
        firm = find_owner(row, draft, register)
        known = register.point_of(draft)
        sites = () if firm is None or firm.id is None else register.sites.get(firm.id, ())
        site = None if firm is None else find_site(row, draft, firm, sites=sites, known=known)
        stood = (
            None if known is None else next((one for one in sites if one.id == known.record.site_id), None)
        )
        case = Case(row, draft, firm, site, stood, known)
        placement = self._manage(case, self._place(case, home, distance_m))
        self._check_taken(case, placement)
        if placement is None or row.bad:
            return self._refused(row, draft), None
        written, outcome = self._settle(case, placement)
        if row.bad:
            return self._refused(row, draft), None
        key = register.key_of(draft)
        if key is not None:
            self._rows[key] = row.number
        return outcome, None if outcome.action is Action.UNCHANGED else written

    @staticmethod
    def _refused(row: RowReader, draft: RiskPointDraft) -> RowOutcome:
        return RowOutcome(row.number, draft.number, draft.name, Action.BAD, (), tuple(row.problems), None)

    def _check_double(self, row: RowReader, draft: RiskPointDraft, register: RiskPointRegister) -> None:
        double = self.doubles.get(row.number)
        if double is None:
            key = register.key_of(draft)
            earlier = None if key is None else self._rows.get(key)
            double = None if earlier is None else Double(earlier, False)
        if double is None:
            return
        if double.identical:
            row.error(
                "number",
                "duplicate_row",
                f"第 {row.number} 行与第 {double.row} 行完全相同；保留第 {double.row} 行，请删去本行",
                f"Row {row.number} equals row {double.row} throughout; delete this row",
            )
        else:
            row.error(
                "number",
                "duplicate_number",
                f"第 {row.number} 行与第 {double.row} 行的风险点编号“{draft.number}”相同而内容不同，请改正其中一行",
                f"Rows {row.number} and {double.row} have the number {draft.number} but differ; correct one of them",
            )

    def _check_taken(self, case: Case, placement: Placement | None) -> None:
        """Two districts may give their own points one number: then the row is not the point that stands under it.

        A point that keeps its name and is corrected over a border stays the same point.
        """
        old = case.old
        if case.firm is not None or old is None or placement is None:
            return
        same_place = self.atlas.related(old.located_in_id, placement.located_in_id)
        if same_place or name_key(old.name) == name_key(case.draft.name):
            return
        where = self.atlas.name(old.located_in_id)
        case.row.error(
            "number",
            "number_taken_elsewhere",
            f"编号“{old.number}”已属于“{where}”的区域风险点“{old.name}”，请为本行另编一个号",
            f"The number {old.number} belongs to the regional point '{old.name}' in {where}; give this row another",
        )

    def _place(self, case: Case, home: Home | None, distance_m: float | None) -> Placement | None:
        """Where the point belongs by itself, whoever a person has put in charge of it."""
        territory = read_territory(case.row, "territory", case.draft.territory, self.atlas)
        given, old = case.draft.position, case.old
        kept = None if old is None else placement_of(old)
        if home is not None:
            moved = isinstance(given, GivenPosition) and (old is None or given.geom != old.geom)
            if kept is not None and territory is None and not moved and case.draft.managed_by is not ERASED:
                return kept
            if kept is not None and territory is None and kept.located_stated:
                territory = self.atlas.nodes.get(kept.located_in_id)
            return place_by_position(case.row, territory, home, distance_m=distance_m, atlas=self.atlas)
        if old is not None and old.geom is not None and given is not ERASED:
            return kept  # nothing was asked: nothing about its place changes
        host = None if case.site is None else placement_of(case.site)
        if host is not None and case.site is not None and case.site.geom is not None:
            self._check_host(case, host)
            return _without_reason(host)
        if kept is not None and territory is None and (kept.located_stated or host is None):
            return kept
        whole = self.atlas.whole.id if case.firm is None else case.firm.home_territory_id
        fallback = host or Placement(whole, False, whole, None)
        return place_without_position(territory, _without_reason(fallback), self.atlas)

    def _check_host(self, case: Case, host: Placement) -> None:
        """A point without a position of its own stands where its site stands."""
        found = self.atlas.find(case.draft.territory) if case.draft.territory else ()
        if len(found) != 1 or any(
            self.atlas.related(found[0].id, place) for place in (host.located_in_id, host.managed_by_id)
        ):
            return
        name = self.atlas.name(host.located_in_id)
        case.row.error(
            "territory",
            "territory_contradicts_site",
            f"没有自己的位置，随所在场所位于“{name}”，与填写的“{found[0].name}”矛盾；请更正，或填写经纬度",
            f"Without a position of its own it stands with its site in {name}, not in {found[0].name}; "
            "correct it or give a position",
        )

    def _manage(self, case: Case, placement: Placement | None) -> Placement | None:
        """Put the responsible node in: the one stated with a reason, the one that stands, else the one by position."""
        draft, old = case.draft, case.old
        if placement is None:
            return None
        if draft.managed_by is ERASED:
            if (
                old is None
                or placement.managed_reason is None
                or placement.managed_reason != old.managed_reason
            ):
                return placement
            return replace(placement, managed_by_id=placement.located_in_id, managed_reason=None)
        stands = None if old is None or old.managed_reason is None else old
        if draft.managed_by is None:
            if stands is None or placement.managed_reason:
                return placement
            return replace(
                placement, managed_by_id=stands.managed_by_id, managed_reason=stands.managed_reason
            )
        node = read_territory(case.row, "managed_by", str(draft.managed_by), self.atlas)
        if node is None:
            return placement
        if draft.managed_reason is not None:
            return replace(placement, managed_by_id=node.id, managed_reason=draft.managed_reason)
        if node.id == placement.managed_by_id:
            return placement
        if stands is not None and stands.managed_by_id == node.id:
            return replace(placement, managed_by_id=node.id, managed_reason=stands.managed_reason)
        case.row.error(
            "managed_by",
            "managed_reason_missing",
            f"管理单位“{node.name}”与按位置得出的“{self.atlas.name(placement.managed_by_id)}”不同，请填写管理变更理由",
            f"The managing node {node.name} is not {self.atlas.name(placement.managed_by_id)}, which follows from "
            "the position; give the reason",
        )
        return placement

    def _settle(self, case: Case, placement: Placement) -> tuple[RiskPointWriting, RowOutcome]:
        row, draft, known = case.row, case.draft, case.known
        point = settle_point(case, placement, demo=self.demo)
        event = settle_event(case, point, self.vocabulary)
        measures = settle_measures(case, event)
        added = settle_assessments(case)
        if point.geom is None and (case.site is None or case.site.geom is None):
            row.warn(
                None,
                "position_missing",
                "没有自己的位置，所在场所也没有位置，标记为待定位",
                "Neither it nor its site has a position; it goes onto the list of what is to be located",
            )
        written = RiskPointWriting(
            point=point,
            changed=known is None or point != known.record,
            event=event,
            event_changed=event != case.old_event,
            measures=measures,
            measures_changed=measures != case.old_measures,
            assessments=tuple(to_record(given) for given in added),
        )
        differences = (
            []
            if known is None
            else [
                *point_differences(case, point, self.vocabulary, self.atlas),
                *event_differences(case, event, measures, self.vocabulary),
                *assessment_differences(case, added, self.vocabulary),
            ]
        )
        changed = written.changed or written.event_changed or written.measures_changed or added
        action = Action.NEW if known is None else Action.CHANGED if changed else Action.UNCHANGED
        outcome = RowOutcome(
            row.number,
            draft.number,
            draft.name,
            action,
            tuple(dict.fromkeys(differences)),
            tuple(row.problems),
            None,
        )
        return written, outcome
