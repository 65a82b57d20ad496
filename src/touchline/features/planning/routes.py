"""The doors of notes."""

from typing import Annotated

from fastapi import APIRouter, Depends

from touchline.features.identity.access import MayReadNotes, MayWriteNotes, SignedIn
from touchline.features.planning.note import NoteType
from touchline.features.planning.schemas import NoteIn, NoteOut
from touchline.features.planning.service import NoteService
from touchline.foundation.http.messages import DeletedOut
from touchline.foundation.http.paging import Page
from touchline.foundation.http.provide import Db, provided
from touchline.foundation.http.text import RefId

router = APIRouter(prefix="/api", tags=["notes"])

Notes = Annotated[NoteService, Depends(provided(NoteService))]


@router.get("/matches/{match_id}/notes")
async def list_notes(match_id: RefId, by: MayReadNotes, db: Db, notes: Notes, page: Page) -> list[NoteOut]:
    """Notes of a match, or of a run without one, oldest first."""
    found, total = await notes.listed(db, by, match_id, limit=page.limit, offset=page.offset)
    page.report(total)
    return [NoteOut.of(note) for note in found]


@router.post("/matches/{match_id}/notes")
async def add_note(match_id: RefId, body: NoteIn, by: MayWriteNotes, db: Db, notes: Notes) -> NoteOut:
    """Keep a note about a match, or about a run without one."""
    note = await notes.add(
        db,
        by,
        match_id,
        content=body.content,
        note_type=body.note_type or NoteType.TACTICAL,
        video_timestamp=body.video_timestamp or 0.0,
    )
    return NoteOut.of(note)


@router.delete("/notes/{note_id}")
async def delete_note(note_id: RefId, by: SignedIn, db: Db, notes: Notes) -> DeletedOut:
    """Remove a note of the caller's own; anybody else's is as good as absent."""
    await notes.delete(db, by, note_id)
    return DeletedOut(message="The note was deleted.")
