"""Every statement about sign-in with Google."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from touchline.features.identity.google import GoogleIdentity
from touchline.features.identity.tables import users
from touchline.foundation.db import Connection
from touchline.foundation.ids import new_id


class RowMovedError(Exception):
    """Another request made or changed the account meanwhile; the transaction is spent, look again in a new one."""


@dataclass(frozen=True)
class KnownAccount:
    """An account that a Google identity may belong to; google_sub: the Google account that it signed in with before."""

    user_id: str
    email: str
    full_name: str | None
    is_owner: bool
    is_active: bool
    email_verified: bool
    google_sub: str | None


async def known_account(db: Connection, who: GoogleIdentity) -> KnownAccount | None:
    """The account that this Google account signed in to before, else the one of its address."""
    rows = await db.execute(
        select(
            users.c.id,
            users.c.email,
            users.c.full_name,
            users.c.user_type,
            users.c.is_active,
            users.c.email_verified,
            users.c.google_sub,
        ).where(or_(users.c.google_sub == who.subject, users.c.email == who.email), users.c.deleted_at.is_(None))
    )
    known = [
        KnownAccount(
            user_id=row.id,
            email=row.email,
            full_name=row.full_name,
            is_owner=row.user_type == "owner",
            is_active=row.is_active,
            email_verified=row.email_verified,
            google_sub=row.google_sub,
        )
        for row in rows
    ]
    # Compared again here: to some databases an accent makes no difference, to an identity it does.
    by_subject = [account for account in known if account.google_sub == who.subject]
    by_address = [account for account in known if account.email == who.email]
    return next(iter(by_subject or by_address), None)


async def insert_google_owner(db: Connection, who: GoogleIdentity, *, password_hash: str, now: datetime) -> str:
    """A verified owner's account; returns its id.

    Raises:
        RowMovedError: there is an account of this address or this Google account by now.
    """
    user_id = new_id()
    try:
        await db.execute(
            insert(users).values(
                id=user_id,
                email=who.email,
                password_hash=password_hash,
                full_name=who.full_name,
                user_type="owner",
                google_sub=who.subject,
                created_at=now,
                last_login=now,
            )
        )
    except IntegrityError as error:
        raise RowMovedError from error
    return user_id


async def confirm_pending(
    db: Connection, user_id: str, who: GoogleIdentity, *, full_name: str | None, password_hash: str, now: datetime
) -> None:
    """Verify a pending account by Google: whoever registered it knows neither its password nor a code any more.

    Raises:
        RowMovedError: it is pending no more, or another account belongs to this Google account by now.
    """
    try:
        result = await db.execute(
            update(users)
            .where(users.c.id == user_id, users.c.email_verified.is_(False), users.c.deleted_at.is_(None))
            .values(
                email_verified=True,
                is_active=True,
                full_name=full_name,
                google_sub=who.subject,
                password_hash=password_hash,
                token_version=users.c.token_version + 1,
                email_verification_code=None,
                email_verification_expires_at=None,
                password_reset_code=None,
                password_reset_expires_at=None,
                last_login=now,
            )
        )
    except IntegrityError as error:
        raise RowMovedError from error
    if result.rowcount != 1:
        raise RowMovedError


async def note_google_login(db: Connection, user_id: str, who: GoogleIdentity, now: datetime) -> None:
    """Remember a sign-in, and by which Google account.

    Raises:
        RowMovedError: the account was disabled, or belongs to another Google account by now.
    """
    try:
        result = await db.execute(
            update(users)
            .where(
                users.c.id == user_id,
                users.c.is_active.is_(True),
                or_(users.c.google_sub.is_(None), users.c.google_sub == who.subject),
            )
            .values(google_sub=who.subject, last_login=now)
        )
    except IntegrityError as error:
        raise RowMovedError from error
    if result.rowcount != 1:
        raise RowMovedError
