"""Puts the room together from the ports that the wiring chose."""

from touchline.features.club.competition_service import CompetitionService
from touchline.features.club.formation_service import FormationService
from touchline.features.club.picture_service import PlayerPictureService
from touchline.features.club.service import PlayerService
from touchline.foundation.clock import Clock
from touchline.foundation.db import Database
from touchline.foundation.gallery import Gallery


def services(*, clock: Clock, database: Database, gallery: Gallery) -> dict[type, object]:
    """The services of this room by type."""
    return {
        PlayerService: PlayerService(clock),
        PlayerPictureService: PlayerPictureService(database, gallery),
        CompetitionService: CompetitionService(clock),
        FormationService: FormationService(clock),
    }
