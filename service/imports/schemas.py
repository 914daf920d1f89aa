"""Wire shapes of an import."""

import uuid
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from geo.crs import Datum
from service.imports.models import ImportProgress, ImportUpload
from service.imports.rules.fields import Kind
from service.imports.workbook import Choice

StateWord = Literal[
    "checking", "writing", "needs_kind", "needs_datum", "needs_mapping", "previewed", "committed", "cancelled"
]
KindWord = Literal["enterprises", "risk_points"]
DatumWord = Literal["CGCS2000", "WGS84", "GCJ02", "BD09"]
FieldKey = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]


class Words(BaseModel):
    """The same said in Chinese and in English."""

    zh: str
    en: str


class ColumnOut(BaseModel):
    """A column of the sheet. field: what it is read as; None is not imported."""

    index: int
    heading: str
    samples: list[str]
    field: str | None


class FieldOut(BaseModel):
    """A field that a column can be read as."""

    key: str
    title: Words
    required: bool


class PreviewOut(BaseModel):
    """What writing would do. good = new + changed + unchanged; digest stands for all of it."""

    digest: str
    rows: int
    good: int
    bad: int
    new: int
    changed: int
    unchanged: int
    warnings: int


class ProblemOut(BaseModel):
    """One line of the report. row: as the spreadsheet counts. column: its heading, None for the row as a whole."""

    sheet: str
    row: int
    column: str | None
    value: str | None
    severity: Literal["error", "warning"]
    code: str
    message: Words


class ProblemCount(BaseModel):
    """How often a problem occurs in the whole file."""

    code: str
    severity: Literal["error", "warning"]
    count: int


class DifferenceOut(BaseModel):
    """One field before and after; None is empty."""

    field: str
    title: Words
    old: str | None
    new: str | None


class ChangeOut(BaseModel):
    """A row that changes what is registered."""

    row: int
    number: str
    name: str
    differences: list[DifferenceOut]


class NoteOut(BaseModel):
    """A warning for the whole file. evidence: the numbers it rests on."""

    code: str
    message: Words
    evidence: dict[str, int | str]


class ProgressOut(BaseModel):
    """Rows by what has been done with them. rows: None until the file has been read once."""

    rows: int | None
    read: int
    checked: int
    written: int


class FailureOut(BaseModel):
    """Why the work on an upload ended without a result, in the shape of every error."""

    error: str
    message: str
    message_en: str


class ImportOut(BaseModel):
    """An upload with all that is known of it.

    While its state is checking or writing, progress says how far that is; ask again. stale: it was to be written, but the
    register had changed; what is here is the new preview.

    problems and changes hold at most 1,000 entries, errors before warnings; the totals beside them count all.
    """

    id: uuid.UUID
    filename: str
    sha256: str
    state: StateWord
    kind: KindWord | None
    datum: DatumWord | None
    sheet: str | None
    sheets: list[str] = []
    columns: list[ColumnOut] = []
    fields: list[FieldOut] = []
    preview: PreviewOut | None = None
    problems: list[ProblemOut] = []
    problems_total: int = 0
    problem_counts: list[ProblemCount] = []
    notes: list[NoteOut] = []
    changes: list[ChangeOut] = []
    changes_total: int = 0
    progress: ProgressOut | None = None
    failure: FailureOut | None = None
    stale: bool = False
    uploaded_at: datetime
    committed_at: datetime | None


class Correction(BaseModel):
    """What a person says about an upload; what is left out stays. mapping: field -> column index, null to leave it out."""

    datum: DatumWord | None = None
    kind: KindWord | None = None
    sheet: Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f]{1,255}$")] | None = None
    mapping: Annotated[
        dict[FieldKey, Annotated[int, Field(ge=0, le=16_383)] | None], Field(max_length=100)
    ] = {}

    def choice(self) -> Choice:
        """The same as the actions take it."""
        return Choice(
            kind=None if self.kind is None else Kind(self.kind),
            datum=None if self.datum is None else Datum(self.datum),
            sheet=self.sheet,
            mapping=self.mapping,
        )


class Wish(BaseModel):
    """To write what was seen: the digest of that preview."""

    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


def import_out(row: ImportUpload, progress: ImportProgress | None = None) -> ImportOut:
    """An upload on the wire."""
    said = None
    if row.state in ("checking", "writing"):
        said = {"rows": None, "read": 0, "checked": 0, "written": 0}
        if progress is not None:
            said = {
                "rows": progress.row_count,
                "read": progress.rows_read,
                "checked": progress.rows_checked,
                "written": progress.rows_written,
            }
    return ImportOut.model_validate(
        {
            **row.result,
            "id": row.id,
            "filename": row.filename,
            "sha256": row.sha256,
            "state": row.state,
            "kind": row.kind,
            "datum": row.datum,
            "sheet": row.sheet,
            "uploaded_at": row.uploaded_at,
            "committed_at": row.committed_at,
            "progress": said,
        }
    )
