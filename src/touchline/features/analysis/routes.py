"""Runs over HTTP: the analysis API's own paths and those that the classic API keeps for the same runs."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse, Response

from touchline.features.analysis.file_routes import file_router
from touchline.features.analysis.profile_routes import profile_router
from touchline.features.analysis.requests import Base, History, Overview, Runs
from touchline.features.analysis.rules import display_name
from touchline.features.analysis.schemas import (
    Cancelled,
    Detections,
    FoundThing,
    JobAccepted,
    JobStatus,
    Links,
    MatchJob,
    MatchSegments,
    MatchSegmentsDeleted,
    Message,
    NoAnalysis,
    RetryStarted,
    RunAccepted,
    RunRead,
    RunSegments,
    RunSegmentsDeleted,
    RunStatus,
    RunTeams,
    RunTeamsRead,
    StaleMarked,
)
from touchline.features.identity.access import MayAnalyse, MayReadFootball
from touchline.foundation.http.openapi import refusals
from touchline.foundation.http.paging import Page
from touchline.foundation.http.provide import Db
from touchline.foundation.http.upload import PICTURE_FORM, Body, form_of

runs_router = APIRouter(prefix="/api", tags=["runs"])
segments_router = APIRouter(prefix="/api", tags=["segments"])
match_router = APIRouter(prefix="/api", tags=["match analysis"])

_FORM = form_of(
    {
        "file": {"type": "string", "format": "binary", "description": "The match video."},
        "file2": {"type": "string", "format": "binary", "description": "A second camera's video."},
        "match_id": {"type": "string"},
        "frame_limit": {"type": "integer", "minimum": 0, "default": 0, "description": "0: all."},
        "skip_json": {"type": "boolean", "default": False},
        "confidence_threshold": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.5},
        "ball_confidence": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.3},
        "max_lost_frames": {"type": "integer", "minimum": 0, "default": 15},
        "enable_reid": {"type": "boolean", "default": False},
        "target_team": {"enum": ["Both", "Team A", "Team B"], "default": "Both"},
        "camera_count": {"enum": [1, 2], "default": 1},
        "camera_type": {"enum": ["Fixed", "TV"], "default": "TV"},
        "part": {"enum": ["whole", "first", "second"], "default": "whole"},
        "segment_seconds": {"type": "number", "minimum": 5, "maximum": 600},
        "analysis_fps": {"type": "number", "minimum": 0.5, "maximum": 60},
        "language": {"enum": ["en", "fr", "ar"]},
        "attacks": {"enum": ["A=right", "A=left"]},
        "profile": {"enum": ["fast", "balanced", "accurate"], "default": "balanced"},
    },
    required=["file"],
)

# --- runs (analysis API)


@runs_router.post("/analyze_match", openapi_extra=_FORM)
async def analyze_match(by: MayAnalyse, body: Body, runs: Runs) -> RunAccepted:
    """Store a match video and queue its analysis."""
    return RunAccepted.of(await runs.start(by, body, source="analyze_page"))


@runs_router.get("/analysis_status/{analysis_id}", response_model_exclude_unset=True)
async def analysis_status(analysis_id: str, by: MayReadFootball, db: Db, overview: Overview) -> RunStatus:
    """How a run is doing; cheap enough to be asked every second."""
    return RunStatus.of(await overview.run(db, by, analysis_id))


@runs_router.get("/analysis_history", response_model=list[RunRead], response_class=JSONResponse)
async def analysis_history(by: MayReadFootball, db: Db, history: History, page: Page, base: Base) -> Response:
    """Every run that the caller may read, newest first."""
    runs, total = await history.page(db, by, limit=page.limit, offset=page.offset, base=base.address)
    return page.whole(runs, total)


@runs_router.delete("/analysis_history/{analysis_id}")
async def delete_analysis(analysis_id: str, by: MayReadFootball, runs: Runs) -> Message:
    """Remove a run with all it left behind; an active one is cancelled first."""
    await runs.delete(by, analysis_id)
    return Message(message="The analysis was deleted.")


@runs_router.post("/analysis/{analysis_id}/cancel", responses=refusals({400: "The run has already ended."}))
async def cancel_analysis(analysis_id: str, by: MayReadFootball, runs: Runs) -> Cancelled:
    """End an active run; its video stays."""
    await runs.cancel(by, analysis_id)
    return Cancelled(analysis_id=analysis_id)


@runs_router.post(
    "/analysis/{analysis_id}/retry",
    responses=refusals({400: "The uploaded video is no longer available.", 409: "The run is still in progress."}),
)
async def retry_analysis(analysis_id: str, by: MayReadFootball, runs: Runs) -> RetryStarted:
    """Analyse the same video again with the same options, as a new run."""
    run = await runs.retry(by, analysis_id)
    return RetryStarted(
        analysis_id=run["id"],
        original_id=analysis_id,
        match_id=run["match_id"],
        video_path=run["input_video_path"],
    )


@runs_router.post("/analysis/stale-detection")
async def detect_stale_runs(by: MayAnalyse, runs: Runs) -> StaleMarked:
    """End the organisation's runs that stopped making progress."""
    marked = await runs.mark_stale(by)
    message = "No run had stopped." if marked == 0 else f"Runs ended because they had stopped: {marked}."
    return StaleMarked(message=message, marked=marked)


@runs_router.get("/analysis/{analysis_id}/links")
async def analysis_links(analysis_id: str, by: MayReadFootball, db: Db, overview: Overview, base: Base) -> Links:
    """Signed addresses of a run's files, for players and browsers that send no headers."""
    sheet = overview.sheet(by, await overview.run(db, by, analysis_id), base=base.address)
    return Links(links=sheet.links, expires_at=sheet.expires_at)


@runs_router.put("/analysis/{analysis_id}/teams", responses=refusals({400: "Not the two teams of this match."}))
async def name_analysis_teams(analysis_id: str, teams: RunTeams, by: MayAnalyse, runs: Runs) -> RunTeamsRead:
    """Confirm or swap which teams A and B of a run are."""
    run = await runs.name_teams(by, analysis_id, team_a_id=teams.team_a_id, team_b_id=teams.team_b_id)
    return RunTeamsRead(analysis_id=analysis_id, team_a_id=run["team_a_id"], team_b_id=run["team_b_id"])


@runs_router.post(
    "/detect",
    openapi_extra=PICTURE_FORM,
    responses=refusals({400: "The picture cannot be read.", 503: "The tracking engine is not available."}),
)
async def detect(by: MayAnalyse, body: Body, runs: Runs) -> Detections:
    """Persons and ball in one picture; nothing is stored."""
    picture = await runs.detect(body)
    return Detections(
        filename=display_name(picture.filename, fallback="picture"),
        detections=[
            FoundThing(box=found.box, label=found.label, confidence=found.confidence, color=found.color)
            for found in picture.found
        ],
    )


# --- segments (both APIs)


@segments_router.get("/analysis/{analysis_id}/segments")
async def analysis_segments(
    analysis_id: str, by: MayReadFootball, db: Db, overview: Overview, page: Page
) -> RunSegments:
    """A run's segments by index."""
    segments, total = await overview.segments(db, by, analysis_id, limit=page.limit, offset=page.offset)
    page.report(total)
    return RunSegments(analysis_id=analysis_id, segments=segments, count=len(segments))


@segments_router.get("/matches/{match_id}/segments")
async def match_segments(
    match_id: str,
    by: MayReadFootball,
    db: Db,
    overview: Overview,
    page: Page,
    run_id: Annotated[str | None, Query(description="Only the segments of this run.")] = None,
    every_run: Annotated[bool, Query(alias="all", description="The segments of every run.")] = False,
) -> MatchSegments:
    """A match's segments: those of the newest run of each part, by part, then index."""
    segments, total = await overview.match_segments(
        db, by, match_id, run_id=run_id, every_run=every_run, limit=page.limit, offset=page.offset
    )
    page.report(total)
    return MatchSegments(match_id=match_id, segments=segments, count=len(segments))


@segments_router.delete("/analysis/{analysis_id}/segments")
async def delete_analysis_segments(analysis_id: str, by: MayAnalyse, runs: Runs) -> RunSegmentsDeleted:
    """Remove a run's segments."""
    return RunSegmentsDeleted(analysis_id=analysis_id, deleted=await runs.delete_segments(by, analysis_id))


@segments_router.delete("/matches/{match_id}/segments")
async def delete_match_segments(match_id: str, by: MayAnalyse, runs: Runs) -> MatchSegmentsDeleted:
    """Remove the segments of those of a match's runs that the caller may change."""
    return MatchSegmentsDeleted(match_id=match_id, deleted=await runs.delete_match_segments(by, match_id))


# --- the classic API's names for the same runs


@match_router.post("/matches/{match_id}/analyze", openapi_extra=_FORM)
async def analyze_match_video(match_id: str, by: MayAnalyse, body: Body, runs: Runs) -> JobAccepted:
    """Store a video of this match, or name an earlier upload in `video_path`, and queue its analysis."""
    run = await runs.start(by, body, match_id=match_id, source="match")
    return JobAccepted(job_id=run["id"], match_id=run["match_id"], status=run["status"], message=run["message"] or "")


@match_router.get("/analysis/{job_id}/status")
async def job_status(job_id: str, by: MayReadFootball, db: Db, overview: Overview) -> JobStatus:
    """How a run is doing."""
    return JobStatus.of(await overview.run(db, by, job_id))


@match_router.get("/matches/{match_id}/analysis")
async def match_analysis(match_id: str, by: MayReadFootball, db: Db, overview: Overview) -> MatchJob | NoAnalysis:
    """A match's newest run, or the word that there is none."""
    run = await overview.latest_of_match(db, by, match_id)
    return NoAnalysis() if run is None else MatchJob.of(run)


def _joined(*routers: APIRouter) -> APIRouter:
    joined = APIRouter()
    for router in routers:
        joined.include_router(router)
    return joined


analysis_router = _joined(runs_router, segments_router, file_router, profile_router)
"""Everything of this room on the analysis API but the live streams."""

classic_router = _joined(match_router, segments_router, profile_router)
"""Everything of this room on the classic API but the live streams."""
