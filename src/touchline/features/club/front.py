"""What other rooms may ask about players and formations that they know the ids of."""

from collections.abc import Iterable, Mapping

from touchline.features.club import formation_queries, queries
from touchline.features.club.formation import Formation
from touchline.features.club.player import Player
from touchline.foundation.db import Connection


async def players_by_id(db: Connection, player_ids: Iterable[str]) -> Mapping[str, Player]:
    """Players by id, whoever they belong to: check what the caller may see first."""
    return await queries.players_by_id(db, player_ids)


async def player_names(db: Connection, player_ids: Iterable[str]) -> Mapping[str, str]:
    """Names by player id; ids without a player are left out."""
    return {player.id: player.name for player in (await queries.players_by_id(db, player_ids)).values()}


async def formations_by_id(db: Connection, formation_ids: Iterable[str]) -> Mapping[str, Formation]:
    """Formations by id, whoever made them: check what the caller may see first."""
    return await formation_queries.formations_by_id(db, formation_ids)
