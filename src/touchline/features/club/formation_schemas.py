"""What travels over HTTP about formations."""

from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, Field
from pydantic_core import PydanticCustomError

from touchline.features.club.formation import Formation
from touchline.foundation.http.text import Line, Text, clean_json
from touchline.foundation.http.times import InstantOut

_MOST_POSITIONS = 100
_LARGEST = 20_000  # values and characters of text; a full sheet of eleven takes a few hundred
_LEFT_OUT: Any = Field(default_factory=lambda: None)  # may be left out, but not be null


def _of_bounded_size(value: list[Any]) -> list[Any]:
    waiting: list[Any] = [value]
    size = 0
    while waiting:
        part = waiting.pop()
        size += len(part) if isinstance(part, str) else 1
        if isinstance(part, dict):
            waiting += [inner for pair in part.items() for inner in pair]
        elif isinstance(part, list):
            waiting += part
    if size > _LARGEST:
        raise PydanticCustomError("positions", "is too large")
    return value


FormationName = Annotated[Line, Field(min_length=1, max_length=50, examples=["4-3-3"])]
Description = Annotated[Text, Field(max_length=2000, examples=["Wide wingers, one holding midfielder."])]
Positions = Annotated[
    list[Any],
    Field(max_length=_MOST_POSITIONS, examples=[[{"position": "GK", "x": 0.5, "y": 0.9}]]),
    AfterValidator(clean_json),
    AfterValidator(_of_bounded_size),
]


class _FormationFields(BaseModel):
    description: Description | None = None
    positions: Positions | None = None


class FormationIn(_FormationFields):
    name: FormationName

    def values(self) -> dict[str, Any]:
        return self.model_dump()


class FormationChangesIn(_FormationFields):
    name: FormationName = _LEFT_OUT

    def values(self) -> dict[str, Any]:
        """What was sent."""
        return self.model_dump(exclude_unset=True)


class FormationOut(BaseModel):
    id: str
    name: Annotated[str, Field(examples=["4-3-3"])]
    description: str | None
    positions: Annotated[list[Any], Field(examples=[[{"position": "GK", "x": 0.5, "y": 0.9}]])] | None
    user_id: Annotated[str | None, Field(description="Who made it; null for one that all clubs share.")]
    created_at: InstantOut

    @classmethod
    def of(cls, formation: Formation) -> Self:
        return cls(
            id=formation.id,
            name=formation.name,
            description=formation.description,
            positions=formation.positions,
            user_id=formation.creator_id,
            created_at=formation.created_at,
        )
