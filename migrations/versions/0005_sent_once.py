"""A form that is sent twice is written once."""

from service.base.schema import run_files

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the memory of what was sent."""
    run_files(revision)
