"""The story of a window in up to four kinds of sentence; each is dropped when its inputs were not measured.

Balance, strongest deviation of each team, cause and effect, outlook: alert specification §7. Sentences carry key and
parameters, so that they can be told again in another language.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from touchline.engine.alerting.norms import TeamNorms
from touchline.engine.alerting.severity import TeamSeverity
from touchline.engine.alerting.window import TeamWindow
from touchline.engine.alerting.words import quantity, reason_key, team_key, usual_quantity
from touchline.football.texts import sentence

_NOTABLE_DEVIATION_M = 2.0
_NOTABLE_ENTRIES = 2
_CALM_BELOW = 0.35
_SEEN_ENOUGH = 0.5


@dataclass(frozen=True)
class Sentence:
    """A text key with its parameters."""

    text_key: str
    params: Mapping[str, Any]


@dataclass(frozen=True)
class TeamView:
    """One team's window, its risk and its norms before the window."""

    window: TeamWindow
    severity: TeamSeverity
    norms: TeamNorms


@dataclass(frozen=True)
class Balance:
    """Ball shares 0..100 or None, the share of live time in which they are known, and the third that saw most play."""

    share_a: float | None
    share_b: float | None
    known: float
    third: str | None


def narrate(views: Sequence[TeamView], balance: Balance) -> list[Sentence]:
    """The sentences of a window, in telling order."""
    told: list[Sentence] = []
    if balance.share_a is not None and balance.share_b is not None:
        third = None if balance.third is None else f"@third.{balance.third}"
        params = {"pa": balance.share_a, "pb": balance.share_b, "known": 100 * balance.known, "third": third}
        told.append(Sentence("narrative.balance", params))
    told += [found for view in views if (found := _deviation(view)) is not None]
    told += [found for view in views if (found := _effect(view)) is not None][:1]
    return told + _outlook(views)


def tell(sentences: Sequence[Sentence], language: str) -> str:
    """The sentences in one language, joined."""
    parts = (sentence(part.text_key, part.params, language=language) for part in sentences)
    return " ".join(part for part in parts if part)


def _deviation(view: TeamView) -> Sentence | None:
    """What stands out most: the strongest risk, else the block as it was."""
    window, top = view.window, view.severity.strongest
    if window.is_poor:
        return None
    if top is not None and top.lead.metric not in {"defensive_line_oop", "compactness_oop", "length_oop"}:
        lead = top.lead
        params = {
            "team": team_key(window.side),
            **quantity(lead.metric, lead.value),
            "usual": usual_quantity(lead.metric, view.norms.norm(lead.metric)),
        }
        return Sentence("narrative.deviation", params)
    return _block(view)


def _block(view: TeamView) -> Sentence | None:
    window, norms = view.window, view.norms
    line, spread = window.value("defensive_line_oop"), window.value("compactness_oop")
    if line is None:
        return _shape(view)
    line_norm, spread_norm = norms.norm("defensive_line_oop"), norms.norm("compactness_oop")
    delta = None if line_norm is None else line - line_norm.value
    is_notable = delta is not None and abs(delta) >= _NOTABLE_DEVIATION_M
    word = None
    if spread is not None and spread_norm is not None:
        word = "@word.compact" if spread <= spread_norm.value else "@word.loose"
    params = {
        "team": team_key(window.side),
        "line": line,
        "delta": abs(delta) if delta is not None and is_notable else None,
        "direction": None if not is_notable else ("@word.deeper" if (delta or 0) < 0 else "@word.higher"),
        "spread": word,
        "stretch": spread,
    }
    return Sentence("narrative.block", params)


def _shape(view: TeamView) -> Sentence | None:
    """The team as it stood, with and without the ball, where defending was not seen apart."""
    window = view.window
    if window.value("width") is None:
        return None
    params = {
        "team": team_key(window.side),
        "line": window.value("defensive_line"),
        "width": window.value("width"),
        "stretch": window.value("compactness"),
    }
    return Sentence("narrative.shape", params)


def _effect(view: TeamView) -> Sentence | None:
    """Entries into the final third with their main channel, else balls won back."""
    window = view.window
    if window.is_poor or window.entries is None:
        return None
    total = sum(window.entries.values())
    if total >= _NOTABLE_ENTRIES:
        channel, count = max(window.entries.items(), key=lambda item: item[1])
        params = {"opp": team_key(window.side), "n": total, "k": count, "side": f"@side.{channel}"}
        return Sentence("narrative.entries", params)
    regains = window.value("regains")
    if regains is not None and regains >= _NOTABLE_ENTRIES:
        return Sentence("narrative.regains", {"team": team_key(window.side), "n": regains})
    return None


def _outlook(views: Sequence[TeamView]) -> list[Sentence]:
    if all(view.severity.score is None for view in views):
        reason = next((view.severity.reason for view in views if view.severity.reason), None)
        blind = {} if reason is None else {"reason": f"@{reason_key(_root_reason(views, reason))}"}
        is_seen = blind and all(view.window.value("width") is not None for view in views)
        return [Sentence("narrative.no_risk" if is_seen else "narrative.blind", blind)]
    told: list[Sentence] = []
    for view in views:
        severity, team = view.severity, team_key(view.window.side)
        if severity.score is None:
            told.append(_unjudged(view))
        elif severity.score >= _CALM_BELOW and severity.strongest is not None and severity.label is not None:
            params = {
                "team": team,
                "label": f"@risk.{severity.label.value}",
                "component": f"@component.{severity.strongest.name}",
            }
            told.append(Sentence("narrative.risk", params))
    return told or [Sentence("narrative.calm", {})]


def _unjudged(view: TeamView) -> Sentence:
    """Why one team has no risk: hardly seen, or seen but not in the phases that risk is judged by."""
    window, team = view.window, team_key(view.window.side)
    if window.value("width_oop") is None and window.value("width") is not None:
        reason = window.reason("width_oop")
    elif view.severity.reason and window.seen_share >= _SEEN_ENOUGH:
        reason = view.severity.reason
    else:
        return Sentence("narrative.unseen", {"team": team, "cov": 100 * window.seen_share})
    return Sentence("narrative.unjudged", {"team": team, "reason": f"@{reason_key(reason)}"})


def _root_reason(views: Sequence[TeamView], reason: str) -> str:
    """The plainest cause: why the shape itself is missing, before any talk of components."""
    for view in views:
        for metric in ("width", "defensive_line", "width_oop"):
            if view.window.value(metric) is None:
                return view.window.reason(metric)
    return reason
