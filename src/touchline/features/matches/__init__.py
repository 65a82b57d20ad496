"""Matches and what hangs on one: events, lineups, clips, stored reports."""

from touchline.features.matches.build import services
from touchline.features.matches.clip import Clip, NewClip
from touchline.features.matches.clip_service import ClipService
from touchline.features.matches.errors import MatchNotFoundError
from touchline.features.matches.event_queries import events_of
from touchline.features.matches.event_service import MatchEventService, player_of_match
from touchline.features.matches.events import MatchDeleted, TeamsLeftMatch
from touchline.features.matches.lineup import Lineup, NewLineup
from touchline.features.matches.lineup_queries import lineups_of
from touchline.features.matches.lineup_service import LineupService
from touchline.features.matches.match import Match, MatchStatus, NewMatch
from touchline.features.matches.match_event import EventType, MatchEvent, NewMatchEvent
from touchline.features.matches.report import NewReport, Report
from touchline.features.matches.report_service import ReportService
from touchline.features.matches.service import MatchService, match_access, visible_match

__all__ = [
    "Clip",
    "ClipService",
    "EventType",
    "Lineup",
    "LineupService",
    "Match",
    "MatchDeleted",
    "MatchEvent",
    "MatchEventService",
    "MatchNotFoundError",
    "MatchService",
    "MatchStatus",
    "NewClip",
    "NewLineup",
    "NewMatch",
    "NewMatchEvent",
    "NewReport",
    "Report",
    "ReportService",
    "TeamsLeftMatch",
    "events_of",
    "lineups_of",
    "match_access",
    "player_of_match",
    "services",
    "visible_match",
]
