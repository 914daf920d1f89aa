"""What the rows of an enterprise register do: row held against register, and row against row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from service.enterprises.rules import ONLY_SITE, ContactRecord, EnterpriseRecord, SiteRecord, name_key
from service.imports.rules.cells import ERASED, RowReader
from service.imports.rules.enterprise_rows import EnterpriseDraft
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
from service.imports.rules.settling import (
    placement_of,
    position_difference,
    position_fields,
    settle,
    territory_differences,
)
from service.imports.rules.vocabulary import Vocabulary

FirmKey = tuple[str, int | str]


@dataclass(frozen=True, slots=True)
class RegisteredSite:
    """A site of the register with its contact. shown: its position as a person reads it, '' where it has none."""

    record: SiteRecord
    contact: ContactRecord
    shown: str


@dataclass(frozen=True, kw_only=True)
class EnterpriseRegister:
    """What the register knows of the rows at hand.

    by_uscc, by_name (by `name_key`): firms. sites: by enterprise id and number. spots: the ids and names of the firms
    that have a site on a position (hexadecimal EWKB).
    """

    by_uscc: Mapping[str, EnterpriseRecord]
    by_name: Mapping[str, Sequence[EnterpriseRecord]]
    sites: Mapping[tuple[int, str], RegisteredSite]
    spots: Mapping[str, Sequence[tuple[int, str]]]

    def firm_of(self, draft: EnterpriseDraft) -> EnterpriseRecord | None:
        """The firm a row means: by credit code, else by name where the register has no code for it yet."""
        if draft.uscc is not None and draft.uscc in self.by_uscc:
            return self.by_uscc[draft.uscc]
        return next((firm for firm in self.by_name.get(name_key(draft.name), ()) if firm.uscc is None), None)

    def site_of(self, draft: EnterpriseDraft) -> RegisteredSite | None:
        """The site a row means."""
        firm = self.firm_of(draft)
        if firm is None or firm.id is None:
            return None
        return self.sites.get((firm.id, draft.site_number or ONLY_SITE))


@dataclass(slots=True)
class FirmInFile:
    """A firm that good rows of the file name. stated: field -> value and the row that said so."""

    registered: EnterpriseRecord | None
    home_territory_id: int
    stated: dict[str, tuple[Any, int]] = field(default_factory=dict)

    def record(self, *, demo: bool) -> EnterpriseRecord:
        """The firm as it is to stand in the register."""
        values = {key: value for key, (value, _) in self.stated.items()}
        if self.registered is not None:
            return replace(self.registered, **values, home_territory_id=self.home_territory_id)
        blank = {"uscc": None, "industries": (), "economy_code": None, "employees": None}
        return EnterpriseRecord(
            id=None, home_territory_id=self.home_territory_id, demo=demo, **(blank | values)
        )


@dataclass(frozen=True, slots=True)
class WrittenSite:
    """A site to be written, with the firm it belongs to and its contact where the row says something about it."""

    firm: FirmKey
    site: SiteRecord
    contact: ContactRecord | None


@dataclass(frozen=True, slots=True)
class _Case:
    """One row with what it means in the register."""

    row: RowReader
    draft: EnterpriseDraft
    key: FirmKey
    firm: EnterpriseRecord | None
    known: RegisteredSite | None
    register: EnterpriseRegister

    @property
    def place(self) -> str | None:
        """The position the row gives, hexadecimal EWKB."""
        return self.draft.position.geom if isinstance(self.draft.position, GivenPosition) else None

    @property
    def whereabouts(self) -> str:
        """What tells two sites apart that nobody numbered: the position, else address, name and territory."""
        draft = self.draft
        return self.place or repr((draft.address, draft.site_name, draft.territory))

    @property
    def stated(self) -> dict[str, Any]:
        """What the row says about the firm itself, by field; what it leaves empty is absent."""
        given = {
            "uscc": self.draft.uscc,
            "name": self.draft.name or None,
            "industries": () if self.draft.industries is ERASED else self.draft.industries,
        }
        erasable = {"economy_code": self.draft.economy_code, "employees": self.draft.employees}
        return {key: value for key, value in given.items() if value is not None} | {
            key: None if value is ERASED else value for key, value in erasable.items() if value is not None
        }


@dataclass
class EnterpriseJudge:
    """Judges rows in their order. It remembers the good ones only: a bad row stands in nobody's way."""

    vocabulary: Vocabulary
    atlas: Atlas
    demo: bool
    firms: dict[FirmKey, FirmInFile] = field(default_factory=dict)
    _names: dict[str, tuple[str | None, int]] = field(default_factory=dict)
    _sites: dict[tuple[FirmKey, str], tuple[int, str]] = field(default_factory=dict)
    _spots: dict[str, tuple[FirmKey, str, int]] = field(default_factory=dict)

    def judge(
        self,
        row: RowReader,
        draft: EnterpriseDraft,
        register: EnterpriseRegister,
        *,
        home: Home | None,
        distance_m: float | None,
    ) -> tuple[RowOutcome, WrittenSite | None]:
        """The outcome of a row, and the site to write: None for one that is left out or says nothing new.

        home: where the boundaries put the position the site is to have; distance_m: how far outside the territory that
        the row states. Both None where there is nothing to ask.
        """
        firm = register.firm_of(draft)
        case = _Case(row, draft, _key_of(draft, firm), firm, register.site_of(draft), register)
        self._check_identity(case)
        self._check_double(case)
        self._check_agreement(case)
        placement = self._place(case, home, distance_m)
        if placement is None or row.bad:
            outcome = RowOutcome(
                row.number, draft.uscc or "", draft.name, Action.BAD, (), tuple(row.problems), None
            )
            return outcome, None
        site, contact = self._settle(case, placement)
        self._mention(case, site)
        differences = [*self._firm_differences(case), *self._site_differences(case, site, contact)]
        self._remember(case, site)
        written = WrittenSite(case.key, site, contact)
        new = firm is None or case.known is None
        action = Action.NEW if new else Action.CHANGED if differences else Action.UNCHANGED
        number = draft.uscc or (firm.uscc if firm else None) or ""
        outcome = RowOutcome(
            row.number,
            number,
            draft.name,
            action,
            tuple(differences),
            tuple(row.problems),
            (case.stated, written),
        )
        return outcome, None if action is Action.UNCHANGED else written

    def _check_identity(self, case: _Case) -> None:
        """A firm is not to be registered twice, once with its credit code and once without."""
        row, draft = case.row, case.draft
        name = name_key(draft.name)
        if case.firm is None and draft.uscc is None and row.cell("uscc") is None:
            codes = "、".join(one.uscc for one in case.register.by_name.get(name, ()) if one.uscc)
            if codes:
                row.error(
                    "uscc",
                    "uscc_needed",
                    f"“{draft.name}”已登记，统一社会信用代码为 {codes}；请补填，若是另一家企业请填它自己的代码",
                    f"'{draft.name}' is registered under {codes}; fill it in, or its own if it is another firm",
                )
        if case.firm is not None and draft.uscc is not None and case.firm.uscc is None:
            row.warn(
                "uscc",
                "uscc_supplied",
                f"“{draft.name}”登记时没有统一社会信用代码，按名称对上，将补上 {draft.uscc}",
                f"'{draft.name}' is registered without a credit code; matched by name, it receives {draft.uscc}",
            )
        code, number = self._names.get(name, (draft.uscc, 0))
        if case.firm is None and (code is None) != (draft.uscc is None):
            row.error(
                "uscc",
                "uscc_differs_in_file",
                f"第 {number} 行是同名企业，两行中一行有统一社会信用代码、一行没有，请填一致",
                f"Row {number} names the same firm; one of the two rows has a credit code and one has none",
            )

    def _check_double(self, case: _Case) -> None:
        row, draft = case.row, case.draft
        earlier = self._sites.get((case.key, draft.site_number or ONLY_SITE))
        if earlier is None or not draft.name:
            return
        other, place = earlier
        if place == case.whereabouts:
            row.error(
                "name",
                "duplicate_row",
                f"与第 {other} 行重复：同一企业、同一位置；保留第 {other} 行，请删去本行",
                f"A duplicate of row {other}: the same firm on the same position; delete this row",
            )
        elif draft.site_number is None:
            row.error(
                "site_number",
                "site_number_needed",
                f"第 {other} 行已有该企业，位置不同；若是另一个场所，请给两行填写不同的场所编号",
                f"Row {other} has this firm on another position; if it is another site, number both sites",
            )
        else:
            row.error(
                "site_number",
                "duplicate_site",
                f"第 {other} 行已有该企业的场所编号“{draft.site_number}”，请改为另一个编号",
                f"Row {other} has site {draft.site_number} of this firm already; give another number",
            )

    def _check_agreement(self, case: _Case) -> None:
        """Rows of one firm say the same of it."""
        earlier = self.firms.get(case.key)
        for name, value in case.stated.items():
            known, number = (value, 0) if earlier is None else earlier.stated.get(name, (value, 0))
            same = name_key(known) == name_key(value) if name == "name" else known == value
            if not same:
                case.row.error(
                    name,
                    "contradicts_row",
                    f"与第 {number} 行对同一企业的填写不一致，请改为一致",
                    f"It contradicts what row {number} says of the same firm; make them agree",
                )

    def _place(self, case: _Case, home: Home | None, distance_m: float | None) -> Placement | None:
        territory = read_territory(case.row, "territory", case.draft.territory, self.atlas)
        kept = None if case.known is None else placement_of(case.known.record)
        if home is None:
            whole = self.atlas.whole.id
            return place_without_position(territory, kept or Placement(whole, False, whole, None), self.atlas)
        if (
            kept is not None
            and territory is None
            and case.place in (None, case.known and case.known.record.geom)
        ):
            return kept
        if kept is not None and territory is None and kept.located_stated:
            territory = self.atlas.nodes.get(kept.located_in_id)
        found = place_by_position(case.row, territory, home, distance_m=distance_m, atlas=self.atlas)
        if found is not None and kept is not None and kept.managed_reason and not found.managed_reason:
            return replace(found, managed_by_id=kept.managed_by_id, managed_reason=kept.managed_reason)
        return found

    def _settle(self, case: _Case, placement: Placement) -> tuple[SiteRecord, ContactRecord | None]:
        draft, old = case.draft, None if case.known is None else case.known.record
        site = SiteRecord(
            id=None if old is None else old.id,
            enterprise_id=None if case.firm is None else case.firm.id,
            number=draft.site_number or ONLY_SITE,
            name=settle(draft.site_name, old.name if old else "", ""),
            address=settle(draft.address, old.address if old else "", ""),
            **position_fields(draft.position, old),
            located_in_id=placement.located_in_id,
            located_stated=placement.located_stated,
            managed_by_id=placement.managed_by_id,
            managed_reason=placement.managed_reason,
            demo=self.demo if old is None else old.demo,
        )
        if draft.contact is None and draft.phone is None:
            return site, None
        person = ContactRecord("", "") if case.known is None else case.known.contact
        return site, ContactRecord(
            settle(draft.contact, person.name, ""), settle(draft.phone, person.phone, "")
        )

    def _mention(self, case: _Case, site: SiteRecord) -> None:
        """What a person should see of a good row."""
        if case.draft.uscc is None:
            case.row.warn(
                "uscc",
                "uscc_missing",
                "没有统一社会信用代码，按名称登记，标记为待补",
                "Without a credit code it is registered by its name and marked as to be supplied",
            )
        if site.geom is None:
            case.row.warn(
                None,
                "position_missing",
                "没有经纬度，标记为待定位",
                "It has no position and goes onto the list of what is to be located",
            )
            return
        earlier = self._spots.get(site.geom)
        others = [name for firm, name in case.register.spots.get(site.geom, ()) if ("id", firm) != case.key]
        if earlier is not None and earlier[0] != case.key:
            name, where, where_en = earlier[1], f"第 {earlier[2]} 行", f"row {earlier[2]}"
        elif others:
            name, where, where_en = others[0], "已登记", "registered"
        else:
            return
        case.row.warn(
            "lon",
            "shared_position",
            f"与“{name}”（{where}）在同一位置，请核对坐标是否只是大概位置",
            f"It shares its position with '{name}' ({where_en}); check that the position is not a rough one",
        )

    def _firm_differences(self, case: _Case) -> list[Difference]:
        if case.firm is None:
            return []
        found: list[Difference] = []
        for name, value in case.stated.items():
            old = getattr(case.firm, name)
            if name == "industries":
                names = self.vocabulary.industries
                found += difference(name, names.shown(old), names.shown(value)) if old != value else []
            else:
                found += difference(name, _plain(old), _plain(value))
        return found

    def _site_differences(
        self, case: _Case, site: SiteRecord, contact: ContactRecord | None
    ) -> list[Difference]:
        if case.known is None:
            return []
        old, person = case.known.record, case.known.contact
        return [
            *difference("site_name", old.name, site.name),
            *difference("address", old.address, site.address),
            *(difference("contact", person.name, contact.name) if contact else []),
            *(difference("phone", person.phone, contact.phone) if contact else []),
            *position_difference(old, site, case.known.shown, case.draft.position),
            *territory_differences(placement_of(old), placement_of(site), self.atlas),
        ]

    def _remember(self, case: _Case, site: SiteRecord) -> None:
        number, name = case.row.number, name_key(case.draft.name)
        home = case.firm.home_territory_id if case.firm else site.located_in_id
        firm = self.firms.setdefault(case.key, FirmInFile(case.firm, home))
        if site.number == ONLY_SITE:
            firm.home_territory_id = site.located_in_id
        for key, value in case.stated.items():
            firm.stated.setdefault(key, (value, number))
        self._names.setdefault(name, (case.draft.uscc, number))
        self._sites[(case.key, site.number)] = (number, case.whereabouts)
        if site.geom is not None:
            self._spots.setdefault(site.geom, (case.key, case.draft.name, number))


def _key_of(draft: EnterpriseDraft, firm: EnterpriseRecord | None) -> FirmKey:
    if firm is not None and firm.id is not None:
        return "id", firm.id
    return ("name", name_key(draft.name)) if draft.uscc is None else ("uscc", draft.uscc)


def _plain(value: object) -> str | None:
    return None if value is None else str(value)
