"""Six real minutes with all players and the ball at 25 Hz (databallpy's sample match, MIT licence)."""

from pathlib import Path

import numpy as np
import pytest

from parquet_columns import column_names, read_columns
from touchline.engine.settings import EngineSettings
from touchline.engine.tactics.direction import DirectionFinder, evidence_of
from touchline.engine.tactics.measure import measure_window
from touchline.engine.tactics.play import Scene, prepare_play
from touchline.engine.tactics.quality import Minimums
from touchline.engine.tactics.span import Sighting
from touchline.engine.types import Observation
from touchline.engine.windows import MatchAnalyst
from touchline.football.pitch import PitchSize
from touchline.football.updates import AnalysisRequest, SegmentDone
from touchline.football.vocabulary import Role, TeamCode

PITCH = PitchSize(104.9, 67.8)
SAMPLE_HZ, RATE_HZ = 25, 5
A, B = TeamCode.A, TeamCode.B


class Sample:
    """Positions in frame P: home is team A, away is team B."""

    def __init__(self, path: Path) -> None:
        people = sorted({name[:-2] for name in column_names(path) if name.startswith(("home_", "away_"))})
        names = [f"{who}_{axis}" for who in [*people, "ball"] for axis in "xy"]
        columns = read_columns(path, [*names, "ball_status", "team_possession"])
        at = {who: np.stack([columns[f"{who}_x"], columns[f"{who}_y"]], axis=-1) for who in [*people, "ball"]}
        seen = [who for who in people if np.isfinite(at[who]).any()]
        self.positions = np.stack([at[who] for who in seen], axis=1) + PITCH.centre_m
        self.ball = at["ball"] + PITCH.centre_m
        self.teams = np.array([A if who.startswith("home") else B for who in seen], np.int8)
        self.roles = np.array([Role.KEEPER if who in {"home_1", "away_1"} else Role.PLAYER for who in seen], np.int8)
        self.alive = columns["ball_status"] == "alive"
        self.owner = np.where(columns["team_possession"] == "home", A, B)

    def observations(self) -> list[Observation]:
        ids = np.arange(1, len(self.teams) + 1, dtype=np.int32)
        return [
            Observation(
                frame_index=index,
                source_index=row,
                time_s=row / SAMPLE_HZ,
                track_ids=ids,
                boxes=np.zeros((len(ids), 4), np.float32),
                scores=np.ones(len(ids), np.float32),
                teams=self.teams,
                roles=self.roles,
                positions=self.positions[row].astype(np.float32),
                ball_score=0.9,
                ball_position=self.ball[row].astype(np.float32),
            )
            for index, row in enumerate(range(0, len(self.ball), SAMPLE_HZ // RATE_HZ))
        ]


@pytest.fixture(scope="module")
def sample(footage: Path) -> Sample:
    path = footage / "tracking" / "databallpy_saved_games" / "not_synced_game" / "tracking_data.parquet"
    if not path.is_file():
        pytest.skip("the sample of real positions is not there")
    return Sample(path)


@pytest.fixture(scope="module")
def minutes(sample):
    """(play, measures) of each of the six minutes."""
    sightings = [Sighting.of(observation) for observation in sample.observations()]
    finder = DirectionFinder(PITCH)
    scene = Scene(PITCH, is_broadcast=False)
    found = []
    for start_s in range(0, 360, 60):
        around = [s for s in sightings if start_s - 5 <= s.time_s < start_s + 65]
        play = prepare_play(around, start_s=start_s, end_s=start_s + 60, scene=scene)
        finder.add(evidence_of(play, play.core))
        found.append((play, measure_window(play, finder.decide(), Minimums(60))))
    return found


def medians(minutes, metric):
    values = [measures.teams[team].metrics[metric].value for _, measures in minutes for team in (A, B)]
    return float(np.median([value for value in values if value is not None]))


def test_possession_agrees_with_the_provider_in_live_play(sample, minutes):
    agree = []
    for play, _ in minutes:
        rows = np.clip(np.round(play.motion.times_s[play.core] * SAMPLE_HZ).astype(int), 0, len(sample.ball) - 1)
        ours = play.possession[play.core]
        both = sample.alive[rows] & (ours >= 0)
        agree.append((ours == sample.owner[rows])[both])
    assert np.concatenate(agree).mean() >= 0.90


def test_possession_shares_are_within_three_points(sample, minutes):
    rows = np.concatenate(
        [np.round(play.motion.times_s[play.core] * SAMPLE_HZ).astype(int) for play, _ in minutes]
    ).clip(max=len(sample.ball) - 1)
    ours = np.concatenate([play.possession[play.core] for play, _ in minutes])
    both = sample.alive[rows] & (ours >= 0)
    assert (ours[both] == A).mean() == pytest.approx((sample.owner[rows][both] == A).mean(), abs=0.04)


@pytest.mark.parametrize(
    ("metric", "low", "high"),
    [
        ("defensive_line_oop", 34, 46),
        ("width_oop", 33, 39),
        ("width_ip", 43, 52),
        ("length_oop", 26, 31),
        ("length_ip", 30, 37),
        ("compactness_oop", 12.4, 14.8),
        ("compactness_ip", 15.5, 18.5),
        ("surface_area_oop", 580, 790),
        ("surface_area_ip", 950, 1250),
        ("avg_speed", 1.9, 2.9),
        ("pressing_intensity", 2, 9),
    ],
)
def test_medians_are_those_of_the_full_view_table(minutes, metric, low, high):
    assert low <= medians(minutes, metric) <= high


def test_a_team_is_wider_with_the_ball_than_without(minutes):
    assert medians(minutes, "width_ip") > medians(minutes, "width_oop")


def test_keepers_tell_the_direction_and_all_is_well_covered(minutes):
    for _, measures in minutes:
        assert measures.direction.source == "keepers"
        assert measures.direction.attacks_right_a is True
        assert measures.teams[A].quality.label == "GOOD"
        assert measures.teams[A].metrics["width"].coverage > 0.6


def test_nobody_runs_faster_than_a_human_and_distances_are_plausible(minutes):
    velocities = np.concatenate([play.motion.velocities[play.core] for play, _ in minutes])
    speed = np.hypot(velocities[..., 0], velocities[..., 1])
    held = np.lib.stride_tricks.sliding_window_view(np.nan_to_num(speed), 5, axis=0).min(axis=-1)
    assert held.max() <= 10.0
    outfield = minutes[0][0].roles == Role.PLAYER
    metres_a_minute = np.nansum(speed, axis=0)[outfield] / 10 / 6
    assert 100 <= metres_a_minute.mean() <= 155  # 125 m/min over live and dead time of this sample


def test_the_whole_sample_runs_through_the_analyst(sample):
    analyst = MatchAnalyst(
        settings=EngineSettings(pitch=PITCH),
        request=AnalysisRequest(video_path="sample", run_id="s", camera_type="Fixed"),
        span_s=360.0,
        uncalibrated_reason=None,
    )
    updates = [update for observation in sample.observations() for update in analyst.add(observation)]
    updates += analyst.finish()
    segments = [update for update in updates if isinstance(update, SegmentDone)]
    assert len(segments) == 6
    assert all(segment.status == "COMPLETED" for segment in segments)
    for segment in segments:
        assert 10 <= segment.analysis["team_a"]["defensive_line"] <= 65
        assert 20 <= segment.analysis["team_a"]["width"] <= 65
        assert 7 <= segment.analysis["team_b"]["compactness"] <= 22
    assert analyst.summary().teams[A].possession_pct == pytest.approx(62, abs=8)
