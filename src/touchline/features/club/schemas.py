"""What travels over HTTP about players."""

import re
from datetime import date, datetime, time
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from touchline.features.club.player import Foot, Player, Position
from touchline.foundation.http.numbers import A_NUMBER
from touchline.foundation.http.text import Line, RefId

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}([T ].+)?", re.ASCII)
_ADDRESS_BREAKERS = re.compile(r"[\s\\\x00-\x1f\x7f]")


def _blank_is_none(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


def _birth_date(value: object) -> object:
    """A date, or a timestamp at midnight whose zone does not matter."""
    if value is None or type(value) is date:
        return value
    text = value if isinstance(value, str) else ""
    try:
        if not _DATE.fullmatch(text):
            raise ValueError(text)
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise PydanticCustomError("birth_date", "must be a date like 2004-11-30") from error
    if moment.year < 1900:
        raise PydanticCustomError("birth_date", "lies too far back")
    if moment.time() != time():
        raise PydanticCustomError("birth_date", "must be a date without a time of day")
    return moment.date()


def _country(value: str) -> str:
    if not (value.isascii() and value.isalpha()):
        raise PydanticCustomError("country_code", "must be two letters like TN")
    return value.upper()


def _image(value: str) -> str:
    if _ADDRESS_BREAKERS.search(value) is None:
        if value.startswith("/static/") and ".." not in value:
            return value
        try:
            address = urlsplit(value)
        except ValueError:  # half a bracket of an IPv6 address
            address = urlsplit("")
        if address.scheme in ("http", "https") and address.hostname:
            return value
    raise PydanticCustomError("image_url", "must begin with /static/ or be a web address")


_LEFT_OUT: Any = Field(default_factory=lambda: None)  # may be left out, but not be null
_Blank = BeforeValidator(_blank_is_none)
Name = Annotated[Line, Field(min_length=1, max_length=50)]
PlayerName = Annotated[Name, Field(examples=["Aymen Kappa"])]
Jersey = Annotated[int, Field(ge=0, le=255, examples=[10]), A_NUMBER]
BirthDate = Annotated[date, BeforeValidator(_birth_date), Field(examples=["2004-11-30"])]
Height = Annotated[int, Field(ge=0, le=300, examples=[182]), A_NUMBER]
Weight = Annotated[int, Field(ge=0, le=500, examples=[76]), A_NUMBER]
Nationality = Annotated[Line, Field(max_length=50, examples=["Tunisian"])]
Country = Annotated[Line, Field(min_length=2, max_length=2, examples=["TN"]), AfterValidator(_country)]
ImageUrl = Annotated[Line, Field(max_length=255, examples=["/static/images/players/1.png"]), AfterValidator(_image)]
MarketValue = Annotated[float, Field(ge=0, le=9_999_999_999.99, allow_inf_nan=False, examples=[450000]), A_NUMBER]


class _PlayerFields(BaseModel):
    """What may be left out; a blank text is the same as null."""

    model_config = ConfigDict(use_enum_values=True)

    team_id: Annotated[
        RefId | None, _Blank, Field(description="Left out or null: the caller's primary team, or the one he is in.")
    ] = None
    position: Annotated[Position | None, _Blank] = None
    jersey_number: Jersey | None = None
    birth_date: Annotated[BirthDate | None, _Blank] = None
    dominant_foot: Annotated[Foot | None, _Blank] = None
    height_cm: Height | None = None
    weight_kg: Weight | None = None
    nationality: Annotated[Nationality | None, _Blank] = None
    country_code: Annotated[Country | None, _Blank] = None
    image_url: Annotated[ImageUrl | None, _Blank] = None
    market_value: MarketValue | None = None


class PlayerIn(_PlayerFields):
    name: PlayerName

    def values(self) -> dict[str, Any]:
        return self.model_dump()


class PlayerChangesIn(_PlayerFields):
    name: PlayerName = _LEFT_OUT

    def values(self) -> dict[str, Any]:
        """What was sent; a player stays in his team where null is sent for it."""
        sent = self.model_dump(exclude_unset=True)
        return {field: value for field, value in sent.items() if value is not None or field != "team_id"}


class PlayerOut(BaseModel):
    id: str
    team_id: str | None
    name: PlayerName
    position: Position | None
    jersey_number: Annotated[int, Field(examples=[10])] | None
    birth_date: date | None
    dominant_foot: Foot | None
    height_cm: Annotated[int, Field(examples=[182])] | None
    weight_kg: Annotated[int, Field(examples=[76])] | None
    nationality: Annotated[str, Field(examples=["Tunisian"])] | None
    country_code: Annotated[str, Field(examples=["TN"])] | None
    image_url: Annotated[str, Field(examples=["/static/images/players/1.png"])] | None
    market_value: Annotated[float, Field(examples=[450000.0])] | None

    @classmethod
    def of(cls, player: Player) -> Self:
        return cls(
            id=player.id,
            team_id=player.team_id,
            name=player.name,
            position=player.position,
            jersey_number=player.jersey_number,
            birth_date=player.birth_date,
            dominant_foot=player.dominant_foot,
            height_cm=player.height_cm,
            weight_kg=player.weight_kg,
            nationality=player.nationality,
            country_code=player.country_code,
            image_url=player.image_url,
            market_value=player.market_value,
        )
