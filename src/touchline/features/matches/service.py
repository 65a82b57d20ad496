"""Matches of an organisation's teams."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from touchline.features import identity
from touchline.features.identity import Principal
from touchline.features.matches import queries
from touchline.features.matches.errors import (
    CompetitionNotFoundError,
    ImpossibleDateError,
    MatchNotFoundError,
    NotYourTeamsError,
    SameTeamError,
)
from touchline.features.matches.events import MatchDeleted
from touchline.features.matches.match import Match, MatchStatus, NewMatch
from touchline.foundation.clock import as_wall_clock
from touchline.foundation.db import Connection

Reaction = Callable[[Connection, MatchDeleted], Awaitable[None]]
"""What a higher room does when a match goes, in the same transaction."""


@dataclass(frozen=True)
class MatchService:
    """zone: the club's; typed dates that arrive with an offset are read in it."""

    zone: tzinfo
    reactions: tuple[Reaction, ...] = ()

    async def mine(
        self,
        db: Connection,
        by: Principal,
        *,
        status: MatchStatus | None,
        event_id: str | None,
        limit: int,
        offset: int,
    ) -> tuple[list[Match], int]:
        """Matches in which an accessible team plays, by date, and how many there are."""
        return await queries.accessible_matches(db, by, status=status, event_id=event_id, limit=limit, offset=offset)

    async def add(self, db: Connection, by: Principal, new: NewMatch) -> Match:
        """Store a match.

        Raises:
            SameTeamError, ImpossibleDateError: as the messages say.
            TeamNotFoundError, CompetitionNotFoundError: a side or the competition cannot be seen by this person.
            NotYourTeamsError: both sides can be seen, but neither is his.
        """
        if new.home_team_id == new.away_team_id:
            raise SameTeamError
        await identity.visible_team(db, by, new.home_team_id)
        await identity.visible_team(db, by, new.away_team_id)
        if not {new.home_team_id, new.away_team_id} & set(by.team_ids):
            raise NotYourTeamsError
        if new.event_id is not None and not await queries.is_visible_competition(db, by, new.event_id):
            raise CompetitionNotFoundError
        match_id = await queries.insert_match(db, new, date_time=self._typed(new.date_time))
        return await visible_match(db, by, match_id)

    async def delete(self, db: Connection, by: Principal, match_id: str) -> None:
        """Remove a match with everything that belongs to it.

        Raises:
            MatchNotFoundError: absent or out of scope.
        """
        match = await visible_match(db, by, match_id)
        for react in self.reactions:
            await react(db, MatchDeleted(match.id))
        await queries.delete_match(db, match.id)

    def _typed(self, value: datetime) -> datetime:
        try:
            return as_wall_clock(value, self.zone)
        except ValueError as error:
            raise ImpossibleDateError from error


async def visible_match(db: Connection, by: Principal, match_id: str) -> Match:
    """A match in which an accessible team plays.

    Raises:
        MatchNotFoundError: absent or out of scope.
    """
    match = await queries.accessible_match(db, by, match_id)
    if match is None:
        raise MatchNotFoundError
    return match


async def match_access(db: Connection, by: Principal, match_id: str) -> bool:
    """Whether an accessible team plays in a match."""
    return await queries.is_accessible(db, by, match_id)
