"""What an engine says becomes rows that every screen can show, and facts that listeners get once."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy.exc import OperationalError

from run_world import World, a_segment, an_alert
from touchline.features.alerts.reactions import AlertReactions
from touchline.features.analysis.lifecycle import LostRunError
from touchline.features.analysis.recorder import Recorder
from touchline.features.analysis.rooms_above import NoReactions
from touchline.features.analysis.segment_intake import segment_label
from touchline.football.updates import Progress
from touchline.foundation.db import Database

pytestmark = pytest.mark.anyio


@pytest.fixture
async def world(database: Database, tmp_path: Path) -> World:
    return await World(database, tmp_path / "data").populate()


@pytest.fixture
async def run(world: World):
    return await world.claim(await world.a_run())


def _recorder(world: World, run, reactions=None) -> Recorder:
    return Recorder(world.announcer, reactions or AlertReactions(), run)


# --- windows


async def test_a_window_is_told_on_run_and_match_after_its_commit(world, run):
    async with world.bus.subscribe(f"run:{run.id}", f"match:{run.match_id}") as facts:
        await world.record(run, a_segment(0))
        heard = [await facts.get(1), await facts.get(1)]
    row = (await world.segments(run.id))[0]
    assert {event.channel for event in heard} == {f"run:{run.id}", f"match:{run.match_id}"}
    assert heard[0].payload == {
        "type": "segment",
        "id": row["id"],
        "analysis_id": run.id,
        "match_id": run.match_id,
        "segment_index": 0,
        "start_sec": 0.0,
        "end_sec": 60.0,
        "video_start_sec": 0.0,
        "analysis_json": {
            "team_a": {"width": 41.5},
            "team_b": {},
            "team_a_tags": [],
            "team_b_tags": [],
            "tactical_narrative": "Window 0.",
        },
        "recommendation": None,
        "severity_score": 0.25,
        "severity_label": "LOW",
        "status": "SEGMENT_DONE",
        "segment_status": "COMPLETED",
    }
    assert await world.pending_facts() == 0


async def test_a_repeated_window_replaces_the_first_keeps_its_id_and_is_not_told_again(world, run):
    await world.record(run, a_segment(0))
    first = (await world.segments(run.id))[0]
    world.clock.pass_time(seconds=5)
    await world.record(run, a_segment(0, severity_score=0.9, severity_label="CRITICAL"))
    (second,) = await world.segments(run.id)
    assert second["id"] == first["id"]
    assert second["created_at"] == first["created_at"]
    assert (second["severity_score"], second["severity_label"]) == (0.9, "CRITICAL")
    assert len(await world.facts("segment")) == 1


@pytest.mark.parametrize(
    "broken",
    [
        {"index": None},
        {"index": -1},
        {"index": "3"},
        {"index": True},
        {"start_s": 60.0, "end_s": 59.0},
        {"end_s": float("nan")},
        {"analysis": "nothing"},
        {"analysis": None},
        {"analysis": ["team_a"]},
        {"analysis": {"team_a": object()}},
    ],
)
async def test_a_malformed_window_is_skipped_and_the_run_goes_on(world, run, broken):
    recorder = _recorder(world, run)
    await recorder.record(a_segment(0, **broken))
    await recorder.record(a_segment(1))
    assert [row["segment_index"] for row in await world.segments(run.id)] == [1]
    assert recorder.skipped == 1


async def test_missing_fields_of_a_window_get_their_defaults(world, run):
    bare = a_segment(2, index=2.0, start_s=None, end_s=None, video_start_s=None, analysis={}, severity_score=None)
    await world.record(run, bare.__class__(**{**vars(bare), "severity_label": "", "status": ""}))
    (row,) = await world.segments(run.id)
    assert (row["segment_index"], row["start_sec"], row["end_sec"], row["video_start_sec"]) == (2, 0, 0, 0)
    assert (row["severity_score"], row["severity_label"], row["status"]) == (0, "LOW", "COMPLETED")
    assert row["analysis_json"] == {"team_a": {}, "team_b": {}, "team_a_tags": [], "team_b_tags": []}


async def test_team_objects_carry_numbers_or_nothing(world, run):
    team = {
        "severity_score": 57.9,
        "severity_label": "moderate",
        "width": None,
        "compactness": float("nan"),
        "defensive_line": -0.4,
        "pressing_intensity": 7.0,
        "avg_speed": "fast",
        "tactic": "kept",
    }
    await world.record(run, a_segment(0, analysis={"team_a": team, "team_b": None, "possession_team_a_pct": None}))
    analysis = (await world.segments(run.id))[0]["analysis_json"]
    assert analysis["team_a"] == {
        "severity_score": 57.9,
        "severity_label": "MEDIUM",
        "defensive_line": 0,
        "pressing_intensity": 7,
        "tactic": "kept",
    }
    assert isinstance(analysis["team_a"]["pressing_intensity"], int)
    assert analysis["team_b"] == {}
    assert "possession_team_a_pct" not in analysis


async def test_tags_always_have_both_texts(world, run):
    tags = [{"tag": "HIGH PRESS", "description": None, "channel": "PRESS"}, "WIDE SHAPE", {"description": "no tag"}, 7]
    await world.record(run, a_segment(0, analysis={"team_a_tags": tags, "team_b_tags": None}))
    analysis = (await world.segments(run.id))[0]["analysis_json"]
    assert analysis["team_a_tags"] == [
        {"tag": "HIGH PRESS", "description": "", "channel": "PRESS"},
        {"tag": "WIDE SHAPE", "description": ""},
    ]
    assert analysis["team_b_tags"] == []


@pytest.mark.parametrize(
    ("label", "score", "stored"),
    [
        ("MODERATE", 0.1, "MEDIUM"),
        (" high ", 0.0, "HIGH"),
        ("", 0.8, "CRITICAL"),
        (None, 0.79, "HIGH"),
        (None, 0.6, "HIGH"),
        ("odd", 0.4, "MEDIUM"),
        (None, 0.39, "LOW"),
    ],
)
def test_labels_of_windows(label, score, stored):
    assert segment_label(label, score) == stored


async def test_a_window_survives_a_database_that_hiccups(world, run, monkeypatch):
    monkeypatch.setattr("touchline.features.analysis.recorder.RETRY_AFTER_S", (0, 0, 0))
    failures = [OperationalError("insert", {}, Exception("database is locked"))] * 2

    class Hiccups(NoReactions):
        async def segment_stored(self, db, run, segment, *, is_first, is_new):
            if failures:
                raise failures.pop()
            return []

    await _recorder(world, run, Hiccups()).record(a_segment(0))
    assert len(await world.segments(run.id)) == 1
    assert len(await world.facts("segment")) == 1


async def test_texts_that_databases_refuse_are_cleaned(world, run):
    await world.record(run, a_segment(0, analysis={"note": "a\x00b\ud800"}, recommendation="step\x00 up"))
    (row,) = await world.segments(run.id)
    assert row["analysis_json"]["note"] == "ab?"
    assert row["recommendation"] == "step up"


async def test_a_lost_attempt_writes_no_window_and_no_alert(world, run):
    await world.claim(run.id, worker_id="w2")
    for update in (a_segment(0), an_alert(), Progress(0.5, "x")):
        with pytest.raises(LostRunError):
            await world.record(run, update)
    assert await world.segments(run.id) == []
    assert await world.facts("alert", channel="match:") == []


# --- progress


async def test_progress_is_written_at_most_once_a_second_and_the_last_word_counts(world, run):
    recorder = _recorder(world, run)
    async with world.bus.subscribe(f"run:{run.id}") as facts:
        for step in range(10):
            await recorder.record(Progress(0.1 + step / 100, f"Frame {step}"))
        assert (await world.run(run.id))["message"] == "Frame 0"
        await recorder.flush()
        assert (await world.run(run.id))["message"] == "Frame 9"
        world.clock.pass_time(seconds=1)
        await recorder.record(Progress(0.5, "Frame 10"))
        heard = [(await facts.get(1)).payload["message"] for _ in range(3)]
        assert await facts.get(0.01) is None
    assert heard == ["Frame 0", "Frame 9", "Frame 10"]


async def test_progress_leaves_no_rows_in_the_outbox(world, run):
    await world.record(run, Progress(0.5, "Half"))
    assert await world.facts("progress") == []


async def test_a_change_of_status_is_written_at_once(world, run):
    recorder = _recorder(world, run)
    await recorder.record(Progress(0.1, "Queued at the engine", status="QUEUED"))
    await recorder.record(Progress(0.1, "Reading the video"))
    row = await world.run(run.id)
    assert (row["status"], row["message"]) == ("PROCESSING", "Reading the video")


# --- what else a stream may hold


async def test_one_bad_packet_costs_only_itself(world, run):
    recorder = _recorder(world, run)
    await recorder.record(Progress(None, "no number"))
    await recorder.record(SimpleNamespace())
    await recorder.record(a_segment(0))
    assert recorder.skipped == 2
    assert len(await world.segments(run.id)) == 1


async def test_an_alert_that_cannot_be_stored_is_still_told_once(world, run):
    class NoRoom(AlertReactions):
        async def alert_raised(self, db, run, alert, *, now):
            raise RuntimeError("disk full")

    async with world.bus.subscribe(f"match:{run.match_id}") as facts:
        await _recorder(world, run, NoRoom()).record(an_alert("a1"))
        heard = await facts.get(1)
        assert await facts.get(0.01) is None
    assert heard.kind == "alert"
    assert heard.payload["alert_id"] == "a1"
