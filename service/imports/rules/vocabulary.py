"""The words that a register may use: code lists by code and by name, grades, and what stands for them."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

from service.grading.rules.grades import GRADE_WORDS, Grade
from service.grading.rules.methods import Method
from service.imports.rules.cells import Erasure, RowReader, split_words
from service.imports.rules.problems import Problem

# What separates the items of a list where ； and ; do not; a name may hold these, so the whole text is tried first.
_LOOSE = re.compile(r"[、,，/]")
# A measure may begin with its kind: 【工程技术】… says so for sure, 工程技术：… where the word is a kind.
_MARKED_KIND = re.compile(r"[【\[]([^】\]]{1,40})[】\]]\s*(.+)", re.DOTALL)
_LED_KIND = re.compile(r"([^：:]{1,12})[：:]\s*(.+)", re.DOTALL)
_MOST_OFFERED = 12
_REMEMBERED = 1 << 14
Reading = TypeVar("Reading")


@lru_cache(1 << 15)
def fold(word: str) -> str:
    """A word as it is compared: half-width, small, without spaces."""
    return "".join(unicodedata.normalize("NFKC", word).casefold().split())


@dataclass(frozen=True)
class Edition:
    """One edition of a code list. names: code -> Chinese name."""

    name: str
    valid_from: date
    valid_to: date | None
    names: Mapping[str, str]
    _codes: Mapping[str, frozenset[str]] = field(repr=False)
    # What cells were read as and what was noted of them, by what they are read for and their text.
    _read: dict[tuple[str, str], tuple[Any, Sequence[Problem]]] = field(
        default_factory=dict, repr=False, compare=False
    )

    @classmethod
    def of(
        cls, name: str, span: tuple[date, date | None], entries: Iterable[tuple[str, str, str]]
    ) -> "Edition":
        """From (code, Chinese name, English name); a word that names two codes finds both."""
        rows = list(entries)
        codes: dict[str, set[str]] = {}
        for code, zh, en in rows:
            for word in (code, zh, en):
                codes.setdefault(fold(word), set()).add(code)
        frozen = {word: frozenset(found) for word, found in codes.items()}
        return cls(name, *span, {code: zh for code, zh, _ in rows}, frozen)

    def also(self, words: Mapping[str, str]) -> "Edition":
        """The same with more words for its codes; its own words stay."""
        more = {fold(word): frozenset({code}) for word, code in words.items()}
        return Edition(self.name, self.valid_from, self.valid_to, self.names, {**more, **self._codes})

    def covers(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    def find(self, word: str) -> frozenset[str]:
        """The codes that a word means: none, one, or several."""
        return self._codes.get(fold(word), frozenset())

    def remembered(self, row: RowReader, key: str, text: str, read: Callable[[], Reading]) -> Reading:
        """What a cell is read as; a register repeats its cells by the thousand, with their mistakes, and each is read once."""
        known = self._read.get((key, text))
        if known is not None:
            found: Reading = known[0]
            if known[1]:
                row.repeat(key, known[1])
            return found
        before = len(row.problems)
        found = read()
        # A row notes nothing twice: of one that had problems before it is not sure which are this cell's.
        if before == 0 and len(self._read) < _REMEMBERED:
            self._read[(key, text)] = found, tuple(row.problems)
        return found

    def split(self, text: str) -> list[str]:
        """The items of a list cell; a part that is no word is taken apart at 、, and / too."""
        parts: list[str] = []
        for part in split_words(text):
            loose = [piece.strip() for piece in _LOOSE.split(part) if piece.strip()]
            parts += loose if len(loose) > 1 and not self.find(part) else [part]
        return list(dict.fromkeys(parts))

    def shown(self, codes: Iterable[str]) -> str:
        """Codes by their names, as a difference shows them."""
        return "；".join(self.names.get(code, code) for code in codes)

    @property
    def offer(self) -> str:
        """Some of the names, for the person whose word was not one of them."""
        names = list(self.names.values())
        return "、".join(names[:_MOST_OFFERED]) + ("……" if len(names) > _MOST_OFFERED else "")


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """Everything a row is read against. editions of accidents: the youngest first. today: the Chinese calendar day."""

    today: date
    industries: Edition
    accidents: Sequence[Edition]
    measure_kinds: Edition
    control_levels: Edition
    methods: Sequence[Method]

    def accident_names(self, edition: str | None, codes: Iterable[str]) -> str:
        """Accident categories by name, whatever edition they were recorded in."""
        known = next((one for one in self.accidents if one.name == edition), self.accidents[0])
        return known.shown(codes)


def read_codes(row: RowReader, key: str, edition: Edition) -> tuple[str, ...] | Erasure | None:
    """The codes of a list cell; every unknown or ambiguous word is an error of its own."""
    text = row.text(key, lines=True)
    if not isinstance(text, str):
        return text
    return edition.remembered(row, key, text, lambda: _codes_of(row, key, text, edition))


def _codes_of(row: RowReader, key: str, text: str, edition: Edition) -> tuple[str, ...]:
    codes = [_code_of(row, key, word, edition) for word in edition.split(text)]
    return tuple(dict.fromkeys(code for code in codes if code is not None))


def read_code(row: RowReader, key: str, edition: Edition) -> str | Erasure | None:
    """The one code of a cell."""
    text = row.text(key)
    return _code_of(row, key, text, edition) if isinstance(text, str) else text


def _code_of(row: RowReader, key: str, word: str, edition: Edition) -> str | None:
    found = edition.find(word)
    if len(found) == 1:
        return next(iter(found))
    if found:
        names = "、".join(sorted(found))
        row.error(
            key,
            "ambiguous_word",
            f"“{word}”可指多个代码，请改填代码：{names}",
            f"'{word}' means several codes; write one of {names}",
        )
    else:
        row.error(
            key,
            "unknown_word",
            f"代码表中没有“{word}”，可用：{edition.offer}",
            f"'{word}' is not in the code list; known are {edition.offer}",
        )
    return None


def read_accidents(
    row: RowReader, vocabulary: Vocabulary, day: date
) -> tuple[str, tuple[str, ...]] | Erasure | None:
    """The edition and codes of the accident categories.

    The edition in force on the day of the assessment is tried first; a register written in an older one keeps it.
    """
    text = row.text("accident_categories", lines=True)
    if not isinstance(text, str):
        return text
    current = next((one for one in vocabulary.accidents if one.covers(day)), vocabulary.accidents[0])
    return current.remembered(
        row, "accident_categories", text, lambda: _accidents_of(row, vocabulary, text, current)
    )


def _accidents_of(
    row: RowReader, vocabulary: Vocabulary, text: str, current: Edition
) -> tuple[str, tuple[str, ...]] | None:
    others = [edition for edition in vocabulary.accidents if edition is not current]
    for edition in (current, *others):
        found = [edition.find(word) for word in edition.split(text)]
        if all(len(codes) == 1 for codes in found):
            if edition is not current:
                row.warn(
                    "accident_categories",
                    "other_edition",
                    f"“{text}”是 {edition.name} 的事故类别，按该版保存；现行为 {current.name}",
                    f"'{text}' belongs to {edition.name} and is kept so; {current.name} is in force",
                )
            return edition.name, tuple(dict.fromkeys(code for codes in found for code in codes))
    read_codes(row, "accident_categories", current)
    return None


@dataclass(frozen=True, slots=True)
class GivenMeasure:
    """One control measure: its kind, where the register names one, and its text."""

    kind: str | None
    text: str


def read_measures(row: RowReader, kinds: Edition) -> tuple[GivenMeasure, ...] | Erasure | None:
    """The measures of a row, separated by line breaks or ；, each perhaps with its kind in front."""
    text = row.text("measures", lines=True)
    if not isinstance(text, str):
        return text
    return kinds.remembered(row, "measures", text, lambda: _measures_of(row, text, kinds))


def _measures_of(row: RowReader, text: str, kinds: Edition) -> tuple[GivenMeasure, ...]:
    measures: list[GivenMeasure] = []
    for part in split_words(text):
        marked, led = _MARKED_KIND.fullmatch(part), _LED_KIND.fullmatch(part)
        if marked:
            measures.append(
                GivenMeasure(_code_of(row, "measures", marked[1].strip(), kinds), marked[2].strip())
            )
        elif led and len(found := kinds.find(led[1])) == 1:
            measures.append(GivenMeasure(next(iter(found)), led[2].strip()))
        else:
            measures.append(GivenMeasure(None, part))
    return tuple(measures)


def shown_measures(measures: Iterable[GivenMeasure], kinds: Edition) -> str:
    """Measures as a difference shows them."""
    return "；".join(
        f"【{kinds.names.get(measure.kind, measure.kind)}】{measure.text}" if measure.kind else measure.text
        for measure in measures
    )


_GRADES = {
    fold(word): grade
    for grade, colour in ((Grade.MAJOR, "红"), (Grade.LARGE, "橙"), (Grade.GENERAL, "黄"), (Grade.LOW, "蓝"))
    for name in (grade.text.zh, grade.text.zh + "风险", colour, colour + "色", grade.word, grade.colour)
    for word in (
        name,
        f"{grade.text.zh}({colour}色)",
        f"{grade.text.zh}风险({colour}色)",
        f"{grade.text.zh}({colour})",
    )
}


def read_grade(row: RowReader, key: str) -> Grade | None:
    """A stated grade. A bare number is refused: public systems count from 0, from 1 and backwards."""
    text = row.words(key)
    if text is None:
        return None
    grade = _GRADES.get(fold(text))
    if grade is None:
        row.error(
            key,
            "unknown_grade",
            f"看不懂风险等级“{text}”，请填 重大、较大、一般 或 低（数字各系统含义不同，不接受）",
            f"The grade '{text}' is not known; write {', '.join(GRADE_WORDS)} or the Chinese words, not a number",
        )
    return grade
