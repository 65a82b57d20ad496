"""What travels over HTTP about notes."""

from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, Field
from pydantic_core import PydanticCustomError

from touchline.features.planning.note import Note, NoteType
from touchline.foundation.http.numbers import A_NUMBER
from touchline.foundation.http.text import Text
from touchline.foundation.http.times import InstantOut


def _not_blank(value: str) -> str:
    if not value.strip():
        raise PydanticCustomError("content", "must not be blank")
    return value


Content = Annotated[
    Text, Field(min_length=1, max_length=10_000, examples=["Press their left back."]), AfterValidator(_not_blank)
]
Seconds = Annotated[
    float,
    Field(ge=0, le=1_000_000, allow_inf_nan=False, examples=[754.2], description="Seconds of the video."),
    A_NUMBER,
]


class NoteIn(BaseModel):
    content: Content
    note_type: Annotated[NoteType | None, Field(description="Null means `tactical`.")] = NoteType.TACTICAL
    video_timestamp: Seconds | None = 0.0


class NoteOut(BaseModel):
    id: str
    match_id: str
    user_id: Annotated[str, Field(description="Who wrote it.")]
    content: Annotated[str, Field(examples=["Press their left back."])]
    note_type: NoteType
    video_timestamp: Annotated[float, Field(examples=[754.2], description="Seconds of the video.")]
    created_at: InstantOut
    author_name: Annotated[str | None, Field(examples=["Ada Coach"])]
    author_role: Annotated[
        str, Field(examples=["head_coach"], description="`Owner`, the role on the staff, or `Staff`.")
    ]

    @classmethod
    def of(cls, note: Note) -> Self:
        return cls(
            id=note.id,
            match_id=note.match_id,
            user_id=note.author_id,
            content=note.content,
            note_type=note.note_type,
            video_timestamp=note.video_timestamp,
            created_at=note.created_at,
            author_name=note.author_name,
            author_role=note.author_role,
        )
