"""Bringing a database to the schema of this release."""

from pathlib import Path

from alembic import command
from alembic.config import Config

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def upgrade(*, owner_url: str, app_role: str) -> None:
    """Apply the migrations that are still missing, as the owner role. Doing it twice is doing it once."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["owner_url"] = owner_url
    config.attributes["app_role"] = app_role
    command.upgrade(config, "head")
