"""What a download asks for, kept as it was asked."""

from service.base.schema import run_files

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Keep questions as JSON."""
    run_files(revision)
