"""The import contracts hold, and each of them catches what it is there for."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    # The copy must be found before the installed project, so its folder leads the path.
    program = (
        "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports_command as run; run()"
    )
    return subprocess.run(
        [sys.executable, "-c", program, "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house")
    for part in ("service", "geo"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_the_house_keeps_its_contracts(copy: Path) -> None:
    result = lint(copy)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("geo/cells.py", "import sqlalchemy", "geo knows the earth"),
        ("geo/cells.py", "import service.base.viewer", "geo knows the earth"),
        ("service/risk_points/queries.py", "import service.cells.queries", "Floors call downwards only"),
        ("service/base/viewer.py", "import service.territories.models", "Floors call downwards only"),
        ("service/forecasts/__init__.py", "", "Floors call downwards only"),
        ("service/cells/queries.py", "import service.cells.routes", "Rooms inside a floor"),
        ("service/cells/utils.py", "", "Rooms inside a floor"),
        ("service/grading/rules/grades.py", "import sqlalchemy", "Rules are pure"),
        ("service/grading/rules/grades.py", "import service.base.clock", "Rules are pure"),
        ("geo/errors.py", "import geo.cells", "No dependency cycles"),
    ],
)
def test_each_contract_catches_what_it_is_for(copy: Path, file: str, line: str, contract: str) -> None:
    path = copy / file
    before = path.read_text(encoding="utf-8") if path.exists() else None
    path.parent.mkdir(exist_ok=True)
    try:
        path.write_text(f"{before or ''}\n{line}\n", encoding="utf-8")
        result = lint(copy)
    finally:
        if before is None:
            shutil.rmtree(path.parent) if path.name == "__init__.py" else path.unlink()
        else:
            path.write_text(before, encoding="utf-8")
    broken = [row for row in result.stdout.splitlines() if row.endswith("BROKEN")]
    assert any(row.startswith(contract) for row in broken), result.stdout
