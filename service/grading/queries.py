"""Reads of published methods. They are the same for every viewer."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from service.base.errors import NotFound
from service.grading.models import GradingMethod
from service.grading.rules.definitions import parse_method
from service.grading.rules.methods import Method, in_force


async def rows(session: AsyncSession, *, method_id: str | None = None) -> Sequence[GradingMethod]:
    """Every published version, of one method or of all, by id and day of beginning."""
    statement = select(GradingMethod)
    if method_id is not None:
        statement = statement.where(GradingMethod.method_id == method_id)
    found = await session.scalars(statement.order_by(GradingMethod.method_id, GradingMethod.valid_from))
    return found.all()


async def published(session: AsyncSession, *, method_id: str | None = None) -> list[Method]:
    """Every published version as a method, of one method or of all, by id and day of beginning."""
    return [method_of(row) for row in await rows(session, method_id=method_id)]


async def method_version(session: AsyncSession, method_id: str, *, version: str) -> Method:
    """The method as it was published under this version. Raises NotFound."""
    row = await session.get(GradingMethod, (method_id, version))
    if row is None:
        raise NotFound(
            f"没有评价方法 {method_id} 的版本 {version}",
            f"There is no version {version} of a grading method {method_id}",
            details={"method": method_id, "version": version},
        )
    return method_of(row)


async def method_in_force(session: AsyncSession, method_id: str, *, on: date) -> Method:
    """The version to assess with on a day: the latest begun and not yet ended. Raises NotFound if there is none.

    Only for new assessments: a result made earlier is explained by the version it names, `method_version`.
    """
    found = in_force(await published(session, method_id=method_id), on=on)
    if not found:
        raise NotFound(
            f"评价方法 {method_id} 在 {on} 没有有效版本",
            f"The grading method {method_id} has no version in force on {on}",
            details={"method": method_id, "on": on.isoformat()},
        )
    return found[0]


async def lock_for_publishing(session: AsyncSession) -> None:
    """Let one publisher at a time compare and write; readers go on. Only the owner may."""
    await session.execute(text("LOCK TABLE grading_method IN SHARE ROW EXCLUSIVE MODE"))


def method_of(row: GradingMethod) -> Method:
    """The method of a row. The end date is the row's: it may be set after publishing."""
    return replace(parse_method(row.definition), valid_to=row.valid_to)
