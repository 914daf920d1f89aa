"""Rows as COPY … FROM STDIN reads them, made where they are worked out and sent, or kept, as one text.

The driver can send row by row; a text made beforehand costs a third of that, can be kept and can be digested.
Format: PostgreSQL's documentation of COPY, text format; arrays as in its documentation of array input.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_QUOTED = str.maketrans({"\\": "\\\\", '"': '\\"'})
NULL = "\\N"
# A register repeats the same lists of codes by the thousand.
_REMEMBERED = 4096


def line_of(values: Iterable[object]) -> str:
    """One row: texts, numbers, dates, truth values, tuples of texts as text[], None."""
    return "\t".join([field_of(value) for value in values]) + "\n"


def field_of(value: object) -> str:
    """One column of a row."""
    if value is None:
        return NULL
    if value.__class__ is str:
        return _text(str(value))
    if value is True:
        return "t"
    if value is False:
        return "f"
    if isinstance(value, tuple):
        return _array(value)
    return _text(str(value))


def _text(text: str) -> str:
    if "\\" in text or "\n" in text or "\t" in text or "\r" in text:
        return text.translate(_ESCAPED)
    return text


@lru_cache(_REMEMBERED)
def _array(values: Sequence[str]) -> str:
    return _text("{" + ",".join(f'"{value.translate(_QUOTED)}"' for value in values) + "}")
