"""Pure rules of notes."""

from touchline.features.planning.note import NoteType


def author_role(user_type: str, staff_role: str | None) -> str:
    """How the author of a note is called beside it."""
    return "Owner" if user_type == "owner" else staff_role or "Staff"


def note_type(stored: str) -> NoteType:
    """The type of a stored note; rows of earlier servers hold `proposition`, which became `tactical`."""
    return NoteType.TACTICAL if stored == "proposition" else NoteType(stored)
