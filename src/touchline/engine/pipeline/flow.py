"""One video through the stages, frame by frame; memory holds seconds, never the video.

Observations come out late, in order and once: the ball is decided two seconds late, and until the teams are known
(about 20 s) everything waits, so that the first windows have teams too.
"""

import time
from collections import deque
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace

import numpy as np

from touchline.engine.pipeline.ahead import DetectAhead, ReadAhead
from touchline.engine.ports import FrameSource, Stages
from touchline.engine.stages.calibrate import CAMERA_MOVES, visible_pitch
from touchline.engine.types import (
    BallFound,
    BallReason,
    BallState,
    Calibration,
    CameraStep,
    Detections,
    FloatArray,
    Frame,
    IntArray,
    Observation,
    Tracks,
)
from touchline.football.pitch import PitchSize

# Longest wait for the teams, in seconds of video: then frames flow on without them until they are known.
_WAIT_FOR_TEAMS_S = 40.0
_SAME_BALL = 0.5


@dataclass(slots=True)
class PipelineState:
    """How far the work has come; read between two observations. `people`: tracked in the latest frame."""

    frames: int = 0
    time_s: float = 0.0
    people: int = 0
    second_looks: int = 0


@dataclass(slots=True)
class _Draft:
    """A frame that waits for its ball and for the teams; the picture itself is not kept."""

    frame_index: int
    source_index: int
    time_s: float
    tracks: Tracks
    calibration: Calibration | None
    ball: BallFound | None = None


class Pipeline:
    """Sends a video through its stages. Iterate `observations` once; closing that iterator stops the decoder."""

    def __init__(
        self, source: FrameSource, stages: Stages, *, pitch: PitchSize, threads: int = 1, is_realtime: bool = False
    ) -> None:
        """Args:
        source: the video.
        stages: made for this video; they keep state and serve once.
        pitch: its size.
        threads: pictures that are worked on at the same time.
        is_realtime: hand frames on no faster than the video plays.
        """
        self._source, self._stages, self._pitch = source, stages, pitch
        self._threads, self._is_realtime = max(1, threads), is_realtime
        self.state = PipelineState()
        self._drafts: deque[_Draft] = deque()
        self._people = np.zeros((0, 4), np.float32)
        self._size = (source.facts.width, source.facts.height)
        self._placed: Calibration | None = None
        self._visible: FloatArray | None = None
        self._seen_ids: set[int] = set()

    @property
    def calibration(self) -> Calibration | None:
        """The calibration of the latest frame."""
        return self._placed

    def observations(self) -> Generator[Observation | None, None, None]:
        """Every analysed frame once, in order; None means that work went on but nothing is ready yet."""
        decoded = ReadAhead(self._source.frames())
        detected = DetectAhead(iter(decoded), self._stages.detector, workers=self._threads)
        clock = _Pace() if self._is_realtime else None
        try:
            for frame, found in detected:
                if clock is not None:
                    clock.wait_for(frame.time_s)
                self._analyse(frame, found)
                yield None
                yield from self._released(self._is_waiting_for_teams(frame.time_s))
            self._take_balls(self._stages.ball.finish())
            if not self._stages.teams.is_fitted:
                self._stages.teams.fit()
            yield from self._released(is_waiting=False)
        finally:
            detected.close()
            decoded.close()

    def final_labels(self) -> tuple[IntArray, IntArray, IntArray]:
        """Ids, teams and roles of every track that was seen, as known at the end."""
        ids = np.array(sorted(self._seen_ids), np.int32)
        teams, roles = self._stages.teams.labels(ids)
        return ids, teams, roles

    def _analyse(self, frame: Frame, found: Detections) -> None:
        stages = self._stages
        step = stages.motion.update(frame, self._people)
        self._follow_camera(step)
        calibration = stages.calibrator.calibrate(frame)
        self._place(calibration)
        detections = stages.gate.keep(frame, found, calibration)
        # Of the players only: a crowd would tell the detector that everybody is small.
        stages.detector.learn(detections)
        tracks = stages.tracker.update(frame, detections)
        stages.teams.observe(frame, tracks, calibration)
        self._people = detections.boxes
        self._seen_ids.update(tracks.ids.tolist())
        self._drafts.append(_Draft(frame.index, frame.source_index, frame.time_s, tracks, calibration))
        self._find_ball(frame, detections, tracks, calibration)
        self.state.frames, self.state.time_s, self.state.people = frame.index + 1, frame.time_s, len(tracks.ids)

    def _follow_camera(self, step: CameraStep) -> None:
        stages = self._stages
        if step.is_moving:
            stages.tracker.shift(step)
            stages.ball.shift(step)
            stages.gate.shift(step)
        if stages.motion.has_moved:
            stages.calibrator.camera_moved()

    def _place(self, calibration: Calibration | None) -> None:
        """Once per calibration: what of the pitch is visible, where to look for people."""
        if calibration is self._placed and self.state.frames:
            return
        self._placed = calibration
        self._visible = None if calibration is None else visible_pitch(calibration, self._size, pitch=self._pitch)
        self._stages.detector.focus(self._stages.gate.region_px(calibration))

    def _find_ball(self, frame: Frame, detections: Detections, tracks: Tracks, calibration: Calibration | None) -> None:
        boxes, scores = self._looked_closer(frame, detections, calibration)
        found = self._stages.ball.add(
            frame.index,
            frame.time_s,
            boxes=boxes,
            scores=scores,
            people=detections.boxes,
            followed=tracks,
            calibration=calibration,
            picture_size=self._size,
        )
        self._take_balls(found)

    def _looked_closer(
        self, frame: Frame, detections: Detections, calibration: Calibration | None
    ) -> tuple[FloatArray, FloatArray]:
        """Ball candidates of the whole picture and of the closer looks that are worth their work."""
        boxes, scores, look = detections.ball_boxes, detections.ball_scores, self._stages.second_look
        if look is None:
            return boxes, scores
        places = self._stages.ball.places_to_look(
            frame.time_s,
            boxes=boxes,
            scores=scores,
            people=detections.boxes,
            picture_size=self._size,
            calibration=calibration,
        )
        for place in places:
            self.state.second_looks += 1
            closer = look.ball_near(frame.image, place)
            found = replace(detections, ball_boxes=closer[0], ball_scores=closer[1])
            # Spare balls, bottles and boards beside the pitch are many.
            kept = self._stages.gate.keep(frame, found, calibration)
            boxes, scores = _merged(boxes, scores, kept.ball_boxes, kept.ball_scores)
        return boxes, scores

    def _take_balls(self, found: list[BallFound]) -> None:
        if not found:
            return
        waiting = {draft.frame_index: draft for draft in self._drafts if draft.ball is None}
        for ball in found:
            waiting[ball.frame_index].ball = ball

    def _is_waiting_for_teams(self, time_s: float) -> bool:
        if self._stages.teams.is_fitted or not self._drafts:
            return False
        return time_s - self._drafts[0].time_s < _WAIT_FOR_TEAMS_S

    def _released(self, is_waiting: bool) -> Iterator[Observation]:
        while not is_waiting and self._drafts and self._drafts[0].ball is not None:
            yield self._observation(self._drafts.popleft())

    def _observation(self, draft: _Draft) -> Observation:
        assert draft.ball is not None
        tracks, calibration, ball = draft.tracks, draft.calibration, draft.ball
        if self._stages.calibrator.reason == CAMERA_MOVES:
            # What was placed before the movement was noticed may be wrong already.
            calibration, ball = None, _without_metres(ball)
        teams, roles = self._stages.teams.labels(tracks.ids)
        feet = np.column_stack([(tracks.boxes[:, 0] + tracks.boxes[:, 2]) / 2, tracks.boxes[:, 3]])
        return Observation(
            frame_index=draft.frame_index,
            source_index=draft.source_index,
            time_s=draft.time_s,
            track_ids=tracks.ids,
            boxes=tracks.boxes,
            scores=tracks.scores,
            teams=teams,
            roles=roles,
            positions=_positions(feet, calibration),
            ball_box=ball.box,
            ball_score=ball.score,
            ball_position=ball.position,
            ball_state=ball.state,
            ball_on_ground=ball.on_ground,
            ball_reason=ball.reason,
            visible=self._visible if calibration is not None else None,
        )


class _Pace:
    """Keeps the reading of frames at the speed of the video."""

    def __init__(self) -> None:
        self._start_s: float | None = None

    def wait_for(self, time_s: float) -> None:
        now_s = time.monotonic()
        if self._start_s is None:
            self._start_s = now_s - time_s
        time.sleep(max(0.0, self._start_s + time_s - now_s))


def _positions(feet: FloatArray, calibration: Calibration | None) -> FloatArray:
    if calibration is None or len(feet) == 0:
        return np.full((len(feet), 2), np.nan, np.float32)
    return calibration.to_pitch(feet).astype(np.float32)


def _without_metres(ball: BallFound) -> BallFound:
    """The same ball in a picture that is not placed after all: nothing is known of its place or its height."""
    if ball.state is BallState.UNKNOWN:
        return ball
    nowhere = np.full(2, np.nan, np.float32)
    return replace(ball, position=nowhere, on_ground=False, reason=BallReason.NOT_PLACED)


def _merged(
    boxes: FloatArray, scores: FloatArray, more_boxes: FloatArray, more_scores: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Candidates of both looks; one seen twice keeps its better score."""
    if len(more_boxes) == 0:
        return boxes, scores
    if len(boxes) == 0:
        return more_boxes, more_scores
    middles, more_middles = (boxes[:, :2] + boxes[:, 2:]) / 2, (more_boxes[:, :2] + more_boxes[:, 2:]) / 2
    apart = np.hypot(*(more_middles[:, None] - middles[None]).transpose(2, 0, 1))
    reach = _SAME_BALL * (more_boxes[:, 3] - more_boxes[:, 1])
    is_new = apart.min(axis=1) > np.maximum(reach, 4.0)
    scores = scores.copy()
    for row in np.flatnonzero(~is_new):
        known = int(np.argmin(apart[row]))
        scores[known] = max(scores[known], more_scores[row])
    return np.concatenate([boxes, more_boxes[is_new]]), np.concatenate([scores, more_scores[is_new]])
