"""What can go wrong with notes, meetings and training sessions, in the user's words."""

from typing import ClassVar

from touchline.foundation.errors import Kind, TouchlineError


class NoteNotFoundError(TouchlineError):
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    code = "planning.note_not_found"
    text = "Note not found."


class MeetingNotFoundError(TouchlineError):
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    code = "planning.meeting_not_found"
    text = "Meeting not found."


class SessionNotFoundError(TouchlineError):
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    code = "planning.session_not_found"
    text = "Training session not found."


class NoTeamError(TouchlineError):
    kind: ClassVar[Kind] = Kind.INVALID
    code = "planning.no_team"
    text = "You have no team yet to plan for."


class NotYourTeamError(TouchlineError):
    kind: ClassVar[Kind] = Kind.INVALID
    code = "planning.not_your_team"
    text = "That team is not yours."


class ImpossibleDateError(TouchlineError):
    kind: ClassVar[Kind] = Kind.UNPROCESSABLE
    code = "planning.impossible_date"
    text = "`date`: lies outside the calendar"
