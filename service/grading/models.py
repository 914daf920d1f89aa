"""The table of published grading methods."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import DateTime
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from service.base.database import Model


class GradingMethod(Model):
    """One published version of a method. All but valid_to is fixed for ever; the database refuses to change it.

    definition: the canonical document (`rules.canonical`); digest: SHA-256 of it, in hexadecimal.
    """

    __tablename__ = "grading_method"

    method_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    title_zh: Mapped[str]
    title_en: Mapped[str]
    definition: Mapped[dict[str, Any]] = mapped_column(JSONB)
    digest: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    published_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
