"""What happened in the matches of an organisation's teams."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from touchline.features.club import PlayerNotFoundError
from touchline.features.identity import Principal
from touchline.features.matches import event_queries as queries
from touchline.features.matches.errors import MatchEventNotFoundError
from touchline.features.matches.match import Match
from touchline.features.matches.match_event import MatchEvent, NewMatchEvent
from touchline.features.matches.service import same_match, visible_match
from touchline.foundation.db import Connection


@dataclass(frozen=True)
class MatchEventService:
    """Keeps match events; every one is reached through its match."""

    async def mine(
        self, db: Connection, by: Principal, *, match_id: str | None, limit: int, offset: int
    ) -> tuple[list[MatchEvent], int]:
        """Events by minute, of one match or of all that this person sees, and how many there are."""
        return await queries.accessible_events(db, by, match_id=match_id, limit=limit, offset=offset)

    async def get(self, db: Connection, by: Principal, event_id: str) -> MatchEvent:
        """One event.

        Raises:
            MatchEventNotFoundError: absent or out of scope.
        """
        event = await queries.accessible_event(db, by, event_id)
        if event is None:
            raise MatchEventNotFoundError
        return event

    async def add(self, db: Connection, by: Principal, new: NewMatchEvent) -> MatchEvent:
        """Store an event.

        Raises:
            MatchNotFoundError, PlayerNotFoundError: absent, or this person may not name it.
        """
        match = await visible_match(db, by, new.match_id)
        player_id = None if new.player_id is None else await player_of_match(db, by, match, new.player_id)
        event_id = await queries.insert_event(db, replace(new, match_id=match.id, player_id=player_id))
        return await self.get(db, by, event_id)

    async def change(self, db: Connection, by: Principal, event_id: str, changes: Mapping[str, Any]) -> MatchEvent:
        """Write the fields that were sent; the others stay.

        Raises:
            MatchEventNotFoundError, MatchNotFoundError, PlayerNotFoundError: absent, or this person may not name it.
            OtherMatchError: the match would change.
        """
        event = await self.get(db, by, event_id)
        match = await same_match(db, by, event.match_id, changes)
        after = replace(event, **{**changes, "match_id": match.id})
        if after.player_id is not None and after.player_id != event.player_id:
            after = replace(after, player_id=await player_of_match(db, by, match, after.player_id))
        if changes and not await queries.update_event(db, after, changes):
            raise MatchEventNotFoundError
        return after

    async def delete(self, db: Connection, by: Principal, event_id: str) -> None:
        """Remove an event; clips of it stay without it.

        Raises:
            MatchEventNotFoundError: absent or out of scope.
        """
        event = await self.get(db, by, event_id)
        if not await queries.delete_event(db, event.id):
            raise MatchEventNotFoundError


async def player_of_match(db: Connection, by: Principal, match: Match, player_id: str) -> str:
    """The id of a player whom this person may name in a match, as it is stored.

    Raises:
        PlayerNotFoundError: absent, or of a team that neither plays nor is his.
    """
    found = await queries.player_for_match(db, by, match, player_id)
    if found is None:
        raise PlayerNotFoundError
    return found
