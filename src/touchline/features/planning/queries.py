"""Every statement about notes."""

from typing import Any

from sqlalchemy import Row, delete, insert, select

from touchline.features.identity.tables import staff, users
from touchline.features.planning.note import Note
from touchline.features.planning.rules import author_role, note_type
from touchline.features.planning.tables import match_notes
from touchline.foundation.db import Connection
from touchline.foundation.db.paging import fetch_page


async def notes_of_match(db: Connection, match_id: str, *, limit: int, offset: int) -> tuple[list[Note], int]:
    """Notes of a match with their authors, oldest first; and how many there are."""
    statement = (
        select(match_notes, users.c.full_name, users.c.user_type, staff.c.role.label("staff_role"))
        .join(users, users.c.id == match_notes.c.user_id)
        .outerjoin(staff, staff.c.user_id == users.c.id)
        .where(match_notes.c.match_id == match_id)
        .order_by(match_notes.c.created_at, match_notes.c.id)
    )
    rows, total = await fetch_page(db, statement, limit=limit, offset=offset)
    return [_note(row) for row in rows], total


async def insert_note(db: Connection, note: Note) -> None:
    await db.execute(
        insert(match_notes).values(
            id=note.id,
            match_id=note.match_id,
            user_id=note.author_id,
            content=note.content,
            note_type=note.note_type.value,
            video_timestamp=note.video_timestamp,
            created_at=note.created_at,
        )
    )


async def delete_note(db: Connection, note_id: str, *, author_id: str) -> bool:
    """Remove a note of one author; False when he wrote none of that id."""
    result = await db.execute(
        delete(match_notes).where(match_notes.c.id == note_id, match_notes.c.user_id == author_id)
    )
    return bool(result.rowcount)


async def delete_notes_of_match(db: Connection, match_id: str) -> None:
    await db.execute(delete(match_notes).where(match_notes.c.match_id == match_id))


def _note(row: Row[Any]) -> Note:
    return Note(
        id=row.id,
        match_id=row.match_id,
        author_id=row.user_id,
        content=row.content,
        note_type=note_type(row.note_type),
        video_timestamp=row.video_timestamp,
        created_at=row.created_at,
        author_name=row.full_name,
        author_role=author_role(row.user_type, row.staff_role),
    )
