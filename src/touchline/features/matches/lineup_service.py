"""Line-ups of both sides of a match."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from touchline.features import club, identity
from touchline.features.identity import Principal, TeamNotFoundError
from touchline.features.matches import lineup_queries as queries
from touchline.features.matches.errors import (
    LineupNotFoundError,
    NotASideError,
    OtherClubsSideError,
    PlaceTakenError,
)
from touchline.features.matches.event_service import player_of_match
from touchline.features.matches.lineup import Lineup, NewLineup
from touchline.features.matches.match import Match
from touchline.features.matches.service import same_match, visible_match
from touchline.foundation.db import Connection

Place = TypeVar("Place", NewLineup, Lineup)


@dataclass(frozen=True)
class LineupService:
    """Keeps line-ups: one row per player and side (rule 3.6)."""

    async def mine(
        self, db: Connection, by: Principal, *, match_id: str | None, limit: int, offset: int
    ) -> tuple[list[Lineup], int]:
        """Line-ups of one match or of all that this person sees, in reading order, and how many rows there are."""
        return await queries.accessible_lineups(db, by, match_id=match_id, limit=limit, offset=offset)

    async def get(self, db: Connection, by: Principal, lineup_id: str) -> Lineup:
        """One player's place.

        Raises:
            LineupNotFoundError: absent or out of scope.
        """
        lineup = await queries.accessible_lineup(db, by, lineup_id)
        if lineup is None:
            raise LineupNotFoundError
        return lineup

    async def put(self, db: Connection, by: Principal, new: NewLineup) -> Lineup:
        """Store a player's place; the one that he has on that side of the match is written over.

        Raises:
            MatchNotFoundError, TeamNotFoundError, PlayerNotFoundError, FormationNotFoundError: absent, or this person
                may not name it.
            NotASideError: the team does not play in the match.
            OtherClubsSideError: the side is another organisation's.
        """
        match = await visible_match(db, by, new.match_id)
        checked = await self._checked(db, by, match, replace(new, match_id=match.id))
        await queries.put_lineup(db, checked)
        return await queries.lineup_of_player(db, checked)

    async def change(self, db: Connection, by: Principal, lineup_id: str, changes: Mapping[str, Any]) -> Lineup:
        """Write the fields that were sent; the others stay.

        Raises:
            LineupNotFoundError: absent or out of scope; other errors as `put`.
            OtherMatchError: the match would change.
            PlaceTakenError: the player has another place on that side already.
        """
        lineup = await self.get(db, by, lineup_id)
        match = await same_match(db, by, lineup.match_id, changes)
        await self._require_own_side(db, by, lineup.team_id)
        after = await self._checked(db, by, match, replace(lineup, **{**changes, "match_id": match.id}), was=lineup)
        if changes:
            await self._store(db, after, changes)
        return after

    async def delete(self, db: Connection, by: Principal, lineup_id: str) -> None:
        """Take a player out of a line-up.

        Raises:
            LineupNotFoundError: absent or out of scope.
            OtherClubsSideError: the side is another organisation's.
        """
        lineup = await self.get(db, by, lineup_id)
        await self._require_own_side(db, by, lineup.team_id)
        if not await queries.delete_lineup(db, lineup.id):
            raise LineupNotFoundError

    async def _checked(
        self, db: Connection, by: Principal, match: Match, place: Place, *, was: Lineup | None = None
    ) -> Place:
        """A place whose side, player and formation this person may name; what it `was` needs no second look."""
        if was is None or place.team_id != was.team_id:
            place = replace(place, team_id=await self._side(db, by, match, place.team_id))
        if was is None or place.player_id != was.player_id:
            place = replace(place, player_id=await player_of_match(db, by, match, place.player_id))
        if place.formation_id is not None and (was is None or place.formation_id != was.formation_id):
            place = replace(place, formation_id=(await club.visible_formation(db, by, place.formation_id)).id)
        return place

    async def _side(self, db: Connection, by: Principal, match: Match, team_id: str) -> str:
        if team_id in match.sides:
            await self._require_own_side(db, by, team_id)
            return team_id
        await identity.visible_team(db, by, team_id)
        raise NotASideError

    async def _require_own_side(self, db: Connection, by: Principal, team_id: str) -> None:
        try:
            await identity.visible_team(db, by, team_id)
        except TeamNotFoundError as error:
            raise OtherClubsSideError from error

    async def _store(self, db: Connection, after: Lineup, fields: Iterable[str]) -> None:
        is_there = await queries.update_lineup(db, after, fields)
        if is_there is None:
            raise PlaceTakenError
        if not is_there:
            raise LineupNotFoundError
