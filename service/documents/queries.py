"""What a map on paper or in a file is made of. Row security decides whose rows these are."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from service.base.statements import Connection, read, statement
from service.cells.queries import FACTORS
from service.risk_points.queries import Row, Selection
from service.territories import queries as territory_queries
from service.territories.rules.tree import Node, key_of


async def scope_of(session: AsyncSession, selection: Selection, *, whole: str) -> Node:
    """The territory a map speaks of: the selection's, else the one with the key `whole`. Raises NotFound."""
    return await territory_queries.by_key(
        session, whole if selection.area is None else key_of(selection.area)
    )


async def outlines(connection: Connection, path: str) -> list[Row]:
    """The territory of a path and all below it, with their boundaries."""
    return await read(connection, statement("documents", "outline_map"), {"path": path})


async def cells(connection: Connection, selection: Selection, *, level: int, most: int) -> list[Row]:
    """The cells of a level, the worst first; one more than `most` where some were left out."""
    across, up = FACTORS[level]
    parameters = selection.parameters() | {"level": level, "fx": across, "fy": up, "most": most}
    return await read(connection, statement("documents", "count_cells"), parameters)


async def shapes(connection: Connection, ids: Sequence[int]) -> dict[int, Row]:
    """The lines and areas among named points, as GeoJSON by point id."""
    rows = await read(connection, statement("documents", "draw_shapes"), {"ids": list(ids)})
    return {row["id"]: row["geometry"] for row in rows}


async def methods_in_use(connection: Connection, selection: Selection) -> list[Row]:
    """The method versions behind the selection's grades, with how many points each graded."""
    parameters = selection.parameters() | {"verdict_basis": selection.verdict_basis}
    return await read(connection, statement("documents", "methods_in_use"), parameters)


async def describe(connection: Connection, selection: Selection) -> Row:
    """Whether a row of the selection was invented (`demo`), and the box of its points; NULL where none has a place."""
    rows = await read(connection, statement("documents", "describe_selection"), selection.parameters())
    return rows[0]


async def enterprise_name(connection: Connection, enterprise: int) -> str | None:
    """The name of an enterprise; None where it is not there or not the viewer's to see."""
    rows = await read(connection, statement("documents", "name_enterprise"), {"id": enterprise})
    return rows[0]["name"] if rows else None
