"""Every statement about staff."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from touchline.features.identity.errors import AccountInUseError, TeamNotFoundError
from touchline.features.identity.principal import Principal
from touchline.features.identity.staff import NewStaffMember, StaffMember, StaffRole
from touchline.features.identity.tables import staff, users
from touchline.features.identity.user_queries import CODES_CLOSED
from touchline.features.identity.users import UserType
from touchline.foundation.db import Connection
from touchline.foundation.db.errors import Broken, broken_rule
from touchline.foundation.db.paging import fetch_page
from touchline.foundation.ids import new_id


async def accessible_staff(db: Connection, by: Principal, *, limit: int, offset: int) -> tuple[list[StaffMember], int]:
    """Staff of a person's teams by name, and how many there are."""
    if not by.team_ids:
        return [], 0
    statement = select(staff).where(staff.c.team_id.in_(by.team_ids)).order_by(staff.c.name, staff.c.id)
    rows, total = await fetch_page(db, statement, limit=limit, offset=offset)
    return [_member(row) for row in rows], total


async def accessible_member(db: Connection, by: Principal, staff_id: str) -> StaffMember | None:
    """A staff member of one of the person's teams."""
    if not by.team_ids:
        return None
    row = (
        await db.execute(select(staff).where(staff.c.id == staff_id, staff.c.team_id.in_(by.team_ids)))
    ).one_or_none()
    return None if row is None else _member(row)


async def insert_member(db: Connection, new: NewStaffMember) -> StaffMember:
    """Store a staff member.

    Raises:
        TeamNotFoundError: the team went in the meantime.
        AccountInUseError: the account was given to somebody else in the meantime.
    """
    member = StaffMember(
        id=new_id(), team_id=new.team_id, user_id=new.user_id, name=new.name, role=new.role, email=new.email
    )
    try:
        await db.execute(
            insert(staff).values(
                id=member.id,
                team_id=member.team_id,
                user_id=member.user_id,
                name=member.name,
                role=member.role and member.role.value,
                email=member.email,
            )
        )
    except IntegrityError as error:
        raise _in_words(error) from error
    return member


async def update_member(db: Connection, staff_id: str, values: Mapping[str, Any]) -> None:
    """Store new values of a staff member by column.

    Raises:
        TeamNotFoundError: the team went in the meantime.
    """
    try:
        await db.execute(update(staff).where(staff.c.id == staff_id).values(dict(values)))
    except IntegrityError as error:
        raise _in_words(error) from error


async def delete_member(db: Connection, staff_id: str) -> None:
    await db.execute(delete(staff).where(staff.c.id == staff_id))


async def has_member(db: Connection, user_id: str) -> bool:
    """Whether an account belongs to a staff member."""
    return await db.scalar(select(staff.c.id).where(staff.c.user_id == user_id)) is not None


async def dormant_account(db: Connection, owner_id: str, email: str) -> str | None:
    """The disabled staff account of this address that the organisation has and nobody on its staff holds."""
    found: str | None = await db.scalar(
        select(users.c.id).where(users.c.email == email, *_is_dormant(owner_id)).limit(1)
    )
    return found


async def wake_account(db: Connection, user_id: str, *, owner_id: str, password_hash: str, full_name: str) -> bool:
    """Enable a dormant account with a new password; False when it is dormant no more."""
    result = await db.execute(
        update(users)
        .where(users.c.id == user_id, *_is_dormant(owner_id))
        .values(
            **CODES_CLOSED,
            password_hash=password_hash,
            full_name=full_name,
            is_active=True,
            email_verified=True,
            google_sub=None,
            token_version=users.c.token_version + 1,
        )
    )
    return result.rowcount == 1


async def adopt_accounts(db: Connection, team_id: str, *, owner_id: str) -> None:
    """Let accounts that belong to the organisation only by a team's staff belong to it without the team too."""
    of_team = select(staff.c.user_id).where(staff.c.team_id == team_id, staff.c.user_id.is_not(None))
    await db.execute(
        update(users)
        .where(users.c.id.in_(of_team), users.c.created_by.is_(None), users.c.user_type == UserType.STAFF.value)
        .values(created_by=owner_id)
    )


def _is_dormant(owner_id: str) -> tuple[Any, ...]:
    return (
        users.c.user_type == UserType.STAFF.value,
        users.c.created_by == owner_id,
        users.c.is_active.is_(False),
        users.c.deleted_at.is_(None),
        ~select(staff.c.id).where(staff.c.user_id == users.c.id).correlate(users).exists(),
    )


def _in_words(error: IntegrityError) -> Exception:
    return AccountInUseError() if broken_rule(error) is Broken.UNIQUE else TeamNotFoundError()


def _member(row: Row[Any]) -> StaffMember:
    return StaffMember(
        id=row.id,
        team_id=row.team_id,
        user_id=row.user_id,
        name=row.name,
        role=None if row.role is None else StaffRole(row.role),
        email=row.email,
    )
