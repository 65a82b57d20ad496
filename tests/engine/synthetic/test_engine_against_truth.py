"""The whole engine on the first half minute of the demo clip, against the truth it was drawn from.

Stated tolerances, on synthetic level L1 with a fixed camera and a calibration by points: recall at least .95 and
precision at least .97 of people more than .3 visible; at most 2 identity switches a player-minute; team right on at
least .97 of sightings; positions within 0.7 m (root mean square); line height, width and compactness of every window
within 1.0, 1.0 and 0.6 m; ball found within 2 m on at least .6 of frames, false on at most 4 a minute.
"""

import json
from dataclasses import dataclass
from itertools import islice

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from touchline.engine.positions import PositionsReader
from touchline.engine.run import analyse
from touchline.engine.synthetic import DEMO_LEVEL, DEMO_SECONDS, DEMO_SEED, demo_clip, demo_profile
from touchline.engine.synthetic.lineups import TEAM_SIZE
from touchline.engine.synthetic.synthesis import make_scene, painted_frames
from touchline.engine.synthetic.truth_windows import true_windows
from touchline.football.updates import (
    AlertRaised,
    AnalysisOptions,
    AnalysisRequest,
    CalibrationPoint,
    Finished,
    SegmentDone,
)
from touchline.football.vocabulary import TeamCode

ANALYSED_S, ANALYSIS_FPS = 30, 5
SIDES = {"team_a": "home", "team_b": "away"}


@dataclass(frozen=True)
class Score:
    """Engine against truth over all analysed frames."""

    recall: float
    precision: float
    switches_per_player_minute: float
    team_accuracy: float
    position_rms_m: float
    ball_found: float
    ball_false_per_minute: float


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """(updates, positions folder) of one analysis of the clip."""
    profile, out = demo_profile(), tmp_path_factory.mktemp("run")
    request = AnalysisRequest(
        str(demo_clip()),
        "run",
        camera_type="Fixed",
        calibration=tuple(CalibrationPoint(**point) for point in profile["points"]),
        options=AnalysisOptions(
            analysis_fps=ANALYSIS_FPS,
            attacks_right_a=profile["attacks"] == "right",
            home_color=profile["home_color"],
            away_color=profile["away_color"],
            end_s=ANALYSED_S,
            render=False,
        ),
    )
    updates = list(analyse(request, output_root=out))
    assert isinstance(updates[-1], Finished), updates[-1]
    return updates, out / updates[-1].result.positions_path


@pytest.fixture(scope="module")
def scene():
    return make_scene(DEMO_LEVEL, DEMO_SEED, DEMO_SECONDS)


@pytest.fixture(scope="module")
def score(run, scene) -> Score:
    return _score(PositionsReader(run[1]), scene)


def test_people_are_found_and_little_else(score):
    assert score.recall >= 0.95
    assert score.precision >= 0.97


def test_people_keep_their_identity(score):
    assert score.switches_per_player_minute <= 2


def test_people_are_given_to_the_right_team(score):
    assert score.team_accuracy >= 0.97


def test_people_are_placed_within_a_step(score):
    assert score.position_rms_m <= 0.7


def test_the_ball_is_mostly_found_and_seldom_invented(score):
    assert score.ball_found >= 0.6
    assert score.ball_false_per_minute <= 4


@pytest.mark.parametrize(("metric", "tolerance_m"), [("defensive_line", 1.0), ("width", 1.0), ("compactness", 0.6)])
def test_team_shape_in_every_window_is_the_true_one(run, scene, metric, tolerance_m):
    windows = true_windows(scene.motion, window_s=10, pitch=scene.pitch)
    segments = [update for update in run[0] if isinstance(update, SegmentDone)]
    assert [segment.index for segment in segments] == [0, 1, 2]
    for segment, window in zip(segments, windows, strict=False):
        for team, side in SIDES.items():
            value = segment.analysis["quality"][team][metric]["value"]
            assert value == pytest.approx(window[side][metric], abs=tolerance_m), (segment.index, team)


def test_the_deep_line_of_the_reds_raises_its_alert(run):
    alerts = [update for update in run[0] if isinstance(update, AlertRaised)]
    deep = [alert for alert in alerts if alert.decision_type == "Line too deep"]
    assert deep, [alert.decision_type for alert in alerts]
    assert all(alert.alert_id.split("-")[-3] == "B" for alert in deep)
    json.dumps(dict(deep[0].context))


def _score(found: PositionsReader, scene) -> Score:
    every = round(scene.fps / ANALYSIS_FPS)
    last: dict[int, int] = {}
    hits = misses = false = switches = teams_right = teams_seen = balls = ball_hits = ball_false = 0
    errors: list[float] = []
    for observation, truth in zip(found, islice(painted_frames(scene, every=every), len(found)), strict=True):
        frame = observation.source_index
        assert frame == observation.frame_index * every
        pairs = _matched(observation, truth.boxes, last)
        clear = set(np.flatnonzero(truth.visibility > 0.3))
        hits += len(pairs)
        misses += len(clear - set(pairs))
        false += len(observation.track_ids) - len(pairs)
        for person, row in pairs.items():
            track = int(observation.track_ids[row])
            switches += last.get(person, track) != track
            last[person] = track
            offset = observation.positions[row] - scene.motion.position[frame, person]
            errors.append(float(offset @ offset))
            if person < 2 * TEAM_SIZE:
                teams_seen += 1
                teams_right += observation.teams[row] == (TeamCode.A if person < TEAM_SIZE else TeamCode.B)
        away_m = float(np.linalg.norm(observation.ball_position - scene.motion.ball[frame, :2]))
        balls += truth.ball_visible > 0
        # a ball in the air lands elsewhere on the ground plane: that is no false ball
        near = away_m <= 2 or (np.isfinite(away_m) and scene.motion.ball[frame, 2] > 1)
        ball_hits += near and truth.ball_visible > 0
        ball_false += np.isfinite(away_m) and not near
    minutes = len(found) / ANALYSIS_FPS / 60
    return Score(
        recall=hits / (hits + misses),
        precision=hits / (hits + false),
        switches_per_player_minute=switches / ((hits + misses) / ANALYSIS_FPS / 60),
        team_accuracy=teams_right / teams_seen,
        position_rms_m=float(np.sqrt(np.mean(errors))),
        ball_found=ball_hits / balls,
        ball_false_per_minute=ball_false / minutes,
    )


def _matched(observation, true_boxes, last) -> dict[int, int]:
    """Person -> row of the observation, overlap above .3; who was followed by a track stays with it if he can (CLEAR)."""
    overlap = _overlap(observation.boxes.astype(float), np.nan_to_num(true_boxes, nan=-9.0))
    worth = np.where(overlap > 0.3, overlap, 0.0)
    for row, track in enumerate(observation.track_ids):
        for person, followed in last.items():
            if followed == track and worth[row, person] > 0:
                worth[row, person] += 10
    rows, people = linear_sum_assignment(-worth)
    return {int(person): int(row) for row, person in zip(rows, people, strict=True) if worth[row, person] > 0}


def _overlap(found, true):
    """(N, M) intersection over union."""
    low = np.maximum(found[:, None, :2], true[None, :, :2])
    high = np.minimum(found[:, None, 2:], true[None, :, 2:])
    shared = np.clip(high - low, 0, None).prod(axis=2)
    areas = [np.clip(boxes[:, 2:] - boxes[:, :2], 0, None).prod(axis=1) for boxes in (found, true)]
    return shared / np.maximum(areas[0][:, None] + areas[1][None] - shared, 1e-9)
