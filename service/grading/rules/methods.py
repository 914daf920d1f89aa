"""What a grading method is: axes with allowed values, a way to combine them and bands, or direct rules.

Everything is exact decimal arithmetic. In binary doubles 36 of the 252 LEC products differ from the true
value (0.2 × 6 × 100 is one), and a score beside a boundary would then take the colour of its neighbour.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow
from enum import StrEnum

from service.codes.rules.documents import Text, parse_number, plain
from service.grading.rules.grades import Grade

# Wide enough for every product a definition may ask for (six factors of 24 digits); Inexact is a trap, so
# that a rounded score is an error and never a colour.
_EXACT = Context(prec=200, traps=[Inexact, InvalidOperation, Overflow, DivisionByZero])


class Kind(StrEnum):
    """How a method comes to its grade."""

    PRODUCT = "product"  # the numbers of the axes are multiplied: LEC, LS, 4×4
    TABLE = "table"  # every combination of values has its score in a table: any matrix at all
    DIRECT = "direct"  # a rule that applies decides by itself, whatever a score would say


class Evidence(StrEnum):
    """How well a figure or a rule is known; shown beside it, so that nobody takes memory for law."""

    PRIMARY = "primary"  # read in the standard or document itself
    IMPLEMENTED = "implemented"  # read in public software that implements it
    SECONDARY = "secondary"  # quoted by a page about it
    MEMORY = "memory"  # not verified against any text


@dataclass(frozen=True, slots=True)
class Source:
    """Where a method, a figure or a rule comes from, and how sure that is."""

    text: str
    evidence: Evidence

    def to_wire(self) -> dict[str, str]:
        return {"text": self.text, "evidence": self.evidence.value}


@dataclass(frozen=True, slots=True)
class AllowedValue:
    """One value an axis may take, and what it means in words."""

    value: str
    text: Text


@dataclass(frozen=True, slots=True)
class Axis:
    """One question with a closed list of answers, such as E (how often people are exposed)."""

    code: str
    title: Text
    values: tuple[AllowedValue, ...]

    def find(self, given: str) -> AllowedValue | None:
        """The allowed value that is meant: the same text, or the same number in another spelling (`3.0`)."""
        given = given.strip()
        number = parse_number(given)
        for allowed in self.values:
            if allowed.value == given or (number is not None and parse_number(allowed.value) == number):
                return allowed
        return None

    @property
    def expected(self) -> Text:
        """The answers it accepts, for the message to somebody who gave another."""
        names = [allowed.value for allowed in self.values]
        return Text("允许值：" + "、".join(names), "allowed values: " + ", ".join(names))


@dataclass(frozen=True, slots=True)
class Minimum:
    """A counted fact that must reach a figure, such as at least 10 workers in the place."""

    code: str
    title: Text
    minimum: Decimal
    unit: Text

    def find(self, given: str) -> AllowedValue | None:
        """The count with its meaning when it reaches the minimum, else None."""
        number = parse_number(given.strip())
        if number is None or number < self.minimum:
            return None
        limit = plain(self.minimum)
        return AllowedValue(
            plain(number), Text(f"不少于 {limit} {self.unit.zh}", f"at least {limit} {self.unit.en}")
        )

    @property
    def expected(self) -> Text:
        """The answers it accepts, for the message to somebody who gave another."""
        limit = plain(self.minimum)
        return Text(f"应不少于 {limit} {self.unit.zh}", f"needs at least {limit} {self.unit.en}")


# A fact that a direct rule asks for is answered from a list or counted.
Fact = Axis | Minimum


@dataclass(frozen=True, slots=True)
class Band:
    """An interval of scores with one grade; an absent end is unbounded."""

    grade: Grade
    low: Decimal | None
    low_closed: bool
    high: Decimal | None
    high_closed: bool

    def contains(self, score: Decimal) -> bool:
        """Whether the score lies in the interval, ends treated as stated."""
        if self.low is not None and (score < self.low or (score == self.low and not self.low_closed)):
            return False
        return self.high is None or score < self.high or (score == self.high and self.high_closed)

    def to_wire(self, symbol: str) -> dict[str, object]:
        """The interval with its ends as text, and as people write it."""
        return {
            "grade": self.grade.word,
            "low": None if self.low is None else plain(self.low),
            "low_closed": self.low_closed,
            "high": None if self.high is None else plain(self.high),
            "high_closed": self.high_closed,
            "text": self.describe(symbol),
        }

    def describe(self, symbol: str) -> str:
        """The interval as people write it: `> 320`, `70 ≤ D < 160`, `< 70`."""
        if self.low is None:
            return symbol if self.high is None else f"{'≤' if self.high_closed else '<'} {plain(self.high)}"
        if self.high is None:
            return f"{'≥' if self.low_closed else '>'} {plain(self.low)}"
        left, right = ("≤" if closed else "<" for closed in (self.low_closed, self.high_closed))
        return f"{plain(self.low)} {left} {symbol} {right} {plain(self.high)}"


@dataclass(frozen=True, slots=True)
class DirectRule:
    """A rule that decides the grade at once when all its facts hold; without facts, when a person invokes it."""

    code: str
    grade: Grade
    text: Text
    clause: str
    source: Source
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """What every method has: its name, its version, and the days on which it is in force."""

    id: str
    version: str
    kind: Kind
    title: Text
    words: tuple[str, ...]  # what registers call it, beside its id and title
    sources: tuple[Source, ...]
    valid_from: date
    valid_to: date | None  # the first day on which it is no longer in force

    def covers(self, day: date) -> bool:
        """Whether the version may be used for an assessment of that day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    def is_called(self, word: str) -> bool:
        """Whether a register's word means this method: its id, a title or one of its words, however typed."""
        names = (self.id, self.title.zh, self.title.en, *self.words)
        return _folded(word) in {_folded(name) for name in names}


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringMethod(Method):
    """A method that turns one value per axis into a score, and the score into a grade by bands."""

    symbol: str
    axes: tuple[Axis, ...]
    table: Mapping[tuple[str, ...], Decimal]  # one score per combination when kind is table, else empty
    bands: tuple[Band, ...]  # from the greatest scores down

    def score(self, chosen: Sequence[AllowedValue]) -> Decimal:
        """The exact score of one allowed value per axis, in the order of the axes."""
        if self.kind is Kind.TABLE:
            return self.table[tuple(allowed.value for allowed in chosen)]
        return multiply(Decimal(allowed.value) for allowed in chosen)

    def expression(self, chosen: Sequence[AllowedValue]) -> str:
        """The calculation in one line: `3 × 6 × 40 = 720`, or `L=3, S=4 → 12` for a table."""
        score = plain(self.score(chosen))
        if self.kind is Kind.TABLE:
            cell = ", ".join(
                f"{axis.code}={allowed.value}" for axis, allowed in zip(self.axes, chosen, strict=True)
            )
            return f"{cell} → {score}"
        return f"{' × '.join(allowed.value for allowed in chosen)} = {score}"

    def band_of(self, score: Decimal) -> Band:
        """The one band that holds the score; a published method has one for every score it can reach."""
        (band,) = (band for band in self.bands if band.contains(score))
        return band


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectMethod(Method):
    """A list of rules, each of which decides by itself."""

    rules: tuple[DirectRule, ...]


def in_force(methods: Iterable[Method], *, on: date) -> list[Method]:
    """The version of each method that is in force on a day: the latest begun and not yet ended, by id."""
    latest: dict[str, Method] = {}
    for method in methods:
        known = latest.get(method.id)
        if method.covers(on) and (known is None or method.valid_from > known.valid_from):
            latest[method.id] = method
    return [latest[method_id] for method_id in sorted(latest)]


def called(methods: Iterable[Method], word: str, *, on: date) -> list[Method]:
    """The methods in force on a day that a register's word may mean: one, none, or several to choose from."""
    return [method for method in in_force(methods, on=on) if method.is_called(word)]


def _folded(word: str) -> str:
    """A word without the accidents of typing: width, case, spaces."""
    return "".join(unicodedata.normalize("NFKC", word).casefold().split())


def multiply(factors: Iterable[Decimal]) -> Decimal:
    """The exact product; raises decimal.Inexact rather than round."""
    product = Decimal(1)
    for factor in factors:
        product = _EXACT.multiply(product, factor)
    return product


def reachable_scores(axes: Sequence[Axis], table: Mapping[tuple[str, ...], Decimal] | None) -> list[Decimal]:
    """Every score the axes can produce, ascending: the table's entries, or all products when it is None."""
    if table is not None:
        return sorted(set(table.values()))
    scores = {Decimal(1)}
    for axis in axes:
        numbers = [Decimal(allowed.value) for allowed in axis.values]
        scores = {multiply(pair) for pair in ((score, number) for score in scores for number in numbers)}
    return sorted(scores)
