"""A run's windows end to end: observations in, segments and alerts out."""

import json
import math
import time
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pitch_scenes import Play, carried_by_b, four_four_two, observe, still
from touchline.engine.settings import EngineSettings
from touchline.engine.windows import MatchAnalyst
from touchline.engine.windows.cutting import window_length_s
from touchline.football.updates import AlertRaised, AnalysisOptions, AnalysisRequest, SegmentDone
from touchline.football.vocabulary import TeamCode

DEEP = four_four_two(line_m=12, width_m=36, gap_m=6)
BLOCK = four_four_two(line_m=32, width_m=38, gap_m=9)
ATTACKERS = four_four_two(line_m=38, width_m=50, gap_m=12)
BESIEGED = carried_by_b(a=DEEP, b=four_four_two(line_m=58, width_m=50, gap_m=11))
CALM = carried_by_b(a=BLOCK, b=ATTACKERS)


def analyst(*, span_s=None, window_s=0.0, camera_type="TV", target="Both", reason=None, start_s=0.0, **options):
    return MatchAnalyst(
        settings=EngineSettings(window_s=window_s, start_s=start_s),
        request=AnalysisRequest(
            video_path="match.mp4",
            run_id="r1",
            camera_type=camera_type,
            target_team=target,
            options=AnalysisOptions(**options),
        ),
        span_s=span_s,
        uncalibrated_reason=reason,
    )


def run(frames, *, span_s=None, **how):
    """Segments and alerts of a whole run, in order of arrival."""
    one = analyst(span_s=span_s, **how)
    updates = [update for frame in frames for update in one.add(frame)]
    return one, updates + one.finish()


def segments(updates):
    return [update for update in updates if isinstance(update, SegmentDone)]


def alerts(updates):
    return [update for update in updates if isinstance(update, AlertRaised)]


@pytest.mark.parametrize(
    ("asked_s", "span_s", "length_s"),
    [(0, None, 60), (0, 5400, 60), (0, 180, 60), (0, 179, 10), (0, 7, 10), (20, 179, 20), (120, 5400, 120)],
)
def test_window_length_follows_the_span_unless_it_was_asked_for(asked_s, span_s, length_s):
    assert window_length_s(asked_s, span_s) == length_s


@pytest.mark.parametrize(
    ("clip_s", "bounds"),
    [
        (28, [(0, 10), (10, 20), (20, 28)]),
        (24, [(0, 10), (10, 24)]),
        (25, [(0, 10), (10, 20), (20, 25)]),
        (20, [(0, 10), (10, 20)]),
        (14.8, [(0, 14.8)]),
        (7, [(0, 7)]),
        (3, [(0, 3)]),
    ],
)
def test_the_last_piece_is_kept_from_half_a_window_and_merged_below(clip_s, bounds):
    _, updates = run(observe(CALM, seconds=clip_s), span_s=clip_s)
    found = segments(updates)
    assert [part.start_s for part in found] == [start_s for start_s, _ in bounds]
    assert [part.end_s for part in found] == pytest.approx([end_s for _, end_s in bounds])
    assert [part.index for part in found] == list(range(len(bounds)))
    assert all(part.analysis["illustrative"] for part in found)


@pytest.mark.parametrize(("clip_s", "count", "last_end"), [(200, 3, 200), (215, 4, 215), (185, 3, 185)])
def test_long_clips_have_minutes(clip_s, count, last_end):
    _, updates = run(observe(CALM, seconds=clip_s), span_s=clip_s)
    found = segments(updates)
    assert len(found) == count
    assert found[-1].end_s == pytest.approx(last_end)
    assert not any(part.analysis["illustrative"] for part in found)


def test_windows_arrive_while_the_video_flows():
    one = analyst(span_s=300.0)
    arrivals = []
    for frame in observe(CALM, seconds=300):
        arrivals += [(frame.time_s, update.index) for update in one.add(frame) if isinstance(update, SegmentDone)]
    assert [index for _, index in arrivals] == [0, 1, 2, 3]
    assert all(at_s - 60 * (index + 1) == pytest.approx(5.0, abs=0.3) for at_s, index in arrivals)


def test_a_container_that_promises_too_much_loses_nothing():
    _, updates = run(observe(CALM, seconds=21), span_s=25.7)
    found = segments(updates)
    assert found[0].start_s == 0
    assert found[-1].end_s == pytest.approx(21)
    assert all(one.end_s == other.start_s for one, other in pairwise(found))


@pytest.mark.parametrize("first_s", [99.98, 100.0, 100.04])
def test_windows_begin_where_the_span_begins(first_s):
    _, updates = run(observe(CALM, seconds=26, start_s=first_s), span_s=26, start_s=100.0)
    assert [part.start_s for part in segments(updates)] == [100.0, 110.0, 120.0]
    assert segments(updates)[1].video_start_s == 110.0


def test_no_frames_make_no_segments_and_an_empty_summary():
    one, updates = run([])
    assert updates == []
    summary = one.summary()
    assert summary.windows == 0
    assert summary.possession_known_pct is None


def test_kits_that_are_told_late_count_for_what_was_seen_before():
    frames = observe(CALM, seconds=20, unknown_teams=True) + observe(CALM, seconds=20, start_s=20.0)
    _, updates = run(frames, span_s=40)
    found = segments(updates)
    assert len(found) == 4
    assert found[1].analysis["team_a"]["width"] == pytest.approx(38, abs=0.2)


def test_a_calm_block_has_contract_keys_in_metres():
    _, updates = run(observe(CALM, seconds=60), span_s=400, camera_type="Fixed")
    (segment,) = segments(updates)
    team = segment.analysis["team_a"]
    assert team["defensive_line"] == pytest.approx(32, abs=0.2)
    assert team["width"] == pytest.approx(38, abs=0.2)
    assert {"compactness", "avg_speed", "pressing_intensity", "verticality", "uniformity"} <= team.keys()
    assert isinstance(team["pressing_intensity"], int)
    assert 0 <= team["severity_score"] <= 100
    assert team["severity_label"] in {"LOW", "MEDIUM", "HIGH", "CRITICAL"}
    analysis = segment.analysis
    assert analysis["possession_team_b_pct"] == 100.0
    assert analysis["direction"] == {"team_a": "right", "team_b": "left"}
    assert analysis["direction_source"] == "keepers"
    assert analysis["reference_set"] == "pro-men-fullview-v1"
    assert len(analysis["team_a_tags"]) == len(analysis["team_b_tags"]) == 5
    assert analysis["tactical_narrative"]
    assert set(analysis["quality"]["team_a"]["width"]) == {"value", "n", "coverage", "q", "low", "high", "reason"}
    assert analysis["flow_terms"]["team_b"]["possession"] == 100.0
    assert "deep_line" in analysis["risk"]["team_a"]


def test_every_update_is_plain_json():
    _, updates = run(observe(BESIEGED, seconds=40), span_s=40)
    assert alerts(updates)
    for update in updates:
        carried = update.analysis if isinstance(update, SegmentDone) else update.context
        assert json.loads(json.dumps(carried, allow_nan=False)) == carried


def test_a_metric_that_was_not_measured_is_left_out_with_its_reason():
    _, updates = run(observe(CALM, seconds=60, hidden=(7, 8, 9, 10, 11)), span_s=400)
    analysis = segments(updates)[0].analysis
    assert "width" not in analysis["team_a"]
    assert analysis["quality"]["team_a"]["width"]["value"] is None
    assert analysis["quality"]["team_a"]["width"]["reason"] == "too few players seen"
    assert analysis["quality"]["severity"]["team_a"]["value"] is None
    assert "severity_score" not in analysis["team_a"]


def test_an_uncalibrated_run_is_empty_and_says_why():
    nowhere = Play(still(DEEP * np.nan), still(DEEP * np.nan), lambda _time: None)
    one, updates = run(observe(nowhere, seconds=30), span_s=30, reason="fewer than four points")
    found = segments(updates)
    assert [part.status for part in found] == ["EMPTY"] * 3
    for part in found:
        assert (part.severity_score, part.severity_label, part.recommendation) == (0.0, "LOW", None)
        assert part.analysis["team_a"] == {}
        assert part.analysis["calibration_reason"] == "fewer than four points"
        assert part.analysis["quality"]["team_a"]["width"]["reason"] == "not calibrated"
        assert part.analysis["quality"]["severity"]["value"] is None
        assert part.analysis["tactical_narrative"] == "Not enough seen: not calibrated."
        assert "possession_team_a_pct" not in part.analysis
    assert one.live_stats == {}
    assert alerts(updates) == []


def test_an_unknown_direction_silences_only_what_needs_it():
    mixed = four_four_two(line_m=44.5)
    play = carried_by_b(a=mixed, b=mixed)
    _, updates = run(observe(play, seconds=60, hidden=(1, 12)), span_s=400)
    analysis = segments(updates)[0].analysis
    assert analysis["direction"] is None
    assert "defensive_line" not in analysis["team_a"]
    assert analysis["quality"]["team_a"]["defensive_line"]["reason"] == "direction unknown"
    assert analysis["team_a"]["width"] == pytest.approx(40, abs=0.2)


def test_a_besieged_team_raises_one_alert_that_is_sent_again_with_each_window():
    _, updates = run(observe(BESIEGED, seconds=60), span_s=60)
    raised = alerts(updates)
    assert {alert.alert_id for alert in raised} == {"r1-A-S1-1"}
    assert [alert.status for alert in raised] == ["ACTIVE"] * 5
    assert [alert.review_countdown for alert in raised] == [30, 20, 10, 0, 20]
    first = raised[0]
    assert (first.timestamp, first.match_time) == ("00:10-00:20", 10.0)
    assert first.context["illustrative"] is True
    assert first.context["code"] == "S1"  # with the ball at the box the deep line is no story of its own
    assert first.context["analysis"]["team_a"]["defensive_line"] == pytest.approx(12, abs=0.2)
    assert len(first.context["players"]) == 22
    zone = first.context["zone"]
    assert zone["x_min"] < zone["x_max"] <= 35
    assert zone["y_min"] < zone["y_max"]
    assert 0 <= first.context["ball"]["x"] <= 105
    # The alert follows the segment that raised it.
    at = updates.index(first)
    assert isinstance(updates[at - 1], SegmentDone)
    assert updates[at - 1].index == 1


def test_advice_follows_the_risk_of_the_coach_s_team():
    frames = observe(BESIEGED, seconds=60)
    for target, has_advice in (("Team A", True), ("Team B", False), ("Both", True)):
        _, updates = run(frames, span_s=400, target=target, camera_type="Fixed")
        (segment,) = segments(updates)
        assert (segment.recommendation is not None) == has_advice, target
    assert segment.severity_score == max(
        segment.analysis["quality"]["severity"][team]["value"] or 0.0 for team in ("team_a", "team_b")
    )


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_a_run_speaks_its_language(language):
    _, updates = run(observe(BESIEGED, seconds=30), span_s=30, language=language)
    said = alerts(updates)[0]
    assert {"en": "Team A", "fr": "Équipe A", "ar": "الفريق A"}[language] in said.action
    assert said.decision_type == "Under siege"  # the key that feedback counts by stays the same
    assert said.context["text_key"] == "action.S1"


def test_running_is_counted_per_track():
    one, _ = run(observe(CALM, seconds=60), span_s=60)
    stats = one.live_stats
    assert len(stats) == 22
    carrier = stats["21"]["distance"]  # two metres a second for a minute, less at the turns
    assert 100 < carrier <= 121
    assert stats["2"]["distance"] == pytest.approx(0, abs=0.5)
    assert all(entry["distance"] >= 0 and math.isfinite(entry["distance"]) for entry in stats.values())


def test_the_summary_adds_the_windows_up():
    one, _ = run(observe(CALM, seconds=200), span_s=200)
    summary = one.summary()
    assert summary.windows == 3
    assert summary.teams[TeamCode.B].possession_pct == pytest.approx(100.0)
    assert summary.teams[TeamCode.A].possession_pct == pytest.approx(0.0)
    assert summary.ball_detection_pct == 100.0
    assert summary.teams[TeamCode.A].metrics["width"].value == pytest.approx(38, abs=0.2)
    assert summary.teams[TeamCode.A].metrics["def_to_atk"].value is None
    assert len(summary.advisories) >= 1


def test_memory_does_not_grow_with_the_match():
    one = analyst(span_s=1800.0)
    kept = []
    for frame in observe(CALM, seconds=600, rate_hz=5):
        one.add(frame)
        kept.append(len(one._cutter._kept))
    assert max(kept) <= (60 + 2 * 5 + 1) * 5


def test_frames_beyond_ten_a_second_are_thinned_out():
    one = analyst(span_s=600.0)
    for frame in observe(CALM, seconds=20, rate_hz=25):
        one.add(frame)
    assert len(one._cutter._kept) == pytest.approx(200, abs=4)


def test_a_minute_is_judged_well_within_half_a_second():
    one = analyst(span_s=600.0)
    for frame in observe(CALM, seconds=65, rate_hz=10)[:-1]:
        assert one.add(frame) == []
    cuts = list(one._cutter.rest())
    started = time.process_time()
    one._updates(cuts)
    assert time.process_time() - started < 0.5 * len(cuts)


@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    drop=st.floats(0, 1),
    ball_drop=st.floats(0, 1),
    mislabelled=st.floats(0, 0.5),
    jumps=st.floats(0, 0.2),
    seconds=st.integers(1, 35),
)
def test_bad_tracking_never_breaks_a_run_nor_its_json(seed, drop, ball_drop, mislabelled, jumps, seconds):
    rng = np.random.default_rng(seed)
    one = analyst(span_s=float(seconds))
    updates = []
    for frame in observe(BESIEGED, seconds=seconds, noise_m=0.3, seed=seed):
        kept = rng.random(len(frame.track_ids)) >= drop
        teams = np.where(rng.random(len(kept)) < mislabelled, rng.integers(-1, 2, len(kept)), frame.teams)
        leap = np.where(rng.random((len(kept), 1)) < jumps, rng.uniform(-60, 60, (len(kept), 2)), 0.0)
        positions = (frame.positions + leap).astype(np.float32)
        positions[rng.random(len(kept)) < 0.05] = np.nan
        ball = frame.ball_position if rng.random() >= ball_drop else np.full(2, np.nan, np.float32)
        broken = replace(
            frame,
            track_ids=frame.track_ids[kept],
            boxes=frame.boxes[kept],
            scores=frame.scores[kept],
            teams=teams[kept].astype(np.int8),
            roles=frame.roles[kept],
            positions=positions[kept],
            ball_position=ball,
        )
        updates += one.add(broken)
    updates += one.finish()
    assert segments(updates)
    for update in updates:
        carried = update.analysis if isinstance(update, SegmentDone) else update.context
        json.dumps(carried, allow_nan=False)
    assert one.summary().windows == len(segments(updates))
