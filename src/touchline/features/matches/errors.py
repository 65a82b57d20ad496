"""What can go wrong with matches, in the user's words."""

from typing import ClassVar

from touchline.foundation.errors import Kind, TouchlineError


class MatchNotFoundError(TouchlineError):
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    code = "matches.not_found"
    text = "Match not found."


class CompetitionNotFoundError(TouchlineError):
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    code = "matches.competition_not_found"
    text = "Competition not found."


class SameTeamError(TouchlineError):
    kind: ClassVar[Kind] = Kind.UNPROCESSABLE
    code = "matches.same_team"
    text = "`away_team_id`: a team cannot play against itself"


class NotYourTeamsError(TouchlineError):
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    code = "matches.not_your_teams"
    text = "At least one side of the match must be your team."


class ImpossibleDateError(TouchlineError):
    kind: ClassVar[Kind] = Kind.UNPROCESSABLE
    code = "matches.impossible_date"
    text = "`date_time`: lies outside the calendar"
