"""What every detector does around its searches: choose where to look, and learn how large people are."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import partial

from touchline.engine.stages.detect.looks import HeightLine, Look, Looks
from touchline.engine.types import Detections, Image, SizeOfPeople


class LookingDetector(ABC):
    """A detector of one video. Whoever makes one says how it searches."""

    def __init__(self, looks: Looks, *, person_confidence: float) -> None:
        """Args:
        looks: chooses the part and scale of every picture.
        person_confidence: contract's value; sizes are learned from people who score as much.
        """
        self._looks, self._person_confidence = looks, person_confidence

    @abstractmethod
    def search(self, image: Image, look: Look, *, heights: HeightLine | None = None) -> Detections:
        """Find persons and ball candidates as one look sees them; nothing is remembered.

        Args:
            image: (H, W, 3) BGR.
            look: the part and scale; a network of one size only sees the part as large as fits.
            heights: how tall people are by row, which gives balls their size; None while unknown.
        """

    @property
    def look(self) -> Look | None:
        """The part and scale at which the latest picture was seen."""
        return self._looks.look

    @property
    def people(self) -> SizeOfPeople | None:
        """How large the median player is in the source and at the network's input; None while too little was seen."""
        return self._looks.people

    @property
    def heights(self) -> HeightLine | None:
        """How tall people are by the row of their feet; None while too little was seen."""
        return self._looks.line

    def focus(self, region: tuple[float, float, float, float] | None) -> None:
        """Tell where people may be seen (x0, y0, x1, y1 source pixels), so that no work goes elsewhere."""
        self._looks.focus(region)

    def detect(self, image: Image) -> Detections:
        """Find persons and ball candidates in (H, W, 3) BGR."""
        found = self.task(image)()
        self.learn(found)
        return found

    def task(self, image: Image) -> Callable[[], Detections]:
        """See `Detector.task`."""
        look = self._looks.next_look((image.shape[1], image.shape[0]))
        return partial(self.search, image, look, heights=self._looks.line)

    def learn(self, found: Detections) -> None:
        """See `Detector.learn`."""
        self._looks.learn(found.boxes[found.scores >= self._person_confidence])
