"""Persons and ball by one network, whatever its layout."""

import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from touchline.engine.stages.detect.boxes import suppress
from touchline.engine.stages.detect.card import copyleft_warning
from touchline.engine.stages.detect.layouts import Least, Overlap, Seen
from touchline.engine.stages.detect.looking import LookingDetector
from touchline.engine.stages.detect.looks import HeightLine, Look, Looks
from touchline.engine.stages.detect.network import Network, open_network
from touchline.engine.stages.detect.onnx_file import read_onnx
from touchline.engine.stages.detect.picture import fitted, lay
from touchline.engine.stages.detect.reading import OWN, Reading, read_as
from touchline.engine.stages.detect.scores import BALL_DEFAULT, PERSON_DEFAULT, from_contract, to_contract
from touchline.engine.types import Detections, FloatArray, Image, SizeOfPeople
from touchline.engine.weights import ModelFile, load_model

_log = logging.getLogger(__name__)

# How far below the asked confidence candidates are kept: the tracker's second round and the ball path use them.
_PERSON_LOW, _BALL_LOW = 0.5, 0.45
MOST_PEOPLE, MOST_BALLS = 120, 12
# A ball is 0.22 m, a person about 1.8 m; blur makes the ball look a little larger.
_BALL_OF_PERSON = 0.15
# A "ball" larger than this share of a person is a head, a shirt or a person further away.
_LARGEST_BALL_OF_PERSON = 0.5
_BALL_PX = 12.0
_SAME_BALL = Overlap(iou=0.5, contained=0.8)
_SECOND_LOOK_PX, _SECOND_LOOK_SCALE = 256, 2.0


@dataclass(frozen=True, slots=True)
class Floors:
    """Scores on the contract's scale down to which everything is listed, however much it is."""

    person: float
    ball: float


class NetworkDetector(LookingDetector):
    """One network as a detector.

    Scores come out on the contract's scale: a person at the model's operating point scores 0.5, a ball 0.3, whatever
    the model's raw score there. Candidates down to about half the asked confidence are listed, the strongest 120
    people and 12 balls; with a floor of one's own everything down to it is.
    """

    def __init__(
        self,
        network: Network,
        model: ModelFile,
        *,
        reading: Reading = OWN,
        person_confidence: float = PERSON_DEFAULT,
        ball_confidence: float = BALL_DEFAULT,
        input_size: tuple[int, int] = (1280, 736),
        floor: float | Floors | None = None,
    ) -> None:
        """Args:
        network: the loaded model.
        model: what is known of it.
        reading: how it is fed and read.
        person_confidence: contract's value.
        ball_confidence: contract's value.
        input_size: width and height of the network's input; their product is the usual work on every picture. A
            network of one size only does not ask.
        floor: score on the contract's scale down to which everything is listed; None: what tracking needs.
        """
        width, height = reading.form.size or input_size
        super().__init__(Looks(float(width * height)), person_confidence=person_confidence)
        self._network, self.model, self.reading = network, model, reading
        self._is_all = floor is not None
        lows = lows_of(person_confidence, ball_confidence, floor=floor)
        self._person = {"raw": model.person_threshold, "default": PERSON_DEFAULT}
        self._ball = {"raw": model.ball_threshold, "default": BALL_DEFAULT}
        self._least = Least(from_contract(lows.person, **self._person), from_contract(lows.ball, **self._ball))

    @property
    def name(self) -> str:
        return f"{self.model.name} ({self._network.name})"

    @property
    def look(self) -> Look | None:
        """See `LookingDetector`; as large as fits into a network of one size only."""
        look = self._looks.look
        return None if look is None else fitted(look, self.reading.form)

    @property
    def people(self) -> SizeOfPeople | None:
        """See `LookingDetector`; a network of one size only always does the same work."""
        people, look = self._looks.people, self.look
        if people is None or look is None or self.reading.form.size is None:
            return people
        return SizeOfPeople(people.source_px, people.source_px * look.scale, look.scale, work=1.0)

    def search(self, image: Image, look: Look, *, heights: HeightLine | None = None) -> Detections:
        people, balls = self._look(image, fitted(look, self.reading.form), heights)
        if not self._is_all:
            people, balls = people[:MOST_PEOPLE], balls[:MOST_BALLS]
        return Detections(
            boxes=people[:, :4].astype(np.float32),
            scores=people[:, 4].astype(np.float32),
            ball_boxes=balls[:, :4].astype(np.float32),
            ball_scores=balls[:, 4].astype(np.float32),
        )

    def ball_near(self, image: Image, centre_px: tuple[float, float]) -> tuple[FloatArray, FloatArray]:
        """Look again, enlarged, around a place where the ball should be.

        Returns:
            Boxes (N, 4) source pixels and scores (N,) of ball candidates within the crop, strongest first.
        """
        balls = self.balls_near(image, centre_px, heights=self._looks.line)[:MOST_BALLS]
        return balls[:, :4], balls[:, 4]

    def balls_near(self, image: Image, centre_px: tuple[float, float], *, heights: HeightLine | None) -> FloatArray:
        """All candidates of such a look as rows (N, 5) of box and score; `heights` as for `search`."""
        return self._look(image, second_look(image, centre_px), heights)[1].astype(np.float32)

    def _look(self, image: Image, look: Look, heights: HeightLine | None) -> tuple[FloatArray, FloatArray]:
        """People (N, 5) and balls (M, 5), strongest first: box in source pixels, score on the contract's scale."""
        layout, form = self.reading.layout, self.reading.form
        laid = lay(image, look, form)
        seen = Seen(self._network(laid.blob), laid.width, laid.height, laid.inside)
        found = layout.read(seen, classes=self.reading.classes, least=self._least)
        people = np.column_stack([laid.to_source(found.people[:, :4]), to_contract(found.people[:, 4], **self._person)])
        ball_boxes = laid.to_source(found.balls[:, :4])
        if not layout.has_ball_size:
            ball_boxes = _ball_boxes(ball_boxes[:, :2], heights)
        balls = np.column_stack([ball_boxes, to_contract(found.balls[:, 4], **self._ball)])
        if layout.has_ball_size and heights is not None:
            balls = balls[balls[:, 3] - balls[:, 1] <= _LARGEST_BALL_OF_PERSON * heights.height_px(balls[:, 3])]
        return suppress(people, layout.overlap), suppress(balls, _SAME_BALL)


def lows_of(person_confidence: float, ball_confidence: float, *, floor: float | Floors | None) -> Floors:
    """Scores on the contract's scale under which nothing is listed, at these confidences or with a floor of one's own."""
    if floor is None:
        return Floors(person_confidence * _PERSON_LOW, ball_confidence * _BALL_LOW)
    return floor if isinstance(floor, Floors) else Floors(floor, floor)


def second_look(image: Image, centre_px: tuple[float, float]) -> Look:
    """256 pixels around a place, or as many as the picture has, twice as large."""
    height, width = image.shape[:2]
    side_x, side_y = min(_SECOND_LOOK_PX, width), min(_SECOND_LOOK_PX, height)
    x0 = int(np.clip(centre_px[0] - side_x / 2, 0, width - side_x))
    y0 = int(np.clip(centre_px[1] - side_y / 2, 0, height - side_y))
    return Look(x0, y0, x0 + side_x, y0 + side_y, _SECOND_LOOK_SCALE)


def open_detector(
    path: str | Path | None = None,
    *,
    backend: str = "auto",
    calls: int = 1,
    person_confidence: float = PERSON_DEFAULT,
    ball_confidence: float = BALL_DEFAULT,
    input_size: tuple[int, int] = (1280, 736),
    floor: float | Floors | None = None,
) -> NetworkDetector:
    """A detector from a model file of any layout that can be read.

    Args:
        path: a model of one's own; None: the one that ships.
        backend: auto, onnxruntime or openvino.
        calls: how many calls will run at the same time.
        person_confidence: contract's value.
        ball_confidence: contract's value.
        input_size: width and height of the network's input; their product is the usual work on every picture.
        floor: score on the contract's scale down to which everything is listed; None: what tracking needs.

    Raises:
        ModelMismatchError: missing, changed, no ONNX model, or of a layout that this version does not read.
        SettingsInvalidError: an unknown backend, or one that is not installed.
    """
    model = load_model(path)
    file = read_onnx(model.path)
    network = open_network(model.path, backend=backend, calls=calls, file=file)
    reading = read_as(model, file, network)
    warning = copyleft_warning(model, file)
    if warning:
        _log.warning("detector.licence model=%s %s", model.path.name, warning)
    return NetworkDetector(
        network,
        model,
        reading=reading,
        person_confidence=person_confidence,
        ball_confidence=ball_confidence,
        input_size=input_size,
        floor=floor,
    )


def _ball_boxes(centres: FloatArray, heights: HeightLine | None) -> FloatArray:
    """Boxes (N, 4) of balls at (N, 2), as large as balls are beside people there."""
    side = np.full(len(centres), _BALL_PX) if heights is None else heights.height_px(centres[:, 1]) * _BALL_OF_PERSON
    half = np.maximum(side, 4.0)[:, None] / 2
    return np.concatenate([centres - half, centres + half], axis=1)
