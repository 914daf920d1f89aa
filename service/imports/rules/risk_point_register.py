"""What the register knows of the risk points at hand, as values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.enterprises.rules import ONLY_SITE, EnterpriseRecord, SiteRecord, name_key
from service.imports.rules.assessments import Recorded
from service.imports.rules.cells import RowReader
from service.imports.rules.risk_point_rows import Named, RiskPointDraft, is_regional
from service.risk_points.rules import EventRecord, MeasureRecord, RiskPointRecord

PointKey = tuple[int | None, str]  # enterprise id (None for the region) and number


@dataclass(frozen=True, slots=True)
class RegisteredPoint:
    """A point of the register with its first event, the measures of it, and its assessments by basis, latest first.

    shown: its own position as a person reads it, '' where it has none.
    """

    record: RiskPointRecord
    event: EventRecord | None
    measures: tuple[MeasureRecord, ...]
    assessments: Mapping[str, Sequence[Recorded]]
    shown: str


@dataclass(frozen=True, kw_only=True)
class RiskPointRegister:
    """What the register knows of the rows at hand. by_name: firms by `name_key`. sites: by enterprise id."""

    by_uscc: Mapping[str, EnterpriseRecord]
    by_name: Mapping[str, Sequence[EnterpriseRecord]]
    sites: Mapping[int, Sequence[SiteRecord]]
    points: Mapping[PointKey, RegisteredPoint]

    def firms_of(self, draft: Named) -> Sequence[EnterpriseRecord]:
        """The firms a row may mean: by credit code the one, else all of the name."""
        if draft.uscc is not None:
            firm = self.by_uscc.get(draft.uscc)
            return () if firm is None else (firm,)
        return () if draft.enterprise is None else self.by_name.get(name_key(draft.enterprise), ())

    def key_of(self, draft: Named) -> PointKey | None:
        """By what the row's point is known; None while its enterprise is not."""
        if draft.uscc is not None:
            firm = self.by_uscc.get(draft.uscc)
            return None if firm is None else (firm.id, draft.number)
        if is_regional(draft):
            return None, draft.number
        firms = self.firms_of(draft)
        return (firms[0].id, draft.number) if len(firms) == 1 else None

    def point_of(self, draft: Named) -> RegisteredPoint | None:
        """The registered point a row means."""
        key = self.key_of(draft)
        return None if key is None else self.points.get(key)


def find_owner(row: RowReader, draft: RiskPointDraft, register: RiskPointRegister) -> EnterpriseRecord | None:
    """The enterprise of a row; None for a point of the region, or with a mistake noted."""
    if is_regional(draft):
        return None
    firms = register.firms_of(draft)
    if len(firms) == 1:
        firm = firms[0]
        if draft.uscc and draft.enterprise and name_key(firm.name) != name_key(draft.enterprise):
            row.warn(
                "enterprise",
                "enterprise_name_differs",
                f"该统一社会信用代码登记的企业是“{firm.name}”，此处写作“{draft.enterprise}”；以代码为准",
                f"The credit code is registered for '{firm.name}', not '{draft.enterprise}'; the code counts",
            )
        return firm
    if firms:
        codes = "、".join(firm.uscc or "（待补）" for firm in firms)
        row.error(
            "enterprise",
            "ambiguous_enterprise",
            f"登记了多家“{draft.enterprise}”，请填写统一社会信用代码：{codes}",
            f"Several firms are called '{draft.enterprise}'; write the credit code: {codes}",
        )
    elif draft.uscc is not None:
        row.error(
            "uscc",
            "enterprise_not_found",
            f"没有登记统一社会信用代码为 {draft.uscc} 的企业，请先导入企业",
            f"No enterprise with the credit code {draft.uscc} is registered; import enterprises first",
        )
    else:
        row.error(
            "enterprise",
            "enterprise_not_found",
            f"没有登记企业“{draft.enterprise}”，请先导入企业，或核对名称",
            f"No enterprise '{draft.enterprise}' is registered; import enterprises first, or check the name",
        )
    return None


def find_site(
    row: RowReader,
    draft: RiskPointDraft,
    firm: EnterpriseRecord,
    *,
    sites: Sequence[SiteRecord],
    known: RegisteredPoint | None,
) -> SiteRecord | None:
    """The site of a row: the one it names, the one the point is at, the enterprise's first or only one."""
    by_number = {site.number: site for site in sites}
    if draft.site_number is not None:
        if draft.site_number not in by_number:
            names = "、".join(sorted(by_number)) or "（无）"
            row.error(
                "site_number",
                "site_not_found",
                f"“{firm.name}”没有编号为“{draft.site_number}”的场所，已登记的编号：{names}",
                f"'{firm.name}' has no site {draft.site_number}; registered are {names}",
            )
        return by_number.get(draft.site_number)
    if known is not None:
        return next((site for site in sites if site.id == known.record.site_id), None)
    if ONLY_SITE in by_number or len(sites) < 2:
        return by_number.get(ONLY_SITE, sites[0] if sites else None)
    row.error(
        "site_number",
        "site_ambiguous",
        f"“{firm.name}”有多个场所（{'、'.join(sorted(by_number))}），请填写场所编号",
        f"'{firm.name}' has several sites ({', '.join(sorted(by_number))}); write the number of one",
    )
    return None
