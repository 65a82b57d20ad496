"""One history of one schema for SQLite, MySQL/MariaDB and PostgreSQL; run it with `touchline.apps.migrate`."""
