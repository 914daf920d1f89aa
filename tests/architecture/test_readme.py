"""The README's tables say what the code does: a setting or a command that is missing, or gone, fails the build."""

import re
from pathlib import Path
from typing import Any

import pytest
import typer.main

from service.base.settings import Settings
from service.cli import app

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CHINESE = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")


def table(text: str, first_heading: str) -> list[list[str]]:
    """The rows of the table whose first column has this heading."""
    lines = text.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"| {first_heading} |"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def test_settings_are_the_ones_of_the_code() -> None:
    fields = {
        f"`RISKMAP_{name.upper()}`": (
            ""
            if field.default is None
            else f"`{str(field.default).lower()}`"
            if isinstance(field.default, bool)
            else f"`{field.default}`",
            field.description,
        )
        for name, field in Settings.model_fields.items()
    }
    assert {name: (default, meaning) for name, default, meaning in table(README, "setting")} == fields


def commands(group: Any, prefix: str = "riskmap") -> set[str]:
    """The commands of a group and of the groups in it. Typer brings its own click, so a group is what has commands."""
    found: set[str] = set()
    for name, command in group.commands.items():
        inner = hasattr(command, "commands")
        found |= commands(command, f"{prefix} {name}") if inner else {f"{prefix} {name}"}
    return found


def test_commands_are_the_ones_of_the_code() -> None:
    assert {row[0].strip("`") for row in table(README, "command")} == commands(typer.main.get_command(app))


def test_floors_are_the_ones_of_the_code() -> None:
    named = {row[1].strip("`") for row in table(README, "capability") if row[1]}
    floors = {f"service/{path.parent.name}" for path in (ROOT / "service").glob("*/__init__.py")} - {
        "service/base"
    }
    assert named == floors


@pytest.mark.parametrize(
    "term",
    ["located_in", "managed_by", "inherent", "assessed", "current", "computation cell", "responsibility grid",
     "major risk", "major hidden danger", "major hazard source"],
)  # fmt: skip
def test_the_words_that_are_easily_mixed_are_in_the_glossary(term: str) -> None:
    terms = {word.strip() for row in table(README, "word") for word in row[0].split(",")}
    assert term in terms


def test_decisions_are_numbered_and_named_once() -> None:
    numbers = [
        re.match(r"(\d{4})-[a-z0-9-]+\.md$", file.name) for file in (ROOT / "docs/decisions").iterdir()
    ]
    assert all(numbers)
    found = sorted(int(number[1]) for number in numbers if number)
    assert found == list(range(1, len(found) + 1))


def test_both_readmes_name_the_two_commands() -> None:
    for text in (README, CHINESE):
        assert "scripts/run" in text
        assert "scripts/test" in text


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md", "seed_data/README.md", "web/README.md"])
def test_every_relative_link_leads_somewhere(name: str) -> None:
    file = ROOT / name
    links = re.findall(r"\]\(([^)#:]+)\)", file.read_text(encoding="utf-8"))
    assert [link for link in links if not (file.parent / link).exists()] == []
