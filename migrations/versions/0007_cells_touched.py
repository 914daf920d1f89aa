"""What a shape crosses is found within its bounds, so that thousands of areas are written in seconds."""

from service.base.schema import run_files

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Replace the function."""
    run_files(revision)
