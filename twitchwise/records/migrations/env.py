"""Alembic's environment: runs inside the transaction that `schema.py` opened."""
from __future__ import annotations

from alembic import context

from twitchwise.records.models import metadata

connection = context.config.attributes.get("connection")
if connection is None:
    raise SystemExit("Run migrations through twitchwise.records.schema, which opens the database.")

context.configure(
    connection=connection,
    target_metadata=metadata,
    compare_type=True,
    # SQLite changes a table by copying it; its DDL is transactional here, since the engine begins transactions itself.
    render_as_batch=connection.dialect.name == "sqlite",
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
