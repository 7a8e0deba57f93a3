"""Alembic's entry: migrates the connection that bot.store.schema hands over, in its transaction."""

from alembic import context

from bot.store.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
