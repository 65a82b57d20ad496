"""How well an analysis of a synthetic match agrees with the truth it was drawn from; the tests' and the bench's scale."""

from dataclasses import dataclass
from itertools import islice

import numpy as np
from scipy.optimize import linear_sum_assignment

from touchline.engine.synthetic.lineups import TEAM_SIZE
from touchline.engine.synthetic.synthesis import painted_frames
from touchline.football.vocabulary import TeamCode


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


def score_of(found, scene, *, analysis_fps: float) -> Score:
    """Score stored positions (a PositionsReader) of an analysis that began with the first frame of the scene."""
    every = round(scene.fps / analysis_fps)
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
    minutes = len(found) / analysis_fps / 60
    return Score(
        recall=hits / (hits + misses),
        precision=hits / (hits + false),
        switches_per_player_minute=switches / ((hits + misses) / analysis_fps / 60),
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
