"""Whatever a file holds, it is read or refused with a sentence; nothing else comes out."""

import json
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.crs import Datum
from service.base.errors import ServiceError
from service.base.sheets import Value
from service.imports.rules.assessments import Assessor
from service.imports.rules.enterprise_rows import read_enterprise
from service.imports.rules.fields import FIELDS, Kind
from service.imports.rules.risk_point_rows import read_risk_point
from service.imports.workbook import Choice, read_outline
from tests.rules.imports_rows import errors, reader, vocabulary

WORDS = vocabulary()
# A loaded machine is no mistake of the code.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
PIECES = (
    *(
        "清空",
        "CLEAR",
        "LEC",
        "LS",
        "重大",
        "低",
        "3",
        "6",
        "40",
        "-1",
        "1e9",
        "nan",
        "火灾",
        "灼烫；火灾",
        "冶金",
        "南关区",
    ),
    *(
        "125.35",
        "43.86",
        "POINT(125.3 43.8)",
        "LINESTRING(125 43,126 44)",
        "POLYGON((0 0,1 1,1 0,0 0))",
        "２０２６年１０月８日",
    ),
    *(
        "2017年11月31日",
        "91110000600037341L",
        "【工程技术】a",
        "构成危险化学品重大危险源：三级",
        "major_hazard_source",
        "=1+1",
    ),
)
CELLS: st.SearchStrategy[Value] = st.one_of(
    st.none(),
    st.sampled_from(PIECES),
    st.text(max_size=20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(min_value=date(1900, 1, 1)),
)


@PATIENT
@given(
    st.dictionaries(st.sampled_from([one.key for one in FIELDS[Kind.RISK_POINTS]]), CELLS),
    st.sampled_from(Datum),
)
def test_any_row_of_risk_points(cells: dict[str, Value], datum: Datum) -> None:
    row = reader(cells)
    draft = read_risk_point(row, WORDS, Assessor(WORDS), datum)
    for problem in row.problems:
        line = problem.to_wire("表")
        json.dumps(line)
        # jsonb takes no NUL.
        assert "\x00" not in f"{line['column']}{line['value']}{problem.zh}{problem.en}"
    assert (draft.number and draft.name) or errors(row)
    if draft.assessments and not errors(row):
        assert all(one.assessed_on <= WORDS.today for one in draft.assessments)


@PATIENT
@given(
    st.dictionaries(st.sampled_from([one.key for one in FIELDS[Kind.ENTERPRISES]]), CELLS),
    st.sampled_from(Datum),
)
def test_any_row_of_enterprises(cells: dict[str, Value], datum: Datum) -> None:
    row = reader(cells, kind=Kind.ENTERPRISES)
    draft = read_enterprise(row, WORDS, datum)
    json.dumps([problem.to_wire("表") for problem in row.problems])
    assert draft.name or errors(row)


@PATIENT
@given(
    st.one_of(
        st.binary(max_size=400), st.text(max_size=400).map(lambda text: text.encode("utf-8", "replace"))
    )
)
def test_any_file(content: bytes) -> None:
    try:
        outline = read_outline(content, "表.csv", Choice())
        rows = list(outline.rows())
    except ServiceError as refused:
        json.dumps(refused.wire())
        return
    assert all(row.number > outline.heading.number for row in rows)
    json.dumps(outline.to_wire())
