"""One schema on SQLite, MySQL/MariaDB and PostgreSQL: metadata, portable types, and the unit of work."""

from touchline.foundation.db.engine import Connection, Database
from touchline.foundation.db.schema import metadata
from touchline.foundation.db.types import Id, Instant, Json, WallClock

__all__ = ["Connection", "Database", "Id", "Instant", "Json", "WallClock", "metadata"]
