"""What travels over HTTP about accounts and teams."""

from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, Field
from pydantic_core import PydanticCustomError

from touchline.features.identity.accounts import Account
from touchline.features.identity.teams import Team
from touchline.features.identity.users import User, UserType
from touchline.foundation.http.given import NEVER_NULL
from touchline.foundation.http.text import Line, RefId, Text
from touchline.foundation.http.times import InstantOut

Email = Annotated[Line, Field(max_length=254, examples=["coach@example.org"])]
Password = Annotated[Text, Field(max_length=1024, examples=["correct horse"])]
Code = Annotated[Line, Field(max_length=32, examples=["123456"])]


def _color(value: str | None) -> str | None:
    if not value:
        return None
    if len(value) != 7 or value[0] != "#" or not all(digit in "0123456789abcdefABCDEF" for digit in value[1:]):
        raise PydanticCustomError("color", "must be a colour like #1A2B3C")
    return value


def _new_color(value: str | None) -> str | None:
    return "" if value == "" else _color(value)


def _logo(value: str | None) -> str | None:
    if value and not value.startswith(("/static/", "https://", "http://")):
        raise PydanticCustomError("logo", "must begin with /static/ or be a web address")
    return value or None


TeamName = Annotated[Line, Field(min_length=1, max_length=50, examples=["Rovers"])]
Color = Annotated[Line | None, AfterValidator(_color), Field(examples=["#1A2B3C"])]
NewColor = Annotated[Line | None, AfterValidator(_new_color), Field(examples=["#1A2B3C"])]
Logo = Annotated[
    Annotated[Line, Field(max_length=255, examples=["/static/images/teams/1.png"])] | None, AfterValidator(_logo)
]


class RegisterIn(BaseModel):
    email: Email
    password: Password
    full_name: Annotated[Line, Field(max_length=100, examples=["Ada Coach"])] | None = None


class VerifyIn(BaseModel):
    email: Email
    code: Code


class EmailIn(BaseModel):
    email: Email


class ResetIn(BaseModel):
    email: Email
    code: Code
    new_password: Password


class TokenOut(BaseModel):
    access_token: str
    token_type: str = "bearer"  # noqa: S105 — the word of RFC 6750, no secret


class PendingOut(BaseModel):
    status: str = "pending_verification"
    email: str
    detail: str


class DoneOut(BaseModel):
    status: str = "ok"
    detail: str


class UserOut(BaseModel):
    id: str
    email: str
    full_name: str | None
    user_type: UserType
    is_active: bool
    created_at: InstantOut
    last_login: InstantOut | None

    @classmethod
    def of(cls, account: Account) -> Self:
        person = account.principal
        return cls(
            id=person.user_id,
            email=person.email,
            full_name=person.full_name,
            user_type=UserType(person.user_type),
            is_active=account.is_active,
            created_at=account.created_at,
            last_login=account.last_login,
        )

    @classmethod
    def of_user(cls, user: User) -> Self:
        return cls(
            id=user.id,
            email=user.email,
            full_name=user.full_name,
            user_type=user.user_type,
            is_active=user.is_active,
            created_at=user.created_at,
            last_login=user.last_login,
        )


class TeamIn(BaseModel):
    name: TeamName
    primary_color: Color = "#0000FF"
    secondary_color: Color = None
    logo_url: Logo = None


class TeamChangeIn(BaseModel):
    """What is null or left out stays as it is; an empty colour is taken away."""

    name: Annotated[TeamName | None, NEVER_NULL] = None
    primary_color: NewColor = None
    secondary_color: NewColor = None
    logo_url: Logo = None

    def to_values(self) -> dict[str, Any]:
        return {name: value or None for name, value in self.model_dump().items() if value is not None}


class TeamOut(BaseModel):
    id: RefId
    name: str
    user_id: str | None
    primary_color: str | None
    secondary_color: str | None
    logo_url: str | None
    created_at: InstantOut

    @classmethod
    def of(cls, team: Team) -> Self:
        return cls(
            id=team.id,
            name=team.name,
            user_id=team.owner_id,
            primary_color=team.primary_color,
            secondary_color=team.secondary_color,
            logo_url=team.logo_url,
            created_at=team.created_at,
        )
