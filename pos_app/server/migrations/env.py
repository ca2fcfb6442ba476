"""How alembic runs here: over the connection that head office hands it, in one transaction."""

from alembic import context

from pos_app.server.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
