"""The doors of meetings, which the paths call reunions, and of training sessions."""

from typing import Annotated

from fastapi import APIRouter, Depends

from touchline.features.identity.access import MayReadFootball, MayWriteClub
from touchline.features.planning.appointment import AppointmentKind
from touchline.features.planning.appointment_schemas import MeetingIn, MeetingOut, SessionIn, SessionOut
from touchline.features.planning.appointment_service import AppointmentService
from touchline.foundation.http.messages import DeletedOut
from touchline.foundation.http.openapi import refusals
from touchline.foundation.http.paging import Page
from touchline.foundation.http.provide import Db, provided
from touchline.foundation.http.text import RefId

router = APIRouter(prefix="/api", tags=["planning"])

Appointments = Annotated[AppointmentService, Depends(provided(AppointmentService))]

_TEAM = refusals({400: "The team is not the caller's, or none is named and he has none."})
_MEETING, _SESSION = AppointmentKind.MEETING, AppointmentKind.SESSION


@router.get("/reunions")
async def list_meetings(by: MayReadFootball, db: Db, appointments: Appointments, page: Page) -> list[MeetingOut]:
    """Meetings of the caller's teams, the latest first."""
    found, total = await appointments.mine(db, by, _MEETING, limit=page.limit, offset=page.offset)
    page.report(total)
    return [MeetingOut.of(meeting) for meeting in found]


@router.post("/reunions", responses=_TEAM)
async def add_meeting(body: MeetingIn, by: MayWriteClub, db: Db, appointments: Appointments) -> MeetingOut:
    """Plan a meeting of a team of the caller's, without `team_id` of the primary one."""
    return MeetingOut.of(await appointments.add(db, by, _MEETING, body.to_new()))


@router.delete("/reunions/{meeting_id}")
async def delete_meeting(meeting_id: RefId, by: MayWriteClub, db: Db, appointments: Appointments) -> DeletedOut:
    """Remove a meeting of the caller's teams."""
    await appointments.delete(db, by, _MEETING, meeting_id)
    return DeletedOut(message="The meeting was deleted.")


@router.get("/training_sessions")
async def list_training_sessions(
    by: MayReadFootball, db: Db, appointments: Appointments, page: Page
) -> list[SessionOut]:
    """Training sessions of the caller's teams, the latest first."""
    found, total = await appointments.mine(db, by, _SESSION, limit=page.limit, offset=page.offset)
    page.report(total)
    return [SessionOut.of(session) for session in found]


@router.post("/training_sessions", responses=_TEAM)
async def add_training_session(body: SessionIn, by: MayWriteClub, db: Db, appointments: Appointments) -> SessionOut:
    """Plan a training session of a team of the caller's, without `team_id` of the primary one."""
    return SessionOut.of(await appointments.add(db, by, _SESSION, body.to_new()))


@router.delete("/training_sessions/{session_id}")
async def delete_training_session(
    session_id: RefId, by: MayWriteClub, db: Db, appointments: Appointments
) -> DeletedOut:
    """Remove a training session of the caller's teams."""
    await appointments.delete(db, by, _SESSION, session_id)
    return DeletedOut(message="The training session was deleted.")
