"""Every SQL file is understood by the migrated database: a renamed column breaks the build, not the map."""

import re
from pathlib import Path

import psycopg
import pytest

from service.base.statements import statement
from tests.conftest import Database

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "service").glob("*/sql/*.sql"))
PARAMETER = re.compile(r"%\((\w+)\)s")


def test_there_are_statements_to_check() -> None:
    assert len(FILES) > 5


@pytest.mark.parametrize("file", FILES, ids=lambda file: "/".join(file.parts[-3:]))
def test_every_statement_opens_with_what_it_answers(file: Path) -> None:
    assert file.read_text(encoding="utf-8").startswith("-- ")


@pytest.mark.parametrize("file", FILES, ids=lambda file: "/".join(file.parts[-3:]))
def test_every_statement_fits_the_schema(bare_database: Database, file: Path) -> None:
    text = statement(file.parts[-3], file.stem)
    names = list(dict.fromkeys(PARAMETER.findall(text)))
    numbered = PARAMETER.sub(lambda match: f"${names.index(match[1]) + 1}", text).replace("%%", "%")
    with psycopg.connect(bare_database.app_url) as connection:
        connection.execute("PREPARE checked AS " + numbered)


def test_functions_of_the_grid_are_the_ones_installed() -> None:
    """The migration's copy is frozen; while there is one migration it is also the newest."""
    written = "".join(
        file.read_text(encoding="utf-8")
        for file in sorted((ROOT / "service/cells/sql/functions").glob("*.sql"))
    )
    assert (ROOT / "migrations/sql/0001/05_beidou.sql").read_text(encoding="utf-8") == written
