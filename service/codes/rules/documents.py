"""Strict reading of a definition document: every mistake is collected, each with its path in the document.

Definitions (grading methods, code lists) are written by people who know safety, not Python. So a reader here
never stops at the first mistake and never guesses: an unknown key, a doubled key, a missing translation is a
problem with a path such as `axes[1].values[0].text.en`, and the author sees all of them at once.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from service.base.errors import Rejected

# Far longer than any wording of a standard; keeps a damaged file from becoming a text on a map.
LONGEST_TEXT = 2_000

# A message is read by a person; all problems are in the error's details.
PROBLEMS_IN_MESSAGE = 5

# Twelve digits before and after the point are far beyond any published scale, and keep every product exact.
NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,12})?")


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence or a name in both languages of the service."""

    zh: str
    en: str

    def to_wire(self) -> dict[str, str]:
        return {"zh": self.zh, "en": self.en}


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: where it stands and what is wrong with it."""

    path: str
    message: Text

    def to_wire(self) -> dict[str, object]:
        return {"path": self.path, "message": self.message.to_wire()}


def parse_number(text: str) -> Decimal | None:
    """Read a plain decimal such as `0.5`; anything else, signs and exponents included, is None."""
    return Decimal(text) if NUMBER.fullmatch(text) else None


def plain(number: Decimal) -> str:
    """Write a number without exponent and without idle zeros, exactly: `720`, `0.5`, never `7.2E+2`."""
    text = format(number, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


class ProblemsFound(Rejected):
    """Something was refused for reasons that can all be named at once, each with its path."""

    subject: ClassVar[Text]

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        shown = self.problems[:PROBLEMS_IN_MESSAGE]
        rest = len(self.problems) - len(shown)
        zh = "；".join(f"{problem.path}：{problem.message.zh}" for problem in shown)
        en = "; ".join(f"{problem.path}: {problem.message.en}" for problem in shown)
        super().__init__(
            f"{self.subject.zh}：{zh}{f'；另有 {rest} 处' if rest else ''}",
            f"{self.subject.en}: {en}{f'; and {rest} more' if rest else ''}",
            details={"problems": [problem.to_wire() for problem in self.problems]},
        )


class DefinitionRejected(ProblemsFound):
    """A definition is not sound; carries every problem that was found."""

    subject = Text("定义未被接受", "The definition is refused")


class _Missing:
    """Stands where a required key is absent; reading it is silent, as the absence is reported."""


class Node:
    """One value of a document together with its path; reading it either succeeds or notes a problem.

    Every `as_…` method returns a harmless placeholder after noting a problem, so that a caller can go on and
    find the next mistake. Nothing read through a node may be used before `problems` has been seen empty.
    """

    def __init__(self, value: object, *, path: str, problems: list[Problem]) -> None:
        self.value = value
        self.path = path
        self.problems = problems

    def refuse(self, zh: str, en: str) -> None:
        """Note a problem at this path, unless the value is missing and that has been said already."""
        if not isinstance(self.value, _Missing):
            self.problems.append(Problem(self.path or "$", Text(zh, en)))

    def child(self, key: str | int, value: object) -> "Node":
        """The node of one member, its path extended in the usual notation."""
        step = f"[{key}]" if isinstance(key, int) else (f".{key}" if self.path else key)
        return Node(value, path=self.path + step, problems=self.problems)

    def as_fields(self, *, required: Collection[str], optional: Collection[str] = ()) -> dict[str, "Node"]:
        """The members of a mapping: all the required, perhaps as missing nodes, and the optional given."""
        members: Mapping[object, object] = self.value if isinstance(self.value, Mapping) else {}
        if not isinstance(self.value, Mapping):
            self.refuse("应为键值对", "should be a mapping of keys to values")
        else:
            for key in members:
                if key not in required and key not in optional:
                    known = ", ".join([*required, *optional])
                    self.child(str(key), members[key]).refuse(
                        f"未知的键；可用的键：{known}", f"unknown key; the keys here are: {known}"
                    )
        fields = {}
        for key in required:
            if key not in members:
                if isinstance(self.value, Mapping):
                    self.child(key, None).refuse("缺少此项", "is missing")
                fields[key] = self.child(key, _Missing())
            else:
                fields[key] = self.child(key, members[key])
        fields.update({key: self.child(key, members[key]) for key in optional if key in members})
        return fields

    def as_items(self, *, at_least: int = 1) -> list["Node"]:
        """The members of a list, in their order."""
        if not isinstance(self.value, list):
            self.refuse("应为列表", "should be a list")
            return []
        if len(self.value) < at_least:
            self.refuse(f"至少需要 {at_least} 项", f"needs at least {at_least} item(s)")
        return [self.child(index, item) for index, item in enumerate(self.value)]

    def as_text(self, *, longest: int = LONGEST_TEXT) -> str:
        """A text that says something; numbers are accepted as their own digits, binary fractions are not."""
        if isinstance(self.value, int) and not isinstance(self.value, bool):
            return str(self.value)
        if isinstance(self.value, float):
            self.refuse(
                "请给小数加引号：二进制浮点数不精确",
                "put the number in quotes: a binary fraction is not exact",
            )
        elif not isinstance(self.value, str):
            self.refuse("应为文字", "should be text")
        elif not self.value.strip():
            self.refuse("文字不能为空", "the text is empty")
        elif len(self.value) > longest:
            self.refuse(f"文字超过 {longest} 个字符", f"the text is longer than {longest} characters")
        elif "\x00" in self.value:
            # PostgreSQL cannot store it; found here it has a path, found there it is a stack trace.
            self.refuse("文字含有空字符", "the text contains a NUL character")
        else:
            return self.value.strip()
        return ""

    def as_matching(self, pattern: re.Pattern[str], *, zh: str, en: str) -> str:
        """A text of a stated form; `zh` and `en` describe the form to the author."""
        text = self.as_text()
        if text and not pattern.fullmatch(text):
            self.refuse(f"“{text}”不合规定：{zh}", f"'{text}' is not {en}")
            return ""
        return text

    def as_one_of(self, allowed: Collection[str]) -> str:
        """One of the allowed words."""
        text = self.as_text()
        if text and text not in allowed:
            names = ", ".join(allowed)
            self.refuse(f"“{text}”不在允许值内：{names}", f"'{text}' is not one of: {names}")
            return ""
        return text

    def as_number(self) -> Decimal | None:
        """An exact non-negative number."""
        text = self.as_text()
        number = parse_number(text)
        if text and number is None:
            self.refuse(f"“{text}”不是非负十进制数", f"'{text}' is not a plain non-negative decimal number")
        return number

    def as_date(self) -> date | None:
        """A calendar day written as YYYY-MM-DD."""
        text = self.as_text()
        if not text:
            return None
        try:
            if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
                return date.fromisoformat(text)
        except ValueError:
            pass  # 2017-11-31 has the form of a date and is none
        self.refuse(f"“{text}”不是有效日期（YYYY-MM-DD）", f"'{text}' is not a date (YYYY-MM-DD)")
        return None

    def as_translated(self) -> Text:
        """A text in both languages; neither may be missing."""
        fields = self.as_fields(required=("zh", "en"))
        return Text(fields["zh"].as_text(), fields["en"].as_text())


def refuse_doubles(placed: Iterable[tuple[Node, object]]) -> None:
    """Note every item whose key an earlier item has already; empty keys are reported elsewhere."""
    seen: dict[object, Node] = {}
    for node, key in placed:
        if key in ("", None):
            continue
        if key in seen:
            node.refuse(f"重复：与 {seen[key].path} 相同", f"is given twice: the same as {seen[key].path}")
        seen.setdefault(key, node)
