"""Fields that several bodies of this room share."""

from typing import Annotated, Any

from fastapi import Query
from pydantic import AfterValidator, BaseModel, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from touchline.features.matches import rules
from touchline.foundation.http.numbers import A_NUMBER
from touchline.foundation.http.text import Line, RefId

LEFT_OUT: Any = Field(default_factory=lambda: None)
"""Default of a field that a PUT may leave out, which keeps what is stored, but may not set to null."""

_SOME_ID = "0198f0a2-5c1e-7a31-8f7e-2f6f0c1f7a10"


def blank_is_none(value: object) -> object:
    """The older client sends blank text where it means nothing."""
    return None if isinstance(value, str) and not value.strip() else value


def sent(body: BaseModel) -> dict[str, Any]:
    """Fields by name, as far as the client sent them."""
    return {name: getattr(body, name) for name in body.model_fields_set}


def _coordinates(value: str) -> str:
    if rules.point(value) is None:
        raise PydanticCustomError("point", "must be two numbers like 34.5,12")
    return value


def _place(value: str) -> str:
    if not rules.is_place_in_formation(value):
        raise PydanticCustomError("place", "must be two fractions from 0 to 1 like 0.2500,0.8000")
    return value


def _address(value: str) -> str:
    if not rules.is_video_address(value):
        raise PydanticCustomError("address", "must be a web address, or a path on this server")
    return value


IdOut = Annotated[str, Field(examples=[_SOME_ID])]
Ref = Annotated[RefId, Field(examples=[_SOME_ID])]
OptionalRef = Annotated[RefId | None, BeforeValidator(blank_is_none), Field(examples=[_SOME_ID])]
MatchFilter = Annotated[RefId | None, Query(description="Only of this match.", examples=[_SOME_ID])]
Seconds = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False, examples=[1834.5]), A_NUMBER]
"""A time in a video."""
Coordinates = Annotated[
    Annotated[Line, Field(max_length=50), AfterValidator(_coordinates)] | None,
    BeforeValidator(blank_is_none),
    Field(examples=["34.5,12"]),
]
PlaceInFormation = Annotated[
    Annotated[Line, Field(max_length=50), AfterValidator(_place)] | None,
    BeforeValidator(blank_is_none),
    Field(examples=["0.2500,0.8000"]),
]
VideoAddress = Annotated[
    Annotated[Line, Field(max_length=255), AfterValidator(_address)] | None,
    BeforeValidator(blank_is_none),
    Field(examples=["https://video.example.org/goal.mp4"]),
]
