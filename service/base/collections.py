"""A collection of features as a value: what a floor declares once, and every door for programs serves.

A floor says in its layers.py what a feature of it carries, and which statement gives the rows. Pages, downloads, filters,
schemas and the pages for people are made of that, so none of them names a column of its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from geo.tiles import Field, GeometryKind, Layer


class ColumnKind(StrEnum):
    """What the values of a column are, as far as JSON, files and filters tell them apart."""

    TEXT = "text"
    INTEGER = "integer"  # 64 bits
    NUMBER = "number"  # a double
    BOOLEAN = "boolean"
    DATE = "date"
    INSTANT = "instant"  # with its offset; UTC on the wire
    TEXTS = "texts"  # a list of texts; codes, never sentences


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that a column of a closed list may have, with its titles."""

    value: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Column(Field):
    """One attribute of a feature: a field with the kind of its values.

    choices: all values there are, where the list is closed and ours. code_list: the list of codes that the values come
    from, where it is versioned and kept in the database.
    """

    kind: ColumnKind = ColumnKind.TEXT
    choices: tuple[Choice, ...] = ()
    code_list: str | None = None


@dataclass(frozen=True, kw_only=True)
class Collection:
    """A collection of features.

    rows: floor and name of the statement that selects them: `id` (unique), `shape` (EPSG:4490 or NULL), the columns by their
    names, and keys, what pages are ordered by (unique together; integers, where it is not the id). Its parameters: `west`,
    `south`, `east`, `north` (the 4″ cells that a shape may lie in; NULL for everywhere) and `today` (a date). rows_at: the
    same with `at` (an instant), as it was recorded then; None where nothing is kept of the past. layer: the map layer that
    shows the same rows, where there is one. numbered: ids are numbers that the database gave, one after another.
    """

    id: str
    title_zh: str
    title_en: str
    description_zh: str
    description_en: str
    geometry: GeometryKind
    id_kind: ColumnKind
    columns: tuple[Column, ...]
    rows: tuple[str, str]
    keys: tuple[str, ...] = ("id",)
    rows_at: tuple[str, str] | None = None
    layer: Layer | None = None
    numbered: bool = False

    def column(self, name: str) -> Column | None:
        """The column of a name; None where there is none."""
        return next((one for one in self.columns if one.name == name), None)


# What each row that is kept with its history carries.
KEPT = (
    Column("demo", "演示数据", "Demonstration", kind=ColumnKind.BOOLEAN),
    Column("version", "版本", "Version", "Counts the changes of a row", kind=ColumnKind.INTEGER),
    Column("recorded_from", "登记时间", "Recorded from", kind=ColumnKind.INSTANT),
)


def of_choices(pairs: Iterable[tuple[str, str, str]]) -> tuple[Choice, ...]:
    """The choices of a closed list, from value, Chinese and English title."""
    return tuple(Choice(value, zh, en) for value, zh, en in pairs)
