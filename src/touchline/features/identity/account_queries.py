"""Every statement about accounts, codes and who somebody is."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from touchline.features.identity.accounts import Account, Credentials, OpenCode
from touchline.features.identity.errors import EmailTakenError
from touchline.features.identity.principal import Principal
from touchline.features.identity.roles import EFFECTIVE, derive_role
from touchline.features.identity.rules import MOST_CODE_ATTEMPTS, CodeKind, CodesSent
from touchline.features.identity.tables import staff, teams, users
from touchline.foundation.db import Connection
from touchline.foundation.ids import new_id

_owned = teams.alias("owned")
_staffed = teams.alias("staffed")

# Everything that decides rights and scope in one statement: a row per owned team, the primary one first.
_ACCOUNT = (
    select(
        users.c.id,
        users.c.email,
        users.c.full_name,
        users.c.user_type,
        users.c.is_active,
        users.c.deleted_at,
        users.c.email_verified,
        users.c.token_version,
        users.c.created_by,
        users.c.created_at,
        users.c.last_login,
        staff.c.id.label("staff_id"),
        staff.c.role.label("staff_role"),
        staff.c.team_id.label("staff_team_id"),
        _staffed.c.user_id.label("employer_id"),
        _owned.c.id.label("owned_team_id"),
    )
    .select_from(
        users.outerjoin(staff, staff.c.user_id == users.c.id)
        .outerjoin(_staffed, _staffed.c.id == staff.c.team_id)
        .outerjoin(_owned, _owned.c.user_id == users.c.id)
    )
    .order_by(_owned.c.is_primary.desc(), _owned.c.created_at, _owned.c.id)
)
# Built once: every request asks this.
_ACCOUNT_BY_ID = _ACCOUNT.where(users.c.id == bindparam("wanted_id"))

_HASH = {CodeKind.VERIFICATION: users.c.email_verification_code, CodeKind.RESET: users.c.password_reset_code}
_EXPIRY = {
    CodeKind.VERIFICATION: users.c.email_verification_expires_at,
    CodeKind.RESET: users.c.password_reset_expires_at,
}
_ATTEMPTS = {CodeKind.VERIFICATION: users.c.verification_attempts, CodeKind.RESET: users.c.reset_attempts}
_SENT_AT = {CodeKind.VERIFICATION: users.c.verification_sent_at, CodeKind.RESET: users.c.reset_sent_at}


async def account(db: Connection, user_id: str) -> Account | None:
    """An account with its place in an organisation."""
    rows = (await db.execute(_ACCOUNT_BY_ID, {"wanted_id": user_id})).all()
    return _read_account(rows) if rows else None


def _read_account(rows: Sequence[Any]) -> Account:
    first = rows[0]
    role = derive_role(first.user_type, first.staff_role)
    team_ids = [row.owned_team_id for row in rows if row.owned_team_id is not None]
    if first.staff_team_id is not None:
        team_ids = [first.staff_team_id, *(team for team in team_ids if team != first.staff_team_id)]
    return Account(
        principal=Principal(
            user_id=first.id,
            email=first.email,
            full_name=first.full_name,
            user_type=first.user_type,
            role=role,
            permissions=EFFECTIVE[role],
            organisation_id=first.id if first.user_type == "owner" else first.employer_id or first.created_by,
            team_ids=tuple(team_ids),
            primary_team_id=team_ids[0] if team_ids else None,
            token_version=first.token_version,
            staff_role=first.staff_role,
        ),
        is_active=first.is_active,
        is_deleted=first.deleted_at is not None,
        email_verified=first.email_verified,
        created_at=first.created_at,
        last_login=first.last_login,
        staff_id=first.staff_id,
        staff_team_id=first.staff_team_id,
        staff_role=first.staff_role,
    )


async def credentials(db: Connection, email: str) -> Credentials | None:
    """How the account of an address proves itself."""
    row = (
        await db.execute(
            select(
                users.c.id,
                users.c.email,
                users.c.full_name,
                users.c.password_hash,
                users.c.is_active,
                users.c.email_verified,
            ).where(users.c.email == email, users.c.deleted_at.is_(None))
        )
    ).one_or_none()
    return None if row is None else Credentials(*row)


async def insert_owner(
    db: Connection, *, email: str, password_hash: str, full_name: str | None, is_verified: bool, now: datetime
) -> str:
    """A new owner account; inactive until it is verified. Returns its id.

    Raises:
        EmailTakenError: another account has this address.
    """
    user_id = new_id()
    try:
        await db.execute(
            insert(users).values(
                id=user_id,
                email=email,
                password_hash=password_hash,
                full_name=full_name,
                user_type="owner",
                is_active=is_verified,
                email_verified=is_verified,
                created_at=now,
            )
        )
    except IntegrityError as error:
        raise EmailTakenError from error
    return user_id


async def delete_pending(db: Connection, user_id: str) -> None:
    """Remove an account that never got its first code."""
    await db.execute(users.delete().where(users.c.id == user_id, users.c.email_verified.is_(False)))


async def note_login(db: Connection, user_id: str, now: datetime) -> None:
    await db.execute(update(users).where(users.c.id == user_id).values(last_login=now))


async def codes_sent(db: Connection, user_id: str, kind: CodeKind) -> CodesSent:
    """When and how many codes an account was sent."""
    row = (
        await db.execute(select(_SENT_AT[kind], users.c.codes_day, users.c.codes_sent).where(users.c.id == user_id))
    ).one()
    return CodesSent(last_at=row[0], day=row[1], on_that_day=row[2])


async def store_code(
    db: Connection,
    user_id: str,
    kind: CodeKind,
    *,
    before: CodesSent,
    code_hash: str,
    expires_at: datetime,
    now: datetime,
    is_limited: bool,
) -> bool:
    """Open a code; where codes are limited, False when another request sent one meanwhile: then nothing is stored."""
    today = now.date()
    unchanged = _SENT_AT[kind].is_(None) if before.last_at is None else _SENT_AT[kind] == before.last_at
    still = (unchanged, users.c.codes_sent == before.on_that_day) if is_limited else ()
    result = await db.execute(
        update(users)
        .where(users.c.id == user_id, *still)
        .values(
            {
                _HASH[kind]: code_hash,
                _EXPIRY[kind]: expires_at,
                _ATTEMPTS[kind]: 0,
                _SENT_AT[kind]: now,
                users.c.codes_day: today,
                users.c.codes_sent: before.on_that_day + 1 if before.day == today else 1,
            }
        )
    )
    return result.rowcount == 1


async def withdraw_code(db: Connection, user_id: str, kind: CodeKind) -> None:
    """Take back a code that could not be mailed, so that another may be asked for at once."""
    await db.execute(
        update(users)
        .where(users.c.id == user_id)
        .values({_HASH[kind]: None, _EXPIRY[kind]: None, _SENT_AT[kind]: None})
    )


async def take_attempt(db: Connection, user_id: str, kind: CodeKind) -> OpenCode | None:
    """Use up one attempt at the open code; None when there is none, or its attempts are used up."""
    result = await db.execute(
        update(users)
        .where(users.c.id == user_id, _HASH[kind].is_not(None), _ATTEMPTS[kind] < MOST_CODE_ATTEMPTS)
        .values({_ATTEMPTS[kind]: _ATTEMPTS[kind] + 1})
    )
    if result.rowcount == 0:
        return None
    row = (
        await db.execute(select(users.c.id, _HASH[kind], _EXPIRY[kind], _ATTEMPTS[kind]).where(users.c.id == user_id))
    ).one()
    return OpenCode(*row)


async def activate(db: Connection, user_id: str, *, used_code: str, now: datetime) -> bool:
    """Verify an account with its open code; False when another request used it first.

    Whoever held a token before cannot be told from somebody who only claimed the address, so those end here.
    """
    result = await db.execute(
        update(users)
        .where(users.c.id == user_id, users.c.email_verified.is_(False), users.c.email_verification_code == used_code)
        .values(
            email_verified=True,
            is_active=True,
            token_version=users.c.token_version + 1,
            email_verification_code=None,
            email_verification_expires_at=None,
            last_login=now,
        )
    )
    return result.rowcount == 1


async def change_password(db: Connection, user_id: str, *, used_code: str, password_hash: str) -> bool:
    """Set a new password with the open reset code and void all tokens; False when another request used it first."""
    result = await db.execute(
        update(users)
        .where(users.c.id == user_id, users.c.password_reset_code == used_code)
        .values(
            password_hash=password_hash,
            token_version=users.c.token_version + 1,
            password_reset_code=None,
            password_reset_expires_at=None,
        )
    )
    return result.rowcount == 1
