"""Stored counts that a city is drawn from, and indexes for the filters that are counted live."""

from service.base.schema import run_files

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Replace the fine counts by coarse ones, and count the register once."""
    run_files(revision)
