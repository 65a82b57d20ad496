"""What each candidate alone speaks for: its score, less what its size and the people around it speak against."""

import numpy as np

from touchline.engine.stages.ball.ground import BodyHeights, Ground, placed, unplaced
from touchline.engine.stages.ball.nodes import NOBODY, NODE, Nodes
from touchline.engine.types import BoolArray, Calibration, FloatArray
from touchline.football.pitch import PENALTY_SPOT_M, PitchSize

# A candidate's score speaks for it above this and against it below.
_NEUTRAL, _WORTH = 0.20, 2.5
# Heads, shirts and shorts look like balls more often than balls hide them; at the feet is where a ball belongs.
_IN_BODY, _AT_FEET, _FEET_FROM = 0.40, 0.06, 0.72
_LARGEST_OF_PERSON = 0.5
_USUAL_SIDE_M, _SIDE_SLACK_PX, _OVERSIZE = 0.6, 4.0, 0.3
_FEET_M, _RIM_M, _RIM_PX = 1.6, 1.0, 12.0
_SPOT_M, _SPOT_PX = 0.4, 2.5
_BESIDE_M, _BESIDE = 2.0, 0.5


def middles(boxes: FloatArray) -> FloatArray:
    """(N, 2) of boxes (N, 4)."""
    boxes = np.asarray(boxes, float).reshape(-1, 4)
    return (boxes[:, :2] + boxes[:, 2:]) / 2


def small_enough(boxes: FloatArray, heights: BodyHeights) -> BoolArray:
    """(N,) whether candidates are smaller than half a person there: what is larger is a person."""
    boxes = np.asarray(boxes, float).reshape(-1, 4)
    sides = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
    return np.asarray(sides <= _LARGEST_OF_PERSON * heights.height_px(boxes[:, 3]))


def ground_under(places: FloatArray, calibration: Calibration | None, heights: BodyHeights) -> Ground:
    """The ground under places (N, 2); those above the horizon have no place on it, but a scale."""
    rough = unplaced(places, heights)
    if calibration is None or len(places) == 0:
        return rough
    ground = placed(places, calibration)
    scale = np.where(np.isfinite(ground.scale), ground.scale, rough.scale)
    return Ground(ground.metres, ground.px_per_m, scale, ground.lift)


def nodes_of(
    boxes: FloatArray,
    scores: FloatArray,
    ground: Ground,
    *,
    people: FloatArray,
    pitch: PitchSize,
    size: tuple[int, int] | None,
    weight: float,
) -> Nodes:
    """Candidates as nodes without chains.

    Args:
        boxes: (N, 4) source pixels.
        scores: (N,) on the contract's scale.
        ground: under their middles.
        people: (M, 4) of the same frame.
        pitch: its size.
        size: width and height of the picture, when known.
        weight: of this frame's evidence; pictures that follow each other fast say much the same.
    """
    nodes = np.zeros(len(boxes), NODE)
    places = middles(boxes)
    nodes["box"], nodes["score"], nodes["place"] = boxes, scores, places
    nodes["metres"], nodes["px_per_m"], nodes["scale"] = ground.metres, ground.px_per_m, ground.scale
    nodes["lift"], nodes["still_since_s"], nodes["worn_since_s"] = ground.lift, np.inf, np.inf
    nodes["body"] = NOBODY
    sides = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]) if len(boxes) else np.zeros(0)
    end = np.array([pitch.length_m, pitch.width_m])
    with np.errstate(invalid="ignore"):
        beside = ((ground.metres < -_BESIDE_M) | (ground.metres > end + _BESIDE_M)).any(axis=1)
    doubt = (
        _BESIDE * beside + _doubts(places, people) + _OVERSIZE * (sides > _USUAL_SIDE_M * ground.scale + _SIDE_SLACK_PX)
    )
    nodes["own"] = weight * (_WORTH * (np.asarray(scores, float) - _NEUTRAL) - doubt)
    nodes["at_feet"] = _to_feet_m(places, people, ground) < _FEET_M
    if size is not None:
        edge = np.minimum(places, np.asarray(size, float) - places).min(axis=1, initial=np.inf)
        nodes["at_rim"] = edge < np.maximum(_RIM_PX, _RIM_M * ground.scale)
    known = np.isfinite(ground.metres[:, 0])
    away = (ground.metres[known][:, None] - _spots_m(pitch)) @ ground.px_per_m[known].transpose(0, 2, 1)
    apart_px = np.hypot(away[..., 0], away[..., 1]).min(axis=1, initial=np.inf)
    nodes["is_spot"][known] = apart_px < np.maximum(_SPOT_PX, _SPOT_M * ground.scale[known])
    return nodes


def _doubts(places: FloatArray, people: FloatArray) -> FloatArray:
    """(N,) what candidates lose for lying on somebody."""
    if len(people) == 0 or len(places) == 0:
        return np.zeros(len(places))
    x0, y0, x1, y1 = np.asarray(people, float).T
    x, y = places[:, :1], places[:, 1:]
    inside = (x > x0) & (x < x1) & (y > y0) & (y < y1)
    low = (y - y0) / np.maximum(y1 - y0, 1e-6) >= _FEET_FROM
    at_feet = (inside & low).any(axis=1)
    return np.where(at_feet, _AT_FEET, np.where(inside.any(axis=1), _IN_BODY, 0.0))


def _to_feet_m(places: FloatArray, people: FloatArray, ground: Ground) -> FloatArray:
    """(N,) metres to the nearest person's feet; where the picture is not placed, as if all faced the camera."""
    if len(people) == 0 or len(places) == 0:
        return np.full(len(places), np.inf)
    feet = np.column_stack([(people[:, 0] + people[:, 2]) / 2, people[:, 3]])
    away_px = feet[None] - places[:, None]
    facing = np.hypot(away_px[..., 0], away_px[..., 1]) / ground.scale[:, None]
    known = np.isfinite(ground.metres[:, 0])
    if known.any():
        on_ground = np.linalg.solve(ground.px_per_m[known][:, None], away_px[known][..., None])[..., 0]
        facing[known] = np.hypot(on_ground[..., 0], on_ground[..., 1])
    return np.asarray(facing.min(axis=1))


def _spots_m(pitch: PitchSize) -> FloatArray:
    """(3, 2) metres of the penalty spots and the centre spot, which look like balls."""
    places = (PENALTY_SPOT_M, pitch.length_m / 2, pitch.length_m - PENALTY_SPOT_M)
    return np.array([(x, pitch.width_m / 2) for x in places])
