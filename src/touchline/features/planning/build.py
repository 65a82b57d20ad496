"""Puts the room together from the ports that the wiring chose."""

from zoneinfo import ZoneInfo

from touchline.features.planning.appointment_service import AppointmentService
from touchline.features.planning.service import NoteService
from touchline.foundation.clock import Clock
from touchline.foundation.settings import Settings


def services(settings: Settings, *, clock: Clock) -> dict[type, object]:
    """The services of this room by type."""
    return {
        NoteService: NoteService(clock),
        AppointmentService: AppointmentService(clock=clock, zone=ZoneInfo(settings.club_timezone)),
    }
