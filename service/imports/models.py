"""Uploads: a file kept whole under its hash, what a person chose for it, and what it would do."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, deferred, mapped_column

from service.base.database import Model


class ImportUpload(Model):
    """One uploaded workbook. mapping: field -> column or None, as far as a person corrected it. result: the preview."""

    __tablename__ = "import_upload"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    person: Mapped[str]
    filename: Mapped[str]
    sha256: Mapped[str]
    # Up to the upload limit; read only to check and to write.
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    sheet: Mapped[str | None]
    kind: Mapped[str | None]
    datum: Mapped[str | None]
    mapping: Mapped[dict[str, int | None] | None] = mapped_column(JSONB)
    state: Mapped[str]
    result: Mapped[dict[str, Any]] = mapped_column(JSONB)
    demo: Mapped[bool]
    uploaded_at: Mapped[datetime]
    committed_at: Mapped[datetime | None]
    # The digest that a person wished to write.
    wish: Mapped[str | None]
    # All that was found, for the report; see rules/findings.py.
    findings: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    # What the kept parts were worked out from beside the register; None: nothing is kept.
    ground: Mapped[str | None]


class ImportProgress(Model):
    """How far the work on an upload has come. stop: its person wants it to end."""

    __tablename__ = "import_progress"

    upload_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    person: Mapped[str]
    row_count: Mapped[int | None]
    rows_read: Mapped[int]
    rows_checked: Mapped[int]
    rows_written: Mapped[int]
    stop: Mapped[bool]
