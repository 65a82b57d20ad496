"""Time as a port: instants are aware UTC, so that tests can stand still and nothing reads the wall by itself."""

from datetime import UTC, datetime, tzinfo
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The current instant, aware, UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def as_wall_clock(value: datetime, zone: tzinfo) -> datetime:
    """A typed date and time as it is stored: naive, whole seconds; an offset is dropped after conversion to `zone`.

    Raises:
        ValueError: the conversion leaves the calendar.
    """
    if value.tzinfo is not None:
        try:
            value = value.astimezone(zone)
        except OverflowError as error:
            raise ValueError("The date lies outside the calendar.") from error
    return value.replace(tzinfo=None, microsecond=0)


def wire_instant(instant: datetime) -> str:
    """An instant as text for the wire: UTC with `Z`, microseconds."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
