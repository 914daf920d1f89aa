"""The one filter as query parameters: every map layer, count, list and file takes the same ones."""

import unicodedata
from collections.abc import Collection
from typing import Annotated, Literal

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from service.base.clock import NowDep, day_of
from service.base.database import SessionDep, ViewerDep
from service.base.errors import Rejected
from service.base.viewer import Viewer
from service.codes import queries as code_queries
from service.risk_points.queries import Selection, narrowed
from service.risk_points.schemas.points import RANK_OF_WORD, Basis, Position, View
from service.territories import queries as territory_queries

# A territory key is an ltree label.
KEY = "^[A-Za-z0-9_]{1,40}$"
# A comma list of code words; no list of codes holds more than a few dozen.
CODES = r"^[A-Za-z0-9_.,\-]+$"
LONGEST_CODES = 1000
POSITIONS: tuple[Position, ...] = ("own", "inherited", "none")


class Filter(BaseModel):
    """Which points, in which light. Codes are comma lists; what is absent filters nothing."""

    model_config = ConfigDict(extra="ignore")

    basis: Basis = Field("assessed", description="固有 inherent, 评定 assessed, 当前 current")
    view: View = Field("located", description="按行政区划 located, 按管理权限 managed")
    grade: str | None = Field(None, max_length=60, description="Comma list of grades")
    territory: str | None = Field(
        None, pattern=KEY, description="Key of a territory, in the light of the view"
    )
    managing: str | None = Field(None, pattern=KEY, description="Key of the managing node, in any view")
    industry: str | None = Field(
        None,
        max_length=LONGEST_CODES,
        pattern=CODES,
        description="Supervising industries, with all below them",
    )
    accident: str | None = Field(
        None,
        max_length=LONGEST_CODES,
        pattern=CODES,
        description="Accident categories of the edition in force; older ones are carried over",
    )
    control: str | None = Field(None, max_length=LONGEST_CODES, pattern=CODES, description="Control levels")
    owner: Literal["enterprise", "region"] | None = Field(None, description="Whose points")
    position: str | None = Field(
        None, max_length=LONGEST_CODES, pattern=CODES, description="Comma list of own, inherited, none"
    )
    overdue: bool | None = Field(None, description="Whether the review has fallen due")
    enterprise: int | None = Field(None, ge=1, le=2**63 - 1, description="One enterprise, by its id")
    text: str | None = Field(
        None, max_length=60, description="Words that number, name, place, enterprise or credit code hold"
    )


async def select_by(session: AsyncSession, wanted: Filter, now: NowDep, viewer: Viewer) -> Selection:
    """What a filter selects for a viewer. Raises NotFound for a territory, Rejected for a code that is not there."""
    territory, managing = wanted.territory, wanted.managing
    today = day_of(now)
    selection = Selection(
        today=today,
        basis=wanted.basis,
        view=wanted.view,
        grades=read_grades(wanted.grade),
        area=territory and (await territory_queries.by_key(session, territory)).path,
        managing=managing and (await territory_queries.by_key(session, managing)).path,
        industries=await _industries(session, wanted.industry, now),
        accidents=await _accidents(session, wanted.accident, now),
        control_levels=_known(
            wanted.control,
            await _names(session, "control_level", now) if wanted.control else (),
            ("管控层级", "control level"),
        ),
        owner_kind=wanted.owner,
        positions=_known(wanted.position, POSITIONS, ("位置来源", "position")),
        overdue=wanted.overdue,
        enterprise=wanted.enterprise,
        words=read_words(wanted.text),
        firms=None if viewer.areas or viewer.pairs else viewer.enterprises,
    )
    return await narrowed(session, selection)


def read_grades(text: str | None) -> tuple[int, ...] | None:
    """Ranks of a comma list of grade words; None for all. Raises Rejected for a word that is no grade."""
    words = _known(text, RANK_OF_WORD, ("风险等级", "grade"))
    return None if words is None else tuple(sorted(RANK_OF_WORD[word] for word in words))


def read_words(text: str | None) -> tuple[str, ...] | None:
    """What a person typed as patterns for LIKE, each word for itself; None where nothing was."""
    words = unicodedata.normalize("NFKC", text or "").replace("\0", "").lower().split()
    escaped = (word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") for word in words)
    return tuple(f"%{word}%" for word in escaped) or None


def _known(text: str | None, known: Collection[str], called: tuple[str, str]) -> tuple[str, ...] | None:
    if text is None:
        return None
    words = tuple(dict.fromkeys(word for word in text.split(",") if word))
    unknown = [word for word in words if word not in known]
    if unknown:
        zh, en = called
        raise Rejected(
            f"没有“{unknown[0]}”这个{zh}，可用：{'、'.join(known)}。",
            f"There is no {en} {unknown[0]!r}; known: {', '.join(known)}.",
            details={en.replace(" ", "_"): unknown},
        )
    return words


async def _names(session: AsyncSession, list_id: str, now: NowDep) -> Collection[str]:
    edition = await code_queries.edition_in_force(session, list_id, on=day_of(now))
    return await code_queries.names_by_code(session, list_id, edition=edition)


async def _industries(session: AsyncSession, text: str | None, now: NowDep) -> tuple[str, ...] | None:
    if text is None:
        return None
    edition = await code_queries.edition_in_force(session, "regulatory_industry", on=day_of(now))
    paths = await code_queries.paths_by_code(session, "regulatory_industry", edition=edition)
    chosen = set(_known(text, paths, ("监管行业", "industry")) or ())
    return tuple(code for code, path in paths.items() if chosen & set(path.split(".")))


async def _accidents(session: AsyncSession, text: str | None, now: NowDep) -> tuple[str, ...] | None:
    """`edition:code` of each category chosen, and of every one of another edition that may have become it."""
    if text is None:
        return None
    list_id = "accident_category"
    edition = await code_queries.edition_in_force(session, list_id, on=day_of(now))
    names = await code_queries.names_by_code(session, list_id, edition=edition)
    chosen = _known(text, names, ("事故类别", "accident category")) or ()
    older = [
        f"{step.from_edition}:{step.from_code}"
        for step in await code_queries.mappings(session, list_id)
        if step.to_edition == edition and step.to_code in chosen
    ]
    return tuple(dict.fromkeys([*(f"{edition}:{code}" for code in chosen), *older]))


async def _selection(
    session: SessionDep, now: NowDep, viewer: ViewerDep, wanted: Annotated[Filter, Query()]
) -> Selection:
    return await select_by(session, wanted, now, viewer)


SelectionDep = Annotated[Selection, Depends(_selection)]
