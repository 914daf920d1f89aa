"""The whole register with row security: territories, codes, methods, enterprises, points, assessments, history, cells.

The statements lie in migrations/sql/0001, in the order of their names. They are frozen: a later change is a later
migration.
"""

from pathlib import Path
from typing import Any

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create everything. Extensions are there already: only a superuser may create postgis."""
    driver: Any = op.get_bind().connection.driver_connection
    for file in sorted((Path(__file__).parent.parent / "sql" / "0001").glob("*.sql")):
        driver.execute(file.read_text(encoding="utf-8"))
