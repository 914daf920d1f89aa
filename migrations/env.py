"""Migrations run as the owner role. A careless one fails fast instead of stopping the service."""

import os

from alembic import context
from sqlalchemy import create_engine, text

from service.base.database import driver_address

# Longest a migration may wait for a lock: readers queue behind a waiting ALTER TABLE.
LOCK_TIMEOUT = "4s"

configured = context.config.attributes
url = configured.get("owner_url") or os.environ["RISKMAP_OWNER_DATABASE_URL"]
app_role = configured.get("app_role") or os.environ.get("RISKMAP_APP_ROLE", "riskmap_app")

engine = create_engine(driver_address(url))
with engine.connect() as connection:
    connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
    connection.execute(text("SELECT set_config('riskmap.app_role', :role, false)"), {"role": app_role})
    # Two starting servers migrate one after the other; the second finds nothing to do.
    connection.execute(text("SELECT pg_advisory_lock(hashtext('riskmap_migrate'))"))
    connection.commit()
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
