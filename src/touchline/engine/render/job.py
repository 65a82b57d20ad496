"""What a rendering needs and what it says while it works."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from touchline.engine.errors import EngineError
from touchline.engine.types import Calibration, VideoFacts
from touchline.football.pitch import PitchSize
from touchline.football.updates import SegmentDone
from touchline.football.vocabulary import Side

Bgr = tuple[int, int, int]


class RenderError(EngineError):
    """One of the drawn files could not be made; the others are not affected."""

    code = "engine.render"


@dataclass(frozen=True)
class RenderJob:
    """A finished analysis and how it is to be drawn.

    positions: a finished folder of `touchline.engine.positions`; out: folder of the run, where files are written.
    team_colors: kit colours, BGR 0..255; the drawing moves them apart where they are alike or melt into grass.
    team_names: shown as given when written in Latin letters, else “Team A”/“Team B”: text on pictures is drawn
    letter by letter, which Arabic script does not allow.
    language: "en" or "fr" for labels on pictures; any other ("ar") falls back to English for the same reason.
    lines: height of the tracked video in pixels; sources of other heights are scaled to it, small ones too, because
    labels are laid out for it and would be unreadable on fewer lines.
    fps: upper bound of the tracked video's rate; the source's own rate is not exceeded.
    start_s, end_s: span in seconds from the video's first frame; the rendered videos begin at `start_s`.
    attacks_right_a: whether team A attacks x = length in frame P where the segments' own `direction` says nothing;
    None when unknown.
    """

    video: Path
    positions: Path
    out: Path
    facts: VideoFacts
    calibration: Calibration | None
    pitch: PitchSize
    segments: tuple[SegmentDone, ...]
    team_colors: Mapping[Side, Bgr]
    team_names: Mapping[Side, str]
    language: str = "en"
    lines: int = 720
    fps: float = 25.0
    start_s: float = 0.0
    end_s: float | None = None
    attacks_right_a: bool | None = None


@dataclass(frozen=True)
class RenderStep:
    """Work went on; one step at least every half second.

    done: 0..1 over all files together.
    finished_key: key of `outputs` (`tracking_video_path`, …) when this step ends a file, well or badly.
    path: the finished file; None when `error` says why it could not be made.
    frames: pictures in the finished file.
    error: a sentence for the coach; the next file is tried all the same.
    """

    done: float
    finished_key: str | None = None
    path: Path | None = None
    frames: int = 0
    error: str | None = None
