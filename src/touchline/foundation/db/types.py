"""Portable column types: text ids, UTC instants, naive wall-clock values, JSON."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import CHAR, JSON, DateTime, String
from sqlalchemy.dialects.mysql import DATETIME as MYSQL_DATETIME
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine


def Id() -> TypeEngine[str]:  # noqa: N802 — reads like the column types beside it
    """UUID text made by the application."""
    return CHAR(36)


def Json() -> TypeEngine[Any]:  # noqa: N802
    """JSON on every database; JSONB on PostgreSQL."""
    return JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class Instant(TypeDecorator[datetime]):
    """An instant in UTC with microseconds: aware in Python, naive UTC in the database."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name in ("mysql", "mariadb"):
            return dialect.type_descriptor(MYSQL_DATETIME(fsp=6))
        return dialect.type_descriptor(DateTime())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("An instant needs its time zone.")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class WallClock(TypeDecorator[datetime]):
    """A date and time that a person typed: no zone, stored and returned unchanged."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is not None:
            raise ValueError("A wall-clock value carries no time zone.")
        return value


def Word(length: int = 32) -> TypeEngine[str]:  # noqa: N802
    """A value of a closed set, stored as its text."""
    return String(length)
