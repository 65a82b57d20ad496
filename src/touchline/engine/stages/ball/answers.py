"""From the likeliest chain to what is said of each frame: seen, bridged or unknown, on the ground or not."""

from dataclasses import dataclass

import numpy as np

from touchline.engine.stages.ball.flight import in_the_air
from touchline.engine.stages.ball.nodes import Nodes
from touchline.engine.types import BallFound, BallReason, BallState, CameraStep, FloatArray
from touchline.football.pitch import PitchSize

LONGEST_BRIDGE_S = 0.5
# A path needs company: within a second before and after so many sightings, in such a share of frames, that speak for
# a ball by so much a second.
_COMPANY_S, _LEAST_COMPANY, _COMPANY_SHARE, _LEAST_EVIDENCE = 1.0, 3, 0.3, 0.5
_BESIDE_M = 4.0
_LOST_FOR_S = 2.5


@dataclass(slots=True)
class Waiting:
    """A frame without an answer; `to_own` (3, 3) maps the latest picture to its own."""

    index: int
    time_s: float
    candidates: int
    to_own: FloatArray


class Answers:
    """Answers frames in order; what it said of one frame binds it for the next."""

    def __init__(self, *, pitch: PitchSize) -> None:
        self._pitch = pitch
        self._last: Nodes | None = None
        # The far end of a bridge was used, so its frame is answered with it whatever is thought likely by then.
        self._promised: Nodes | None = None
        self._first_s: float | None = None

    def shift(self, step: CameraStep) -> None:
        """Move what was promised with the picture."""
        if self._promised is not None:
            self._promised["place"] = self._promised["place"] @ step.affine[:, :2].T + step.affine[:, 2]

    def answer(self, frame: Waiting, chain: Nodes, *, frame_s: float, now_s: float) -> BallFound:
        """Say where the ball was in a frame.

        Args:
            frame: the next frame in order.
            chain: the likeliest chain as known by now.
            frame_s: time from frame to frame.
            now_s: time of the latest frame.
        """
        chain, self._first_s = self._joined(chain), frame.time_s if self._first_s is None else self._first_s
        here = np.flatnonzero(chain["frame"] == frame.index)
        if len(here) and self._is_in_company(chain, int(here[0]), frame_s=frame_s, now_s=now_s):
            return self._seen(frame, chain, int(here[0]))
        before = int(np.searchsorted(chain["time_s"], frame.time_s)) - 1
        after = before + 1 + len(here)
        if len(here) == 0 and self._can_bridge(chain, before, after, frame_s=frame_s, now_s=now_s):
            return self._bridged(frame, chain, before, after)
        reason = self._why_unknown(frame, chain, before, after)
        return BallFound(frame.index, np.full(4, np.nan, np.float32), float("nan"), reason=reason)

    def _joined(self, chain: Nodes) -> Nodes:
        """The chain, with the promised node in the place of what it says of that frame."""
        if self._promised is None:
            return chain
        frame = self._promised["frame"][0]
        same = chain[chain["frame"] == frame]
        if len(same) and (same["box"] == self._promised["box"]).all():
            return chain
        rest = chain[chain["frame"] > frame]
        return np.concatenate([chain[chain["frame"] < frame], self._promised, rest])

    def _is_in_company(self, chain: Nodes, row: int, *, frame_s: float, now_s: float) -> bool:
        if self._promised is not None and chain["frame"][row] == self._promised["frame"][0]:
            return True
        time_s = float(chain["time_s"][row])
        near = np.abs(chain["time_s"] - time_s) <= _COMPANY_S + 1e-6
        first_s = time_s if self._first_s is None else self._first_s
        span_s = min(now_s, time_s + _COMPANY_S) - max(first_s, time_s - _COMPANY_S)
        # Where it moves within what is known by now: what never does cannot be told from a mark.
        moves = chain["has_moved"][row:] & (chain["trial"][row:] == chain["trial"][row])
        is_backed = bool(moves.any()) and float(chain["net"][near].sum()) >= _LEAST_EVIDENCE * span_s
        least = max(_LEAST_COMPANY, _COMPANY_SHARE * span_s / max(frame_s, 1e-6))
        return is_backed and int(near.sum()) >= least

    def _can_bridge(self, chain: Nodes, before: int, after: int, *, frame_s: float, now_s: float) -> bool:
        if before < 0 or after >= len(chain) or self._last is None:
            return False
        was_said = bool(chain["frame"][before] == self._last["frame"][0]) and bool(
            (chain["box"][before] == self._last["box"][0]).all()
        )
        gap_s = float(chain["time_s"][after] - chain["time_s"][before])
        return (
            was_said
            and gap_s <= LONGEST_BRIDGE_S + 1e-6
            and self._is_in_company(chain, after, frame_s=frame_s, now_s=now_s)
        )

    def _seen(self, frame: Waiting, chain: Nodes, row: int) -> BallFound:
        node = chain[row]
        self._last = chain[row : row + 1].copy()
        if self._promised is not None and self._promised["frame"][0] <= frame.index:
            self._promised = None
        position, reason = self._placed(node["metres"], [self._height(chain, row)])
        box = node["box"].astype(np.float32)
        return BallFound(frame.index, box, float(node["score"]), BallState.SEEN, position, *_height_of(reason))

    def _bridged(self, frame: Waiting, chain: Nodes, before: int, after: int) -> BallFound:
        start, end = chain[before], chain[after]
        self._promised = chain[after : after + 1].copy()
        share = (frame.time_s - start["time_s"]) / (end["time_s"] - start["time_s"])
        place = start["place"] * (1 - share) + end["place"] * share
        middle = (frame.to_own @ (*place, 1.0))[:2]
        sides = [(end_box[2:] - end_box[:2]) for end_box in (start["box"], end["box"])]
        half = (sides[0] * (1 - share) + sides[1] * share) / 2
        metres = start["metres"] * (1 - share) + end["metres"] * share
        position, reason = self._placed(metres, [self._height(chain, before), self._height(chain, after)])
        box = np.concatenate([middle - half, middle + half]).astype(np.float32)
        return BallFound(frame.index, box, float("nan"), BallState.BRIDGED, position, *_height_of(reason))

    @staticmethod
    def _height(chain: Nodes, row: int) -> bool:
        """Whether a node of a chain is in the air; False where that cannot be told."""
        known = np.isfinite(chain["metres"][:, 0])
        if not known[row]:
            return False
        return in_the_air(chain[known], int(known[:row].sum()))

    def _placed(self, metres: FloatArray, flies: list[bool]) -> tuple[FloatArray, BallReason]:
        nowhere = np.full(2, np.nan, np.float32)
        if any(flies):
            return nowhere, BallReason.IN_THE_AIR
        if not np.isfinite(metres).all():
            return nowhere, BallReason.NOT_PLACED
        end = np.array([self._pitch.length_m, self._pitch.width_m]) + _BESIDE_M
        if not ((metres > -_BESIDE_M) & (metres < end)).all():
            return nowhere, BallReason.BESIDE_THE_PITCH
        return metres.astype(np.float32), BallReason.NONE

    def _why_unknown(self, frame: Waiting, chain: Nodes, before: int, after: int) -> BallReason:
        """The likeliest reason, judged by the last sighting before the frame and the next one after it."""
        ends = [chain[row] for row in (before, after) if 0 <= row < len(chain)]
        if before < 0 and self._last is not None:
            ends.append(self._last[0])
        near = [end for end in ends if abs(end["time_s"] - frame.time_s) <= _LOST_FOR_S]
        if any(end["at_rim"] for end in near):
            return BallReason.OUT_OF_PICTURE
        if any(end["at_feet"] for end in near):
            return BallReason.HIDDEN
        return BallReason.NOT_FOUND if frame.candidates == 0 else BallReason.NO_PATH


def _height_of(reason: BallReason) -> tuple[bool, BallReason]:
    """Whether the ball is known to be on the ground, and the reason itself."""
    return reason in {BallReason.NONE, BallReason.BESIDE_THE_PITCH}, reason
