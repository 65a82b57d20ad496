"""Reads the file behind `--calibration`: an array of {u,v,x,y}, or a camera with its `calibration` list."""

import json
from pathlib import Path
from typing import Any

from touchline.cli.console import fail
from touchline.football.updates import CalibrationPoint, Camera, RoiZone


def read_camera(path: Path) -> Camera:
    """The camera that a file describes; leaves with a sentence when the file cannot be used."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        fail(f"--calibration: {path} is not a readable JSON file ({error}).")
    try:
        camera = _camera(content)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        fail(
            f"--calibration: {path} must hold an array of points {{u, v, x, y}} (pixels and metres), or a camera with"
            " a “calibration” list of such points."
        )
    if not camera.calibration:
        fail(f"--calibration: {path} holds no points; the pitch is placed by at least 4 of them.")
    return camera


def _camera(content: Any) -> Camera:
    if isinstance(content, list):
        return Camera(calibration=_points(content))
    roi = tuple(
        RoiZone(str(zone.get("label", "")), tuple((float(p["x"]), float(p["y"])) for p in zone["points"]))
        for zone in content.get("roi") or ()
    )
    return Camera(
        label=str(content.get("label") or ""),
        sync_offset_ms=int(content.get("sync_offset_ms") or 0),
        calibration=_points(content["calibration"]),
        roi=roi,
        picture_width=_pixels(content.get("picture_width")),
        picture_height=_pixels(content.get("picture_height")),
    )


def _pixels(value: Any) -> int | None:
    if value is None:
        return None
    if int(value) <= 0:
        raise ValueError("A picture has at least one pixel.")
    return int(value)


def _points(rows: list[dict[str, Any]]) -> tuple[CalibrationPoint, ...]:
    return tuple(CalibrationPoint(*(float(row[key]) for key in "uvxy")) for row in rows)
