"""Matches of an organisation's teams."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Any

from touchline.features import club, identity
from touchline.features.identity import Principal
from touchline.features.matches import lineup_queries, queries
from touchline.features.matches.errors import (
    AnchorIsSetError,
    AnchorNotYoursError,
    ImpossibleDateError,
    MatchChangedError,
    MatchNotFoundError,
    NotYourTeamsError,
    OtherMatchError,
    SameTeamError,
    TeamHasLineupError,
)
from touchline.features.matches.events import MatchDeleted, TeamsLeftMatch
from touchline.features.matches.match import Match, MatchStatus, NewMatch
from touchline.foundation.clock import as_wall_clock
from touchline.foundation.db import Connection

Reaction = Callable[[Connection, MatchDeleted], Awaitable[None]]
"""What a higher room does when a match goes, in the same transaction."""

Question = Callable[[Connection, TeamsLeftMatch], Awaitable[None]]
"""What a higher room says when teams leave a match: nothing, or an error that keeps them in."""


@dataclass(frozen=True)
class MatchService:
    """zone: the club's; typed dates that arrive with an offset are read in it."""

    zone: tzinfo
    reactions: tuple[Reaction, ...] = ()
    questions: tuple[Question, ...] = ()

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
        home_id, away_id = await self._sides(db, by, new.home_team_id, new.away_team_id)
        event_id = None if new.event_id is None else (await club.visible_competition(db, by, new.event_id)).id
        checked = replace(new, home_team_id=home_id, away_team_id=away_id, event_id=event_id)
        match_id = await queries.insert_match(db, checked, date_time=self._typed(new.date_time))
        return await visible_match(db, by, match_id)

    async def change(self, db: Connection, by: Principal, match_id: str, changes: Mapping[str, Any]) -> Match:
        """Write the fields that were sent; the others stay, and the anchor always does.

        A side may be changed as long as nothing of the team that leaves would be left in the match.

        Raises:
            MatchNotFoundError: absent or out of scope; other errors as `add`.
            TeamHasLineupError, or an error of a higher room: something of a team that leaves is kept in the match.
            MatchChangedError: somebody else changed the sides meanwhile.
        """
        match = await visible_match(db, by, match_id)
        after = replace(match, **changes)
        home_id, away_id = await self._sides(db, by, after.home_team_id, after.away_team_id, known=match.sides)
        after = replace(after, home_team_id=home_id, away_team_id=away_id, date_time=self._typed(after.date_time))
        if after.event_id is not None and after.event_id != match.event_id:
            after = replace(after, event_id=(await club.visible_competition(db, by, after.event_id)).id)
        if match.sides - after.sides:
            await self._let_leave(db, match.id, match.sides - after.sides)
        if changes and not await queries.update_match(db, match, after, changes):
            raise MatchChangedError
        return await visible_match(db, by, match.id)

    async def set_anchor(self, db: Connection, by: Principal, match_id: str, seconds: int, *, force: bool) -> int:
        """Say where a match begins in its video, in seconds; of several people who say so at once, one is heard.

        Raises:
            MatchNotFoundError: absent or out of scope.
            AnchorNotYoursError: `force` is for the account manager alone.
            AnchorIsSetError: it is set, and `force` was not asked for.
        """
        match = await visible_match(db, by, match_id)
        if force and not by.is_account_manager:
            raise AnchorNotYoursError
        if not await queries.set_anchor(db, match.id, seconds, only_if_unset=not force):
            await visible_match(db, by, match_id)
            raise AnchorIsSetError
        return seconds

    async def reset_anchor(self, db: Connection, by: Principal, match_id: str) -> None:
        """Forget where a match begins in its video.

        Raises:
            MatchNotFoundError: absent or out of scope.
        """
        match = await visible_match(db, by, match_id)
        if not await queries.set_anchor(db, match.id, None):
            raise MatchNotFoundError

    async def delete(self, db: Connection, by: Principal, match_id: str) -> None:
        """Remove a match with everything that belongs to it.

        Raises:
            MatchNotFoundError: absent or out of scope.
        """
        match = await visible_match(db, by, match_id)
        for react in self.reactions:
            await react(db, MatchDeleted(match.id))
        if not await queries.delete_match(db, match.id):
            raise MatchNotFoundError

    async def _sides(
        self, db: Connection, by: Principal, home_id: str, away_id: str, *, known: frozenset[str] = frozenset()
    ) -> tuple[str, str]:
        """Both sides as they are stored; a known one plays in the match already."""
        if home_id == away_id:
            raise SameTeamError
        sides = [
            team_id if team_id in known else (await identity.visible_team(db, by, team_id)).id
            for team_id in (home_id, away_id)
        ]
        home_id, away_id = sides
        if home_id == away_id:
            raise SameTeamError
        if not {home_id, away_id} & set(by.team_ids):
            raise NotYourTeamsError
        return home_id, away_id

    async def _let_leave(self, db: Connection, match_id: str, team_ids: frozenset[str]) -> None:
        if await lineup_queries.has_lineup(db, match_id, team_ids):
            raise TeamHasLineupError
        for ask in self.questions:
            await ask(db, TeamsLeftMatch(match_id, team_ids))

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


async def same_match(db: Connection, by: Principal, match_id: str, changes: Mapping[str, Any]) -> Match:
    """The match of a row that is about to be changed; what belongs to one match does not move to another.

    Raises:
        MatchNotFoundError: a match is named that is absent or out of scope.
        OtherMatchError: a match is named that is not the row's.
    """
    match = await visible_match(db, by, changes.get("match_id", match_id))
    if match.id != match_id:
        raise OtherMatchError
    return match
