"""The clip that ships with the package, made by `touchline synthetic` with the constants below, and its profile."""

import json
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from touchline.engine.synthetic.levels import LevelName
from touchline.engine.synthetic.synthesis import Scene, make_scene, synthesise, teams_record
from touchline.engine.synthetic.truth import calibration_points, write_json

DEMO_LEVEL: LevelName = "L1"
DEMO_SEED = 7
DEMO_SECONDS = 48.0

_DATA = Path(__file__).parent / "data"
_CLIP, _PROFILE = "demo.mp4", "demo_profile.json"


def demo_clip() -> Path:
    """The shipped video: `synthesise(DEMO_LEVEL, DEMO_SEED, DEMO_SECONDS, …)`, at most 3 MB."""
    return _DATA / _CLIP


def demo_profile() -> dict[str, Any]:
    """What a coach would enter for the clip; the keys are those of `profile_of`."""
    profile: dict[str, Any] = json.loads((_DATA / _PROFILE).read_text(encoding="utf-8"))
    return profile


def profile_of(scene: Scene) -> dict[str, Any]:
    """The tracking profile of a scene, as JSON values.

    `points`: calibration points {u, v, x, y}, pixels and metres in frame P; `picture_width`, `picture_height` in
    pixels; `pitch_m`: length and width; `attacks`: where home attacks ("left" or "right" in frame P); `home_color`,
    `away_color`; `home`, `away`: name, primary_color, attacks, formation and colour words.
    """
    width, height = scene.camera.size_px
    teams = teams_record()
    return {
        "name": "Fixed camera high behind the left goal",
        "camera_type": "Fixed",
        "picture_width": width,
        "picture_height": height,
        "pitch_m": [scene.pitch.length_m, scene.pitch.width_m],
        "points": calibration_points(scene.camera, pitch=scene.pitch),
        "attacks": teams["home"]["attacks"],
        "home_color": teams["home"]["primary_color"],
        "away_color": teams["away"]["primary_color"],
        **teams,
    }


def write_demo(folder: Path = _DATA) -> None:
    """Make the shipped files anew; needed after a change of motion or drawing."""
    with TemporaryDirectory() as scratch:
        match = synthesise(DEMO_LEVEL, DEMO_SEED, DEMO_SECONDS, Path(scratch))
        shutil.copyfile(match.video, folder / _CLIP)
    write_json(folder / _PROFILE, profile_of(make_scene(DEMO_LEVEL, DEMO_SEED, DEMO_SECONDS)))
