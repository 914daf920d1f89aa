"""What a page asks by itself is no use of its session."""

from service.base.schema import run_files

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Tell use from asking for news."""
    run_files(revision)
