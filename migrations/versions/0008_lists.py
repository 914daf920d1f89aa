"""Lists in the order of their grade from an index, and the weights by which places are ranked."""

from service.base.schema import run_files

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the index and the setting."""
    run_files(revision)
