"""YAML text to plain lists, mappings and strings, without any of YAML's guesses."""

from typing import Any

import yaml

from service.codes.rules.documents import DefinitionRejected, Problem, Text

# Definitions are a few kilobytes; refusing early is cheaper than parsing a damaged or hostile file.
LONGEST_DOCUMENT = 400_000


class _StrictLoader(yaml.BaseLoader):
    """Keeps every scalar as the text that was written, and refuses doubled keys and aliases.

    The usual loaders turn 0.1 into a binary fraction, 01 into one, NO into false, and let the last of two
    equal keys win in silence. Aliases are refused because a few lines of them expand to gigabytes.
    """

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]  # the stubs leave it out
            raise yaml.MarkedYAMLError(problem="aliases (*name) are not used here", problem_mark=mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            mark = key.start_mark
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.MarkedYAMLError(problem="a key should be plain text", problem_mark=mark)
            if key.value in seen:
                raise yaml.MarkedYAMLError(problem=f"the key '{key.value}' is given twice", problem_mark=mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


def parse_yaml(text: str) -> object:
    """Parse one YAML document; scalars stay text. Raises DefinitionRejected with line and column."""
    if len(text) > LONGEST_DOCUMENT:
        raise _rejected(f"{len(text)} > {LONGEST_DOCUMENT}", zh="文件过长", en="the file is too long")
    try:
        return _StrictLoader(text).get_single_data()
    except yaml.MarkedYAMLError as mistake:
        mark = mistake.problem_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "$"
        raise _rejected(str(mistake.problem), path=place) from None
    except yaml.YAMLError as mistake:
        raise _rejected(str(mistake)) from None
    except RecursionError:
        raise _rejected("nested too deeply") from None


def _rejected(
    detail: str, *, path: str = "$", zh: str = "YAML 无法读取", en: str = "not readable as YAML"
) -> DefinitionRejected:
    return DefinitionRejected([Problem(path, Text(f"{zh}：{detail}", f"{en}: {detail}"))])
