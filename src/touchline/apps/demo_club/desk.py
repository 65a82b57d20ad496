"""What everybody who writes a part of the demo club needs: the transaction, the services, the day."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeVar, cast

from touchline.apps.wiring import House
from touchline.foundation.db import Connection

T = TypeVar("T")


@dataclass(frozen=True)
class Desk:
    """One installation on one transaction; today is the day in the club's zone."""

    house: House
    db: Connection
    now: datetime
    today: date

    def service(self, kind: type[T]) -> T:
        return cast("T", self.house.services[kind])

    def at(self, in_days: int, clock: time) -> datetime:
        """A wall-clock time so many days from today."""
        return datetime.combine(self.today + timedelta(days=in_days), clock)
