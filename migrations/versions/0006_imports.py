"""Imports at full width: rows written in bulk, work that goes on by itself, checked rows kept until a person decides."""

from service.base.schema import run_files

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Let a bulk writer settle its rows by sets, and give imports what they need to work in the background."""
    run_files(revision)
