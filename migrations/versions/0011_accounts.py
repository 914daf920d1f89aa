"""People, what they are appointed to, and who may write what."""

from service.base.schema import run_files

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make the tables of accounts, and restrict writing to a scope of its own."""
    run_files(revision)
