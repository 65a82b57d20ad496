"""What travels over HTTP about staff."""

from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, Field

from touchline.features.identity.schemas import Email, Password
from touchline.features.identity.staff import NewStaffMember, PermissionLevel, StaffAccount, StaffMember, StaffRole
from touchline.foundation.http.given import NEVER_NULL
from touchline.foundation.http.text import Line, RefId


def _blank_is_none(value: Any) -> Any:
    return None if value == "" else value


_BLANK_IS_NONE = BeforeValidator(_blank_is_none)

Name = Annotated[Line, Field(min_length=1, max_length=50, examples=["Kim Analyst"])]
Role = Annotated[StaffRole | None, _BLANK_IS_NONE, Field(examples=["analyst"])]
Contact = Annotated[Annotated[Line, Field(max_length=100)] | None, _BLANK_IS_NONE, Field(examples=["kim@example.org"])]


class StaffIn(BaseModel):
    team_id: RefId
    name: Name
    role: Role = None
    email: Contact = None
    user_id: Annotated[
        RefId | None, _BLANK_IS_NONE, Field(description="A staff account of the organisation that nobody has yet.")
    ] = None

    def to_new(self) -> NewStaffMember:
        return NewStaffMember(
            team_id=self.team_id, name=self.name, role=self.role, email=self.email, user_id=self.user_id
        )


class StaffWithAccountIn(BaseModel):
    team_id: RefId
    name: Name
    role: Role
    email: Email
    password: Password

    def to_new(self) -> NewStaffMember:
        return NewStaffMember(team_id=self.team_id, name=self.name, role=self.role, email=None)

    def to_account(self) -> StaffAccount:
        return StaffAccount(email=self.email, password=self.password)


class StaffChangeIn(BaseModel):
    """What is left out stays as it is; account and permission level never change here."""

    team_id: Annotated[RefId | None, Field(description="Null keeps the team.")] = None
    name: Annotated[Name | None, NEVER_NULL] = None
    role: Role = None
    email: Contact = None

    def to_values(self) -> dict[str, Any]:
        values = self.model_dump(exclude_unset=True)
        return values if values.get("team_id") else {name: values[name] for name in values if name != "team_id"}


class StaffOut(BaseModel):
    id: str
    team_id: str
    user_id: str | None
    name: str
    role: StaffRole | None
    permission_level: PermissionLevel
    email: str | None

    @classmethod
    def of(cls, member: StaffMember) -> Self:
        return cls(
            id=member.id,
            team_id=member.team_id,
            user_id=member.user_id,
            name=member.name,
            role=member.role,
            permission_level=member.level,
            email=member.email,
        )
