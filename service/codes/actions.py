"""Loading code lists from their definitions."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from sqlalchemy.ext.asyncio import AsyncSession

from service.base.errors import Conflict
from service.codes import queries
from service.codes.models import CodeEntry, CodeMapping
from service.codes.rules.lists import CodeList, parse_list
from service.codes.rules.strict_yaml import parse_yaml


@dataclass(frozen=True, slots=True)
class LoadedList:
    """What loading a list did to its entries."""

    list_id: str
    added: int
    changed: int
    unchanged: int


async def load_definitions(session: AsyncSession) -> list[LoadedList]:
    """Load every list that comes with the service; a second time changes nothing."""
    folder = files("service.codes") / "definitions"
    sources = sorted((file for file in folder.iterdir() if file.name.endswith(".yaml")), key=lambda f: f.name)
    lists = [parse_list(parse_yaml(source.read_text(encoding="utf-8"))) for source in sources]
    return [await load_list(session, code_list) for code_list in lists]


async def load_list(session: AsyncSession, code_list: CodeList) -> LoadedList:
    """Bring a list to its definition: wording may be mended, what rows may point at stays.

    Raises Conflict when a code or an edition has vanished, or a code has another parent: records carry codes, and
    scopes were computed from parents. Such a change is a new edition.
    """
    await queries.lock_for_loading(session)
    known = {(row.edition, row.code): row for row in await queries.entries(session, code_list.id)}
    wanted = {(row.edition, row.code): row for row in _rows_of(code_list)}
    _refuse_upheaval(code_list.id, known, wanted)
    changed = 0
    for key, row in known.items():
        new = _contents(wanted[key])
        if _contents(row) != new:
            changed += 1
            for column, value in new.items():
                setattr(row, column, value)
    added = [row for key, row in wanted.items() if key not in known]
    session.add_all(added)
    await session.flush()  # the steps refer to the entries
    await _replace_steps(session, code_list)
    return LoadedList(code_list.id, len(added), changed, len(known) - changed)


def _rows_of(code_list: CodeList) -> list[CodeEntry]:
    return [
        CodeEntry(
            list_id=code_list.id,
            edition=edition.edition,
            code=entry.code,
            parent_code=entry.parent_code,
            name_zh=entry.name.zh,
            name_en=entry.name.en,
            sort=entry.sort,
            source=edition.source,
            valid_from=edition.valid_from,
            valid_to=edition.valid_to,
        )
        for edition in code_list.editions
        for entry in edition.entries
    ]


_CONTENTS = ("parent_code", "name_zh", "name_en", "sort", "source", "valid_from", "valid_to")


def _contents(row: CodeEntry) -> dict[str, object]:
    return {column: getattr(row, column) for column in _CONTENTS}


def _refuse_upheaval(
    list_id: str, known: dict[tuple[str, str], CodeEntry], wanted: dict[tuple[str, str], CodeEntry]
) -> None:
    vanished = [f"{edition} {code}" for edition, code in known if (edition, code) not in wanted]
    moved = [
        f"{edition} {code}"
        for (edition, code), row in known.items()
        if (edition, code) in wanted and row.parent_code != wanted[edition, code].parent_code
    ]
    for codes, zh, en in (
        (vanished, "定义中缺少已发布的代码", "published codes are missing from the definition"),
        (moved, "已发布的代码改变了上级", "published codes have another parent"),
    ):
        if codes:
            names = ", ".join(codes)
            raise Conflict(
                f"代码表 {list_id}：{zh}：{names}。请改用新版本。",
                f"Code list {list_id}: {en}: {names}. Publish a new edition instead.",
                details={"list": list_id, "codes": codes},
            )


async def _replace_steps(session: AsyncSession, code_list: CodeList) -> None:
    """Steps are advice for a person or a conversion; nothing refers to them, so they follow the definition."""
    wanted = {
        (step.from_edition, step.from_code, step.to_edition, step.to_code): (step.certainty.value, step.note)
        for step in code_list.steps
    }
    for row in await queries.mappings(session, code_list.id):
        contents = wanted.pop((row.from_edition, row.from_code, row.to_edition, row.to_code), None)
        if contents is None:
            await session.delete(row)
        else:
            row.certainty, row.note = contents
    session.add_all(_steps(code_list.id, list(wanted.items())))
    await session.flush()


def _steps(
    list_id: str, steps: Sequence[tuple[tuple[str, str, str, str], tuple[str, str]]]
) -> list[CodeMapping]:
    return [
        CodeMapping(
            list_id=list_id,
            from_edition=from_edition,
            from_code=from_code,
            to_edition=to_edition,
            to_code=to_code,
            certainty=certainty,
            note=note,
        )
        for (from_edition, from_code, to_edition, to_code), (certainty, note) in steps
    ]
