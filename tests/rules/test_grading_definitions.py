"""A definition with a mistake is refused, with the path of each mistake and a sentence that helps."""

import copy
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest

from service.codes.rules.documents import DefinitionRejected
from service.codes.rules.strict_yaml import parse_yaml
from service.grading.rules.canonical import to_document
from service.grading.rules.definitions import parse_method
from service.grading.rules.methods import Kind

SHIPPED = sorted(
    file.name.removesuffix(".yaml")
    for file in (files("service.grading") / "definitions").iterdir()
    if file.name.endswith(".yaml")
)

Edit = Callable[[dict[str, Any]], object]


def text(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


def value(number: str) -> dict[str, Any]:
    return {"value": number, "text": text(f"值{number}", f"value {number}")}


SOUND: dict[str, Any] = {
    "id": "small",
    "version": "1",
    "kind": "product",
    "title": text("小方法", "a small method"),
    "valid_from": "2026-01-01",
    "sources": [{"text": "here", "evidence": "primary"}],
    "symbol": "R",
    "axes": [
        {"code": "L", "title": text("可能性", "likelihood"), "values": [value("3"), value("2"), value("1")]},
        {"code": "S", "title": text("严重性", "severity"), "values": [value("3"), value("2"), value("1")]},
    ],
    "bands": [
        {"grade": "major", "above": "6"},
        {"grade": "large", "above": "4", "to": "6"},
        {"grade": "general", "from": "3", "to": "4"},
        {"grade": "low", "below": "3"},
    ],
}
TABLE = SOUND | {
    "kind": "table",
    "axes": [
        {"code": "L", "title": text("可能性", "likelihood"), "values": [value("often"), value("rare")]},
        {"code": "S", "title": text("严重性", "severity"), "values": [value("A"), value("B")]},
    ],
    "table": [["often", "A", "4"], ["often", "B", "3"], ["rare", "A", "2"], ["rare", "B", "1"]],
    "bands": [
        {"grade": "major", "from": "4"},
        {"grade": "large", "from": "3", "below": "4"},
        {"grade": "general", "from": "2", "below": "3"},
        {"grade": "low", "below": "2"},
    ],
}
DIRECT: dict[str, Any] = {key: SOUND[key] for key in ("id", "version", "title", "valid_from", "sources")} | {
    "kind": "direct",
    "rules": [
        {
            "code": "crowd",
            "grade": "major",
            "text": text("人多", "many people"),
            "clause": "1",
            "source": {"text": "here", "evidence": "memory"},
            "facts": [
                {
                    "code": "workers",
                    "title": text("人数", "workers"),
                    "minimum": "10",
                    "unit": text("人", "people"),
                }
            ],
        }
    ],
}


def problems_of(document: object) -> dict[str, str]:
    with pytest.raises(DefinitionRejected) as refused:
        parse_method(document)
    for problem in refused.value.problems:
        assert problem.message.zh
    return {problem.path: problem.message.en for problem in refused.value.problems}


def problems_after(edit: Edit, sound: dict[str, Any] = SOUND) -> dict[str, str]:
    document = copy.deepcopy(sound)
    edit(document)
    return problems_of(document)


@pytest.mark.parametrize("name", SHIPPED)
def test_what_is_shipped_is_sound_and_survives_its_canonical_form(name: str) -> None:
    source = (files("service.grading") / "definitions" / f"{name}.yaml").read_text(encoding="utf-8")
    method = parse_method(parse_yaml(source))
    assert method.id == name
    assert parse_method(to_document(method)) == method


@pytest.mark.parametrize("sound", [SOUND, TABLE, DIRECT], ids=["product", "table", "direct"])
def test_the_small_examples_are_sound(sound: dict[str, Any]) -> None:
    method = parse_method(sound)
    assert parse_method(to_document(method)) == method
    assert method.kind is Kind(sound["kind"])


def test_the_shipped_methods_are_those_of_the_plan() -> None:
    assert SHIPPED == [
        "direct_decision",
        "enterprise_4x4",
        "lec_fold_a",
        "lec_fold_a_c2",
        "lec_fold_b",
        "ls_v1",
        "ls_v2",
        "stated",
    ]


def below(band: dict[str, str], score: str) -> None:
    del band["to"]
    band["below"] = score


def closed(band: dict[str, str], score: str) -> None:
    del band["above"]
    band["from"] = score


def out_of_reach(document: dict[str, Any]) -> None:
    document["bands"][0]["above"] = "9"
    document["bands"][1]["to"] = "9"


def swap_grades(document: dict[str, Any]) -> None:
    document["bands"][0]["grade"], document["bands"][1]["grade"] = "large", "major"


BAND_MISTAKES: list[tuple[str, Edit, str, str]] = [
    ("gap", lambda d: d["bands"][2].update(to="3.5"), "bands[2]", "a gap lies before it: 3.5 to 4"),
    ("gap at a point", lambda d: below(d["bands"][2], "4"), "bands[2]", "the score 4 lies in no band"),
    ("overlap", lambda d: d["bands"][2].update(to="5"), "bands[2]", "overlaps the band before it: 4 to 5"),
    ("overlap at a point", lambda d: closed(d["bands"][1], "4"), "bands[2]", "the score 4 lies in two bands"),
    ("no lower end", lambda d: d["bands"][1].pop("above"), "bands[2]", "which has no lower end"),
    ("no upper end", lambda d: d["bands"][2].pop("to"), "bands[2]", "only the first band"),
    ("empty", lambda d: d["bands"][1].update(above="7"), "bands[1]", "this band is empty"),
    ("order of grades", swap_grades, "bands[1]", "wrong order: major belongs before large"),
    ("order of scores", lambda d: d["bands"].reverse(), "bands[1]", "wrong order"),
    ("unreachable", out_of_reach, "bands[0]", "no input reaches"),
    ("top uncovered", lambda d: d["bands"][0].update(to="8"), "bands", "the score 9 lies in no band"),
    ("bottom uncovered", lambda d: d["bands"][3].update(above="1"), "bands", "the score 1 lies in no band"),
    ("two lower ends", lambda d: d["bands"][0].update({"from": "6"}), "bands[0]", "one lower end is enough"),
    ("two upper ends", lambda d: d["bands"][3].update({"to": "3"}), "bands[3]", "one upper end is enough"),
    (
        "unknown grade",
        lambda d: d["bands"][0].update(grade="red"),
        "bands[0].grade",
        "major, large, general, low",
    ),
    ("no bands", lambda d: d.update(bands=[]), "bands", "at least 1"),
]


@pytest.mark.parametrize(
    ("edit", "path", "sentence"), [case[1:] for case in BAND_MISTAKES], ids=[c[0] for c in BAND_MISTAKES]
)
def test_bands_that_do_not_give_exactly_one_grade(edit: Edit, path: str, sentence: str) -> None:
    assert sentence in problems_after(edit)[path]


OTHER_MISTAKES: list[tuple[str, Edit, str, str]] = [
    (
        "duplicate value",
        lambda d: d["axes"][0]["values"].append(value("3")),
        "axes[0].values[3]",
        "the same as axes[0].values[0]",
    ),
    (
        "duplicate spelling",
        lambda d: d["axes"][0]["values"].append(value("3.0")),
        "axes[0].values[3]",
        "given twice",
    ),
    ("duplicate axis", lambda d: d["axes"][1].update(code="L"), "axes[1]", "given twice"),
    (
        "word for a number",
        lambda d: d["axes"][0]["values"][0].update(value="high"),
        "axes[0].values[0].value",
        "decimal number",
    ),
    (
        "negative",
        lambda d: d["axes"][0]["values"][0].update(value="-3"),
        "axes[0].values[0].value",
        "decimal number",
    ),
    (
        "exponent",
        lambda d: d["axes"][0]["values"][0].update(value="1e400"),
        "axes[0].values[0].value",
        "decimal number",
    ),
    (
        "binary fraction",
        lambda d: d["axes"][0]["values"][0].update(value=0.1),
        "axes[0].values[0].value",
        "not exact",
    ),
    ("missing text", lambda d: d["axes"][0]["values"][1].pop("text"), "axes[0].values[1].text", "is missing"),
    (
        "missing English",
        lambda d: d["axes"][0]["values"][1]["text"].pop("en"),
        "axes[0].values[1].text.en",
        "is missing",
    ),
    ("empty Chinese", lambda d: d["title"].update(zh="  "), "title.zh", "the text is empty"),
    ("no values", lambda d: d["axes"][0].update(values=[]), "axes[0].values", "at least 1"),
    (
        "too many axes",
        lambda d: d.update(axes=[dict(d["axes"][0], code=f"X{i}") for i in range(7)]),
        "axes",
        "at most 6",
    ),
    ("unknown key", lambda d: d.update(colour="red"), "colour", "unknown key"),
    ("a part of another kind", lambda d: d.update(table=[]), "table", "unknown key"),
    ("unknown kind", lambda d: d.update(kind="sum"), "kind", "product, table, direct"),
    ("no kind", lambda d: d.pop("kind"), "kind", "is missing"),
    ("bad id", lambda d: d.update(id="LEC A"), "id", "identifier"),
    ("bad version", lambda d: d.update(version="1/2"), "version", "version"),
    ("impossible date", lambda d: d.update(valid_from="2017-11-31"), "valid_from", "YYYY-MM-DD"),
    ("ends before it begins", lambda d: d.update(valid_to="2026-01-01"), "valid_to", "later than valid_from"),
    ("doubled word", lambda d: d.update(words=["LS", "LS"]), "words[1]", "the same as words[0]"),
    ("no source", lambda d: d.update(sources=[]), "sources", "at least 1"),
    ("unknown evidence", lambda d: d["sources"][0].update(evidence="sure"), "sources[0].evidence", "memory"),
    ("text for a list", lambda d: d.update(axes="L, S"), "axes", "should be a list"),
    ("list for a text", lambda d: d.update(symbol=["R"]), "symbol", "should be text"),
    ("NUL", lambda d: d.update(symbol="R\x00"), "symbol", "NUL"),
]


@pytest.mark.parametrize(
    ("edit", "path", "sentence"), [case[1:] for case in OTHER_MISTAKES], ids=[c[0] for c in OTHER_MISTAKES]
)
def test_other_mistakes(edit: Edit, path: str, sentence: str) -> None:
    assert sentence in problems_after(edit)[path]


TABLE_MISTAKES: list[tuple[str, Edit, str, str]] = [
    ("missing combination", lambda d: d["table"].pop(), "table", "1 combinations are missing: rare, B"),
    (
        "doubled combination",
        lambda d: d["table"].append(["rare", "B", "9"]),
        "table[4]",
        "the same as table[3]",
    ),
    ("unknown value", lambda d: d["table"].append(["never", "B", "1"]), "table[4][0]", "L has no 'never'"),
    ("short row", lambda d: d["table"].append(["often", "1"]), "table[4]", "one value per axis"),
    ("no score", lambda d: d["table"][0].__setitem__(2, "much"), "table[0][2]", "decimal number"),
    ("unreachable", lambda d: d["table"][0].__setitem__(2, "3"), "bands[0]", "no input reaches"),
]


@pytest.mark.parametrize(
    ("edit", "path", "sentence"), [case[1:] for case in TABLE_MISTAKES], ids=[c[0] for c in TABLE_MISTAKES]
)
def test_tables_that_do_not_cover_their_axes_once(edit: Edit, path: str, sentence: str) -> None:
    assert sentence in problems_after(edit, TABLE)[path]


DIRECT_MISTAKES: list[tuple[str, Edit, str, str]] = [
    ("no rules", lambda d: d.update(rules=[]), "rules", "at least 1"),
    ("doubled rule", lambda d: d["rules"].append(d["rules"][0]), "rules[1]", "given twice"),
    ("no unit", lambda d: d["rules"][0]["facts"][0].pop("unit"), "rules[0].facts[0].unit", "is missing"),
    ("no clause", lambda d: d["rules"][0].pop("clause"), "rules[0].clause", "is missing"),
    (
        "neither kind of fact",
        lambda d: d["rules"][0]["facts"][0].pop("minimum"),
        "rules[0].facts[0].values",
        "is missing",
    ),
]


@pytest.mark.parametrize(
    ("edit", "path", "sentence"), [case[1:] for case in DIRECT_MISTAKES], ids=[c[0] for c in DIRECT_MISTAKES]
)
def test_direct_rules_that_say_too_little(edit: Edit, path: str, sentence: str) -> None:
    assert sentence in problems_after(edit, DIRECT)[path]


def test_all_mistakes_are_named_at_once() -> None:
    def spoil(document: dict[str, Any]) -> None:
        document["id"] = ""
        del document["title"]
        document["axes"][0]["values"].append(value("3"))
        document["bands"][2]["to"] = "3.5"
        document["colour"] = "red"

    assert set(problems_after(spoil)) == {"id", "title", "axes[0].values[3]", "bands[2]", "colour"}


@pytest.mark.parametrize("document", [None, "lec", [], 7, {}])
def test_what_is_no_definition_at_all(document: object) -> None:
    assert problems_of(document)


def test_the_error_speaks_to_a_person_and_lists_everything_for_a_program() -> None:
    with pytest.raises(DefinitionRejected) as refused:
        parse_method({})
    wire = refused.value.wire()
    assert wire["error"] == "rejected"
    assert wire["message"].startswith("定义未被接受：")
    assert len(wire["details"]["problems"]) == len(refused.value.problems) > 5
    assert wire["message_en"].endswith("and 1 more")


@pytest.mark.parametrize(
    ("source", "path", "sentence"),
    [
        ("a: 1\na: 2\n", "line 2, column 1", "the key 'a' is given twice"),
        ("a: &x [1]\nb: *x\n", "line 2, column 4", "aliases"),
        ("? [a]\n: 1\n", "line 1, column 3", "plain text"),
        ("a: [1, 2\n", "line 2, column 1", "not readable as YAML"),
        ("a: 1\n---\nb: 2\n", "line 2, column 1", "another document"),
        ("a: \x07", "$", "not readable as YAML"),
        ("[" * 20_000, "$", "nested too deeply"),
        ("a" * 400_001, "$", "too long"),
    ],
)
def test_yaml_that_is_refused(source: str, path: str, sentence: str) -> None:
    with pytest.raises(DefinitionRejected) as refused:
        parse_yaml(source)
    (problem,) = refused.value.problems
    assert problem.path == path
    assert sentence in problem.message.en


def test_yaml_keeps_what_was_written() -> None:
    assert parse_yaml("{a: 0.10, b: 01, c: NO, d: 2026-07-01, e: ~}") == {
        "a": "0.10",
        "b": "01",
        "c": "NO",
        "d": "2026-07-01",
        "e": "~",
    }
