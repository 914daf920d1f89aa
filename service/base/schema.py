"""Bringing a database to the schema of this release."""

from pathlib import Path
from typing import Any

from alembic import command, op
from alembic.config import Config

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def upgrade(*, owner_url: str, app_role: str) -> None:
    """Apply the migrations that are still missing, as the owner role. Doing it twice is doing it once."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["owner_url"] = owner_url
    config.attributes["app_role"] = app_role
    command.upgrade(config, "head")


def run_files(revision: str) -> None:
    """Run the statements of a migration, the files of migrations/sql/<revision> in the order of their names."""
    driver: Any = op.get_bind().connection.driver_connection
    for file in sorted((MIGRATIONS / "sql" / revision).glob("*.sql")):
        driver.execute(file.read_text(encoding="utf-8"))
