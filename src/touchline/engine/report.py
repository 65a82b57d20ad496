"""The JSON files a run leaves behind: possession, advisory, statistics, tracking. Shapes: `contract/realtime` §8.

A file appears under its name only when it is complete. Unknown values are left out or null, never 0.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from touchline.engine.positions import PositionsReader
from touchline.engine.tactics.summary import MatchSummary, TeamSummary
from touchline.engine.types import Metric, Observation
from touchline.football.vocabulary import Role, TeamCode

_TEAM_NAMES: Mapping[TeamCode, str] = {TeamCode.A: "Team A", TeamCode.B: "Team B"}
_TEAM_KEYS: Mapping[TeamCode, str] = {TeamCode.A: "team_a", TeamCode.B: "team_b"}


def write_possession(path: Path, summary: MatchSummary) -> None:
    """Possession shares, ball detection rate, and every change of possession."""
    shares = {
        _TEAM_KEYS[team]: round(found.possession_pct, 1)
        for team, found in summary.teams.items()
        if found.possession_pct is not None
    }
    kinds = [event.event_type for event in summary.events]
    statistics: dict[str, Any] = {
        "ball_detection_rate": round(summary.ball_detection_pct, 1),
        "total_events": len(kinds),
        "interceptions": kinds.count("interception"),
        "tackles": kinds.count("tackle"),
    }
    if summary.possession_known_pct is not None:
        statistics["possession_known_pct"] = round(summary.possession_known_pct, 1)
    document: dict[str, Any] = {
        "possession_percentage": shares,
        "statistics": statistics,
        "events": [
            {
                "event_type": event.event_type,
                "from_team": _TEAM_NAMES[event.from_team],
                "to_team": _TEAM_NAMES[event.to_team],
                "timestamp": round(event.time_s, 2),
                "distance": round(event.distance_m, 2),
            }
            for event in summary.events
        ],
    }
    if not shares:
        document["reason"] = summary.uncalibrated_reason or "possession was known for too little of the play"
    _write_json(path, document)


def write_advisory(path: Path, summary: MatchSummary) -> None:
    """Advice per alert as it rose, and a last entry for the whole run."""
    _write_json(path, {"advisories": [dict(advisory) for advisory in summary.advisories]})


def write_statistics(path: Path, summary: MatchSummary) -> None:
    """Match statistics of both teams; what this engine cannot measure yet is null with the reason beside it."""
    document: dict[str, Any] = {
        "windows": summary.windows,
        "duration_s": round(summary.duration_s, 2),
        "reference_set": summary.reference_set,
        "engine_version": summary.engine_version,
        "illustrative": summary.illustrative,
        "direction_source": summary.direction_source,
        "calibration_reason": summary.uncalibrated_reason,
        "possession_known_pct": _rounded(summary.possession_known_pct),
    }
    for team, found in summary.teams.items():
        document[_TEAM_KEYS[team]] = _team_statistics(found)
    document["quality"] = {
        _TEAM_KEYS[team]: {name: _record(metric) for name, metric in found.metrics.items()}
        for team, found in summary.teams.items()
    }
    _write_json(path, document)


def write_tracking(path: Path, reader: PositionsReader) -> None:
    """Every analysed frame with its people and ball, written frame by frame."""
    header = {
        "format_version": 1,
        "rate_hz": reader.header["rate_hz"],
        "frame_of_reference": reader.header["frame_of_reference"],
        "units": {"box": "source pixels x1 y1 x2 y2", "x": "metres", "y": "metres", "time_s": "seconds"},
    }
    tracks = [_track(int(track), reader.final_label(int(track))) for track in reader.track_ids]
    with _complete(path) as file:
        file.write(json.dumps(header, allow_nan=False)[:-1])
        file.write(f', "tracks": {json.dumps(tracks, allow_nan=False)}, "frames": [')
        for index, observation in enumerate(reader):
            file.write(",\n" if index else "\n")
            file.write(json.dumps(_frame(observation), allow_nan=False, separators=(",", ":")))
        file.write("\n]}\n")


def _team_statistics(team: TeamSummary) -> dict[str, Any]:
    def value(name: str, decimals: int = 2) -> float | None:
        metric = team.metrics.get(name)
        return None if metric is None else _rounded(metric.value, decimals)

    pressures = value("pressing_intensity")
    statistics: dict[str, Any] = {
        "possession_percentage": _rounded(team.possession_pct, 1),
        "pressures": None if pressures is None else round(pressures),
        "pressing_rate_per_min": value("pressing_rate", 1),
        "avg_speed_mps": value("avg_speed"),
        "width_m": value("width"),
        "compactness_m": value("compactness"),
        "defensive_line_height_m": value("defensive_line"),
        "threat": value("threat_for", 3),
        "threat_conceded": value("threat_against", 3),
        "defensive_block_patterns": None,
        "transition_speed_data": None,
        "high_turnover_zones_data": None if team.regain_zones is None else dict(team.regain_zones),
        "final_third_entries": None if team.entries is None else dict(team.entries),
    }
    line = value("defensive_line_oop")
    if line is not None:
        statistics["defensive_block_patterns"] = {"defensive_line_height_m": line}
    forward, back = value("def_to_atk"), value("atk_to_def")
    if forward is not None or back is not None:
        statistics["transition_speed_data"] = {"def_to_atk_mps": forward, "atk_to_def_mps": back}
    return statistics


def _frame(observation: Observation) -> dict[str, Any]:
    people = [
        {
            "id": int(observation.track_ids[row]),
            **_names(int(observation.teams[row]), int(observation.roles[row])),
            "box": [_rounded(float(value), 1) for value in observation.boxes[row]],
            "confidence": _rounded(float(observation.scores[row]), 3),
            "x": _rounded(float(observation.positions[row, 0])),
            "y": _rounded(float(observation.positions[row, 1])),
        }
        for row in range(len(observation.track_ids))
    ]
    return {
        "frame": int(observation.source_index),
        "time_s": round(float(observation.time_s), 3),
        "players": people,
        "ball": _ball(observation),
    }


def _ball(observation: Observation) -> dict[str, Any] | None:
    if not np.isfinite(observation.ball_score):
        return None
    return {
        "box": [_rounded(float(value), 1) for value in observation.ball_box],
        "confidence": _rounded(float(observation.ball_score), 3),
        "x": _rounded(float(observation.ball_position[0])),
        "y": _rounded(float(observation.ball_position[1])),
    }


def _track(track: int, label: tuple[int, int]) -> dict[str, Any]:
    return {"id": track, **_names(*label)}


def _names(team: int, role: int) -> dict[str, str | None]:
    is_known = team in {TeamCode.A, TeamCode.B}
    return {"team": TeamCode(team).name if is_known else None, "role": Role(role).name.lower()}


def _record(metric: Metric) -> dict[str, Any]:
    return {"value": _rounded(metric.value, 4), "n": metric.n, "q": _rounded(metric.q, 3), "reason": metric.reason}


def _rounded(value: float | None, decimals: int = 2) -> float | None:
    if value is None or not np.isfinite(value):
        return None
    return round(float(value), decimals)


def _write_json(path: Path, document: Mapping[str, Any]) -> None:
    with _complete(path) as file:
        json.dump(document, file, ensure_ascii=False, allow_nan=False, indent=1)
        file.write("\n")


@contextmanager
def _complete(path: Path) -> Iterator[TextIO]:
    """A file that takes its name only once it is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.part")
    with partial.open("w", encoding="utf-8") as file:
        yield file
    partial.replace(path)
