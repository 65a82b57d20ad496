"""Persons and ball by a centre-heatmap network."""

from collections.abc import Callable
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from touchline.engine.stages.detect.looks import HeightLine, Look, Looks, SizeOfPeople
from touchline.engine.stages.detect.network import FloatMaps, Network
from touchline.engine.types import Detections, FloatArray, Image, IntArray
from touchline.engine.weights import ModelFile

_STRIDE = 4
_MULTIPLE = 32
_OVERLAP_IOU, _CONTAINED = 0.5, 0.8
# The contract's default confidences; they mean the model's own operating points.
_PERSON_DEFAULT, _BALL_DEFAULT = 0.5, 0.3
# How far below the asked confidence candidates are kept: the tracker's second round and the ball path use them.
_PERSON_LOW, _BALL_LOW = 0.5, 0.45
_MOST_PEOPLE, _MOST_BALLS = 120, 12
# A ball is 0.22 m, a person about 1.8 m; blur makes the ball look a little larger.
_BALL_OF_PERSON = 0.15
_BALL_PX = 12.0
_SECOND_LOOK_PX, _SECOND_LOOK_SCALE = 256, 2.0


class HeatmapDetector:
    """Detector for models of the centre-heatmap layout.

    Scores come out on the contract's scale: a person at the model's operating point scores 0.5, a ball 0.3, whatever
    the model's raw score there. Candidates down to about half the asked confidence are listed.
    """

    def __init__(
        self,
        network: Network,
        model: ModelFile,
        *,
        person_confidence: float = _PERSON_DEFAULT,
        ball_confidence: float = _BALL_DEFAULT,
        input_size: tuple[int, int] = (1280, 736),
    ) -> None:
        """Args:
        network: the loaded model.
        model: its manifest entry.
        person_confidence: contract's value.
        ball_confidence: contract's value.
        input_size: width and height of the network's input; their product is the usual work on every picture.
        """
        self._network, self._model = network, model
        self._person_low = person_confidence * _PERSON_LOW
        self._person_confidence, self._ball_low = person_confidence, ball_confidence * _BALL_LOW
        self._looks = Looks(float(input_size[0] * input_size[1]))

    @property
    def name(self) -> str:
        return f"{self._model.name} ({self._network.name})"

    @property
    def look(self) -> Look | None:
        """The part and scale at which the latest picture was seen."""
        return self._looks.look

    @property
    def people(self) -> SizeOfPeople | None:
        """How large the median player is in the source and at the network's input; None while too little was seen."""
        return self._looks.people

    def focus(self, region: tuple[float, float, float, float] | None) -> None:
        """Tell where people may be seen (x0, y0, x1, y1 source pixels), so that no work goes elsewhere."""
        self._looks.focus(region)

    def detect(self, image: Image) -> Detections:
        """Find persons and ball candidates in (H, W, 3) BGR."""
        found = self.task(image)()
        self.learn(found)
        return found

    def task(self, image: Image) -> Callable[[], Detections]:
        look = self._looks.next_look((image.shape[1], image.shape[0]))
        return partial(self.search, image, look, heights=self._looks.line)

    def learn(self, found: Detections) -> None:
        self._looks.learn(found.boxes[found.scores >= self._person_confidence])

    def search(self, image: Image, look: Look, *, heights: HeightLine | None = None) -> Detections:
        """Find persons and ball candidates as one look sees them; nothing is remembered.

        Args:
            image: (H, W, 3) BGR.
            look: the part and scale.
            heights: how tall people are by row, which gives balls their size; None while unknown.
        """
        persons, balls = self._look(image, look, heights)
        persons, balls = _suppress(persons)[:_MOST_PEOPLE], _suppress(balls)[:_MOST_BALLS]
        return Detections(
            boxes=persons[:, :4].astype(np.float32),
            scores=persons[:, 4].astype(np.float32),
            ball_boxes=balls[:, :4].astype(np.float32),
            ball_scores=balls[:, 4].astype(np.float32),
        )

    def ball_near(self, image: Image, centre_px: tuple[float, float]) -> tuple[FloatArray, FloatArray]:
        """Look again, enlarged, around a place where the ball should be.

        Returns:
            Boxes (N, 4) source pixels and scores (N,) of ball candidates within the crop, strongest first.
        """
        height, width = image.shape[:2]
        side_x, side_y = min(_SECOND_LOOK_PX, width), min(_SECOND_LOOK_PX, height)
        x0 = int(np.clip(centre_px[0] - side_x / 2, 0, width - side_x))
        y0 = int(np.clip(centre_px[1] - side_y / 2, 0, height - side_y))
        look = Look(x0, y0, x0 + side_x, y0 + side_y, _SECOND_LOOK_SCALE)
        ball = _suppress(self._look(image, look, self._looks.line)[1])[:_MOST_BALLS]
        return ball[:, :4].astype(np.float32), ball[:, 4].astype(np.float32)

    def _look(self, image: Image, look: Look, heights: HeightLine | None) -> tuple[FloatArray, FloatArray]:
        """Persons (N, 5) and balls (M, 5): box in source pixels and score on the contract's scale."""
        crop = image[look.y0 : look.y1, look.x0 : look.x1]
        wide = max(_MULTIPLE, _round_up(crop.shape[1] * look.scale))
        tall = max(_MULTIPLE, _round_up(crop.shape[0] * look.scale))
        heat, distances = self._network(_blob(crop, look.scale, wide, tall))
        inside = (
            int(np.ceil(crop.shape[0] * look.scale / _STRIDE)),
            int(np.ceil(crop.shape[1] * look.scale / _STRIDE)),
        )
        heat, distances = heat[:, : inside[0], : inside[1]], distances[:, : inside[0], : inside[1]]
        origin = np.array([look.x0, look.y0], np.float32)
        person = self._model.person_threshold
        rows, columns = _peaks(heat[0], least=from_contract(self._person_low, raw=person, default=_PERSON_DEFAULT))
        boxes = _boxes(rows, columns, distances) / look.scale + np.tile(origin, 2)
        persons = np.column_stack([boxes, to_contract(heat[0, rows, columns], raw=person, default=_PERSON_DEFAULT)])
        ball = self._model.ball_threshold
        rows, columns = _peaks(heat[1], least=from_contract(self._ball_low, raw=ball, default=_BALL_DEFAULT))
        # What looks more like a person than like a ball is one.
        is_ball = heat[1, rows, columns] > heat[0, rows, columns]
        rows, columns = rows[is_ball], columns[is_ball]
        boxes = _ball_boxes(_centres(rows, columns, heat[1]) / look.scale + origin, heights)
        balls = np.column_stack([boxes, to_contract(heat[1, rows, columns], raw=ball, default=_BALL_DEFAULT)])
        return persons, balls


def to_contract(raw_scores: FloatArray, *, raw: float, default: float) -> FloatArray:
    """Raw scores on the contract's scale: `raw`, the operating point, becomes `default`; monotone from 0 to 1."""
    scores = np.asarray(raw_scores)
    return np.where(scores <= raw, scores * default / raw, default + (scores - raw) * (1 - default) / (1 - raw))


def from_contract(confidence: float, *, raw: float, default: float) -> float:
    """The raw score that a contract confidence means; the inverse of `to_contract`."""
    if confidence <= default:
        return confidence * raw / default
    return raw + (confidence - default) * (1 - raw) / (1 - default)


def _blob(crop: Image, scale: float, wide: int, tall: int) -> NDArray[np.float32]:
    """(1, 3, tall, wide) float32 BGR 0..255, the scaled crop in the top left corner, black elsewhere."""
    if scale != 1.0:
        size = (round(crop.shape[1] * scale), round(crop.shape[0] * scale))
        crop = cv2.resize(crop, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)  # type: ignore[assignment]  # uint8 in, uint8 out
    blob = np.zeros((1, 3, tall, wide), np.float32)
    for channel in range(3):
        blob[0, channel, : crop.shape[0], : crop.shape[1]] = crop[:, :, channel]
    return blob


def _peaks(heat: FloatMaps, *, least: float) -> tuple[IntArray, IntArray]:
    """Rows and columns of the local maxima of a heat map (H, W)."""
    heat = np.ascontiguousarray(heat)
    top = cv2.dilate(heat, np.ones((3, 3), np.uint8))
    rows, columns = np.nonzero((heat >= least) & (heat >= top))
    return rows, columns


def _boxes(rows: IntArray, columns: IntArray, distances: FloatMaps) -> FloatMaps:
    """Boxes (N, 4) in input pixels from the distances to left, top, right and bottom at the peaks."""
    left, up, right, down = distances[:, rows, columns]
    x, y = columns * _STRIDE + _STRIDE / 2, rows * _STRIDE + _STRIDE / 2
    return np.column_stack([x - left, y - up, x + right, y + down]).astype(np.float32)


def _centres(rows: IntArray, columns: IntArray, heat: FloatMaps) -> FloatArray:
    """Peaks (N, 2) x, y in input pixels, moved within their cell by the heat of the neighbours."""
    padded = np.pad(heat, 1)
    shifts = [(dx, dy) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
    weights = np.array([padded[rows + 1 + dy, columns + 1 + dx] for dx, dy in shifts]) ** 2
    moved = (np.array(shifts, float).T @ weights / np.maximum(weights.sum(axis=0), 1e-9)).T
    return np.asarray((np.column_stack([columns, rows]) + moved) * _STRIDE + _STRIDE / 2)


def _ball_boxes(centres: FloatArray, heights: HeightLine | None) -> FloatArray:
    """Boxes (N, 4) of balls at (N, 2), as large as balls are beside people there.

    The network's own distances around a ball are those of the person who plays it, so they are not used.
    """
    side = np.full(len(centres), _BALL_PX) if heights is None else heights.height_px(centres[:, 1]) * _BALL_OF_PERSON
    half = np.maximum(side, 4.0)[:, None] / 2
    return np.concatenate([centres - half, centres + half], axis=1)


def _suppress(boxes: FloatArray) -> FloatArray:
    """Keep the strongest of overlapping boxes (N, 5): IoU above 0.5, or 0.8 of the smaller one covered."""
    if len(boxes) == 0:
        return boxes.reshape(0, 5)
    boxes = boxes[np.argsort(-boxes[:, 4], kind="stable")]
    area = np.clip(boxes[:, 2] - boxes[:, 0], 0, None) * np.clip(boxes[:, 3] - boxes[:, 1], 0, None)
    low = np.maximum(boxes[:, None, :2], boxes[None, :, :2])
    high = np.minimum(boxes[:, None, 2:4], boxes[None, :, 2:4])
    shared = np.prod(np.clip(high - low, 0, None), axis=2)
    union = area[:, None] + area[None, :] - shared
    smaller = np.minimum(area[:, None], area[None, :])
    clash = (shared > _OVERLAP_IOU * union) | (shared > _CONTAINED * smaller)
    keep = area > 0
    for index in range(len(boxes)):
        if keep[index]:
            keep[index + 1 :] &= ~clash[index, index + 1 :]
    return boxes[keep]


def _round_up(pixels: float) -> int:
    return int(np.ceil(round(pixels, 3) / _MULTIPLE)) * _MULTIPLE
