"""Every statement about teams."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, case, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from touchline.features.identity.errors import TeamInUseError
from touchline.features.identity.principal import Principal
from touchline.features.identity.tables import teams
from touchline.features.identity.teams import Team
from touchline.foundation.db import Connection
from touchline.foundation.db.paging import fetch_page
from touchline.foundation.ids import new_id


async def accessible_teams(db: Connection, by: Principal, *, limit: int, offset: int) -> tuple[list[Team], int]:
    """Own teams of a person, the primary one first, then by age; and how many there are."""
    if not by.team_ids:
        return [], 0
    primary_first = case((teams.c.id == by.primary_team_id, 0), else_=1)
    rows, total = await fetch_page(
        db,
        select(teams).where(teams.c.id.in_(by.team_ids)).order_by(primary_first, teams.c.created_at, teams.c.id),
        limit=limit,
        offset=offset,
    )
    return [_team(row) for row in rows], total


async def visible_team(db: Connection, by: Principal, team_id: str) -> Team | None:
    """A team of the person's organisation, or a shared one."""
    row = (await db.execute(select(teams).where(teams.c.id == team_id, _visible_to(by)))).one_or_none()
    return None if row is None else _team(row)


async def teams_by_id(db: Connection, team_ids: Iterable[str]) -> Mapping[str, Team]:
    """Teams by id, whoever they belong to; ids without a team are left out."""
    wanted = set(team_ids)
    if not wanted:
        return {}
    rows = await db.execute(select(teams).where(teams.c.id.in_(wanted)))
    return {row.id: _team(row) for row in rows}


async def visible_names(db: Connection, by: Principal) -> list[tuple[str, str]]:
    """Ids and names of all visible teams, the organisation's first, older ones first."""
    shared_last = case((teams.c.user_id.is_(None), 1), else_=0)
    rows = await db.execute(
        select(teams.c.id, teams.c.name).where(_visible_to(by)).order_by(shared_last, teams.c.created_at, teams.c.id)
    )
    return [(row.id, row.name) for row in rows]


async def has_team(db: Connection, owner_id: str) -> bool:
    return await db.scalar(select(teams.c.id).where(teams.c.user_id == owner_id).limit(1)) is not None


async def insert_team(
    db: Connection,
    *,
    name: str,
    owner_id: str | None,
    is_primary: bool,
    now: datetime,
    primary_color: str | None = "#0000FF",
    secondary_color: str | None = None,
    logo_url: str | None = None,
) -> Team:
    """A new team; without an owner it is an opponent that all clubs share."""
    team = Team(
        id=new_id(),
        name=name,
        owner_id=owner_id,
        primary_color=primary_color,
        secondary_color=secondary_color,
        logo_url=logo_url,
        created_at=now,
        is_primary=is_primary,
    )
    await db.execute(
        insert(teams).values(
            id=team.id,
            name=team.name,
            user_id=team.owner_id,
            primary_color=team.primary_color,
            secondary_color=team.secondary_color,
            logo_url=team.logo_url,
            created_at=team.created_at,
            is_primary=team.is_primary,
        )
    )
    return team


async def update_team(db: Connection, team_id: str, values: Mapping[str, Any]) -> None:
    """Store new values of a team by column."""
    await db.execute(update(teams).where(teams.c.id == team_id).values(dict(values)))


async def delete_team(db: Connection, team_id: str) -> None:
    """Remove a team and what the database hangs on it.

    Raises:
        TeamInUseError: matches, or what its players did in them, refer to it.
    """
    try:
        await db.execute(delete(teams).where(teams.c.id == team_id))
    except IntegrityError as error:
        raise TeamInUseError from error


def _visible_to(by: Principal) -> Any:
    if by.organisation_id is None:
        return or_(teams.c.user_id.is_(None), teams.c.id.in_(by.team_ids))
    return or_(teams.c.user_id.is_(None), teams.c.user_id == by.organisation_id, teams.c.id.in_(by.team_ids))


def _team(row: Row[Any]) -> Team:
    return Team(
        id=row.id,
        name=row.name,
        owner_id=row.user_id,
        primary_color=row.primary_color,
        secondary_color=row.secondary_color,
        logo_url=row.logo_url,
        created_at=row.created_at,
        is_primary=row.is_primary,
    )
