"""Every statement about matches."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, or_, select

from touchline.features.club.tables import events
from touchline.features.identity import Principal
from touchline.features.identity.tables import teams
from touchline.features.matches.match import Match, MatchStatus, NewMatch
from touchline.features.matches.tables import matches
from touchline.foundation.db import Connection
from touchline.foundation.db.paging import fetch_page
from touchline.foundation.ids import new_id

_home = teams.alias("home")
_away = teams.alias("away")

_MATCH = select(
    matches,
    _home.c.name.label("home_team_name"),
    _away.c.name.label("away_team_name"),
    _home.c.primary_color.label("home_color"),
    _away.c.primary_color.label("away_color"),
    events.c.name.label("event_name"),
).select_from(
    matches.join(_home, _home.c.id == matches.c.home_team_id)
    .join(_away, _away.c.id == matches.c.away_team_id)
    .outerjoin(events, events.c.id == matches.c.event_id)
)


async def accessible_matches(
    db: Connection,
    by: Principal,
    *,
    status: MatchStatus | None,
    event_id: str | None,
    limit: int,
    offset: int,
) -> tuple[list[Match], int]:
    """Matches of a person's teams, home or away, by date; and how many there are."""
    if not by.team_ids:
        return [], 0
    statement = _MATCH.where(_accessible_to(by)).order_by(matches.c.date_time, matches.c.id)
    if status is not None:
        statement = statement.where(matches.c.status == status.value)
    if event_id is not None:
        statement = statement.where(matches.c.event_id == event_id)
    rows, total = await fetch_page(db, statement, limit=limit, offset=offset)
    return [_match(row) for row in rows], total


async def accessible_match(db: Connection, by: Principal, match_id: str) -> Match | None:
    if not by.team_ids:
        return None
    row = (await db.execute(_MATCH.where(matches.c.id == match_id, _accessible_to(by)))).one_or_none()
    return None if row is None else _match(row)


async def is_accessible(db: Connection, by: Principal, match_id: str) -> bool:
    if not by.team_ids:
        return False
    found = await db.scalar(select(matches.c.id).where(matches.c.id == match_id, _accessible_to(by)))
    return found is not None


async def is_visible_competition(db: Connection, by: Principal, event_id: str) -> bool:
    """Whether a competition is shared or the organisation's own."""
    mine = or_(events.c.owner_id.is_(None), events.c.owner_id == by.organisation_id)
    return await db.scalar(select(events.c.id).where(events.c.id == event_id, mine)) is not None


async def insert_match(db: Connection, new: NewMatch, *, date_time: datetime) -> str:
    """Store a match; returns its id."""
    match_id = new_id()
    await db.execute(
        insert(matches).values(
            id=match_id,
            home_team_id=new.home_team_id,
            away_team_id=new.away_team_id,
            date_time=date_time,
            venue=new.venue,
            event_id=new.event_id,
            status=new.status.value,
            home_score=new.home_score,
            away_score=new.away_score,
            video_anchor_seconds=new.video_anchor_seconds,
        )
    )
    return match_id


async def delete_match(db: Connection, match_id: str) -> None:
    """Remove a match and what the database hangs on it."""
    await db.execute(delete(matches).where(matches.c.id == match_id))


def _accessible_to(by: Principal) -> Any:
    return or_(matches.c.home_team_id.in_(by.team_ids), matches.c.away_team_id.in_(by.team_ids))


def _match(row: Row[Any]) -> Match:
    return Match(
        id=row.id,
        home_team_id=row.home_team_id,
        away_team_id=row.away_team_id,
        home_team_name=row.home_team_name,
        away_team_name=row.away_team_name,
        home_color=row.home_color,
        away_color=row.away_color,
        home_score=row.home_score,
        away_score=row.away_score,
        date_time=row.date_time,
        status=MatchStatus(row.status),
        venue=row.venue,
        event_id=row.event_id,
        event_name=row.event_name,
        video_anchor_seconds=row.video_anchor_seconds,
    )
