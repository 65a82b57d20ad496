"""Which implementation stands for each stage, written out by hand, and a set of them made for one video."""

from collections.abc import Sequence

import cv2
import numpy as np

from touchline.engine.errors import CalibrationRefusedError
from touchline.engine.ports import PitchCalibrator, Stages
from touchline.engine.settings import EngineSettings
from touchline.engine.stages.ball import BallPath
from touchline.engine.stages.calibrate import FixedCameraCalibrator, fit_calibration, rescaled
from touchline.engine.stages.detect import LAYOUTS, FusedDetector, NetworkDetector, open_detector, open_fused
from touchline.engine.stages.gate import PitchGate
from touchline.engine.stages.motion import BackgroundMotion
from touchline.engine.stages.teams import KitClassifier
from touchline.engine.stages.track import MotionColorTracker
from touchline.football.pitch import PitchSize
from touchline.football.updates import AnalysisRequest, CalibrationPoint, FoundBox, RoiZone

DETECTORS = LAYOUTS
TRACKERS = {"motion-color": MotionColorTracker}
TEAM_CLASSIFIERS = {"kits": KitClassifier}
CALIBRATORS = {"fixed-camera": FixedCameraCalibrator}
GATES = {"pitch": PitchGate}
BALL_CHOOSERS = {"path": BallPath}
CAMERA_MOTIONS = {"background": BackgroundMotion}

_STILL_PERSON, _STILL_BALL = 0.5, 0.6
_PERSON_BGR, _BALL_BGR = (80, 200, 60), (40, 160, 255)


def stages_for(settings: EngineSettings, request: AnalysisRequest, *, picture_size: tuple[int, int]) -> Stages:
    """The stages of one run.

    Args:
        settings: of the run.
        request: calibration, zones and club colours come from here.
        picture_size: width and height of the upright picture.

    Raises:
        ModelMismatchError: the detector's file is missing or not the one expected.
    """
    detector = detector_for(settings)
    options = request.options
    return Stages(
        detector=detector,
        second_look=detector if settings.second_look else None,
        motion=BackgroundMotion(),
        calibrator=calibrator_for(request, picture_size=picture_size, pitch=settings.pitch),
        gate=PitchGate(picture_size=picture_size, pitch=settings.pitch, zones=zones_of(request)),
        tracker=MotionColorTracker(
            confidence=settings.person_confidence, max_lost_frames=max(1, settings.max_lost_frames)
        ),
        teams=KitClassifier(
            pitch=settings.pitch,
            home_color=options.home_color,
            away_color=options.away_color,
            attacks_right_a=options.attacks_right_a,
        ),
        ball=BallPath(pitch=settings.pitch),
    )


def detector_for(settings: EngineSettings, *, floor: float | None = None) -> NetworkDetector | FusedDetector:
    """The shipped detector or one by path; both together where the settings name a second and the profile fuses.

    Args:
        settings: of the run.
        floor: score on the contract's scale down to which everything is listed; None: what tracking needs.

    Raises:
        ModelMismatchError: missing, changed, or of a layout that this version does not read.
    """
    if settings.second_detector_path is not None and settings.fuses:
        return open_fused(
            settings.detector_path,
            settings.second_detector_path,
            backend=settings.backend,
            calls=settings.threads,
            person_confidence=settings.person_confidence,
            ball_confidence=settings.ball_confidence,
            input_size=(settings.input_width, settings.input_height),
            floor=floor,
        )
    return open_detector(
        settings.detector_path,
        backend=settings.backend,
        calls=settings.threads,
        person_confidence=settings.person_confidence,
        ball_confidence=settings.ball_confidence,
        input_size=(settings.input_width, settings.input_height),
        floor=floor,
    )


def calibrator_for(request: AnalysisRequest, *, picture_size: tuple[int, int], pitch: PitchSize) -> PitchCalibrator:
    """A calibrator from the request's points; refused points leave the run without metres, with the reason."""
    points = calibration_points(request, picture_size=picture_size)
    if not points:
        return FixedCameraCalibrator(None)
    try:
        return FixedCameraCalibrator(fit_calibration(points, picture_size, pitch=pitch))
    except CalibrationRefusedError as refusal:
        return FixedCameraCalibrator(None, reason=f"not calibrated: {refusal}")


def calibration_points(request: AnalysisRequest, *, picture_size: tuple[int, int]) -> Sequence[CalibrationPoint]:
    """The first camera's marks in source pixels."""
    camera = request.cameras[0] if request.cameras else None
    points = request.calibration or (camera.calibration if camera else ())
    if camera is None:
        return points
    return rescaled(points, read_on=(camera.picture_width, camera.picture_height), picture_size=picture_size)


def zones_of(request: AnalysisRequest) -> Sequence[RoiZone]:
    """The user's zones for the first camera."""
    return request.roi or (request.cameras[0].roi if request.cameras else ())


def detect_picture(content: bytes) -> list[FoundBox]:
    """Persons and ball in one encoded still.

    Raises:
        ValueError: not a picture that can be decoded.
    """
    image = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR) if content else None
    if image is None:
        raise ValueError("This is not a picture that can be read; use JPEG or PNG.")
    found = detector_for(EngineSettings()).detect(np.asarray(image, np.uint8))
    return [
        *_boxes(found.boxes, found.scores, "person", least=_STILL_PERSON, color=_PERSON_BGR),
        *_boxes(found.ball_boxes, found.ball_scores, "ball", least=_STILL_BALL, color=_BALL_BGR)[:1],
    ]


def _boxes(
    boxes: np.ndarray, scores: np.ndarray, label: str, *, least: float, color: tuple[int, int, int]
) -> list[FoundBox]:
    return [
        FoundBox((float(x0), float(y0), float(x1 - x0), float(y1 - y0)), label, float(score), color)
        for (x0, y0, x1, y1), score in zip(boxes, scores, strict=True)
        if score >= least
    ]
