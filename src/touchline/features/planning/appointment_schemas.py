"""What travels over HTTP about meetings and training sessions. Texts that nobody typed are told as ""."""

from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, Field

from touchline.features.planning.appointment import Appointment, NewAppointment
from touchline.foundation.http.text import Line, RefId
from touchline.foundation.http.times import WallClockIn, WallClockOut


def _blank_is_none(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


_Blank = BeforeValidator(_blank_is_none)
Title = Annotated[Line, Field(min_length=1, max_length=100)]
MeetingTitle = Annotated[Title, Field(examples=["Video session"])]
SessionTitle = Annotated[Title, Field(examples=["Morning training"])]
Location = Annotated[Line, Field(max_length=100, examples=["Club house"])]
Focus = Annotated[Line, Field(max_length=100, examples=["Pressing after losing the ball"])]
Icon = Annotated[Line, Field(max_length=50, description="Name of a picture that the client knows.")]


class _AppointmentIn(BaseModel):
    date: Annotated[WallClockIn, Field(examples=["2026-08-12T18:30:00"])]
    team_id: Annotated[RefId | None, _Blank, Field(description="Left out or null: the caller's primary team.")] = None


class MeetingIn(_AppointmentIn):
    title: MeetingTitle
    location: Annotated[Location | None, _Blank] = None
    icon_name: Annotated[Annotated[Icon, Field(examples=["group_work"])] | None, _Blank] = None

    def to_new(self) -> NewAppointment:
        return NewAppointment(
            title=self.title, date=self.date, detail=self.location, icon_name=self.icon_name, team_id=self.team_id
        )


class SessionIn(_AppointmentIn):
    title: SessionTitle
    focus: Annotated[Focus | None, _Blank] = None
    icon_name: Annotated[Annotated[Icon, Field(examples=["sports_soccer"])] | None, _Blank] = None

    def to_new(self) -> NewAppointment:
        return NewAppointment(
            title=self.title, date=self.date, detail=self.focus, icon_name=self.icon_name, team_id=self.team_id
        )


class MeetingOut(BaseModel):
    id: str
    title: MeetingTitle
    date: WallClockOut
    location: Location
    icon_name: Annotated[str, Field(examples=["group_work"])]
    team_id: str

    @classmethod
    def of(cls, meeting: Appointment) -> Self:
        return cls(
            id=meeting.id,
            title=meeting.title,
            date=meeting.date,
            location=meeting.detail or "",
            icon_name=meeting.icon_name or "",
            team_id=meeting.team_id,
        )


class SessionOut(BaseModel):
    id: str
    title: SessionTitle
    date: WallClockOut
    focus: Focus
    icon_name: Annotated[str, Field(examples=["sports_soccer"])]
    team_id: str

    @classmethod
    def of(cls, session: Appointment) -> Self:
        return cls(
            id=session.id,
            title=session.title,
            date=session.date,
            focus=session.detail or "",
            icon_name=session.icon_name or "",
            team_id=session.team_id,
        )
