"""Imports write what is new with fewer looks at it: pairs of characters, ids of events, scope and marks."""

from service.base.schema import run_files

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Replace the functions that write an import; no table changes."""
    run_files(revision)
