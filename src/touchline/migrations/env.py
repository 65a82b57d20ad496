"""How Alembic reaches the database: over the connection that `touchline.apps.migrate` hands it."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes["metadata"],
    compare_type=context.config.attributes["compare_type"],
    # SQLite cannot alter most things in place; later migrations copy the table.
    render_as_batch=True,
    # True for SQLite too, because `migrate` opens its transactions by hand; MySQL and MariaDB cannot.
    transactional_ddl=context.config.attributes["connection"].dialect.name != "mysql",
)
with context.begin_transaction():
    context.run_migrations()
