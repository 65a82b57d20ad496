"""An appointment of a team: a meeting or a training session."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AppointmentKind(StrEnum):
    MEETING = "meeting"
    SESSION = "session"


@dataclass(frozen=True)
class Appointment:
    """date: as it was typed, no zone. detail: where a meeting takes place, what a session is about."""

    id: str
    team_id: str
    title: str
    date: datetime
    detail: str | None
    icon_name: str | None


@dataclass(frozen=True)
class NewAppointment:
    """An appointment before it is stored; date may still carry an offset, and no team means the primary one."""

    title: str
    date: datetime
    detail: str | None
    icon_name: str | None
    team_id: str | None
