"""Reads across the register for lists, files and rankings. Row security shows only the viewer's rows."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, LiteralString, NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from service.base.statements import Connection, read, statement, stream
from service.codes import queries as code_queries
from service.codes.rules.documents import Text
from service.lists.rules import Weights, read_weights
from service.risk_points.queries import Row, Selection

EnterpriseSort = Literal["name", "worst", "total", "overdue", "density"]
Register = Literal["any", "none", "some"]


@dataclass(frozen=True)
class Words:
    """The names of codes in both languages. accidents: by edition and code."""

    industries: Mapping[str, Text]
    control_levels: Mapping[str, Text]
    accidents: Mapping[tuple[str | None, str], Text]


class LastFirm(NamedTuple):
    """The last row of the page before: its number and name in the order of the list, and its id."""

    number: float
    name: str
    id: int


class FirmPage(NamedTuple):
    """Enterprises, where the next page starts (None at the end), and how many the whole list has."""

    rows: list[Row]
    next: LastFirm | None
    total: int


@dataclass(frozen=True, kw_only=True)
class FirmTurn:
    """Which page of the list of enterprises: whose, in which order, from where."""

    register: Register = "any"
    sort: EnterpriseSort = "name"
    descending: bool = False
    after: LastFirm | None = None
    offset: int = 0
    limit: int = 50


async def words(session: AsyncSession) -> Words:
    """The names of the codes that rows of the register carry, of every edition; a younger one wins."""
    named = {
        list_id: await code_queries.entries(session, list_id)
        for list_id in ("regulatory_industry", "control_level", "accident_category")
    }
    names = {
        list_id: {row.code: Text(row.name_zh, row.name_en) for row in rows} for list_id, rows in named.items()
    }
    return Words(
        industries=names["regulatory_industry"],
        control_levels=names["control_level"],
        accidents={
            (row.edition, row.code): Text(row.name_zh, row.name_en) for row in named["accident_category"]
        },
    )


async def weights_in_force(session: AsyncSession, *, on: date) -> Weights:
    """By what places are ranked on a day."""
    value = await session.scalar(
        text(
            "SELECT value FROM official_setting WHERE key = 'ranking_weights' AND valid_from <= CAST(:day AS date)"
            " ORDER BY valid_from DESC LIMIT 1"
        ),
        {"day": on},
    )
    return read_weights(value or {})


def asks_of_points(selection: Selection) -> bool:
    """Whether a filter asks for something that only points have."""
    return any(
        part is not None
        for part in (
            selection.grades,
            selection.accidents,
            selection.control_levels,
            selection.owner_kind,
            selection.positions,
            selection.overdue,
        )
    )


def _chosen_by_points(selection: Selection, register: Register) -> bool:
    """Whether points decide which enterprises a list has: a firm is listed also where only its points are selected."""
    narrowed = (
        selection.area,
        selection.managing,
        selection.industries,
        selection.words,
        selection.enterprise,
    )
    return register == "some" or (
        register == "any" and (asks_of_points(selection) or any(part is not None for part in narrowed))
    )


def _firm_parameters(selection: Selection, weights: Weights, turn: FirmTurn) -> dict[str, Any]:
    return selection.parameters() | {
        "weights": list(weights.by_rank),
        "workers_at_least": weights.workers_at_least,
        "register": turn.register,
        "of_points": asks_of_points(selection),
        "by_points": turn.sort != "name" or _chosen_by_points(selection, turn.register),
        "sort": turn.sort,
    }


def _page_parameters(selection: Selection, weights: Weights, turn: FirmTurn) -> dict[str, Any]:
    after = turn.after
    return _firm_parameters(selection, weights, turn) | {
        "after_number": after and after.number,
        "after_text": after and after.name,
        "after_id": after and after.id,
        "offset": turn.offset,
        "limit": turn.limit + 1,
    }


def _list_statement(turn: FirmTurn) -> LiteralString:
    return statement("lists", "list_enterprises_back" if turn.descending else "list_enterprises")


async def list_enterprises(
    connection: Connection, selection: Selection, weights: Weights, turn: FirmTurn
) -> FirmPage:
    """One page of the list of enterprises."""
    rows = await read(connection, _list_statement(turn), _page_parameters(selection, weights, turn))
    # Beyond the last row there is none to say how many there are.
    tally = rows[0] if rows else await tally_enterprises(connection, selection, weights, turn)
    total = tally["whole"]
    if len(rows) <= turn.limit:
        return FirmPage(rows, None, total)
    last = rows[turn.limit - 1]
    return FirmPage(rows[: turn.limit], LastFirm(last["number_key"], last["text_key"], last["id"]), total)


async def tally_enterprises(
    connection: Connection, selection: Selection, weights: Weights, turn: FirmTurn
) -> Row:
    """How many enterprises the list has (`whole`), and whether any is a demonstration (`demo`)."""
    parameters = _firm_parameters(selection, weights, turn)
    return (await read(connection, statement("lists", "tally_enterprises"), parameters))[0]


def stream_enterprises(
    connection: Connection, selection: Selection, weights: Weights, turn: FirmTurn
) -> AsyncGenerator[list[Row], None]:
    """The rows of the list from its beginning, some hundred at a time."""
    return stream(connection, _list_statement(turn), _page_parameters(selection, weights, turn))


async def describe_enterprise(connection: Connection, selection: Selection, enterprise_id: int) -> Row | None:
    """One enterprise with its counts; None for one that is not there or not the viewer's."""
    parameters = selection.parameters() | {"id": enterprise_id}
    rows = await read(connection, statement("lists", "describe_enterprise"), parameters)
    return rows[0] if rows else None


async def describe_sites(connection: Connection, selection: Selection, enterprise_id: int) -> list[Row]:
    """The sites of an enterprise."""
    parameters = selection.parameters() | {"id": enterprise_id}
    return await read(connection, statement("lists", "describe_sites"), parameters)


async def count_lists(connection: Connection, selection: Selection, weights: Weights) -> Row:
    """How many rows each ready-made list has, by its id."""
    asked = {"asked_grades": selection.grades, "asked_positions": selection.positions}
    parameters = replace(selection, grades=None, overdue=None, positions=None).parameters()
    parameters |= {name: None if value is None else list(value) for name, value in asked.items()}
    parameters |= {"asked_overdue": selection.overdue}
    counts = (await read(connection, statement("lists", "count_lists"), parameters))[0]
    without = await tally_enterprises(connection, selection, weights, FirmTurn(register="none"))
    return counts | {"enterprises_without_register": without["whole"]}


async def rank_territories(
    connection: Connection, selection: Selection, weights: Weights, *, parent: int, limit: int
) -> list[Row]:
    """The nodes directly below a territory, the one with most risk first."""
    parameters = _firm_parameters(selection, weights, FirmTurn()) | {"parent": parent, "limit": limit}
    return await read(connection, statement("lists", "rank_territories"), parameters)


async def rank_enterprises(
    connection: Connection, selection: Selection, weights: Weights, *, limit: int
) -> list[Row]:
    """The enterprises with selected points, the one with most risk first."""
    parameters = _firm_parameters(selection, weights, FirmTurn()) | {"limit": limit}
    return await read(connection, statement("lists", "rank_enterprises"), parameters)
