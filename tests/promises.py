"""What the OpenAPI document promises, held against every answer that a test of the service gets."""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs

# Equal to what the service says of itself: tests/architecture holds the two together.
DOCUMENT = Path(__file__).resolve().parent.parent / "web" / "openapi.json"
KEY_IN_PATH = re.compile(r"^/k/[^/]+")
VARIABLE = re.compile(r"\\{[^}]+\\}")


@dataclass(frozen=True)
class Promise:
    """The answers of one operation, by status, each with its media types and their validators."""

    operation: str
    pattern: re.Pattern[str]
    answers: dict[str, dict[str, jsonschema_rs.Validator | None]]


@cache
def promises() -> dict[str, list[Promise]]:
    """Every operation of the document by its method; paths without variables come first, as the service has them."""
    document = json.loads(DOCUMENT.read_text())
    found: dict[str, list[Promise]] = {}
    for path, operations in sorted(document["paths"].items(), key=lambda one: one[0].count("{")):
        pattern = re.compile(VARIABLE.sub("[^/]+", re.escape(path)) + "$")
        for method, operation in operations.items():
            answers = {
                status: contents(answer, document) for status, answer in operation["responses"].items()
            }
            found.setdefault(method.upper(), []).append(Promise(f"{method} {path}", pattern, answers))
    return found


def contents(answer: dict[str, Any], document: dict[str, Any]) -> dict[str, jsonschema_rs.Validator | None]:
    """The media types of an answer."""
    if "$ref" in answer:
        answer = document["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    return {
        media.partition(";")[0]: validator(json.dumps(content["schema"], sort_keys=True))
        if "schema" in content
        else None
        for media, content in answer.get("content", {}).items()
    }


@cache
def validator(schema: str) -> jsonschema_rs.Validator:
    """A validator of a schema of the document, as text."""
    components = json.loads(DOCUMENT.read_text())["components"]
    return jsonschema_rs.validator_for({**json.loads(schema), "components": components})


async def hold(response: httpx.Response) -> None:
    """Fail where an answer is not what the document says: its status, its media type, its form."""
    path = KEY_IN_PATH.sub("", response.request.url.path)
    promise = next(
        (one for one in promises().get(response.request.method, []) if one.pattern.match(path)), None
    )
    if promise is None:
        return
    status = str(response.status_code)
    media = response.headers.get("content-type", "").partition(";")[0]
    told = f"{promise.operation}: {status} {media}"
    if response.status_code == 204:
        assert not await response.aread(), f"{told}: a body"
    if response.status_code in {204, 304, 500} or not media:
        return
    assert status in promise.answers, f"{told} is not in the document"
    assert media in promise.answers[status], f"{told}: the document says {list(promise.answers[status])}"
    wanted = promise.answers[status][media]
    if wanted is not None and media.endswith("json"):
        body = json.loads(await response.aread())
        wrong = [f"{error.instance_path}: {error.message}" for error in wanted.iter_errors(body)]
        assert not wrong, f"{told}: {wrong[:3]}"
