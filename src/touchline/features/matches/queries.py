"""Every statement about matches."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, insert, or_, select, update

from touchline.features.club.tables import events
from touchline.features.identity import Principal
from touchline.features.identity.tables import teams
from touchline.features.matches.match import Match, MatchStatus, NewMatch
from touchline.features.matches.tables import matches
from touchline.foundation.db import Connection
from touchline.foundation.db.paging import fetch_cut
from touchline.foundation.ids import new_id

_home = teams.alias("home")
_away = teams.alias("away")

# In the order of the fields of `Match`.
_MATCH = select(
    matches.c.id,
    matches.c.home_team_id,
    matches.c.away_team_id,
    _home.c.name.label("home_team_name"),
    _away.c.name.label("away_team_name"),
    _home.c.primary_color.label("home_color"),
    _away.c.primary_color.label("away_color"),
    matches.c.home_score,
    matches.c.away_score,
    matches.c.date_time,
    matches.c.status,
    matches.c.venue,
    matches.c.event_id,
    events.c.name.label("event_name"),
    matches.c.video_anchor_seconds,
).select_from(
    matches.join(_home, _home.c.id == matches.c.home_team_id)
    .join(_away, _away.c.id == matches.c.away_team_id)
    .outerjoin(events, events.c.id == matches.c.event_id)
)
_STATUS = [field.name for field in fields(Match)].index("status")


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
    cut = _page_of(by.team_ids, status, event_id, limit, offset)
    rows, total = await fetch_cut(db, cut, limit=limit, offset=offset)
    return [_match(row) for row in rows], total


@lru_cache(maxsize=512)
def _page_of(
    team_ids: tuple[str, ...], status: MatchStatus | None, event_id: str | None, limit: int, offset: int
) -> Select[Any]:
    """To write this statement takes longer than to answer it."""
    statement = _MATCH.where(_is_of(team_ids)).order_by(matches.c.date_time, matches.c.id)
    if status is not None:
        statement = statement.where(matches.c.status == status.value)
    if event_id is not None:
        statement = statement.where(matches.c.event_id == event_id)
    return statement.limit(limit).offset(offset)


async def accessible_match(db: Connection, by: Principal, match_id: str) -> Match | None:
    if not by.team_ids:
        return None
    row = (await db.execute(_MATCH.where(matches.c.id == match_id, match_is_accessible(by)))).one_or_none()
    return None if row is None else _match(row)


async def is_accessible(db: Connection, by: Principal, match_id: str) -> bool:
    if not by.team_ids:
        return False
    found = await db.scalar(select(matches.c.id).where(matches.c.id == match_id, match_is_accessible(by)))
    return found is not None


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


async def update_match(db: Connection, was: Match, now: Match, fields: Iterable[str]) -> bool:
    """Write these fields of a match; False when it is gone or got other sides since it was read."""
    result = await db.execute(
        update(matches)
        .where(
            matches.c.id == was.id,
            matches.c.home_team_id == was.home_team_id,
            matches.c.away_team_id == was.away_team_id,
        )
        .values({name: getattr(now, name) for name in fields})
    )
    return bool(result.rowcount)


async def set_anchor(db: Connection, match_id: str, seconds: int | None, *, only_if_unset: bool = False) -> bool:
    """Write where the match begins in its video; False when it is gone, or set already and may not be replaced."""
    statement = update(matches).where(matches.c.id == match_id).values(video_anchor_seconds=seconds)
    if only_if_unset:
        statement = statement.where(matches.c.video_anchor_seconds.is_(None))
    return bool((await db.execute(statement)).rowcount)


async def delete_match(db: Connection, match_id: str) -> bool:
    """Remove a match and what the database hangs on it; False when somebody else just did."""
    return bool((await db.execute(delete(matches).where(matches.c.id == match_id))).rowcount)


def match_is_accessible(by: Principal) -> ColumnElement[bool]:
    """Home or away team accessible (rule 3.3), for statements that join matches."""
    return _is_of(by.team_ids)


@lru_cache(maxsize=512)
def _is_of(team_ids: tuple[str, ...]) -> ColumnElement[bool]:
    return or_(matches.c.home_team_id.in_(team_ids), matches.c.away_team_id.in_(team_ids))


def _match(row: Sequence[Any]) -> Match:
    # By place: reading a row name by name costs more than the query.
    values = list(row)
    values[_STATUS] = MatchStatus(values[_STATUS])
    return Match(*values)
