"""From a definition document to a method: the only way a method comes into being.

A document is what a YAML file holds, all scalars as text (`service.codes.rules.strict_yaml`), or the
canonical form that is stored with a published version. Its keys are described in
`grading/definitions/README.md`.
"""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import islice, product
from math import prod
from typing import TypedDict

from service.codes.rules.documents import (
    DefinitionRejected,
    Node,
    Problem,
    Text,
    parse_number,
    plain,
    refuse_doubles,
)
from service.grading.rules.grades import GRADE_WORDS, Grade
from service.grading.rules.methods import (
    AllowedValue,
    Axis,
    Band,
    DirectMethod,
    DirectRule,
    Evidence,
    Fact,
    Kind,
    Method,
    Minimum,
    ScoringMethod,
    Source,
    reachable_scores,
)
from service.grading.rules.soundness import PlacedBand, check_line, check_reach

IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,63}")
VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,31}")
AXIS_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,31}")

# LEC has 252 combinations and six-axis methods exist; this only stops a definition from costing minutes.
MOST_COMBINATIONS = 20_000
MOST_AXES = 6

# Stands in a half-read method, which is never returned, where a date was refused.
_NO_DATE = date.min

_COMMON = ("id", "version", "kind", "title", "sources", "valid_from")
_PARTS = {
    Kind.PRODUCT: ("symbol", "axes", "bands"),
    Kind.TABLE: ("symbol", "axes", "table", "bands"),
    Kind.DIRECT: ("rules",),
}


class _Header(TypedDict):
    """What every method has, as keyword arguments of its class."""

    id: str
    version: str
    kind: Kind
    title: Text
    words: tuple[str, ...]
    sources: tuple[Source, ...]
    valid_from: date
    valid_to: date | None


def parse_method(document: object) -> Method:
    """Read and check a whole definition.

    Raises DefinitionRejected with all problems, each with its path: shape, texts, axes, bands over the
    reachable scores and over the whole line between them.
    """
    problems: list[Problem] = []
    root = Node(document, path="", problems=problems)
    stated = str(document.get("kind")).strip() if isinstance(document, dict) else ""
    kind = Kind(stated) if stated in list(Kind) else None
    parts = _PARTS[kind] if kind else ()
    unknown = () if kind else ("symbol", "axes", "table", "bands", "rules")
    fields = root.as_fields(required=(*_COMMON, *parts), optional=("words", "valid_to", *unknown))
    fields["kind"].as_one_of(list(Kind))
    header = _read_header(fields, kind or Kind.DIRECT)
    method: Method
    if "axes" in parts:
        method = _read_scoring(fields, header)
    else:
        method = DirectMethod(**header, rules=_read_rules(fields["rules"]) if parts else ())
    if problems:
        raise DefinitionRejected(problems)
    return method


def _read_header(fields: dict[str, Node], kind: Kind) -> _Header:
    begins = fields["valid_from"].as_date() or _NO_DATE
    ends = fields["valid_to"].as_date() if "valid_to" in fields else None
    if ends is not None and ends <= begins:
        fields["valid_to"].refuse("失效日期应晚于生效日期", "should be later than valid_from")
    return _Header(
        id=fields["id"].as_matching(
            IDENTIFIER, zh="小写字母、数字、下划线", en="an identifier of a-z, 0-9 and underscore"
        ),
        version=fields["version"].as_matching(
            VERSION, zh="字母、数字、点、连字符", en="a version of letters, digits, dots and hyphens"
        ),
        kind=kind,
        title=fields["title"].as_translated(),
        words=_read_words(fields["words"]) if "words" in fields else (),
        sources=tuple(_read_source(node) for node in fields["sources"].as_items()),
        valid_from=begins,
        valid_to=ends,
    )


def _read_words(node: Node) -> tuple[str, ...]:
    items = node.as_items()
    words = tuple(item.as_text(longest=64) for item in items)
    refuse_doubles(zip(items, words, strict=True))
    return words


def _read_source(node: Node) -> Source:
    fields = node.as_fields(required=("text", "evidence"))
    stated = fields["evidence"].as_one_of(list(Evidence))
    return Source(fields["text"].as_text(), Evidence(stated) if stated else Evidence.MEMORY)


def _read_scoring(fields: dict[str, Node], header: _Header) -> ScoringMethod:
    """The axes, the table and the bands; what leans on another part is checked only if that part is sound."""
    problems = fields["axes"].problems
    known = len(problems)
    axes = _read_axes(fields["axes"], numeric=header["kind"] is Kind.PRODUCT)
    table: dict[tuple[str, ...], Decimal] = {}
    if header["kind"] is Kind.TABLE:
        table = _read_table(fields["table"], axes if len(problems) == known else ())
    axes_sound = len(problems) == known
    known = len(problems)
    placed = _read_bands(fields["bands"])
    if len(problems) == known:
        check_line(placed)
    whole = axes and placed and (table or header["kind"] is Kind.PRODUCT)
    if whole and axes_sound and len(problems) == known:
        scores = reachable_scores(axes, table if header["kind"] is Kind.TABLE else None)
        check_reach(placed, scores, fields["bands"])
    return ScoringMethod(
        **header,
        symbol=fields["symbol"].as_text(longest=16),
        axes=axes,
        table=table,
        bands=tuple(band for _, band in placed),
    )


def _read_axes(node: Node, *, numeric: bool) -> tuple[Axis, ...]:
    items = node.as_items()
    axes = tuple(_read_axis(item, numeric=numeric) for item in items)
    if len(items) > MOST_AXES:
        node.refuse(f"最多 {MOST_AXES} 个维度", f"at most {MOST_AXES} axes are possible")
    elif prod(len(axis.values) for axis in axes) > MOST_COMBINATIONS:
        node.refuse(
            f"输入组合超过 {MOST_COMBINATIONS} 种", f"there are more than {MOST_COMBINATIONS} combinations"
        )
    refuse_doubles((item, axis.code) for item, axis in zip(items, axes, strict=True))
    return axes


def _read_axis(node: Node, *, numeric: bool) -> Axis:
    fields = node.as_fields(required=("code", "title", "values"))
    return Axis(
        code=_read_code(fields["code"]),
        title=fields["title"].as_translated(),
        values=_read_values(fields["values"], numeric=numeric),
    )


def _read_values(node: Node, *, numeric: bool) -> tuple[AllowedValue, ...]:
    items = node.as_items()
    values = tuple(_read_value(item, numeric=numeric) for item in items)
    refuse_doubles((item, _meaning(allowed.value)) for item, allowed in zip(items, values, strict=True))
    return values


def _meaning(value: str) -> object:
    """What makes a value the same as another: `3` and `3.0` are one, and could otherwise carry two texts."""
    number = parse_number(value)
    return value if number is None else number


def _read_value(node: Node, *, numeric: bool) -> AllowedValue:
    fields = node.as_fields(required=("value", "text"))
    if numeric:
        number = fields["value"].as_number()
        value = "" if number is None else plain(number)
    else:
        value = fields["value"].as_text(longest=32)
    return AllowedValue(value, fields["text"].as_translated())


def _read_table(node: Node, axes: Sequence[Axis]) -> dict[tuple[str, ...], Decimal]:
    """The score of every combination: rows of one value per axis and the score, each combination exactly
    once.

    With no axes (they were refused) only the shape of the rows is read.
    """
    table: dict[tuple[str, ...], Decimal] = {}
    placed: list[tuple[Node, object]] = []
    for row in node.as_items():
        cells = row.as_items()
        if len(cells) < 2 or (axes and len(cells) != len(axes) + 1):
            row.refuse("每行应为各维度的值加上分值", "a row is one value per axis, then the score")
            continue
        score = cells[-1].as_number()
        found = tuple(_read_cell(cell, axis) for cell, axis in zip(cells, axes, strict=False))
        placed.append((row, found or None))
        if score is not None:
            table[found] = score
    refuse_doubles(placed)
    every = product(*([allowed.value for allowed in axis.values] for axis in axes))
    missing = [cell for cell in islice(every, MOST_COMBINATIONS) if cell not in table] if axes else []
    if missing:
        shown = "; ".join(", ".join(cell) for cell in missing[:5])
        node.refuse(
            f"缺少 {len(missing)} 种组合：{shown}", f"{len(missing)} combinations are missing: {shown}"
        )
    return table


def _read_cell(node: Node, axis: Axis) -> str:
    given = node.as_text(longest=32)
    found = axis.find(given)
    if given and found is None:
        node.refuse(
            f"{axis.code} 没有值“{given}”；{axis.expected.zh}",
            f"{axis.code} has no '{given}'; {axis.expected.en}",
        )
    return found.value if found else ""


def _read_bands(node: Node) -> list[PlacedBand]:
    return [(item, _read_band(item)) for item in node.as_items()]


def _read_band(node: Node) -> Band:
    """One band: `above` or `from` is the lower end (open, closed), `below` or `to` the upper."""
    fields = node.as_fields(required=("grade",), optional=("above", "from", "below", "to"))
    if "above" in fields and "from" in fields:
        node.refuse("above 与 from 只能有一个", "has both above and from: one lower end is enough")
    if "below" in fields and "to" in fields:
        node.refuse("below 与 to 只能有一个", "has both below and to: one upper end is enough")
    low = fields.get("from") or fields.get("above")
    high = fields.get("to") or fields.get("below")
    word = fields["grade"].as_one_of(GRADE_WORDS)
    return Band(
        grade=Grade.of_word(word) if word else Grade.LOW,
        low=low.as_number() if low else None,
        low_closed="from" in fields,
        high=high.as_number() if high else None,
        high_closed="to" in fields,
    )


def _read_rules(node: Node) -> tuple[DirectRule, ...]:
    items = node.as_items()
    rules = tuple(_read_rule(item) for item in items)
    refuse_doubles((item, rule.code) for item, rule in zip(items, rules, strict=True))
    return rules


def _read_rule(node: Node) -> DirectRule:
    fields = node.as_fields(required=("code", "grade", "text", "clause", "source", "facts"))
    word = fields["grade"].as_one_of(GRADE_WORDS)
    items = fields["facts"].as_items(at_least=0)
    facts = tuple(_read_fact(item) for item in items)
    refuse_doubles((item, fact.code) for item, fact in zip(items, facts, strict=True))
    return DirectRule(
        code=fields["code"].as_matching(
            IDENTIFIER, zh="小写字母、数字、下划线", en="an identifier of a-z, 0-9 and underscore"
        ),
        grade=Grade.of_word(word) if word else Grade.LOW,
        text=fields["text"].as_translated(),
        clause=fields["clause"].as_text(),
        source=_read_source(fields["source"]),
        facts=facts,
    )


def _read_fact(node: Node) -> Fact:
    """A fact is answered from a list (`values`) or counted (`minimum` with its `unit`)."""
    if isinstance(node.value, dict) and "minimum" in node.value:
        fields = node.as_fields(required=("code", "title", "minimum", "unit"))
        return Minimum(
            code=_read_code(fields["code"]),
            title=fields["title"].as_translated(),
            minimum=fields["minimum"].as_number() or Decimal(0),
            unit=fields["unit"].as_translated(),
        )
    return _read_axis(node, numeric=False)


def _read_code(node: Node) -> str:
    return node.as_matching(
        AXIS_CODE, zh="字母开头，字母、数字、下划线", en="a code of letters, digits and underscore"
    )
