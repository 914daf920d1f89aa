"""Imports without a second reading: what a check worked out is kept; and what new rows cost one by one."""

from service.base.schema import run_files

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the table of kept parts, and make bulk writing cheaper."""
    run_files(revision)
