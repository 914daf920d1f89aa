"""The files of lists: xlsx workbooks under the one filter."""

import os
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, BinaryIO
from urllib.parse import quote

from fastapi import APIRouter, Depends
from fastapi.responses import StreamingResponse
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request

from service.base.answers import WORKBOOK, XLSX
from service.base.audit import note
from service.base.clock import CHINA, NowDep, day_of
from service.base.database import SessionDep, SettingsDep, ViewerDep
from service.base.errors import NotFound, Unavailable
from service.base.permissions import requires
from service.base.settings import Settings
from service.base.statements import driver_of
from service.base.viewer import Permission, Viewer
from service.codes import queries as code_queries
from service.codes.rules.documents import Text
from service.lists import queries
from service.lists.actions import write_file
from service.lists.queries import EnterpriseSort, FirmTurn, Words
from service.lists.routes.enterprises import MOST_FIRST, Registered
from service.lists.routes.points import Order
from service.lists.schemas.choices import BASES, GRADES, OWNERS, POSITIONS, VIEWS, Choice
from service.lists.schemas.files import about, enterprise_columns, filter_lines, major_columns, point_columns
from service.lists.workbook import MOST_ROWS, Column, Sheet
from service.risk_points import queries as risk_point_queries
from service.risk_points.queries import Row, Selection
from service.risk_points.schemas.selection import SelectionDep
from service.territories import queries as territory_queries

router = APIRouter(prefix="/api", tags=["lists"], dependencies=[requires(Permission.EXPORT)])

# A file holds a connection and a processor for seconds: beyond so many at once in a process, the map would stand still.
MOST_AT_ONCE = 2
_CHUNK = 1 << 18
_making: set[object] = set()


@dataclass(frozen=True)
class _Ground:
    """What every file is made from."""

    request: Request
    session: AsyncSession
    viewer: Viewer
    settings: Settings
    now: datetime
    selection: Selection


async def _ground(
    request: Request,
    session: SessionDep,
    viewer: ViewerDep,
    settings: SettingsDep,
    now: NowDep,
    selection: SelectionDep,
) -> _Ground:
    return _Ground(request, session, viewer, settings, now, selection)


GroundDep = Annotated[_Ground, Depends(_ground)]


@router.get(
    "/risk-points.xlsx",
    summary="The risk points of a filter as a workbook",
    response_class=StreamingResponse,
    responses=WORKBOOK,
)
async def make_points_file(ground: GroundDep) -> StreamingResponse:
    """The worst first, at most 100,000 rows; a second sheet says filter, scope, date and method versions."""
    return await _points_file(ground, Text("风险点清单", "Risk points"), "risk-points", major=False)


@router.get(
    "/lists/major-risks.xlsx",
    summary="重大风险清单: the major risks of a filter as a workbook",
    response_class=StreamingResponse,
    responses=WORKBOOK,
)
async def make_major_risks_file(ground: GroundDep) -> StreamingResponse:
    """Enterprise, place, events, accidents, consequence, method, measures, who is responsible; the grade is fixed."""
    major = replace(ground, selection=replace(ground.selection, grades=(1,)))
    return await _points_file(major, Text("重大风险清单", "Major risks"), "major-risks", major=True)


async def _points_file(ground: _Ground, title: Text, name: str, *, major: bool) -> StreamingResponse:
    with _turn():
        connection = await driver_of(ground.session)
        words = await queries.words(ground.session)
        tally = await risk_point_queries.tally_points(connection, ground.selection)
        names_people = Permission.CONTACTS in ground.viewer.may
        columns = major_columns(words, names_people=names_people) if major else point_columns(words)
        sheet = _sheet(ground, title, columns, total=tally["total"], demo=tally["demo"])
        parts = risk_point_queries.stream_register(connection, ground.selection, most=MOST_ROWS)
        fixed = {"grade": "major"} if major else {}
        return await _send(ground, sheet, parts, name, await _asked(ground, words, fixed))


@router.get(
    "/enterprises.xlsx",
    summary="The enterprises of a filter as a workbook",
    response_class=StreamingResponse,
    responses=WORKBOOK,
)
async def make_enterprises_file(
    ground: GroundDep, register: Registered = "any", sort: EnterpriseSort = "name", order: Order = None
) -> StreamingResponse:
    """What the list of enterprises shows, in its order, at most 100,000 rows."""
    descending = (order or ("desc" if sort in MOST_FIRST else "asc")) == "desc"
    turn = FirmTurn(register=register, sort=sort, descending=descending, limit=MOST_ROWS)
    with _turn():
        connection = await driver_of(ground.session)
        words = await queries.words(ground.session)
        weights = await queries.weights_in_force(ground.session, on=day_of(ground.now))
        tally = await queries.tally_enterprises(connection, ground.selection, weights, turn)
        none = register == "none"
        title = (
            Text("无风险登记的企业", "Enterprises with no register")
            if none
            else Text("企业清单", "Enterprises")
        )
        sheet = _sheet(ground, title, enterprise_columns(words), total=tally["whole"], demo=tally["demo"])
        parts = queries.stream_enterprises(connection, ground.selection, weights, turn)
        fixed: dict[str, str] = {} if register == "any" else {"register": register}
        return await _send(ground, sheet, parts, "enterprises", await _asked(ground, words, fixed))


@contextmanager
def _turn() -> Iterator[None]:
    """One of the few files that are made at a time; beyond, the caller is asked to come again."""
    if len(_making) >= MOST_AT_ONCE:
        raise Unavailable(
            "正在生成其他清单文件，请几秒后再试。", "Other files are being made; try again in a few seconds."
        )
    mine = object()
    _making.add(mine)
    try:
        yield
    finally:
        _making.discard(mine)


def _sheet(ground: _Ground, title: Text, columns: list[Column], *, total: int, demo: bool) -> Sheet:
    return Sheet(title, columns, total=total, made_at=ground.now, demo=demo or ground.settings.demo)


async def _send(
    ground: _Ground, sheet: Sheet, parts: AsyncGenerator[list[Row], None], name: str, asked: list[str]
) -> StreamingResponse:
    said = about(
        title=sheet.title,
        made=f"{ground.now.astimezone(CHINA):%Y-%m-%d %H:%M}",
        scope=await _scope(ground),
        asked=asked,
        demo=sheet.demo,
    )
    content = await write_file(sheet, parts, said)
    asked_words = {"filter": asked}
    await note(
        ground.session, "export", subject=f"{name}.xlsx", details=asked_words, areas=ground.viewer.places
    )
    day = day_of(ground.now).isoformat()
    titled = quote(f"{sheet.title.zh}-{day}.xlsx")
    return StreamingResponse(
        _chunks(content),
        media_type=XLSX,
        headers={
            "Content-Disposition": f"attachment; filename=\"{name}-{day}.xlsx\"; filename*=UTF-8''{titled}",
            "Content-Length": str(os.fstat(content.fileno()).st_size),
            # A workbook is compressed already; said, so that nobody compresses it again.
            "Content-Encoding": "identity",
            "Cache-Control": "private, no-store",
        },
    )


def _chunks(content: BinaryIO) -> Iterator[bytes]:
    with content:
        while chunk := content.read(_CHUNK):
            yield chunk


async def _scope(ground: _Ground) -> list[str]:
    """Whose eyes the rows were seen with: the viewer's areas, industries of areas, and enterprises by number."""
    viewer = ground.viewer
    lines = [viewer.name]
    for area in viewer.areas:
        lines.append(await _territory_name(ground.session, area.rpartition(".")[2]))
    industries = (await queries.words(ground.session)).industries
    for pair in viewer.pairs:
        code, _, area = pair.partition(".")
        named = industries[code].zh if code in industries else code
        lines.append(f"{named} · {await _territory_name(ground.session, area.rpartition('.')[2])}")
    if viewer.enterprises:
        lines.append(f"企业 {len(viewer.enterprises)} 家 · {len(viewer.enterprises)} enterprises")
    return list(dict.fromkeys(lines))


async def _territory_name(session: AsyncSession, key: str) -> str:
    try:
        return (await territory_queries.by_key(session, key)).name
    except NotFound:
        return key


async def _asked(ground: _Ground, words: Words, fixed: Mapping[str, str]) -> list[str]:
    """The filter in words."""
    asked = dict(ground.request.query_params) | dict(fixed)
    edition = await code_queries.edition_in_force(ground.session, "accident_category", on=day_of(ground.now))
    territories = {
        key: Text(name, key)
        for parameter in ("territory", "managing")
        if (key := asked.get(parameter))
        for name in [await _territory_name(ground.session, key)]
    }
    return filter_lines(
        asked,
        {
            "basis": _names(BASES),
            "view": _names(VIEWS),
            "grade": _names(GRADES),
            "owner": _names(OWNERS),
            "position": _names(POSITIONS),
            "overdue": {"true": Text("是", "yes"), "false": Text("否", "no")},
            "register": {"none": Text("无", "none"), "some": Text("有", "some")},
            "industry": words.industries,
            "control": words.control_levels,
            "accident": {code: text for (of, code), text in words.accidents.items() if of == edition},
            "territory": territories,
            "managing": territories,
        },
    )


def _names(choices: list[Choice]) -> dict[str, Text]:
    return {choice.code: Text(choice.name.zh, choice.name.en) for choice in choices}
