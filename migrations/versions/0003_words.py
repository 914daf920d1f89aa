"""Enterprises and risk points are found by words, enterprises by the first letters of their pinyin too."""

from service.base.schema import run_files

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the columns and what keeps them."""
    run_files(revision)
