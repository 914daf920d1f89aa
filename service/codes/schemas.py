"""Wire shapes of code lists."""

from collections.abc import Mapping
from datetime import date
from typing import Self

from pydantic import BaseModel, Field

from service.codes.models import CodeEntry
from service.codes.queries import EditionDates
from service.codes.rules.documents import Text


class CodeText(BaseModel):
    """A name in both languages."""

    zh: str
    en: str


class CodeName(BaseModel):
    """A code with its name; the name is None for a code that no loaded edition has."""

    code: str
    name: CodeText | None

    @classmethod
    def of(cls, code: str, names: Mapping[str, Text]) -> Self:
        """A code named from its list."""
        text = names.get(code)
        return cls(code=code, name=None if text is None else CodeText(zh=text.zh, en=text.en))


class ListedCode(BaseModel):
    """One code of the shown edition."""

    code: str
    parent_code: str | None
    name: CodeText
    sort: int

    @classmethod
    def of(cls, row: CodeEntry) -> Self:
        """The wire shape of a row."""
        name = CodeText(zh=row.name_zh, en=row.name_en)
        return cls(code=row.code, parent_code=row.parent_code, name=name, sort=row.sort)


class ListedEdition(BaseModel):
    """An edition of the list, with its days in force; valid_to is the first day on which it is not."""

    edition: str
    valid_from: date
    valid_to: date | None

    @classmethod
    def of(cls, dates: EditionDates) -> Self:
        """The wire shape of an edition."""
        return cls(edition=dates.edition, valid_from=dates.valid_from, valid_to=dates.valid_to)


class CodeListing(BaseModel):
    """One edition of a list, parents before children, and the names of the other editions."""

    list_: str = Field(alias="list")
    edition: str
    source: str
    editions: list[ListedEdition]
    entries: list[ListedCode]
