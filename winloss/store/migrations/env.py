"""Alembic's entry: runs migrations on the connection handed over by `winloss.store.engine`."""

from alembic import context

from winloss.store.schema import Base

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
