"""The job behind a run: followed to its end once, whoever dies, wakes up, cancels or says nonsense on the way."""

import asyncio
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from fakes import RecordingQueue
from run_world import FILES, PretendVideo, World, a_segment, an_alert, script
from touchline.features.alerts.reactions import AlertReactions
from touchline.features.analysis.ports import EngineUnavailableError
from touchline.features.analysis.rooms_above import NoReactions
from touchline.features.analysis.upkeep import Upkeep, periodic_jobs
from touchline.football.updates import AnalysisResult, Failed, Finished, Progress, TrackingVideoReady
from touchline.foundation.announce import Announcer
from touchline.foundation.db import Database
from touchline.foundation.events import InProcessBus
from touchline.foundation.jobs import QueueUnavailableError

pytestmark = pytest.mark.anyio

LONG_ENOUGH_S = 10


@pytest.fixture
async def world(database: Database, tmp_path: Path) -> World:
    return await World(database, tmp_path / "data").populate()


def _folder(world: World, run_id: str) -> Path:
    return next((world.root / "outputs").glob(f"analysis_{run_id}_*"), world.root / "outputs" / "none")


def _files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


# --- a run that goes well


async def test_a_run_ends_with_its_files_named_and_its_streams_closed(world):
    run_id = await world.a_run()
    seen = []

    def tracked(request):
        world.write(f"{request.output_dir}/tracking_output.mp4", b"tracked")
        return TrackingVideoReady(f"{request.output_dir}/tracking_output.mp4", 140)

    async def says(request):
        yield Progress(0.2, "Reading")
        yield a_segment(0)
        yield tracked(request)
        seen.append(await world.run(run_id))
        yield an_alert()
        (world.root / request.output_dir / "positions").mkdir()
        world.write(f"{request.output_dir}/positions/header.json")
        world.write(f"{request.output_dir}/heatmaps/heatmap.png")
        end = world.result(request, positions_path=f"{request.output_dir}/positions", fps=25.0, processing_time_s=3.5)
        yield end

    job = world.job(says)
    await job(run_id)

    folder = f"outputs/analysis_{run_id}_20261124_090000"
    assert job.engine.requests[0].output_dir == f"{folder}/.attempt-1"
    # While the run was going, the tracked video could be watched under its final name.
    assert seen[0]["tracking_video_path"] == f"{folder}/tracking_output.mp4"
    assert seen[0]["outputs"] == {"tracking_video_path": f"{folder}/tracking_output.mp4", "total_frames": 140}
    row = await world.run(run_id)
    assert (row["status"], row["progress"], row["message"]) == ("COMPLETED", 1, "Analysis complete.")
    assert row["completed_at"] == world.clock.now()
    assert row["outputs"] == {
        "tracking_video_path": f"{folder}/tracking_output.mp4",
        "tracking_video_preview_path": f"{folder}/previews/tracking_output_preview.mp4",
        "possession_analysis_path": f"{folder}/analytics/possession_analysis_results.json",
        "tactical_advisory_path": f"{folder}/analytics/tactical_advisory.json",
        "positions_path": f"{folder}/positions",
        "heatmap_image_path": f"{folder}/heatmaps/heatmap.png",
        "total_frames": 140,
        "players_tracked": 22,
        "fps": 25.0,
        "processing_time_seconds": 3.5,
        "segments_count": 1,
    }
    assert _files(world.root / folder) == [
        "analytics/possession_analysis_results.json",
        "analytics/tactical_advisory.json",
        "heatmaps/heatmap.png",
        "positions/header.json",
        "previews/tracking_output_preview.mp4",
        "tracking_output.mp4",
    ]
    assert [fact["key"] for fact in await world.facts("done")] == [f"done:{run_id}"]
    assert not job.engine.stopped.is_set()  # a finished engine is heard out, not cancelled


async def test_only_files_that_exist_are_listed(world):
    run_id = await world.a_run()
    await world.job(
        script(
            lambda request: world.result(
                request,
                heatmap_video_path=f"{request.output_dir}/heatmaps/heatmap_analysis.mp4",
                backline_video_path="../../secrets.mp4",
                animation_video_path="outputs/analysis_of_another_run/tracking_animation.mp4",
            )
        )
    )(run_id)
    outputs = (await world.run(run_id))["outputs"]
    assert not {"heatmap_video_path", "backline_video_path", "animation_video_path"} & set(outputs)


async def test_an_engine_that_chooses_its_own_folder_is_served_too(world):
    run_id = await world.a_run()
    own = f"outputs/analysis_{run_id}_20250101_000000"
    world.write(f"{own}/tracking_output.mp4", b"tracked")
    await world.job(script(Finished(AnalysisResult(run_id, tracking_video_path=f"{own}/tracking_output.mp4"))))(run_id)
    path = (await world.run(run_id))["outputs"]["tracking_video_path"]
    assert path == f"outputs/analysis_{run_id}_20261124_090000/tracking_output.mp4"
    assert (world.root / path).read_bytes() == b"tracked"


async def test_notes_about_the_input_follow_the_last_message(world):
    run_id = await world.a_run(options={"notes": ["The second camera's video is stored but not analysed yet."]})
    await world.job(script(lambda r: Finished(world.result(r).result, "Done.")))(run_id)
    assert (await world.run(run_id))["message"] == "Done. The second camera's video is stored but not analysed yet."


@pytest.mark.parametrize(
    ("header", "said_before", "is_known"),
    [
        (b'{"why_a": "home colour"}', False, True),
        (b'{"why_a": "home colour"}', True, False),
        (b'{"why_a": "larger group"}', False, False),
        (b"not JSON", False, False),
    ],
)
async def test_the_clubs_are_named_when_the_engine_knew_the_home_colour(world, header, said_before, is_known):
    home, away = await world.clubs()
    named = {"team_a_id": away, "team_b_id": home} if said_before else {}
    run_id = await world.a_run(options={"home_team_id": home, "away_team_id": away}, **named)

    def end(request):
        world.write(f"{request.output_dir}/positions/header.json", header)
        return world.result(request, positions_path=f"{request.output_dir}/positions")

    await world.job(script(end))(run_id)
    row = await world.run(run_id)
    expected = (home, away) if is_known else (away, home) if said_before else (None, None)
    assert (row["status"], row["team_a_id"], row["team_b_id"]) == ("COMPLETED", *expected)


async def test_a_club_that_is_gone_stays_open(world):
    home, _ = await world.clubs()
    gone = "019ac000-0000-7000-8000-000000000000"
    run_id = await world.a_run(options={"home_team_id": home, "away_team_id": gone})

    def end(request):
        world.write(f"{request.output_dir}/positions/header.json", b'{"why_a": "home colour"}')
        return world.result(request, positions_path=f"{request.output_dir}/positions")

    await world.job(script(end))(run_id)
    row = await world.run(run_id)
    assert (row["status"], row["team_a_id"], row["team_b_id"]) == ("COMPLETED", home, None)


@pytest.mark.parametrize("broken", [("preview",), ("faststart",), ("preview", "faststart")])
async def test_a_video_that_cannot_be_prepared_stays_as_it_is_and_the_run_completes(world, broken):
    run_id = await world.a_run()
    await world.job(script(world.result), video=PretendVideo(*broken))(run_id)
    row = await world.run(run_id)
    assert row["status"] == "COMPLETED"
    assert ("tracking_video_preview_path" in row["outputs"]) == ("preview" not in broken)
    assert (world.root / row["outputs"]["tracking_video_path"]).read_bytes() == b"tracking_output.mp4"


async def test_the_end_of_a_run_survives_a_database_that_hiccups(world, monkeypatch):
    monkeypatch.setattr("touchline.features.analysis.recorder.RETRY_AFTER_S", (0, 0))
    failures = [OperationalError("update", {}, Exception("server has gone away"))] * 2

    class Hiccups(NoReactions):
        async def run_ended(self, db, run, *, now):
            if failures:
                raise failures.pop()

    run_id = await world.a_run()

    def end(request):
        world.write(f"{request.output_dir}/positions/header.json")
        return world.result(request, positions_path=f"{request.output_dir}/positions")

    await replace(world.job(script(end)), reactions=Hiccups())(run_id)
    row = await world.run(run_id)
    assert row["status"] == "COMPLETED"
    assert {"tracking_video_path", "tracking_video_preview_path", "positions_path"} <= set(row["outputs"])
    assert len(await world.facts("done")) == 1


async def test_packets_after_the_last_word_change_nothing(world):
    run_id = await world.a_run()
    await world.job(script(world.result, a_segment(7), Failed("Too late.")))(run_id)
    assert (await world.run(run_id))["status"] == "COMPLETED"
    assert await world.segments(run_id) == []


# --- runs that go badly


async def test_a_failed_run_says_why_keeps_the_upload_and_leaves_no_working_files(world):
    run_id = await world.a_run()

    def half(request):
        world.write(f"{request.output_dir}/tracking_output.mp4.part")
        return Failed("The file holds no video that can be read.")

    await world.job(script(Progress(0.3, "Reading"), half))(run_id)
    row = await world.run(run_id)
    assert (row["status"], row["message"]) == ("FAILED", "The file holds no video that can be read.")
    assert not _folder(world, run_id).exists()
    assert (world.root / row["input_video_path"]).exists()
    (done,) = await world.facts("done")
    assert done["payload"] == f'{{"type":"done","status":"FAILED","analysis_id":"{run_id}","reason":"error"}}'


async def test_a_stream_without_a_last_word_fails_the_run(world):
    run_id = await world.a_run()
    await world.job(script(a_segment(0)))(run_id)
    row = await world.run(run_id)
    assert row["status"] == "FAILED"
    assert "before the analysis was complete" in row["message"]
    assert len(await world.segments(run_id)) == 1


async def test_an_engine_that_is_away_fails_the_run_with_a_short_text(world):
    run_id = await world.a_run()

    def away(request):
        raise EngineUnavailableError("Tracking engine unavailable")

    await world.job(script(away))(run_id)
    row = await world.run(run_id)
    assert (row["status"], row["message"]) == ("FAILED", "Tracking engine unavailable")


async def test_a_bug_in_the_stream_fails_the_run_without_telling_its_insides(world):
    run_id = await world.a_run()

    def bug(request):
        raise KeyError("/srv/secret/path")

    await world.job(script(bug))(run_id)
    row = await world.run(run_id)
    assert row["status"] == "FAILED"
    assert "secret" not in row["message"]


async def test_a_missing_upload_fails_the_run_with_a_sentence(world):
    run_id = await world.a_run(with_upload=False)
    job = world.job(script(world.result))
    await job(run_id)
    row = await world.run(run_id)
    assert (row["status"], row["message"]) == (
        "FAILED",
        "The uploaded video is no longer available. Upload it again.",
    )
    assert job.engine.requests == []


async def test_a_delivery_for_a_run_that_ended_or_is_gone_does_nothing(world):
    run_id = await world.a_run(status="COMPLETED")
    job = world.job(script(world.result))
    await job(run_id)
    await job("019ac000-0000-7000-8000-000000000000")
    assert job.engine.requests == []


# --- two attempts


async def test_an_attempt_that_wakes_after_another_finished_stops_and_writes_nothing(world):
    run_id = await world.a_run()
    reached, wake = asyncio.Event(), asyncio.Event()

    async def deaf(request):
        yield a_segment(0)
        yield a_segment(1)
        world.write(f"{request.output_dir}/tracking_output.mp4", b"from the first")
        reached.set()
        await wake.wait()
        yield a_segment(2)
        yield world.result(request)

    first = asyncio.create_task(world.job(deaf, check_every_s=3600, announcer=world.deaf_announcer)(run_id))
    await reached.wait()
    second = world.job(script(a_segment(0, severity_score=0.7), world.result), worker_id="w2")
    await second(run_id)
    finished, files = await world.run(run_id), _files(_folder(world, run_id))
    wake.set()
    async with asyncio.timeout(LONG_ENOUGH_S):
        await first
    assert await world.run(run_id) == finished
    assert finished["worker_id"] == "w2"
    assert [(row["segment_index"], row["attempt"]) for row in await world.segments(run_id)] == [(0, 2)]
    assert _files(_folder(world, run_id)) == files
    assert len(await world.facts("done")) == 1


async def test_a_worker_that_was_killed_leaves_a_run_that_the_next_one_ends_once(world):
    run_id = await world.a_run()
    reached = asyncio.Event()

    async def killed(request):
        yield a_segment(0)
        yield an_alert("a1")
        world.write(f"{request.output_dir}/tracking_output.mp4", b"half")
        yield TrackingVideoReady(f"{request.output_dir}/tracking_output.mp4", 9)
        world.write(f"{request.output_dir}/analytics/half.json.part")
        reached.set()
        await asyncio.Event().wait()

    first = asyncio.create_task(world.job(killed)(run_id))
    await reached.wait()
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert (await world.run(run_id))["status"] == "PROCESSING" or (await world.run(run_id))["status"] == "QUEUED"
    ids = [row["id"] for row in await world.segments(run_id)]

    await world.job(script(a_segment(0), an_alert("a1"), a_segment(1), world.result), worker_id="w2")(run_id)
    row = await world.run(run_id)
    assert (row["status"], row["attempt"]) == ("COMPLETED", 2)
    rows = await world.segments(run_id)
    assert [row["segment_index"] for row in rows] == [0, 1]
    assert rows[0]["id"] == ids[0]  # listeners know it by this id
    assert len(await world.facts("segment")) == 2
    assert not [name for name in _files(_folder(world, run_id)) if ".attempt" in name or name.endswith(".part")]
    assert (world.root / row["outputs"]["tracking_video_path"]).read_bytes() == b"tracking_output.mp4"


class Killed(BaseException):
    """The process is gone: nothing catches this, and what was not committed is lost."""


class DyingReactions(AlertReactions):
    def __init__(self, step: str) -> None:
        self.step = step

    async def run_claimed(self, db, run):
        self._die_at("while claiming")

    async def segment_stored(self, db, run, segment, *, is_first, is_new):
        self._die_at("while storing a window")
        return await super().segment_stored(db, run, segment, is_first=is_first, is_new=is_new)

    async def run_ended(self, db, run, *, now):
        self._die_at("after naming the files")

    def _die_at(self, step: str) -> None:
        if step == self.step:
            raise Killed(step)


class DyingBus(InProcessBus):
    def __init__(self, step: str) -> None:
        super().__init__()
        self.step = step

    async def publish(self, events):
        if self.step == f"before telling of a {next(iter(events)).kind}":
            raise Killed(self.step)


@pytest.mark.parametrize(
    ("step", "attempts"),
    [
        ("while claiming", 1),
        ("while storing a window", 2),
        ("before telling of a segment", 2),
        ("before telling of a alert", 2),
        ("after naming the files", 2),
        ("before telling of a done", 1),
    ],
)
async def test_a_kill_between_any_two_steps_loses_and_doubles_nothing(world, step, attempts):
    run_id = await world.a_run()
    said = (a_segment(0), an_alert("a1"), a_segment(1), world.result)
    dying = world.job(script(*said), announcer=Announcer(world.database, DyingBus(step), world.clock))
    with pytest.raises(Killed):
        await replace(dying, reactions=DyingReactions(step))(run_id)

    async with world.bus.subscribe(f"run:{run_id}") as facts:
        world.clock.pass_time(seconds=3)
        await world.announcer.relay()
        await world.job(script(*said), worker_id="w2")(run_id)
        heard = await facts.get(0)
        while heard is not None and heard.kind != "done":
            heard = await facts.get(0)
    assert heard is not None  # the listener was told of the end, by whichever process
    row = await world.run(run_id)
    assert (row["status"], row["attempt"], row["outputs"]["segments_count"]) == ("COMPLETED", attempts, 2)
    assert [segment["segment_index"] for segment in await world.segments(run_id)] == [0, 1]
    for name in FILES.values():
        assert (_folder(world, run_id) / name).read_bytes() == name.encode()
    assert not [name for name in _files(_folder(world, run_id)) if ".attempt" in name]
    # One fact for each thing that happened, and each one went out.
    assert len(await world.facts("segment")) == 2
    assert len(await world.facts("done")) == 1
    assert await world.pending_facts() == 0


async def test_a_second_attempt_finds_the_same_folder(world):
    run_id = await world.a_run()
    await world.claim(run_id)
    world.clock.pass_time(hours=1)
    job = world.job(script(world.result))
    await job(run_id)
    assert job.engine.requests[0].output_dir == f"outputs/analysis_{run_id}_20261124_090000/.attempt-2"


# --- cancelled, stale, deleted


async def _cancelled_while_running(world, end, **changes):
    run_id = await world.a_run()
    reached = asyncio.Event()

    async def silent(request):
        world.write(f"{request.output_dir}/tracking_output.mp4", b"tracked")
        yield TrackingVideoReady(f"{request.output_dir}/tracking_output.mp4", 9)
        world.write(f"{request.output_dir}/half.json")
        reached.set()
        await asyncio.Event().wait()

    job = world.job(silent, **changes)
    working = asyncio.create_task(job(run_id))
    await reached.wait()
    await end(run_id)
    async with asyncio.timeout(LONG_ENOUGH_S):
        await working
    assert job.engine.stopped.is_set()
    return run_id


async def test_cancelling_stops_the_engine_deletes_outputs_and_keeps_the_upload(world):
    run_id = await _cancelled_while_running(world, world.cancel)
    row = await world.run(run_id)
    assert (row["status"], row["message"], row["progress"]) == ("FAILED", "Cancelled by the user.", 0)
    assert not _folder(world, run_id).exists()
    assert (world.root / row["input_video_path"]).exists()
    assert len(await world.facts("done")) == 1


async def test_cancelling_reaches_a_worker_whose_bus_is_away(world):
    run_id = await _cancelled_while_running(world, world.cancel, announcer=world.deaf_announcer)
    assert not _folder(world, run_id).exists()


async def test_a_run_that_was_ended_as_stale_stops_and_keeps_what_was_complete(world):
    run_id = await _cancelled_while_running(world, world.end_as_stale)
    assert _files(_folder(world, run_id)) == ["tracking_output.mp4"]


async def test_deleting_a_run_while_it_works_leaves_nothing(world):
    run_id = await _cancelled_while_running(world, world.delete)
    assert not _folder(world, run_id).exists()


async def test_a_worker_that_shuts_down_stops_the_engine_and_leaves_the_run_to_others(world):
    run_id = await world.a_run()
    reached = asyncio.Event()

    async def silent(request):
        yield Progress(0.5, "Half")
        reached.set()
        await asyncio.Event().wait()

    job = world.job(silent)
    working = asyncio.create_task(job(run_id))
    await reached.wait()
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    assert job.engine.stopped.is_set()
    assert (await world.run(run_id))["status"] == "PROCESSING"


# --- upkeep


def _upkeep(world: World, queue: RecordingQueue) -> Upkeep:
    return Upkeep(world.announcer, queue, world.store, lease=timedelta(seconds=60))


async def test_runs_that_nobody_works_on_are_queued_again_and_again_is_the_same(world):
    waiting = await world.a_run()
    silent = await world.a_run()
    busy = await world.a_run()
    ended = await world.a_run(status="FAILED")
    await world.claim(silent)
    world.clock.pass_time(seconds=121)
    await world.claim(busy)
    queue = RecordingQueue()
    for _ in range(2):
        assert await _upkeep(world, queue).requeue() == 2
    assert queue.added == [("analysis.run", waiting), ("analysis.run", silent)]
    assert await _upkeep(world, queue).requeue(everything=True) == 3
    assert ("analysis.run", busy) in queue.added
    assert ("analysis.run", ended) not in queue.added


async def test_a_queue_that_is_away_is_asked_again_next_time(world):
    await world.a_run()
    queue = RecordingQueue()
    queue.refuses = QueueUnavailableError()
    assert await _upkeep(world, queue).requeue() == 0
    queue.refuses = None
    assert await _upkeep(world, queue).requeue() == 1


async def test_working_folders_without_an_attempt_behind_them_are_swept(world):
    active, ended = await world.a_run(), await world.a_run(status="COMPLETED")
    await world.claim(active)
    await world.claim(active)
    old = 1_000_000_000
    names = {
        f"outputs/analysis_{active}_20261124_090000/.attempt-2": False,
        f"outputs/analysis_{active}_20261124_090000/.attempt-1": True,
        f"outputs/analysis_{ended}_20261124_090000/.attempt-1": True,
        "outputs/analysis_019ac000-0000-7000-8000-000000000000_20261124_090000/.attempt-1": True,
    }
    for name in names:
        world.write(f"{name}/half.mp4")
        os.utime(world.root / name, (old, old))
    fresh = f"outputs/analysis_{ended}_20261124_090000/.attempt-9"
    world.write(f"{fresh}/half.mp4")
    assert await _upkeep(world, RecordingQueue()).sweep_leftovers() == 3
    assert {name: not (world.root / name).exists() for name in names} == names
    assert (world.root / fresh).exists()


async def test_housekeeping_that_fails_is_tried_again_next_time(world):
    ran = []

    async def broken():
        ran.append("broken")
        raise RuntimeError("database away")

    async def fine():
        ran.append("fine")

    jobs = periodic_jobs(_upkeep(world, RecordingQueue()), mark_stale=broken, sweep_uploads=fine)
    for _, job in jobs:
        await job()
    assert ran == ["broken", "fine"]
    assert min(every for every, _ in jobs) <= timedelta(seconds=2)
