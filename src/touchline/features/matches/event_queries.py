"""Every statement about match events."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, and_, delete, insert, or_, select, update

from touchline.features.club.tables import players
from touchline.features.identity import Principal
from touchline.features.identity.tables import teams
from touchline.features.matches.match import Match
from touchline.features.matches.match_event import EventType, MatchEvent, NewMatchEvent
from touchline.features.matches.queries import match_is_accessible
from touchline.features.matches.tables import match_events, matches
from touchline.foundation.db import Connection
from touchline.foundation.db.paging import fetch_page
from touchline.foundation.ids import new_id

_EVENT = select(match_events).join(matches, matches.c.id == match_events.c.match_id)


async def accessible_events(
    db: Connection, by: Principal, *, match_id: str | None, limit: int, offset: int
) -> tuple[list[MatchEvent], int]:
    """Events of one match or all matches of a person's teams, by minute; and how many there are."""
    statement = _EVENT.where(match_is_accessible(by)).order_by(match_events.c.minute, match_events.c.id)
    if match_id is not None:
        statement = statement.where(match_events.c.match_id == match_id)
    rows, total = await fetch_page(db, statement, limit=limit, offset=offset)
    return [_event(row) for row in rows], total


async def accessible_event(db: Connection, by: Principal, event_id: str) -> MatchEvent | None:
    row = (await db.execute(_EVENT.where(match_events.c.id == event_id, match_is_accessible(by)))).one_or_none()
    return None if row is None else _event(row)


async def events_of(db: Connection, match_id: str) -> list[MatchEvent]:
    """All events of a match by minute, whoever asks."""
    rows = await db.execute(
        select(match_events)
        .where(match_events.c.match_id == match_id)
        .order_by(match_events.c.minute, match_events.c.id)
    )
    return [_event(row) for row in rows]


async def player_for_match(db: Connection, by: Principal, match: Match, player_id: str) -> str | None:
    """The id of a player whom this person may name in a match, None when there is no such player.

    One of an accessible team, or of a side of the match unless that side is another organisation's (rule 3.6).
    """
    of_a_side = and_(
        teams.c.id.in_((match.home_team_id, match.away_team_id)),
        or_(teams.c.user_id.is_(None), teams.c.user_id == by.organisation_id),
    )
    found = await db.scalar(
        select(players.c.id)
        .join(teams, teams.c.id == players.c.team_id)
        .where(players.c.id == player_id, or_(teams.c.id.in_(by.team_ids), of_a_side))
    )
    return None if found is None else str(found)


async def insert_event(db: Connection, new: NewMatchEvent) -> str:
    """Store an event; returns its id."""
    event_id = new_id()
    await db.execute(insert(match_events).values(id=event_id, **vars(new)))
    return event_id


async def update_event(db: Connection, event: MatchEvent, fields: Iterable[str]) -> bool:
    """Write these fields of an event; False when it is gone."""
    result = await db.execute(
        update(match_events)
        .where(match_events.c.id == event.id)
        .values({name: getattr(event, name) for name in fields})
    )
    return bool(result.rowcount)


async def delete_event(db: Connection, event_id: str) -> bool:
    return bool((await db.execute(delete(match_events).where(match_events.c.id == event_id))).rowcount)


def _event(row: Row[Any]) -> MatchEvent:
    return MatchEvent(
        id=row.id,
        match_id=row.match_id,
        player_id=row.player_id,
        event_type=EventType(row.event_type),
        minute=row.minute,
        video_timestamp=row.video_timestamp,
        coordinates=row.coordinates,
    )
