"""What a code list is, and when its definition is sound.

A definition holds one list with all its editions and the mappings between them, because a mapping can only be
checked against both editions it joins.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from service.codes.rules.documents import DefinitionRejected, Node, Problem, Text, refuse_doubles

IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,63}")
EDITION = re.compile(r"[0-9A-Za-z][0-9A-Za-z ./_-]{0,39}")
CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.-]{0,31}")

# A label of an ltree path; capitals and hyphens are left out, so that a code reads the same in every tool.
LABEL = re.compile(r"[a-z][a-z0-9_]{0,31}")

# Deeper trees than section, division, group, class do not occur in the lists of this field.
DEEPEST = 4


class Certainty(StrEnum):
    """Whether a code of one edition says by itself which code of another it becomes."""

    EXACT = "exact"
    NEEDS_CONFIRMATION = "needs_confirmation"


@dataclass(frozen=True, slots=True)
class Entry:
    """One code of an edition, with its name in both languages."""

    code: str
    parent_code: str | None
    name: Text
    sort: int


@dataclass(frozen=True, slots=True)
class Edition:
    """One published answer to the list's question, in force from a day, perhaps until another."""

    edition: str
    source: str
    valid_from: date
    valid_to: date | None  # the first day on which it is no longer in force
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One possible way for a code from one edition into another."""

    from_edition: str
    from_code: str
    to_edition: str
    to_code: str
    certainty: Certainty
    note: str


@dataclass(frozen=True, slots=True)
class CodeList:
    """A list with all its editions and the steps between them."""

    id: str
    editions: tuple[Edition, ...]
    steps: tuple[Step, ...]


def parse_list(document: object) -> CodeList:
    """Read and check a whole definition. Raises DefinitionRejected with all problems, each with its path."""
    problems: list[Problem] = []
    root = Node(document, path="", problems=problems)
    fields = root.as_fields(required=("list", "editions"), optional=("labels", "mappings"))
    labels = "labels" in fields and fields["labels"].as_one_of(("true", "false")) == "true"
    items = fields["editions"].as_items()
    editions = tuple(_read_edition(item, form=LABEL if labels else CODE) for item in items)
    refuse_doubles((item, edition.edition) for item, edition in zip(items, editions, strict=True))
    # The edition in force is the latest one; two of one day would leave that to chance.
    refuse_doubles(
        (item.child("valid_from", ""), edition.valid_from if edition.valid_from != date.min else None)
        for item, edition in zip(items, editions, strict=True)
    )
    steps: tuple[Step, ...] = ()
    if "mappings" in fields:
        by_name = {edition.edition: edition for edition in editions}
        steps = tuple(step for node in fields["mappings"].as_items() for step in _read_mapping(node, by_name))
    list_id = fields["list"].as_matching(
        IDENTIFIER, zh="小写字母、数字、下划线", en="an identifier of a-z, 0-9 and underscore"
    )
    if problems:
        raise DefinitionRejected(problems)
    return CodeList(list_id, editions, steps)


def _read_edition(node: Node, *, form: re.Pattern[str]) -> Edition:
    fields = node.as_fields(required=("edition", "source", "valid_from", "entries"), optional=("valid_to",))
    begins = fields["valid_from"].as_date() or date.min
    ends = fields["valid_to"].as_date() if "valid_to" in fields else None
    if ends is not None and ends <= begins:
        fields["valid_to"].refuse("失效日期应晚于生效日期", "should be later than valid_from")
    placed = list(_read_entries(fields["entries"], parent=None, form=form, depth=1))
    refuse_doubles((item, code) for item, code, _, _ in placed)
    refuse_doubles((item, (parent, name.zh) if name.zh else None) for item, _, parent, name in placed)
    return Edition(
        edition=fields["edition"].as_matching(
            EDITION, zh="字母、数字、空格及 . / _ -", en="an edition of letters, digits, spaces and . / _ -"
        ),
        source=fields["source"].as_text(),
        valid_from=begins,
        valid_to=ends,
        entries=tuple(
            Entry(code, parent, name, sort) for sort, (_, code, parent, name) in enumerate(placed, start=1)
        ),
    )


def _read_entries(
    node: Node, *, parent: str | None, form: re.Pattern[str], depth: int
) -> Iterator[tuple[Node, str, str | None, Text]]:
    """Every entry with its node, its code, its parent's code and its name, parents before children."""
    for item in node.as_items():
        fields = item.as_fields(required=("code", "zh", "en"), optional=("children",))
        code = fields["code"].as_matching(
            form, zh=f"应符合 {form.pattern}", en=f"a code of the form {form.pattern}"
        )
        yield item, code, parent, Text(fields["zh"].as_text(), fields["en"].as_text())
        if "children" in fields:
            if depth == DEEPEST:
                fields["children"].refuse(f"最多 {DEEPEST} 级", f"a list has at most {DEEPEST} levels")
                continue
            yield from _read_entries(fields["children"], parent=code, form=form, depth=depth + 1)


def _read_mapping(node: Node, editions: Mapping[str, Edition]) -> list[Step]:
    """The steps from one edition into another; every code that has no children must have at least one."""
    fields = node.as_fields(required=("from", "to", "codes"))
    source = editions.get(fields["from"].as_one_of(tuple(editions)))
    target = editions.get(fields["to"].as_one_of(tuple(editions)))
    if source is None or target is None:
        return []
    if source is target:
        node.refuse("不能映射到同一版本", "maps an edition to itself")
    items = fields["codes"].as_items()
    steps = [_read_step(item, source, target) for item in items]
    placed = list(zip(items, steps, strict=True))
    refuse_doubles(
        (item, (step.from_code, step.to_code) if step.from_code else None) for item, step in placed
    )
    for item, step in placed:
        others = {o.to_code for o in steps if o.from_code == step.from_code} - {step.to_code}
        if step.certainty is Certainty.EXACT and others:
            item.refuse("有多个去向时须为 needs_confirmation", "is exact, but the code has other ways to go")
    parents = {entry.parent_code for entry in source.entries}
    mapped = {step.from_code for step in steps}
    missing = [e.code for e in source.entries if e.code not in parents and e.code not in mapped]
    if missing:
        names = ", ".join(missing)
        fields["codes"].refuse(f"以下代码没有去向：{names}", f"these codes go nowhere: {names}")
    return steps


def _read_step(node: Node, source: Edition, target: Edition) -> Step:
    fields = node.as_fields(required=("from", "to", "certainty"), optional=("note",))
    stated = fields["certainty"].as_one_of(list(Certainty))
    return Step(
        from_edition=source.edition,
        from_code=_read_code_of(fields["from"], source),
        to_edition=target.edition,
        to_code=_read_code_of(fields["to"], target),
        certainty=Certainty(stated) if stated else Certainty.NEEDS_CONFIRMATION,
        note=fields["note"].as_text() if "note" in fields else "",
    )


def _read_code_of(node: Node, edition: Edition) -> str:
    code = node.as_text()
    if code and code not in {entry.code for entry in edition.entries}:
        node.refuse(f"{edition.edition} 没有代码“{code}”", f"{edition.edition} has no code '{code}'")
        return ""
    return code
