"""The squad and what it plays in: players, formations, competitions."""

from touchline.features.club.build import services
from touchline.features.club.competition import Competition
from touchline.features.club.competition_service import CompetitionService, visible_competition
from touchline.features.club.errors import CompetitionNotFoundError, FormationNotFoundError, PlayerNotFoundError
from touchline.features.club.formation import Formation
from touchline.features.club.formation_service import FormationService, visible_formation
from touchline.features.club.front import formations_by_id, player_names, players_by_id
from touchline.features.club.picture_queries import pictures_in_use
from touchline.features.club.player import Foot, Player, Position
from touchline.features.club.service import PlayerService, visible_player

__all__ = [
    "Competition",
    "CompetitionNotFoundError",
    "CompetitionService",
    "Foot",
    "Formation",
    "FormationNotFoundError",
    "FormationService",
    "Player",
    "PlayerNotFoundError",
    "PlayerService",
    "Position",
    "formations_by_id",
    "pictures_in_use",
    "player_names",
    "players_by_id",
    "services",
    "visible_competition",
    "visible_formation",
    "visible_player",
]
