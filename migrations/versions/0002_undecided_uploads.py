"""Uploads that nobody decided about are given up after a while."""

from service.base.schema import run_files

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the function that the job calls."""
    run_files(revision)
