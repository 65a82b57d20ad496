"""Where each player ought to stand for a given ball: the block of eleven in its team's own frame.

Sizes follow full-view ranges of professional matches: about 35 m wide and 27 m long without the ball, about 48 m and
35 m with it.
"""

from dataclasses import astuple, dataclass

import numpy as np

from touchline.engine.synthetic.lineups import Line, Place
from touchline.engine.types import FloatArray
from touchline.football.pitch import PitchSize, to_team_frame

_HALF_WIDTH_OUT_M, _HALF_WIDTH_IN_M = 17.5, 23.5
_LENGTH_OUT_M, _LENGTH_IN_M, _LENGTH_DEEP_M = 27.0, 34.0, 21.0


@dataclass(frozen=True)
class Block:
    """A team's block in its own frame: metres; `side_shift_m` moves it towards the ball."""

    line_m: float
    length_m: float
    half_width_m: float
    side_shift_m: float

    def blended(self, other: "Block", share: float) -> "Block":
        """A block on the way from here to another, `share` 0..1 of it done."""
        return Block(
            *(mine + (theirs - mine) * share for mine, theirs in zip(astuple(self), astuple(other), strict=True))
        )


def wanted_block(ball_team_m: FloatArray, *, has_ball: bool, deep: bool, pitch: PitchSize) -> Block:
    """The block for a ball at (2,) metres in the team's own frame."""
    forward, lateral = float(ball_team_m[0]), float(ball_team_m[1]) - pitch.width_m / 2
    if has_ball:
        return Block(float(np.clip(0.72 * forward + 2.0, 16, 50)), _LENGTH_IN_M, _HALF_WIDTH_IN_M, 0.14 * lateral)
    if deep:
        line = float(np.clip(15.5 + 0.05 * (forward - 40), 14.5, 17.5))
        return Block(line, _LENGTH_DEEP_M, _HALF_WIDTH_OUT_M - 0.5, 0.30 * lateral)
    line = float(np.clip(0.62 * forward - 1.0, 18, 44))
    return Block(line, _LENGTH_OUT_M, _HALF_WIDTH_OUT_M, 0.34 * lateral)


def places_m(
    block: Block, places: tuple[Place, ...], *, in_share: float, attacks_right: bool, pitch: PitchSize
) -> FloatArray:
    """(11, 2) metres in frame P for a block; `in_share` 0..1 blends the places without and with the ball."""
    depth = np.array([p.depth_out + (p.depth_in - p.depth_out) * in_share for p in places])
    side = np.array([p.side_out + (p.side_in - p.side_out) * in_share for p in places])
    x = np.minimum(block.line_m + depth * block.length_m, pitch.length_m - 8.0)
    y = np.clip(pitch.width_m / 2 + block.side_shift_m + side * block.half_width_m, 2.5, pitch.width_m - 2.5)
    return to_team_frame(np.column_stack([x, y]), attacks_right=attacks_right, pitch=pitch)


def keeper_place_m(ball_team_m: FloatArray, *, attacks_right: bool, pitch: PitchSize) -> FloatArray:
    """(2,) metres in frame P: off the line with a far ball, a little to the ball's side."""
    x = float(np.clip(3.0 + 0.075 * ball_team_m[0], 3.5, 10.0))
    y = pitch.width_m / 2 + 0.10 * (float(ball_team_m[1]) - pitch.width_m / 2)
    return to_team_frame(np.array((x, y)), attacks_right=attacks_right, pitch=pitch)


def back_indices(places: tuple[Place, ...]) -> list[int]:
    """Which of the eleven form the back line."""
    return [index for index, place in enumerate(places) if place.line is Line.BACK]
