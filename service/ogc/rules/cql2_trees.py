"""Filters in CQL2 (OGC 21-065r2) as trees of plain values: read from text or JSON, within bounds.

The text form is read by the package cql2, the JSON form is JSON; both give the JSON form's tree. What a tree means is said in
service/ogc/rules/cql2.py.
"""

import json
import re
from typing import Any, Literal

import cql2

from service.base.errors import Rejected

Tree = Any
Language = Literal["cql2-text", "cql2-json"]

LONGEST = 8000
# The reader goes down a level of its own stack for each of these; a filter of people has a handful.
DEEPEST = 60
MOST_NODES = 2000
# A string or a quoted name: what stands in it opens no bracket.
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"")
# Each of these makes the reader go deeper without a bracket.
_DEEPENING = re.compile(r"(?i)\bnot\b|[-+*/%^]|\bdiv\b")
_MOST_OPERATORS = 200


def read(text: str, language: Language) -> Tree:
    """The tree of a filter. Raises Rejected for what is none, or more than a filter may be."""
    if len(text) > LONGEST:
        raise Rejected(f"filter 超过 {LONGEST} 个字符。", f"The filter is longer than {LONGEST} characters.")
    try:
        if b"\0" in text.encode():
            raise _unreadable("NUL")
    except UnicodeEncodeError as error:
        raise _unreadable("lone surrogate") from error
    tree = _of_json(text) if language == "cql2-json" else _of_text(text)
    _require_small(tree)
    return tree


def _of_text(text: str) -> Tree:
    plain = _QUOTED.sub("''", text)
    depth = deepest = 0
    for character in plain:
        depth += (character in "([") - (character in ")]")
        deepest = max(deepest, depth)
    if deepest > DEEPEST or len(_DEEPENING.findall(plain)) > _MOST_OPERATORS:
        raise _too_deep()
    try:
        return cql2.parse_text(text).to_json()
    except RecursionError as error:
        raise _too_deep() from error
    except Exception as error:  # the package raises Exception itself, and more of its own
        raise _unreadable(" ".join(str(error).split())[:300]) from error


def _of_json(text: str) -> Tree:
    try:
        return json.loads(text)
    except RecursionError as error:
        raise _too_deep() from error
    except ValueError as error:
        raise _unreadable(str(error)) from error


def _require_small(tree: Tree) -> None:
    """Refuse a tree that is deeper or larger than a filter may be. Coordinates are counted where they are read."""
    waiting: list[tuple[Tree, int]] = [(tree, 1)]
    nodes = 0
    while waiting:
        node, depth = waiting.pop()
        nodes += 1
        if depth > DEEPEST:
            raise _too_deep()
        if isinstance(node, dict):
            if "coordinates" in node or "bbox" in node:
                continue
            waiting += [(part, depth + 1) for part in node.values()]
        elif isinstance(node, list):
            waiting += [(part, depth + 1) for part in node]
        if nodes > MOST_NODES:
            raise Rejected("filter 过大，请拆分。", "The filter is too large; split it.")


def _unreadable(reason: str) -> Rejected:
    return Rejected(f"filter 无法读取：{reason}", f"The filter cannot be read: {reason}")


def _too_deep() -> Rejected:
    return Rejected("filter 嵌套过深。", "The filter is nested too deep.")
