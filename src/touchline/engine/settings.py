"""Engine settings: one frozen value, made from a named profile and a request; no environment is read here."""

from dataclasses import dataclass, replace

from touchline.engine.errors import SettingsInvalidError
from touchline.football.pitch import STANDARD_PITCH, PitchSize
from touchline.football.updates import AnalysisRequest


@dataclass(frozen=True)
class EngineSettings:
    """Everything a run's result depends on besides the video.

    person_confidence and ball_confidence are the contract's values: 0.5 and 0.3 mean the model's own operating
    points, other values move them monotonically.
    """

    analysis_fps: float = 5.0
    window_s: float = 0.0  # 0: 60 s, or 10 s windows flagged illustrative for a clip under three windows
    input_height: int = 736  # largest network input height; multiples of 32
    input_width: int = 1280
    second_look: bool = True  # crops around the ball's expected place
    person_confidence: float = 0.5
    ball_confidence: float = 0.3
    max_lost_frames: int = 15  # in analysed frames
    threads: int = 2
    detector_path: str | None = None  # None: the model that ships with the package
    second_detector_path: str | None = None  # fused with the first where the profile has the time
    fuses: bool = True  # whether a second detector is asked, if there is one
    backend: str = "auto"  # auto | onnxruntime | openvino
    render: bool = True
    render_lines: int = 720
    render_fps: float = 25.0
    pitch: PitchSize = STANDARD_PITCH
    language: str = "en"
    frame_limit: int = 0
    start_s: float = 0.0
    end_s: float | None = None


PROFILES: dict[str, EngineSettings] = {
    "fast": EngineSettings(analysis_fps=4.0, input_height=544, input_width=960, second_look=False, fuses=False),
    "balanced": EngineSettings(),
    "accurate": EngineSettings(analysis_fps=10.0, input_height=1088, input_width=1920),
}


def settings_for(
    request: AnalysisRequest,
    *,
    threads: int = 2,
    detector_path: str | None = None,
    second_detector_path: str | None = None,
) -> EngineSettings:
    """Combine the request's profile with what the request sets itself.

    Args:
        request: of the run.
        threads: of detector and decoder.
        detector_path: a detector other than the one that ships.
        second_detector_path: one to fuse with it, in every profile but the fast one.

    Raises:
        SettingsInvalidError: unknown profile, or a rate, window or span that makes no sense.
    """
    options = request.options
    if options.profile not in PROFILES:
        raise SettingsInvalidError(f"Unknown profile “{options.profile}”; choose one of {', '.join(PROFILES)}.")
    base = PROFILES[options.profile]
    fps = base.analysis_fps if options.analysis_fps is None else options.analysis_fps
    if not 0.5 <= fps <= 60:
        raise SettingsInvalidError(f"The analysis rate must lie between 0.5 and 60 frames per second, not {fps:g}.")
    if request.segment_seconds and not 5 <= request.segment_seconds <= 600:
        raise SettingsInvalidError(
            f"The window length must lie between 5 and 600 seconds, not {request.segment_seconds:g}."
        )
    if options.end_s is not None and options.end_s <= options.start_s:
        raise SettingsInvalidError("The end of the span must lie after its start.")
    pitch = PitchSize(
        options.pitch_length_m or base.pitch.length_m,
        options.pitch_width_m or base.pitch.width_m,
    )
    return replace(
        base,
        analysis_fps=fps,
        window_s=request.segment_seconds,
        person_confidence=request.confidence_threshold,
        ball_confidence=request.ball_confidence,
        max_lost_frames=request.max_lost_frames,
        threads=threads,
        detector_path=detector_path,
        second_detector_path=second_detector_path,
        render=options.render,
        pitch=pitch,
        language=options.language,
        frame_limit=request.frame_limit,
        start_s=options.start_s,
        end_s=options.end_s,
    )
