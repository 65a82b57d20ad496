"""What travels over HTTP about competitions."""

from typing import Annotated, Self

from pydantic import BaseModel, Field

from touchline.features.club.competition import Competition
from touchline.foundation.http.text import Line
from touchline.foundation.http.times import InstantOut


class CompetitionIn(BaseModel):
    name: Annotated[Line, Field(min_length=1, max_length=50, examples=["Ligue 1"])]


class CompetitionOut(BaseModel):
    id: str
    name: Annotated[str, Field(examples=["Ligue 1"])]
    created_at: InstantOut

    @classmethod
    def of(cls, competition: Competition) -> Self:
        return cls(id=competition.id, name=competition.name, created_at=competition.created_at)
