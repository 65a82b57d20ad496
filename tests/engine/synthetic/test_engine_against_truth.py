"""The whole engine on the first half minute of the demo clip, against the truth it was drawn from.

Stated tolerances, on synthetic level L1 with a fixed camera and a calibration by points: recall at least .95 and
precision at least .97 of people more than .3 visible; at most 2 identity switches a player-minute; team right on at
least .97 of sightings; positions within 0.7 m (root mean square); line height, width and compactness of every window
within 1.0, 1.0 and 0.6 m; ball found within 2 m on at least .6 of frames, false on at most 4 a minute.
"""

import json

import pytest

from against_truth import Score, score_of
from touchline.engine.positions import PositionsReader
from touchline.engine.run import analyse
from touchline.engine.synthetic import DEMO_LEVEL, DEMO_SECONDS, DEMO_SEED, demo_clip, demo_profile
from touchline.engine.synthetic.synthesis import make_scene
from touchline.engine.synthetic.truth_windows import true_windows
from touchline.football.updates import (
    AlertRaised,
    AnalysisOptions,
    AnalysisRequest,
    CalibrationPoint,
    Finished,
    SegmentDone,
)

ANALYSED_S, ANALYSIS_FPS = 30, 5
SIDES = {"team_a": "home", "team_b": "away"}


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
    return score_of(PositionsReader(run[1]), scene, analysis_fps=ANALYSIS_FPS)


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
