"""What the check of a register of risk points worked out is kept until a person decides."""

from service.base.schema import run_files

revision = "0010"
down_revision = "0008"


def upgrade() -> None:
    """Add the table of kept parts."""
    run_files(revision)
