"""The layouts that can be read, by name, and how one is recognised."""

from collections.abc import Callable, Mapping

from touchline.engine.stages.detect.layouts.centre_heatmap import CentreHeatmap
from touchline.engine.stages.detect.layouts.detr import Detr
from touchline.engine.stages.detect.layouts.detr_deployed import DetrDeployed
from touchline.engine.stages.detect.layouts.end_to_end import EndToEnd
from touchline.engine.stages.detect.layouts.nanodet import Nanodet
from touchline.engine.stages.detect.layouts.port import Candidates, Layout, Least, Overlap, Seen
from touchline.engine.stages.detect.layouts.yolov8 import Yolov8
from touchline.engine.stages.detect.layouts.yolox import Yolox

__all__ = ["FORMS", "LAYOUTS", "Candidates", "CentreHeatmap", "Layout", "Least", "Overlap", "Seen", "recognise"]

LAYOUTS: Mapping[str, Callable[[Seen], Layout | None]] = {
    "centre-heatmap": CentreHeatmap.recognise,
    "yolox": Yolox.recognise,
    "yolov8": Yolov8.recognise,
    "nanodet": Nanodet.named,
    "detr": Detr.recognise,
    "detr-deployed": DetrDeployed.recognise,
    "end-to-end": EndToEnd.recognise,
}
FORMS: Mapping[str, str] = {
    "centre-heatmap": "hm (1, 2, H/4, W/4) and wh (1, 4, H/4, W/4)",
    "yolox": "(1, cells, 5 + classes)",
    "yolov8": "(1, 4 + classes, cells)",
    "nanodet": "(1, cells, classes + 4 × bins)",
    "detr": "boxes (1, queries, 4) and scores (1, queries, classes), or both in one",
    "detr-deployed": "labels (1, queries), boxes (1, queries, 4) and scores (1, queries)",
    "end-to-end": "(1, rows, 6)",
}
# The first that fits: NanoDet goes before YOLOX, which would take its bins for classes.
_UNNAMED: tuple[Callable[[Seen], Layout | None], ...] = (
    CentreHeatmap.recognise,
    DetrDeployed.recognise,
    Nanodet.recognise,
    Yolox.recognise,
    Yolov8.recognise,
    EndToEnd.recognise,
    Detr.recognise,
)


def recognise(seen: Seen, name: str | None = None) -> Layout | None:
    """The layout that an answer has; None when it fits none, or not the one that was named."""
    if name is not None:
        return LAYOUTS[name](seen)
    return next((layout for layout in (fits(seen) for fits in _UNNAMED) if layout is not None), None)
