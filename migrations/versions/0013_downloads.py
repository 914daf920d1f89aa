"""Files of collections that are made while the client waits elsewhere."""

from service.base.schema import run_files

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make the table of downloads."""
    run_files(revision)
