"""Workbooks over HTTP: upload, look, correct, write or leave."""

import uuid
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, BackgroundTasks, Depends, File, Form, UploadFile
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive

from service.base.answers import WORKBOOK, XLSX
from service.base.clock import NowDep
from service.base.database import EngineDep, SessionDep, SettingsDep, ViewerDep, scoped_session
from service.base.errors import StalePreview, TooLarge, status_of
from service.base.permissions import requires
from service.base.viewer import Permission, Viewer
from service.imports import queries
from service.imports.actions import uploads
from service.imports.actions.uploads import Manner
from service.imports.actions.work import Works
from service.imports.models import ImportProgress, ImportUpload
from service.imports.rules.fields import Kind
from service.imports.schemas import Correction, DatumWord, ImportOut, KindWord, Wish, import_out
from service.imports.workbook import Choice

# A body that is too large is still received up to so many times the limit: a client that is cut off in the midst of
# sending sees a broken connection instead of the answer.
_PATIENCE = 4
# Boundaries and the other fields of the form beside the file.
_ENVELOPE = 64 * 1024


class LimitedRoute(APIRoute):
    """Refuses a body beyond the upload limit while it is received, before anything is parsed or kept."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The route's own handler, behind a counting receiver."""
        handle = super().get_route_handler()

        async def limited(request: Request) -> Response:
            limit = request.app.state.settings.upload_limit_mb << 20
            counted = _Counted(request.receive, most=limit + _ENVELOPE)
            try:
                answer = await handle(Request(request.scope, counted))
            except Exception:
                # The form's parser turns every failure of the receiver into its own.
                if not counted.exceeded:
                    raise
            else:
                if not counted.exceeded:
                    return answer
            await counted.drain()
            raise TooLarge(
                f"文件超过 {limit >> 20} MiB 的上限。请拆分后分次上传。",
                f"The file exceeds the limit of {limit >> 20} MiB. Split it.",
                details={"limit_mb": limit >> 20},
            )

        return limited


class _Exceeded(Exception):
    """More bytes came than are taken."""


class _Counted:
    """A receiver that counts bytes and stops at a limit."""

    def __init__(self, receive: Receive, *, most: int) -> None:
        self._receive = receive
        self._most = most
        self._count = 0
        self._more = True

    @property
    def exceeded(self) -> bool:
        """Whether the limit was passed."""
        return self._count > self._most

    async def __call__(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._count += len(message.get("body", b""))
            self._more = message.get("more_body", False)
            if self.exceeded:
                raise _Exceeded
        return message

    async def drain(self) -> None:
        """Receive and forget the rest, within patience."""
        while self._more and self._count < self._most * _PATIENCE:
            message = await self._receive()
            self._more = message["type"] == "http.request" and message.get("more_body", False)
            self._count += len(message.get("body", b""))


FORMATS = (
    ".xlsx, .xls, .ods, CSV in UTF-8, GB18030 or UTF-16, or a GeoJSON FeatureCollection; told by content"
)

router = APIRouter(
    prefix="/api/imports",
    tags=["imports"],
    route_class=LimitedRoute,
    dependencies=[requires(Permission.IMPORT)],
)


def stated(
    datum: Annotated[
        DatumWord | None, Form(description="What the coordinates refer to; asked for if absent")
    ] = None,
    kind: Annotated[
        KindWord | None, Form(description="Which register it is; told by its headings if absent")
    ] = None,
) -> Choice:
    """What the form says about the file beside the file."""
    return Correction(datum=datum, kind=kind).choice()


def works_of(request: Request) -> Works:
    """The work of this process on large files."""
    works: Works = request.app.state.works
    return works


WorksDep = Annotated[Works, Depends(works_of)]


@dataclass(frozen=True)
class Counter:
    """Where a person and their upload meet: one request's session, and the work that goes on after it."""

    session: AsyncSession
    viewer: Viewer
    works: Works
    after: BackgroundTasks

    def answer(self, row: ImportUpload, progress: ImportProgress | None = None) -> ImportOut:
        """The answer about an upload; what waits for work is taken up once the answer, and so the commit, is out."""
        if row.state in uploads.WORKING:
            self.after.add_task(self._take_up, row.id)
        return import_out(row, progress)

    async def _take_up(self, upload_id: uuid.UUID) -> None:
        self.works.take_up(self.viewer, upload_id)


def counter_of(session: SessionDep, viewer: ViewerDep, works: WorksDep, after: BackgroundTasks) -> Counter:
    """What the routes of an upload need together."""
    return Counter(session, viewer, works, after)


CounterDep = Annotated[Counter, Depends(counter_of)]


@router.post("", status_code=201, summary="Keep a workbook and check it; nothing else is written")
async def upload_workbook(
    counter: CounterDep,
    settings: SettingsDep,
    now: NowDep,
    file: Annotated[UploadFile, File(description=FORMATS)],
    choice: Annotated[Choice, Depends(stated)],
) -> ImportOut:
    """The preview, or what must be said before there can be one. 415 for a file that cannot be read.

    A file of more than 1 MiB is answered in the state `checking`; ask for it again until that is over.
    """
    content = await file.read()
    manner = Manner(now=now, demo=settings.demo, aside=True)
    row = await uploads.upload(
        counter.session, counter.viewer, file=(file.filename or "", content), choice=choice, manner=manner
    )
    return counter.answer(row)


@router.get(
    "/template.xlsx",
    response_class=Response,
    responses=WORKBOOK,
    summary="A workbook to fill in, with the lists in force",
)
async def show_template(session: SessionDep, viewer: ViewerDep, now: NowDep, kind: KindWord) -> Response:
    """What is filled into it the import takes without any mapping."""
    content = await uploads.template(session, viewer, Kind(kind), now=now)
    return _workbook(
        content, {"enterprises": "企业台账模板.xlsx", "risk_points": "风险点台账模板.xlsx"}[kind]
    )


@router.get(
    "/{upload_id}/report.xlsx",
    response_class=Response,
    responses=WORKBOOK,
    summary="The rows with their mistakes marked",
)
async def show_report(session: SessionDep, upload_id: uuid.UUID) -> Response:
    """The person's own rows, the bad ones first; corrected, it can be handed in as it is. 409 before there is a result."""
    return _workbook(await uploads.report(session, upload_id), "检查报告.xlsx")


def _workbook(content: bytes, name: str) -> Response:
    return Response(
        content,
        media_type=XLSX,
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
            "Cache-Control": "no-store",
        },
    )


@router.get("/{upload_id}", summary="An upload as it was last checked, or how far the work on it has come")
async def show_import(counter: CounterDep, upload_id: uuid.UUID) -> ImportOut:
    """Only to the person who uploaded it."""
    row = await queries.upload_of(counter.session, upload_id)
    working = row.state in uploads.WORKING
    return counter.answer(row, await queries.progress_of(counter.session, upload_id) if working else None)


@router.patch("/{upload_id}", summary="Say more about an upload; it is checked again")
async def correct_import(
    counter: CounterDep, now: NowDep, upload_id: uuid.UUID, correction: Correction
) -> ImportOut:
    """409 once it is written or cancelled, and while it is worked on."""
    manner = Manner(now=now, aside=True)
    row = await uploads.correct(
        counter.session, counter.viewer, upload_id, changes=correction.choice(), manner=manner
    )
    return counter.answer(row)


@router.post("/{upload_id}/commit", response_model=ImportOut, summary="Write the good rows, all or none")
async def commit_import(
    counter: CounterDep, now: NowDep, upload_id: uuid.UUID, wish: Wish
) -> ImportOut | JSONResponse:
    """409 stale_preview, with the new preview in its details, where the register has changed since it was seen.

    A large file is answered in the state `writing`; one whose preview had grown stale comes back `previewed`, `stale`.
    """
    asked = await uploads.ask_to_write(counter.session, upload_id, digest=wish.digest)
    if asked is not None:
        return counter.answer(asked)
    written = await uploads.write(
        counter.session, counter.viewer, upload_id, digest=wish.digest, manner=Manner(now=now)
    )
    answer = import_out(written.upload)
    if not written.stale:
        return answer
    stale = StalePreview(
        "预览之后登记库有变化，没有写入任何内容。请查看新的预览后再确认。",
        "The register changed after the preview; nothing was written. Look at the new preview and confirm it.",
        details={"import": answer.model_dump(mode="json")},
    )
    # Answered, not raised: raising would roll back the new preview that the person is asked to look at.
    return JSONResponse(stale.wire(), status_of(stale))


@router.delete("/{upload_id}", status_code=204, summary="Give an upload up; nothing is written")
async def cancel_import(engine: EngineDep, viewer: ViewerDep, works: WorksDep, upload_id: uuid.UUID) -> None:
    """Work on it is stopped and undone. 409 once it is written."""
    # The wish to stop must be heard before this request waits for the row, so it has a transaction of its own.
    await works.stop(viewer, upload_id)
    async with scoped_session(engine, viewer) as session:
        await uploads.cancel(session, upload_id)
