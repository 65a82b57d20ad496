"""What travels over HTTP about the accounts of an organisation."""

from typing import Annotated

from pydantic import BaseModel, Field, StrictBool

from touchline.features.identity.schemas import Email, Password
from touchline.features.identity.users import NewUser, UserChange
from touchline.foundation.http.given import NEVER_NULL
from touchline.foundation.http.text import Line

FullName = Annotated[Line, Field(max_length=100, examples=["Ada Coach"])]


class UserIn(BaseModel):
    email: Email
    full_name: FullName | None = None
    password: Annotated[
        Password | None, Field(description="Without one, its holder asks for a new password by mail.")
    ] = None
    is_active: StrictBool = True

    def to_new(self) -> NewUser:
        return NewUser(email=self.email, full_name=self.full_name, password=self.password, is_active=self.is_active)


class UserChangeIn(BaseModel):
    """What is left out stays as it is; the kind of account always does."""

    email: Email
    full_name: FullName | None = None
    password: Annotated[Password | None, Field(description="A new one voids all tokens of the account.")] = None
    is_active: Annotated[StrictBool | None, NEVER_NULL, Field(description="False voids all tokens too.")] = None

    def to_change(self) -> UserChange:
        """A name that was sent as null is taken away; one that was not sent stays."""
        return UserChange(
            email=self.email,
            full_name=(self.full_name or "") if "full_name" in self.model_fields_set else None,
            password=self.password,
            is_active=self.is_active,
        )
