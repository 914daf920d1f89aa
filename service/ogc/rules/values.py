"""A text of an address as a value of a kind, to be bound."""

import math
import re
from datetime import date, datetime

from service.base.collections import ColumnKind
from service.base.errors import Rejected

Bound = str | int | float | bool
_WHOLE = re.compile(r"-?[0-9]{1,19}")
_TRUTHS = {"true": True, "false": False}


def bind(kind: ColumnKind, text: str, name: str) -> tuple[str, Bound]:
    """The SQL type to bind a value as, and the value. name: what a refusal calls it. Raises Rejected."""
    try:
        match kind:
            case ColumnKind.INTEGER:
                # Python also takes 1_000, blanks and digits of other scripts for a number.
                if not _WHOLE.fullmatch(text):
                    raise ValueError
                number = int(text)
                if abs(number) >= 2**63:
                    raise ValueError
                return "bigint", number
            case ColumnKind.NUMBER:
                real = float(text)
                if not math.isfinite(real):
                    raise ValueError
                return "double precision", real
            case ColumnKind.BOOLEAN:
                return "boolean", _TRUTHS[text.lower()]
            case ColumnKind.DATE:
                return "date", date.fromisoformat(text).isoformat()
            case ColumnKind.INSTANT:
                moment = datetime.fromisoformat(text)
                if moment.tzinfo is None:
                    raise ValueError
                return "timestamptz", moment.isoformat()
            case _:
                if b"\0" in text.encode():
                    raise ValueError
                return "text", text
    except (ValueError, KeyError) as error:
        zh, en = _EXPECTED[kind]
        raise Rejected(f"{name} 应为{zh}。", f"{name} is {en}.") from error


_EXPECTED = {
    ColumnKind.TEXT: ("文字", "a text"),
    ColumnKind.TEXTS: ("文字", "a text"),
    ColumnKind.INTEGER: ("整数", "a whole number"),
    ColumnKind.NUMBER: ("数", "a number"),
    ColumnKind.BOOLEAN: (" true 或 false", "true or false"),
    ColumnKind.DATE: ("日期，如 2026-11-26", "a date such as 2026-11-26"),
    ColumnKind.INSTANT: ("带时区的时刻", "a moment with its offset"),
}
