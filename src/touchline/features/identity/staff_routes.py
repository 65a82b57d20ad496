"""The doors of staff."""

from typing import Annotated

from fastapi import APIRouter, Depends

from touchline.features.identity.access import AccountManager, SignedIn
from touchline.features.identity.staff_schemas import StaffChangeIn, StaffIn, StaffOut, StaffWithAccountIn
from touchline.features.identity.staff_service import StaffService
from touchline.foundation.http.messages import DeletedOut
from touchline.foundation.http.openapi import refusals
from touchline.foundation.http.paging import Page
from touchline.foundation.http.provide import Db, provided
from touchline.foundation.http.text import RefId

router = APIRouter(prefix="/api/staff", tags=["staff"])

Staff = Annotated[StaffService, Depends(provided(StaffService))]


@router.get("")
async def list_staff(by: SignedIn, db: Db, staff: Staff, page: Page) -> list[StaffOut]:
    """The staff of the caller's teams, by name."""
    found, total = await staff.all(db, by, limit=page.limit, offset=page.offset)
    page.report(total)
    return [StaffOut.of(member) for member in found]


@router.post("", responses=refusals({400: "The account is the owner's."}))
async def add_staff_member(body: StaffIn, by: AccountManager, db: Db, staff: Staff) -> StaffOut:
    """Add a staff member, without an account or with one that the organisation has already."""
    return StaffOut.of(await staff.add(db, by, body.to_new()))


@router.post(
    "/create_with_account",
    responses=refusals({400: "The team is not the caller's, the email is in use, or the password is too short."}),
)
async def add_staff_member_with_account(body: StaffWithAccountIn, by: AccountManager, staff: Staff) -> StaffOut:
    """Add a staff member with an account that can sign in at once."""
    return StaffOut.of(await staff.add_with_account(by, body.to_new(), body.to_account()))


@router.get("/{staff_id}")
async def staff_member(staff_id: RefId, by: SignedIn, db: Db, staff: Staff) -> StaffOut:
    """One staff member of the caller's teams."""
    return StaffOut.of(await staff.one(db, by, staff_id))


@router.put("/{staff_id}")
async def change_staff_member(
    staff_id: RefId, body: StaffChangeIn, by: AccountManager, db: Db, staff: Staff
) -> StaffOut:
    """Change a staff member; a new role counts at once, and the permission level follows it."""
    return StaffOut.of(await staff.change(db, by, staff_id, body.to_values()))


@router.delete("/{staff_id}")
async def delete_staff_member(staff_id: RefId, by: AccountManager, db: Db, staff: Staff) -> DeletedOut:
    """Remove a staff member and disable his account; what he wrote stays."""
    await staff.delete(db, by, staff_id)
    return DeletedOut(message="The staff member was deleted.")
