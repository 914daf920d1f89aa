"""The report of an import as a workbook: the person's own rows, the bad ones first, each mistake marked where it stands."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from service.base.sheets import SheetRow, Value
from service.imports.rules.findings import Finding
from service.imports.workbook import Outline
from service.imports.workbook.cells import OPTIONS, Styles, write_value

# A person mends no more at once, and a browser waits for it; the summary says how many rows are not in it.
MOST_ROWS = 20_000
# Excel shows at most so much of a comment without scrolling; it holds 32,767.
_LONGEST_COMMENT = 2000
_COLOURS = {"error": "#F8D4CF", "warning": "#FBF0C9"}
_RESULTS = {"error": "不合格 error", "warning": "提示 warning", None: "合格 good"}
# Columns that the import does not know, so that the corrected sheet can be handed in as it is.
_LEADING = ("原行号 row", "检查结果 result")


@dataclass(frozen=True)
class Marked:
    """A row with what was found in it, and the worst of that."""

    row: SheetRow
    findings: Sequence[Finding]

    @property
    def worst(self) -> str | None:
        """error, warning, or None for a good row."""
        return min((one.severity for one in self.findings), default=None)


def build_report(outline: Outline, findings: Sequence[Finding], result: Mapping[str, Any]) -> bytes:
    """An xlsx workbook; its first sheet has the name and the headings of the one that was read."""
    by_row: dict[int, list[Finding]] = {}
    for finding in findings:
        by_row.setdefault(finding.row, []).append(finding)
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, OPTIONS) as book:
        styles = Styles(book)
        page = book.add_worksheet(_sheet_name(outline.sheet))
        count = _write_rows(page, outline, by_row, styles)
        _write_summary(book.add_worksheet("检查摘要"), count, result, styles)
    return content.getvalue()


def _sheet_name(name: str) -> str:
    """A name that Excel takes: a CSV's is that of its file."""
    kept = "".join("_" if character in "[]:*?/\\" else character for character in name).strip("'")[:31]
    return kept if kept and kept != "检查摘要" else "台账"


def _ranked(outline: Outline, by_row: Mapping[int, Sequence[Finding]]) -> Iterator[Marked]:
    """Bad rows, then those with remarks, then the good ones, each in the order of the file."""
    bad: list[Marked] = []
    remarked: list[Marked] = []
    good: list[Marked] = []
    for row in outline.rows():
        marked = Marked(row, by_row.get(row.number, ()))
        into = bad if marked.worst == "error" else remarked if marked.worst else good
        if len(into) < MOST_ROWS:
            into.append(marked)
    return chain(bad, remarked, good)


def _write_rows(
    page: Worksheet, outline: Outline, by_row: Mapping[int, Sequence[Finding]], styles: Styles
) -> int:
    headings = outline.heading.texts
    lead = len(_LEADING)
    for column, text in enumerate((*_LEADING, *headings)):
        write_value(page, (0, column), text or None, styles=styles, bold=True, bg_color="#E8ECF1", bottom=1)
    page.set_column(0, 0, 11)
    page.set_column(1, 1, 16)
    page.set_column(lead, lead + len(headings), 18)
    page.freeze_panes(1, lead)
    page.set_landscape()
    page.set_paper(8)  # A3
    page.repeat_rows(0)
    page.repeat_columns(0, lead - 1)
    places = {text: column for column, text in reversed(list(enumerate(headings))) if text}
    count = 0
    for count, marked in enumerate(islice(_ranked(outline, by_row), MOST_ROWS), 1):
        marks: dict[int, list[Finding]] = {}
        for finding in marked.findings:
            place = places.get(finding.column or "")
            marks.setdefault(0 if place is None else place + lead, []).append(finding)
        cells = (float(marked.row.number), _RESULTS[marked.worst], *marked.row.cells)
        for column, value in enumerate(cells[: lead + len(headings)]):
            _write_cell(page, (count, column), value, marks.get(column, ()), styles)
        for column in marks:  # a heading beyond the last filled cell of the row
            if column >= len(cells):
                _write_cell(page, (count, column), None, marks[column], styles)
    return count


def _write_cell(
    page: Worksheet, at: tuple[int, int], value: Any, marks: Sequence[Finding], styles: Styles
) -> None:
    if not marks:
        write_value(page, at, value, styles=styles)
        return
    worst = min(one.severity for one in marks)
    write_value(page, at, value, styles=styles, bg_color=_COLOURS[worst], border=1)
    words = "\n".join(f"{one.zh}\n{one.en}" for one in marks)[:_LONGEST_COMMENT]
    page.write_comment(*at, words, {"author": "riskmap", "x_scale": 2.2, "y_scale": 1.4})


def _write_summary(page: Worksheet, count: int, result: Mapping[str, Any], styles: Styles) -> None:
    preview = result.get("preview") or {}
    names = {
        "rows": "总行数 rows",
        "good": "合格 good",
        "bad": "不合格 bad",
        "new": "新增 new",
        "changed": "更新 changed",
        "unchanged": "无变化 unchanged",
        "warnings": "提示 warnings",
    }
    page.set_column(0, 0, 30)
    page.set_column(1, 1, 14)
    page.set_column(2, 3, 70)
    lines: list[tuple[Value, ...]] = [(title, preview.get(name, 0)) for name, title in names.items()]
    lines.append(("本表列出的行 rows in this workbook", count))
    lines.append(())
    first = {problem["code"]: problem["message"] for problem in reversed(result.get("problems", []))}
    lines += [
        (f"{one['severity']} {one['code']}", one["count"], *first.get(one["code"], {}).values())
        for one in result.get("problem_counts", [])
    ]
    lines.append(())
    lines += [("整个文件 whole file", "", *note["message"].values()) for note in result.get("notes", [])]
    for row, line in enumerate(lines):
        for column, value in enumerate(line):
            write_value(
                page, (row, column), None if value == "" else value, styles=styles, text_wrap=column > 1
            )
