"""Hand-made paths of a ball, in pixels or seen by a known camera, and what `BallPath` makes of them."""

import numpy as np

from touchline.engine.stages.ball import BallPath
from touchline.engine.synthetic.camera import behind_goal_camera
from touchline.engine.types import BallState, CameraStep

SIZE = (1280, 720)
CAMERA = behind_goal_camera(SIZE, k1=0.02)
PLACED = CAMERA.calibration()
# Far from the balls of most tests; 40 px tall, so a metre is about 22 px.
PEOPLE = np.array([[x, 300.0, x + 17, 340.0] for x in (100, 700, 1100)], np.float32)
NOBODY = np.zeros((0, 4), np.float32)


def box(x, y, size=6.0):
    return [x - size / 2, y - size / 2, x + size / 2, y + size / 2]


def decide(candidates, *, fps=5.0, people=PEOPLE, calibration=None, steps=None, size=SIZE, path=None):
    """Answers for every frame.

    candidates: per frame a list of (x, y, score); people: boxes for all frames or a list of them per frame;
    steps: per frame the (2, 3) movement of the picture before it, or None.
    """
    path, found = path or BallPath(), []
    for index, some in enumerate(candidates):
        if steps is not None and steps[index] is not None:
            path.shift(CameraStep(np.asarray(steps[index], float), is_moving=True))
        found += path.add(
            index,
            index / fps,
            boxes=np.array([box(x, y) for x, y, _ in some], np.float32).reshape(-1, 4),
            scores=np.array([score for *_, score in some], np.float32),
            people=people[index] if isinstance(people, list) else people,
            calibration=calibration,
            picture_size=size,
        )
    return found + path.finish()


def places(found):
    """Middles (x, y) of what was answered, None where the ball is unknown."""
    return [
        None if one.state is BallState.UNKNOWN else tuple(((one.box[:2] + one.box[2:]) / 2).tolist()) for one in found
    ]


def columns(found):
    return [None if place is None else place[0] for place in places(found)]


def states(found):
    return "".join({BallState.SEEN: "s", BallState.BRIDGED: "b", BallState.UNKNOWN: "."}[one.state] for one in found)


def rolling(length, *, start=300.0, step=8.0, y=400.0, score=0.5):
    """One candidate a frame that moves evenly to the right."""
    return [[(start + step * index, y, score)] for index in range(length)]


def seen_by_camera(way, *, seconds, fps=10.0, noise_px=0.5, score=0.5, seed=3, camera=CAMERA):
    """A ball on its way (t to x, y, z metres) as the camera draws it: per frame one candidate."""
    rng = np.random.default_rng(seed)
    times = np.arange(round(seconds * fps)) / fps
    metres = np.array([way(float(time)) for time in times]) + np.array((0, 0, 0.11))
    pixels, _ = camera.project(metres)
    return [[(x, y, score)] for x, y in pixels + rng.normal(0, noise_px, pixels.shape)]


def standing(*feet_m, height_m=1.8, camera=CAMERA):
    """Boxes of people who stand at (x, y) metres."""
    feet = np.array([(x, y, 0.0) for x, y in feet_m])
    low, ahead = camera.project(feet)
    high, _ = camera.project(feet + np.array((0, 0, height_m)))
    half = 0.25 * camera.pixels_per_metre(ahead)
    return np.column_stack([low[:, 0] - half, high[:, 1], low[:, 0] + half, low[:, 1]]).astype(np.float32)
