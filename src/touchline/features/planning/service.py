"""Notes that the staff keeps about a match."""

from dataclasses import dataclass

from touchline.features.analysis.scope import resolve_match_scope
from touchline.features.identity import Principal
from touchline.features.planning import queries
from touchline.features.planning.errors import NoteNotFoundError
from touchline.features.planning.note import Note, NoteType
from touchline.features.planning.rules import author_role
from touchline.foundation.clock import Clock
from touchline.foundation.db import Connection
from touchline.foundation.ids import new_id


@dataclass(frozen=True)
class NoteService:
    """A match may also be the made-up one of an ad-hoc run that the person can see."""

    clock: Clock

    async def listed(
        self, db: Connection, by: Principal, match_id: str, *, limit: int, offset: int
    ) -> tuple[list[Note], int]:
        """Notes of a match, oldest first, and how many there are.

        Raises:
            MatchNotFoundError: not in scope.
        """
        scope = await resolve_match_scope(db, by, match_id)
        return await queries.notes_of_match(db, scope.match_id, limit=limit, offset=offset)

    async def add(
        self, db: Connection, by: Principal, match_id: str, *, content: str, note_type: NoteType, video_timestamp: float
    ) -> Note:
        """Keep a note of this person's.

        Raises:
            MatchNotFoundError: not in scope.
        """
        scope = await resolve_match_scope(db, by, match_id)
        note = Note(
            id=new_id(),
            match_id=scope.match_id,
            author_id=by.user_id,
            content=content,
            note_type=note_type,
            video_timestamp=video_timestamp,
            created_at=self.clock.now(),
            author_name=by.full_name,
            author_role=author_role(by.user_type, by.staff_role),
        )
        await queries.insert_note(db, note)
        return note

    async def delete(self, db: Connection, by: Principal, note_id: str) -> None:
        """Remove a note of this person's own.

        Raises:
            NoteNotFoundError: absent, or somebody else's.
        """
        if not await queries.delete_note(db, note_id, author_id=by.user_id):
            raise NoteNotFoundError
