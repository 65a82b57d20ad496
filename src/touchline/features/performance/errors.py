"""What can go wrong with statistics, in the user's words."""

from typing import ClassVar

from touchline.foundation.errors import Kind, TouchlineError


class StatisticsNotFoundError(TouchlineError):
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    code = "performance.statistics_not_found"
    text = "Statistics not found."


class NoTeamStatisticsError(TouchlineError):
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    code = "performance.no_team_statistics"
    text = "No team statistics are stored for this match."


class NotASideError(TouchlineError):
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    code = "performance.not_a_side"
    text = "That team does not play in this match."


class StatisticsExistError(TouchlineError):
    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "performance.statistics_exist"
    text = "This player has statistics for this match already."


class TeamHasStatisticsError(TouchlineError):
    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "performance.team_has_statistics"
    text = "A team with statistics in this match cannot leave it."
