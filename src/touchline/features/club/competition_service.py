"""Competitions: the ones that all clubs share, and the organisation's own."""

from dataclasses import dataclass

from touchline.features.club import competition_queries as queries
from touchline.features.club.competition import Competition
from touchline.features.club.errors import (
    CompetitionNotFoundError,
    DuplicateCompetitionError,
    NoClubError,
    SharedCompetitionError,
)
from touchline.features.identity import Principal
from touchline.foundation.clock import Clock
from touchline.foundation.db import Connection


@dataclass(frozen=True)
class CompetitionService:
    clock: Clock

    async def visible(self, db: Connection, by: Principal, *, limit: int, offset: int) -> tuple[list[Competition], int]:
        """Shared competitions and the organisation's own, by name, and how many there are."""
        return await queries.visible_competitions(db, by, limit=limit, offset=offset)

    async def add(self, db: Connection, by: Principal, name: str) -> Competition:
        """Store a competition of the organisation.

        Raises:
            NoClubError: this person belongs to no organisation.
            DuplicateCompetitionError: it has one of that name, in whatever case.
        """
        if by.organisation_id is None:
            raise NoClubError
        await _check_is_new(db, by.organisation_id, name)
        made = await queries.insert_competition(db, name=name, owner_id=by.organisation_id, now=self.clock.now())
        return await visible_competition(db, by, made)

    async def rename(self, db: Connection, by: Principal, competition_id: str, name: str) -> Competition:
        """Give one of the organisation's own competitions another name.

        Raises:
            CompetitionNotFoundError: absent or another organisation's.
            SharedCompetitionError: all clubs share it.
            DuplicateCompetitionError: as in `add`.
        """
        known = await _own(db, by, competition_id)
        assert known.owner_id is not None
        await _check_is_new(db, known.owner_id, name, but=known.id)
        await queries.rename_competition(db, known.id, name)
        return await visible_competition(db, by, known.id)

    async def delete(self, db: Connection, by: Principal, competition_id: str) -> None:
        """Remove one of the organisation's own competitions; its matches stay, without one.

        Raises:
            CompetitionNotFoundError, SharedCompetitionError: as in `rename`.
        """
        known = await _own(db, by, competition_id)
        await queries.delete_competition(db, known.id)


async def visible_competition(db: Connection, by: Principal, competition_id: str) -> Competition:
    """A shared competition, or one of the person's organisation.

    Raises:
        CompetitionNotFoundError: absent or another organisation's.
    """
    competition = await queries.visible_competition(db, by, competition_id)
    if competition is None:
        raise CompetitionNotFoundError
    return competition


async def _own(db: Connection, by: Principal, competition_id: str) -> Competition:
    competition = await visible_competition(db, by, competition_id)
    if competition.owner_id is None:
        raise SharedCompetitionError
    return competition


async def _check_is_new(db: Connection, organisation_id: str, name: str, *, but: str | None = None) -> None:
    # Compared here: databases disagree about the lower case of letters outside ASCII.
    wanted = name.casefold()
    for known_id, known in (await queries.own_names(db, organisation_id)).items():
        if known_id != but and known.casefold() == wanted:
            raise DuplicateCompetitionError
