"""One call that makes a synthetic match: scene, frames, video and truth files from a level and a seed."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from touchline.engine.errors import SettingsInvalidError
from touchline.engine.synthetic import lineups, truth
from touchline.engine.synthetic.camera import FixedCamera, behind_goal_camera
from touchline.engine.synthetic.encode import Mp4File
from touchline.engine.synthetic.ground import empty_stadium, near_goal_layer
from touchline.engine.synthetic.heading import Stride
from touchline.engine.synthetic.kits import AWAY, AWAY_KEEPER, HOME, HOME_KEEPER, OFFICIAL, hex_colour
from touchline.engine.synthetic.levels import LEVELS, Level, LevelName
from touchline.engine.synthetic.motion import Motion, move
from touchline.engine.synthetic.painter import FramePainter, Look, PaintedFrame
from touchline.engine.synthetic.script import Spell, script
from touchline.engine.synthetic.truth_windows import true_windows
from touchline.engine.types import Image
from touchline.football.pitch import STANDARD_PITCH, PitchSize

VIDEO = "match.mp4"
FORMAT_VERSION = 1
_MOTION_STREAM, _LOOK_STREAM, _GROUND_STREAM, _NOISE_STREAM, _SCRIPT_STREAM = range(5)

_NOISE_MARGIN_PX = 64

ProgressReport = Callable[[float], None]


@dataclass(frozen=True)
class SyntheticMatch:
    """Where the files of a synthetic match lie and how much they hold."""

    folder: Path
    video: Path
    frames: int
    people: int
    passes: int
    seconds: float
    fps: int
    size_px: tuple[int, int]

    def truth(self, name: str) -> Path:
        """Path of one of `truth.TRUTH_FILES`."""
        return self.folder / name


@dataclass(frozen=True)
class Scene:
    """Everything that a seed decides before a pixel is drawn."""

    level: Level
    seed: int
    fps: int
    pitch: PitchSize
    camera: FixedCamera
    spells: tuple[Spell, ...]
    motion: Motion
    looks: tuple[Look, ...]

    @property
    def frames(self) -> int:
        return len(self.motion.ball)


def synthesise(
    level: LevelName,
    seed: int,
    seconds: float,
    out: Path,
    *,
    fps: int = 25,
    size: tuple[int, int] = (1280, 720),
    progress: ProgressReport | None = None,
) -> SyntheticMatch:
    """Draw a match of two invented teams into `out` (made if absent): the video and its exact truth.

    The same level, seed, length, rate and size give the same frames before encoding and the same truth files.
    `progress` is called with the share done, 0..1.

    Raises:
        SettingsInvalidError: an unknown level, or a length, rate or size that no video can have.
    """
    scene = make_scene(level, seed, seconds, fps=fps, size=size)
    out.mkdir(parents=True, exist_ok=True)
    with (
        Mp4File(out / VIDEO, fps=fps, size_px=size, crf=scene.level.crf) as video,
        truth.TruthFiles(out, camera=scene.camera, motion=scene.motion) as files,
    ):
        for frame, painted in enumerate(painted_frames(scene)):
            video.add(painted.image)
            files.add(frame, painted)
            if progress is not None:
                progress((frame + 1) / scene.frames)
    _write_scene_files(scene, out)
    passes = len(scene.motion.events)
    return SyntheticMatch(out, out / VIDEO, scene.frames, lineups.PEOPLE, passes, scene.frames / fps, fps, size)


def make_scene(
    level: LevelName, seed: int, seconds: float, *, fps: int = 25, size: tuple[int, int] = (1280, 720)
) -> Scene:
    """Play a match without drawing it.

    Raises:
        SettingsInvalidError: an unknown level, or a length, rate or size that no video can have.
    """
    _check(level, seconds, fps=fps, size=size)
    rung, pitch = LEVELS[level], STANDARD_PITCH
    spells = script(seconds, _stream(seed, _SCRIPT_STREAM))
    motion = move(spells, frames=round(seconds * fps), fps=fps, pitch=pitch, rng=_stream(seed, _MOTION_STREAM))
    camera = behind_goal_camera(size, k1=rung.k1, pitch=pitch, full_width_at_m=rung.full_width_at_m)
    return Scene(rung, seed, fps, pitch, camera, spells, motion, lineups.looks(_stream(seed, _LOOK_STREAM)))


def painted_frames(scene: Scene, *, every: int = 1) -> Iterator[PaintedFrame]:
    """The scene's frames in order, each made when it is asked for; the level's lens and sensor included.

    With `every` above 1 only frames 0, every, 2 * every, … are painted, exactly as they are among the others.
    """
    stadium = empty_stadium(scene.camera, pitch=scene.pitch, rng=_stream(scene.seed, _GROUND_STREAM))
    painter = FramePainter(
        camera=scene.camera,
        stadium=stadium,
        near_goal=near_goal_layer(scene.camera, pitch=scene.pitch),
        looks=scene.looks,
    )
    sensor = _Sensor(scene.level, size=scene.camera.size_px, rng=_stream(scene.seed, _NOISE_STREAM))
    stride = Stride(scene.motion)
    for frame in range(scene.frames):
        poses, noise = stride.poses(frame), sensor.next_noise()
        if frame % every == 0:
            painted = painter.paint(poses, scene.motion.ball[frame])
            sensor.expose(painted.image, noise)
            yield painted


class _Sensor:
    """Lens blur and noise of a level, laid over a picture in place."""

    def __init__(self, level: Level, *, size: tuple[int, int], rng: np.random.Generator) -> None:
        self._level, self._rng = level, rng
        self._width, self._height = width, height = size
        # one field larger than the picture; each frame takes it from another corner
        grey = rng.normal(0, level.noise, (height + _NOISE_MARGIN_PX, width + _NOISE_MARGIN_PX))
        self._field = np.repeat(np.round(grey).astype(np.int16)[..., None], 3, axis=2)

    def next_noise(self) -> NDArray[np.int16]:
        """(H, W, 3) noise of the next frame."""
        top, left = self._rng.integers(0, _NOISE_MARGIN_PX, 2)
        return self._field[top : top + self._height, left : left + self._width]

    def expose(self, image: Image, noise: NDArray[np.int16]) -> None:
        if self._level.blur_px:
            cv2.GaussianBlur(image, (3, 3), self._level.blur_px, dst=image)
        if self._level.noise:
            cv2.add(image, noise, dst=image, dtype=cv2.CV_8U)


def _check(level: str, seconds: float, *, fps: int, size: tuple[int, int]) -> None:
    if level not in LEVELS:
        raise SettingsInvalidError(f"Unknown level “{level}”; choose one of {', '.join(LEVELS)}.")
    if not 0.2 <= seconds <= 7200:
        raise SettingsInvalidError(f"A synthetic match lasts between 0.2 and 7200 seconds, not {seconds:g}.")
    if not 5 <= fps <= 60:
        raise SettingsInvalidError(f"The frame rate must lie between 5 and 60 a second, not {fps:g}.")
    width, height = size
    if width % 2 or height % 2 or not 320 <= width <= 3840 or not 180 <= height <= 2160:
        raise SettingsInvalidError(
            f"The picture must have even sides between 320x180 and 3840x2160, not {width}x{height}."
        )


def _stream(seed: int, stream: int) -> np.random.Generator:
    return np.random.default_rng([seed, stream])


def _write_scene_files(scene: Scene, out: Path) -> None:
    truth.write_json(out / truth.WINDOWS, _windows_record(scene))
    truth.write_json(out / truth.CALIBRATION, truth.calibration_points(scene.camera, pitch=scene.pitch))
    truth.write_json(out / truth.SCENE, scene_record(scene))
    truth.write_events(out / truth.EVENTS, scene.motion)


def _windows_record(scene: Scene) -> dict[str, Any]:
    lengths_s = (10, 60) if scene.frames / scene.fps >= 60 else (10,)
    return {
        f"windows_{length}_s": true_windows(scene.motion, window_s=length, pitch=scene.pitch) for length in lengths_s
    }


def scene_record(scene: Scene) -> dict[str, Any]:
    """Seed and every parameter of a scene, as JSON values."""
    width, height = scene.camera.size_px
    return {
        "format_version": FORMAT_VERSION,
        "level": asdict(scene.level),
        "seed": scene.seed,
        "frames": scene.frames,
        "fps": scene.fps,
        "size_px": [width, height],
        "pitch_m": [scene.pitch.length_m, scene.pitch.width_m],
        "camera": truth.camera_record(scene.camera),
        "teams": teams_record(),
        "officials": {"colour": hex_colour(OFFICIAL.shirt), "colour_name": OFFICIAL.name},
        "spells": [asdict(spell) for spell in scene.spells],
        "people": [
            {
                "id": person + 1,
                "role": truth.role_of(person),
                "side": truth.side_of(person),
                "number": truth.number_of(person),
                "height_m": look.height_m,
            }
            for person, look in enumerate(scene.looks)
        ],
    }


def teams_record() -> dict[str, dict[str, Any]]:
    """Names, colours and direction of play of both teams."""
    return {
        "home": {
            "name": lineups.HOME_NAME,
            "primary_color": hex_colour(HOME.shirt),
            "color_name": HOME.name,
            "keeper_color": hex_colour(HOME_KEEPER.shirt),
            "formation": "4-3-3",
            "attacks": "left",
        },
        "away": {
            "name": lineups.AWAY_NAME,
            "primary_color": hex_colour(AWAY.shirt),
            "color_name": AWAY.name,
            "keeper_color": hex_colour(AWAY_KEEPER.shirt),
            "formation": "4-4-2",
            "attacks": "right",
        },
    }
