"""Tracking profiles: how cameras saw the pitch, kept for the runs of a match."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from touchline.features.analysis import profile_queries
from touchline.features.analysis.errors import ProfileNotFoundError
from touchline.features.analysis.queries import RunRow
from touchline.features.analysis.scope import resolve_match_scope
from touchline.features.identity.principal import Principal
from touchline.foundation.clock import Clock
from touchline.foundation.db import Connection
from touchline.foundation.ids import is_id, new_id

_UNASSIGNED_FOR = timedelta(hours=24)


@dataclass(frozen=True)
class Profile:
    """A profile's row with its cameras in order."""

    row: RunRow
    cameras: Sequence[RunRow]


@dataclass(frozen=True)
class ProfileService:
    """Keeps and finds tracking profiles."""

    clock: Clock

    async def create(
        self,
        db: Connection,
        by: Principal,
        *,
        name: str,
        match_id: str | None,
        engine_settings: Mapping[str, Any],
        is_active: bool,
        cameras: Sequence[Mapping[str, Any]],
    ) -> Profile:
        """Keep a profile; a camera's place in the request is its order (rule 10.1).

        Raises:
            MatchNotFoundError: the match is not in the caller's scope.
        """
        if match_id is not None:
            match_id = (await resolve_match_scope(db, by, match_id)).match_id
        now, profile_id = self.clock.now(), new_id()
        await profile_queries.insert_profile(
            db,
            {
                "id": profile_id,
                "match_id": match_id,
                "name": name,
                "engine_settings": dict(engine_settings),
                "is_active": is_active,
                "created_by": by.user_id,
                "created_at": now,
            },
            [
                {**camera, "id": new_id(), "profile_id": profile_id, "order_index": index, "created_at": now}
                for index, camera in enumerate(cameras)
            ],
        )
        return await self.get(db, by, profile_id)

    async def get(self, db: Connection, by: Principal, profile_id: str) -> Profile:
        """One profile in the caller's scope.

        Raises:
            ProfileNotFoundError: absent or out of scope.
        """
        row = await profile_queries.profile_in_scope(db, by, profile_id) if is_id(profile_id) else None
        if row is None:
            raise ProfileNotFoundError
        return Profile(row, (await profile_queries.cameras_of(db, [profile_id]))[profile_id])

    async def of_match(
        self, db: Connection, by: Principal, match_id: str, *, limit: int, offset: int
    ) -> tuple[list[Profile], int]:
        """A match's profiles, newest first, and how many there are.

        Raises:
            MatchNotFoundError: the match is not in the caller's scope.
        """
        await resolve_match_scope(db, by, match_id)
        rows, count = await profile_queries.profiles_of_match(db, match_id, limit=limit, offset=offset)
        cameras = await profile_queries.cameras_of(db, [row["id"] for row in rows])
        return [Profile(row, cameras[row["id"]]) for row in rows], count


async def chosen_for_run(db: Connection, *, match_id: str, user_id: str, now: datetime) -> dict[str, Any] | None:
    """The profile that a new run uses (rule 10.2), as `options.with_profile` takes it; None when there is none."""
    row = await profile_queries.profile_for_run(
        db, match_id=match_id, user_id=user_id, unassigned_since=now - _UNASSIGNED_FOR
    )
    if row is None:
        return None
    cameras = (await profile_queries.cameras_of(db, [row["id"]]))[row["id"]]
    return {
        "id": row["id"],
        "engine_settings": row["engine_settings"],
        "cameras": [
            {
                "label": camera["label"],
                "video_source": camera["video_source"],
                "sync_offset_ms": camera["sync_offset_ms"],
                "calibration": camera["calibration_json"],
                "roi": camera["roi_json"],
                "picture_width": camera["picture_width"],
                "picture_height": camera["picture_height"],
            }
            for camera in cameras
        ],
    }
