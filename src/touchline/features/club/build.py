"""Puts the room together from the ports that the wiring chose."""

from touchline.features.club.competition_service import CompetitionService
from touchline.features.club.formation_service import FormationService
from touchline.features.club.service import PlayerService
from touchline.foundation.clock import Clock


def services(*, clock: Clock) -> dict[type, object]:
    """The services of this room by type."""
    return {
        PlayerService: PlayerService(clock),
        CompetitionService: CompetitionService(clock),
        FormationService: FormationService(clock),
    }
