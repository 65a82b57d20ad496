"""Which poses people of each kind take, and how often; one is drawn with its variation and its mirror image."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from training.people import actions, gestures, stances
from training.people.skeleton import Pose
from training.people.stances import Rng, near

PoseMaker = Callable[[Rng], Pose]

PLAYER_POSES: dict[PoseMaker, float] = {
    stances.standing: 7, stances.easy_stand: 6, stances.walking: 15, stances.walking_tired: 2, stances.jogging: 15, stances.sprinting: 14, stances.accelerating: 3,
    actions.turning: 4, actions.side_step: 4, actions.back_pedal: 3, actions.jockeying: 5, actions.kick_backswing: 2.5, actions.kick_through: 2.5, actions.passing: 3,
    actions.controlling: 3, actions.dribbling: 4, actions.heading: 3, actions.celebrating: 1.5, actions.throw_in: 1.5, actions.sliding: 2, actions.lunging: 2.5,
    actions.falling: 1.5, actions.lying: 1.5, actions.sitting: 1.2, actions.kneeling: 0.8, gestures.hands_on_hips: 3, gestures.pointing: 3, gestures.arm_up: 2, gestures.clapping: 1,
    gestures.bending: 2,
}  # fmt: skip
KEEPER_POSES: dict[PoseMaker, float] = {
    gestures.keeper_ready: 9, stances.standing: 3, stances.easy_stand: 2, stances.walking: 4, stances.jogging: 2, actions.side_step: 4, gestures.keeper_dive: 4,
    gestures.keeper_catch: 2, gestures.keeper_with_ball: 3, gestures.keeper_throw: 1.5, actions.kick_through: 1, gestures.pointing: 2, gestures.arm_up: 1,
    gestures.hands_on_hips: 1, stances.sprinting: 1,
}  # fmt: skip
REFEREE_POSES: dict[PoseMaker, float] = {
    stances.standing: 3, stances.walking: 4, stances.jogging: 4, stances.sprinting: 2, actions.side_step: 2, actions.back_pedal: 1.5, gestures.whistling: 3,
    gestures.referee_signal: 3, gestures.flag_up: 3, gestures.flag_down: 5, gestures.hands_on_hips: 0.5,
}  # fmt: skip
STAFF_POSES: dict[PoseMaker, float] = {
    stances.standing: 5, stances.easy_stand: 5, stances.walking: 4, gestures.arms_folded: 5, gestures.hands_in_pockets: 4, gestures.hands_on_hips: 3, gestures.pointing: 3,
    gestures.shouting: 3, gestures.clapping: 2, gestures.sitting_on_seat: 4, gestures.bending: 1, actions.kneeling: 0.5, stances.jogging: 1,
}  # fmt: skip
OTHER_POSES: dict[PoseMaker, float] = {
    stances.standing: 4, stances.easy_stand: 3, stances.walking: 4, gestures.crouching: 5, actions.kneeling: 2, gestures.sitting_on_seat: 3, actions.sitting: 2,
    gestures.arms_folded: 2, gestures.hands_in_pockets: 2, gestures.clapping: 1, stances.jogging: 1,
}  # fmt: skip

HOLDS_BALL = frozenset({"throw_in", "keeper_catch", "keeper_with_ball"})


def draw_pose(rng: Rng, poses: dict[PoseMaker, float]) -> tuple[str, Pose]:
    """One pose out of a table of weights, left and right exchanged half the time, and its name."""
    makers = list(poses)
    shares = np.array([poses[maker] for maker in makers])
    maker = makers[int(rng.choice(len(makers), p=shares / shares.sum()))]
    pose = maker(rng)
    pose = replace(
        pose, look=pose.look + near(rng, 0, 16), tilt=pose.tilt + near(rng, 0, 4), nod=pose.nod + near(rng, 0, 5)
    )
    return maker.__name__, pose.mirrored() if rng.random() < 0.5 else pose
