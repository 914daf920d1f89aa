"""The template workbook of a register: headings, a line of help, drop-downs from the lists in force, one example."""

import io
from collections.abc import Mapping, Sequence

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from service.grading.rules.grades import Grade
from service.grading.rules.methods import Axis, DirectMethod, Method, ScoringMethod, in_force
from service.imports.rules.fields import FIELDS, Kind
from service.imports.rules.guidance import EXAMPLES, HELP, LISTED, SEVERAL
from service.imports.rules.row_roles import EXAMPLE
from service.imports.rules.vocabulary import Vocabulary
from service.imports.workbook.cells import OPTIONS, Styles, write_value

# Drop-downs and text formats reach down so far; whoever has more rows copies a row.
_ROWS = 5000
_WIDTH = 22
_SHEETS = {Kind.ENTERPRISES: "企业台账", Kind.RISK_POINTS: "风险点台账"}
_AS_TEXT = frozenset(
    {"uscc", "number", "site_number", "phone", "economy_code", "method", "l", "e", "c", "s", "inputs"}
)
_DAYS = frozenset({"assessed_on", "next_review"})


def build_template(kind: Kind, vocabulary: Vocabulary, territories: Sequence[str]) -> bytes:
    """An xlsx workbook that the import takes as it is. territories: the names that a row may state."""
    content = io.BytesIO()
    lists = _lists(vocabulary, territories)
    with xlsxwriter.Workbook(content, OPTIONS) as book:
        styles = Styles(book)
        page = book.add_worksheet(_SHEETS[kind])
        if kind is Kind.RISK_POINTS:
            _write_methods(book.add_worksheet("评价方法"), vocabulary, styles)
        ranges = _write_lists(book.add_worksheet("代码表"), lists, styles)
        _write_register(page, kind, ranges, styles)
    return content.getvalue()


def _lists(vocabulary: Vocabulary, territories: Sequence[str]) -> dict[str, Sequence[str]]:
    """The words of each list, by its name."""
    today = vocabulary.today
    accidents = next((one for one in vocabulary.accidents if one.covers(today)), vocabulary.accidents[0])
    methods = in_force(vocabulary.methods, on=today)
    rules = [rule.text.zh for one in methods if isinstance(one, DirectMethod) for rule in one.rules]
    return {
        "territories": territories,
        "industries": list(vocabulary.industries.names.values()),
        "accidents": list(accidents.names.values()),
        "control_levels": list(vocabulary.control_levels.names.values()),
        "measure_kinds": list(vocabulary.measure_kinds.names.values()),
        "methods": [one.id for one in methods if isinstance(one, ScoringMethod)],
        "direct_rules": rules,
        "grades": [grade.text.zh for grade in Grade],
    }


_LIST_TITLES = {
    "territories": "所在区划 territory",
    "industries": "行业监管分类 industry",
    "accidents": "事故类别 accident",
    "control_levels": "管控层级 control level",
    "measure_kinds": "措施类别 measure kind",
    "methods": "评价方法 method",
    "direct_rules": "直接判定 direct decision",
    "grades": "风险等级 grade",
}


def _write_lists(page: Worksheet, lists: Mapping[str, Sequence[str]], styles: Styles) -> dict[str, str]:
    """One column a list; where each list stands, as a drop-down refers to it."""
    ranges: dict[str, str] = {}
    for column, (name, words) in enumerate(lists.items()):
        write_value(page, (0, column), _LIST_TITLES[name], styles=styles, bold=True)
        for row, word in enumerate(words, 1):
            write_value(page, (row, column), word, styles=styles)
        letter = chr(ord("A") + column)
        ranges[name] = f"='代码表'!${letter}$2:${letter}${max(2, len(words) + 1)}"
        page.set_column(column, column, 24)
    page.freeze_panes(1, 0)
    return ranges


def _write_register(page: Worksheet, kind: Kind, ranges: Mapping[str, str], styles: Styles) -> None:
    page.set_column(0, 0, 20)
    write_value(
        page, (0, 0), "填写说明 · how to fill in", styles=styles, text_wrap=True, font_color="#5A6472"
    )
    write_value(page, (1, 0), "说明", styles=styles, bold=True)
    write_value(page, (2, 0), EXAMPLE, styles=styles, italic=True, font_color="#5A6472")
    for column, field in enumerate(FIELDS[kind], 1):
        zh, en = HELP[field.key]
        mark = "【必填】" if field.required else ""
        write_value(
            page,
            (0, column),
            f"{mark}{zh}\n{en}",
            styles=styles,
            text_wrap=True,
            font_color="#5A6472",
            font_size=9,
        )
        write_value(page, (1, column), field.zh, styles=styles, bold=True, bg_color="#E8ECF1", bottom=1)
        example = EXAMPLES[kind].get(field.key)
        write_value(page, (2, column), example, styles=styles, italic=True, font_color="#5A6472")
        text = {"num_format": "@"} if field.key in _AS_TEXT else {}
        day = {"num_format": "yyyy-mm-dd"} if field.key in _DAYS else {}
        page.set_column(column, column, _WIDTH, styles.of(**text, **day))
        if field.key in LISTED:
            several = field.key in SEVERAL
            page.data_validation(
                *(2, column, _ROWS, column),
                {
                    "validate": "list",
                    "source": ranges[LISTED[field.key]],
                    # Several words in one cell are allowed there; a strict list would refuse them.
                    "error_type": "information" if several else "stop",
                    "error_title": "代码表",
                    "error_message": "请从“代码表”中选择 · choose from the lists"[:255],
                },
            )
    page.set_row(0, 92)
    page.freeze_panes(2, 1)
    page.set_landscape()
    page.set_paper(8)  # A3
    page.repeat_rows(0, 1)
    page.repeat_columns(0)


def _write_methods(page: Worksheet, vocabulary: Vocabulary, styles: Styles) -> None:
    """The tables of the methods in force: which values an input may have, what they mean, and which score is which grade."""
    page.set_column(0, 1, 14)
    page.set_column(2, 2, 52)
    page.set_column(3, 3, 52)
    row = 0
    for method in in_force(vocabulary.methods, on=vocabulary.today):
        for line in _method_lines(method):
            bold = {"bold": True} if line[0] == method.id else {}
            for column, text in enumerate(line):
                write_value(page, (row, column), text or None, styles=styles, text_wrap=True, **bold)
            row += 1
        row += 1


def _method_lines(method: Method) -> list[tuple[str, str, str, str]]:
    lines = [(method.id, f"v{method.version}", method.title.zh, method.title.en)]
    if isinstance(method, DirectMethod):
        lines += [("", rule.code, rule.text.zh, rule.text.en) for rule in method.rules]
    if isinstance(method, ScoringMethod):
        for axis in method.axes:
            lines += _axis_lines(axis)
        for band in method.bands:
            low = "" if band.low is None else f"{'≥' if band.low_closed else '>'} {band.low:f} "
            high = "" if band.high is None else f"{'≤' if band.high_closed else '<'} {band.high:f}"
            lines.append((method.symbol, f"{low}{high}".strip(), band.grade.text.zh, band.grade.text.en))
    return lines


def _axis_lines(axis: Axis) -> list[tuple[str, str, str, str]]:
    return [(axis.code, value.value, value.text.zh, value.text.en) for value in axis.values]
