"""Level-5 BeiDou cells (4″ × 4″, GB/T 39409-2020) that a geometry lies in."""

from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from geo.cells import bounds_of_index, cell_index, code_of_index, encode
from seed_data.demo_city.places import Position

LEVEL = 5


def cell_of(position: Position) -> str:
    """The cell that owns a position."""
    return encode(position[0], position[1], LEVEL)


def touched_cells(geometry: BaseGeometry) -> list[str]:
    """Every cell that shares a point with the geometry, edges included, sorted."""
    west, south, east, north = geometry.bounds
    (first_x, first_y), (last_x, last_y) = cell_index(west, south, LEVEL), cell_index(east, north, LEVEL)
    return sorted(
        code_of_index(x, y, LEVEL)
        for x in range(first_x, last_x + 1)
        for y in range(first_y, last_y + 1)
        if geometry.intersects(cell_box(x, y))
    )


def cell_box(x: int, y: int) -> BaseGeometry:
    """The cell of an index as a polygon."""
    west, south, east, north = (float(edge) for edge in bounds_of_index(x, y, LEVEL))
    return box(west, south, east, north)
