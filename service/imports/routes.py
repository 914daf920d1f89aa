"""Workbooks over HTTP: upload, look, correct, write or leave."""

import uuid
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, UploadFile
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive

from service.base.clock import NowDep
from service.base.database import SessionDep, SettingsDep, ViewerDep
from service.base.errors import StalePreview, TooLarge, status_of
from service.imports import actions, queries
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


router = APIRouter(prefix="/api/imports", tags=["imports"], route_class=LimitedRoute)


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


@router.post("", status_code=201, summary="Keep a workbook and check it; nothing else is written")
async def upload_workbook(
    session: SessionDep,
    viewer: ViewerDep,
    settings: SettingsDep,
    now: NowDep,
    file: Annotated[UploadFile, File(description=".xlsx, or CSV in UTF-8 or GB18030")],
    choice: Annotated[Choice, Depends(stated)],
) -> ImportOut:
    """The preview, or what must be said before there can be one. 415 for a file that cannot be read."""
    content = await file.read()
    row = await actions.upload(
        session, viewer, file=(file.filename or "", content), choice=choice, now=now, demo=settings.demo
    )
    return import_out(row)


@router.get("/{upload_id}", summary="An upload as it was last checked")
async def show_import(session: SessionDep, upload_id: uuid.UUID) -> ImportOut:
    """Only to the person who uploaded it."""
    return import_out(await queries.upload_of(session, upload_id))


@router.patch("/{upload_id}", summary="Say more about an upload; it is checked again")
async def correct_import(
    session: SessionDep, viewer: ViewerDep, now: NowDep, upload_id: uuid.UUID, correction: Correction
) -> ImportOut:
    """409 once it is written or cancelled."""
    row = await actions.correct(session, viewer, upload_id, changes=correction.choice(), now=now)
    return import_out(row)


@router.post("/{upload_id}/commit", response_model=ImportOut, summary="Write the good rows, all or none")
async def commit_import(
    session: SessionDep, viewer: ViewerDep, now: NowDep, upload_id: uuid.UUID, wish: Wish
) -> ImportOut | JSONResponse:
    """409 stale_preview, with the new preview in its details, where the register has changed since it was seen."""
    written = await actions.write(session, viewer, upload_id, digest=wish.digest, now=now)
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
async def cancel_import(session: SessionDep, upload_id: uuid.UUID) -> None:
    """409 once it is written."""
    await actions.cancel(session, upload_id)
