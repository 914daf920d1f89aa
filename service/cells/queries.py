"""Counts of cells and territories under the viewer's scope: live from the register, or stored where those can serve."""

from dataclasses import fields
from typing import Any

from geo import cells as beidou
from service.base.statements import Connection, read, statement
from service.base.viewer import Viewer
from service.risk_points.queries import CellRange, Selection

Row = dict[str, Any]

# Level-5 cells across and up one cell of each level that is counted; GB/T 39409-2020, cell sizes.
FACTORS = {level: beidou.COARSER[level] for level in (1, 2, 3, 4)} | {5: (1, 1)}

# The level of the stored counts, and what they can answer. What the filter learns later is counted live until it is here.
STORED_LEVEL = 4
STORED_FILTERS = frozenset(
    {"today", "basis", "view", "grades", "area", "managing", "accidents", "industries", "narrow"}
)


def stored_counts_serve(selection: Selection, viewer: Viewer, level: int = STORED_LEVEL) -> bool:
    """Whether the stored counts hold what this viewer may see of this selection: no single firms, no finer filter."""
    asked = {one.name for one in fields(selection) if getattr(selection, one.name) is not None}
    # A point has categories of one edition, but maybe several: it would be counted once for each of them.
    editions = [code.rpartition(":")[0] for code in selection.accidents or ()]
    once = len(editions) == len(set(editions))
    # One row counts a category or a set of industries, and never both.
    one_kind = not (selection.accidents and _by_industry(selection, viewer))
    return not viewer.enterprises and once and one_kind and level <= STORED_LEVEL and asked <= STORED_FILTERS


def _by_industry(selection: Selection, viewer: Viewer) -> bool:
    return bool(viewer.pairs) or selection.industries is not None


def stored_parameters(selection: Selection, viewer: Viewer) -> Row:
    """What the statements on stored counts take besides the selection: whether they read the rows by industry, and which.

    codes: industries, one of which the points have; None for all. A viewer of some industries alone needs no other rows;
    which of those rows are theirs the policy says.
    """
    codes = selection.industries
    if codes is None and viewer.pairs and not viewer.areas:
        codes = tuple(sorted({pair.partition(".")[0] for pair in viewer.pairs}))
    by_industry = _by_industry(selection, viewer)
    return {"by_industry": by_industry, "codes": None if codes is None else list(codes)}


def fine_range(coarse: tuple[int, int, int, int], level: int) -> CellRange:
    """The level-5 cells under a range of coarser cells, both ends included."""
    across, up = FACTORS[level]
    x0, y0, x1, y1 = coarse
    return CellRange(x0 * across, y0 * up, x1 * across + across - 1, y1 * up + up - 1)


async def count_cell(connection: Connection, selection: Selection, cells: CellRange) -> Row:
    """Counts by grade of one cell, with its freshness."""
    parameters = selection.parameters() | cells._asdict()
    return (await read(connection, statement("cells", "count_cell"), parameters))[0]


async def crossing_ids(connection: Connection, cells: CellRange) -> list[int]:
    """Lines and areas that cross a cell and are counted in another."""
    rows = await read(connection, statement("cells", "crossing_points"), cells._asdict())
    return [row["id"] for row in rows]


async def count_territories(
    connection: Connection, selection: Selection, area: str, *, viewer: Viewer
) -> list[Row]:
    """Counts by grade of every node under a territory that carries points; they sum to the territory."""
    parameters = selection.parameters() | {"area": area}
    if stored_counts_serve(selection, viewer):
        parameters |= stored_parameters(selection, viewer)
        return await read(connection, statement("cells", "count_territories_stored"), parameters)
    return await read(connection, statement("cells", "count_territories"), parameters)


async def count_overdue(connection: Connection, selection: Selection, area: str) -> int:
    """How many points of a selection in an area are due for review."""
    parameters = selection.parameters() | {"area": area}
    return int((await read(connection, statement("cells", "count_overdue"), parameters))[0]["overdue"])


async def draw_tile(connection: Connection, parameters: Row, *, stored: bool = False) -> bytes:
    """The cells tile; from the stored counts where `stored_counts_serve`, with `stored_parameters` too."""
    name = "tile_cells_stored" if stored else "tile_cells"
    rows = await read(connection, statement("cells", name), parameters)
    return bytes(rows[0]["tile"] or b"")


async def change_token(connection: Connection, cells: CellRange) -> int:
    """A number that stays the same only while nothing changed in the level-4 cells that a level-5 range meets."""
    across, up = FACTORS[4]
    parameters = {
        "x0": cells.x0 // across,
        "y0": cells.y0 // up,
        "x1": cells.x1 // across,
        "y1": cells.y1 // up,
    }
    return int((await read(connection, statement("cells", "version_cells"), parameters))[0]["token"])
