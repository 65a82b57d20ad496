"""Puts the room together from the ports that the wiring chose."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from touchline.features.matches.service import MatchService, Reaction
from touchline.foundation.settings import Settings


def services(settings: Settings, *, reactions: Iterable[Reaction] = ()) -> dict[type, object]:
    """The services of this room by type; `reactions` are what higher rooms do when a match goes."""
    return {MatchService: MatchService(zone=ZoneInfo(settings.club_timezone), reactions=tuple(reactions))}
