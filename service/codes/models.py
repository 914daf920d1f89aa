"""The tables of code lists: entries of every edition, and the steps between editions."""

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from service.base.database import Model


class CodeEntry(Model):
    """One code of one edition of a list. valid_to: the first day on which it is no longer in force."""

    __tablename__ = "code_entry"

    list_id: Mapped[str] = mapped_column(primary_key=True)
    edition: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    parent_code: Mapped[str | None]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    sort: Mapped[int]
    source: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class CodeMapping(Model):
    """One way for a code from one edition into another; several ways need a person to choose."""

    __tablename__ = "code_mapping"

    list_id: Mapped[str] = mapped_column(primary_key=True)
    from_edition: Mapped[str] = mapped_column(primary_key=True)
    from_code: Mapped[str] = mapped_column(primary_key=True)
    to_edition: Mapped[str] = mapped_column(primary_key=True)
    to_code: Mapped[str] = mapped_column(primary_key=True)
    certainty: Mapped[str]
    note: Mapped[str]
