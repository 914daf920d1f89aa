"""What a CQL2 filter (OGC 21-065r2) means in SQL: an allow-list of operators over the columns of a collection.

No text of a caller gets into the SQL: literals are bound, names are looked up among the queryables. Kinds are checked here, so
that the database is never asked what it would refuse. NULL is as in SQL: a comparison with it is not true.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from service.base.collections import ColumnKind
from service.base.errors import Rejected
from service.ogc.rules.asking import Condition
from service.ogc.rules.cql2_shapes import shape_of
from service.ogc.rules.cql2_times import TEMPORAL, Moment, moment_of, relation
from service.ogc.rules.cql2_trees import Tree
from service.ogc.rules.crs import DEFAULT, Crs
from service.ogc.rules.extents import Box

Kind = ColumnKind | Literal["geometry", "moment", "interval"]

_COMPARING = {"=": "=", "<>": "<>", "<": "<", ">": ">", "<=": "<=", ">=": ">="}
_SPATIAL = {
    "s_intersects": "ST_Intersects",
    "s_equals": "ST_Equals",
    "s_disjoint": "ST_Disjoint",
    "s_touches": "ST_Touches",
    "s_within": "ST_Within",
    "s_overlaps": "ST_Overlaps",
    "s_crosses": "ST_Crosses",
    "s_contains": "ST_Contains",
}
# Of these a row that matches meets the literal, so that it can be looked for by cells.
_MEETING = {"s_intersects", "s_equals", "s_touches", "s_within", "s_overlaps", "s_crosses", "s_contains"}
_ARRAYS = {"a_equals": "=", "a_contains": "@>", "a_containedby": "<@", "a_overlaps": "&&"}
# A division by nothing is NULL, which no row is asked for by; other sums that go wrong are caught where they are done.
_ARITHMETIC = {
    "+": "({0} + {1})",
    "-": "({0} - {1})",
    "*": "({0} * {1})",
    "/": "({0} / NULLIF({1}, 0))",
    "div": "div({0}::numeric, NULLIF({1}, 0)::numeric)::double precision",
    "%": "mod({0}::numeric, NULLIF({1}, 0)::numeric)::double precision",
    "^": "power({0}, {1})",
}
_NUMBERS = {ColumnKind.INTEGER, ColumnKind.NUMBER}
_WORDS: dict[Any, tuple[str, str]] = {
    ColumnKind.TEXT: ("文字", "a text"),
    ColumnKind.INTEGER: ("数", "a number"),
    ColumnKind.NUMBER: ("数", "a number"),
    ColumnKind.BOOLEAN: ("真假", "true or false"),
    ColumnKind.DATE: ("日期", "a date"),
    ColumnKind.INSTANT: ("时刻", "a moment"),
    ColumnKind.TEXTS: ("列表", "a list of texts"),
    "geometry": ("图形", "a geometry"),
    "moment": ("日期或时刻", "a date or a moment"),
    "interval": ("区间", "an interval"),
}


@dataclass(frozen=True, slots=True)
class Term:
    """A value in SQL. text: a literal's, where it is one, as it may stand for a date. moment: of temporal values."""

    sql: str
    kind: Kind
    text: str | None = None
    moment: Moment | None = None


@dataclass
class Meaning:
    """A filter on its way into SQL. reach: what every row that matches must meet, where that is known, in degrees."""

    columns: Mapping[str, ColumnKind]
    crs: Crs
    parameters: dict[str, object] = field(default_factory=dict)
    reach: Box | None = None

    def bind(self, value: object, cast: str) -> str:
        """A parameter for a literal."""
        name = f"c{len(self.parameters)}"
        self.parameters[name] = value
        return f"%({name})s::{cast}"


def condition_of(
    tree: Tree, columns: Mapping[str, ColumnKind], *, crs: Crs = DEFAULT
) -> tuple[Condition, Box | None]:
    """The condition that a filter makes on rows called item, and what its rows must meet. crs: of its geometries.

    columns: what it may name, beside `geometry`. Raises Rejected for anything that is not on the list.
    """
    meaning = Meaning(columns, crs)
    for part in _conjuncts(tree):
        _note_reach(part, meaning)
    return Condition(_predicate(tree, meaning), meaning.parameters), meaning.reach


def names_of(tree: Tree) -> set[str]:
    """Which properties a filter names."""
    if isinstance(tree, list):
        return {name for part in tree for name in names_of(part)}
    if not isinstance(tree, dict):
        return set()
    own = {tree["property"]} if isinstance(tree.get("property"), str) else set()
    return own | {name for part in tree.values() for name in names_of(part)}


def _conjuncts(tree: Tree) -> list[Tree]:
    if isinstance(tree, dict) and tree.get("op") == "and" and isinstance(tree.get("args"), list):
        return [each for part in tree["args"] for each in _conjuncts(part)]
    return [tree]


def _note_reach(tree: Tree, meaning: Meaning) -> None:
    if not isinstance(tree, dict) or str(tree.get("op")).lower() not in _MEETING or meaning.reach is not None:
        return
    args = tree.get("args")
    if isinstance(args, list) and len(args) == 2 and {"property": "geometry"} in args:
        other = args[1] if args[0] == {"property": "geometry"} else args[0]
        if isinstance(other, dict) and "property" not in other:
            meaning.reach = shape_of(other, meaning.crs).box


def _predicate(tree: Tree, meaning: Meaning) -> str:
    """A condition. Raises Rejected for a value that is no condition."""
    if isinstance(tree, bool):
        return "true" if tree else "false"
    if isinstance(tree, dict) and "op" in tree:
        op, args = _operation(tree)
        if op in {"and", "or"}:
            if not args:
                raise _wrong_number(op)
            return "(" + f" {op.upper()} ".join(_predicate(part, meaning) for part in args) + ")"
        if op == "not":
            return f"(NOT {_predicate(_only(op, args), meaning)})"
        for operators, make in _PREDICATES:
            if op in operators:
                return make(op, args, meaning)
    term = _term(tree, meaning)
    if term.kind is not ColumnKind.BOOLEAN:
        raise _not_a("条件", "a condition", term)
    return term.sql


def _operation(tree: Mapping[str, Any]) -> tuple[str, list[Tree]]:
    op, args = tree.get("op"), tree.get("args")
    if not isinstance(op, str) or not isinstance(args, list):
        raise Rejected(
            "filter 中 op 应为文字，args 应为列表。", "In a filter op is a text and args are a list."
        )
    return ("isNull" if op.lower() == "isnull" else op.lower()), args


def _only(op: str, args: Sequence[Tree]) -> Tree:
    if len(args) != 1:
        raise _wrong_number(op)
    return args[0]


def _pair(op: str, args: Sequence[Tree]) -> tuple[Tree, Tree]:
    if len(args) != 2:
        raise _wrong_number(op)
    return args[0], args[1]


def _term(tree: Tree, meaning: Meaning) -> Term:
    """A value: a property, a literal, or what an operator makes of values."""
    match tree:
        case bool():
            return Term("true" if tree else "false", ColumnKind.BOOLEAN)
        case int() | float():
            if not math.isfinite(tree) or abs(tree) > _LARGEST:
                raise Rejected("filter 中的数过大。", "A number in the filter is too large.")
            return Term(meaning.bind(float(tree), "double precision"), ColumnKind.NUMBER)
        case str():
            return Term(meaning.bind(tree, "text"), ColumnKind.TEXT, text=tree)
        case list():
            if not all(isinstance(part, str) for part in tree):
                raise Rejected("filter 中的列表应为文字。", "A list in a filter holds texts.")
            return Term(meaning.bind(tree, "text[]"), ColumnKind.TEXTS)
        case {"property": name}:
            return _property(name, meaning)
        case {"date": _} | {"timestamp": _} | {"interval": _}:
            moment = moment_of(tree, meaning.bind)
            return Term(moment.begin, "interval" if "interval" in tree else "moment", moment=moment)
        case {"op": _}:
            return _made(tree, meaning)
        case {"type": _, "coordinates": _} | {"bbox": _} | {"type": _, "geometries": _}:
            shape = shape_of(tree, meaning.crs)
            return Term(f"ST_GeomFromText({meaning.bind(shape.wkt, 'text')}, 4490)", "geometry")
    raise Rejected("filter 中有无法识别的部分。", "A part of the filter is none that CQL2 has.")


# Beyond it a double no longer is what people wrote, and sums of a few would overflow.
_LARGEST = 1e100


def _property(name: object, meaning: Meaning) -> Term:
    if name == "geometry":
        return Term("item.shape", "geometry")
    if not isinstance(name, str) or name not in meaning.columns:
        known = ", ".join(["geometry", *meaning.columns])
        raise Rejected(
            f"filter 中没有字段“{name}”；可用：{known}。", f"A filter may name {known}; not {name!r}."
        )
    kind = meaning.columns[name]
    sql = f"item.{name}"
    if kind in {ColumnKind.DATE, ColumnKind.INSTANT}:
        return Term(sql, kind, moment=Moment.of_column(sql, day=kind is ColumnKind.DATE))
    return Term(f"{sql}::double precision" if kind is ColumnKind.INTEGER else sql, kind)


def _made(tree: Mapping[str, Any], meaning: Meaning) -> Term:
    """What an operator makes of values."""
    op, args = _operation(tree)
    if op in _ARITHMETIC:
        left, right = (_number(part, meaning) for part in _pair(op, args))
        return Term(_ARITHMETIC[op].format(left, right), ColumnKind.NUMBER)
    if op == "casei":
        term = _term(_only(op, args), meaning)
        if term.kind is not ColumnKind.TEXT:
            raise _not_a("文字", "a text", term)
        return Term(f"lower({term.sql})", ColumnKind.TEXT)
    if any(op in operators for operators, _ in _PREDICATES) or op in {"and", "or", "not"}:
        return Term(_predicate(tree, meaning), ColumnKind.BOOLEAN)
    raise Rejected(
        f"filter 中的“{op}”不受支持。", f"{op!r} is no operator or function that a filter may use here."
    )


def _number(tree: Tree, meaning: Meaning) -> str:
    term = _term(tree, meaning)
    if term.kind not in _NUMBERS:
        raise _not_a("数", "a number", term)
    return term.sql


def _compared(op: str, args: Sequence[Tree], meaning: Meaning) -> str:
    left, right = _alike([_term(part, meaning) for part in _pair(op, args)], meaning)
    if left.kind == "geometry" or left.kind == "interval":
        raise _not_a("可比较的值", "a value to compare", left)
    if left.kind is ColumnKind.TEXTS and op not in {"=", "<>"}:
        raise _not_a("可比较大小的值", "a value that has an order", left)
    return f"({left.sql} {_COMPARING[op]} {right.sql})"


def _alike(terms: Sequence[Term], meaning: Meaning) -> list[Term]:
    """Terms of one kind: a text that is compared with a date stands for one. Raises Rejected where kinds differ."""
    if any(term.moment is not None for term in terms):
        moments = [_moment(term, meaning) for term in terms]
        day = all(moment.day for moment in moments)
        return [Term(moment.plain(day=day), "moment", moment=moment) for moment in moments]
    first = terms[0]
    for term in terms[1:]:
        if term.kind != first.kind and not {term.kind, first.kind} <= _NUMBERS:
            zh, en = _WORDS[first.kind]
            raise _not_a(zh, en, term)
    return list(terms)


def _moment(term: Term, meaning: Meaning) -> Moment:
    if term.moment is not None:
        return term.moment
    if term.text is None:
        raise _not_a("日期或时刻", "a date or a moment", term)
    literal = {"date": term.text} if len(term.text) == len("2026-01-01") else {"timestamp": term.text}
    return moment_of(literal, meaning.bind)


def _like(op: str, args: Sequence[Tree], meaning: Meaning) -> str:
    left, right = (_term(part, meaning) for part in _pair(op, args))
    for term in (left, right):
        if term.kind is not ColumnKind.TEXT:
            raise _not_a("文字", "a text", term)
    return f"({left.sql} LIKE {right.sql})"


def _between(op: str, args: Sequence[Tree], meaning: Meaning) -> str:
    if len(args) != 3:
        raise _wrong_number(op)
    value, low, high = _alike([_term(part, meaning) for part in args], meaning)
    if value.kind not in {*_NUMBERS, ColumnKind.TEXT, "moment"}:
        raise _not_a("可比较大小的值", "a value that has an order", value)
    return f"({value.sql} BETWEEN {low.sql} AND {high.sql})"


def _in(op: str, args: Sequence[Tree], meaning: Meaning) -> str:
    value, listed = _pair(op, args)
    if not isinstance(listed, list) or not listed:
        raise Rejected("IN 后应为非空的列表。", "IN takes a list that is not empty.")
    first, *rest = _alike([_term(part, meaning) for part in [value, *listed]], meaning)
    return f"({first.sql} IN ({', '.join(term.sql for term in rest)}))"


def _is_null(op: str, args: Sequence[Tree], meaning: Meaning) -> str:
    return f"({_term(_only(op, args), meaning).sql} IS NULL)"


def _spatial(op: str, args: Sequence[Tree], meaning: Meaning) -> str:
    left, right = (_term(part, meaning) for part in _pair(op, args))
    for term in (left, right):
        if term.kind != "geometry":
            raise _not_a("图形", "a geometry", term)
    return f"{_SPATIAL[op]}({left.sql}, {right.sql})"


def _temporal(op: str, args: Sequence[Tree], meaning: Meaning) -> str:
    left, right = (_moment(_term(part, meaning), meaning) for part in _pair(op, args))
    return relation(op, left, right)


def _array(op: str, args: Sequence[Tree], meaning: Meaning) -> str:
    left, right = (_term(part, meaning) for part in _pair(op, args))
    for term in (left, right):
        if term.kind is not ColumnKind.TEXTS:
            raise _not_a("列表", "a list of texts", term)
    if op == "a_equals":
        return f"({left.sql} @> {right.sql} AND {left.sql} <@ {right.sql})"
    return f"({left.sql} {_ARRAYS[op]} {right.sql})"


_PREDICATES: Sequence[tuple[Any, Callable[[str, Sequence[Tree], Meaning], str]]] = (
    (_COMPARING, _compared),
    ({"like"}, _like),
    ({"between"}, _between),
    ({"in"}, _in),
    ({"isNull"}, _is_null),
    (_SPATIAL, _spatial),
    (TEMPORAL, _temporal),
    (_ARRAYS, _array),
)


def _wrong_number(op: str) -> Rejected:
    return Rejected(f"filter 中“{op}”的参数个数不对。", f"{op!r} has the wrong number of arguments.")


def _not_a(zh: str, en: str, term: Term) -> Rejected:
    found_zh, found_en = _WORDS[term.kind]
    return Rejected(
        f"filter 中应为{zh}，而不是{found_zh}。", f"The filter has {found_en} where {en} is expected."
    )
