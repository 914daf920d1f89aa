"""What every process carries: what few requests need is loaded by those that do."""

import subprocess
import sys

from tests.conftest import ROOT

HEAVY = ("folium", "pandas", "geopandas", "pyarrow", "pyogrio")


def test_a_process_that_serves_loads_nothing_that_only_files_need() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, service.cli; print(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert "service.app" in loaded
    assert set(HEAVY) & set(loaded) == set()
