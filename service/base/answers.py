"""Every error leaves in the one JSON shape, with no stack trace and no database text."""

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.exc import DataError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from geo.errors import GeoError
from service.base import errors
from service.base.database import sqlstate
from service.base.disconnects import ClientGone

log = structlog.get_logger()

CLIENT_CLOSED_REQUEST = 499  # nobody reads it; the access log does

# Level of gzip that answers are sent with: 5 is within a few hundredths of the best, at half its time.
COMPRESSION = 5
# Zstandard and Brotli at the levels of their middleware, 4 each: tighter than gzip's 5 here, in less time.
# Texts that the middleware does not know by itself; what is compressed already is not among them.
COMPRESSED = (
    "application/geo+json-seq",
    "application/x-ndjson",
    "application/problem+json",
    "application/schema+json",
    "application/vnd.oai.openapi+json",
    "text/csv",
)

# What the register's own rules refuse, by the code that they raise (migrations, 40_register_rules.sql).
REFUSALS = {
    "RM001": ("位置在本部署载入的所有区划之外。", "The position lies outside every loaded territory."),
    "RM003": ("场所属于另一家企业。", "The site belongs to another enterprise."),
    "RM004": ("评定记录不可修改，请重新评定。", "An assessment is never changed; assess again."),
    "RM005": ("没有这个风险点。", "There is no such risk point."),
    "RM007": ("图形过大，不能作为一个风险点。", "The shape is larger than a risk point can be."),
}

# Row security lets a row be written only where its writer may: somebody moved one out of their own area, or wrote elsewhere.
INSUFFICIENT_PRIVILEGE = "42501"
OUTSIDE = ("这超出了您可以填写的范围。", "This lies outside what you may write.")

# Why the database could not answer, by SQLSTATE; None stands for all others.
AWAY: dict[str | None, tuple[str, str]] = {
    "57014": ("查询超时，请缩小范围后再试。", "The query took too long; ask for less."),
    "40P01": ("与另一项写入冲突，请再试一次。", "Another write stood in the way; try again."),
    "40001": ("与另一项写入冲突，请再试一次。", "Another write stood in the way; try again."),
    None: ("数据库暂时不可用，请稍后再试。", "The database cannot be reached at the moment; try again."),
}


# How a driver and its pool say that the database did not answer.
DATABASE_AWAY: tuple[type[Exception], ...] = (OperationalError, psycopg.OperationalError, PoolTimeout)


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORKBOOK: dict[int | str, dict[str, Any]] = {200: {"content": {XLSX: {}}, "description": "A workbook"}}


class ErrorOut(BaseModel):
    """Why a request was not done: a code for programs, a sentence in Chinese and one in English, and what goes with them."""

    error: str
    message: str
    message_en: str
    details: dict[str, Any]


class HttpProblemOut(ErrorOut):
    """The same as RFC 9457 has it."""

    type: str
    title: str
    status: int
    detail: str


_DESCRIPTIONS = {
    400: "What is asked cannot be read",
    401: "Nobody has signed in",
    403: "Not allowed",
    404: "Not there, or not yours to see",
    405: "Not this way",
    409: "Something changed meanwhile; nothing was written",
    412: "Another version stands; nothing was written",
    413: "Too large",
    415: "Not a file of a kind that is read",
    422: "Understood, and refused with its reasons",
    428: "Say which version was seen",
    429: "Too many requests",
    503: "Busy, or the database is away; try again",
}
# Programs that speak OGC API expect their errors as RFC 9457 has them, and 400 for a parameter that cannot be.
PROBLEM = "application/problem+json"
UNPROCESSABLE, BAD_REQUEST, UNAUTHORIZED, UNAVAILABLE = 422, 400, 401, 503
AGAIN = {"Retry-After": "5"}


def speaks_problems(path: str) -> bool:
    """Whether a path is one of OGC API."""
    return path == "/ogc" or path.startswith("/ogc/")


def shaped(
    path: str, wire: Mapping[str, Any], status: int, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """An error in the shape that the door at a path has: the one of the service, under /ogc a problem with the same members."""
    if not speaks_problems(path):
        return JSONResponse(dict(wire), status, headers=headers)
    status = BAD_REQUEST if status == UNPROCESSABLE else status
    sent = dict(headers or {})
    if status == UNAUTHORIZED:
        # Desktop clients send the key they keep only when they are asked for it.
        sent["WWW-Authenticate"] = 'Basic realm="riskmap", charset="UTF-8"'
    problem = {"type": "about:blank", "title": wire["error"], "status": status, "detail": wire["message_en"]}
    return JSONResponse(problem | dict(wire), status, headers=sent, media_type=PROBLEM)


def refusal_of(found: Sequence[Any], *, skipped: int = 0) -> errors.Rejected:
    """What a model found wrong, as a refusal that names the first field. skipped: parts of a place that are no field."""
    fields = [{"where": list(map(str, each["loc"])), "problem": each["msg"]} for each in found]
    first = fields[0] if fields else {"where": [], "problem": ""}
    place = ".".join(first["where"][skipped:]) or "body"
    return errors.Rejected(
        f"请求参数有误：{place}。",
        f"The request is malformed: {place}: {first['problem']}.",
        details={"fields": fields},
    )


def answer_away(error: Exception, path: str) -> JSONResponse:
    """The answer where the database could not give one: try again."""
    cause = getattr(error, "orig", error)
    state = getattr(cause, "sqlstate", None)
    log.error("database_unavailable", reason=type(cause).__name__, sqlstate=state)
    zh, en = AWAY.get(state, AWAY[None])
    return shaped(path, errors.Unavailable(zh, en).wire(), UNAVAILABLE, AGAIN)


def answer_errors(app: FastAPI) -> None:
    """Teach an application the answers to all that can go wrong."""

    @app.exception_handler(ClientGone)
    async def on_client_gone(_: Request, __: ClientGone) -> Response:
        return Response(status_code=CLIENT_CLOSED_REQUEST)

    @app.exception_handler(errors.ServiceError)
    async def on_service_error(request: Request, error: errors.ServiceError) -> JSONResponse:
        status = errors.status_of(error)
        return shaped(request.url.path, error.wire(), status, AGAIN if status == UNAVAILABLE else None)

    @app.exception_handler(GeoError)
    async def on_geo_error(request: Request, error: GeoError) -> JSONResponse:
        wire = {"error": error.code, "message": error.zh, "message_en": error.en, "details": {}}
        return shaped(request.url.path, wire, UNPROCESSABLE)

    @app.exception_handler(RequestValidationError)
    async def on_malformed(request: Request, error: RequestValidationError) -> JSONResponse:
        # The first part of a place says whether it is of the path, the query or the body.
        malformed = refusal_of(error.errors(), skipped=1)
        return shaped(request.url.path, malformed.wire() | {"error": "malformed"}, UNPROCESSABLE)

    @app.exception_handler(HTTPException)
    async def on_http_error(request: Request, error: HTTPException) -> JSONResponse:
        code, zh = {
            400: ("malformed", "请求正文无法读取。"),
            404: ("not_found", "没有这个地址。"),
            405: ("method_not_allowed", "此地址不支持该操作。"),
        }.get(error.status_code, ("http_error", "请求无法完成。"))
        body = {"error": code, "message": zh, "message_en": str(error.detail), "details": {}}
        return shaped(request.url.path, body, error.status_code, error.headers)

    _answer_database(app)
    app.add_exception_handler(Exception, _on_anything_else)


def _answer_database(app: FastAPI) -> None:
    """The answers to what the database refuses, and to its being away."""

    @app.exception_handler(psycopg.DataError)
    @app.exception_handler(DataError)
    async def on_value_without_a_place(request: Request, error: Exception) -> JSONResponse:
        # Class 22 of SQLSTATE and what the driver refuses by itself: a NUL in a text, a number of too many digits.
        cause = getattr(error, "orig", error)
        log.warning("value_refused", reason=type(cause).__name__, sqlstate=getattr(cause, "sqlstate", None))
        refusal = errors.Rejected(
            "某个值过大，或含有不能保存的字符。",
            "A value is too large, or holds a character that cannot be stored.",
        )
        return shaped(request.url.path, refusal.wire(), errors.status_of(refusal))

    for kind in DATABASE_AWAY:
        app.add_exception_handler(kind, lambda request, error: answer_away(error, request.url.path))

    @app.exception_handler(DBAPIError)
    async def on_refusal_of_the_register(request: Request, error: DBAPIError) -> JSONResponse:
        refusal = _refusal(error)
        if refusal is None:
            # The sentence of the database would name the row; its code is enough to find the cause.
            log.error("database_refused", sqlstate=sqlstate(error), reason=type(error.orig).__name__)
            return await _on_anything_else(request, error)
        return shaped(request.url.path, refusal.wire(), errors.status_of(refusal))


async def _on_anything_else(request: Request, _: Exception) -> JSONResponse:
    fault = errors.ServiceError(
        "服务内部错误，已记录。请凭请求编号联系管理员。",
        "Something failed inside the service; it was logged. Quote the request id.",
        details={"request_id": getattr(request.state, "request_id", None)},
    )
    return shaped(request.url.path, fault.wire(), 500)


def _refusal(error: DBAPIError) -> errors.ServiceError | None:
    """What a refusal of the register means to a person; None for one that nobody provoked."""
    state = sqlstate(error) or ""
    if state == INSUFFICIENT_PRIVILEGE:
        return errors.NotAllowed(*OUTSIDE)
    return errors.Rejected(*REFUSALS[state]) if state in REFUSALS else None


def describe_errors(app: FastAPI) -> None:
    """Say in the OpenAPI document what any operation may answer with beside what it says itself, each answer written once."""

    def openapi() -> dict[str, Any]:
        fresh = app.openapi_schema is None
        document = FastAPI.openapi(app)
        if fresh:
            _describe(document)
        return document

    app.openapi = openapi  # type: ignore[method-assign] # FastAPI's own way to change its document


def _describe(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for model in (ErrorOut, HttpProblemOut):
        schemas[model.__name__] = model.model_json_schema()
    # FastAPI's own shape of a malformed request, which nobody gets.
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    shared = document["components"].setdefault("responses", {})
    for path, item in document["paths"].items():
        model, media = (HttpProblemOut, PROBLEM) if speaks_problems(path) else (ErrorOut, "application/json")
        for operation in item.values():
            operation["responses"].pop("422", None)
            for status, text in _DESCRIPTIONS.items():
                if model is HttpProblemOut and status == UNPROCESSABLE:
                    continue
                name = f"{model.__name__}{status}"
                schema = {"$ref": f"#/components/schemas/{model.__name__}"}
                shared[name] = {"description": text, "content": {media: {"schema": schema}}}
                operation["responses"].setdefault(str(status), {"$ref": f"#/components/responses/{name}"})
