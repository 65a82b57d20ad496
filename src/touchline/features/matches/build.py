"""Puts the room together from the ports that the wiring chose."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from touchline.features.matches.clip_service import ClipService
from touchline.features.matches.event_service import MatchEventService
from touchline.features.matches.lineup_service import LineupService
from touchline.features.matches.report_service import ReportService
from touchline.features.matches.service import MatchService, Question, Reaction
from touchline.foundation.clock import Clock, SystemClock
from touchline.foundation.settings import Settings


def services(
    settings: Settings,
    *,
    clock: Clock | None = None,
    reactions: Iterable[Reaction] = (),
    questions: Iterable[Question] = (),
) -> dict[type, object]:
    """The services of this room by type.

    Args:
        settings: the club's time zone.
        clock: the machine's when none is given.
        reactions: what higher rooms do when a match goes.
        questions: what higher rooms have to say when a team leaves a match.
    """
    return {
        MatchService: MatchService(
            zone=ZoneInfo(settings.club_timezone), reactions=tuple(reactions), questions=tuple(questions)
        ),
        MatchEventService: MatchEventService(),
        LineupService: LineupService(),
        ClipService: ClipService(),
        ReportService: ReportService(clock or SystemClock()),
    }
