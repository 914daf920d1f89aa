"""Publishing grading methods."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from importlib.resources import files

from sqlalchemy.ext.asyncio import AsyncSession

from service.base.errors import Conflict
from service.codes.rules.strict_yaml import parse_yaml
from service.grading import queries
from service.grading.models import GradingMethod
from service.grading.rules.canonical import to_document
from service.grading.rules.definitions import parse_method
from service.grading.rules.methods import Method


class Outcome(StrEnum):
    """What publishing a definition did."""

    PUBLISHED = "published"
    UNCHANGED = "unchanged"
    END_SET = "end_set"


@dataclass(frozen=True, slots=True)
class Publication:
    """A definition that was accepted, and what came of it."""

    method: Method
    outcome: Outcome


async def publish_text(session: AsyncSession, yaml_text: str, *, now: datetime) -> Publication:
    """Publish a definition written in YAML. Raises DefinitionRejected with all its problems, and Conflict."""
    return await publish(session, parse_method(parse_yaml(yaml_text)), now=now)


async def load_definitions(session: AsyncSession, *, now: datetime) -> list[Publication]:
    """Publish every method that comes with the service; a second time changes nothing."""
    folder = files("service.grading") / "definitions"
    sources = sorted((file for file in folder.iterdir() if file.name.endswith(".yaml")), key=lambda f: f.name)
    texts = [source.read_text(encoding="utf-8") for source in sources]
    return [await publish_text(session, yaml_text, now=now) for yaml_text in texts]


async def publish(session: AsyncSession, method: Method, *, now: datetime) -> Publication:
    """Publish a version of a method, once.

    The same content again changes nothing, except that an end date it states is set; a definition without one leaves
    an end date alone. Raises Conflict when the version exists with other content, and when another version of the
    method begins on the same day, which would leave it to chance which of the two is in force.
    """
    await queries.lock_for_publishing(session)
    digest = digest_of(method)
    for row in await queries.rows(session, method_id=method.id):
        if row.version == method.version:
            return _publish_again(row, method, digest)
        if row.valid_from == method.valid_from:
            raise Conflict(
                f"评价方法 {method.id} 的版本 {row.version} 已于 {row.valid_from} 生效，请另选生效日期。",
                f"Version {row.version} of {method.id} begins on {row.valid_from} too; choose another day.",
                details={
                    "method": method.id,
                    "version": row.version,
                    "valid_from": row.valid_from.isoformat(),
                },
            )
    session.add(
        GradingMethod(
            method_id=method.id,
            version=method.version,
            kind=method.kind.value,
            title_zh=method.title.zh,
            title_en=method.title.en,
            definition=to_document(method),
            digest=digest,
            valid_from=method.valid_from,
            valid_to=method.valid_to,
            published_at=now,
        )
    )
    await session.flush()
    return Publication(method, Outcome.PUBLISHED)


def digest_of(method: Method) -> str:
    """SHA-256 of the canonical document: the same for every layout of the same definition."""
    canonical = json.dumps(to_document(method), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _publish_again(row: GradingMethod, method: Method, digest: str) -> Publication:
    if row.digest != digest:
        raise Conflict(
            f"评价方法 {method.id} 的版本 {method.version} 已发布且内容不同；已发布的版本不能更改，请使用新的版本号。",
            f"Version {method.version} of {method.id} is published with other content; a published version never "
            f"changes, so give the new content a new version.",
            details={"method": method.id, "version": method.version},
        )
    if method.valid_to is None or method.valid_to == row.valid_to:
        return Publication(queries.method_of(row), Outcome.UNCHANGED)
    row.valid_to = method.valid_to
    return Publication(method, Outcome.END_SET)
