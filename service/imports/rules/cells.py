"""One row of a register: its cells by field, cleaned and typed, and what is wrong with them."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import Enum
from functools import lru_cache

from service.base.sheets import SheetRow, Value, text_of
from service.imports.rules.fields import FIELD_BY_KEY, Field
from service.imports.rules.headings import Layout
from service.imports.rules.problems import Problem, Severity


class Erasure(Enum):
    """What a cell says that asks for an existing value to be removed."""

    ERASED = "erased"


ERASED = Erasure.ERASED
# An empty cell never erases: half-filled workbooks are how registers are kept up to date.
ERASE_WORDS = frozenset({"清空", "clear"})

# Left by copying from web pages and word processors, invisible, and never meant.
_STRAY = re.compile("[\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad]")
# C0 and C1 controls but tab and line feed, direction overrides, non-characters: a person cannot see what they do.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
# Anything that is not a plain visible character or a single blank; most cells hold none and need no cleaning.
_ODD = re.compile(
    "[\x00-\x1f\x7f-\xa0\u00ad\u1680\u2000-\u200f\u2028-\u202f\u205f-\u2069\u3000\ufeff\ufffe\uffff]|  "
)
_BLANKS = re.compile(r"[^\S\n]+")
_SPACE = re.compile(r"\s+")
_COUNT = re.compile(r"([+-]?)([0-9]{1,9})(\.0*)?")
_DATE = re.compile(
    r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?(?:[ T]0{1,2}:00(?::00(?:\.0+)?)?)?"
)
_SOLID_DATE = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
# A register repeats its words by the thousand; what is remembered of them is bounded.
_REMEMBERED = 1 << 15
_SHORT = 400
# Four colours are younger than 2016; nobody reviews a risk in another century.
_YEARS = range(1980, 2101)


def is_blank(value: Value) -> bool:
    """Whether a cell holds nothing that a person sees."""
    return value.__class__ is str and (not value or str(value).isspace())


def glimpse(row: SheetRow, layout: Layout, key: str) -> str:
    """The cell of a field as the person sees it, '' where there is none; for a first look at all rows."""
    column = layout.columns.get(key)
    if column is None or column >= len(row.cells) or column in row.uncomputed:
        return ""
    value = row.cells[column]
    return "" if is_blank(value) else text_of(value)


class RowReader:
    """Reads the cells of one row by field and collects what is wrong with them."""

    def __init__(self, row: SheetRow, layout: Layout) -> None:
        self.number = row.number
        self.problems: list[Problem] = []
        self._layout = layout
        self._fields = FIELD_BY_KEY[layout.kind]
        cells, width = row.cells, len(row.cells)
        # Most fields of most rows are empty, and each is asked for more than once.
        self._given = {
            key: value
            for key, column in layout.columns.items()
            if column < width
            and (value := cells[column]) is not None
            and (value.__class__ is not str or not is_blank(value))
        }
        if row.uncomputed:
            self._refuse_formulas(row)

    def _refuse_formulas(self, row: SheetRow) -> None:
        for key, column in self._layout.columns.items():
            if column in row.uncomputed:
                self._given.pop(key, None)
                self.error(
                    key,
                    "formula_without_value",
                    "这一格是没有计算结果的公式，请在 Excel 或 WPS 中打开并保存，或改填数值",
                    "It is a formula that was never calculated; open and save the file, or write the value",
                )

    @property
    def bad(self) -> bool:
        """Whether the row has an error and is left out."""
        return bool(self.problems) and any(one.severity is Severity.ERROR for one in self.problems)

    def cell(self, key: str) -> Value:
        """The cell of a field as the file holds it; None where it is empty or has no column."""
        return self._given.get(key)

    def shown(self, key: str) -> str | None:
        """The cell as the person sees it, for a report line."""
        return text_of(self.cell(key)) or None

    def error(self, key: str | None, code: str, zh: str, en: str, *, part: str | None = None) -> None:
        """Note a mistake that leaves the row out. part: what of the cell it is about, where a cell says several things."""
        self._note(Severity.ERROR, key, code, zh, en, part)

    def warn(self, key: str | None, code: str, zh: str, en: str) -> None:
        """Note something a person should see; the row passes."""
        self._note(Severity.WARNING, key, code, zh, en)

    def _note(
        self, severity: Severity, key: str | None, code: str, zh: str, en: str, part: str | None = None
    ) -> None:
        column = None if key is None else self._layout.title(key) or self._fields[key].zh
        value = part if part is not None or key is None else self.shown(key)
        if any((known.column, known.code, known.zh) == (column, code, zh) for known in self.problems):
            return
        self.problems.append(Problem(self.number, column, value, severity, code, zh, en))

    def repeat(self, key: str, problems: Iterable[Problem]) -> None:
        """Note what was noted of a cell of this field with the same text in another row."""
        for one in problems:
            said = (one.severity, one.code, one.zh, one.en)
            self.problems.append(Problem(self.number, one.column, self.shown(key), *said))

    def text(self, key: str, *, lines: bool = False) -> str | Erasure | None:
        """A text without stray characters, blanks run together; line breaks kept only for `lines`."""
        value = self._given.get(key)
        if value is None:
            return None
        field = self._fields[key]
        if value.__class__ is str and len(value) < _SHORT:
            plain = _plain(value)
            if plain is not None and len(plain) <= field.longest:
                return plain
        elif value.__class__ is float and len(digits := text_of(value)) <= field.longest:
            return digits
        return self._cleaned(key, field, value, lines=lines)

    def _cleaned(self, key: str, field: Field, value: Value, *, lines: bool) -> str | Erasure | None:
        """A text that has to be looked at closely."""
        cleaned = text_of(value).strip()
        if _ODD.search(cleaned) is not None:
            cleaned = _STRAY.sub("", cleaned).replace("\r\n", "\n").replace("\r", "\n")
            if self._has_controls(key, cleaned):
                return None
            cleaned = (_BLANKS.sub(" ", cleaned) if lines else _SPACE.sub(" ", cleaned)).strip()
        if not cleaned:
            return None
        if cleaned.casefold() in ERASE_WORDS:
            return self._erasure(key, field)
        if len(cleaned) > field.longest:
            self.error(
                key,
                "too_long",
                f"“{field.zh}”有 {len(cleaned)} 个字，最多 {field.longest} 个，请缩短",
                f"{field.en}: {len(cleaned)} characters, at most {field.longest} are kept; shorten it",
            )
            return None
        return cleaned

    def words(self, key: str) -> str | None:
        """A text of a field that cannot be erased."""
        value = self.text(key)
        return value if isinstance(value, str) else None

    def required(self, key: str) -> str:
        """A text that must be there; '' with an error noted where it is not."""
        before = len(self.problems)
        value = self.words(key)
        if value is None and len(self.problems) == before:
            field = self._fields[key]
            self.error(key, "missing", f"缺少“{field.zh}”，请补填", f"{field.en} is missing; fill it in")
        return value or ""

    def compact(self, key: str) -> str | Erasure | None:
        """A code or a number as text: full-width characters as half-width, without any space."""
        value = self.text(key)
        return _solid(value) if isinstance(value, str) else value

    def count(self, key: str) -> int | Erasure | None:
        """A number of people or things."""
        value = self.compact(key)
        if not isinstance(value, str):
            return value
        field = self._fields[key]
        found = _COUNT.fullmatch(value)
        if found is None:
            self.error(
                key,
                "not_a_count",
                f"“{field.zh}”应为整数，此处为“{self.shown(key)}”，请只填数字",
                f"{field.en} should be a whole number, this is '{self.shown(key)}'; write digits only",
            )
            return None
        if found[1] == "-" and int(found[2]):
            self.error(
                key,
                "negative",
                f"“{field.zh}”不能是负数，此处为 {value}",
                f"{field.en} cannot be negative, this is {value}",
            )
            return None
        return int(found[2])

    def day(self, key: str) -> date | None:
        """A date: 2026-10-08, 2026/10/8, 2026.10.8, 2026年10月8日, 20261008, or a date cell."""
        value = self.cell(key)
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        given = self.text(key)
        if not isinstance(given, str):
            return None
        parts = _date_parts(given)
        if parts is None:
            self._refuse_date(key)
            return None
        day = _day_of(parts)
        if day is None:
            year, month, number = parts
            self.error(
                key,
                "impossible_date",
                f"“{self.shown(key)}”这一天不存在（{year} 年 {month} 月没有 {number} 日），请更正",
                f"There is no such day as '{self.shown(key)}'; correct it",
            )
        return day

    def _refuse_date(self, key: str) -> None:
        serial = isinstance(self.cell(key), float)
        hint = "单元格是数字，请把格式设为日期" if serial else "请写成 2026-10-08"
        hint_en = "the cell is a number: format it as a date" if serial else "write it as 2026-10-08"
        self.error(
            key,
            "unreadable_date",
            f"看不懂日期“{self.shown(key)}”，{hint}",
            f"The date '{self.shown(key)}' cannot be read; {hint_en}",
        )

    def _erasure(self, key: str, field: Field) -> Erasure | None:
        if field.erasable:
            return ERASED
        self.error(
            key,
            "not_erasable",
            f"“{field.zh}”不能清空，请填写内容或留空（留空表示不改）",
            f"{field.en} cannot be erased; write a value, or leave the cell empty to keep what is there",
        )
        return None

    def _has_controls(self, key: str, text: str) -> bool:
        found = _CONTROL.search(text)
        if found is None:
            return False
        name = f"U+{ord(found[0]):04X}"
        self.error(
            key,
            "control_character",
            f"“{self._fields[key].zh}”含有看不见的控制字符 {name}（第 {found.start() + 1} 个字），请删去重填",
            f"It holds the invisible control character {name} at place {found.start() + 1}; type it anew",
        )
        return True


@lru_cache(_REMEMBERED)
def _plain(text: str) -> str | None:
    """A text without blanks around it; None for one that is empty or has to be looked at more closely."""
    if not text or _ODD.search(text) is not None:
        return None
    stripped = text.strip()
    return None if not stripped or stripped.casefold() in ERASE_WORDS else stripped


@lru_cache(_REMEMBERED)
def _solid(text: str) -> str:
    return _SPACE.sub("", unicodedata.normalize("NFKC", text))


@lru_cache(_REMEMBERED)
def _date_parts(text: str) -> tuple[int, int, int] | None:
    """Year, month and day as written, whether there is such a day or not."""
    normal = unicodedata.normalize("NFKC", text)
    found = _DATE.fullmatch(normal) or _SOLID_DATE.fullmatch(normal)
    if found is None or int(found[1]) not in _YEARS:
        return None
    return int(found[1]), int(found[2]), int(found[3])


@lru_cache(_REMEMBERED)
def _day_of(parts: tuple[int, int, int]) -> date | None:
    """The day of year, month and day; None where there is none."""
    try:
        return date(*parts)
    except ValueError:
        return None


def split_words(text: str) -> list[str]:
    """The items of a list cell, separated by ； ; or a line break, in their order, without doubles."""
    return list(dict.fromkeys(part.strip() for part in re.split(r"[；;\n]", text) if part.strip()))


def join_words(words: Sequence[str]) -> str:
    """A list as a difference shows it."""
    return "；".join(words)
