"""The one place that chooses adapters: settings in, a wired house out."""

import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

from touchline.adapters.engine_child import EngineChild
from touchline.adapters.engine_grpc import GrpcEngine
from touchline.adapters.flow_wording import ModelRewording
from touchline.adapters.google_accounts import HttpGoogle
from touchline.adapters.llm_http import model_from
from touchline.adapters.mail import mailer_from
from touchline.adapters.pictures_pillow import PillowCleaner
from touchline.adapters.queue_docket import DocketQueue
from touchline.adapters.rate_limits import limiter_from
from touchline.adapters.video_av import AvVideoTools
from touchline.features import alerts, assistant, club, identity, matches, planning
from touchline.features.alerts.reactions import AlertReactions, forget_run
from touchline.features.alerts.reactions import forget_match as alerts_forget_match
from touchline.features.alerts.rewording import HELD_BACK
from touchline.features.analysis.files import RunFiles
from touchline.features.analysis.history import RunHistory
from touchline.features.analysis.jobs import RunJob
from touchline.features.analysis.links import MediaLinks, media_key
from touchline.features.analysis.overview import RunOverview
from touchline.features.analysis.ports import TrackingEngine
from touchline.features.analysis.profiles import ProfileService
from touchline.features.analysis.reactions import outlive_match
from touchline.features.analysis.schemas import written_run
from touchline.features.analysis.service import RunService
from touchline.features.analysis.starting import RunPolicy
from touchline.features.analysis.stream import SegmentStreams
from touchline.features.analysis.upkeep import Upkeep, periodic_jobs
from touchline.features.analysis.upload import UploadLimits
from touchline.features.identity.ports import MediaLinkChecker
from touchline.features.performance.reactions import keep_teams_with_statistics
from touchline.features.planning.reactions import forget_match as planning_forget_match
from touchline.features.planning.reactions import forget_run as planning_forget_run
from touchline.foundation.announce import Announcer
from touchline.foundation.clock import Clock, SystemClock
from touchline.foundation.db import Database
from touchline.foundation.events import EventBus, InProcessBus
from touchline.foundation.gallery import Gallery
from touchline.foundation.jobs import JobQueue, Periodic, periodic
from touchline.foundation.settings import Settings
from touchline.foundation.storage import DiskStore, MediaStore

T = TypeVar("T")


class NotScalableError(Exception):
    """A part of the scale-out set-up was started without what it shares with the others; `str(error)` says what."""


@dataclass(frozen=True)
class House:
    """Everything that is wired, and `services` for the handlers of both applications."""

    settings: Settings
    database: Database
    bus: EventBus
    queue: JobQueue
    store: MediaStore
    engine: TrackingEngine
    identity: identity.IdentityService
    upkeep: Upkeep
    run_job: RunJob
    periodic: list[Periodic]
    services: dict[Any, object]


def wire(settings: Settings, *, is_loopback: bool = True) -> House:
    """Wire a house; nothing is opened or started yet.

    Args:
        settings: read once; values go down from here.
        is_loopback: whether every door is bound to loopback, which some development settings ask for.

    Raises:
        NotScalableError: a setting asks for what this version cannot share.
    """
    if settings.media_store_url:
        raise NotScalableError(
            "MEDIA_STORE_URL is set, but this version keeps files on a disk only: unset it, and let all processes share"
            " ANALYSIS_OUTPUT_ROOT."
        )
    return _wired(
        settings,
        SystemClock(),
        Database(settings.db_url),
        _bus(settings),
        _queue(settings),
        _engine(settings),
        worker_id=f"{socket.gethostname()[:40]}-{os.getpid()}",
        is_loopback=is_loopback,
    )


@asynccontextmanager
async def opened(house: House, *, engine: bool = True) -> AsyncIterator[House]:
    """Open a wired house and take it apart again.

    Args:
        house: from `wire`.
        engine: start the engine child where no engine is named; without it runs are not carried out here.
    """
    async with AsyncExitStack() as closing:
        closing.push_async_callback(house.database.close)
        closing.push_async_callback(house.bus.close)
        closing.push_async_callback(house.queue.close)
        closing.push_async_callback(house.engine.close)
        if engine and isinstance(house.engine, EngineChild):
            await house.engine.start()
        yield house


def require_scale_out(settings: Settings, what: str) -> None:
    """Refuse a part of the scale-out set-up that would be alone with its database or its queue.

    Raises:
        NotScalableError: SQLite, or no REDIS_URL.
    """
    if settings.is_embedded_db:
        raise NotScalableError(
            f"{what} shares its database with other processes, and SQLite serves only one: set DATABASE_URL to"
            " PostgreSQL, MySQL or MariaDB, or use `touchline up`."
        )
    if settings.redis_url is None:
        raise NotScalableError(f"{what} needs REDIS_URL for queue and events, or use `touchline up`.")


def _bus(settings: Settings) -> EventBus:
    if settings.redis_url is None:
        return InProcessBus()
    # Late: an optional dependency of the scale-out set-up only.
    from touchline.adapters.bus_redis import RedisBus

    return RedisBus(settings.redis_url.get_secret_value(), prefix=settings.redis_prefix)


def _queue(settings: Settings) -> JobQueue:
    url = settings.redis_url.get_secret_value() if settings.redis_url else f"memory://touchline-{os.getpid()}"
    return DocketQueue(url, lease_s=settings.run_lease_seconds, name=settings.redis_prefix)


def _engine(settings: Settings) -> TrackingEngine:
    if settings.engine_address is not None:
        return GrpcEngine(
            settings.engine_address, idle_s=settings.engine_idle_seconds, tls_ca=settings.tracking_engine_tls_ca
        )
    command = [sys.executable, "-m", "touchline", "engine", "--data", str(settings.output_root)]
    command += ["--log-level", settings.log_level]
    command += ["--threads", str(settings.engine_threads), "--max-runs", str(settings.max_concurrent_runs)]
    return EngineChild(command, idle_s=settings.engine_idle_seconds)


def _wired(
    settings: Settings,
    clock: Clock,
    database: Database,
    bus: EventBus,
    queue: JobQueue,
    engine: TrackingEngine,
    *,
    worker_id: str,
    is_loopback: bool,
) -> House:
    store = DiskStore(settings.output_root)
    announcer = Announcer(database=database, bus=bus, clock=clock)
    video = AvVideoTools()
    gallery = Gallery(media=store, cleaner=PillowCleaner(), clock=clock, max_bytes=settings.max_image_bytes)
    accounts = identity.services(
        settings,
        clock=clock,
        database=database,
        mailer=mailer_from(settings, is_loopback=is_loopback),
        limiter=limiter_from(settings, is_loopback=is_loopback),
        is_loopback=is_loopback,
        google=HttpGoogle(keys_url=settings.google_keys_url, token_info_url=settings.google_token_info_url),
        gallery=gallery,
    )
    configured_key = settings.media_token_key.get_secret_value() if settings.media_token_key else None
    links = MediaLinks(media_key(settings.data_dir, configured_key), ttl_s=settings.media_token_ttl_seconds)
    overview = RunOverview(clock=clock, links=links)
    runs = RunService(
        announcer=announcer,
        media=store,
        jobs=queue,
        clock=clock,
        engine=engine,
        video=video,
        policy=_run_policy(settings),
        reactions=(forget_run, planning_forget_run),
    )
    upkeep = Upkeep(announcer=announcer, queue=queue, store=store, lease=timedelta(seconds=settings.run_lease_seconds))
    model = model_from(settings)
    run_job = RunJob(
        announcer=announcer,
        store=store,
        engine=engine,
        video=video,
        reactions=AlertReactions(hold_flow=None if model is None else HELD_BACK),
        worker_id=worker_id,
    )
    services: dict[Any, object] = {
        Settings: settings,
        Clock: clock,
        Database: database,
        **accounts,
        **club.services(clock=clock, database=database, gallery=gallery),
        Gallery: gallery,
        **planning.services(settings, clock=clock),
        **assistant.services(database=database, clock=clock, model=model),
        **matches.services(
            settings,
            clock=clock,
            reactions=(outlive_match, planning_forget_match, alerts_forget_match),
            questions=(keep_teams_with_statistics,),
        ),
        MediaLinkChecker: links,
        RunService: runs,
        RunOverview: overview,
        RunHistory: RunHistory(overview=overview, clock=clock, write=written_run),
        RunFiles: RunFiles(database=database, media=store),
        ProfileService: ProfileService(clock),
        SegmentStreams: SegmentStreams(database=database, bus=bus, backlog=settings.sse_max_backlog),
        **alerts.services(
            settings, clock=clock, database=database, bus=bus, authenticator=_of(accounts, identity.Authenticator)
        ),
    }
    return House(
        settings=settings,
        database=database,
        bus=bus,
        queue=queue,
        store=store,
        engine=engine,
        identity=_of(accounts, identity.IdentityService),
        upkeep=upkeep,
        run_job=run_job,
        periodic=[
            *periodic_jobs(upkeep, mark_stale=runs.mark_stale, sweep_uploads=runs.sweep_uploads),
            *alerts.periodic_jobs(announcer, rewording=None if model is None else ModelRewording(model)),
            periodic(
                timedelta(hours=1),
                "sweep_pictures",
                partial(gallery.sweep, database, (identity.logos_in_use, club.pictures_in_use)),
            ),
        ],
        services=services,
    )


def _of(services: dict[type, object], kind: type[T]) -> T:
    found = services[kind]
    assert isinstance(found, kind)
    return found


def _run_policy(settings: Settings) -> RunPolicy:
    return RunPolicy(
        limits=UploadLimits(
            max_bytes=settings.max_upload_bytes,
            min_free_bytes=settings.min_free_disk_bytes,
            quota_bytes=settings.upload_quota_bytes,
        ),
        max_image_bytes=settings.max_image_bytes,
        club_language=settings.club_language,
        stale_after=timedelta(seconds=settings.stale_run_seconds),
        retention=timedelta(days=settings.upload_retention_days),
    )
