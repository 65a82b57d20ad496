"""Players of a person's teams."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from touchline.features import identity
from touchline.features.club import queries
from touchline.features.club.errors import BornInFutureError, NoTeamError, NotYourTeamError, PlayerNotFoundError
from touchline.features.club.player import Player
from touchline.features.identity import Principal
from touchline.foundation.clock import Clock
from touchline.foundation.db import Connection

_ZONES = timedelta(days=1)  # somewhere it is tomorrow already


@dataclass(frozen=True)
class PlayerService:
    """Values of a player come by the names of `Player`'s fields."""

    clock: Clock

    async def mine(
        self, db: Connection, by: Principal, *, team_id: str | None, limit: int, offset: int
    ) -> tuple[list[Player], int]:
        """Players of accessible teams, or of one of them, by name, and how many there are."""
        return await queries.accessible_players(db, by, team_id=team_id, limit=limit, offset=offset)

    async def add(self, db: Connection, by: Principal, values: Mapping[str, Any]) -> Player:
        """Store a player, in the person's primary team where none is named.

        Raises:
            NoTeamError: none is named, and this person has none.
            TeamNotFoundError: the team cannot be seen by this person.
            NotYourTeamError: it can be seen, but is not his.
            BornInFutureError: as the message says.
        """
        team_id = values["team_id"] or by.primary_team_id
        if team_id is None:
            raise NoTeamError
        await self._check(db, by, team_id=team_id, birth_date=values["birth_date"])
        player_id = await queries.insert_player(db, {**values, "team_id": team_id})
        return await visible_player(db, by, player_id)

    async def change(self, db: Connection, by: Principal, player_id: str, changes: Mapping[str, Any]) -> Player:
        """Change what is given and keep the rest.

        Raises:
            PlayerNotFoundError: absent or out of scope.
            TeamNotFoundError, NotYourTeamError, BornInFutureError: as in `add`.
        """
        player = await visible_player(db, by, player_id)
        if not changes:
            return player
        await self._check(db, by, team_id=changes.get("team_id"), birth_date=changes.get("birth_date"))
        await queries.update_player(db, player.id, changes)
        return await visible_player(db, by, player.id)

    async def delete(self, db: Connection, by: Principal, player_id: str) -> Player:
        """Remove a player with his line-ups and statistics.

        Raises:
            PlayerNotFoundError: absent or out of scope.
            PlayerInUseError: events of a match name him.
        """
        player = await visible_player(db, by, player_id)
        await queries.delete_player(db, player.id)
        return player

    async def _check(self, db: Connection, by: Principal, *, team_id: str | None, birth_date: date | None) -> None:
        if team_id is not None and team_id not in by.team_ids:
            await identity.visible_team(db, by, team_id)
            raise NotYourTeamError
        if birth_date is not None and birth_date > self.clock.now().date() + _ZONES:
            raise BornInFutureError


async def visible_player(db: Connection, by: Principal, player_id: str) -> Player:
    """A player of an accessible team.

    Raises:
        PlayerNotFoundError: absent or out of scope.
    """
    player = await queries.accessible_player(db, by, player_id)
    if player is None:
        raise PlayerNotFoundError
    return player
