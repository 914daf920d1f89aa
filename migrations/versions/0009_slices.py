"""Stored counts of industries, and a territory's counts from the stored ones."""

from service.base.schema import run_files

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the stored counts anew, with their new dimensions, from the register."""
    run_files(revision)
