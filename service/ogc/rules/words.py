"""Values as people read them."""

from collections.abc import Mapping
from typing import Any

from service.base.collections import Column

# What codes of a list are called, by column.
Words = Mapping[str, Mapping[str, str]]


def told(value: Any, column: Column, words: Words, *, zh: bool) -> Any:
    """The word of a code, yes and no, a list with its words; anything else as it is."""
    known = {one.value: one.zh if zh else one.en for one in column.choices} or words.get(column.name, {})
    if isinstance(value, bool):
        return ("是" if zh else "yes") if value else ("否" if zh else "no")
    if isinstance(value, list):
        return ("、" if zh else ", ").join(known.get(one, one) for one in value)
    return known.get(value, value) if isinstance(value, str) else value
