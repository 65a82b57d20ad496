"""The SQL of tracking profiles and their cameras; scope stands in each statement."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, insert, literal, or_, select

from touchline.features.analysis.queries import RunRow, match_is_accessible, run_is_readable
from touchline.features.analysis.tables import analysis_runs as runs
from touchline.features.analysis.tables import camera_configs as cameras
from touchline.features.analysis.tables import tracking_profiles as profiles
from touchline.features.identity import in_organisation
from touchline.features.identity.principal import Principal
from touchline.features.matches.tables import matches
from touchline.foundation.db import Connection
from touchline.foundation.db.paging import fetch_page


async def insert_profile(db: Connection, values: Mapping[str, Any], camera_rows: Sequence[Mapping[str, Any]]) -> None:
    """Write a profile and its cameras."""
    await db.execute(insert(profiles).values(**values))
    if camera_rows:
        await db.execute(insert(cameras), [dict(row) for row in camera_rows])


async def profile_in_scope(db: Connection, by: Principal, profile_id: str) -> RunRow | None:
    """A profile by its match's scope, else by its creator's organisation."""
    of_match = exists(select(literal(1)).where(matches.c.id == profiles.c.match_id, match_is_accessible(by)))
    of_adhoc = exists(
        select(literal(1)).where(runs.c.match_id == profiles.c.match_id, runs.c.is_adhoc.is_(True), run_is_readable(by))
    )
    found = await db.execute(
        select(profiles).where(
            profiles.c.id == profile_id,
            or_(
                and_(profiles.c.match_id.is_not(None), or_(of_match, of_adhoc)),
                and_(profiles.c.match_id.is_(None), in_organisation(profiles.c.created_by, by)),
            ),
        )
    )
    return found.mappings().first()


async def profiles_of_match(db: Connection, match_id: str, *, limit: int, offset: int) -> tuple[list[RunRow], int]:
    """A match's profiles, newest first, and how many there are."""
    rows, total = await fetch_page(
        db,
        select(profiles)
        .where(profiles.c.match_id == match_id)
        .order_by(profiles.c.created_at.desc(), profiles.c.id.desc()),
        limit=limit,
        offset=offset,
    )
    return [row._mapping for row in rows], total  # noqa: SLF001 — the documented way to a row's names


async def cameras_of(db: Connection, profile_ids: Sequence[str]) -> dict[str, list[RunRow]]:
    """Cameras by profile, each profile's in its order."""
    grouped: dict[str, list[RunRow]] = {profile_id: [] for profile_id in profile_ids}
    if profile_ids:
        found = await db.execute(
            select(cameras)
            .where(cameras.c.profile_id.in_(profile_ids))
            .order_by(cameras.c.profile_id, cameras.c.order_index)
        )
        for row in found.mappings():
            grouped[row["profile_id"]].append(row)
    return grouped


async def profile_for_run(db: Connection, *, match_id: str, user_id: str, unassigned_since: datetime) -> RunRow | None:
    """The profile that a run uses (rule 10.2).

    The newest active one of its match, else the uploader's newest active one without a match made since then.
    """
    found = await db.execute(
        select(profiles)
        .where(
            profiles.c.is_active.is_(True),
            or_(
                profiles.c.match_id == match_id,
                and_(
                    profiles.c.match_id.is_(None),
                    profiles.c.created_by == user_id,
                    profiles.c.created_at >= unassigned_since,
                ),
            ),
        )
        .order_by(profiles.c.match_id.is_(None), profiles.c.created_at.desc(), profiles.c.id.desc())
        .limit(1)
    )
    return found.mappings().first()
