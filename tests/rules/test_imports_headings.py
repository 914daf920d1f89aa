"""Which row holds the headings, which register it is, which column is which field."""

import pytest

from service.imports.rules.fields import FIELDS, Kind
from service.imports.rules.headings import Heading, detect_kind, find_heading, match_columns


def test_every_field_is_known_by_its_own_names_in_both_languages() -> None:
    for kind in Kind:
        for field in FIELDS[kind]:
            for name in (
                field.key,
                field.zh,
                field.en,
                f" {field.zh}* ",
                f"{field.zh}（必填）",
                field.en.upper(),
            ):
                assert match_columns(Heading(1, (name,)), kind) == {field.key: 0}, name


def test_no_two_fields_share_a_name() -> None:
    for kind in Kind:
        owners: dict[str, set[str]] = {}
        for field in FIELDS[kind]:
            for name in (field.key, field.zh, field.en):
                owners.setdefault(name.casefold(), set()).add(field.key)
        assert [name for name, keys in owners.items() if len(keys) > 1] == []


@pytest.mark.parametrize(
    ("headings", "kind"),
    [
        (("name", "type", "capacity", "latitude", "longitude"), Kind.ENTERPRISES),
        (("单位名称", "地址"), Kind.ENTERPRISES),
        (("企业名称", "风险点编号", "风险点名称"), Kind.RISK_POINTS),
        (("编号", "风险点"), Kind.RISK_POINTS),
        (("姓名", "电话"), None),
    ],
)
def test_the_kind_of_register_is_told_by_its_headings(headings: tuple[str, ...], kind: Kind | None) -> None:
    assert detect_kind(Heading(1, headings)) is kind


def test_headings_stand_below_titles_and_notes() -> None:
    rows = [
        (1, ["××公司安全风险分级管控清单", "", ""]),
        (2, ["填表日期：2026-10-08", "", "填表人"]),
        (4, ["风险点编号", "风险点名称", "经度"]),
        (5, ["1", "名称", "125.3"]),
    ]
    heading = find_heading(rows)
    assert heading is not None
    assert heading.number == 4


def test_without_any_known_heading_the_first_row_of_cells_is_offered() -> None:
    heading = find_heading([(1, ["title", ""]), (2, ["甲", "乙"]), (3, ["丙", "丁"])])
    assert heading == Heading(2, ("甲", "乙"))
    assert find_heading([]) is None


def test_of_two_columns_with_one_meaning_the_left_one_is_read() -> None:
    heading = Heading(1, ("企业名称", "单位名称", "经度(°)", "longitude"))
    assert match_columns(heading, Kind.ENTERPRISES) == {"name": 0, "lon": 2}
