"""Who belongs to an organisation, as a condition in the statements of every room."""

from typing import Any

from sqlalchemy import ColumnElement, or_, select

from touchline.features.identity.principal import Principal
from touchline.features.identity.tables import staff, teams, users


def in_organisation(account: ColumnElement[Any], by: Principal) -> ColumnElement[bool]:
    """Whether an account belongs to the caller's organisation: its owner, accounts he made, staff of his teams."""
    if by.organisation_id is None:
        return account == by.user_id
    owner = by.organisation_id
    return account.in_(
        select(users.c.id)
        .where(or_(users.c.id == owner, users.c.created_by == owner))
        .union(
            select(staff.c.user_id)
            .join(teams, teams.c.id == staff.c.team_id)
            .where(teams.c.user_id == owner, staff.c.user_id.is_not(None))
        )
    )
