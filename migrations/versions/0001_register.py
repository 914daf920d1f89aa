"""The whole register with row security: territories, codes, methods, enterprises, points, assessments, history, cells.

The statements lie in migrations/sql/0001, in the order of their names. They are frozen: a later change is a later
migration. Extensions are there already: only a superuser may create postgis.
"""

from service.base.schema import run_files

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create everything."""
    run_files(revision)
