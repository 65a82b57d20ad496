"""With everything before it replaced by the truth, the tactical layer says what a ruler says.

Tolerances: line, width, compactness 0.3 m, speed 0.1 m/s, possession 3 points (whole tenths of a second at the ends of
a spell count; a full window lasts ten).
"""

from collections.abc import Iterator

import numpy as np
import pytest

from touchline.engine.settings import settings_for
from touchline.engine.synthetic import DEMO_LEVEL, DEMO_SECONDS, DEMO_SEED
from touchline.engine.synthetic.lineups import PEOPLE, TEAM_SIZE
from touchline.engine.synthetic.synthesis import Scene, make_scene
from touchline.engine.synthetic.truth_windows import true_windows
from touchline.engine.types import Observation
from touchline.engine.windows import MatchAnalyst
from touchline.football.updates import AlertRaised, AnalysisOptions, AnalysisRequest, SegmentDone
from touchline.football.vocabulary import Role, TeamCode

ANALYSED_EVERY = 5
SIDES = {"team_a": "home", "team_b": "away"}


@pytest.fixture(scope="module")
def scene() -> Scene:
    return make_scene(DEMO_LEVEL, DEMO_SEED, DEMO_SECONDS)


@pytest.fixture(scope="module")
def updates(scene):
    request = AnalysisRequest("match.mp4", "run", camera_type="Fixed", options=AnalysisOptions(attacks_right_a=False))
    analyst = MatchAnalyst(
        settings=settings_for(request),
        request=request,
        span_s=DEMO_SECONDS,
        uncalibrated_reason=None,
        calibration_error_m=0.05,
    )
    found = [update for observation in _true_observations(scene) for update in analyst.add(observation)]
    return [*found, *analyst.finish()]


@pytest.fixture(scope="module")
def pairs(scene, updates):
    """(team, measured quality records, true values) of every window and team."""
    windows = true_windows(scene.motion, window_s=10, pitch=scene.pitch)
    segments = [update for update in updates if isinstance(update, SegmentDone)]
    assert [segment.index for segment in segments] == [window["index"] for window in windows]
    return [
        (team, segment.analysis["quality"], window[side])
        for segment, window in zip(segments, windows, strict=True)
        for team, side in SIDES.items()
    ]


@pytest.mark.parametrize(
    ("metric", "tolerance"), [("defensive_line", 0.3), ("width", 0.3), ("compactness", 0.3), ("avg_speed", 0.1)]
)
def test_shape_and_speed_agree_with_the_ruler_in_every_window(pairs, metric, tolerance):
    for team, quality, truth in pairs:
        assert quality[team][metric]["value"] == pytest.approx(truth[metric], abs=tolerance)


def test_possession_agrees_with_the_script_over_the_match(pairs):
    measured = [quality["possession"][team]["value"] for team, quality, _ in pairs if team == "team_a"]
    true = [100 * truth["possession_share"] for team, _, truth in pairs if team == "team_a"]
    assert np.mean(measured) == pytest.approx(np.mean(true), abs=3)


def test_the_besieged_team_is_told_that_its_line_is_too_deep(updates):
    alerts = [update for update in updates if isinstance(update, AlertRaised) and "-B-D1-" in update.alert_id]
    assert alerts
    assert alerts[0].timestamp == "00:20-00:30"
    assert alerts[0].category == "DEFENSIVE_LINE"


def _true_observations(scene: Scene) -> Iterator[Observation]:
    teams = np.repeat([TeamCode.A, TeamCode.B, TeamCode.UNKNOWN], [TEAM_SIZE, TEAM_SIZE, 3]).astype(np.int8)
    eleven = [Role.KEEPER] + [Role.PLAYER] * (TEAM_SIZE - 1)
    roles = np.array([*eleven, *eleven, *[Role.REFEREE] * 3], np.int8)
    length, width = scene.pitch.length_m, scene.pitch.width_m
    whole = np.array([(0.0, 0.0), (length, 0.0), (length, width), (0.0, width)])
    for index, frame in enumerate(range(0, scene.frames, ANALYSED_EVERY)):
        yield Observation(
            frame_index=index,
            source_index=frame,
            time_s=frame / scene.fps,
            track_ids=np.arange(1, PEOPLE + 1, dtype=np.int32),
            boxes=np.zeros((PEOPLE, 4), np.float32),
            scores=np.ones(PEOPLE, np.float32),
            teams=teams,
            roles=roles,
            positions=scene.motion.position[frame].astype(np.float32),
            ball_score=1.0,
            ball_position=scene.motion.ball[frame, :2].astype(np.float32),
            visible=whole,
        )
