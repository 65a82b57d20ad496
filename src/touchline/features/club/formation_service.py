"""Formations: the ones that all clubs share, and those that somebody in the organisation made."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from touchline.features.club import formation_queries as queries
from touchline.features.club.errors import FormationNotFoundError, NotYourFormationError, SharedFormationError
from touchline.features.club.formation import Formation
from touchline.features.identity import Principal
from touchline.foundation.clock import Clock
from touchline.foundation.db import Connection


@dataclass(frozen=True)
class FormationService:
    """Values of a formation come by the names of `Formation`'s fields."""

    clock: Clock

    async def visible(self, db: Connection, by: Principal, *, limit: int, offset: int) -> tuple[list[Formation], int]:
        """Shared formations, then the organisation's own, each by name, and how many there are."""
        return await queries.visible_formations(db, by, limit=limit, offset=offset)

    async def add(self, db: Connection, by: Principal, values: Mapping[str, Any]) -> Formation:
        """Store a formation of this person's."""
        made = await queries.insert_formation(db, values, creator_id=by.user_id, now=self.clock.now())
        return await visible_formation(db, by, made)

    async def change(self, db: Connection, by: Principal, formation_id: str, changes: Mapping[str, Any]) -> Formation:
        """Change what is given and keep the rest.

        Raises:
            FormationNotFoundError: absent or another organisation's.
            SharedFormationError: all clubs share it.
            NotYourFormationError: a colleague made it, and this person does not manage the organisation.
        """
        formation = await _changeable(db, by, formation_id)
        if not changes:
            return formation
        await queries.update_formation(db, formation.id, changes)
        return await visible_formation(db, by, formation.id)

    async def delete(self, db: Connection, by: Principal, formation_id: str) -> None:
        """Remove a formation; line-ups that used it stay, without one.

        Raises:
            FormationNotFoundError, SharedFormationError, NotYourFormationError: as in `change`.
        """
        formation = await _changeable(db, by, formation_id)
        await queries.delete_formation(db, formation.id)


async def visible_formation(db: Connection, by: Principal, formation_id: str) -> Formation:
    """A shared formation, or one of the person's organisation.

    Raises:
        FormationNotFoundError: absent or another organisation's.
    """
    formation = await queries.visible_formation(db, by, formation_id)
    if formation is None:
        raise FormationNotFoundError
    return formation


async def _changeable(db: Connection, by: Principal, formation_id: str) -> Formation:
    formation = await visible_formation(db, by, formation_id)
    if formation.creator_id is None:
        raise SharedFormationError
    if formation.creator_id != by.user_id and not by.is_account_manager:
        raise NotYourFormationError
    return formation
