"""Reads of code lists. They are the same for every viewer."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from service.base.errors import NotFound
from service.codes.models import CodeEntry, CodeMapping
from service.codes.rules.documents import Text
from service.codes.rules.lists import Certainty


@dataclass(frozen=True, slots=True)
class EditionDates:
    """One edition of a list and the days on which it is in force."""

    edition: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class CodeChange:
    """What a code becomes in another edition. candidates: codes there, in their order; empty when none is known."""

    certainty: Certainty
    candidates: tuple[str, ...]


async def entries(session: AsyncSession, list_id: str, *, edition: str | None = None) -> Sequence[CodeEntry]:
    """The entries of a list, of one edition or of all, each edition in its own order; empty if there are none."""
    statement = select(CodeEntry).where(CodeEntry.list_id == list_id)
    if edition is not None:
        statement = statement.where(CodeEntry.edition == edition)
    rows = await session.scalars(statement.order_by(CodeEntry.valid_from, CodeEntry.edition, CodeEntry.sort))
    return rows.all()


async def editions(session: AsyncSession, list_id: str) -> list[EditionDates]:
    """The editions of a list, the oldest first. Raises NotFound for a list that is not loaded."""
    rows = await session.execute(
        select(CodeEntry.edition, func.min(CodeEntry.valid_from), func.max(CodeEntry.valid_to))
        .where(CodeEntry.list_id == list_id)
        .group_by(CodeEntry.edition)
        .order_by(func.min(CodeEntry.valid_from), CodeEntry.edition)
    )
    found = [EditionDates(*row) for row in rows]
    if not found:
        raise NotFound(f"没有代码表 {list_id}", f"There is no code list {list_id}", details={"list": list_id})
    return found


async def edition_in_force(session: AsyncSession, list_id: str, *, on: date) -> str:
    """The edition to record in on a day: the latest begun and not yet ended. Raises NotFound if there is none."""
    for known in reversed(await editions(session, list_id)):
        if known.valid_from <= on and (known.valid_to is None or on < known.valid_to):
            return known.edition
    raise NotFound(
        f"代码表 {list_id} 在 {on} 没有有效版本",
        f"The code list {list_id} has no edition in force on {on}",
        details={"list": list_id, "on": on.isoformat()},
    )


async def names_by_code(session: AsyncSession, list_id: str, *, edition: str) -> dict[str, Text]:
    """The names of an edition by code, in its order."""
    rows = await entries(session, list_id, edition=edition)
    return {row.code: Text(row.name_zh, row.name_en) for row in rows}


async def names_of(
    session: AsyncSession, list_id: str, codes: Collection[str], *, edition: str | None = None
) -> dict[str, Text]:
    """The names of some codes; without an edition each is named by the youngest that has it."""
    statement = select(CodeEntry.code, CodeEntry.name_zh, CodeEntry.name_en).where(
        CodeEntry.list_id == list_id, CodeEntry.code.in_(codes)
    )
    if edition is not None:
        statement = statement.where(CodeEntry.edition == edition)
    rows = await session.execute(statement.order_by(CodeEntry.valid_from))
    return {
        row.code: Text(row.name_zh, row.name_en) for row in rows
    }  # a younger edition overwrites an older one


async def paths_by_code(session: AsyncSession, list_id: str, *, edition: str) -> dict[str, str]:
    """The codes from the top down to each code, joined by dots: `gas.gas_pipelines`, an ltree path."""
    rows = await entries(session, list_id, edition=edition)
    paths: dict[str, str] = {}
    for row in rows:  # parents come before their children
        paths[row.code] = f"{paths[row.parent_code]}.{row.code}" if row.parent_code else row.code
    return paths


async def change_of(
    session: AsyncSession, list_id: str, code: str, *, from_edition: str, to_edition: str
) -> CodeChange:
    """What a code of one edition is in another. Raises NotFound for a code that its edition does not have.

    Within one edition a code is itself. Anything but a sole `exact` step needs a person's confirmation.
    """
    if await session.get(CodeEntry, (list_id, from_edition, code)) is None:
        raise NotFound(
            f"{list_id}（{from_edition}）没有代码 {code}",
            f"{list_id} ({from_edition}) has no code {code}",
            details={"list": list_id, "edition": from_edition, "code": code},
        )
    if from_edition == to_edition:
        return CodeChange(Certainty.EXACT, (code,))
    rows = await session.execute(
        select(CodeMapping.to_code, CodeMapping.certainty)
        .join(
            CodeEntry,
            (CodeEntry.list_id == CodeMapping.list_id)
            & (CodeEntry.edition == CodeMapping.to_edition)
            & (CodeEntry.code == CodeMapping.to_code),
        )
        .where(
            CodeMapping.list_id == list_id,
            CodeMapping.from_edition == from_edition,
            CodeMapping.from_code == code,
            CodeMapping.to_edition == to_edition,
        )
        .order_by(CodeEntry.sort)
    )
    steps = rows.all()
    sure = len(steps) == 1 and steps[0].certainty == Certainty.EXACT
    return CodeChange(
        Certainty.EXACT if sure else Certainty.NEEDS_CONFIRMATION, tuple(step.to_code for step in steps)
    )


async def mappings(session: AsyncSession, list_id: str) -> Sequence[CodeMapping]:
    """Every step between the editions of a list."""
    rows = await session.scalars(select(CodeMapping).where(CodeMapping.list_id == list_id))
    return rows.all()


async def lock_for_loading(session: AsyncSession) -> None:
    """Let one loader at a time compare and write; readers go on. Only the owner may."""
    await session.execute(text("LOCK TABLE code_entry, code_mapping IN SHARE ROW EXCLUSIVE MODE"))
