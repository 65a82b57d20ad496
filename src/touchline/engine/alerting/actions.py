"""What to do: the numbers that the advice of an alert or of a risk component prints. Words: the catalogue of texts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from touchline.engine.alerting.norms import TeamNorms
from touchline.engine.alerting.severity import TeamSeverity
from touchline.engine.alerting.window import TeamWindow
from touchline.engine.alerting.words import team_key

_MAX_STEP_M = 10.0


@dataclass(frozen=True)
class Situation:
    """One team's window as the rules read it. `context` 0..1: how dangerous the moment is."""

    window: TeamWindow
    severity: TeamSeverity
    norms: TeamNorms
    context: float


def action_key(code: str) -> str:
    """Key of the action text of an alert code, or of the advice that a risk component names."""
    return f"action.{code}"


def action_params(code: str, situation: Situation) -> dict[str, Any]:
    """Parameters of that text; what was not measured is None and shortens the sentence."""
    return {"us": team_key(situation.window.side), **_PARAMS[code](situation)}


def _norm(situation: Situation, metric: str) -> float | None:
    found = situation.norms.norm(metric)
    return None if found is None else found.value


def _line_params(situation: Situation) -> dict[str, Any]:
    line, norm = situation.window.value("defensive_line_oop"), _norm(situation, "defensive_line_oop")
    if line is None or norm is None or norm - line < 1:
        return {"line": line}
    return {"line": line, "norm": norm, "delta": min(norm - line, _MAX_STEP_M)}


def _high_line_params(situation: Situation) -> dict[str, Any]:
    line, norm = situation.window.value("defensive_line_oop"), _norm(situation, "defensive_line_oop")
    drop = None if line is None or norm is None else min(max(line - norm, 1.0), _MAX_STEP_M)
    rate = situation.window.value("pressing_rate")
    return {"line": line, "rate": rate, "norm": _norm(situation, "pressing_rate"), "delta": drop}


def _gap_params(situation: Situation) -> dict[str, Any]:
    gap, gap_norm = situation.window.value("gap_def_mid"), _norm(situation, "gap_def_mid")
    level = situation.norms.reference.levels["C1.gap"]
    if gap is not None and gap_norm is not None and level.entered(gap):
        return {"gap": gap, "norm": gap_norm, "delta": min(max(gap - gap_norm, 1.0), _MAX_STEP_M)}
    return {"spread": situation.window.value("compactness_oop"), "norm": _norm(situation, "compactness_oop")}


def _length_params(situation: Situation) -> dict[str, Any]:
    length, norm = situation.window.value("length_oop"), _norm(situation, "length_oop")
    delta = None if length is None or norm is None else min(max(length - norm, 1.0), _MAX_STEP_M)
    return {"length": length, "norm": norm, "delta": delta}


def _simple(slot: str, metric: str) -> Callable[[Situation], dict[str, Any]]:
    return lambda situation: {slot: situation.window.value(metric), "norm": _norm(situation, metric)}


def _siege_params(situation: Situation) -> dict[str, Any]:
    return {"seconds": situation.window.value("siege_s"), "span": situation.window.scale * 60}


def _work_params(situation: Situation) -> dict[str, Any]:
    speed, norm = situation.window.value("avg_speed"), _norm(situation, "avg_speed")
    return {"percent": None if speed is None or not norm else 100 * speed / norm}


_PARAMS: Mapping[str, Callable[[Situation], dict[str, Any]]] = {
    "D1": _line_params,
    "D2": _high_line_params,
    "C1": _gap_params,
    "C2": _length_params,
    "W1": _simple("width", "width_oop"),
    "W2": _simple("width", "width_ip"),
    "P1": _simple("rate", "pressing_rate"),
    "S1": _siege_params,
    "S3": _simple("threat", "threat_against"),
    "T2": _simple("speed", "atk_to_def"),
    "X0": _work_params,
}
