"""The truth files of a synthetic match, written while the frames flow. Frames count from 1 in MOT text, else from 0."""

import json
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from touchline.engine.synthetic.camera import FixedCamera
from touchline.engine.synthetic.lineups import AWAY_PLACES, HOME_PLACES, PEOPLE, TEAM_SIZE, Line
from touchline.engine.synthetic.motion import Motion
from touchline.engine.synthetic.painter import PaintedFrame
from touchline.football.pitch import (
    CIRCLE_RADIUS_M,
    GOAL_AREA_DEPTH_M,
    GOAL_AREA_WIDTH_M,
    PENALTY_AREA_DEPTH_M,
    PENALTY_AREA_WIDTH_M,
    PENALTY_SPOT_M,
    PitchSize,
)

MOT, GAME_STATE, CAMERAS, BALL = "gt_mot.txt", "gt_gamestate.jsonl", "gt_cameras.jsonl", "gt_ball.csv"
WINDOWS, EVENTS, CALIBRATION, SCENE = "gt_windows.json", "gt_events.csv", "calibration.json", "scene.json"
TRUTH_FILES = (MOT, GAME_STATE, CAMERAS, BALL, WINDOWS, EVENTS, CALIBRATION, SCENE)

MOT_CLASSES = {"player": 1, "keeper": 2, "referee": 3}
_BALL_HEADER = "frame,time_s,u_px,v_px,radius_px,x_m,y_m,z_m,visible,side,holder\n"


def role_of(person: int) -> str:
    """player, keeper or referee, by place in the scene's list of people."""
    if person >= 2 * TEAM_SIZE:
        return "referee"
    place = (HOME_PLACES if person < TEAM_SIZE else AWAY_PLACES)[person % TEAM_SIZE]
    return "keeper" if place.line is Line.KEEPER else "player"


def side_of(person: int) -> str | None:
    """home, away, or None for officials."""
    return None if person >= 2 * TEAM_SIZE else "home" if person < TEAM_SIZE else "away"


def number_of(person: int) -> int | None:
    """Shirt number; None for officials."""
    if person >= 2 * TEAM_SIZE:
        return None
    return (HOME_PLACES if person < TEAM_SIZE else AWAY_PLACES)[person % TEAM_SIZE].number


class TruthFiles:
    """The per-frame files of one folder. Ids are 1..25 in the scene's order of people."""

    def __init__(self, folder: Path, *, camera: FixedCamera, motion: Motion) -> None:
        self._camera = json.dumps(camera_record(camera))
        self._motion = motion
        self._mot = (folder / MOT).open("w", encoding="utf-8", newline="\n")
        self._state = (folder / GAME_STATE).open("w", encoding="utf-8", newline="\n")
        self._cameras = (folder / CAMERAS).open("w", encoding="utf-8", newline="\n")
        self._ball = (folder / BALL).open("w", encoding="utf-8", newline="\n")
        self._ball.write(_BALL_HEADER)

    def add(self, frame: int, painted: PaintedFrame) -> None:
        """Write one frame's truth."""
        for person in range(PEOPLE):
            self._add_person(frame, person, painted)
        self._cameras.write(f'{{"frame": {frame}, {self._camera[1:]}\n')
        motion, (u, v) = self._motion, painted.ball_px
        x, y, z = motion.ball[frame]
        side = "home" if motion.side[frame] == 0 else "away"
        holder = int(motion.holder[frame]) + 1 if motion.holder[frame] >= 0 else ""
        self._ball.write(
            f"{frame},{frame / motion.fps:.3f},{u:.2f},{v:.2f},{painted.ball_radius_px:.2f},"
            f"{x:.3f},{y:.3f},{z:.3f},{painted.ball_visible:.2f},{side},{holder}\n"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in (self._mot, self._state, self._cameras, self._ball):
            file.close()

    def _add_person(self, frame: int, person: int, painted: PaintedFrame) -> None:
        x, y = self._motion.position[frame, person]
        record = {
            "frame": frame,
            "id": person + 1,
            "role": role_of(person),
            "side": side_of(person),
            "number": number_of(person),
            "x": round(float(x), 3),
            "y": round(float(y), 3),
        }
        self._state.write(json.dumps(record) + "\n")
        x1, y1, x2, y2 = painted.boxes[person]
        if np.isfinite(x1):
            box = f"{x1:.2f},{y1:.2f},{x2 - x1:.2f},{y2 - y1:.2f}"
            kind = MOT_CLASSES[role_of(person)]
            self._mot.write(f"{frame + 1},{person + 1},{box},1,{kind},{painted.visibility[person]:.2f}\n")


def camera_record(camera: FixedCamera) -> dict[str, Any]:
    """K, R, C, k1 and what k1 refers to, as JSON values."""
    return {
        "K": np.round(camera.K, 6).tolist(),
        "R": np.round(camera.R, 9).tolist(),
        "C": np.round(camera.C, 6).tolist(),
        "k1": camera.k1,
        "k1_centre_px": camera.centre_px.tolist(),
        "k1_scale_px": round(camera.scale_px, 6),
        "size_px": list(camera.size_px),
    }


def calibration_points(camera: FixedCamera, *, pitch: PitchSize) -> list[dict[str, float]]:
    """Landmarks of the pitch that the camera sees at least 4 px inside its picture: pixel (u, v) and metres (x, y)."""
    landmarks = np.array(_landmarks(pitch))
    placed, _ = camera.project(np.column_stack([landmarks, np.zeros(len(landmarks))]))
    width, height = camera.size_px
    inside = (placed > 4).all(axis=1) & (placed[:, 0] < width - 4) & (placed[:, 1] < height - 4)
    return [
        {"u": round(float(u), 2), "v": round(float(v), 2), "x": round(float(x), 3), "y": round(float(y), 3)}
        for (u, v), (x, y) in zip(placed[inside], landmarks[inside], strict=True)
    ]


def write_events(path: Path, motion: Motion) -> None:
    """Passes and lost balls at the moment they are played; ids as in the other files."""
    rows = ["time_s,kind,passer,receiver,aerial\n"]
    rows += [
        f"{event.time_s:.3f},{event.kind},{event.passer + 1},{event.receiver + 1},{int(event.is_aerial)}\n"
        for event in motion.events
    ]
    path.write_text("".join(rows), encoding="utf-8")


def write_json(path: Path, value: object) -> None:
    """JSON with a fixed layout, so that equal values make equal files."""
    path.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")


def _landmarks(pitch: PitchSize) -> list[tuple[float, float]]:
    half_y, half_x = pitch.width_m / 2, pitch.length_m / 2
    points = [(half_x, 0.0), (half_x, pitch.width_m), (half_x, half_y)]
    points += [(half_x, half_y - CIRCLE_RADIUS_M), (half_x, half_y + CIRCLE_RADIUS_M)]
    points += [(half_x - CIRCLE_RADIUS_M, half_y), (half_x + CIRCLE_RADIUS_M, half_y)]
    for goal_x, inward in ((0.0, 1), (pitch.length_m, -1)):
        points += [(goal_x, 0.0), (goal_x, pitch.width_m), (goal_x + inward * PENALTY_SPOT_M, half_y)]
        for depth, width in ((PENALTY_AREA_DEPTH_M, PENALTY_AREA_WIDTH_M), (GOAL_AREA_DEPTH_M, GOAL_AREA_WIDTH_M)):
            for side in (-1, 1):
                points += [(goal_x, half_y + side * width / 2), (goal_x + inward * depth, half_y + side * width / 2)]
    return points
