"""Names of territories as people write them: 长春, 长春市, 吉林省长春市二道区, 长春/二道, 220105, 经开区."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from service.territories.rules.tree import Level, Node, code_candidates, is_within

# Longest first: 自治区 and 新区 before 区.
_SUFFIXES = (
    *("特别行政区", "自治区", "自治州", "自治县", "自治旗", "街道", "地区", "林区", "新区"),
    *("省", "市", "区", "县", "旗", "盟", "镇", "乡"),
)
# The nationalities that names of autonomous places carry (GB/T 3304-1991), with or without 族.
_NATIONALITIES = (
    "蒙古|回族|藏族|维吾尔|苗族|彝族|壮族|布依|朝鲜|满族|侗族|瑶族|白族|土家|哈尼|哈萨克|傣族|黎族|傈僳|佤族|畲族|拉祜|水族|"
    "东乡|纳西|景颇|柯尔克孜|土族|达斡尔|仫佬|羌族|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒族|俄罗斯|鄂温克|德昂|保安|"
    "裕固|京族|独龙|鄂伦春|赫哲|门巴|珞巴|基诺|各族"
)
_NATIONALITY = re.compile(f"(?:{_NATIONALITIES})族?$")
_LONGEST = 100  # characters; the longest name with all its ancestors has 40
_SHORTEST = 2  # 北区 and 赵县 keep their suffix: one character says nothing
# What is written between the levels of an address, and around it.
_SEPARATORS = re.compile(r"[\s/\\>\-_·,，、;；|]+")
_ABBREVIATIONS = (
    ("高新技术产业开发区", "高新区"),
    ("高新技术开发区", "高新区"),
    ("经济技术开发区", "经开区"),
    ("经济开发区", "经开区"),
    ("街道办事处", "街道"),
    ("街道办", "街道"),
)


def normalise(text: str) -> str:
    """A name without spaces, separators and full-width forms, long words for zones and towns made short."""
    name = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    for long, short in _ABBREVIATIONS:
        name = name.replace(long, short)
    return name


def short_name(name: str) -> str:
    """A normalised name without its kind: 长春市 → 长春, 恩施土家族苗族自治州 → 恩施; 北区 stays as it is."""
    for suffix in _SUFFIXES:
        if name.endswith(suffix) and len(name) - len(suffix) >= _SHORTEST:
            short = name.removesuffix(suffix)
            break
    else:
        return name
    if suffix.startswith("自治"):
        while (match := _NATIONALITY.search(short)) and match.start() >= _SHORTEST:
            short = short[: match.start()]
    return short


@dataclass(frozen=True, slots=True)
class _Named:
    node: Node
    ancestors: tuple[tuple[str, str], ...]  # full and short names from the country down, without its own


class Gazetteer:
    """Finds the territories of an area by what people write; built once, asked for every distinct text."""

    def __init__(self, nodes: Iterable[Node], *, area: str) -> None:
        """`nodes` hold the area and all its ancestors, so that 吉林省长春市 is understood within 长春市."""
        by_path = {node.path: node for node in nodes}
        self._by_code: dict[str, Node] = {}
        self._full: dict[str, list[_Named]] = {}
        self._short: dict[str, list[_Named]] = {}
        for node in by_path.values():
            if not is_within(node.path, area):
                continue
            self._by_code[node.key] = node
            labels = node.path.split(".")
            above = [by_path.get(".".join(labels[:depth])) for depth in range(1, len(labels))]
            ancestors = tuple(_names_of(ancestor.name) for ancestor in above if ancestor)
            named = _Named(node, ancestors)
            full, short = _names_of(node.name)
            self._full.setdefault(full, []).append(named)
            for alias in {short, *_zone_aliases(node, full, ancestors)} - {full}:
                self._short.setdefault(alias, []).append(named)

    def find(self, text: str) -> tuple[Node, ...]:
        """The territories that a text means: none, one, or several when it is ambiguous, in the order of their paths.

        A code or key beats a name, a whole name a short one: 吉林市 is the city though 吉林 is also a province.
        """
        stripped = unicodedata.normalize("NFKC", text).strip()
        for code in (*code_candidates(stripped), stripped.lower()):
            if code in self._by_code:
                return (self._by_code[code],)
        name = normalise(text)
        if len(name) > _LONGEST:
            return ()
        return self._named(name, self._full) or self._named(name, self._short)

    def _named(self, name: str, index: dict[str, list[_Named]]) -> tuple[Node, ...]:
        found = {
            named.node.path: named.node
            for start in range(len(name))
            for named in index.get(name[start:], ())
            if _spells(name[:start], named.ancestors)
        }
        return tuple(found[path] for path in sorted(found))


def _names_of(name: str) -> tuple[str, str]:
    full = normalise(name)
    return full, short_name(full)


def _zone_aliases(node: Node, full: str, ancestors: Sequence[tuple[str, str]]) -> set[str]:
    """A functional zone is also called without the place it belongs to: 长春经开区, 经开区."""
    if node.level is not Level.FUNCTIONAL_ZONE:
        return set()
    return {
        full.removeprefix(name) for names in ancestors for name in names if len(full) - len(name) >= _SHORTEST
    }


def _spells(text: str, ancestors: Sequence[tuple[str, str]]) -> bool:
    """Whether a text is some of the ancestors' names one after the other, from the highest down."""
    if not text:
        return True
    return any(
        text.startswith(name) and _spells(text[len(name) :], ancestors[depth + 1 :])
        for depth, names in enumerate(ancestors)
        for name in names
    )
