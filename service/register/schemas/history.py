"""Wire shapes of history."""

from datetime import datetime
from typing import Literal, Self

from pydantic import BaseModel

from service.codes.rules.documents import Text
from service.codes.schemas import CodeText
from service.register.rules.history import TITLES, Moment


class HistoryChange(BaseModel):
    """One field before and after; null is empty. about: the event or measure that it belongs to."""

    subject: Literal["point", "event", "measure", "assessed", "inherent"]
    about: str | None
    field: str
    title: CodeText
    before: CodeText | None
    after: CodeText | None


class HistoryMoment(BaseModel):
    """What one person changed at once. version: of the point from then on; null where only what hangs on it changed."""

    at: datetime
    by: str
    kind: Literal["created", "changed", "removed"]
    version: int | None
    changes: list[HistoryChange]

    @classmethod
    def of(cls, moment: Moment) -> Self:
        """A moment on the wire."""
        return cls.model_validate(
            {
                "at": moment.at,
                "by": moment.by,
                "kind": moment.kind,
                "version": moment.version,
                "changes": [
                    {
                        "subject": one.subject.value,
                        "about": one.about,
                        "field": one.field,
                        "title": _text(TITLES[one.field]),
                        "before": _text(one.before),
                        "after": _text(one.after),
                    }
                    for one in moment.changes
                ],
            }
        )


class HistoryPage(BaseModel):
    """The latest first; `next` is the cursor of the page with what was earlier."""

    items: list[HistoryMoment]
    next: datetime | None


def _text(text: Text | None) -> dict[str, str] | None:
    return None if text is None else {"zh": text.zh, "en": text.en}
