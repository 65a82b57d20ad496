"""Meetings and training sessions of a person's teams."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from touchline.features.identity import Principal
from touchline.features.planning import appointment_queries as queries
from touchline.features.planning.appointment import Appointment, AppointmentKind, NewAppointment
from touchline.features.planning.errors import (
    ImpossibleDateError,
    MeetingNotFoundError,
    NoTeamError,
    NotYourTeamError,
    SessionNotFoundError,
)
from touchline.foundation.clock import Clock, as_wall_clock
from touchline.foundation.db import Connection

_NOT_FOUND = {AppointmentKind.MEETING: MeetingNotFoundError, AppointmentKind.SESSION: SessionNotFoundError}


@dataclass(frozen=True)
class AppointmentService:
    """zone: the club's; typed dates that arrive with an offset are read in it."""

    clock: Clock
    zone: tzinfo

    async def mine(
        self, db: Connection, by: Principal, kind: AppointmentKind, *, limit: int, offset: int
    ) -> tuple[list[Appointment], int]:
        """Appointments of accessible teams, the latest first, and how many there are."""
        return await queries.accessible_appointments(db, by, kind, limit=limit, offset=offset)

    async def add(self, db: Connection, by: Principal, kind: AppointmentKind, new: NewAppointment) -> Appointment:
        """Store an appointment, of the person's primary team where none is named.

        Raises:
            NoTeamError: none is named, and this person has none.
            NotYourTeamError: another team, whether there is one of that id or not.
            ImpossibleDateError: as the message says.
        """
        team_id = new.team_id or by.primary_team_id
        if team_id is None:
            raise NoTeamError
        if team_id not in by.team_ids:
            raise NotYourTeamError
        made = await queries.insert_appointment(
            db, kind, new, team_id=team_id, date=self._typed(new.date), now=self.clock.now()
        )
        stored = await queries.appointment(db, kind, made)
        assert stored is not None
        return stored

    async def delete(self, db: Connection, by: Principal, kind: AppointmentKind, appointment_id: str) -> None:
        """Remove an appointment.

        Raises:
            MeetingNotFoundError, SessionNotFoundError: absent or out of scope.
        """
        if not await queries.delete_appointment(db, by, kind, appointment_id):
            raise _NOT_FOUND[kind]

    def _typed(self, value: datetime) -> datetime:
        try:
            return as_wall_clock(value, self.zone)
        except ValueError as error:
            raise ImpossibleDateError from error
