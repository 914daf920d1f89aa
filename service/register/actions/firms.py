"""Enterprises and their sites by form: read as a row of an enterprise register is, written whole or not at all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import psycopg

from geo.crs import Datum
from service.base.errors import Conflict
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
from service.register.actions.desk import Done, added_since, refused_in_words, require_sound, require_version
from service.register.queries import forms as queries
from service.register.queries.forms import Desk
from service.register.rules.positions import POSITION_FIELDS, check_datum
from service.register.rules.rows import Cells, FieldProblem, form_row, is_refused, problems_of, refusal

_NAMES = POSITION_FIELDS | {"site_number": "number", "site_name": "name"}
_FIRM_COLUMNS = {"uscc", "name", "industries", "economy_code", "employees"}
_ANY_DATUM = Datum.CGCS2000


@dataclass(frozen=True, kw_only=True)
class SiteForm:
    """What a form says of a site. id, seen: the registered site and the version that was looked at; None for a new one.

    cells: by field of the import. unstated: the territory is no longer stated, the position decides. area: WKT, '' to
    erase it, None to leave it.
    """

    id: int | None = None
    seen: int | None = None
    cells: Cells = field(default_factory=dict)
    datum: Datum | None = None
    unstated: bool = False
    area: str | None = None
    area_datum: Datum | None = None

    @property
    def is_silent(self) -> bool:
        """Whether it only names a registered site and says nothing new of it."""
        return self.id is not None and not self.cells and not self.unstated and self.area is None


@dataclass(frozen=True)
class _Judged:
    """A site as it is to stand, with what is wrong or worth seeing of it and of its enterprise."""

    site: SiteRecord | None
    contact: ContactRecord | None
    firm: EnterpriseRecord | None
    area: str | None
    reshaped: bool
    problems: list[FieldProblem]
    of_firm: list[FieldProblem]


async def create_enterprise(desk: Desk, cells: Cells, sites: Sequence[SiteForm]) -> Done:
    """Register an enterprise with its sites, at least one. Raises Rejected, Conflict."""
    forms = _numbered(sites, ())
    draft = read_enterprise(form_row(cells, Kind.ENTERPRISES), desk.vocabulary, _ANY_DATUM)
    register = await import_queries.enterprise_register(desk.connection, [draft], lock=False)
    problems = _taken(draft, register.firm_of(draft))
    if problems:
        # Judged as a new firm, so that whatever else is wrong is said too.
        register = replace(register, by_uscc={}, by_name={}, sites={})
    judged = [await _judge(desk, cells, form, register) for form in forms]
    problems += judged[0].of_firm
    warnings = require_sound([*problems, *_at_places(judged), *_repeated(forms, {})])
    firm = judged[0].firm
    assert firm is not None
    async with refused_in_words():
        firm_id = await enterprise_actions.write_enterprise(desk.connection, firm)
        for one in judged:
            assert one.site is not None
            await _write_site(desk, one, replace(one.site, enterprise_id=firm_id))
    return Done(firm_id, warnings)


async def change_enterprise(
    desk: Desk, enterprise_id: int, cells: Cells, sites: Sequence[SiteForm] | None, *, seen: int
) -> Done:
    """Bring an enterprise and its sites to what a form says, all together. sites: all of them, or None to leave them.

    Raises NotFound, StaleVersion, Rejected, Conflict.
    """
    standing = await queries.lock_enterprise(desk.connection, enterprise_id)
    await _require_seen(desk, enterprise_id, standing, seen)
    if sites is not None:
        await _require_sites_seen(desk, enterprise_id, sites)
    firm, known = await _firm(desk, enterprise_id)
    record, problems = await _changed_firm(desk, firm, cells)
    forms = [] if sites is None else _numbered(sites, known.values())
    problems += _repeated(forms, known)
    judged: list[_Judged] = []
    for place, form in enumerate(forms):
        if not form.is_silent:
            one = await _judge_standing(desk, firm, known, form)
            problems += _at_place(place, one)
            judged.append(one)
    warnings = require_sound(problems)
    async with refused_in_words():
        if record != firm:
            await enterprise_actions.write_enterprise(desk.connection, record)
        for one in judged:
            await _write_site(desk, one, one.site)
    return Done(enterprise_id, warnings)


async def remove_enterprise(desk: Desk, enterprise_id: int, *, seen: int) -> None:
    """Take an enterprise out of the register with its sites; its history stays.

    Raises NotFound, StaleVersion, and Conflict while something refers to it, also where the viewer does not see it.
    """
    standing = await queries.lock_enterprise(desk.connection, enterprise_id)
    await _require_seen(desk, enterprise_id, standing, seen)
    points = await queries.count_points(desk.connection, enterprise_id)
    if points:
        raise Conflict(
            f"这家企业还有 {points} 个风险点，请先移走或删除。没有删除任何内容。",
            f"The enterprise still has {points} risk points: move or remove them first. Nothing was removed.",
            details={"risk_points": points},
        )
    async with refused_in_words():
        try:
            removed = await enterprise_actions.remove_enterprise(desk.connection, enterprise_id)
        except psycopg.errors.ForeignKeyViolation as error:
            raise _held() from error
    if not removed:
        raise _held()


def _held() -> Conflict:
    return Conflict(
        "这家企业在您的管辖范围之外还有登记，或者有账号任职于它。没有删除任何内容。",
        "Something beyond your area is registered of the enterprise, or an account was appointed to it. Nothing was removed.",
    )


async def create_site(desk: Desk, enterprise_id: int, form: SiteForm) -> Done:
    """Add a site to an enterprise; without a number it takes the next one. Raises NotFound, Rejected, Conflict."""
    await queries.lock_enterprise(desk.connection, enterprise_id)
    firm, known = await _firm(desk, enterprise_id)
    (numbered,) = _numbered([form], known.values())
    problems = [replace(one, field="number") for one in _repeated([numbered], known)]
    return await _settle_site(desk, await _judge_standing(desk, firm, known, numbered), problems)


async def change_site(desk: Desk, enterprise_id: int, site_id: int, form: SiteForm, *, seen: int) -> Done:
    """Bring a site to what a form says; points without a position of their own follow it.

    Raises NotFound, StaleVersion, Rejected, Conflict.
    """
    standing = await queries.lock_site(desk.connection, enterprise_id, site_id)
    await _require_seen(desk, enterprise_id, standing, seen)
    firm, known = await _firm(desk, enterprise_id)
    return await _settle_site(desk, await _judge_standing(desk, firm, known, replace(form, id=site_id)), [])


async def _settle_site(desk: Desk, judged: _Judged, problems: list[FieldProblem]) -> Done:
    warnings = require_sound([*problems, *judged.problems])
    async with refused_in_words():
        return Done(await _write_site(desk, judged, judged.site), warnings)


async def _require_seen(desk: Desk, enterprise_id: int, standing: queries.Row, seen: int) -> None:
    if standing["version"] != seen:
        require_version(standing, seen, await queries.show_enterprise(desk.connection, enterprise_id))


async def _require_sites_seen(desk: Desk, enterprise_id: int, sites: Sequence[SiteForm]) -> None:
    """Every site as it stands, and no other: one that somebody has added since would not have been looked at."""
    for site_id, seen in sorted((form.id, form.seen or 0) for form in sites if form.id is not None):
        standing = await queries.lock_site(desk.connection, enterprise_id, site_id)
        await _require_seen(desk, enterprise_id, standing, seen)
    current = await queries.show_enterprise(desk.connection, enterprise_id)
    if {site["id"] for site in current["sites"]} - {form.id for form in sites}:
        raise added_since(current)


async def _changed_firm(
    desk: Desk, firm: EnterpriseRecord, cells: Cells
) -> tuple[EnterpriseRecord, list[FieldProblem]]:
    """The enterprise as it is to stand, with what is wrong."""
    row = form_row({"uscc": firm.uscc, "name": firm.name, **cells}, Kind.ENTERPRISES)
    draft = read_enterprise(row, desk.vocabulary, _ANY_DATUM)
    others = await enterprise_queries.find_enterprises(
        desk.connection,
        usccs=[draft.uscc] if draft.uscc else [],
        names=[name_key(draft.name)] if draft.name and draft.uscc is None else [],
    )
    taken = next((one for _, one in others if one.id != firm.id and one.uscc == draft.uscc), None)
    record = replace(firm, uscc=draft.uscc, name=draft.name, **_said(draft))
    return record, [*problems_of(row.problems), *_taken(draft, taken)]


def _numbered(sites: Sequence[SiteForm], known: Iterable[RegisteredSite]) -> list[SiteForm]:
    """The forms with a number each: a new site takes the next one where it brings none."""
    brought = [str(form.cells.get("site_number") or "") for form in sites]
    numbers = [*(site.record.number for site in known), *brought]
    # A number of more digits than a bigint has is a text like any other: nobody counts on from it.
    last = max((int(number) for number in numbers if number.isdecimal() and len(number) <= 18), default=0)
    numbered: list[SiteForm] = []
    for form, number in zip(sites, brought, strict=True):
        if form.id is not None or number != "":
            numbered.append(form)
        else:
            last += 1
            numbered.append(replace(form, cells={**form.cells, "site_number": str(last)}))
    return numbered


def _repeated(sites: Sequence[SiteForm], known: Mapping[int, RegisteredSite]) -> list[FieldProblem]:
    """New sites whose number another site has."""
    taken = {site.record.number for site in known.values()}
    problems: list[FieldProblem] = []
    for place, form in enumerate(sites):
        if form.id is not None:
            continue
        number = str(form.cells["site_number"])
        if number in taken:
            problems.append(
                refusal(
                    f"sites.{place}.number",
                    "duplicate_site",
                    f"该企业已有场所编号“{number}”，请改为另一个编号",
                    f"The enterprise has site {number} already; give another number",
                )
            )
        taken.add(number)
    return problems


async def _judge_standing(
    desk: Desk, firm: EnterpriseRecord, known: Mapping[int, RegisteredSite], form: SiteForm
) -> _Judged:
    """A site of a registered enterprise: the one a form means, or a new one."""
    standing = None if form.id is None else known[form.id]
    said = form
    if standing is not None:
        said = replace(form, cells={**form.cells, "site_number": standing.record.number})
        if form.unstated:
            said, standing = _unstated(said, standing)
    register = _register(firm, {} if form.id is None or standing is None else {form.id: standing})
    judged = await _judge(desk, {"uscc": firm.uscc, "name": firm.name}, said, register)
    # What stands is no news of this form; a mistake in it still keeps the site from being written.
    problems = [*judged.problems, *(one for one in judged.of_firm if is_refused([one]))]
    site = judged.site or (None if standing is None else standing.record)
    return replace(judged, site=site, problems=problems)


def _unstated(form: SiteForm, site: RegisteredSite) -> tuple[SiteForm, RegisteredSite]:
    """As if the site had stood nowhere and were placed anew: the boundaries are asked again, even about the same place."""
    old = site.record
    bare = replace(old, located_stated=False, geom=None, source_datum=None, source_x=None, source_y=None)
    if old.source_datum is not None and not {"lon", "lat", "geometry"} & set(form.cells):
        given = {"lon": old.source_x, "lat": old.source_y}
        form = replace(form, cells={**form.cells, **given}, datum=Datum(old.source_datum))
    return form, replace(site, record=bare, shown="")


async def _judge(desk: Desk, cells: Cells, form: SiteForm, register: EnterpriseRegister) -> _Judged:
    """A site with its enterprise, by the rules of the import."""
    row = form_row({**cells, **form.cells}, Kind.ENTERPRISES)
    draft = read_enterprise(row, desk.vocabulary, form.datum or _ANY_DATUM)
    home, distance_m = await queries.answer(desk, ask_of_enterprise(draft, register, desk.atlas))
    judge = EnterpriseJudge(desk.vocabulary, desk.atlas, desk.demo)
    _, written = judge.judge(row, draft, register, home=home, distance_m=distance_m)
    area, wrong = _area(form)
    return _Judged(
        site=None if written is None else written.site,
        contact=None if written is None else written.contact,
        firm=None if written is None else judge.firms[written.firm].record(demo=desk.demo),
        area=area,
        reshaped=form.id is None or form.area is not None,
        problems=[
            *problems_of((one for one in row.problems if one.column not in _FIRM_COLUMNS), names=_NAMES),
            *check_datum(form.cells, form.datum),
            *wrong,
        ],
        of_firm=problems_of(one for one in row.problems if one.column in _FIRM_COLUMNS),
    )


def _at_places(judged: Iterable[_Judged]) -> list[FieldProblem]:
    return [one for place, each in enumerate(judged) for one in _at_place(place, each)]


def _at_place(place: int, judged: _Judged) -> list[FieldProblem]:
    """The problems of a site at its place in the form."""
    at = f"sites.{place}"
    return [replace(one, field=at if one.field is None else f"{at}.{one.field}") for one in judged.problems]


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


async def _write_site(desk: Desk, judged: _Judged, site: SiteRecord | None) -> int:
    assert site is not None
    site_id = await enterprise_actions.write_site(
        desk.connection, site, area=judged.area, reshaped=judged.reshaped
    )
    if judged.contact is not None:
        await enterprise_actions.write_contact(desk.connection, site_id, judged.contact)
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
