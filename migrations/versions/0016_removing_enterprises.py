"""Enterprises may be taken out of the register."""

from service.base.schema import run_files

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Let whoever may write an enterprise and all its sites remove it."""
    run_files(revision)
