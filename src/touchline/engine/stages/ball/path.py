"""The ball's path through noisy candidates: the best chain over seconds, decided two seconds late; gaps stay gaps.

A single candidate proves little (spots, boots and lamps look like balls), a chain that moves as a ball can move does.
"""

from collections import deque

import numpy as np

from touchline.engine.stages.ball.answers import Answers, Waiting
from touchline.engine.stages.ball.boots import Boots
from touchline.engine.stages.ball.candidates import ground_under, middles, nodes_of, small_enough
from touchline.engine.stages.ball.chains import LONGEST_HIDDEN_S, Chains
from touchline.engine.stages.ball.ground import BodyHeights
from touchline.engine.stages.ball.lookout import Expectation, Lookout
from touchline.engine.stages.ball.stillness import Stillness
from touchline.engine.types import BallFound, Calibration, CameraStep, FloatArray, Tracks
from touchline.football.pitch import STANDARD_PITCH, PitchSize

_FOLLOWED_S = 0.8
_USUAL_FRAME_S = 0.2
_SLOWEST_WEIGHT = 0.25
_REACH_M = 4.5
# The work of a frame grows with the square of its candidates; weaker ones than these never made a path.
_MOST_CANDIDATES = 12


class BallPath:
    """Chooses the ball among the candidates of successive frames.

    Feed every analysed frame in order with `add`; answers come `lag_s` later, each frame exactly once and in order.
    """

    def __init__(self, *, pitch: PitchSize = STANDARD_PITCH, lag_s: float = 2.0) -> None:
        self._lag_s, self._pitch = lag_s, pitch
        self._chains = Chains(keep_s=lag_s + 2 * LONGEST_HIDDEN_S)
        self._stillness, self._boots, self._heights = Stillness(), Boots(), BodyHeights()
        self._lookout, self._answers = Lookout(pitch=pitch), Answers(pitch=pitch)
        self._undecided: deque[Waiting] = deque()
        self._now_s: float | None = None
        self._frame_s = _USUAL_FRAME_S
        self._expected: Expectation | None = None
        self._pace = np.zeros(2)

    def shift(self, step: CameraStep) -> None:
        """Move everything known with the picture."""
        self._chains.shift(step)
        self._stillness.shift(step)
        self._answers.shift(step)
        turn, offset = step.affine[:, :2], step.affine[:, 2]
        if self._expected is not None:
            place = self._expected.place @ turn.T + offset
            self._expected = Expectation(place, self._expected.reach_px, self._expected.seen_s)
            self._pace = self._pace @ turn.T
        back = np.linalg.inv(np.vstack([step.affine, (0.0, 0.0, 1.0)]))
        for waiting in self._undecided:
            waiting.to_own = waiting.to_own @ back

    def places_to_look(
        self,
        time_s: float,
        *,
        boxes: FloatArray,
        scores: FloatArray,
        people: FloatArray,
        picture_size: tuple[int, int],
        calibration: Calibration | None = None,
    ) -> list[tuple[float, float]]:
        """Where a closer look at the next frame is worth its work, likeliest first; call before `add`."""
        expected, is_followed = self._expected, False
        if expected is not None:
            wait_s = time_s - expected.seen_s
            is_followed = wait_s <= _FOLLOWED_S
            # A rolling ball slows down; a kicked one is found again by the size of the look.
            place = expected.place + (0.8 * wait_s * self._pace if is_followed else 0.0)
            expected = Expectation(place, expected.reach_px, expected.seen_s)
        return self._lookout.places(
            time_s,
            expected,
            is_followed=is_followed,
            boxes=boxes,
            scores=scores,
            people=people,
            size=picture_size,
            calibration=calibration,
        )

    def add(
        self,
        frame_index: int,
        time_s: float,
        *,
        boxes: FloatArray,
        scores: FloatArray,
        people: FloatArray,
        followed: Tracks | None = None,
        calibration: Calibration | None = None,
        picture_size: tuple[int, int] | None = None,
    ) -> list[BallFound]:
        """Add one frame's candidates.

        Args:
            frame_index: index of the analysed frame.
            time_s: its presentation time.
            boxes: (N, 4) ball candidates, source pixels.
            scores: (N,) on the contract's scale.
            people: (M, 4) person boxes of the same frame.
            followed: those of them who are followed; None where nobody is.
            calibration: of this frame; None where the picture is not placed.
            picture_size: width and height, when known.

        Returns:
            The decisions that are due.
        """
        if self._now_s is not None and time_s > self._now_s:
            self._frame_s = min(time_s - self._now_s, 0.5)
        self._now_s = time_s
        boxes, scores = np.asarray(boxes, float).reshape(-1, 4), np.asarray(scores, float)
        self._heights.learn(people)
        small = small_enough(boxes, self._heights)
        strongest = np.argsort(-scores[small], kind="stable")[:_MOST_CANDIDATES]
        boxes, scores = boxes[small][strongest], scores[small][strongest]
        ground = ground_under(middles(boxes), calibration, self._heights)
        weight = float(np.clip(self._frame_s / _USUAL_FRAME_S, _SLOWEST_WEIGHT, 1.0))
        nodes = nodes_of(boxes, scores, ground, people=people, pitch=self._pitch, size=picture_size, weight=weight)
        nodes["frame"], nodes["time_s"] = frame_index, time_s
        nodes["still_since_s"], nodes["is_caption"] = self._stillness.judge(time_s, middles(boxes), ground)
        nodes["body"], nodes["worn_since_s"] = self._boots.judge(time_s, middles(boxes), people, followed)
        self._chains.add(nodes, time_s=time_s, frame_s=self._frame_s, weight=weight)
        self._expect()
        self._undecided.append(Waiting(frame_index, time_s, len(nodes), np.eye(3)))
        return self._decide(until_s=time_s - self._lag_s)

    def finish(self) -> list[BallFound]:
        """Decide what is still open, at the end of the video."""
        return self._decide(until_s=np.inf)

    def _expect(self) -> None:
        assert self._now_s is not None
        end = self._chains.best_end(self._now_s)
        if end < 0:
            return
        node = self._chains.node(end)[0]
        pace = node["velocity"] if np.isnan(node["metres"][0]) else node["px_per_m"] @ node["velocity"]
        self._pace = np.asarray(pace, float)
        self._expected = Expectation(node["place"].copy(), float(_REACH_M * node["scale"]), float(node["time_s"]))

    def _decide(self, *, until_s: float) -> list[BallFound]:
        found: list[BallFound] = []
        if not self._undecided or self._undecided[0].time_s > until_s + 1e-6 or self._now_s is None:
            return found
        chain = self._chains.chain(self._chains.best_end(self._now_s))
        while self._undecided and self._undecided[0].time_s <= until_s + 1e-6:
            frame = self._undecided.popleft()
            found.append(self._answers.answer(frame, chain, frame_s=self._frame_s, now_s=self._now_s))
        return found
