"""The doors of the accounts of an organisation; `routes` has those of one's own account."""

from typing import Annotated

from fastapi import APIRouter, Depends

from touchline.features.identity.access import (
    MayCreateAccounts,
    MayDeleteAccounts,
    MayReadAccounts,
    MayUpdateAccounts,
)
from touchline.features.identity.schemas import UserOut
from touchline.features.identity.user_schemas import UserChangeIn, UserIn
from touchline.features.identity.user_service import UserService
from touchline.foundation.http.messages import DeletedOut
from touchline.foundation.http.openapi import refusals
from touchline.foundation.http.paging import Page
from touchline.foundation.http.provide import Db, provided
from touchline.foundation.http.text import RefId

router = APIRouter(prefix="/api/users", tags=["accounts"])

Users = Annotated[UserService, Depends(provided(UserService))]


@router.get("")
async def list_users(by: MayReadAccounts, db: Db, users: Users, page: Page) -> list[UserOut]:
    """The accounts of the caller's organisation, the oldest first."""
    found, total = await users.all(db, by, limit=page.limit, offset=page.offset)
    page.report(total)
    return [UserOut.of_user(user) for user in found]


@router.post("", responses=refusals({400: "The password is too short or too long."}))
async def add_user(body: UserIn, by: MayCreateAccounts, users: Users) -> UserOut:
    """Add a staff account that belongs to no team yet."""
    return UserOut.of_user(await users.add(by, body.to_new()))


@router.get("/{user_id}")
async def user(user_id: RefId, by: MayReadAccounts, db: Db, users: Users) -> UserOut:
    """One account of the caller's organisation."""
    return UserOut.of_user(await users.one(db, by, user_id))


@router.put(
    "/{user_id}",
    responses=refusals(
        {
            400: "The password is too short or too long, or the caller would disable himself.",
            429: "The caller changed his own address a moment ago.",
            503: "The caller's own new address could not be mailed its code.",
        }
    ),
)
async def change_user(user_id: RefId, body: UserChangeIn, by: MayUpdateAccounts, users: Users) -> UserOut:
    """Change an account; the caller's own new address is mailed a code to enter at the next sign-in."""
    return UserOut.of_user(await users.change(by, user_id, body.to_change()))


@router.delete("/{user_id}", responses=refusals({400: "It is the caller's own account."}))
async def delete_user(user_id: RefId, by: MayDeleteAccounts, db: Db, users: Users) -> DeletedOut:
    """Delete an account; what it wrote stays."""
    await users.delete(db, by, user_id)
    return DeletedOut(message="The account was deleted.")
