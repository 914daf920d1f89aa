"""Enterprises and their sites by form: read as a row of an enterprise register is, written whole or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from geo.crs import Datum
from service.enterprises import actions as enterprise_actions
from service.enterprises import queries as enterprise_queries
from service.enterprises.rules import ContactRecord, EnterpriseRecord, SiteRecord, name_key
from service.imports import queries as import_queries
from service.imports.rules.cells import ERASED
from service.imports.rules.enterprise_outcomes import EnterpriseJudge, EnterpriseRegister, RegisteredSite
from service.imports.rules.enterprise_rows import EnterpriseDraft, read_enterprise
from service.imports.rules.fields import Kind
from service.imports.rules.positions import GivenPosition, read_position
from service.imports.rules.questions import ask_of_enterprise
from service.register.actions.desk import Done, refused_in_words, require_sound, require_version
from service.register.queries import forms as queries
from service.register.queries.forms import Desk
from service.register.rules.positions import POSITION_FIELDS, check_datum
from service.register.rules.rows import Cells, FieldProblem, form_row, problems_of, refusal

_NAMES = POSITION_FIELDS | {"site_number": "number", "site_name": "name"}
_ANY_DATUM = Datum.CGCS2000


@dataclass(frozen=True, kw_only=True)
class SiteForm:
    """What a form says of a site. cells: by field of the import. area: WKT, '' to erase it, None to leave it."""

    cells: Cells = field(default_factory=dict)
    datum: Datum | None = None
    area: str | None = None
    area_datum: Datum | None = None


@dataclass(frozen=True)
class _Judged:
    """A site as it is to stand, with what is wrong or worth seeing."""

    site: SiteRecord | None
    contact: ContactRecord | None
    record: EnterpriseRecord | None
    problems: list[FieldProblem]


async def create_enterprise(desk: Desk, cells: Cells, site: SiteForm) -> Done:
    """Register an enterprise with its first site. Raises Rejected, Conflict."""
    row = form_row({**cells, **site.cells}, Kind.ENTERPRISES)
    draft = read_enterprise(row, desk.vocabulary, site.datum or _ANY_DATUM)
    register = await import_queries.enterprise_register(desk.connection, [draft], lock=False)
    problems = _taken(draft, register.firm_of(draft))
    if problems:
        # Judged as a new firm, so that whatever else is wrong is said too.
        register = replace(register, by_uscc={}, by_name={}, sites={})
    judged = await _judge(desk, row, draft, register)
    area, wrong = _area(site)
    at_site = {key: f"site.{called}" for key, called in _NAMES.items()}
    at_site |= {key: f"site.{key}" for key in ("address", "territory", "contact", "phone")}
    problems += problems_of(row.problems, names=at_site)
    problems += [
        replace(one, field=f"site.{one.field}") for one in [*check_datum(site.cells, site.datum), *wrong]
    ]
    warnings = require_sound(problems)
    assert judged.site is not None
    assert judged.record is not None
    async with refused_in_words():
        firm_id = await enterprise_actions.write_enterprise(desk.connection, judged.record)
        new = replace(judged.site, enterprise_id=firm_id)
        await _write_site(desk, new, judged.contact, area=area, reshaped=True)
    return Done(firm_id, warnings)


async def change_enterprise(desk: Desk, enterprise_id: int, cells: Cells, *, seen: int) -> Done:
    """Bring an enterprise to what a form says; its sites have doors of their own.

    Raises NotFound, StaleVersion, Rejected, Conflict.
    """
    firm = await _take(desk, enterprise_id, seen)
    row = form_row({"uscc": firm.uscc, "name": firm.name, **cells}, Kind.ENTERPRISES)
    draft = read_enterprise(row, desk.vocabulary, _ANY_DATUM)
    others = await enterprise_queries.find_enterprises(
        desk.connection,
        usccs=[draft.uscc] if draft.uscc else [],
        names=[name_key(draft.name)] if draft.name and draft.uscc is None else [],
    )
    taken = next((one for _, one in others if one.id != firm.id and one.uscc == draft.uscc), None)
    warnings = require_sound([*problems_of(row.problems), *_taken(draft, taken)])
    record = replace(firm, uscc=draft.uscc, name=draft.name, **_said(draft))
    async with refused_in_words():
        await enterprise_actions.write_enterprise(desk.connection, record)
    return Done(enterprise_id, warnings)


async def create_site(desk: Desk, enterprise_id: int, form: SiteForm) -> Done:
    """Add a site to an enterprise; without a number it takes the next one. Raises NotFound, Rejected, Conflict."""
    await queries.lock_enterprise(desk.connection, enterprise_id)
    firm, sites = await _firm(desk, enterprise_id)
    numbers = [int(site.record.number) for site in sites.values() if site.record.number.isdecimal()]
    number = form.cells.get("site_number") or str(max(numbers, default=0) + 1)
    named: Cells = {**form.cells, "site_number": number}
    register, problems = _register(firm, sites), []
    if any(site.record.number == number for site in sites.values()):
        problems.append(
            refusal(
                "number",
                "duplicate_site",
                f"该企业已有场所编号“{number}”，请改为另一个编号",
                f"The enterprise has site {number} already; give another number",
            )
        )
        register = replace(register, sites={})
    return await _settle_site(desk, firm, register, replace(form, cells=named), problems)


async def change_site(desk: Desk, enterprise_id: int, site_id: int, form: SiteForm, *, seen: int) -> Done:
    """Bring a site to what a form says; points without a position of their own follow it.

    Raises NotFound, StaleVersion, Rejected, Conflict.
    """
    standing = await queries.lock_site(desk.connection, enterprise_id, site_id)
    require_version(standing, seen, await queries.show_enterprise(desk.connection, enterprise_id))
    firm, sites = await _firm(desk, enterprise_id)
    known = sites[site_id]
    named: Cells = {**form.cells, "site_number": known.record.number}
    return await _settle_site(desk, firm, _register(firm, sites), replace(form, cells=named), [], known)


async def _settle_site(
    desk: Desk,
    firm: EnterpriseRecord,
    register: EnterpriseRegister,
    form: SiteForm,
    problems: list[FieldProblem],
    known: RegisteredSite | None = None,
) -> Done:
    row = form_row({"uscc": firm.uscc, "name": firm.name, **form.cells}, Kind.ENTERPRISES)
    draft = read_enterprise(row, desk.vocabulary, form.datum or _ANY_DATUM)
    judged = await _judge(desk, row, draft, register)
    area, wrong = _area(form)
    found = [
        *problems,
        *problems_of(row.problems, names=_NAMES),
        *check_datum(form.cells, form.datum),
        *wrong,
    ]
    warnings = require_sound(found)
    site = judged.site or (None if known is None else known.record)
    assert site is not None
    async with refused_in_words():
        site_id = await _write_site(desk, site, judged.contact, area=area, reshaped=form.area is not None)
    return Done(site_id, warnings)


async def _judge(desk: Desk, row: Any, draft: EnterpriseDraft, register: EnterpriseRegister) -> _Judged:
    home, distance_m = await queries.answer(desk, ask_of_enterprise(draft, register, desk.atlas))
    judge = EnterpriseJudge(desk.vocabulary, desk.atlas, desk.demo)
    _, written = judge.judge(row, draft, register, home=home, distance_m=distance_m)
    if written is None:
        return _Judged(None, None, None, [])
    return _Judged(written.site, written.contact, judge.firms[written.firm].record(demo=desk.demo), [])


async def _take(desk: Desk, enterprise_id: int, seen: int) -> EnterpriseRecord:
    standing = await queries.lock_enterprise(desk.connection, enterprise_id)
    require_version(standing, seen, await queries.show_enterprise(desk.connection, enterprise_id))
    firm, _ = await _firm(desk, enterprise_id)
    return firm


async def _firm(desk: Desk, enterprise_id: int) -> tuple[EnterpriseRecord, dict[int, RegisteredSite]]:
    """The enterprise with its sites by id."""
    firm = await enterprise_queries.enterprise_of(desk.connection, enterprise_id)
    if firm is None:
        raise queries.no_enterprise()
    sites = await enterprise_queries.find_sites(desk.connection, [enterprise_id], lock=True)
    return firm, {site.id or 0: RegisteredSite(site, contact, shown) for site, contact, shown in sites}


def _register(firm: EnterpriseRecord, sites: Mapping[int, RegisteredSite]) -> EnterpriseRegister:
    return EnterpriseRegister(
        by_uscc={} if firm.uscc is None else {firm.uscc: firm},
        by_name={name_key(firm.name): [firm]},
        sites={(firm.id or 0, site.record.number): site for site in sites.values()},
        spots={},
    )


async def _write_site(
    desk: Desk, site: SiteRecord, contact: ContactRecord | None, *, area: str | None, reshaped: bool
) -> int:
    site_id = await enterprise_actions.write_site(desk.connection, site, area=area, reshaped=reshaped)
    if contact is not None:
        await enterprise_actions.write_contact(desk.connection, site_id, contact)
    return site_id


def _area(form: SiteForm) -> tuple[str | None, list[FieldProblem]]:
    """The area as hexadecimal EWKB; None where there is none, or it is wrong."""
    if not form.area:
        return None, []
    if form.area_datum is None:
        return None, [
            refusal("area.datum", "datum_missing", "请说明面的坐标系", "State the datum of the area")
        ]
    row = form_row({"geometry": form.area}, Kind.RISK_POINTS)
    shape = read_position(row, form.area_datum, Kind.RISK_POINTS)
    if isinstance(shape, GivenPosition) and "POLYGON" not in shape.shown[:12]:
        row.error("geometry", "area_not_polygon", "场所范围应为面", "The area of a site is a polygon")
    found = problems_of(row.problems, names={"geometry": "area.geometry"})
    return (shape.geom if isinstance(shape, GivenPosition) else None), found


def _taken(draft: EnterpriseDraft, other: EnterpriseRecord | None) -> list[FieldProblem]:
    """A workbook would take the row for that firm; a form that means a new one is told."""
    if other is None:
        return []
    by_code = draft.uscc is not None and other.uscc == draft.uscc
    return [
        refusal(
            "uscc" if by_code else "name",
            "uscc_taken" if by_code else "name_taken",
            f"已登记为“{other.name}”，请打开那家企业修改",
            f"It is registered as '{other.name}'; open that enterprise and edit it",
        )
    ]


def _said(draft: EnterpriseDraft) -> dict[str, Any]:
    """What a form says of the enterprise itself; what is erased is empty."""
    given = {"industries": draft.industries, "economy_code": draft.economy_code, "employees": draft.employees}
    empty = {"industries": (), "economy_code": None, "employees": None}
    return {
        key: empty[key] if value is ERASED else value for key, value in given.items() if value is not None
    }
