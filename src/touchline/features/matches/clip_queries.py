"""Every statement about clips."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from touchline.features.identity import Principal
from touchline.features.matches.clip import Clip, NewClip
from touchline.features.matches.queries import match_is_accessible
from touchline.features.matches.tables import analysis_reports, match_events, matches, video_segments
from touchline.foundation.db import Connection
from touchline.foundation.db.paging import fetch_page
from touchline.foundation.ids import new_id

_CLIP = select(video_segments).join(matches, matches.c.id == video_segments.c.match_id)


async def accessible_clips(
    db: Connection, by: Principal, *, match_id: str | None, limit: int, offset: int
) -> tuple[list[Clip], int]:
    """Clips of one match or all matches of a person's teams, by match and start; and how many there are."""
    statement = _CLIP.where(match_is_accessible(by)).order_by(
        matches.c.date_time, video_segments.c.match_id, video_segments.c.start_time_sec, video_segments.c.id
    )
    if match_id is not None:
        statement = statement.where(video_segments.c.match_id == match_id)
    rows, total = await fetch_page(db, statement, limit=limit, offset=offset)
    return [_clip(row) for row in rows], total


async def accessible_clip(db: Connection, by: Principal, clip_id: str) -> Clip | None:
    row = (await db.execute(_CLIP.where(video_segments.c.id == clip_id, match_is_accessible(by)))).one_or_none()
    return None if row is None else _clip(row)


async def event_of_match(db: Connection, match_id: str, event_id: str) -> str | None:
    """The id of an event of this match, None when there is none."""
    return await db.scalar(
        select(match_events.c.id).where(match_events.c.id == event_id, match_events.c.match_id == match_id)
    )


async def report_of_match(db: Connection, match_id: str, report_id: str) -> str | None:
    """The id of a stored report of this match, None when there is none."""
    return await db.scalar(
        select(analysis_reports.c.id).where(analysis_reports.c.id == report_id, analysis_reports.c.match_id == match_id)
    )


async def insert_clip(db: Connection, new: NewClip) -> str:
    """Store a clip; returns its id."""
    clip_id = new_id()
    await db.execute(insert(video_segments).values(id=clip_id, **vars(new)))
    return clip_id


async def update_clip(db: Connection, clip: Clip, fields: Iterable[str]) -> bool:
    """Write these fields of a clip; False when it is gone."""
    result = await db.execute(
        update(video_segments)
        .where(video_segments.c.id == clip.id)
        .values({name: getattr(clip, name) for name in fields})
    )
    return bool(result.rowcount)


async def delete_clip(db: Connection, clip_id: str) -> bool:
    return bool((await db.execute(delete(video_segments).where(video_segments.c.id == clip_id))).rowcount)


def _clip(row: Row[Any]) -> Clip:
    return Clip(
        id=row.id,
        match_id=row.match_id,
        event_id=row.event_id,
        analysis_report_id=row.analysis_report_id,
        start_time_sec=row.start_time_sec,
        end_time_sec=row.end_time_sec,
        description=row.description,
        video_url=row.video_url,
    )
