"""Tracking profiles over HTTP. The mobile client's base address ends in `/api` already, so it asks for `/api/api/…`."""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends

from touchline.features.analysis.profiles import ProfileService
from touchline.features.analysis.schemas import ProfileIn, ProfileRead
from touchline.features.identity.access import MayAnalyse, MayReadFootball
from touchline.foundation.http.paging import Page
from touchline.foundation.http.provide import Db, provided

profile_router = APIRouter(tags=["tracking profiles"])

Profiles = Annotated[ProfileService, Depends(provided(ProfileService))]
Handler = TypeVar("Handler", bound=Callable[..., Any])


def _both(method: str, path: str) -> Callable[[Handler], Handler]:
    """The same route under `/api` and, unlisted, under `/api/api`."""

    def register(handler: Handler) -> Handler:
        profile_router.api_route(f"/api{path}", methods=[method])(handler)
        profile_router.api_route(f"/api/api{path}", methods=[method], include_in_schema=False)(handler)
        return handler

    return register


@_both("POST", "/tracking-profiles")
async def create_tracking_profile(profile: ProfileIn, by: MayAnalyse, db: Db, profiles: Profiles) -> ProfileRead:
    """Keep how cameras saw the pitch, for the runs of a match or for the next upload."""
    kept = await profiles.create(
        db,
        by,
        name=profile.name,
        match_id=profile.match_id or None,
        engine_settings=profile.engine_settings,
        is_active=profile.is_active,
        cameras=[camera.row() for camera in profile.cameras],
    )
    return ProfileRead.of(kept)


@_both("GET", "/tracking-profiles/{profile_id}")
async def tracking_profile(profile_id: str, by: MayReadFootball, db: Db, profiles: Profiles) -> ProfileRead:
    """One tracking profile with its cameras."""
    return ProfileRead.of(await profiles.get(db, by, profile_id))


@_both("GET", "/matches/{match_id}/tracking-profiles")
async def match_tracking_profiles(
    match_id: str, by: MayReadFootball, db: Db, profiles: Profiles, page: Page
) -> list[ProfileRead]:
    """A match's tracking profiles, newest first."""
    found, total = await profiles.of_match(db, by, match_id, limit=page.limit, offset=page.offset)
    page.report(total)
    return [ProfileRead.of(profile) for profile in found]
