"""Updates of an engine as the objects of the wire, and positions as a table, for files on disk."""

import csv
import math
from pathlib import Path
from typing import Any

from touchline.engine.positions import PositionsReader
from touchline.engine.types import BallState
from touchline.football.updates import AlertRaised, SegmentDone
from touchline.football.vocabulary import Role, TeamCode

TRACK_COLUMNS = (
    "frame", "time_s", "track", "team", "role", "x_px", "y_px", "w_px", "h_px", "x_m", "y_m", "confidence",
)  # fmt: skip
BALL_COLUMNS = (
    "frame", "time_s", "state", "x_px", "y_px", "w_px", "h_px", "score", "x_m", "y_m", "height", "reason",
)  # fmt: skip

_TEAMS = {TeamCode.A: "A", TeamCode.B: "B"}
_STATES = {BallState.SEEN: "seen", BallState.BRIDGED: "bridged", BallState.UNKNOWN: "unknown"}
_ROLES = {Role.PLAYER: "player", Role.KEEPER: "keeper", Role.REFEREE: "referee", Role.OTHER: "other"}


def segment_object(segment: SegmentDone, run_id: str) -> dict[str, Any]:
    """A window as the contract's segment object."""
    return {
        "id": f"{run_id}-{segment.index}",
        "analysis_id": run_id,
        "match_id": run_id,
        "segment_index": segment.index,
        "start_sec": segment.start_s,
        "end_sec": segment.end_s,
        "video_start_sec": segment.video_start_s,
        "analysis_json": dict(segment.analysis),
        "recommendation": segment.recommendation,
        "severity_score": segment.severity_score,
        "severity_label": segment.severity_label,
        "status": segment.status,
    }


def alert_object(alert: AlertRaised, run_id: str) -> dict[str, Any]:
    """An alert state as the contract's alert object."""
    return {
        "alert_id": alert.alert_id,
        "decision_id": alert.decision_id or alert.alert_id,
        "match_id": run_id,
        "timestamp": alert.timestamp,
        "match_time": alert.match_time,
        "severity_score": alert.severity_score,
        "severity_label": alert.severity_label,
        "category": alert.category,
        "decision_type": alert.decision_type,
        "trigger_metric": alert.trigger_metric,
        "recommended_action": alert.recommended_action,
        "status": alert.status,
        "action": alert.action,
        "review_countdown": alert.review_countdown,
        "category_trigger_count": alert.category_trigger_count,
        "feedback": "none",
        "decision_effective": None,
        "decision_failed": None,
        "escalation_after_dismiss": None,
        **dict(alert.context),
    }


def write_tracks(positions: Path, target: Path) -> int:
    """Write the stored positions as a table, one row a seen person or ball and analysed frame; returns the rows.

    Columns are TRACK_COLUMNS: `frame` counts decoded frames from 0, the box is top-left and size in source pixels,
    x_m and y_m are metres in the pitch frame; an unknown value is empty. The ball has role "ball" and no track; one that
    was bridged between two sightings has no confidence.
    """
    rows = 0
    with target.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(TRACK_COLUMNS)
        for seen in PositionsReader(positions):
            when = (seen.source_index, f"{seen.time_s:.3f}")
            for row in range(len(seen.track_ids)):
                writer.writerow(
                    (
                        *when,
                        int(seen.track_ids[row]),
                        _TEAMS.get(TeamCode(int(seen.teams[row])), ""),
                        _ROLES.get(Role(int(seen.roles[row])), ""),
                        *_box(seen.boxes[row]),
                        *(_number(value, 2) for value in seen.positions[row]),
                        _number(seen.scores[row], 3),
                    )
                )
                rows += 1
            if not math.isnan(float(seen.ball_box[0])):
                ball = (_number(value, 2) for value in seen.ball_position)
                writer.writerow((*when, "", "", "ball", *_box(seen.ball_box), *ball, _number(seen.ball_score, 3)))
                rows += 1
    return rows


def write_ball(positions: Path, target: Path) -> dict[str, int]:
    """Write the ball as a table, one row an analysed frame; returns how many frames it was in each state.

    Columns are BALL_COLUMNS: `frame` counts decoded frames from 0, `state` is seen, bridged (between two sightings at
    most half a second apart) or unknown, the box is top-left and size in source pixels, x_m and y_m are metres in the
    pitch frame, `height` is ground, or unknown where the path does not fit the ground; `reason` says why the ball or
    its place is unknown. What was not measured is empty.
    """
    frames = dict.fromkeys((_STATES[state] for state in (BallState.SEEN, BallState.BRIDGED, BallState.UNKNOWN)), 0)
    with target.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(BALL_COLUMNS)
        for seen in PositionsReader(positions):
            state = _STATES[seen.ball_state]
            frames[state] += 1
            writer.writerow(
                (
                    seen.source_index,
                    f"{seen.time_s:.3f}",
                    state,
                    *_box(seen.ball_box),
                    _number(seen.ball_score, 3),
                    *(_number(value, 2) for value in seen.ball_position),
                    "ground" if seen.ball_on_ground else "unknown",
                    seen.ball_reason.words,
                )
            )
    return frames


def _box(box: Any) -> tuple[str, str, str, str]:
    if math.isnan(float(box[0])):
        return "", "", "", ""
    x1, y1, x2, y2 = (float(value) for value in box)
    return f"{x1:.1f}", f"{y1:.1f}", f"{x2 - x1:.1f}", f"{y2 - y1:.1f}"


def _number(value: Any, digits: int) -> str:
    number = float(value)
    return "" if math.isnan(number) else f"{number:.{digits}f}"
