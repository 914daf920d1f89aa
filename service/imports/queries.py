"""Reads for an import: the upload, the words and territories rows are read against, and what the register holds."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from service.base.errors import NotFound, Unavailable
from service.base.statements import Connection, read, statement
from service.base.viewer import Viewer
from service.codes import queries as code_queries
from service.codes.models import CodeEntry
from service.codes.rules.lists import Certainty
from service.enterprises import queries as enterprise_queries
from service.enterprises.rules import EnterpriseRecord, SiteRecord, name_key
from service.grading import queries as grading_queries
from service.imports.models import ImportProgress, ImportUpload
from service.imports.rules.assessments import Recorded
from service.imports.rules.enterprise_outcomes import EnterpriseRegister, RegisteredSite
from service.imports.rules.enterprise_rows import EnterpriseDraft
from service.imports.rules.kept import Part
from service.imports.rules.placements import Atlas, Home
from service.imports.rules.positions import GivenPosition, shown_point
from service.imports.rules.risk_point_register import RegisteredPoint, RiskPointRegister
from service.imports.rules.risk_point_rows import Named
from service.imports.rules.vocabulary import Edition, Vocabulary
from service.risk_points.rules import EventRecord, MeasureRecord, RiskPointRecord
from service.territories import queries as territory_queries

Row = dict[str, Any]
Firms = tuple[dict[str, EnterpriseRecord], dict[str, list[EnterpriseRecord]]]


async def upload_of(session: AsyncSession, upload_id: uuid.UUID, *, lock: bool = False) -> ImportUpload:
    """The viewer's own upload. Raises NotFound for one that is not there or not theirs."""
    chosen = select(ImportUpload).where(ImportUpload.id == upload_id)
    found = (await session.scalars(chosen.with_for_update() if lock else chosen)).one_or_none()
    if found is None:
        raise NotFound(
            "没有这次导入，可能已被清理或不属于您。", "There is no such import, or it is not yours."
        )
    return found


async def waiting_upload(session: AsyncSession, upload_id: uuid.UUID) -> ImportUpload | None:
    """An upload held for work; None where it is not there or somebody holds it."""
    chosen = select(ImportUpload).where(ImportUpload.id == upload_id).with_for_update(skip_locked=True)
    return (await session.scalars(chosen)).one_or_none()


async def findings_of(session: AsyncSession, upload: ImportUpload) -> bytes | None:
    """What was found in the file, packed."""
    found: bytes | None = await session.scalar(
        select(ImportUpload.findings).where(ImportUpload.id == upload.id)
    )
    return found


async def size_of(session: AsyncSession, upload: ImportUpload) -> int:
    """The length of the stored file in bytes."""
    length = await session.scalar(
        select(func.octet_length(ImportUpload.content)).where(ImportUpload.id == upload.id)
    )
    return int(length or 0)


async def progress_of(session: AsyncSession, upload_id: uuid.UUID) -> ImportProgress | None:
    """How far the work on an upload has come; None before the first word of it."""
    return (
        await session.scalars(select(ImportProgress).where(ImportProgress.upload_id == upload_id))
    ).one_or_none()


async def content_of(session: AsyncSession, upload: ImportUpload) -> bytes:
    """The stored file."""
    content = await session.scalar(select(ImportUpload.content).where(ImportUpload.id == upload.id))
    assert content is not None
    return content


async def is_committed(session: AsyncSession, sha256: str) -> bool:
    """Whether the viewer has written a file of this content before."""
    same = select(ImportUpload.id).where(
        ImportUpload.sha256 == sha256, ImportUpload.committed_at.is_not(None)
    )
    return (await session.scalars(same.limit(1))).first() is not None


async def vocabulary(session: AsyncSession, *, today: date) -> Vocabulary:
    """The code lists and methods that rows are read against. Raises Unavailable before they are loaded."""
    accidents = await _editions(session, "accident_category")
    kinds = (await _editions(session, "measure_kind"))[0]
    return Vocabulary(
        today=today,
        industries=(await _editions(session, "regulatory_industry"))[0],
        accidents=accidents,
        measure_kinds=kinds.also(await _words_of_other_schemes(session, "measure_kind", kinds.name)),
        control_levels=(await _editions(session, "control_level"))[0],
        methods=await grading_queries.published(session),
    )


async def _editions(session: AsyncSession, list_id: str) -> list[Edition]:
    """The editions of a list, the youngest first."""
    by_edition: dict[str, list[CodeEntry]] = {}
    for entry in await code_queries.entries(session, list_id):
        by_edition.setdefault(entry.edition, []).append(entry)
    if not by_edition:
        raise Unavailable(
            f"代码表 {list_id} 尚未载入，请先运行 riskmap 的载入命令。",
            f"The code list {list_id} is not loaded yet; run the loading command of riskmap first.",
        )
    found = [
        Edition.of(
            edition,
            (entries[0].valid_from, entries[0].valid_to),
            ((entry.code, entry.name_zh, entry.name_en) for entry in entries),
        )
        for edition, entries in by_edition.items()
    ]
    return sorted(found, key=lambda edition: edition.valid_from, reverse=True)


async def _words_of_other_schemes(session: AsyncSession, list_id: str, edition: str) -> dict[str, str]:
    """The names in other editions that are exactly one code of this one."""
    steps: dict[tuple[str, str], list[str]] = {}
    for step in await code_queries.mappings(session, list_id):
        if step.to_edition == edition:
            exact = step.certainty == Certainty.EXACT
            steps.setdefault((step.from_edition, step.from_code), []).append(step.to_code if exact else "")
    words: dict[str, str] = {}
    for entry in await code_queries.entries(session, list_id):
        codes = steps.get((entry.edition, entry.code), [])
        if len(codes) == 1 and codes[0]:
            words[entry.name_zh] = codes[0]
    return words


async def atlas(session: AsyncSession, connection: Connection, viewer: Viewer) -> Atlas:
    """The territories in which the viewer writes. Raises Unavailable before any is loaded."""
    areas = viewer.writes_at
    nodes = {node.id: node for area in areas for node in await territory_queries.nodes(session, area=area)}
    if not any(node.path == area for node in nodes.values() for area in areas):
        raise Unavailable(
            "区划尚未载入，请先运行 riskmap territories load。",
            "Territories are not loaded yet; run riskmap territories load first.",
        )
    bounded = [row["id"] for row in await read(connection, statement("imports", "list_bounded"), {})]
    return Atlas(nodes.values(), bounded=bounded, areas=areas)


async def stamp_ground(connection: Connection) -> str:
    """A digest of the versions of all reference rows that an import is judged by."""
    stamps = await read(connection, statement("imports", "stamp_ground"), {})
    return str(stamps[0]["stamp"])


async def keep_part(connection: Connection, upload: ImportUpload, number: int, part: Part) -> None:
    """Keep one slice of what a check worked out."""
    values = {"upload_id": upload.id, "part": number, "asked": part.asked, "seen": part.seen, **part.rows}
    await connection.execute(statement("imports", "keep_part"), values)


async def parts_of(connection: Connection, upload: ImportUpload) -> list[Row]:
    """The kept slices of an upload: part, asked, seen."""
    return await read(connection, statement("imports", "list_parts"), {"upload_id": upload.id})


async def rows_of_part(connection: Connection, upload: ImportUpload, number: int) -> Mapping[str, bytes]:
    """The rows of one kept slice, packed, by table."""
    asked = {"upload_id": upload.id, "part": number}
    return (await read(connection, statement("imports", "read_part"), asked))[0]


async def drop_parts(connection: Connection, upload: ImportUpload) -> None:
    """Let go of what was kept of an upload."""
    await connection.execute(statement("imports", "drop_parts"), {"upload_id": upload.id})


async def homes(connection: Connection, viewer: Viewer, positions: Mapping[int, str]) -> dict[int, Home]:
    """Where the boundaries put positions (hexadecimal EWKB), by row; outside all of them, what is nearest."""
    if not positions:
        return {}
    given = {"rows": list(positions), "geoms": list(positions.values())}
    rows = await read(connection, statement("imports", "locate_positions"), given)
    found = {row["row"]: Home(row["lon"], row["lat"], row["located_in_id"], row["zone_id"]) for row in rows}
    outside = {row: home for row, home in found.items() if home.located_in_id is None}
    if outside:
        asked = {
            "rows": list(outside),
            "lons": [home.lon for home in outside.values()],
            "lats": [home.lat for home in outside.values()],
            "areas": list(viewer.writes_at),
        }
        for near in await read(connection, statement("imports", "find_nearest"), asked):
            home = found[near["row"]]
            found[near["row"]] = replace(home, near=(near["name"], near["distance_m"]))
    return found


async def enterprise_register(
    connection: Connection, drafts: Collection[EnterpriseDraft], *, lock: bool
) -> EnterpriseRegister:
    """What the register holds of the enterprises and sites that drafts name."""
    by_uscc, by_name = await _firms(
        connection,
        usccs={draft.uscc for draft in drafts if draft.uscc},
        names={draft.name for draft in drafts if draft.name},
        lock=lock,
    )
    ids = _ids(by_uscc, by_name)
    sites = await enterprise_queries.find_sites(connection, ids, lock=lock) if ids else []
    geoms = {draft.position.geom for draft in drafts if isinstance(draft.position, GivenPosition)}
    geoms |= {site.geom for site, _, _ in sites if site.geom}
    return EnterpriseRegister(
        by_uscc=by_uscc,
        by_name=by_name,
        sites={
            (site.enterprise_id or 0, site.number): RegisteredSite(site, contact, shown)
            for site, contact, shown in sites
        },
        spots=await enterprise_queries.find_neighbours(connection, geoms) if geoms else {},
    )


async def risk_point_register(
    connection: Connection, drafts: Sequence[Named], *, lock: bool
) -> RiskPointRegister:
    """What the register holds of the points that drafts or others name, and of their enterprises."""
    by_uscc, by_name = await _firms(
        connection,
        usccs={draft.uscc for draft in drafts if draft.uscc},
        names={draft.enterprise for draft in drafts if draft.enterprise and not draft.uscc},
        lock=False,
    )
    ids = _ids(by_uscc, by_name)
    sites = await enterprise_queries.find_sites(connection, ids) if ids else []
    by_firm: dict[int, list[SiteRecord]] = {}
    for site, _, _ in sites:
        by_firm.setdefault(site.enterprise_id or 0, []).append(site)
    register = RiskPointRegister(by_uscc=by_uscc, by_name=by_name, sites=by_firm, points={})
    keys = [key for draft in drafts if (key := register.key_of(draft)) is not None]
    given = {"enterprise_ids": [firm for firm, _ in keys], "numbers": [number for _, number in keys]}
    point_ids = [row["id"] for row in await read(connection, statement("imports", "find_point_ids"), given)]
    points = await registered_points(connection, point_ids, lock=lock)
    return replace(
        register, points={(one.record.enterprise_id, one.record.number): one for one in points.values()}
    )


async def registered_points(
    connection: Connection, ids: Sequence[int], *, lock: bool = False
) -> dict[int, RegisteredPoint]:
    """Points by id, with their first event, its measures and their assessments. lock: keep them until the end."""
    text = statement("imports", "find_points")
    rows = await read(connection, text + " FOR UPDATE OF point" if lock else text, {"ids": list(ids)})
    return {row["id"]: _point(row) for row in rows}


async def _firms(
    connection: Connection, *, usccs: Collection[str], names: Collection[str], lock: bool
) -> Firms:
    by_uscc: dict[str, EnterpriseRecord] = {}
    by_name: dict[str, list[EnterpriseRecord]] = {}
    if usccs or names:
        keys = {name_key(name) for name in names}
        for key, firm in await enterprise_queries.find_enterprises(
            connection, usccs=usccs, names=keys, lock=lock
        ):
            by_name.setdefault(key, []).append(firm)
            if firm.uscc is not None:
                by_uscc[firm.uscc] = firm
    return by_uscc, by_name


def _ids(
    by_uscc: Mapping[str, EnterpriseRecord], by_name: Mapping[str, Sequence[EnterpriseRecord]]
) -> set[int]:
    firms = [*by_uscc.values(), *(firm for found in by_name.values() for firm in found)]
    return {firm.id for firm in firms if firm.id is not None}


def _point(row: Row) -> RegisteredPoint:
    shown = "" if row["geom"] is None else row["wkt"] or shown_point(row["lon"], row["lat"])
    event = row["event"] if row["event"] and row["event"]["id"] is not None else None
    assessments: dict[str, list[Recorded]] = {}
    for one in row["assessments"]:
        assessments.setdefault(one["basis"], []).append(_recorded(one))
    return RegisteredPoint(
        record=_point_record(row),
        event=None if event is None else _event(event),
        measures=tuple(MeasureRecord(**measure) for measure in row["measures"]),
        assessments=assessments,
        shown=shown,
    )


def _point_record(row: Row) -> RiskPointRecord:
    own = row["own_industries"]
    kept = (
        "id",
        "enterprise_id",
        "site_id",
        "number",
        "name",
        "place",
        "geom",
        "source_datum",
        "source_x",
        "source_y",
    )
    placed = ("located_in_id", "located_stated", "managed_by_id", "managed_reason")
    rest = ("control_level", "accident_edition", "exposed_workers", "demo")
    return RiskPointRecord(
        **{key: row[key] for key in (*kept, *placed, *rest)},
        own_industries=None if own is None else tuple(own),
        accident_categories=tuple(row["accident_categories"]),
    )


def _event(event: Row) -> EventRecord:
    return EventRecord(
        name=event["name"],
        accident_edition=event["accident_edition"],
        accident_categories=tuple(event["accident_categories"]),
        consequence=event["consequence"],
    )


def _recorded(one: Row) -> Recorded:
    review = one["next_review"]
    return Recorded(
        method_id=one["method_id"],
        method_version=one["method_version"],
        inputs=one["inputs"],
        grade=one["grade"],
        override_reason=one["override_reason"],
        assessor=one["assessor"],
        assessed_on=date.fromisoformat(one["assessed_on"]),
        next_review=None if review is None else date.fromisoformat(review),
    )
