"""Statements on the staging are understood by the migrated database, as all others are."""

from pathlib import Path

import psycopg
import pytest

from tests.conftest import Database

SERVICE = Path(__file__).resolve().parents[3] / "service"
FOLDERS = (SERVICE / "enterprises/sql/staged", SERVICE / "risk_points/sql/import_staged")
FILES = [file for folder in FOLDERS for file in sorted(folder.glob("*.sql")) if file.stem != "stage"]


def test_there_are_statements_to_check() -> None:
    assert len(FILES) > 15


@pytest.mark.parametrize("file", FILES, ids=lambda file: "/".join(file.parts[-3:]))
def test_every_statement_opens_with_what_it_does(file: Path) -> None:
    assert file.read_text(encoding="utf-8").startswith("-- ")


def test_every_statement_fits_the_schema(bare_database: Database) -> None:
    with psycopg.connect(bare_database.app_url) as connection:
        for folder in FOLDERS:
            connection.execute((folder / "stage.sql").read_bytes())
        for number, file in enumerate(FILES):
            connection.execute(f"PREPARE checked{number} AS {file.read_text(encoding='utf-8')}".encode())
