"""The rules of the house that no ready linter knows. Each names the accident it prevents.

A line may be excused by a comment on it: `# allow: <rule> - <reason>`.
"""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [ROOT / folder for folder in ("geo", "service", "seed_data", "migrations", "tests", "bench")]

MOST_LINES = 400
MOST_FUNCTION_LINES = 60
# Names that say nothing: whoever reads them must open the code to learn what it is.
HOLLOW = ("Manager", "Helper", "Util", "Base", "Processor", "Handler")

CLOCKS = [[kind, verb] for kind in ("datetime", "date", "clock") for verb in ("now", "today", "utcnow")]

Finding = tuple[int, str]


class Source(NamedTuple):
    """One file as the rules see it."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def floor(self) -> str:
        """The folder at the top that the file belongs to: service, geo, tests, ..."""
        return self.path.relative_to(ROOT).parts[0]


Rule = Callable[[Source], Iterator[Finding]]


def python_files() -> list[Path]:
    return sorted(file for folder in SOURCES for file in folder.rglob("*.py"))


def only_database_commits(source: Source) -> Iterator[Finding]:
    """commit: a commit outside the door tore imports in two, and one after the answer lost a row that was reported saved."""
    if source.path.as_posix().endswith("service/base/database.py") or source.floor != "service":
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit":
            yield node.lineno, "only service/base/database.py commits"


def reads_belong_in_queries(source: Source) -> Iterator[Finding]:
    """select: a read written in a route forgot what the others knew, and showed rows the list did not."""
    if source.floor != "service" or source.path.name == "queries.py" or "queries" in source.path.parts:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "select":
            yield node.lineno, "select() belongs in queries.py"


def rules_read_no_clock(source: Source) -> Iterator[Finding]:
    """clock: a rule that read the clock graded the same inputs differently after midnight, and no test could say so."""
    if source.floor != "service" or not (source.path.name == "rules.py" or "rules" in source.path.parts):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-2:] in CLOCKS:
            yield node.lineno, "rules are handed the time"


def yielding_sessions_end_before_the_answer(source: Source) -> Iterator[Finding]:
    """scope: FastAPI runs a dependency's end after the response unless told so; a failed commit was answered by 200."""
    if source.floor != "service":
        return
    for node in ast.walk(source.tree):
        if not (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "Depends"
            and node.args
        ):
            continue
        called = ast.unparse(node.args[0])
        ends_early = any(k.arg == "scope" and ast.unparse(k.value) == "'function'" for k in node.keywords)
        if "session" in called.lower() and not ends_early:
            yield node.lineno, 'a session dependency needs scope="function"'


def files_are_short(source: Source) -> Iterator[Finding]:
    """length: nobody read the file of 2,000 lines whole, and so it held the same check three times."""
    lines = source.text.count("\n")
    if lines > MOST_LINES:
        yield 1, f"{lines} lines; at most {MOST_LINES}"


def functions_are_short(source: Source) -> Iterator[Finding]:
    """function: in a function of 260 lines the permission check stood below the write."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > MOST_FUNCTION_LINES:
                yield node.lineno, f"{node.name} has {lines} lines; at most {MOST_FUNCTION_LINES}"


def names_say_something(source: Source) -> Iterator[Finding]:
    """name: three Managers and two Helpers later nobody knew which one writes."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef) and node.name.endswith(HOLLOW):
            yield node.lineno, f"{node.name} says nothing"
    if source.path.stem in {"utils", "util", "helpers", "helper", "misc", "common"}:
        yield 1, f"{source.path.name} is not a room"


def imports_stand_at_the_top(source: Source) -> Iterator[Finding]:
    """import: an import hidden in a function is how a circle between floors starts."""
    if source.floor not in {"service", "geo"}:
        return
    for function in ast.walk(source.tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    yield node.lineno, "imports stand at the top"


def packages_only_say_what_they_are(source: Source) -> Iterator[Finding]:
    """reexport: a name re-exported by a package hid who calls whom from grep and from the contracts."""
    if (
        source.path.name == "__init__.py"
        and source.floor == "service"
        and len(source.path.relative_to(ROOT).parts) <= 3
    ):
        for node in source.tree.body:
            if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
                yield node.lineno, "__init__.py holds a docstring"


def promises_are_kept(source: Source) -> Iterator[Finding]:
    """promise: a skipped test and a word for later were counted as done."""
    words = (
        "TO" + "DO",
        "FIX" + "ME",
        "raise Not" + "Implemented",
        "mark.sk" + "ip",
        "mark.xf" + "ail",
        "pytest.sk" + "ip",
    )
    for number, line in enumerate(source.text.splitlines(), 1):
        if any(word in line for word in words):
            yield number, "finish it or leave it out"


RULES: list[Rule] = [
    only_database_commits,
    reads_belong_in_queries,
    rules_read_no_clock,
    yielding_sessions_end_before_the_answer,
    files_are_short,
    functions_are_short,
    names_say_something,
    imports_stand_at_the_top,
    packages_only_say_what_they_are,
    promises_are_kept,
]


def findings(rule: Rule, path: Path, text: str) -> list[str]:
    """What a rule finds in a file, without the lines that excuse themselves with a reason."""
    name = (rule.__doc__ or "").partition(":")[0]
    lines = text.splitlines()
    return [
        f"{path}:{number}: {problem}"
        for number, problem in rule(Source(path, text, ast.parse(text)))
        if f"# allow: {name} - " not in (lines[number - 1] if lines else "")
    ]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_obeys(rule: Rule) -> None:
    found = [
        line for file in python_files() for line in findings(rule, file, file.read_text(encoding="utf-8"))
    ]
    assert found == []


SERVICE = ROOT / "service" / "drills"
BROKEN: list[tuple[Rule, Path, str]] = [
    (only_database_commits, SERVICE / "actions.py", "async def f(s):\n    await s.commit()\n"),
    (reads_belong_in_queries, SERVICE / "routes.py", "rows = select(RiskPoint)\n"),
    (rules_read_no_clock, SERVICE / "rules.py", "due = datetime.now() > deadline\n"),
    (
        yielding_sessions_end_before_the_answer,
        SERVICE / "routes.py",
        "S = Annotated[Session, Depends(get_session)]\n",
    ),
    (files_are_short, SERVICE / "rules.py", "x = 1\n" * 401),
    (functions_are_short, SERVICE / "rules.py", "def f():\n" + "    x = 1\n" * 60),
    (names_say_something, SERVICE / "actions.py", "class DrillManager:\n    pass\n"),
    (imports_stand_at_the_top, SERVICE / "actions.py", "def f():\n    import service.hazards\n"),
    (
        packages_only_say_what_they_are,
        SERVICE / "__init__.py",
        '"""Drills."""\nfrom service.drills.rules import f\n',
    ),
    (promises_are_kept, SERVICE / "rules.py", "x = 1  # TO" + "DO later\n"),
]


@pytest.mark.parametrize(("rule", "path", "text"), BROKEN, ids=lambda value: getattr(value, "__name__", ""))
def test_each_rule_catches_what_it_is_for(rule: Rule, path: Path, text: str) -> None:
    assert findings(rule, path, text)


def test_every_rule_was_broken_on_purpose() -> None:
    assert {rule for rule, _, _ in BROKEN} == set(RULES)


def test_a_line_may_excuse_itself_with_a_reason() -> None:
    line = "async def f(s):\n    await s.commit()  # allow: commit - frees the session before a stream\n"
    assert findings(only_database_commits, SERVICE / "actions.py", line) == []
