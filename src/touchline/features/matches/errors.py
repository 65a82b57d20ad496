"""What can go wrong with matches, in the user's words."""

from typing import ClassVar

from touchline.foundation.errors import Kind, TouchlineError


class MatchNotFoundError(TouchlineError):
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    code = "matches.not_found"
    text = "Match not found."


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


class AnchorIsSetError(TouchlineError):
    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "matches.anchor_is_set"
    text = "The anchor is set; pass force=true to replace it."


class AnchorNotYoursError(TouchlineError):
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    code = "matches.anchor_not_yours"
    text = "Replacing the anchor needs the account manager role."


class MatchChangedError(TouchlineError):
    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "matches.changed"
    text = "Somebody else changed this match just now; look at it again."


class TeamHasLineupError(TouchlineError):
    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "matches.team_has_lineup"
    text = "A team with a line-up in this match cannot leave it; remove the line-up first."


class OtherMatchError(TouchlineError):
    kind: ClassVar[Kind] = Kind.UNPROCESSABLE
    code = "matches.other_match"
    text = "`match_id`: cannot change; delete this and add it to the other match"


class MatchEventNotFoundError(TouchlineError):
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    code = "matches.event_not_found"
    text = "Match event not found."


class LineupNotFoundError(TouchlineError):
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    code = "matches.lineup_not_found"
    text = "Line-up entry not found."


class NotASideError(TouchlineError):
    kind: ClassVar[Kind] = Kind.UNPROCESSABLE
    code = "matches.not_a_side"
    text = "`team_id`: does not play in this match"


class OtherClubsSideError(TouchlineError):
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    code = "matches.other_clubs_side"
    text = "That side belongs to another club, which alone names its line-up."


class PlaceTakenError(TouchlineError):
    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "matches.place_taken"
    text = "This player is in that line-up already."


class ClipNotFoundError(TouchlineError):
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    code = "matches.clip_not_found"
    text = "Clip not found."


class ClipEndsTooEarlyError(TouchlineError):
    kind: ClassVar[Kind] = Kind.UNPROCESSABLE
    code = "matches.clip_ends_too_early"
    text = "`end_time_sec`: must lie after `start_time_sec`"


class ReportNotFoundError(TouchlineError):
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    code = "matches.report_not_found"
    text = "Report not found."
