"""The clip that ships with the package, made by `touchline synthetic` with the constants below, and its profile."""

import json
from pathlib import Path
from typing import Any

from touchline.engine.synthetic.levels import LevelName

DEMO_LEVEL: LevelName = "L1"
DEMO_SEED = 7
DEMO_SECONDS = 48.0

_DATA = Path(__file__).parent / "data"


def demo_clip() -> Path:
    """The shipped video: `synthesise(DEMO_LEVEL, DEMO_SEED, DEMO_SECONDS, …)`, at most 3 MB."""
    return _DATA / "demo.mp4"


def demo_profile() -> dict[str, Any]:
    """What a coach would enter for the clip.

    `points`: calibration points {u, v, x, y}; `picture_width`, `picture_height` in pixels; `pitch_m`: length, width;
    `home` and `away`: name, primary_color, attacks ("left" or "right" in frame P) and more.
    """
    profile: dict[str, Any] = json.loads((_DATA / "demo_profile.json").read_text(encoding="utf-8"))
    return profile
