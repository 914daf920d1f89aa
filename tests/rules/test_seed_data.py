"""The demonstration city: the committed files are what the generator makes, and what they claim to be."""

import csv
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from seed_data.demo_city import places
from seed_data.demo_city.accidents import endangers_a_crowd
from seed_data.demo_city.catalogue import COMMON, REGION, read_catalogue
from seed_data.demo_city.grades import CONTROL_LEVELS, Grade
from service.enterprises.rules import find_uscc_fault
from service.grading.rules import grades as service_grades
from service.grading.rules.methods import Method
from service.imports.rules.fields import FIELDS, Kind
from tests.rules.seed_sheets import (
    GRADE_OF_TEXT,
    ROOT,
    SHEETS,
    Row,
    code_list,
    content_of,
    district_named,
    graded,
    published_methods,
    rows_of,
    shape_of,
    split,
)


@pytest.fixture(scope="module")
def enterprises() -> list[Row]:
    return rows_of("enterprises.csv")


@pytest.fixture(scope="module")
def points() -> list[Row]:
    return rows_of("risk_points.csv")


@pytest.fixture(scope="module")
def everything(points: list[Row]) -> list[Row]:
    return [*points, *rows_of("nasty_risk_points.csv"), *rows_of("nasty_gcj02.csv")]


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "expected.json").read_bytes())
    return found


@pytest.fixture(scope="module")
def methods() -> list[Method]:
    return published_methods()


def test_committed_files_are_a_fresh_generation_whatever_the_hash_seed(tmp_path: Path) -> None:
    """Set order would show under another hash seed."""
    command = [sys.executable, "-m", "seed_data.generate", "--into", str(tmp_path)]
    environment = {**os.environ, "PYTHONHASHSEED": "4219", "LC_ALL": "C"}
    subprocess.run(command, check=True, cwd=ROOT.parent, env=environment, capture_output=True)
    made = {path.name: content_of(path) for path in tmp_path.iterdir()}
    assert set(made) == {*SHEETS, "expected.json"}
    assert [name for name, content in made.items() if content_of(ROOT / name) != content] == []


@pytest.mark.parametrize("name", SHEETS)
def test_sheets_open_in_excel_and_name_the_fields_of_the_import(name: str) -> None:
    content = content_of(ROOT / name)
    assert content.startswith(b"\xef\xbb\xbf")
    kind = Kind.ENTERPRISES if "enterprises" in name else Kind.RISK_POINTS
    header = content.decode("utf-8-sig").splitlines()[0]
    # The inputs of methods with other axes than L, E, C and S: no point of the demonstration is graded by one.
    assert next(csv.reader([header])) == [field.zh for field in FIELDS[kind] if field.key != "inputs"]


def test_size_of_the_city(enterprises: list[Row], points: list[Row]) -> None:
    assert len({row["企业名称"] for row in enterprises}) == 300
    assert len(points) == 3_000
    assert sum(not row["企业名称"] for row in points) == 300
    sites = [(row["企业名称"], row["场所编号"]) for row in enterprises]
    assert len(sites) == len(set(sites))
    numbers = [(row["企业名称"], row["风险点编号"]) for row in points]
    assert len(numbers) == len(set(numbers))
    assert {(row["企业名称"], row["场所编号"]) for row in points if row["企业名称"]} <= set(sites)


def test_everything_invented_is_marked(enterprises: list[Row], everything: list[Row]) -> None:
    firms = [*enterprises, *rows_of("nasty_enterprises.csv")]
    assert [row["企业名称"] for row in firms if not row["企业名称"].endswith("（演示）")] == []
    owned_by_region = [row for row in everything if not row["企业名称"]]
    assert [row["风险点名称"] for row in owned_by_region if "演示" not in row["风险点名称"]] == []
    assert [row["责任单位"] for row in owned_by_region if "演示" not in row["责任单位"]] == []
    phones = [row["联系电话"] for row in firms if row["联系电话"]]
    assert [phone for phone in phones if not phone.startswith("0431-0")] == []


def test_credit_codes_are_well_formed_and_nobodys(enterprises: list[Row]) -> None:
    codes: dict[str, str] = {}
    for row in [*enterprises, *rows_of("nasty_enterprises.csv")]:
        code = row["统一社会信用代码"]
        assert codes.setdefault(row["企业名称"], code) == code
    given = [code for code in codes.values() if code]
    assert len(given) == len(set(given))
    assert [code for code in given if find_uscc_fault(code) is not None] == []
    assert {code[8:11] for code in given} == {"DEM"}
    assert 0.05 < sum(not code for code in codes.values()) / len(codes) < 0.12
    assert any(code.startswith("N2") for code in given)


def test_words_are_those_of_the_code_lists(enterprises: list[Row], everything: list[Row]) -> None:
    industries = {entry.name.zh for entry in code_list("regulatory_industry").editions[0].entries}
    levels = {entry.name.zh for entry in code_list("control_level").editions[0].entries}
    kinds = next(one for one in code_list("measure_kind").editions if one.edition.startswith("canonical"))
    marks = {f"【{entry.name.zh}】" for entry in kinds.entries}
    stated = {word for row in [*enterprises, *everything] for word in split(row["行业监管分类"])}
    assert stated <= industries
    assert {row["管控层级"] for row in everything} - {""} <= levels
    used = {
        measure.partition("】")[0] + "】"
        for row in everything
        for measure in split(row["管控措施"])
        if measure.startswith("【")
    }
    assert used <= marks
    assert len(used) >= 12


def test_accident_categories_are_of_the_edition_in_force(everything: list[Row]) -> None:
    editions = sorted(code_list("accident_category").editions, key=lambda one: one.valid_from)
    seen = set()
    for row in everything:
        day = date.fromisoformat(row["评价日期"] or "2026-11-23")
        edition = next(one for one in reversed(editions) if one.valid_from <= day)
        assert {*split(row["事故类别"])} <= {entry.name.zh for entry in edition.entries}, row
        assert row["事故类别"]
        seen.add(edition.edition)
    assert len(seen) == 2


def test_every_grade_follows_from_its_inputs(everything: list[Row], methods: list[Method]) -> None:
    """Graded by the service's published definitions, which the generator does not know."""
    used: Counter[str] = Counter()
    for row in everything:
        if not row["评价日期"]:
            assert [row[heading] for heading in ("评定风险等级", "评价方法", "固有风险等级", "复评日期")] == [
                ""
            ] * 4
            continue
        computed = graded(row, methods)
        used[row["评价方法"]] += 1
        written = GRADE_OF_TEXT.get(row["评定风险等级"], computed)
        assert written is not None, row
        if computed is not None and written is not computed:
            assert row["人工调整理由"], row
            assert row["评价人"], row
        else:
            assert not row["人工调整理由"], row
        assert row["管控层级"] == CONTROL_LEVELS[Grade(written.text.zh)]
        if row["固有风险等级"]:
            assert GRADE_OF_TEXT[row["固有风险等级"]] <= min(written, computed or written), row
    assert set(used) == {"LEC", "LS", "直接判定", ""}
    assert used["LS"] > 500


def test_shares_of_the_grades(expected: dict[str, Any]) -> None:
    counts = expected["main"]["assessed"]
    shares = {word: count / counts["total"] for word, count in counts.items()}
    assert 0.002 < shares["major"] < 0.005
    assert 0.03 < shares["large"] < 0.04
    assert 0.22 < shares["general"] < 0.28
    assert 0.64 < shares["low"] < 0.70
    assert 0.03 < shares["unassessed"] < 0.05
    assert expected["main"]["inherent"]["major"] > 5 * counts["major"]


def test_ten_workers_beside_fire_or_poison_are_a_direct_decision(everything: list[Row]) -> None:
    """Otherwise the register would contradict DB37/T 2882-2016, which it invokes elsewhere."""
    crowds = [
        row
        for row in everything
        if endangers_a_crowd(split(row["事故类别"])) and int(row["暴露人数"] or 0) >= 10
    ]
    assert len(crowds) == 2
    assert {row["评定风险等级"] for row in crowds} == {"重大"}


def test_dates(points: list[Row], expected: dict[str, Any]) -> None:
    today = date.fromisoformat(expected["as_of"])
    overdue = 0
    for row in points:
        if row["复评日期"]:
            assessed, review = date.fromisoformat(row["评价日期"]), date.fromisoformat(row["复评日期"])
            months = (review.year - assessed.year) * 12 + review.month - assessed.month
            assert months in (6, 12)
            overdue += review < today
        if row["评价日期"]:
            assert date(2025, 6, 1) <= date.fromisoformat(row["评价日期"]) <= date(2026, 11, 15)
    assert overdue == expected["main"]["overdue"]
    assert 0.04 < overdue / len(points) < 0.10


def test_no_clones(points: list[Row]) -> None:
    texts = {(row["风险事件"], row["可能后果"], row["管控措施"]) for row in points}
    assert len(texts) > 2_500
    assert len({row["风险点名称"] for row in points}) > 600


def test_every_sector_has_eight_kinds_of_its_own() -> None:
    catalogue = read_catalogue()
    assert {sector: len(kinds) for sector, kinds in catalogue.kinds.items() if len(kinds) < 8} == {}
    for kinds in catalogue.kinds.values():
        for kind in kinds:
            assert len(kind.measures) >= 4, kind.name
            assert len(kind.events) >= 2, kind.name
            assert len(set(kind.places)) == len(kind.places), kind.name
    trades = [(profile, trade) for profile in catalogue.profiles for trade in profile.trades]
    assert [trade.name for profile, trade in trades if not catalogue.own_kinds(profile, trade)] == []
    named = {trade.name for _, trade in trades}
    only = {name for kinds in catalogue.kinds.values() for kind in kinds for name in kind.only}
    assert only <= named
    sectors = {profile.sector for profile in catalogue.profiles}
    assert {sector for kind in catalogue.kinds[COMMON] for sector in kind.sectors} <= sectors
    assert set(catalogue.kinds) == sectors | {COMMON, REGION}


def test_positions_lie_in_the_stated_district(enterprises: list[Row], points: list[Row]) -> None:
    for row in [*enterprises, *points]:
        shape = shape_of(row)
        if shape is None:
            continue
        for degrees in (row["经度"], row["纬度"]):
            assert len(degrees.partition(".")[2]) <= 6
        covering = [one for one in places.districts() if one.boundary.covers(shape)]
        assert len(covering) == 1, row
        if row["所在区划"]:
            assert covering == [district_named(row["所在区划"])], row


def test_no_red_on_what_a_reader_would_recognise(points: list[Row]) -> None:
    reds = [row for row in points if row["评定风险等级"] == "重大"]
    assert len(reds) == 10
    assert all(row["企业名称"] for row in reds)
    assert any("吉顺化工" in row["企业名称"] for row in reds)


def recount(points: Sequence[Row], enterprises: Sequence[Row]) -> Mapping[str, Any]:
    """The expected counts, read from the sheets alone."""
    sites = {(row["企业名称"], row["场所编号"]): row for row in enterprises}
    positions: Counter[str] = Counter()
    located: Counter[str] = Counter()
    for row in points:
        site = sites.get((row["企业名称"], row["场所编号"]))
        source = row if shape_of(row) is not None or site is None else site
        shape = shape_of(source)
        positions["none" if shape is None else "own" if source is row else "inherited"] += 1
        if source["所在区划"]:
            located[district_named(source["所在区划"]).code] += 1
        else:
            assert shape is not None
            located[next(one.code for one in places.districts() if one.boundary.covers(shape))] += 1
    return {"positions": positions, "located": located}


def test_expected_counts_are_those_of_the_sheets(
    points: list[Row], enterprises: list[Row], expected: dict[str, Any], methods: list[Method]
) -> None:
    counted = recount(points, enterprises)
    main = expected["main"]
    assert counted["positions"] == main["positions"]
    assert counted["located"] == {code: area["assessed"]["total"] for code, area in main["located"].items()}
    assessed = Counter(
        GRADE_OF_TEXT[row["评定风险等级"]] if row["评定风险等级"] else graded(row, methods)
        for row in points
        if row["评价日期"]
    )
    assert {grade.word: count for grade, count in assessed.items() if grade} == {
        word: main["assessed"][word] for word in service_grades.GRADE_WORDS
    }
    inherent = Counter(GRADE_OF_TEXT[row["固有风险等级"]].word for row in points if row["固有风险等级"])
    assert inherent == {word: main["inherent"][word] for word in service_grades.GRADE_WORDS}


@pytest.mark.parametrize("part", ["main", "nasty"])
@pytest.mark.parametrize("basis", ["assessed", "inherent"])
def test_every_breakdown_sums_to_the_register(expected: dict[str, Any], part: str, basis: str) -> None:
    whole = expected[part]
    assert sum(whole["positions"].values()) == whole["risk_points"] == whole[basis]["total"]
    for view in ("located", "managed"):
        for word, count in whole[basis].items():
            assert sum(area[basis][word] for area in whole[view].values()) == count


def test_readme_shows_the_expected_counts(expected: dict[str, Any]) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    main = expected["main"]
    areas = {f"{code} {area['name']}": area["assessed"] for code, area in main["located"].items()}
    for title, counts in {**areas, "**all**": main["assessed"]}.items():
        assert f"| {title} | {' | '.join(f'{count:,}' for count in counts.values())} |\n" in readme
    positions = main["positions"]
    assert f"{positions['own']:,} own, {positions['inherited']:,} inherited" in readme
    assert f"{positions['none']} none at all" in readme
    assert f"{main['overdue']} reviews are overdue" in readme
    assert f"300 enterprises on {main['sites']} sites" in readme
    assert f"{main['inherent']['major']} red and {main['inherent']['large']} orange before controls" in readme
