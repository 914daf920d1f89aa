"""Code lists: what is shipped says what the standards say, and a definition with a mistake is refused."""

import copy
import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

import pytest

from service.codes.rules.documents import DefinitionRejected
from service.codes.rules.lists import Certainty, CodeList, Edition, parse_list
from service.codes.rules.strict_yaml import parse_yaml

FOLDER = files("service.codes") / "definitions"
SHIPPED = sorted(file.name.removesuffix(".yaml") for file in FOLDER.iterdir() if file.name.endswith(".yaml"))

Edit = Callable[[dict[str, Any]], object]


@cache
def shipped(name: str) -> CodeList:
    return parse_list(parse_yaml((FOLDER / f"{name}.yaml").read_text(encoding="utf-8")))


def edition_of(name: str, edition: str) -> Edition:
    (found,) = (known for known in shipped(name).editions if known.edition == edition)
    return found


def ways(name: str, from_edition: str, to_edition: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for step in shipped(name).steps:
        if (step.from_edition, step.to_edition) == (from_edition, to_edition):
            found.setdefault(step.from_code, []).append(step.to_code)
    return found


def test_the_lists_of_the_plan_are_there() -> None:
    sizes = {name: [len(edition.entries) for edition in shipped(name).editions] for name in SHIPPED}
    assert all(shipped(name).id == name for name in SHIPPED)
    assert sizes == {
        "accident_category": [20, 27],
        "cause_factor": [4],
        "control_level": [4],
        "economy_section": [20],
        "identification_dimension": [5],
        "measure_kind": [6, 19, 7, 14],
        "regulatory_industry": [sizes["regulatory_industry"][0]],
        "special_equipment_risk": [14],
    }


def test_the_accident_editions_meet_on_the_first_of_july_2026() -> None:
    old, new = shipped("accident_category").editions
    assert old.valid_to == new.valid_from
    assert new.valid_from.isoformat() == "2026-07-01"
    assert [entry.code for entry in old.entries] == [f"{number:02}" for number in range(1, 21)]
    assert [entry.code for entry in new.entries] == [str(number) for number in range(1, 28)]


def test_an_accident_category_changes_edition_as_published() -> None:
    """The public mapping; the first of several is the customary value, the others are why a person is asked."""
    assert ways("accident_category", "GB 6441-1986", "GB 6441-2025") == {
        "01": ["1"],
        "02": ["2", "3"],
        "03": ["4"],
        "04": ["5"],
        "05": ["6"],
        "06": ["7"],
        "07": ["8"],
        "08": ["9"],
        "09": ["10"],
        "10": ["12"],
        "11": ["12"],
        "12": ["13"],
        "13": ["19"],
        "14": ["19"],
        "15": ["16"],
        "16": ["14"],
        "17": ["14"],
        "18": ["15", "16", "17", "18", "19", "20", "21", "22", "27"],
        "19": ["23", "24"],
        "20": ["11", "25", "26", "27"],
    }
    unsure = {
        step.from_code
        for step in shipped("accident_category").steps
        if step.certainty is Certainty.NEEDS_CONFIRMATION
    }
    assert unsure == {"02", "18", "19", "20"}


def test_categories_that_kept_their_name_map_to_it() -> None:
    names = {
        edition.edition: {entry.code: entry.name.zh for entry in edition.entries}
        for edition in shipped("accident_category").editions
    }
    old, new = names["GB 6441-1986"], names["GB 6441-2025"]
    kept = {code: name for code, name in old.items() if name in new.values()}
    assert sorted(kept) == ["01", "05", "06", "07", "08", "09", "10", "17"]
    mapped = ways("accident_category", "GB 6441-1986", "GB 6441-2025")
    assert all(new[mapped[code][0]] == name for code, name in kept.items())


def test_regulatory_industries_are_labels_of_paths() -> None:
    (edition,) = shipped("regulatory_industry").editions
    top = {entry.name.zh for entry in edition.entries if entry.parent_code is None}
    assert len(top) >= 12
    assert top >= {
        "危险化学品", "城镇燃气", "建筑施工", "道路交通", "冶金", "有色", "建材", "机械", "轻工", "纺织",
        "特种设备使用", "消防重点与人员密集场所", "市政公用", "粉尘涉爆", "有限空间", "其他",
    }  # fmt: skip
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", entry.code) for entry in edition.entries)
    known: set[str] = set()
    for entry in edition.entries:
        assert entry.parent_code is None or entry.parent_code in known, "parents come first"
        known.add(entry.code)


@pytest.mark.parametrize("scheme", ["changchun-2017", "township-2024", "exchange"])
def test_every_measure_kind_goes_into_each_scheme_and_back(scheme: str) -> None:
    canonical = {entry.code for entry in edition_of("measure_kind", "canonical-1").entries}
    assert set(ways("measure_kind", "canonical-1", scheme)) == canonical
    entries = edition_of("measure_kind", scheme).entries
    leaves = {entry.code for entry in entries} - {entry.parent_code for entry in entries}
    assert set(ways("measure_kind", scheme, "canonical-1")) == leaves
    into = {code for codes in ways("measure_kind", "canonical-1", scheme).values() for code in codes}
    assert into <= leaves, "the exchange asks for both levels, and a child knows its parent"


def test_what_is_exact_there_and_exact_back_is_the_same_kind() -> None:
    steps = [step for step in shipped("measure_kind").steps if step.certainty is Certainty.EXACT]
    back = {(step.from_edition, step.from_code, step.to_edition): step.to_code for step in steps}
    for step in steps:
        returned = back.get((step.to_edition, step.to_code, step.from_edition))
        if step.from_edition == "canonical-1" and returned is not None:
            assert returned == step.from_code


SOUND: dict[str, Any] = {
    "list": "small",
    "editions": [
        {
            "edition": "A-1",
            "source": "here",
            "valid_from": "2020-01-01",
            "valid_to": "2026-01-01",
            "entries": [
                {"code": "1", "zh": "一", "en": "one"},
                {
                    "code": "2",
                    "zh": "二",
                    "en": "two",
                    "children": [{"code": "21", "zh": "二一", "en": "two one"}],
                },
            ],
        },
        {
            "edition": "A-2",
            "source": "here",
            "valid_from": "2026-01-01",
            "entries": [{"code": "a", "zh": "甲", "en": "a"}, {"code": "b", "zh": "乙", "en": "b"}],
        },
    ],
    "mappings": [
        {
            "from": "A-1",
            "to": "A-2",
            "codes": [
                {"from": "1", "to": "a", "certainty": "exact"},
                {"from": "21", "to": "a", "certainty": "needs_confirmation", "note": "usual"},
                {"from": "21", "to": "b", "certainty": "needs_confirmation"},
            ],
        }
    ],
}


def codes(document: dict[str, Any]) -> Any:
    return document["mappings"][0]["codes"]


def bury(document: dict[str, Any]) -> None:
    entry = document["editions"][1]["entries"][0]
    for depth in range(4):
        entry["children"] = [{"code": f"d{depth}", "zh": f"深{depth}", "en": f"deep {depth}"}]
        entry = entry["children"][0]


MISTAKES: list[tuple[str, Edit, str, str]] = [
    (
        "doubled code",
        lambda d: d["editions"][0]["entries"].append({"code": "21", "zh": "三", "en": "three"}),
        "editions[0].entries[2]",
        "the same as editions[0].entries[1].children[0]",
    ),
    (
        "doubled name",
        lambda d: d["editions"][1]["entries"][1].update(zh="甲"),
        "editions[1].entries[1]",
        "given twice",
    ),
    (
        "missing name",
        lambda d: d["editions"][0]["entries"][0].pop("en"),
        "editions[0].entries[0].en",
        "is missing",
    ),
    (
        "bad code",
        lambda d: d["editions"][0]["entries"][0].update(code="1 2"),
        "editions[0].entries[0].code",
        "a code of the form",
    ),
    ("not a label", lambda d: d.update(labels="true"), "editions[0].entries[0].code", "[a-z]"),
    ("doubled edition", lambda d: d["editions"][1].update(edition="A-1"), "editions[1]", "given twice"),
    (
        "two of one day",
        lambda d: d["editions"][1].update(valid_from="2020-01-01"),
        "editions[1].valid_from",
        "given twice",
    ),
    (
        "ends too early",
        lambda d: d["editions"][0].update(valid_to="2020-01-01"),
        "editions[0].valid_to",
        "later than valid_from",
    ),
    ("no entries", lambda d: d["editions"][1].update(entries=[]), "editions[1].entries", "at least 1"),
    (
        "too deep",
        bury,
        "editions[1].entries[0].children[0].children[0].children[0].children",
        "at most 4 levels",
    ),
    ("unknown edition", lambda d: d["mappings"][0].update(to="A-3"), "mappings[0].to", "A-1, A-2"),
    ("to itself", lambda d: d["mappings"][0].update(to="A-1"), "mappings[0]", "to itself"),
    (
        "unknown code",
        lambda d: codes(d)[0].update(to="c"),
        "mappings[0].codes[0].to",
        "A-2 has no code 'c'",
    ),
    (
        "exact of several",
        lambda d: codes(d)[1].update(certainty="exact"),
        "mappings[0].codes[1]",
        "other ways to go",
    ),
    (
        "doubled step",
        lambda d: codes(d).append(dict(codes(d)[0])),
        "mappings[0].codes[3]",
        "the same as mappings[0].codes[0]",
    ),
    ("forgotten code", lambda d: codes(d).pop(0), "mappings[0].codes", "these codes go nowhere: 1"),
    (
        "unknown certainty",
        lambda d: codes(d)[0].update(certainty="sure"),
        "mappings[0].codes[0].certainty",
        "exact, needs_confirmation",
    ),
    ("unknown key", lambda d: d.update(title="x"), "title", "unknown key"),
    ("bad list id", lambda d: d.update(list="Small"), "list", "identifier"),
]


@pytest.mark.parametrize(
    ("edit", "path", "sentence"), [case[1:] for case in MISTAKES], ids=[c[0] for c in MISTAKES]
)
def test_a_mistake_is_named_with_its_path(edit: Edit, path: str, sentence: str) -> None:
    document = copy.deepcopy(SOUND)
    edit(document)
    with pytest.raises(DefinitionRejected) as refused:
        parse_list(document)
    messages = {problem.path: problem.message for problem in refused.value.problems}
    assert sentence in messages[path].en
    assert messages[path].zh


def test_the_small_example_is_sound() -> None:
    parsed = parse_list(SOUND)
    assert [(entry.code, entry.parent_code, entry.sort) for entry in parsed.editions[0].entries] == [
        ("1", None, 1),
        ("2", None, 2),
        ("21", "2", 3),
    ]
    assert [step.note for step in parsed.steps] == ["", "usual", ""]


def test_all_mistakes_are_named_at_once() -> None:
    document = copy.deepcopy(SOUND)
    document["list"] = ""
    document["editions"][0]["entries"][0]["zh"] = " "
    codes(document)[2]["to"] = "z"
    with pytest.raises(DefinitionRejected) as refused:
        parse_list(document)
    assert {problem.path for problem in refused.value.problems} == {
        "list",
        "editions[0].entries[0].zh",
        "mappings[0].codes[2].to",
    }


@pytest.mark.parametrize("document", [None, [], "x", {}, {"list": "x", "editions": [1], "mappings": {}}])
def test_what_is_no_definition_at_all(document: object) -> None:
    with pytest.raises(DefinitionRejected):
        parse_list(document)
