"""Every statement about accounts as the account manager keeps them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from touchline.features.identity.errors import AccountExistsError
from touchline.features.identity.membership import in_organisation
from touchline.features.identity.principal import Principal
from touchline.features.identity.tables import staff, users
from touchline.features.identity.users import User, UserType
from touchline.foundation.db import Connection
from touchline.foundation.db.paging import fetch_page
from touchline.foundation.ids import new_id

_USER: Select[Any] = select(
    users.c.id,
    users.c.email,
    users.c.full_name,
    users.c.user_type,
    users.c.is_active,
    users.c.created_at,
    users.c.last_login,
)

CODES_CLOSED: dict[str, None] = {
    "email_verification_code": None,
    "email_verification_expires_at": None,
    "password_reset_code": None,
    "password_reset_expires_at": None,
}
"""No code that was mailed before counts any more."""


async def organisation_users(db: Connection, by: Principal, *, limit: int, offset: int) -> tuple[list[User], int]:
    """Accounts of an organisation, the oldest first, and how many there are."""
    statement = _USER.where(_of_organisation(by)).order_by(users.c.created_at, users.c.id)
    rows, total = await fetch_page(db, statement, limit=limit, offset=offset)
    return [_user(row) for row in rows], total


async def organisation_user(db: Connection, by: Principal, user_id: str) -> User | None:
    """One account of an organisation."""
    row = (await db.execute(_USER.where(users.c.id == user_id, _of_organisation(by)))).one_or_none()
    return None if row is None else _user(row)


async def insert_staff_account(
    db: Connection,
    *,
    email: str,
    password_hash: str,
    full_name: str | None,
    is_active: bool,
    created_by: str,
    now: datetime,
) -> str:
    """A verified staff account of an organisation; returns its id.

    Raises:
        AccountExistsError: another account has this address.
    """
    user_id = new_id()
    try:
        await db.execute(
            insert(users).values(
                id=user_id,
                email=email,
                password_hash=password_hash,
                full_name=full_name,
                user_type=UserType.STAFF.value,
                is_active=is_active,
                email_verified=True,
                created_by=created_by,
                created_at=now,
            )
        )
    except IntegrityError as error:
        raise AccountExistsError from error
    return user_id


async def is_email_taken(db: Connection, email: str) -> bool:
    return await db.scalar(select(users.c.id).where(users.c.email == email)) is not None


async def update_user(db: Connection, user_id: str, values: dict[str, Any], *, voids_tokens: bool) -> None:
    """Change an account that is not deleted.

    Raises:
        AccountExistsError: another account has the new address.
    """
    if voids_tokens:
        values = {**values, "token_version": users.c.token_version + 1}
    try:
        await db.execute(update(users).where(users.c.id == user_id, users.c.deleted_at.is_(None)).values(values))
    except IntegrityError as error:
        raise AccountExistsError from error


async def rename_contact(db: Connection, user_id: str, *, before: str, after: str) -> None:
    """Let the staff row of an account follow its address, where it held the former one."""
    await db.execute(update(staff).where(staff.c.user_id == user_id, staff.c.email == before).values(email=after))


async def staff_name(db: Connection, user_id: str) -> str | None:
    """The name of the staff member who holds an account."""
    name: str | None = await db.scalar(select(staff.c.name).where(staff.c.user_id == user_id))
    return name


async def disable_staff_account(db: Connection, user_id: str, *, owner_id: str, full_name: str) -> None:
    """Disable a staff account and void its tokens; it stays with the organisation, under a name."""
    await db.execute(
        update(users)
        .where(users.c.id == user_id, users.c.user_type == UserType.STAFF.value)
        .values(
            is_active=False,
            token_version=users.c.token_version + 1,
            created_by=func.coalesce(users.c.created_by, owner_id),
            full_name=func.coalesce(users.c.full_name, full_name),
        )
    )


async def detach(db: Connection, user_id: str) -> None:
    """Take an account away from its staff member, who stays."""
    await db.execute(update(staff).where(staff.c.user_id == user_id).values(user_id=None))


def _of_organisation(by: Principal) -> ColumnElement[bool]:
    return in_organisation(users.c.id, by) & users.c.deleted_at.is_(None)


def _user(row: Row[Any]) -> User:
    return User(
        id=row.id,
        email=row.email,
        full_name=row.full_name,
        user_type=UserType(row.user_type),
        is_active=row.is_active,
        created_at=row.created_at,
        last_login=row.last_login,
    )
