"""Rows of a sheet that are no record of the register: totals, and the example of the template."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache

from service.base.sheets import Value
from service.imports.rules.problems import Note

# What the template writes into the first cell of its example.
EXAMPLE = "演示（本行不导入）"
_TOTAL = re.compile(r"(?:合计|总计|小计|共计|累计|grandtotal|subtotal|total)(?:[:：(（].*)?", re.IGNORECASE)
_BLANK = re.compile(r"\s+")
# As many as a person wants to read.
_MOST_SHOWN = 10


class RowRole(Enum):
    """What a row is."""

    RECORD = "record"
    TOTAL = "total"
    EXAMPLE = "example"


def row_role(cells: Sequence[Value]) -> RowRole:
    """What a row is, by its first filled cell."""
    first = next((cell for cell in cells if cell is not None), None)
    return _role_of(first) if isinstance(first, str) and len(first) <= 40 else RowRole.RECORD


@lru_cache(1 << 12)  # the rows of an enterprise begin with the same cell
def _role_of(first: str) -> RowRole:
    if first.strip() == EXAMPLE:
        return RowRole.EXAMPLE
    return RowRole.TOTAL if _TOTAL.fullmatch(_BLANK.sub("", first)) else RowRole.RECORD


@dataclass
class Beside:
    """What was seen beside the records: the rows of totals and examples, and how many rows share merged cells."""

    totals: list[int] = field(default_factory=list)
    examples: list[int] = field(default_factory=list)
    merged: int = 0

    def takes(self, number: int, role: RowRole) -> bool:
        """Whether a row is a record; others are remembered."""
        if role is RowRole.RECORD:
            return True
        (self.totals if role is RowRole.TOTAL else self.examples).append(number)
        return False


def notes_of(seen: Beside, hidden: Sequence[str]) -> list[Note]:
    """The warnings for the whole file."""
    notes: list[Note] = []
    if seen.totals:
        rows = _rows(seen.totals)
        notes.append(
            Note(
                "totals_left_out",
                f"第 {rows} 行是合计行，没有作为记录导入",
                f"Totals in row {rows} are not imported as records",
                {"rows": len(seen.totals)},
            )
        )
    if seen.examples:
        rows = _rows(seen.examples)
        notes.append(
            Note(
                "example_left_out",
                f"第 {rows} 行是模板的演示行，没有导入",
                f"The template's example in row {rows} is not imported",
                {"rows": len(seen.examples)},
            )
        )
    if seen.merged:
        notes.append(
            Note(
                "merged_cells",
                f"有 {seen.merged} 行含有向下合并的单元格，已按合并区域的值补齐，请核对",
                f"{seen.merged} rows share cells merged downwards; each was given the value of the merged cell",
                {"rows": seen.merged},
            )
        )
    if hidden:
        names = "、".join(hidden[:_MOST_SHOWN])
        notes.append(
            Note(
                "hidden_sheets",
                f"隐藏的工作表没有读取：{names}；如需导入请取消隐藏",
                f"Hidden sheets are not read: {names}; show them if they are meant",
                {"sheets": len(hidden)},
            )
        )
    return notes


def _rows(numbers: Sequence[int]) -> str:
    return "、".join(map(str, numbers[:_MOST_SHOWN])) + ("……" if len(numbers) > _MOST_SHOWN else "")
