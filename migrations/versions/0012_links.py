"""Links for clients that cannot sign in: keys that are good for one address. Keys that write."""

from service.base.schema import run_files

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Let a key name the one address that it is good for."""
    run_files(revision)
